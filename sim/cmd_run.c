/*
 * cmd_run.c - `vhpcsim run`: one scenario in, a prediction out.
 */
#include "command.h"
#include "command_line.h"
#include "command_predict.h"
#include "command_scenario.h"
#include "command_trouble.h"
#include "outputs.h"
#include "scenario_options.h"
#include "sim/result/json_value.h"
#include "sim/result/published_error.h"
#include "sim/result/result_csv.h"
#include "sim/result/result_json.h"
#include "sim/result/result_table.h"
#include "sim/result/table_parts.h"
#include "sim/result/wrap.h"
#include "sim/validation/diagnosis_print.h"
#include "sim/workload/workload.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_EXPLAIN = KEY_OF_COMMAND, KEY_MEASURED }; /* no letters: long options only */

/* What a user measured of the real thing. */
struct measurement {
    char *name; /* of a metric */
    double value;
};

struct request {
    const char *program;
    const char *path;
    struct measurement *measured; /* room for one per word */
    int n_measured;
    struct scenario_options scenario;
    struct outputs outputs;
    bool explains;
};

/* --- the command line ------------------------------------------------------ */

static const struct argp_option options[] = {
    SCENARIO_SET,
    SCENARIO_RUN,
    {"explain", KEY_EXPLAIN, NULL, 0, "Also run the scenario with one layer made native at a time",
     0},
    {"measured", KEY_MEASURED, "METRIC=VALUE", 0,
     "Say which layer would have to change, and by how much, for METRIC to be VALUE, in the "
     "metric's unit",
     0},
    OUTPUT_JSON,
    OUTPUT_CSV,
    {"program-output", KEY_PROGRAM_OUTPUT, "FILE", OPTION_ARG_OPTIONAL,
     "Write what the real program would print, for scripts that read it, to FILE, or instead of "
     "the table",
     0},
    SCENARIO_STRICT,
    OUTPUT_REST,
    {NULL, 0, NULL, 0, NULL, 0}};

static const char doc[] =
    "Simulates SCENARIO (\"-\": standard input) and predicts how fast it runs, how sure that is, "
    "and "
    "where the time goes."
    "\v"
    "The central run has every parameter at its value and tells layers and host CPU; draws move "
    "the parameters within their intervals and tell P10, P50 and P90. One replication is the "
    "central run alone.\n"
    "\n"
    "Examples:\n"
    "  vhpcsim run scenarios/quickstart.yaml --explain\n"
    "  vhpcsim run scenario.yaml --set virtualization.technology=xen-3-pv --json\n"
    "  vhpcsim run scenario.yaml --replications 50 --csv=metrics.csv --json=result.json\n"
    "  vhpcsim run hpcc.yaml --program-output=hpccoutf.txt\n"
    "\n"
    "Exit status: 0 done, 64 command line, 65 invalid input, 66 cannot read, 70 our bug, 73 cannot "
    "write, 130 interrupted.";

static void add_measured(struct request *request, char *word, struct argp_state *state)
{
    struct measurement *measured = &request->measured[request->n_measured++];
    char *equals = strchr(word, '='), *end = NULL;

    measured->name = word;
    measured->value = equals ? strtod(equals + 1, &end) : 0.0;
    if (equals == NULL || end == equals + 1 || *end != '\0' || !isfinite(measured->value) ||
        measured->value <= 0.0)
        argp_error(state, "--measured needs METRIC=VALUE, a number above 0, not \"%s\"", word);
    else
        *equals = '\0';
}

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case KEY_EXPLAIN:
        request->explains = true;
        return 0;
    case KEY_MEASURED:
        request->explains = true; /* the diagnosis is of counterfactuals */
        add_measured(request, word, state);
        return 0;
    case ARGP_KEY_ARG:
        if (request->path != NULL)
            argp_error(state, "one scenario at a time, and \"%s\" is the second", word);
        request->path = word;
        return 0;
    case ARGP_KEY_END:
        if (request->path == NULL)
            argp_error(state, "no scenario given");
        outputs_settle(&request->outputs, state);
        return 0;
    default:
        break;
    }
    const error_t error = outputs_parse(key, word, &request->outputs);
    return error != ARGP_ERR_UNKNOWN ? error
                                     : scenario_options_parse(key, word, state, &request->scenario);
}

/* --- writing --------------------------------------------------------------- */

static int refuse_program_output(const struct request *request, const struct workload *workload)
{
    const char *between = "";

    fprintf(stderr, "%s: --program-output: the program of workload %s prints nothing for scripts; ",
            request->program, workload->name);
    for (int i = 0; workloads[i]; i++)
        if (workloads[i]->print) {
            fprintf(stderr, "%s%s", between, workloads[i]->name);
            between = ", ";
        }
    fprintf(stderr, " do\n");
    return EXIT_USAGE;
}

static int check_outputs(const struct request *request, const struct scenario *scenario)
{
    if (request->outputs.targets[FORMAT_PROGRAM].is_wanted && !scenario->workload->print)
        return refuse_program_output(request, scenario->workload);
    return outputs_check(request->program, &request->outputs);
}

/* What is written of a run. */
struct report {
    const struct request *request;
    const struct scenario *scenario;
    const struct result *result;
    const struct published_error *published; /* NULL: not known */
};

/* --- what was measured ----------------------------------------------------- */

/* Finds the metrics that were measured before anything is simulated. */
static int find_measured(const struct request *request, const struct scenario *scenario)
{
    struct metric metrics[MAX_RESULT_METRICS];
    const char *names[MAX_RESULT_METRICS];
    const int n = request->n_measured > 0 ? predict_metrics(scenario, metrics) : 0;

    if (n < 0)
        return command_out_of_memory(request->program);
    for (int i = 0; i < n; i++)
        names[i] = metrics[i].name;
    for (int i = 0; i < request->n_measured; i++) {
        const char *name = request->measured[i].name;
        int at = 0;
        while (at < n && strcmp(names[at], name) != 0)
            at++;
        if (at == n)
            command_line_unknown(request->program, "metric", name, (size_t)n, names);
    }
    return EXIT_DONE;
}

/* False where this run has no such metric, or one that takes no time: nothing explains that. */
static bool diagnose_measured(const struct report *report, const struct measurement *measured,
                              struct diagnosis *diagnosis)
{
    const struct result *result = report->result;
    for (int i = 0; i < result->n_metrics; i++)
        if (strcmp(result->metrics[i].metric.name, measured->name) == 0) {
            if (result->metrics[i].metric.value <= 0.0)
                return false;
            *diagnosis = diagnose_result(result, i, measured->value);
            return true;
        }
    return false;
}

static int print_diagnoses(const struct report *report, int n_most, FILE *out)
{
    const struct request *request = report->request;
    struct diagnosis diagnosis;
    int status = 0;

    for (int i = 0; i < request->n_measured && status == 0; i++) {
        const struct measurement *measured = &request->measured[i];
        if (diagnose_measured(report, measured, &diagnosis))
            status = diagnosis_print(measured->name, &diagnosis, n_most, out);
        else
            fprintf(out, "%s: this run predicts none\n", measured->name);
    }
    return status;
}

static json_t *report_json(const struct report *report, bool is_reproducible)
{
    json_t *json = result_json(report->result, is_reproducible);
    json_t *provenance = json_object_get(json, "provenance");
    if (provenance && report->published)
        json_value_set(&provenance, "model_error", published_error_json(report->published));
    json_t *diagnoses = report->request->n_measured > 0 ? json_object() : NULL;

    for (int i = 0; i < report->request->n_measured; i++) {
        const struct measurement *measured = &report->request->measured[i];
        struct diagnosis diagnosis;
        if (!diagnose_measured(report, measured, &diagnosis))
            continue;
        json_t *one = diagnosis_json(&diagnosis);
        json_value_set(&one, "measured", json_value_number(measured->value));
        json_value_set(&diagnoses, measured->name, one);
    }
    if (report->request->n_measured > 0)
        json_value_set(&json, "diagnoses", diagnoses);
    return json;
}

/* --- formats --------------------------------------------------------------- */

static int print_answer(const struct result *result, FILE *out)
{
    char *answer = result_answer(result);
    if (answer == NULL)
        return -ENOMEM;
    fprintf(out, "%s\n", answer);
    free(answer);
    return 0;
}

/* What the real program would print in the median of the draws. */
static void print_program(const struct scenario *scenario, const struct result *result, FILE *out)
{
    struct metric metrics[MAX_RESULT_METRICS];

    for (int i = 0; i < result->n_metrics; i++) {
        metrics[i] = result->metrics[i].metric;
        metrics[i].value = result->metrics[i].draws.p50;
    }
    scenario->workload->print(scenario->workload_spec, scenario, result->n_metrics, metrics, out);
}

static int print_published(const struct published_error *published, FILE *out)
{
    char *text = published_error_text(published);
    if (text == NULL)
        return -ENOMEM;
    wrap_print(text, 0, WRAP_WIDTH, out);
    free(text);
    return 0;
}

static int print_for_people(const struct report *report, bool is_quiet, bool color, FILE *out)
{
    enum { MOST_EXPLANATIONS = 4 };

    int status = is_quiet ? print_answer(report->result, out)
                          : result_table_print(report->result, color, out);
    if (status == 0 && !is_quiet && report->published)
        status = print_published(report->published, out);
    if (status != 0 || report->request->n_measured == 0)
        return status;
    if (!is_quiet)
        print_heading("What would explain what was measured", color, out);
    return print_diagnoses(report, is_quiet ? 1 : MOST_EXPLANATIONS, out);
}

static int print_report(const void *context, enum format format, const struct outputs *outputs,
                        bool color, FILE *out)
{
    const struct report *report = context;

    switch (format) {
    case FORMAT_JSON:
        return result_json_print(report_json(report, outputs->is_reproducible), out);
    case FORMAT_CSV:
        result_csv_print(report->result, out);
        return 0;
    case FORMAT_PROGRAM:
        print_program(report->scenario, report->result, out);
        return 0;
    default:
        return print_for_people(report, outputs->is_quiet, color, out);
    }
}

/* --- the run --------------------------------------------------------------- */

/* Reads how far the model was elsewhere, which a shipped document tells if there is one. */
static int read_published(const struct request *request, struct arena *arena,
                          struct published_error *published, bool *is_known)
{
    struct diagnostics *mistakes = diagnostics_new();
    const int status = mistakes ? published_error_read(arena, mistakes, published) : -ENOMEM;
    int code = EXIT_DONE;
    *is_known = status == 0;
    if (status == -EINVAL) {
        diagnostics_print(mistakes, stderr, command_uses_color(stderr));
        code = EXIT_INVALID_INPUT;
    } else if (status == -ENOMEM) {
        code = command_out_of_memory(request->program);
    } else if (status != 0 && status != -ENOENT) {
        fprintf(stderr, "%s: cannot read model-error.yaml: %s\n", request->program,
                strerror(-status));
        code = EXIT_CANNOT_READ;
    }
    diagnostics_free(mistakes);
    return code;
}

static int run_scenario(const struct request *request, const char *command_line,
                        const struct scenario *scenario, const struct diagnostics *diagnostics,
                        const struct published_error *published)
{
    const struct command_prediction prediction = {
        .program = request->program,
        .path = request->path,
        .command_line = command_line,
        .options = {.n_workers = request->scenario.n_workers,
                    .explains = request->explains,
                    .shows_progress = !request->outputs.is_quiet},
        .is_strict = request->scenario.is_strict,
    };
    struct result result;

    int code = command_predict(&prediction, scenario, diagnostics, &result);
    if (code != EXIT_DONE)
        return code;
    const struct report report = {request, scenario, &result, published};
    code = outputs_write(request->program, &request->outputs, print_report, &report);
    result_release(&result);
    return code;
}

static int run_request(const struct request *request, const char *command_line)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct scenario *scenario;
    struct arena arena = {NULL, false};
    struct published_error published;
    bool is_known = false;

    if (diagnostics == NULL)
        return command_out_of_memory(request->program);
    int code = command_read_scenario(request->program, request->path, request->scenario.n_settings,
                                     request->scenario.settings, request->scenario.is_strict,
                                     diagnostics, &scenario);
    if (code == EXIT_DONE) {
        code = find_measured(request, scenario);
        if (code == EXIT_DONE)
            code = check_outputs(request, scenario);
        if (code == EXIT_DONE)
            code = read_published(request, &arena, &published, &is_known);
        if (code == EXIT_DONE)
            code = run_scenario(request, command_line, scenario, diagnostics,
                                is_known ? &published : NULL);
        scenario_free(scenario);
    }
    arena_release(&arena);
    diagnostics_free(diagnostics);
    return code;
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {options, parse_word, "SCENARIO", doc, NULL, NULL, NULL};
    struct request request = {.program = argv[0],
                              .measured = calloc((size_t)argc, sizeof *request.measured)};
    char *command_line = command_line_text(argc, argv);
    int code;

    if (scenario_options_init(&request.scenario, argc) == 0 && command_line != NULL &&
        request.measured != NULL) {
        command_line_parse(&argp, 0, argc, argv, &request);
        code = run_request(&request, command_line);
    } else {
        code = command_out_of_memory(request.program);
    }
    free(request.measured);
    scenario_options_release(&request.scenario);
    free(command_line);
    return code;
}

const struct command command_run = {"run", "predict how fast a scenario runs, and why", run};
