/*
 * cmd_run.c - `vhpcsim run`: one scenario in, a prediction out.
 */
#include "command.h"
#include "command_line.h"
#include "command_scenario.h"
#include "run_output.h"
#include "sim/result/predict.h"
#include "sim/result/progress.h"
#include "sim/result/result_table.h"
#include "sim/workload/workload.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Options without a letter. */
enum {
    KEY_JSON = 0x100,
    KEY_CSV,
    KEY_PROGRAM_OUTPUT,
    KEY_EXPLAIN,
    KEY_STRICT,
    KEY_REPRODUCIBLE,
    KEY_ENGINE,
    KEY_SEED
};

enum { MAX_WORKERS = 4096 };

struct request {
    const char *program;
    const char *path;
    const char **settings; /* as --set has them; room for one per word */
    char **owned_settings; /* those that stand for --replications and its like */
    int n_settings, n_owned;
    struct run_output output;
    const char *main_path; /* instead of standard output; NULL: none */
    int n_workers;
    bool explains, is_strict;
};

/* --- the command line ------------------------------------------------------ */

static const struct argp_option options[] = {
    {"set", 's', "KEY=VALUE", 0, "Set a key of the scenario, such as workload.nb=400", 0},
    {"replications", 'n', "N", 0, "Draws from the parameters' intervals (run.replications)", 0},
    {"seed", KEY_SEED, "N", 0, "Seed of the draws (run.seed)", 0},
    {"engine", KEY_ENGINE, "NAME", 0, "Engine that simulates (run.engine)", 0},
    {"jobs", 'j', "N", 0, "Simulations at once; default: one per processor", 0},
    {"explain", KEY_EXPLAIN, NULL, 0, "Also run the scenario with one layer made native at a time",
     0},
    {"json", KEY_JSON, "FILE", OPTION_ARG_OPTIONAL,
     "Write the result as JSON to FILE, or instead of the table", 0},
    {"csv", KEY_CSV, "FILE", OPTION_ARG_OPTIONAL,
     "Write the metrics as CSV to FILE, or instead of the table", 0},
    {"program-output", KEY_PROGRAM_OUTPUT, "FILE", OPTION_ARG_OPTIONAL,
     "Write what the real program would print, for scripts that read it, to FILE, or instead of "
     "the table",
     0},
    {"output", 'o', "FILE", 0, "Write to FILE what would go to standard output", 0},
    {"strict", KEY_STRICT, NULL, 0, "Take warnings for errors", 0},
    {"reproducible", KEY_REPRODUCIBLE, NULL, 0,
     "Leave out of JSON what differs between identical runs", 0},
    {"quiet", 'q', NULL, 0, "Print the answer in one line and no progress", 0},
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

/* An option that is short for a setting takes that setting's range, default and messages. */
static error_t add_setting(struct request *request, const char *key, const char *value)
{
    char *setting;
    if (asprintf(&setting, "%s=%s", key, value) < 0)
        return ENOMEM;
    request->owned_settings[request->n_owned++] = setting;
    request->settings[request->n_settings++] = setting;
    return 0;
}

static void add_target(struct request *request, enum format format, const char *path)
{
    request->output.targets[format] = (struct target){true, path};
}

static error_t parse_flag(int key, struct request *request)
{
    switch (key) {
    case KEY_EXPLAIN:
        request->explains = true;
        return 0;
    case KEY_STRICT:
        request->is_strict = true;
        return 0;
    case KEY_REPRODUCIBLE:
        request->output.is_reproducible = true;
        return 0;
    case 'q':
        request->output.is_quiet = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Two formats in one place: the second would replace the first. */
static void refuse_same_place(const struct target targets[N_FORMATS], struct argp_state *state)
{
    for (int a = 0; a < N_FORMATS; a++)
        for (int b = a + 1; b < N_FORMATS; b++) {
            const char *one = targets[a].path, *other = targets[b].path;
            if (!targets[a].is_wanted || !targets[b].is_wanted)
                continue;
            if (one == NULL && other == NULL)
                argp_error(state,
                           "--%s and --%s cannot both go to standard output; give one a file, "
                           "such as --%s=FILE",
                           run_output_options[a], run_output_options[b], run_output_options[b]);
            if (one != NULL && other != NULL && strcmp(one, other) == 0)
                argp_error(state, "two formats cannot both go to \"%s\"; give each its own file",
                           one);
        }
}

/* The table goes where no other format goes. */
static void check_targets(struct request *request, struct argp_state *state)
{
    struct target *targets = request->output.targets;
    bool has_main = false;

    refuse_same_place(targets, state);
    for (int format = 0; format < N_FORMATS; format++)
        has_main = has_main || (targets[format].is_wanted && targets[format].path == NULL);
    if (!has_main)
        add_target(request, FORMAT_TABLE, NULL);
    for (int format = 0; format < N_FORMATS; format++)
        if (targets[format].is_wanted && targets[format].path == NULL)
            targets[format].path = request->main_path;
    refuse_same_place(targets, state);
}

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case 's':
        request->settings[request->n_settings++] = word;
        return 0;
    case 'n':
        return add_setting(request, "run.replications", word);
    case KEY_SEED:
        return add_setting(request, "run.seed", word);
    case KEY_ENGINE:
        return add_setting(request, "run.engine", word);
    case 'j':
        request->n_workers = (int)command_line_count(state, "--jobs", word, 1, MAX_WORKERS);
        return 0;
    case KEY_JSON:
        add_target(request, FORMAT_JSON, word);
        return 0;
    case KEY_CSV:
        add_target(request, FORMAT_CSV, word);
        return 0;
    case KEY_PROGRAM_OUTPUT:
        add_target(request, FORMAT_PROGRAM, word);
        return 0;
    case 'o':
        request->main_path = word;
        return 0;
    case ARGP_KEY_ARG:
        if (request->path != NULL)
            argp_error(state, "one scenario at a time, and \"%s\" is the second", word);
        request->path = word;
        return 0;
    case ARGP_KEY_END:
        if (request->path == NULL)
            argp_error(state, "no scenario given");
        check_targets(request, state);
        return 0;
    default:
        return parse_flag(key, request);
    }
}

/* --- interruption ---------------------------------------------------------- */

static volatile sig_atomic_t interrupted;

static void note_interruption(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

static void catch_interruption(void)
{
    struct sigaction action = {.sa_handler = note_interruption};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* --- writing --------------------------------------------------------------- */

static int cannot_write(const struct request *request, const char *path, int status)
{
    fprintf(stderr, "%s: cannot write %s: %s\n", request->program, path ? path : "the result",
            strerror(-status));
    return EXIT_CANNOT_WRITE;
}

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

/* A long run must not find out at its end that nobody can have its result. */
static int check_outputs(const struct request *request, const struct scenario *scenario)
{
    const char *path;
    if (request->output.targets[FORMAT_PROGRAM].is_wanted && !scenario->workload->print)
        return refuse_program_output(request, scenario->workload);
    const int status = run_output_check(&request->output, &path);
    return status == 0 ? EXIT_DONE : cannot_write(request, path, status);
}

static int write_outputs(const struct request *request, const struct scenario *scenario,
                         const struct result *result)
{
    const char *path;
    const int status = run_output_write(&request->output, scenario, result, &path);
    return status == 0 ? EXIT_DONE : cannot_write(request, path, status);
}

/* --- the run --------------------------------------------------------------- */

static void take_warning(const struct diagnostic *diagnostic, void *user)
{
    struct warnings *warnings = user;
    char place[PATH_MAX + 32];

    snprintf(place, sizeof place, "%s:%d:%d", diagnostic->place.file, diagnostic->place.line,
             diagnostic->place.column);
    warnings_add(warnings, WARNING_DOUBTFUL, place, diagnostic->hint, "%s", diagnostic->message);
}

/* What the run knows of itself beyond the simulation. */
static int describe_run(const struct request *request, const char *command_line, double wall_s,
                        struct provenance *provenance)
{
    char host[HOST_NAME_MAX + 1] = "";

    gethostname(host, sizeof host - 1);
    provenance->scenario_path = strdup(request->path);
    provenance->command_line = strdup(command_line);
    provenance->host = strdup(host);
    provenance->wall_s = wall_s;
    return provenance->scenario_path && provenance->command_line && provenance->host ? 0 : -ENOMEM;
}

static int refuse_warnings(const struct request *request, const struct warnings *warnings)
{
    for (int i = 0; i < warnings->n; i++)
        if (warnings->items[i].kind == WARNING_DOUBTFUL)
            result_warning_print(&warnings->items[i], "error", command_uses_color(stderr), stderr);
    fprintf(stderr, "%s: %s: warnings are errors with --strict\n", request->program, request->path);
    return EXIT_INVALID_INPUT;
}

static int failed(const struct request *request, int status, const char *reason)
{
    if (status == -EINTR) {
        fprintf(stderr, "%s: interrupted, nothing was written\n", request->program);
        return EXIT_INTERRUPTED;
    }
    fprintf(stderr, "%s: %s\n", request->program, reason);
    return EXIT_OUR_BUG;
}

static int run_scenario(const struct request *request, const char *command_line,
                        const struct scenario *scenario, const struct diagnostics *diagnostics)
{
    const struct predict_options predict_options = {.n_workers = request->n_workers,
                                                    .explains = request->explains,
                                                    .shows_progress = !request->output.is_quiet,
                                                    .interrupted = &interrupted};
    const double start_s = monotonic_s();
    struct result result = {0};
    char error[512];

    catch_interruption();
    int status = predict(scenario, &predict_options, &result, error, sizeof error);
    if (status != 0)
        return failed(request, status, error);

    int code = EXIT_OUR_BUG;
    diagnostics_each(diagnostics, SEVERITY_WARNING, take_warning, &result.warnings);
    status = describe_run(request, command_line, monotonic_s() - start_s, &result.provenance);
    if (status != 0 || result.warnings.out_of_memory)
        failed(request, -ENOMEM, strerror(ENOMEM));
    else if (request->is_strict && warnings_count(&result.warnings, WARNING_DOUBTFUL) > 0)
        code = refuse_warnings(request, &result.warnings);
    else
        code = write_outputs(request, scenario, &result);
    result_release(&result);
    return code;
}

static int run_request(const struct request *request, const char *command_line)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct scenario *scenario;

    if (diagnostics == NULL)
        return failed(request, -ENOMEM, strerror(ENOMEM));
    int code = command_read_scenario(request->program, request->path, request->n_settings,
                                     request->settings, request->is_strict, diagnostics, &scenario);
    if (code == EXIT_DONE) {
        code = check_outputs(request, scenario);
        if (code == EXIT_DONE)
            code = run_scenario(request, command_line, scenario, diagnostics);
        scenario_free(scenario);
    }
    diagnostics_free(diagnostics);
    return code;
}

/* argv as one line, before argp sorts it; the caller frees it. */
static char *join_words(int argc, char *argv[])
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    for (int i = 0; i < argc; i++) {
        const bool is_plain = argv[i][strcspn(argv[i], " '\"\\$&|;<>()*?[]#~`")] == '\0';
        fprintf(out, is_plain || i == 0 ? "%s%s" : "%s'%s'", i > 0 ? " " : "", argv[i]);
    }
    return fclose(out) == 0 ? text : NULL;
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {options, parse_word, "SCENARIO", doc, NULL, NULL, NULL};
    struct request request = {.program = argv[0],
                              .settings = calloc((size_t)argc, sizeof(char *)),
                              .owned_settings = calloc((size_t)argc, sizeof(char *))};
    char *command_line = join_words(argc, argv);
    int code;

    if (request.settings != NULL && request.owned_settings != NULL && command_line != NULL) {
        command_line_parse(&argp, 0, argc, argv, &request);
        code = run_request(&request, command_line);
    } else {
        code = failed(&request, -ENOMEM, strerror(ENOMEM));
    }
    for (int i = 0; i < request.n_owned; i++)
        free(request.owned_settings[i]);
    free(request.owned_settings);
    free(request.settings);
    free(command_line);
    return code;
}

const struct command command_run = {"run", "predict how fast a scenario runs, and why", run};
