#include "recorder.h"

#include "clock.h"

#include "calibration/raw/raw_build.h"
#include "calibration/raw/raw_read.h"
#include "calibration/raw/raw_write.h"
#include "sim/command.h"
#include "sim/config.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const double write_every_s = 1.0;

struct recorder {
    struct raw_writer *writer;
    struct raw *raw; /* NULL: the file is new; gets the cells that are added, no visits */
    struct history history;
    bool is_ended;
    int error;
    double written_s; /* when */
    pthread_mutex_t lock;
};

/* --- opening -------------------------------------------------------------------------------- */

static json_t *now_text(void)
{
    char text[40];
    const time_t now = time(NULL);
    struct tm utc;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    return json_string(text);
}

static void say(const char *doing, const char *path, int error)
{
    const char *why = error == -EBUSY     ? "another measurement is writing it"
                      : error == -EBADMSG ? "it is damaged"
                                          : strerror(-error);
    fprintf(stderr, "vhpc-measure: cannot %s %s: %s\n", doing, path, why);
}

/* Ranks that run where those of the last launch ran. */
static bool is_same_hosts(const json_t *a, const json_t *b)
{
    if (json_array_size(a) != json_array_size(b))
        return false;
    for (size_t i = 0; i < json_array_size(a); i++) {
        const json_t *left = json_array_get(a, i), *right = json_array_get(b, i);
        if (!json_equal(json_object_get(left, "host"), json_object_get(right, "host")) ||
            !json_equal(json_object_get(left, "domain"), json_object_get(right, "domain")))
            return false;
    }
    return true;
}

static bool has_ended(const struct raw_launch *launch)
{
    return launch->end &&
           (strcmp(launch->end, "converged") == 0 || strcmp(launch->end, "budget") == 0);
}

/* Whether anything is in the file that a launch has measured: surveys are written first, all at
 * once. */
static bool has_survey(const struct raw *raw, int launch)
{
    bool has = false;
    for (int i = 0; i < raw->n_thresholds && !has; i++)
        has = raw->thresholds[i].launch == launch;
    for (int i = 0; i < raw->n_detours && !has; i++)
        has = raw->detours[i].launch == launch;
    for (int i = 0; i < raw->n_visits && !has; i++)
        has = raw->visits[i].launch == launch;
    return has;
}

static struct history look_back(const struct raw *raw, const json_t *request, const json_t *ranks)
{
    struct history history = {.launch = raw->n_launches + 1};
    if (raw->n_launches == 0)
        return history;
    const struct raw_launch *last = &raw->launches[raw->n_launches - 1];
    if (has_ended(last) || !json_equal(json_object_get(last->text, "request"), request) ||
        !is_same_hosts(json_object_get(last->text, "ranks"), ranks))
        return history;
    history.launch = last->number;
    history.is_resumed = true;
    history.is_surveyed = has_survey(raw, last->number);
    for (int i = 0; i < raw->n_visits; i++) {
        if (raw->visits[i].launch != last->number)
            continue;
        history.spent_s = fmax(history.spent_s, raw->visits[i].at_s);
        history.block = raw->visits[i].block;
    }
    return history;
}

/* Reads what is there. Returns an exit status. */
static int read_file(struct recorder *recorder, const char *path)
{
    int error;
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics)
        abort();
    recorder->raw = raw_read(path, diagnostics, &error);
    diagnostics_print(diagnostics, stderr, isatty(STDERR_FILENO));
    diagnostics_free(diagnostics);
    if (recorder->raw)
        return EXIT_DONE;
    if (error == -EINVAL) {
        fprintf(stderr, "vhpc-measure: nothing was appended to %s\n", path);
        return EXIT_INVALID_INPUT;
    }
    say("read", path, error);
    return EXIT_CANNOT_READ;
}

/* A file has one seed: other sizes would be other cells. Returns an exit status. */
static int agree_on_seed(struct recorder *recorder, const char *path, bool has_seed,
                         unsigned long *seed)
{
    if (!recorder->raw) {
        recorder->raw = raw_new(path);
        raw_writer_line(recorder->writer,
                        json_pack("{s:s, s:s, s:o, s:I}", "schema", "vhpcsim-raw/1", "tool",
                                  "vhpc-measure " VHPCSIM_VERSION, "created", now_text(), "seed",
                                  (json_int_t)*seed));
        return EXIT_DONE;
    }
    const json_t *found = json_object_get(recorder->raw->head, "seed");
    const unsigned long file_seed = (unsigned long)json_integer_value(found);
    if (json_is_integer(found) && has_seed && file_seed != *seed) {
        fprintf(stderr,
                "vhpc-measure: %s was begun with --seed %lu: leave --seed out, or write to "
                "another file\n",
                path, file_seed);
        return EXIT_USAGE;
    }
    if (json_is_integer(found))
        *seed = file_seed;
    return EXIT_DONE;
}

struct recorder *recorder_open(const char *path, const json_t *request, const json_t *ranks,
                               bool has_seed, unsigned long *seed, int *status)
{
    int error;
    struct recorder *recorder = calloc(1, sizeof *recorder);
    if (!recorder)
        abort();
    pthread_mutex_init(&recorder->lock, NULL);
    recorder->writer = raw_writer_open(path, &error);
    *status = EXIT_DONE;
    if (!recorder->writer) {
        say("write", path, error);
        *status = EXIT_CANNOT_WRITE;
    }
    if (*status == EXIT_DONE && !raw_writer_is_new(recorder->writer))
        *status = read_file(recorder, path);
    if (*status == EXIT_DONE)
        *status = agree_on_seed(recorder, path, has_seed, seed);
    if (*status == EXIT_DONE) {
        recorder->history = look_back(recorder->raw, request, ranks);
        return recorder;
    }
    recorder_close(recorder); /* nothing was added */
    return NULL;
}

const struct history *recorder_history(const struct recorder *recorder)
{
    return &recorder->history;
}

const struct raw *recorder_raw(const struct recorder *recorder)
{
    return recorder->raw;
}

/* --- writing -------------------------------------------------------------------------------- */

static void write_now(struct recorder *recorder)
{
    const int error = raw_writer_flush(recorder->writer);
    if (error && !recorder->error)
        fprintf(stderr, "vhpc-measure: cannot write times: %s\n", strerror(-error));
    recorder->error = error;
    recorder->written_s = clock_now_s();
}

void recorder_line(struct recorder *recorder, json_t *line)
{
    json_object_set_new(line, "launch", json_integer(recorder->history.launch));
    pthread_mutex_lock(&recorder->lock);
    if (recorder->is_ended)
        json_decref(line);
    else
        raw_writer_line(recorder->writer, line);
    pthread_mutex_unlock(&recorder->lock);
}

void recorder_lines(struct recorder *recorder, const json_t *lines)
{
    for (size_t i = 0; i < json_array_size(lines); i++)
        recorder_line(recorder, json_copy(json_array_get(lines, i)));
}

void recorder_begin(struct recorder *recorder, json_t *more)
{
    const struct history *history = &recorder->history;
    if (history->is_resumed) {
        json_decref(more);
        recorder_line(recorder,
                      json_pack("{s:o, s:f}", "resumed", now_text(), "at_s", history->spent_s));
    } else {
        json_t *line = json_pack("{s:i, s:o}", "launch", history->launch, "started", now_text());
        json_object_update(line, more);
        json_decref(more);
        recorder_line(recorder, line);
    }
}

int recorder_cell(struct recorder *recorder, const struct raw_cell *cell)
{
    const int n = recorder->raw->n_cells;
    const int number = raw_cell_of(recorder->raw, cell);
    pthread_mutex_lock(&recorder->lock);
    if (recorder->raw->n_cells > n && !recorder->is_ended)
        raw_writer_cell(recorder->writer, &recorder->raw->cells[number]);
    pthread_mutex_unlock(&recorder->lock);
    return number;
}

void recorder_visit(struct recorder *recorder, struct raw_visit *visit)
{
    visit->launch = recorder->history.launch;
    pthread_mutex_lock(&recorder->lock);
    if (!recorder->is_ended)
        raw_writer_visit(recorder->writer, visit);
    pthread_mutex_unlock(&recorder->lock);
}

int recorder_write_if_due(struct recorder *recorder, double next_s)
{
    pthread_mutex_lock(&recorder->lock);
    if (!recorder->is_ended && clock_now_s() + next_s > recorder->written_s + write_every_s)
        write_now(recorder);
    const int error = recorder->error;
    pthread_mutex_unlock(&recorder->lock);
    return error;
}

void recorder_end(struct recorder *recorder, const char *how, double at_s, const char *reason)
{
    pthread_mutex_lock(&recorder->lock);
    if (!recorder->is_ended) {
        raw_writer_line(recorder->writer,
                        json_pack("{s:s, s:i, s:f, s:s}", "end", how, "launch",
                                  recorder->history.launch, "at_s", at_s, "text", reason));
        write_now(recorder);
        recorder->is_ended = true;
    }
    pthread_mutex_unlock(&recorder->lock);
}

int recorder_close(struct recorder *recorder)
{
    if (!recorder)
        return 0;
    const int error = raw_writer_close(recorder->writer);
    raw_free(recorder->raw);
    pthread_mutex_destroy(&recorder->lock);
    free(recorder);
    return error;
}
