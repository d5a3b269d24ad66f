/*
 * cmd_fit.c - `vhpcsim fit`: profiles from what vhpc-measure has measured.
 */
#include "calibration/fit/fit_document.h"
#include "calibration/fit/fit_print.h"
#include "calibration/fit/fit_report.h"
#include "calibration/fit/held_out.h"
#include "command.h"
#include "command_line.h"
#include "command_raw.h"
#include "command_trouble.h"
#include "interruption.h"
#include "outputs.h"
#include "sim/result/output.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_ONLY = KEY_OF_COMMAND,
    KEY_NAME,
    KEY_NATIVE,
    KEY_VIRTUAL,
    KEY_FORCE,
    KEY_EXIT_STATUS,
    KEY_DRAWS,
    KEY_SKIP
};

enum { USUAL_DRAWS = 400, LEAST_DRAWS = 0, MOST_DRAWS = 100000 };

/* Files of one side. */
struct side {
    const char **paths; /* room for one per word */
    int n;
};

struct request {
    const char *program;
    struct side native, virtual; /* the first also without --native */
    const char *output;          /* folder, or file with --only */
    int only;                    /* enum fit_part; -1: all */
    const char *name;
    bool is_forced, sets_status, skips_operations;
    int n_workers;
    struct resampling resampling;
    struct outputs outputs; /* JSON */
};

/* --- the command line ---------------------------------------------------------------------------
 */

static const struct argp_option options[] = {
    {"output", 'o', "FOLDER", 0,
     "Write node.yaml, link.yaml, mpi.yaml, scenario.yaml and report.html there; with --only, the "
     "file to write",
     0},
    {"only", KEY_ONLY, "PART", 0, "Of the profiles: node, link, mpi or technology", 0},
    {"name", KEY_NAME, "NAME", 0, "How the profiles are called; default: the measured host", 0},
    {"native", KEY_NATIVE, "RAW", 0, "A file of the bare nodes; may be given again", 1},
    {"virtual", KEY_VIRTUAL, "RAW", 0,
     "A file of the same nodes, virtualized: with it, what virtualization adds becomes "
     "technology.yaml",
     1},
    {"force", KEY_FORCE, NULL, 0, "Use launches too that were refused when they were measured", 2},
    {"exit-status", KEY_EXIT_STATUS, NULL, 0,
     "End with status 1 where held-out data are predicted worse than their noise allows", 2},
    {"no-simulation", KEY_SKIP, NULL, 0,
     "Do not simulate the operations that nothing is fitted to (ring, broadcast...)", 2},
    {"resamples", KEY_DRAWS, "N", 0, "Samples that intervals are drawn from; default 400, 0: none",
     2},
    {"seed", KEY_SEED, "N", 0, "Seed of these samples; default 1", 2},
    {"jobs", 'j', "N", 0, "Simulations at once; default: one per processor", 2},
    OUTPUT_JSON,
    {"quiet", 'q', NULL, 0, "Print no table", 0},
    {NULL, 0, NULL, 0, NULL, 0}};

static const char doc[] =
    "Fits profiles to the RAW files that vhpc-measure has written: several launches, files and "
    "hosts are taken together. Each parameter is told with its value, the interval in which it "
    "lies with 95 %, and what it comes from."
    "\v"
    "What tells what: ping-pong, send, isend and recv a link and an MPI library; dgemm, scalar, "
    "integer, fft, triad, access_chain, access, noise and --disk a node. Two ranks on two nodes "
    "measure a link, two on one node the way within it, a rank on every core what cores leave each "
    "other; one rank alone measures a node.\n"
    "\n"
    "The table's last part is the test of the fit: sizes and shapes that it had not seen, and "
    "operations simulated from the written profiles, beside what was measured. An error of 1.5 "
    "times the noise floor is as good as these data allow.\n"
    "\n"
    "Examples:\n"
    "  mpirun -n 2 vhpc-measure -o here.raw && vhpcsim fit here.raw -o here\n"
    "  vhpcsim run here/scenario.yaml\n"
    "  vhpcsim fit monday.raw tuesday.raw -o cluster --exit-status\n"
    "  vhpcsim fit here.raw --only link -o link.yaml\n"
    "  vhpcsim fit --native bare.raw --virtual guests.raw -o kvm\n"
    "\n"
    "Exit status: 0 done, 1 worse than --exit-status allows, 64 command line, 65 files of which "
    "nothing can be fitted, 66 cannot read, 70 our bug, 73 cannot write, 130 interrupted.";

static int part_number(struct argp_state *state, const char *word)
{
    for (int i = 0; fit_part_names[i]; i++)
        if (strcmp(fit_part_names[i], word) == 0)
            return i;
    argp_error(state, "--only %s: there are node, link, mpi and technology", word);
    return -1;
}

static void check_words(const struct request *request, struct argp_state *state)
{
    if (request->native.n == 0 && request->virtual.n == 0)
        argp_error(state, "no file of measurements given");
    if (request->native.n == 0)
        argp_error(state, "--virtual needs files of the bare nodes, --native, to compare with");
    if (request->only == PART_TECHNOLOGY && request->virtual.n == 0)
        argp_error(state, "a technology is fitted to two sides: --native RAW --virtual RAW");
    if (request->only >= 0 && !request->output)
        argp_error(state, "--only needs -o FILE");
}

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case 'o':
        request->output = word;
        return 0;
    case KEY_ONLY:
        request->only = part_number(state, word);
        return 0;
    case KEY_NAME:
        request->name = word;
        return 0;
    case KEY_NATIVE:
    case ARGP_KEY_ARG:
        request->native.paths[request->native.n++] = word;
        return 0;
    case KEY_VIRTUAL:
        request->virtual.paths[request->virtual.n++] = word;
        return 0;
    case KEY_FORCE:
        request->is_forced = true;
        return 0;
    case KEY_EXIT_STATUS:
        request->sets_status = true;
        return 0;
    case KEY_SKIP:
        request->skips_operations = true;
        return 0;
    case KEY_DRAWS:
        request->resampling.n_draws =
            (int)command_line_count(state, "--resamples", word, LEAST_DRAWS, MOST_DRAWS);
        return 0;
    case KEY_SEED:
        request->resampling.seed = (uint64_t)command_line_count(state, "--seed", word, 0, LONG_MAX);
        return 0;
    case 'j':
        request->n_workers = (int)command_line_count(state, "--jobs", word, 1, 1024);
        return 0;
    case ARGP_KEY_END:
        check_words(request, state);
        outputs_settle(&request->outputs, state);
        return 0;
    default:
        return outputs_parse(key, word, &request->outputs);
    }
}

/* --- what is written ----------------------------------------------------------------------------
 */

static int write_part(const struct request *request, const struct fit_document *document)
{
    const struct profile_file *file =
        profile_set_file(&document->profiles, (enum fit_part)request->only);
    if (!file) {
        fprintf(stderr, "%s: no %s profile can be made of these measurements\n", request->program,
                fit_part_names[request->only]);
        return EXIT_INVALID_INPUT;
    }
    const int status = output_write(request->output, file->text, file->size);
    return status == 0 ? EXIT_DONE
                       : command_cannot_write(request->program, request->output, status);
}

static int write_folder(const struct request *request, const struct fit_document *document)
{
    char path[PATH_MAX];
    char *text = NULL;
    size_t size = 0;
    FILE *page = open_memstream(&text, &size);
    if (!page)
        return command_out_of_memory(request->program);
    fit_report_print(document, page);
    int status = fclose(page) == 0 ? 0 : -ENOMEM;
    if (status == 0)
        status = profile_set_write(&document->profiles, request->output, path, sizeof path);
    if (status == 0) {
        snprintf(path, sizeof path, "%s/report.html", request->output);
        status = output_write(path, text, size);
    }
    free(text);
    return status == 0 ? EXIT_DONE : command_cannot_write(request->program, path, status);
}

static int print_document(const void *context, enum format format, const struct outputs *outputs,
                          bool color, FILE *out)
{
    const struct fit_document *document = context;
    if (format == FORMAT_JSON)
        return fit_json_print(document, out);
    return outputs->is_quiet ? 0 : fit_table_print(document, color, out);
}

static int write_all(const struct request *request, const struct fit_document *document)
{
    int code = EXIT_DONE;
    if (request->output)
        code = request->only >= 0 ? write_part(request, document) : write_folder(request, document);
    if (code == EXIT_DONE)
        code = outputs_write(request->program, &request->outputs, print_document, document);
    return code;
}

/* --- the fit ------------------------------------------------------------------------------------
 */

static int failed(const struct request *request, int status, const char *reason)
{
    if (status == -EINTR) {
        fprintf(stderr, "%s: interrupted, nothing was written\n", request->program);
        return EXIT_INTERRUPTED;
    }
    if (status == -ENOMEM)
        return command_out_of_memory(request->program);
    fprintf(stderr, "%s: %s\n", request->program, reason);
    return EXIT_OUR_BUG;
}

static int fit(struct request *request, struct dataset *native, struct dataset *virtual)
{
    char reason[512] = "";
    struct fit_document document;
    const struct fit_options how = {.name = request->name,
                                    .resampling = request->resampling,
                                    .n_workers = request->n_workers,
                                    .skips_operations = request->skips_operations,
                                    .interrupted = interruption_catch()};
    dataset_warn(native, command_tell_warning, (void *)request->program);
    if (virtual)
        dataset_warn(virtual, command_tell_warning, (void *)request->program);
    const int status = fit_document_make(native, virtual, &how, &document, reason, sizeof reason);
    int code = status != 0 ? failed(request, status, reason)
               : document.profiles.n == 0
                   ? command_explain_no_profile(request->program, &document.fitted)
                   : write_all(request, &document);
    if (code == EXIT_DONE && request->sets_status && held_outs_are_off(&document.held_outs))
        code = EXIT_OFF;
    fit_document_release(&document);
    return code;
}

static int run_request(struct request *request)
{
    struct dataset *native = NULL, *virtual = NULL;
    int code = command_read_raws(request->program, request->native.n, request->native.paths,
                                 request->is_forced, &native);
    if (code == EXIT_DONE && request->virtual.n > 0)
        code = command_read_raws(request->program, request->virtual.n, request->virtual.paths,
                                 request->is_forced, &virtual);
    if (code == EXIT_DONE)
        code = fit(request, native, virtual);
    dataset_free(native);
    dataset_free(virtual);
    return code;
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {options, parse_word, "RAW...", doc, NULL, NULL, NULL};
    struct request request = {
        .program = argv[0],
        .native = {calloc((size_t)argc, sizeof(char *)), 0},
        .virtual = {calloc((size_t)argc, sizeof(char *)), 0},
        .only = -1,
        .resampling = {USUAL_DRAWS, 1},
    };
    int code = EXIT_OUR_BUG;

    if (request.native.paths && request.virtual.paths) {
        command_line_parse(&argp, 0, argc, argv, &request);
        code = run_request(&request);
    } else {
        command_out_of_memory(request.program);
    }
    free(request.native.paths);
    free(request.virtual.paths);
    return code;
}

const struct command command_fit = {"fit", "make profiles of what vhpc-measure has measured", run};
