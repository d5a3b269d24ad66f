/*
 * cmd_compare.c - `vhpcsim compare`: two scenarios side by side, by default one in guests and the
 * same on the bare nodes.
 */
#include "command.h"
#include "command_line.h"
#include "command_predict.h"
#include "command_scenario.h"
#include "command_trouble.h"
#include "outputs.h"
#include "scenario_options.h"
#include "sim/result/comparison_print.h"
#include "sim/result/result_json.h"
#include "sim/workload/workload.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST, SECOND, N_SIDES };

/* No letters: long options only. */
enum { KEY_SET_FIRST = KEY_OF_COMMAND, KEY_SET_SECOND };

struct request {
    const char *program;
    const char *paths[N_SIDES];
    int n_paths;
    struct scenario_options scenario;   /* of both */
    const char **own_settings[N_SIDES]; /* of one, on top; room for one per word */
    int n_own_settings[N_SIDES];
    struct outputs outputs;
};

/* --- the command line ------------------------------------------------------ */

static const struct argp_option options[] = {
    SCENARIO_SET,
    {"set-first", KEY_SET_FIRST, "KEY=VALUE", 0, "Set a key of the first scenario alone", 0},
    {"set-second", KEY_SET_SECOND, "KEY=VALUE", 0, "Set a key of the second scenario alone", 0},
    SCENARIO_RUN,
    OUTPUT_JSON,
    OUTPUT_CSV,
    OUTPUT_HTML,
    SCENARIO_STRICT,
    OUTPUT_REST,
    {NULL, 0, NULL, 0, NULL, 0}};

static const char doc[] =
    "Simulates two scenarios and says how they differ, and which layers make the difference. With "
    "one SCENARIO the second is what it says, and the first the same ranks on its bare nodes; with "
    "--set-first or --set-second, both are that scenario, each with its settings."
    "\v"
    "Both take their draws from the seed of the first, and as many, so that what they share "
    "cancels out of their ratio. Unless only one line is asked for (-q), the second is also run "
    "with one "
    "layer made native at a time.\n"
    "\n"
    "Examples:\n"
    "  vhpcsim compare scenarios/quickstart.yaml\n"
    "  vhpcsim compare native.yaml kvm.yaml --html=page.html --json=comparison.json\n"
    "  vhpcsim compare my.yaml --set-first virtualization.technology=xen-3-pv\n"
    "\n"
    "Exit status: 0 done, 64 command line, 65 invalid input, 66 cannot read, 70 our bug, 73 cannot "
    "write, 130 interrupted.";

static bool has_own_settings(const struct request *request)
{
    return request->n_own_settings[FIRST] + request->n_own_settings[SECOND] > 0;
}

static bool reads_input_twice(const struct request *request)
{
    const bool is_input = strcmp(request->paths[0], "-") == 0;
    return is_input && (request->n_paths == 1 ? has_own_settings(request)
                                              : strcmp(request->paths[1], "-") == 0);
}

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case KEY_SET_FIRST:
        request->own_settings[FIRST][request->n_own_settings[FIRST]++] = word;
        return 0;
    case KEY_SET_SECOND:
        request->own_settings[SECOND][request->n_own_settings[SECOND]++] = word;
        return 0;
    case ARGP_KEY_ARG:
        if (request->n_paths == N_SIDES)
            argp_error(state, "two scenarios at most, and \"%s\" is the third", word);
        request->paths[request->n_paths++] = word;
        return 0;
    case ARGP_KEY_END:
        if (request->n_paths == 0)
            argp_error(state, "no scenario given");
        if (reads_input_twice(request))
            argp_error(state, "standard input can be read once alone; give the scenario as a file");
        outputs_settle(&request->outputs, state);
        return 0;
    default:
        break;
    }
    const error_t error = outputs_parse(key, word, &request->outputs);
    return error != ARGP_ERR_UNKNOWN ? error
                                     : scenario_options_parse(key, word, state, &request->scenario);
}

/* --- the two scenarios ----------------------------------------------------- */

/* One side: what is simulated, and what was said of it. */
struct side {
    const char *path;
    struct diagnostics *diagnostics;
    struct scenario *read; /* NULL: the bare nodes of the other side */
    struct scenario bare;
    struct result result;
};

static const struct scenario *scenario_of(const struct side *side)
{
    return side->read != NULL ? side->read : &side->bare;
}

/* Settings for both, then those of the side alone, then `n_more` more. */
static int read_side(const struct request *request, int which, int n_more, const char *const more[],
                     struct side *side)
{
    const struct scenario_options *both = &request->scenario;
    const int n_own = request->n_own_settings[which];
    const int n = both->n_settings + n_own + n_more;
    const char **settings = calloc((size_t)n + 1, sizeof *settings);

    if (settings == NULL)
        return command_out_of_memory(request->program);
    int at = 0;
    for (int i = 0; i < both->n_settings; i++)
        settings[at++] = both->settings[i];
    for (int i = 0; i < n_own; i++)
        settings[at++] = request->own_settings[which][i];
    for (int i = 0; i < n_more; i++)
        settings[at++] = more[i];
    const int code = command_read_scenario(request->program, side->path, n, settings,
                                           both->is_strict, side->diagnostics, &side->read);
    free(settings);
    if (code != EXIT_DONE)
        side->read = NULL;
    return code;
}

/* Draws can be compared one by one only where both take the same. */
static int read_second(const struct request *request, struct side sides[N_SIDES])
{
    assert(sides[FIRST].read);
    const struct run_spec *run = &sides[FIRST].read->run;
    char replications[64], seed[64];

    snprintf(replications, sizeof replications, "run.replications=%d", run->replications);
    snprintf(seed, sizeof seed, "run.seed=%ld", run->seed);
    return read_side(request, SECOND, 2, (const char *[]){replications, seed}, &sides[SECOND]);
}

/* The bare nodes of the second, for as many ranks. */
static int take_bare_nodes(const struct request *request, struct side sides[N_SIDES])
{
    static char native[] = "native";
    const struct scenario *second = sides[SECOND].read;

    assert(second);
    if (second->virtualization.technology.kind == VIRT_NATIVE) {
        fprintf(stderr,
                "%s: %s has no guests to compare with its bare nodes; give a second scenario, or "
                "--set-second=virtualization.technology=NAME\n",
                request->program, sides[SECOND].path);
        return EXIT_USAGE;
    }
    sides[FIRST].bare = counterfactual_of(second, counterfactual_native);
    sides[FIRST].bare.virtualization.technology.name = native;
    return EXIT_DONE;
}

static int read_sides(const struct request *request, struct side sides[N_SIDES])
{
    sides[FIRST].path = request->paths[0];
    sides[SECOND].path = request->paths[request->n_paths - 1];
    if (request->n_paths == 1 && !has_own_settings(request)) {
        const int code = read_side(request, SECOND, 0, NULL, &sides[SECOND]);
        return code == EXIT_DONE ? take_bare_nodes(request, sides) : code;
    }
    const int code = read_side(request, FIRST, 0, NULL, &sides[FIRST]);
    return code == EXIT_DONE ? read_second(request, sides) : code;
}

/* True where both tell of the same work: they have a metric beside the time, which comes last. */
static bool have_common_metric(const struct side sides[N_SIDES], int n_of[N_SIDES])
{
    struct metric metrics[N_SIDES][MAX_RESULT_METRICS];

    for (int i = 0; i < N_SIDES; i++)
        if ((n_of[i] = predict_metrics(scenario_of(&sides[i]), metrics[i])) < 0)
            return false;
    for (int i = 0; i < n_of[FIRST] - 1; i++)
        if (metric_find(n_of[SECOND] - 1, metrics[SECOND], metrics[FIRST][i].name) != NULL)
            return true;
    return false;
}

/* Refuses what cannot be compared before anything is simulated. */
static int check_workloads(const struct request *request, const struct side sides[N_SIDES])
{
    const char *first = scenario_of(&sides[FIRST])->workload->name;
    const char *second = scenario_of(&sides[SECOND])->workload->name;
    int n_metrics[N_SIDES] = {0};

    if (strcmp(first, second) == 0 || have_common_metric(sides, n_metrics))
        return EXIT_DONE;
    if (n_metrics[FIRST] < 0 || n_metrics[SECOND] < 0)
        return command_out_of_memory(request->program);
    fprintf(stderr,
            "%s: the workloads %s and %s have nothing in common but their time; give both the "
            "same, such as --set 'workload={kind: %s}'\n",
            request->program, first, second, second);
    return EXIT_INVALID_INPUT;
}

/* --- the comparison -------------------------------------------------------- */

static int print_answer(const struct comparison *comparison, FILE *out)
{
    char *answer = comparison_answer(comparison);
    if (answer == NULL)
        return -ENOMEM;
    fprintf(out, "%s\n", answer);
    free(answer);
    return 0;
}

static int print_comparison(const void *context, enum format format, const struct outputs *outputs,
                            bool color, FILE *out)
{
    const struct comparison *comparison = context;

    switch (format) {
    case FORMAT_JSON:
        return result_json_print(comparison_json(comparison, outputs->is_reproducible), out);
    case FORMAT_CSV:
        comparison_csv_print(comparison, out);
        return 0;
    case FORMAT_HTML:
        return comparison_html_print(comparison, out);
    default:
        return outputs->is_quiet ? print_answer(comparison, out)
                                 : comparison_table_print(comparison, color, out);
    }
}

static int write_comparison(const struct request *request, const struct side sides[N_SIDES])
{
    struct comparison *comparison = malloc(sizeof *comparison); /* too large for a stack */
    int code;

    if (comparison == NULL ||
        comparison_init(comparison, &sides[FIRST].result, &sides[SECOND].result) != 0)
        code = command_out_of_memory(request->program);
    else
        code = outputs_write(request->program, &request->outputs, print_comparison, comparison);
    free(comparison);
    return code;
}

static int predict_side(const struct request *request, const char *command_line, bool explains,
                        struct side *side)
{
    const struct command_prediction prediction = {
        .program = request->program,
        .path = side->path,
        .command_line = command_line,
        .options = {.n_workers = request->scenario.n_workers,
                    .explains = explains,
                    .shows_progress = !request->outputs.is_quiet},
        .is_strict = request->scenario.is_strict,
    };
    return command_predict(&prediction, scenario_of(side), side->diagnostics, &side->result);
}

static int compare(const struct request *request, const char *command_line,
                   struct side sides[N_SIDES])
{
    const struct target *targets = request->outputs.targets;
    const bool explains = !request->outputs.is_quiet || targets[FORMAT_JSON].is_wanted ||
                          targets[FORMAT_HTML].is_wanted;
    int code = read_sides(request, sides);

    if (code == EXIT_DONE)
        code = check_workloads(request, sides);
    if (code == EXIT_DONE)
        code = outputs_check(request->program, &request->outputs);
    if (code == EXIT_DONE)
        code = predict_side(request, command_line, false, &sides[FIRST]);
    if (code == EXIT_DONE)
        code = predict_side(request, command_line, explains, &sides[SECOND]);
    if (code == EXIT_DONE)
        code = write_comparison(request, sides);
    return code;
}

static int run_request(const struct request *request, const char *command_line)
{
    struct side *sides = calloc(N_SIDES, sizeof *sides); /* too large for a stack */
    int code = EXIT_DONE;

    if (sides == NULL)
        return command_out_of_memory(request->program);
    for (int i = 0; i < N_SIDES; i++)
        if ((sides[i].diagnostics = diagnostics_new()) == NULL)
            code = command_out_of_memory(request->program);
    if (code == EXIT_DONE)
        code = compare(request, command_line, sides);
    for (int i = 0; i < N_SIDES; i++) {
        result_release(&sides[i].result);
        scenario_free(sides[i].read);
        diagnostics_free(sides[i].diagnostics);
    }
    free(sides);
    return code;
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {options, parse_word, "SCENARIO [SCENARIO]", doc, NULL,
                                     NULL,    NULL};
    struct request request = {.program = argv[0]};
    char *command_line = command_line_text(argc, argv);
    int code;

    for (int i = 0; i < N_SIDES; i++)
        request.own_settings[i] = calloc((size_t)argc, sizeof(char *));
    if (scenario_options_init(&request.scenario, argc) == 0 && command_line != NULL &&
        request.own_settings[FIRST] != NULL && request.own_settings[SECOND] != NULL) {
        command_line_parse(&argp, 0, argc, argv, &request);
        code = run_request(&request, command_line);
    } else {
        code = command_out_of_memory(request.program);
    }
    for (int i = 0; i < N_SIDES; i++)
        free(request.own_settings[i]);
    scenario_options_release(&request.scenario);
    free(command_line);
    return code;
}

const struct command command_compare = {
    "compare", "put two scenarios side by side: how much is lost, and where", run};
