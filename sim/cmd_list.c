/*
 * cmd_list.c - `vhpcsim list`: the names that a scenario can use, with one line each.
 */
#include "command.h"
#include "command_line.h"
#include "sim/engine/engine.h"
#include "sim/input/field_describe.h"
#include "sim/input/key_index.h"
#include "sim/input/profile_document.h"
#include "sim/result/grid.h"
#include "sim/workload/workload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MAX_WHATS = 8 };

struct request {
    const char *program;
    const char *what; /* NULL: everything */
    int code;         /* exit status so far */
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

static const char doc[] = "Lists what a scenario can name: profiles (nodes, links, mpi, "
                          "technologies), workloads and engines; all of it unless one is given. "
                          "WHAT may also be \"keys\": every key of every document.";

static void add_row(struct grid *grid, const char *name, const char *help)
{
    grid_row(grid);
    grid_cell(grid, "%s", name);
    grid_cell(grid, "%s", help);
}

/* The title that a profile gives itself. A shipped profile that is broken is told on stderr. */
static void add_profile(struct request *request, struct grid *grid,
                        const struct document_kind *kind, const char *name)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct profile *profile = NULL;
    const int error =
        diagnostics ? profile_read_shipped(kind, name, diagnostics, &profile) : -ENOMEM;
    if (!error) {
        const struct field *title = field_find(kind->fields, "title");
        add_row(grid, name, *(char *const *)((const char *)profile->values + title->offset));
    } else {
        add_row(grid, name, "(broken: see the messages)");
        request->code = EXIT_INVALID_INPUT;
    }
    if (diagnostics)
        diagnostics_print(diagnostics, stderr, 0);
    profile_free(profile);
    diagnostics_free(diagnostics);
}

static void add_profiles(struct request *request, struct grid *grid,
                         const struct document_kind *kind)
{
    struct arena arena = {NULL, false};
    const char *const *names;
    const int n = document_list_shipped(&arena, kind, &names);
    if (n < 0) {
        fprintf(stderr, "%s: cannot list the %s profiles: %s\n", request->program, kind->name,
                strerror(-n));
        request->code = EXIT_CANNOT_READ;
    }
    for (int i = 0; i < n; i++)
        add_profile(request, grid, kind, names[i]);
    arena_release(&arena);
}

static void add_workloads(struct grid *grid)
{
    for (size_t i = 0; workloads[i]; i++)
        add_row(grid, workloads[i]->name, workloads[i]->help);
}

static void add_engines(struct grid *grid)
{
    for (size_t i = 0; engines[i]; i++)
        add_row(grid, engines[i]->name, engines[i]->help);
}

static void add_keys(struct request *request, struct grid *grid)
{
    struct arena arena = {NULL, false};
    struct key_index index;
    const int error = key_index_init(&index, &arena);
    if (error) {
        fprintf(stderr, "%s: %s\n", request->program, strerror(-error));
        request->code = EXIT_OUR_BUG;
    }
    for (size_t i = 0; !error && i < index.n; i++)
        add_row(grid, index.entries[i].path, index.entries[i].field->help);
    arena_release(&arena);
}

/* Prints one list under its heading. `kind` is of profiles, NULL for the others. */
static void print_list(struct request *request, const char *heading,
                       const struct document_kind *kind)
{
    struct grid grid;
    grid_init(&grid);
    grid_column(&grid, heading, GRID_LEFT);
    grid_column(&grid, "", GRID_LEFT);
    if (kind)
        add_profiles(request, &grid, kind);
    else if (strcmp(heading, "workloads") == 0)
        add_workloads(&grid);
    else if (strcmp(heading, "keys") == 0)
        add_keys(request, &grid);
    else
        add_engines(&grid);
    if (grid_print(&grid, stdout) != 0) {
        fprintf(stderr, "%s: %s\n", request->program, strerror(ENOMEM));
        request->code = EXIT_OUR_BUG;
    }
    grid_release(&grid);
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
    return request.code;
}

const struct command command_list = {"list", "list profiles, workloads and engines", run};
