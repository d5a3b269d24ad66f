/*
 * cmd_validate.c - `vhpcsim validate`: how far predictions are from what was measured.
 */
#include "command.h"
#include "command_line.h"
#include "command_predict.h"
#include "command_scenario.h"
#include "interruption.h"
#include "outputs.h"
#include "scenario_options.h"
#include "sim/input/suggest.h"
#include "sim/result/output.h"
#include "sim/result/progress.h"
#include "sim/result/result_json.h"
#include "sim/validation/journal.h"
#include "sim/validation/model_error.h"
#include "sim/validation/validate_html.h"
#include "sim/validation/validate_json.h"
#include "sim/validation/validate_table.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_ONLY = KEY_OF_COMMAND,
    KEY_JOURNAL,
    KEY_EXPLAIN,
    KEY_MODEL_ERROR,
    KEY_SCENARIO
}; /* no letter: long options only */

/* A document that was asked for. */
struct wanted {
    char *path;
    char *run; /* NULL: all of them */
};

struct request {
    const char *program;
    struct wanted *wanted; /* room for one per word */
    int n_wanted;
    const char **patterns; /* of --only; room for one per word */
    int n_patterns;
    const char *journal_path;
    const char *model_error_path;
    const char *scenario_path; /* of tables; NULL: cases are documents */
    struct scenario_options scenario;
    struct outputs outputs;
    const char *command_line;
    bool explains;
};

/* --- the command line ------------------------------------------------------------------- */

static const struct argp_option options[] = {
    {"only", KEY_ONLY, "PATTERN", 0,
     "Of all runs those whose name, paper or PAPER:NAME is like PATTERN, such as 'kvm*'", 0},
    {"scenario", KEY_SCENARIO, "FILE", 0,
     "Each CASE is a table of measurements, metric,value[,unit] a line, that this scenario should "
     "predict",
     0},
    SCENARIO_SET,
    SCENARIO_RUN,
    {"journal", KEY_JOURNAL, "FILE", 0,
     "Keep finished runs in FILE, and take from it those that are finished", 0},
    {"model-error", KEY_MODEL_ERROR, "FILE", 0,
     "Write to FILE how far the model was from all that was asked for; `vhpcsim run` tells what "
     "models/profiles/model-error.yaml says",
     0},
    {"explain", KEY_EXPLAIN, NULL, 0,
     "Also run each scenario with one layer made native at a time, and tell which layer would have "
     "to change for each gap",
     0},
    OUTPUT_JSON,
    OUTPUT_CSV,
    OUTPUT_HTML,
    OUTPUT_REST,
    {NULL, 0, NULL, 0, NULL, 0}};

static const char doc[] =
    "Runs the scenarios of each CASE, a validation document, and puts what they predict beside "
    "what was measured. FILE:RUN is one run of a document; without CASE, all shipped documents are "
    "run."
    "\v"
    "Predictions are the median of the draws, 20 of seed 1 unless options say otherwise; their "
    "interval is P5 to P95; a second one is widened by how far the model was from what all other "
    "papers published, nine times out of ten. The error is relative, "
    "beyond the range that the source prints; of values in percent it is in points. Values that "
    "are an input of the models are shown and not counted.\n"
    "\n"
    "Examples:\n"
    "  vhpcsim validate\n"
    "  vhpcsim validate --only 'kvm*' --journal=done.jsonl\n"
    "  vhpcsim validate measured.csv --scenario my-cluster.yaml --explain\n"
    "  vhpcsim validate my-cluster-cases.yaml --html=page.html --json=result.json\n"
    "\n"
    "Exit status: 0 done, 1 a prediction leaves its tolerance, 64 command line, 65 invalid input, "
    "66 cannot read, 70 our bug, 73 cannot write, 130 interrupted.";

/* FILE:RUN, unless there is a file of that whole name. */
static void add_wanted(struct request *request, char *word)
{
    struct wanted *wanted = &request->wanted[request->n_wanted++];
    char *colon = strrchr(word, ':');
    *wanted = (struct wanted){.path = word};
    if (colon != NULL && access(word, F_OK) != 0) {
        *colon = '\0';
        wanted->run = colon + 1;
    }
}

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case KEY_ONLY:
        request->patterns[request->n_patterns++] = word;
        return 0;
    case KEY_JOURNAL:
        request->journal_path = word;
        return 0;
    case KEY_MODEL_ERROR:
        request->model_error_path = word;
        return 0;
    case KEY_SCENARIO:
        request->scenario_path = word;
        return 0;
    case KEY_EXPLAIN:
        request->explains = true;
        return 0;
    case ARGP_KEY_ARG:
        add_wanted(request, word);
        return 0;
    case ARGP_KEY_END:
        if (request->scenario_path && request->n_wanted == 0)
            argp_error(state, "--scenario needs a table of measurements");
        outputs_settle(&request->outputs, state);
        return 0;
    default:
        break;
    }
    const error_t error = outputs_parse(key, word, &request->outputs);
    return error != ARGP_ERR_UNKNOWN ? error
                                     : scenario_options_parse(key, word, state, &request->scenario);
}

static int failed(const struct request *request, int status)
{
    fprintf(stderr, "%s: %s\n", request->program, strerror(-status));
    return EXIT_OUR_BUG;
}

/* --- which documents and runs ------------------------------------------------------------- */

static int cannot_read(const struct request *request, const char *path, int status)
{
    fprintf(stderr, "%s: cannot read %s: %s\n", request->program, path, strerror(-status));
    return EXIT_CANNOT_READ;
}

static int read_case(const struct request *request, const char *path,
                     struct diagnostics *diagnostics, struct case_document **document)
{
    const struct scenario_options *given = &request->scenario;
    if (request->scenario_path != NULL)
        return case_table_read(path, request->scenario_path, given->n_settings, given->settings,
                               diagnostics, document);
    return case_document_read(path, given->n_settings, given->settings, diagnostics, document);
}

/* Reads one document into `validation`; says what is wrong with it. */
static int add_document(const struct request *request, const char *path,
                        struct validation *validation)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct case_document *document;
    if (diagnostics == NULL)
        return failed(request, -ENOMEM);

    int code = EXIT_DONE;
    int status = read_case(request, path, diagnostics, &document);
    if (status == -EINVAL) {
        diagnostics_print(diagnostics, stderr, command_uses_color(stderr));
        code = EXIT_INVALID_INPUT;
    } else if (status != 0) {
        code = cannot_read(request, path, status);
    } else if ((status = validation_add(validation, document)) != 0) {
        case_document_free(document);
        code = failed(request, status);
    }
    diagnostics_free(diagnostics);
    return code;
}

static int find_shipped(struct request *request, struct arena *arena, struct wanted **list)
{
    const char *const *paths;
    const int n = case_list_shipped(arena, &paths);
    struct wanted *wanted = n > 0 ? arena_alloc(arena, (size_t)n * sizeof *wanted) : NULL;
    if (n <= 0 || wanted == NULL) {
        fprintf(stderr, "%s: no shipped validation documents were found%s%s\n", request->program,
                n < 0 ? ": " : "", n < 0 ? strerror(-n) : "");
        return EXIT_CANNOT_READ;
    }
    for (int i = 0; i < n; i++)
        wanted[i].path = (char *)paths[i];
    *list = wanted;
    request->n_wanted = n;
    return EXIT_DONE;
}

/* Every document is read before anything is simulated, so that all mistakes are told at once. A
 * document is read once, however many of its runs were asked for. */
static int read_documents(const struct request *request, const struct wanted wanted[],
                          struct validation *validation)
{
    int worst = EXIT_DONE;
    for (int i = 0; i < request->n_wanted; i++) {
        bool is_new = true;
        for (int j = 0; j < i; j++)
            is_new = is_new && strcmp(wanted[i].path, wanted[j].path) != 0;
        const int code = is_new ? add_document(request, wanted[i].path, validation) : EXIT_DONE;
        worst = code > worst ? code : worst;
    }
    return worst;
}

struct choice {
    const struct request *request;
    const struct wanted *wanted;
};

static bool matches_pattern(const struct request *request, const struct case_document *document,
                            const struct case_run *run)
{
    char both[256];
    snprintf(both, sizeof both, "%s:%s", document->paper, run->name);
    for (int i = 0; i < request->n_patterns; i++)
        if (fnmatch(request->patterns[i], run->name, FNM_CASEFOLD) == 0 ||
            fnmatch(request->patterns[i], document->paper, FNM_CASEFOLD) == 0 ||
            fnmatch(request->patterns[i], both, FNM_CASEFOLD) == 0)
            return true;
    return request->n_patterns == 0;
}

static bool is_asked(const struct case_document *document, const struct case_run *run, void *user)
{
    const struct choice *choice = user;
    if (!matches_pattern(choice->request, document, run))
        return false;
    for (int i = 0; i < choice->request->n_wanted; i++) {
        const struct wanted *wanted = &choice->wanted[i];
        if (strcmp(wanted->path, document->file) == 0 &&
            (!wanted->run || strcmp(wanted->run, run->name) == 0))
            return true;
    }
    return false;
}

static int refuse_run(const struct request *request, const struct case_document *document,
                      const char *name)
{
    const size_t n = (size_t)document->runs.n;
    const char **names = calloc(n + 1, sizeof *names);

    if (names == NULL)
        return failed(request, -ENOMEM);
    for (size_t i = 0; i < n; i++)
        names[i] = case_run_at(document, (int)i)->name;
    const char *meant = suggest(name, n, names);
    fprintf(stderr, "%s: %s has no run \"%s\"", request->program, document->file, name);
    if (n > 0)
        fprintf(stderr, meant ? "; did you mean \"%s\"?" : "; there is \"%s\", for one",
                meant ? meant : names[0]);
    fputc('\n', stderr);
    free(names);
    return EXIT_USAGE;
}

/* A run that was asked for by its name must be there. */
static int check_wanted_runs(const struct request *request, const struct wanted wanted[],
                             const struct validation *validation)
{
    int code = EXIT_DONE;
    for (int i = 0; i < request->n_wanted; i++)
        for (int d = 0; wanted[i].run && d < validation->n_documents; d++) {
            const struct case_document *document = validation->documents[d];
            if (strcmp(document->file, wanted[i].path) == 0 &&
                !case_run_named(document, wanted[i].run))
                code = refuse_run(request, document, wanted[i].run);
        }
    return code;
}

static int choose_runs(const struct request *request, const struct wanted wanted[],
                       struct validation *validation)
{
    struct choice choice = {request, wanted};
    const int code = check_wanted_runs(request, wanted, validation);
    if (code == EXIT_DONE && validation_ask(validation, is_asked, &choice) == 0) {
        fprintf(stderr,
                "%s: no run is like --only '%s'; a pattern is of a run's name, its paper or "
                "PAPER:NAME, such as 'kvm*'\n",
                request->program, request->patterns[0]);
        return EXIT_USAGE;
    }
    return code;
}

/* --- the run ------------------------------------------------------------------------------ */

static int open_journal(const struct request *request, struct journal **journal)
{
    int n_of_others, n_broken;
    const int status = request->journal_path ? journal_open(request->journal_path, journal) : 0;
    if (status != 0) {
        fprintf(stderr, "%s: cannot use the journal %s: %s\n", request->program,
                request->journal_path,
                status == -EILSEQ ? "it holds something else" : strerror(-status));
        return EXIT_CANNOT_WRITE;
    }
    if (*journal == NULL)
        return EXIT_DONE;
    journal_count_skipped(*journal, &n_of_others, &n_broken);
    if (n_broken > 0)
        fprintf(stderr, "%s: %s: %d line%s broken and skipped\n", request->program,
                request->journal_path, n_broken, n_broken == 1 ? " is" : "s are");
    if (n_of_others > 0)
        fprintf(stderr, "%s: %s: %d line%s of another build of the program and skipped\n",
                request->program, request->journal_path, n_of_others,
                n_of_others == 1 ? " is" : "s are");
    return EXIT_DONE;
}

static void tell_journal(const struct request *request, const struct validation *validation)
{
    int n = 0;
    for (int i = 0; i < validation->n_runs; i++)
        n += validation->runs[i].is_from_journal;
    if (n > 0)
        fprintf(stderr, "%s: %d run%s taken from %s\n", request->program, n, n == 1 ? "" : "s",
                request->journal_path);
}

static int exit_code_of(const struct request *request, int status, const char *reason)
{
    if (status == -EINTR) {
        fprintf(stderr, "%s: interrupted%s%s\n", request->program,
                request->journal_path ? "; finished runs are in " : ", nothing was written",
                request->journal_path ? request->journal_path : "");
        return EXIT_INTERRUPTED;
    }
    fprintf(stderr, "%s: %s\n", request->program, reason);
    return status == -EIO ? EXIT_CANNOT_WRITE : status == -EDOM ? EXIT_INVALID_INPUT : EXIT_OUR_BUG;
}

/* What is written of a validation. */
struct report {
    const struct validation *validation;
    struct validation_origin origin;
};

static int print_report(const void *context, enum format format, const struct outputs *outputs,
                        bool color, FILE *out)
{
    const struct report *report = context;

    (void)color;
    switch (format) {
    case FORMAT_JSON:
        return result_json_print(
            validate_json(report->validation, outputs->is_reproducible ? NULL : &report->origin),
            out);
    case FORMAT_CSV:
        validate_csv_print(report->validation, out);
        return 0;
    case FORMAT_HTML:
        return validate_html_print(report->validation, out);
    default:
        return validate_table_print(report->validation, !outputs->is_quiet, out);
    }
}

static int cannot_write_model_error(const struct request *request, int status)
{
    fprintf(stderr, "%s: cannot write %s: %s\n", request->program, request->model_error_path,
            status == -ENODATA ? "that takes 9 predicted values with finite errors"
                               : strerror(-status));
    return EXIT_CANNOT_WRITE;
}

static int write_model_error(const struct request *request, const struct validation *validation)
{
    struct arena arena = {NULL, false};
    struct published_error error;
    char *text = NULL;
    size_t size = 0;
    int status = model_error_summarize(validation, &arena, &error);
    FILE *out = status == 0 ? open_memstream(&text, &size) : NULL;
    if (status == 0 && out == NULL)
        status = -ENOMEM;
    if (out) {
        published_error_print(&error, out);
        status = fclose(out) == 0 ? output_write(request->model_error_path, text, size) : -ENOMEM;
    }
    free(text);
    arena_release(&arena);
    return status == 0 ? EXIT_DONE : cannot_write_model_error(request, status);
}

static int write_report(const struct request *request, const struct validation *validation,
                        double wall_s)
{
    char host[HOST_NAME_MAX + 1] = "";
    gethostname(host, sizeof host - 1);
    const struct report report = {validation, {request->command_line, host, wall_s}};
    int code = outputs_write(request->program, &request->outputs, print_report, &report);
    if (code == EXIT_DONE && request->model_error_path)
        code = write_model_error(request, validation);
    const bool is_off = validation_count_failures(validation) > 0;
    return code == EXIT_DONE && is_off ? EXIT_OFF : code;
}

static int run_validation(const struct request *request, struct validation *validation)
{
    struct validation_options run_options = {.n_workers = request->scenario.n_workers,
                                             .explains = request->explains,
                                             .shows_progress = !request->outputs.is_quiet};
    const double start_s = monotonic_s();
    char reason[1024];
    int code = outputs_check(request->program, &request->outputs);
    const int status_of_file =
        request->model_error_path ? output_check(request->model_error_path) : 0;
    if (code == EXIT_DONE && status_of_file != 0)
        code = cannot_write_model_error(request, status_of_file);
    if (code == EXIT_DONE)
        code = open_journal(request, &run_options.journal);
    if (code != EXIT_DONE)
        return code;

    run_options.interrupted = interruption_catch();
    const int status = validation_run(validation, &run_options, reason, sizeof reason);
    tell_journal(request, validation);
    journal_close(run_options.journal);
    if (status != 0)
        return exit_code_of(request, status, reason);
    return write_report(request, validation, monotonic_s() - start_s);
}

static int run_request(struct request *request)
{
    struct validation validation = {0};
    struct arena arena = {NULL, false};
    struct wanted *wanted = request->wanted;
    int code = EXIT_DONE;

    if (request->scenario_path && access(request->scenario_path, R_OK) != 0)
        code = cannot_read(request, request->scenario_path, -errno);
    if (code == EXIT_DONE && request->n_wanted == 0)
        code = find_shipped(request, &arena, &wanted);
    if (code == EXIT_DONE)
        code = read_documents(request, wanted, &validation);
    if (code == EXIT_DONE)
        code = choose_runs(request, wanted, &validation);
    if (code == EXIT_DONE)
        code = run_validation(request, &validation);
    validation_release(&validation);
    arena_release(&arena);
    return code;
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {options, parse_word, "[CASE...]", doc, NULL, NULL, NULL};
    struct request request = {.program = argv[0],
                              .wanted = calloc((size_t)argc, sizeof *request.wanted),
                              .patterns = calloc((size_t)argc, sizeof *request.patterns)};
    char *command_line = command_line_text(argc, argv);
    int code = EXIT_OUR_BUG;

    request.command_line = command_line;
    if (scenario_options_init(&request.scenario, argc) == 0 && request.wanted != NULL &&
        request.patterns != NULL && command_line != NULL) {
        command_line_parse(&argp, 0, argc, argv, &request);
        code = run_request(&request);
    } else {
        failed(&request, -ENOMEM);
    }
    scenario_options_release(&request.scenario);
    free(request.wanted);
    free(request.patterns);
    free(command_line);
    return code;
}

const struct command command_validate = {"validate", "compare predictions with what was measured",
                                         run};
