/*
 * cmd_explain.c - `vhpcsim explain`: what a key, a workload or a shipped profile is.
 */
#include "command.h"
#include "command_line.h"
#include "explain_collectives.h"
#include "explain_profile.h"
#include "models/collective.h"
#include "sim/input/field_describe.h"
#include "sim/input/key_index.h"
#include "sim/input/profile_document.h"
#include "sim/input/unit.h"
#include "sim/result/grid.h"
#include "sim/result/wrap.h"
#include "sim/workload/workload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_PATH_B = 256 };

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    const char **asked = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (*asked)
            argp_error(state, "more than one key given");
        *asked = word;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "no key given, such as cluster.node.memory, hpl.nb or kvm-77-e1000");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char doc[] =
    "Explains KEY: a key of a scenario (cluster.node.memory), of a kind of profile "
    "(technology.backend.packet), of a workload (hpl.nb), the last part of one (packet), a "
    "workload, "
    "a kind of document, a shipped profile with its values and their sources, or an MPI library's "
    "decision tables for collectives (open-mpi-4.1).";

/* --- keys -------------------------------------------------------------------- */

static void print_units(const struct field *field)
{
    const char *unit = dimension_unit(field->dimension, 0);
    printf("  units    ");
    for (int i = 0; unit; unit = dimension_unit(field->dimension, ++i))
        printf("%s%s", i > 0 ? ", " : "", unit);
    printf("\n");
}

static void print_default(const struct field *field)
{
    if (!field->fallback)
        printf("  default  none: it must be given\n");
    else if (field->fallback[0] == '@')
        printf("  default  what %s is\n", field->fallback + 1);
    else
        printf("  default  %s\n", field->fallback[0] != '\0' ? field->fallback : "empty");
}

static void print_leaf(const struct field *field)
{
    char text[FIELD_TEXT_B];
    const bool has_unit = (field->kind == FIELD_QUANTITY || field->kind == FIELD_PARAMETER) &&
                          field->dimension != DIMENSION_NONE;
    field_describe_kind(field, text);
    printf("  kind     %s\n", text);
    field_describe_range(field, text);
    if (text[0] != '\0')
        printf("  range    %s\n", text);
    if (has_unit)
        print_units(field);
    print_default(field);
    field_describe_example(field, text);
    if (text[0] != '\0')
        printf("  example  %s: %s\n", field->key, text);
    if (field->kind == FIELD_PARAMETER)
        printf("           or {value, ci95: [LOW, HIGH], source, valid: [LOW, HIGH]}; valid is a "
               "%s\n",
               dimension_name(field->valid_dimension));
}

static void add_row(const struct key_entry *entry, void *user)
{
    struct grid *grid = user;
    grid_row(grid);
    grid_cell(grid, "  %s", entry->key);
    grid_cell(grid, "%s", entry->field->help);
}

static int print_below(const struct key_index *index, const char *path)
{
    struct grid grid;
    grid_init(&grid);
    grid_column(&grid, "  key", GRID_LEFT);
    grid_column(&grid, "", GRID_LEFT);
    key_index_each_below(index, path, add_row, &grid);
    const int error = grid_print(&grid, stdout);
    grid_release(&grid);
    return error;
}

static int print_entry(const struct key_index *index, const struct key_entry *entry)
{
    const struct field *field = entry->field;
    printf("%s\n  %s\n", entry->path, field->help);
    if (field->kind == FIELD_VARIANT) {
        printf("  Its keys are those of a workload: ");
        for (size_t i = 0; workloads[i]; i++)
            printf("%s%s", i > 0 ? ", " : "", workloads[i]->name);
        printf("\n");
        return 0;
    }
    if (field->kind != FIELD_GROUP)
        print_leaf(field);
    const bool has_more = document_fields_below(field) || field->kind == FIELD_VARIANTS ||
                          field->kind == FIELD_PIECES || field->kind == FIELD_LIST;
    return has_more ? print_below(index, entry->path) : 0;
}

/* True for a key of a workload, such as hpl.nb. */
static bool is_of_workload(const struct key_entry *entry)
{
    char first_part[32];
    snprintf(first_part, sizeof first_part, "%.*s", (int)strcspn(entry->path, "."), entry->path);
    return workload_by_name(first_part) != NULL;
}

/* True for rows that say the same: one row of a scenario and of its profile document, or rows that
 * two workloads share. */
static bool is_same_key(const struct key_entry *a, const struct key_entry *b)
{
    return a->field->kind == b->field->kind && strcmp(a->field->help, b->field->help) == 0;
}

/* All keys, or all of workloads, whose last part is `key`, one for each meaning. Returns how many,
 * or a negative errno. */
static int print_by_last_part(const struct key_index *index, const char *key, bool of_workloads)
{
    int n = 0;
    for (size_t i = 0; i < index->n; i++) {
        bool is_new = strcmp(index->entries[i].key, key) == 0 &&
                      (!of_workloads || is_of_workload(&index->entries[i]));
        for (size_t j = 0; j < i && is_new; j++)
            is_new = strcmp(index->entries[j].key, key) != 0 ||
                     !is_same_key(&index->entries[j], &index->entries[i]);
        if (!is_new)
            continue;
        printf("%s", n++ > 0 ? "\n" : "");
        const int error = print_entry(index, &index->entries[i]);
        if (error)
            return error;
    }
    return n;
}

/* --- what was asked ---------------------------------------------------------- */

enum { TEXT_INDENT = 2 };

/* What a workload does, paragraph by paragraph, before its keys. */
static int explain_workload(const struct key_index *index, const struct workload *workload)
{
    const int width = wrap_width_of(stdout);
    printf("%s\n%*s", workload->name, TEXT_INDENT, "");
    wrap_print(workload->help, TEXT_INDENT, width, stdout);
    for (const char *at = workload->about; *at != '\0';) {
        const size_t length = strcspn(at, "\n");
        char *paragraph = strndup(at, length);
        if (!paragraph)
            return -ENOMEM;
        printf("\n%*s", TEXT_INDENT, "");
        wrap_print(paragraph, TEXT_INDENT, width, stdout);
        free(paragraph);
        at += length + strspn(at + length, "\n");
    }
    printf("\n");
    return print_below(index, workload->name);
}

/* A kind of document, whose keys are listed. */
static int explain_kind(const struct key_index *index, const struct document_kind *kind)
{
    printf("%s\n  %s\n", kind->name, kind->help);
    return print_below(index, kind->name);
}

/* What follows "workload." in `asked`, as a scenario's path has it; NULL where nothing does. */
static const char *behind_workload(const char *asked)
{
    static const char prefix[] = "workload.";
    const bool is_path = strncmp(asked, prefix, strlen(prefix)) == 0;
    return is_path ? asked + strlen(prefix) : NULL;
}

/* The key that `inner` leads to in some workload: phases.bag.tasks is a key of patterns. */
static const struct key_entry *find_in_workloads(const struct key_index *index, const char *inner)
{
    char path[KEY_PATH_B];
    for (size_t i = 0; workloads[i]; i++) {
        snprintf(path, sizeof path, "%s.%s", workloads[i]->name, inner);
        const struct key_entry *entry = key_index_find(index, path);
        if (entry)
            return entry;
    }
    return NULL;
}

/* Returns 0, -ENOENT where nothing has the name, or another negative errno. */
static int explain(const struct key_index *index, const char *asked)
{
    const struct key_entry *entry = key_index_find(index, asked);
    if (entry)
        return print_entry(index, entry);
    const char *inner = behind_workload(asked);
    const char *name = inner ? inner : asked;
    const struct workload *workload = workload_by_name(name);
    if (workload)
        return explain_workload(index, workload);
    entry = inner ? key_index_find(index, inner) : NULL;
    if (entry && is_of_workload(entry))
        return print_entry(index, entry);
    /* A single key is asked for with all its meanings: see print_by_last_part(). */
    entry = inner && strchr(inner, '.') ? find_in_workloads(index, inner) : NULL;
    if (entry)
        return print_entry(index, entry);
    const struct document_kind *kind = document_kind_by_name(asked);
    if (kind && kind != document_kinds)
        return explain_kind(index, kind);
    const int found = print_by_last_part(index, name, inner != NULL);
    if (found != 0)
        return found < 0 ? found : 0;
    const int error = explain_collectives(asked);
    return error == -ENOENT ? explain_profile(asked) : error;
}

/* A growing list of what may have been meant; without memory it stays as long as it is. */
struct words {
    struct arena *arena;
    const char **known;
    size_t n, n_room;
};

static void add_word(struct words *words, const char *word)
{
    if (words->n == words->n_room) {
        const size_t n_room = words->n_room > 0 ? 2 * words->n_room : 256;
        const char **grown = arena_alloc(words->arena, n_room * sizeof *grown);
        if (!grown)
            return;
        if (words->n > 0)
            memcpy(grown, words->known, words->n * sizeof *grown);
        words->known = grown;
        words->n_room = n_room;
    }
    words->known[words->n++] = word;
}

static void add_profile_names(struct words *words, const struct document_kind *kind)
{
    const char *const *names;
    const int n = kind->folder ? document_list_shipped(words->arena, kind, &names) : 0;
    for (int i = 0; i < n; i++)
        add_word(words, names[i]);
}

/* Ends the process with what the word may have meant. */
static void refuse(struct arena *arena, const struct key_index *index, const char *program,
                   const char *asked)
{
    struct words words = {.arena = arena};
    for (size_t i = 0; workloads[i]; i++)
        add_word(&words, workloads[i]->name);
    for (const struct document_kind *kind = document_kinds; kind->name; kind++) {
        add_word(&words, kind->name);
        add_profile_names(&words, kind);
    }
    for (int i = 0; i < N_COLLECTIVE_LIBRARIES; i++)
        add_word(&words, collective_library_names[i]);
    for (size_t i = 0; i < index->n; i++) {
        add_word(&words, index->entries[i].path);
        add_word(&words, index->entries[i].key);
    }
    command_line_unknown(program, "key", asked, words.n, words.known);
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {NULL, parse_word, "KEY", doc, NULL, NULL, NULL};
    const char *asked = NULL;
    command_line_parse(&argp, 0, argc, argv, &asked);

    struct arena arena = {NULL, false};
    struct key_index index;
    int code = key_index_init(&index, &arena);
    if (code == 0)
        code = explain(&index, asked);
    if (code == -ENOENT)
        refuse(&arena, &index, argv[0], asked);
    if (code < 0) {
        fprintf(stderr, "%s: %s\n", argv[0], strerror(-code));
        code = EXIT_OUR_BUG;
    }
    arena_release(&arena);
    return code;
}

const struct command command_explain = {"explain", "explain a key, a workload or a profile", run};
