/*
 * cmd_diff.c - `vhpcsim diff`: which parameters of a profile moved, and what that does to a
 * scenario.
 */
#include "calibration/fit/profile_change.h"
#include "command.h"
#include "command_changes.h"
#include "command_line.h"
#include "command_predict.h"
#include "command_profile.h"
#include "command_scenario.h"
#include "command_trouble.h"
#include "outputs.h"
#include "scenario_options.h"
#include "sim/result/comparison_print.h"
#include "sim/result/result_json.h"
#include "sim/result/table_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST, SECOND, N_SIDES };

enum { KEY_MARGIN = KEY_OF_COMMAND, KEY_SCENARIO, KEY_ALL, KEY_EXIT_STATUS };

struct request {
    const char *program;
    const char *names[N_SIDES];
    int n_names;
    double margin;
    const char *scenario_path; /* NULL: none */
    bool shows_all, sets_status;
    struct scenario_options scenario;
    struct outputs outputs;
};

/* What the printers need. */
struct diff {
    const struct request *request;
    const struct profile *profiles[N_SIDES];
    struct profile_changes changes;
    const struct comparison *comparison; /* NULL: no scenario */
};

/* --- the command line ------------------------------------------------------ */

static const struct argp_option options[] = {
    {"margin", KEY_MARGIN, "PERCENT", 0, "Differences up to this are none; default 3", 0},
    {"all", KEY_ALL, NULL, 0, "Show the parameters that did not move, too", 0},
    {"scenario", KEY_SCENARIO, "FILE", 0,
     "Simulate the scenario with the one profile, then with the other", 0},
    {"exit-status", KEY_EXIT_STATUS, NULL, 0, "End with status 1 where a parameter moved", 0},
    SCENARIO_SET,
    SCENARIO_RUN,
    OUTPUT_JSON,
    SCENARIO_STRICT,
    OUTPUT_REST,
    {NULL, 0, NULL, 0, NULL, 0}};

static const char doc[] =
    "Says which parameters differ between two profiles of one kind, each a file or the name of a "
    "shipped profile. A parameter has *moved* where the 95 % intervals of both leave no doubt, is "
    "*within "
    "margin* where they show that it did not by more than the margin, and *undecided* else: then "
    "both were "
    "measured too roughly to tell."
    "\v"
    "Examples:\n"
    "  vhpcsim diff january/mpi.yaml june/mpi.yaml --exit-status\n"
    "  vhpcsim diff kvm-84-virtio kvm-virtio-vhost --scenario scenarios/quickstart.yaml\n"
    "\n"
    "Exit status: 0 done, 1 with --exit-status: something moved, 64 command line, 65 invalid "
    "input, "
    "66 cannot read, 70 our bug, 73 cannot write, 130 interrupted.";

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case KEY_MARGIN:
        request->margin = command_margin(word, state);
        return 0;
    case KEY_SCENARIO:
        request->scenario_path = word;
        return 0;
    case KEY_ALL:
        request->shows_all = true;
        return 0;
    case KEY_EXIT_STATUS:
        request->sets_status = true;
        return 0;
    case ARGP_KEY_ARG:
        if (request->n_names == N_SIDES)
            argp_error(state, "two profiles, and \"%s\" is the third", word);
        request->names[request->n_names++] = word;
        return 0;
    case ARGP_KEY_END:
        if (request->n_names < N_SIDES)
            argp_error(state, "two profiles are needed");
        outputs_settle(&request->outputs, state);
        return 0;
    default:
        break;
    }
    const error_t error = outputs_parse(key, word, &request->outputs);
    return error != ARGP_ERR_UNKNOWN ? error
                                     : scenario_options_parse(key, word, state, &request->scenario);
}

/* --- what is printed --------------------------------------------------------- */

/* "3 of 62 parameters moved, 2 cannot be told, 57 are the same within 3 %." */
static void print_answer(const struct diff *diff, FILE *out)
{
    const int *n_of = diff->changes.n_of;
    fprintf(out, "%d of %d parameters moved", n_of[CHANGE_MOVED], diff->changes.n);
    if (n_of[CHANGE_UNDECIDED] > 0)
        fprintf(out, ", of %d nobody can tell", n_of[CHANGE_UNDECIDED]);
    if (n_of[CHANGE_APPEARED] + n_of[CHANGE_VANISHED] > 0)
        fprintf(out, ", %d appeared and %d vanished", n_of[CHANGE_APPEARED], n_of[CHANGE_VANISHED]);
    fprintf(out, ", %d are the same within %g %%.\n", n_of[CHANGE_NONE] + n_of[CHANGE_WITHIN],
            100.0 * diff->request->margin);
}

static int print_table(const struct diff *diff, bool color, FILE *out)
{
    int error = 0;

    print_answer(diff, out);
    if (diff->request->outputs.is_quiet)
        return 0;
    error = changes_print(&diff->changes, diff->request->names[FIRST], diff->request->names[SECOND],
                          diff->request->shows_all, out);
    if (error == 0 && diff->comparison) {
        print_heading("With the second profile instead of the first", color, out);
        error = comparison_table_print(diff->comparison, color, out);
    }
    return error;
}

static json_t *diff_json(const struct diff *diff, bool is_reproducible)
{
    json_t *document =
        json_pack("{s:s, s:s, s:s, s:s, s:f, s:o}", "schema", "vhpcsim-diff/1", "kind",
                  diff->profiles[FIRST]->kind->name, "first", diff->request->names[FIRST], "second",
                  diff->request->names[SECOND], "margin", diff->request->margin, "parameters",
                  changes_json(&diff->changes));
    if (diff->comparison)
        json_object_set_new(document, "comparison",
                            comparison_json(diff->comparison, is_reproducible));
    return document;
}

static int print_diff(const void *context, enum format format, const struct outputs *outputs,
                      bool color, FILE *out)
{
    const struct diff *diff = context;
    if (format == FORMAT_JSON)
        return result_json_print(diff_json(diff, outputs->is_reproducible), out);
    return print_table(diff, color, out);
}

/* --- the scenario under both ---------------------------------------------------- */

/* The scenario with one of the profiles. The result refers to what was read. */
struct side {
    struct diagnostics *diagnostics;
    struct scenario *scenario;
    struct result result;
};

/* A setting's profile is found from the working directory, as the command's own is. */
static int read_with(const struct request *request, const struct document_kind *kind, int which,
                     struct side *side)
{
    const struct scenario_options *both = &request->scenario;
    const char **settings = calloc((size_t)both->n_settings + 1, sizeof *settings);
    char *own = NULL;
    int code = EXIT_OUR_BUG;

    assert(side);
    side->diagnostics = diagnostics_new();
    if (asprintf(&own, "%s=%s", command_profile_key(kind), request->names[which]) < 0)
        own = NULL;
    if (!settings || !side->diagnostics || !own) {
        code = command_out_of_memory(request->program);
        goto out;
    }
    memcpy(settings, both->settings, sizeof *settings * (size_t)both->n_settings);
    settings[both->n_settings] = own;
    code = command_read_scenario(request->program, request->scenario_path, both->n_settings + 1,
                                 settings, both->is_strict, side->diagnostics, &side->scenario);
    if (code != EXIT_DONE)
        side->scenario = NULL;
out:
    free(settings);
    free(own);
    return code;
}

static int predict_side(const struct request *request, const char *command_line, struct side *side)
{
    const struct command_prediction prediction = {
        .program = request->program,
        .path = request->scenario_path,
        .command_line = command_line,
        .options = {.n_workers = request->scenario.n_workers,
                    .shows_progress = !request->outputs.is_quiet},
        .is_strict = request->scenario.is_strict};
    return command_predict(&prediction, side->scenario, side->diagnostics, &side->result);
}

static int write_diff(const struct request *request, struct diff *diff)
{
    const int code = outputs_write(request->program, &request->outputs, print_diff, diff);
    const int *n_of = diff->changes.n_of;
    if (code == EXIT_DONE && request->sets_status &&
        n_of[CHANGE_MOVED] + n_of[CHANGE_APPEARED] + n_of[CHANGE_VANISHED] > 0)
        return EXIT_OFF;
    return code;
}

/* Simulates the scenario under both profiles, and writes all. */
static int write_with_scenario(const struct request *request, const char *command_line,
                               struct diff *diff)
{
    struct side *sides = calloc(N_SIDES, sizeof *sides); /* too large for a stack */
    struct comparison *comparison = malloc(sizeof *comparison);
    int code = sides && comparison ? EXIT_DONE : command_out_of_memory(request->program);

    for (int i = 0; i < N_SIDES && code == EXIT_DONE; i++)
        code = read_with(request, diff->profiles[FIRST]->kind, i, &sides[i]);
    for (int i = 0; i < N_SIDES && code == EXIT_DONE; i++)
        code = predict_side(request, command_line, &sides[i]);
    if (code == EXIT_DONE &&
        comparison_init(comparison, &sides[FIRST].result, &sides[SECOND].result) != 0)
        code = command_out_of_memory(request->program);
    if (code == EXIT_DONE) {
        diff->comparison = comparison;
        code = write_diff(request, diff);
    }
    for (int i = 0; sides && i < N_SIDES; i++) {
        result_release(&sides[i].result);
        scenario_free(sides[i].scenario);
        diagnostics_free(sides[i].diagnostics);
    }
    free(sides);
    free(comparison);
    return code;
}

/* --- the command ---------------------------------------------------------------- */

static int check_kinds(const struct request *request, const struct diff *diff)
{
    const char *first = diff->profiles[FIRST]->kind->name,
               *second = diff->profiles[SECOND]->kind->name;
    if (strcmp(first, second) == 0)
        return EXIT_DONE;
    fprintf(stderr, "%s: %s is a %s profile and %s a %s profile; give two of one kind\n",
            request->program, request->names[FIRST], first, request->names[SECOND], second);
    return EXIT_INVALID_INPUT;
}

static int diff_profiles(const struct request *request, const char *command_line)
{
    struct profile *profiles[N_SIDES] = {NULL, NULL};
    struct diff diff = {.request = request};
    int code = EXIT_DONE;

    for (int side = 0; side < N_SIDES && code == EXIT_DONE; side++) {
        code = command_read_profile(request->program, request->names[side], &profiles[side]);
        diff.profiles[side] = profiles[side];
    }
    if (code == EXIT_DONE)
        code = check_kinds(request, &diff);
    if (code == EXIT_DONE)
        code = outputs_check(request->program, &request->outputs);
    if (code == EXIT_DONE && profile_changes_init(&diff.changes, profiles[FIRST], profiles[SECOND],
                                                  request->margin) != 0)
        code = command_out_of_memory(request->program);
    if (code == EXIT_DONE)
        code = request->scenario_path ? write_with_scenario(request, command_line, &diff)
                                      : write_diff(request, &diff);
    profile_changes_release(&diff.changes);
    for (int side = 0; side < N_SIDES; side++)
        profile_free(profiles[side]);
    return code;
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {options, parse_word, "PROFILE PROFILE", doc, NULL, NULL, NULL};
    struct request request = {.program = argv[0], .margin = usual_margin};
    char *command_line = command_line_text(argc, argv);
    int code;

    if (scenario_options_init(&request.scenario, argc) == 0 && command_line) {
        command_line_parse(&argp, 0, argc, argv, &request);
        code = diff_profiles(&request, command_line);
    } else {
        code = command_out_of_memory(request.program);
    }
    scenario_options_release(&request.scenario);
    free(command_line);
    return code;
}

const struct command command_diff = {
    "diff", "say which parameters of a profile moved, and what it does", run};
