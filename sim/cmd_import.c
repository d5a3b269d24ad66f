/*
 * cmd_import.c - `vhpcsim import`: profiles from what other benchmarks have printed.
 */
#include "calibration/fit/fit_document.h"
#include "calibration/fit/fit_print.h"
#include "calibration/import/import.h"
#include "calibration/raw/raw_build.h"
#include "command.h"
#include "command_line.h"
#include "command_profile.h"
#include "command_raw.h"
#include "command_scenario.h"
#include "command_trouble.h"
#include "interruption.h"
#include "outputs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_INTO = KEY_OF_COMMAND, KEY_PATH, KEY_NAME };

struct request {
    const char *program;
    const char **paths; /* room for one per word */
    int n_paths;
    const char *into[N_FIT_PARTS]; /* at most one of a kind; in the order given */
    int n_into;
    enum raw_path network;
    const char *output; /* folder; NULL: the table alone */
    const char *name;
    struct outputs outputs;
};

/* --- the command line ------------------------------------------------------ */

static const struct argp_option options[] = {
    {"output", 'o', "FOLDER", 0, "Write the profiles there", 0},
    {"into", KEY_INTO, "PROFILE", 0,
     "Merge into this profile, a file or a shipped name; may be given again for another kind", 0},
    {"path", KEY_PATH, "PATH", 0,
     "Where the ranks of network tests were: other_host (default), same_host or same_domain", 0},
    {"name", KEY_NAME, "NAME", 0, "How new profiles are called; default: imported", 0},
    OUTPUT_JSON,
    {"quiet", 'q', NULL, 0, "Print no table", 0},
    {NULL, 0, NULL, 0, NULL, 0}};

static const char doc[] =
    "Makes profiles of what other benchmarks have printed: OSU Micro-Benchmarks, Intel MPI "
    "Benchmarks, "
    "HPC Challenge, STREAM, fio and iperf3 (JSON), NetPIPE, IOzone, lists of detours, SimGrid's "
    "platform "
    "calibration. Each FILE (\"-\": standard input) is recognised by what is in it."
    "\v"
    "Such files hold means whose spread nobody knows, so intervals are widened to 10 % at least, "
    "and each "
    "parameter's source says \"imported\". Numbers that no machine can have reached, such as a "
    "STREAM whose "
    "arrays lay in a cache, are left out with a warning. Results of applications (HPL, PTRANS, "
    "MPIFFT...) never "
    "become parameters: the simulator is to predict them. They are printed as lines for `vhpcsim "
    "validate`.\n"
    "\n"
    "Few tools say what machine they ran on. --into gives the rest: a profile whose other values "
    "stay.\n"
    "\n"
    "Examples:\n"
    "  vhpcsim import osu_latency.txt osu_bw.txt -o fabric\n"
    "  vhpcsim import hpccoutf.txt stream.txt --into node.yaml --into mpi.yaml -o merged\n"
    "\n"
    "Exit status: 0 done, 64 command line, 65 a file that is damaged or no tool's, or nothing to "
    "make a "
    "profile of, 66 cannot read, 70 our bug, 73 cannot write.";

static enum raw_path network_path(struct argp_state *state, const char *word)
{
    const int path = raw_name_number(raw_path_names, word);
    if (path != RAW_SAME_DOMAIN && path != RAW_SAME_HOST && path != RAW_OTHER_HOST)
        argp_error(state, "--path %s: there are other_host, same_host and same_domain", word);
    return (enum raw_path)path;
}

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case 'o':
        request->output = word;
        return 0;
    case KEY_INTO:
        if (request->n_into == N_FIT_PARTS)
            argp_error(state, "--into: one profile of a kind, and there are %d kinds", N_FIT_PARTS);
        request->into[request->n_into++] = word;
        return 0;
    case KEY_PATH:
        request->network = network_path(state, word);
        return 0;
    case KEY_NAME:
        request->name = word;
        return 0;
    case ARGP_KEY_ARG:
        request->paths[request->n_paths++] = word;
        return 0;
    case ARGP_KEY_END:
        if (request->n_paths == 0)
            argp_error(state, "no file given");
        outputs_settle(&request->outputs, state);
        return 0;
    default:
        return outputs_parse(key, word, &request->outputs);
    }
}

/* --- files ------------------------------------------------------------------ */

/* Reads all files into `raw`; says what is wrong with any. */
static int read_files(const struct request *request, struct raw *raw)
{
    struct diagnostics *diagnostics = diagnostics_new();
    int code = diagnostics ? EXIT_DONE : command_out_of_memory(request->program);

    for (int i = 0; diagnostics && i < request->n_paths; i++) {
        int status;
        const struct importer *importer =
            import_file(request->paths[i], request->network, raw, diagnostics, &status);
        if (status != 0) {
            code = command_cannot_read(request->program, request->paths[i], status);
        } else if (!importer && code == EXIT_DONE) {
            code = EXIT_INVALID_INPUT;
        } else if (importer && !request->outputs.is_quiet) {
            fprintf(stderr, "%s: %s: %s\n", request->program, request->paths[i], importer->name);
        }
    }
    if (diagnostics)
        diagnostics_print(diagnostics, stderr, command_uses_color(stderr));
    diagnostics_free(diagnostics);
    return code;
}

/* --- what is printed --------------------------------------------------------- */

/* Results of applications, as lines that `vhpcsim validate` reads. */
static void print_results(const struct raw *raw, FILE *out)
{
    bool has_heading = false;
    for (int i = 0; i < raw->n_launches; i++) {
        const char *metric;
        json_t *value;
        json_object_foreach(json_object_get(raw->launches[i].text, "results"), metric, value)
        {
            if (!has_heading)
                fprintf(
                    out,
                    "\nResults of applications, kept out of all profiles, for `vhpcsim validate "
                    "FILE.csv --scenario SCENARIO`:\nmetric,value\n");
            has_heading = true;
            fprintf(out, "%s,%.6g\n", metric, json_number_value(value));
        }
    }
}

struct report {
    const struct fit_document *document; /* NULL: nothing but results of applications */
    const struct raw *raw;
};

static int print_report(const void *context, enum format format, const struct outputs *outputs,
                        bool color, FILE *out)
{
    const struct report *report = context;
    if (format == FORMAT_JSON)
        return report->document ? fit_json_print(report->document, out) : 0;
    if (outputs->is_quiet)
        return 0;
    const int status = report->document ? fit_table_print(report->document, color, out) : 0;
    print_results(report->raw, out);
    return status;
}

static int write_all(const struct request *request, const struct fit_document *document,
                     const struct raw *raw)
{
    char path[PATH_MAX];
    const struct report report = {document, raw};
    const int status =
        request->output && document
            ? profile_set_write(&document->profiles, request->output, path, sizeof path)
            : 0;
    if (status == 0)
        return outputs_write(request->program, &request->outputs, print_report, &report);
    return command_cannot_write(request->program, path, status);
}

/* --- the import --------------------------------------------------------------- */

static int explain_nothing(const struct request *request, const struct fit_document *document)
{
    const int code = command_explain_no_profile(request->program, &document->fitted);
    fprintf(stderr, "give profiles to merge into: --into node.yaml, --into mpi.yaml\n");
    return code;
}

static int fit(const struct request *request, struct profile *const bases[N_FIT_PARTS],
               const struct dataset *dataset)
{
    char reason[512] = "";
    struct fit_document document;
    struct fit_options how = {.name = request->name,
                              .skips_operations = true,
                              .interrupted = interruption_catch(),
                              .base_source = "of the profile merged into"};
    for (int part = 0; part < N_FIT_PARTS; part++)
        how.bases[part] = bases[part];
    const int status = fit_document_make(dataset, NULL, &how, &document, reason, sizeof reason);
    int code;
    if (status != 0) {
        fprintf(stderr, "%s: %s\n", request->program, reason[0] ? reason : strerror(-status));
        code = EXIT_OUR_BUG;
    } else if (document.profiles.n == 0) {
        code = explain_nothing(request, &document);
    } else {
        code = write_all(request, &document, dataset->raws[0]);
    }
    fit_document_release(&document);
    return code;
}

/* Files of applications alone hold nothing to fit. */
static int without_measurements(const struct request *request, struct raw *raw)
{
    const int code = write_all(request, NULL, raw);
    raw_free(raw);
    return code;
}

static int run_request(const struct request *request)
{
    struct profile *bases[N_FIT_PARTS] = {NULL};
    struct raw *raw = raw_new("imported");
    struct dataset *dataset = NULL;
    int code =
        command_read_profiles(request->program, "--into", request->n_into, request->into, bases);

    if (code == EXIT_DONE)
        code = read_files(request, raw);
    if (code != EXIT_DONE) {
        raw_free(raw);
    } else if (raw->n_visits == 0 && raw->n_detours == 0) {
        code = without_measurements(request, raw);
    } else {
        const int status = dataset_new(1, &raw, false, &dataset);
        code = status == -ENOMEM ? command_out_of_memory(request->program)
                                 : fit(request, bases, dataset);
    }
    dataset_free(dataset);
    for (int part = 0; part < N_FIT_PARTS; part++)
        profile_free(bases[part]);
    return code;
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {options, parse_word, "FILE...", doc, NULL, NULL, NULL};
    struct request request = {.program = argv[0],
                              .paths = calloc((size_t)argc, sizeof(char *)),
                              .network = RAW_OTHER_HOST,
                              .name = "imported"};
    if (!request.paths)
        return command_out_of_memory(request.program);
    command_line_parse(&argp, 0, argc, argv, &request);
    const int code = run_request(&request);
    free(request.paths);
    return code;
}

const struct command command_import = {"import",
                                       "make profiles of what other benchmarks have printed", run};
