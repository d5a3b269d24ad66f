#include "journal.h"

#include "sim/input/hash.h"
#include "sim/input/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JOURNAL_SCHEMA "vhpcsim-journal/1"

enum { HASH_TEXT_B = 17 };

struct journal {
    int file; /* for appending */
    char program[HASH_TEXT_B];
    json_t *runs; /* array of the lines of this program */
    int n_of_others, n_broken;
    bool is_cut; /* the last line has no end */
};

/* A hash of the executable: its models are as good as part of the scenario. */
static int hash_program(char text[HASH_TEXT_B])
{
    char block[65536];
    uint64_t hash = hash_start;
    size_t n;
    FILE *program = fopen("/proc/self/exe", "rbe");
    if (program == NULL)
        return -errno;
    while ((n = fread(block, 1, sizeof block, program)) > 0)
        hash_add(&hash, block, n);
    const int error = ferror(program) ? -EIO : 0;
    fclose(program);
    snprintf(text, HASH_TEXT_B, "%016" PRIx64, hash);
    return error;
}

static const char *text_at(const json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));
    return text ? text : "";
}

static void take_line(struct journal *journal, const char *text, size_t length)
{
    json_t *line = json_loadb(text, length, 0, NULL);
    if (line == NULL || strcmp(text_at(line, "schema"), JOURNAL_SCHEMA) != 0)
        journal->n_broken++;
    else if (strcmp(text_at(line, "program"), journal->program) != 0)
        journal->n_of_others++;
    else
        json_array_append(journal->runs, line);
    json_decref(line);
}

static int read_lines(struct journal *journal, FILE *in)
{
    char *text = NULL;
    size_t room = 0;
    ssize_t length;
    errno = 0;
    while ((length = getline(&text, &room, in)) > 0) {
        take_line(journal, text, (size_t)length);
        journal->is_cut = text[length - 1] != '\n';
    }
    const int error = ferror(in) ? (errno ? -errno : -EIO) : 0;
    free(text);
    return error;
}

/* Whole lines, and none of them ours: to append here would spoil a file of the user's. */
static bool is_of_something_else(const struct journal *journal)
{
    return json_array_size(journal->runs) == 0 && journal->n_of_others == 0 &&
           journal->n_broken > (journal->is_cut ? 1 : 0);
}

static int read_journal(struct journal *journal, const char *path)
{
    struct stat status;
    if (fstat(journal->file, &status) != 0)
        return -errno;
    if (!S_ISREG(status.st_mode)) /* nothing comes back out of a pipe or a device */
        return S_ISDIR(status.st_mode) ? -EISDIR : -ENOTSUP;
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return -errno;
    const int error = read_lines(journal, in);
    fclose(in);
    return error == 0 && is_of_something_else(journal) ? -EILSEQ : error;
}

int journal_open(const char *path, struct journal **journal)
{
    struct journal *opened = calloc(1, sizeof *opened);
    int error = -ENOMEM;
    if (opened == NULL)
        return error;
    opened->runs = json_array();
    opened->file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0666);
    if (opened->file < 0)
        error = -errno;
    else if (opened->runs != NULL)
        error = hash_program(opened->program);
    if (error == 0)
        error = read_journal(opened, path);
    if (error == 0)
        *journal = opened;
    else
        journal_close(opened);
    return error;
}

void journal_close(struct journal *journal)
{
    if (journal == NULL)
        return;
    if (journal->file >= 0)
        close(journal->file);
    json_decref(journal->runs);
    free(journal);
}

void journal_count_skipped(const struct journal *journal, int *n_of_others, int *n_broken)
{
    *n_of_others = journal->n_of_others;
    *n_broken = journal->n_broken;
}

struct samples *journal_find(const struct journal *journal, const struct case_run *run,
                             bool is_explained)
{
    char hash[HASH_TEXT_B];
    case_run_hash(run, hash);
    for (size_t i = json_array_size(journal->runs); i-- > 0;) {
        const json_t *line = json_array_get(journal->runs, i);
        struct samples *samples =
            strcmp(text_at(line, "scenario"), hash) == 0
                ? samples_of_json(run->scenarios[0], json_object_get(line, "samples"))
                : NULL;
        if (samples && (samples->is_explained || !is_explained))
            return samples;
        samples_free(samples);
    }
    return NULL;
}

/* One write: another process that appends does not come between. */
static int write_line(struct journal *journal, const char *text)
{
    const size_t length = strlen(text);
    const ssize_t written = write(journal->file, text, length);
    if (written < 0)
        return -errno;
    if ((size_t)written < length)
        return -ENOSPC;
    journal->is_cut = false;
    return fsync(journal->file) == 0 ? 0 : -errno;
}

int journal_append(struct journal *journal, const struct case_run *run,
                   const struct samples *samples)
{
    const struct scenario *scenario = run->scenarios[0];
    char hash[HASH_TEXT_B];
    case_run_hash(run, hash);
    json_t *line = json_pack(
        "{s:s, s:s, s:s, s:I, s:i, s:s, s:o}", "schema", JOURNAL_SCHEMA, "program",
        journal->program, "scenario", hash, "seed", (json_int_t)scenario->run.seed, "replications",
        scenario->run.replications, "title", scenario->title, "samples", samples_json(samples));
    char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    char *whole = NULL;
    int error = -ENOMEM;
    if (text && asprintf(&whole, "%s%s\n", journal->is_cut ? "\n" : "", text) >= 0)
        error = write_line(journal, whole);
    free(whole);
    free(text);
    json_decref(line);
    return error;
}
