/*
 * cmd_drift.c - `vhpcsim drift`: whether a machine still is what its profiles say.
 */
#include "calibration/fit/drift.h"
#include "calibration/fit/fit_document.h"
#include "command.h"
#include "command_changes.h"
#include "command_line.h"
#include "command_profile.h"
#include "command_raw.h"
#include "command_trouble.h"
#include "interruption.h"
#include "outputs.h"
#include "sim/result/result_json.h"
#include "sim/result/table_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_PROFILE = KEY_OF_COMMAND, KEY_MARGIN, KEY_ALL, KEY_FORCE, KEY_EXIT_STATUS };

enum { DRAWS = 400 };

struct request {
    const char *program;
    const char **raws, **profiles; /* room for one per word each */
    int n_raws, n_profiles;
    double margin;
    bool is_forced, shows_all, sets_status;
    struct outputs outputs;
};

/* What the printers need. */
struct report {
    const struct request *request;
    const struct drift *drift;
    int n_launches; /* of the probe */
};

/* --- the command line ---------------------------------------------------------------------------
 */

static const struct argp_option options[] = {
    {"profile", KEY_PROFILE, "PROFILE", 0,
     "What the machine was: a profile, or the folder that a fit has written; may be given again "
     "for "
     "another kind",
     0},
    {"margin", KEY_MARGIN, "PERCENT", 0, "Differences up to this are none; default 3", 0},
    {"all", KEY_ALL, NULL, 0, "Show what did not move, too", 0},
    {"force", KEY_FORCE, NULL, 0, "Use launches too that were refused when they were measured", 0},
    {"exit-status", KEY_EXIT_STATUS, NULL, 0, "End with status 1 where something moved", 0},
    OUTPUT_JSON,
    {"quiet", 'q', NULL, 0, "Print the answer alone", 0},
    {NULL, 0, NULL, 0, NULL, 0}};

static const char doc[] =
    "Says whether a machine still is what its profiles say, in the light of a short probe: RAW "
    "files "
    "of vhpc-measure --budget 5min."
    "\v"
    "What the probe has measured is compared with what the profiles say. Something has *moved* "
    "where "
    "it differs by more than the margin, and by more than one in twenty probes of an unchanged "
    "machine would show anywhere; it is *within margin* where its interval leaves no doubt of "
    "that, "
    "and *undecided* else. Messages and matrix multiplies are compared as the times that they "
    "take, "
    "range by range, as pieces and terms of two fits begin and trade places elsewhere.\n"
    "\n"
    "A probe of one launch does not know what launches differ by. vhpc-calibrate --drift FOLDER "
    "runs "
    "three short ones, and then this.\n"
    "\n"
    "Examples:\n"
    "  vhpc-calibrate --drift january/profiles -o today -- mpirun -n 2 --host a,b\n"
    "  vhpcsim drift today/measured.raw --profile january/profiles --exit-status\n"
    "  vhpcsim fit today/measured.raw -o now    # and then, what it does to a scenario:\n"
    "  vhpcsim diff january/profiles/mpi.yaml now/mpi.yaml --scenario "
    "january/profiles/scenario.yaml\n"
    "\n"
    "Exit status: 0 done, 1 with --exit-status: something moved, 64 command line, 65 invalid "
    "input, "
    "or nothing in common, 66 cannot read, 70 our bug, 73 cannot write, 130 interrupted.";

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case KEY_PROFILE:
        request->profiles[request->n_profiles++] = word;
        return 0;
    case KEY_MARGIN:
        request->margin = command_margin(word, state);
        return 0;
    case KEY_ALL:
        request->shows_all = true;
        return 0;
    case KEY_FORCE:
        request->is_forced = true;
        return 0;
    case KEY_EXIT_STATUS:
        request->sets_status = true;
        return 0;
    case ARGP_KEY_ARG:
        request->raws[request->n_raws++] = word;
        return 0;
    case ARGP_KEY_END:
        if (request->n_raws == 0)
            argp_error(state, "no file of measurements given");
        if (request->n_profiles == 0)
            argp_error(state, "nothing to compare with: give --profile FOLDER, as a fit wrote it");
        outputs_settle(&request->outputs, state);
        return 0;
    default:
        return outputs_parse(key, word, &request->outputs);
    }
}

/* --- what is printed -----------------------------------------------------------------------------
 */

/* "2 of 41 numbers moved: this is not the machine of the profiles; of 3 nobody can tell..." */
static void print_answer(const struct report *report, FILE *out)
{
    const struct profile_changes *changes = &report->drift->changes;
    const int *n_of = changes->n_of;
    const int n_same = n_of[CHANGE_NONE] + n_of[CHANGE_WITHIN];
    if (n_of[CHANGE_MOVED] > 0)
        fprintf(out, "The machine has changed: %d of %d numbers moved", n_of[CHANGE_MOVED],
                changes->n);
    else
        fprintf(out, "Nothing is seen to have moved");
    fprintf(out, ", %d are the same within %g %%", n_same, 100.0 * report->request->margin);
    if (n_of[CHANGE_UNDECIDED] > 0)
        fprintf(out, ", of %d this probe cannot tell", n_of[CHANGE_UNDECIDED]);
    if (report->drift->n_unprobed > 0)
        fprintf(out, ", %d were not probed", report->drift->n_unprobed);
    fprintf(out, ".\n");
}

static void print_unprobed(const struct drift *drift, bool color, FILE *out)
{
    if (drift->n_unprobed == 0)
        return;
    print_heading("Not probed", color, out);
    for (int i = 0; i < drift->n_unprobed; i++)
        fprintf(out, "  %s\n", drift->unprobed[i]);
}

static int print_report(const struct report *report, bool color, FILE *out)
{
    print_answer(report, out);
    if (report->request->outputs.is_quiet)
        return 0;
    const int status =
        changes_print(&report->drift->changes, "profile", "probe", report->request->shows_all, out);
    print_unprobed(report->drift, color, out);
    if (report->n_launches < 2)
        fprintf(out, "\nOne launch does not tell what launches differ by: repeat it before you "
                     "believe what moved by little.\n");
    return status;
}

static json_t *report_json(const struct report *report)
{
    const struct drift *drift = report->drift;
    json_t *unprobed = json_array();
    for (int i = 0; i < drift->n_unprobed; i++)
        json_array_append_new(unprobed, json_string(drift->unprobed[i]));
    return json_pack("{s:s, s:f, s:b, s:i, s:o, s:o}", "schema", "vhpcsim-drift/1", "margin",
                     report->request->margin, "moved", drift->changes.n_of[CHANGE_MOVED] > 0,
                     "launches", report->n_launches, "parameters", changes_json(&drift->changes),
                     "not_probed", unprobed);
}

static int print_drift(const void *context, enum format format, const struct outputs *outputs,
                       bool color, FILE *out)
{
    const struct report *report = context;
    (void)outputs;
    return format == FORMAT_JSON ? result_json_print(report_json(report), out)
                                 : print_report(report, color, out);
}

/* --- the command
 * -----------------------------------------------------------------------------------
 */

static int count_launches(const struct dataset *dataset)
{
    int n = 0;
    for (int i = 0; i < dataset->n_launches; i++)
        n += dataset->launches[i].is_used;
    return n;
}

static int write_drift(const struct request *request, const struct dataset *dataset,
                       const struct drift *drift)
{
    const struct report report = {request, drift, count_launches(dataset)};
    if (drift->changes.n == 0) {
        fprintf(stderr,
                "%s: nothing of what these profiles say was probed; of messages, link and mpi "
                "profile together tell times\n",
                request->program);
        return EXIT_INVALID_INPUT;
    }
    const int code = outputs_write(request->program, &request->outputs, print_drift, &report);
    const bool has_moved = drift->changes.n_of[CHANGE_MOVED] > 0;
    return code == EXIT_DONE && request->sets_status && has_moved ? EXIT_OFF : code;
}

static int compare(const struct request *request, struct profile *const stored[N_FIT_PARTS],
                   const struct dataset *dataset)
{
    char reason[512] = "";
    struct fit_document document;
    struct drift drift;
    const struct fit_options how = {
        .resampling = {DRAWS, 1}, .skips_operations = true, .interrupted = interruption_catch()};
    const struct profile *borrowed[N_FIT_PARTS];
    for (int part = 0; part < N_FIT_PARTS; part++)
        borrowed[part] = stored[part];
    int code = EXIT_OUR_BUG;
    const int status = fit_document_make(dataset, NULL, &how, &document, reason, sizeof reason);
    if (status != 0)
        fprintf(stderr, "%s: %s\n", request->program, reason[0] ? reason : strerror(-status));
    else if (document.profiles.n == 0)
        code = command_explain_no_profile(request->program, &document.fitted);
    else {
        code = drift_init(&drift, borrowed, &document.fitted, request->margin) == 0
                   ? write_drift(request, dataset, &drift)
                   : command_out_of_memory(request->program);
        drift_release(&drift);
    }
    fit_document_release(&document);
    return code;
}

static int run_request(const struct request *request)
{
    struct profile *stored[N_FIT_PARTS] = {NULL};
    struct dataset *dataset = NULL;
    int code = command_read_profiles(request->program, "--profile", request->n_profiles,
                                     request->profiles, stored);
    if (code == EXIT_DONE)
        code = command_read_raws(request->program, request->n_raws, request->raws,
                                 request->is_forced, &dataset);
    if (code == EXIT_DONE)
        code = outputs_check(request->program, &request->outputs);
    if (code == EXIT_DONE) {
        dataset_warn(dataset, command_tell_warning, (void *)request->program);
        code = compare(request, stored, dataset);
    }
    dataset_free(dataset);
    for (int part = 0; part < N_FIT_PARTS; part++)
        profile_free(stored[part]);
    return code;
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {options, parse_word, "RAW...", doc, NULL, NULL, NULL};
    struct request request = {.program = argv[0],
                              .raws = calloc((size_t)argc, sizeof(char *)),
                              .profiles = calloc((size_t)argc, sizeof(char *)),
                              .margin = usual_margin};
    int code;

    if (request.raws && request.profiles) {
        command_line_parse(&argp, 0, argc, argv, &request);
        code = run_request(&request);
    } else {
        code = command_out_of_memory(request.program);
    }
    free(request.raws);
    free(request.profiles);
    return code;
}

const struct command command_drift = {"drift",
                                      "say whether a machine still is what its profiles say", run};
