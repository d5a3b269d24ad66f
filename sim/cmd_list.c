/*
 * cmd_list.c - `vhpcsim list`: the names that a scenario can use, with what each is where one list
 * is asked for.
 */
#include "command.h"
#include "command_line.h"
#include "sim/engine/engine.h"
#include "sim/input/field_describe.h"
#include "sim/input/key_index.h"
#include "sim/input/profile_document.h"
#include "sim/result/wrap.h"
#include "sim/workload/workload.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { MAX_WHATS = 8 };

struct request {
    const char *program;
    const char *what; /* NULL: everything */
    int code;         /* exit status so far */
};

/* What is listed under one heading; all in the arena, or of static duration. */
struct listing {
    struct arena arena;
    struct listed {
        const char *name;
        const char *text; /* NULL: names alone are wanted */
    } * rows;
    size_t n;
};

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    if (request->what)
        argp_error(state, "more than one thing to list given");
    request->what = word;
    return 0;
}

static const char doc[] =
    "Lists what a scenario can name: profiles (nodes, links, mpi, technologies), workloads and "
    "engines; all of it unless one is given, profiles by their names alone. WHAT may also be "
    "\"keys\": every key of every document.";

/* Room for `n` rows; the listing stays empty without memory. */
static void make_room(struct listing *listing, size_t n)
{
    listing->rows = arena_alloc(&listing->arena, (n + 1) * sizeof *listing->rows);
}

static void add_row(struct listing *listing, const char *name, const char *text)
{
    if (listing->rows)
        listing->rows[listing->n++] = (struct listed){name, text};
}

/* The title that a profile gives itself. A shipped profile that is broken is told on stderr. */
static const char *title_of(struct request *request, struct arena *arena,
                            const struct document_kind *kind, const char *name)
{
    const char *text = "(broken: see the messages)";
    struct diagnostics *diagnostics = diagnostics_new();
    struct profile *profile = NULL;
    const int error =
        diagnostics ? profile_read_shipped(kind, name, diagnostics, &profile) : -ENOMEM;
    if (error) {
        request->code = EXIT_INVALID_INPUT;
    } else {
        const struct field *field = field_find(kind->fields, "title");
        const char *title = *(char *const *)((const char *)profile->values + field->offset);
        text = arena_copy(arena, title, strlen(title));
    }
    if (diagnostics)
        diagnostics_print(diagnostics, stderr, 0);
    profile_free(profile);
    diagnostics_free(diagnostics);
    return text;
}

static void add_profiles(struct request *request, struct listing *listing,
                         const struct document_kind *kind, bool with_titles)
{
    const char *const *names;
    const int n = document_list_shipped(&listing->arena, kind, &names);
    if (n < 0) {
        fprintf(stderr, "%s: cannot list the %s profiles: %s\n", request->program, kind->name,
                strerror(-n));
        request->code = EXIT_CANNOT_READ;
        return;
    }
    make_room(listing, (size_t)n);
    for (int i = 0; i < n; i++)
        add_row(listing, names[i],
                with_titles ? title_of(request, &listing->arena, kind, names[i]) : NULL);
}

static void add_workloads(struct listing *listing)
{
    size_t n = 0;
    while (workloads[n])
        n++;
    make_room(listing, n);
    for (size_t i = 0; i < n; i++)
        add_row(listing, workloads[i]->name, workloads[i]->help);
}

static void add_engines(struct listing *listing)
{
    size_t n = 0;
    while (engines[n])
        n++;
    make_room(listing, n);
    for (size_t i = 0; i < n; i++)
        add_row(listing, engines[i]->name, engines[i]->help);
}

static void add_keys(struct listing *listing)
{
    struct key_index index;
    if (key_index_init(&index, &listing->arena) != 0)
        return;
    make_room(listing, index.n);
    for (size_t i = 0; i < index.n; i++)
        add_row(listing, index.entries[i].path, index.entries[i].field->help);
}

static int longest_name(const struct listing *listing)
{
    size_t longest = 0;
    for (size_t i = 0; i < listing->n; i++)
        if (strlen(listing->rows[i].name) > longest)
            longest = strlen(listing->rows[i].name);
    return (int)longest;
}

/* A name and its text on each line; the text's further lines, where it is wider than `width`, stand
 * below its first. */
static void print_texts(const struct listing *listing, int width)
{
    const int indent = longest_name(listing) + 1;
    for (size_t i = 0; i < listing->n; i++) {
        printf("%-*s", indent, listing->rows[i].name);
        wrap_print(listing->rows[i].text, indent, width, stdout);
    }
}

/* Names alone, in columns, each from top to bottom. */
static void print_names(const struct listing *listing)
{
    const int gap = 2;
    const int width = longest_name(listing) + gap;
    const size_t n_columns = width < WRAP_WIDTH ? (size_t)((WRAP_WIDTH + gap) / width) : 1;
    const size_t n_rows = (listing->n + n_columns - 1) / n_columns;
    for (size_t row = 0; row < n_rows; row++)
        for (size_t i = row; i < listing->n; i += n_rows) {
            const bool is_last = i + n_rows >= listing->n;
            printf("%-*s%s", is_last ? 0 : width, listing->rows[i].name, is_last ? "\n" : "");
        }
}

/* Prints one list under its heading. `kind` is of profiles, NULL for the others. */
static void print_list(struct request *request, const char *heading,
                       const struct document_kind *kind)
{
    struct listing listing = {0};
    const bool is_keys = strcmp(heading, "keys") == 0;
    if (kind)
        add_profiles(request, &listing, kind, request->what != NULL);
    else if (strcmp(heading, "workloads") == 0)
        add_workloads(&listing);
    else if (is_keys)
        add_keys(&listing);
    else
        add_engines(&listing);
    if (listing.arena.failed) {
        fprintf(stderr, "%s: %s\n", request->program, strerror(ENOMEM));
        request->code = EXIT_OUR_BUG;
    } else {
        puts(heading);
        if (kind && !request->what)
            print_names(&listing);
        else /* scripts want a line a key, and paths leave little room for texts */
            print_texts(&listing, is_keys ? INT_MAX : wrap_width_of(stdout));
    }
    arena_release(&listing.arena);
}

/* What can be asked for; the process ends when it is something else. */
static void check_what(const struct request *request)
{
    const char *whats[MAX_WHATS] = {"profiles", "workloads", "engines", "keys"};
    size_t n = 4;
    for (const struct document_kind *kind = document_kinds; kind->name; kind++)
        if (kind->folder)
            whats[n++] = kind->folder;
    for (size_t i = 0; i < n; i++)
        if (!request->what || strcmp(request->what, whats[i]) == 0)
            return;
    command_line_unknown(request->program, "list", request->what, n, whats);
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {NULL, parse_word, "[WHAT]", doc, NULL, NULL, NULL};
    struct request request = {.program = argv[0], .code = EXIT_DONE};
    command_line_parse(&argp, 0, argc, argv, &request);
    check_what(&request);

    const char *what = request.what;
    const char *between = "";
    for (const struct document_kind *kind = document_kinds; kind->name; kind++) {
        const bool is_profile = kind->folder != NULL;
        if (is_profile &&
            (!what || strcmp(what, "profiles") == 0 || strcmp(what, kind->folder) == 0)) {
            fputs(between, stdout);
            print_list(&request, kind->folder, kind);
            between = "\n";
        }
    }
    static const char *const others[] = {"workloads", "engines", "keys"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (what ? strcmp(what, others[i]) == 0 : strcmp(others[i], "keys") != 0) {
            fputs(between, stdout);
            print_list(&request, others[i], NULL);
            between = "\n";
        }
    if (!what)
        puts("\n`vhpcsim list nodes` (links, mpi, technologies) tells what each is, `vhpcsim "
             "explain`\nNAME everything of one.");
    return request.code;
}

const struct command command_list = {"list", "list profiles, workloads and engines", run};
