/*
 * main.c - vhpc-measure: one launch of a measurement.
 *
 * All ranks see where they are and what machine it is; rank 0 opens the file, judges the machine
 * and plans; then it leads the others from visit to visit (conduct.h).
 */
#include "clock.h"
#include "conduct.h"
#include "environment.h"
#include "gather.h"
#include "line.h"
#include "network.h"
#include "options.h"
#include "places.h"
#include "remarks.h"
#include "report.h"
#include "thresholds.h"

#include "sim/command.h"
#include "sim/interruption.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of medians, that is enough: guests are noisier than their hosts. */
static const double native_precision = 0.02, virtual_precision = 0.05;

static const int n_message_sizes[] = {[QUICK] = 20, [USUAL] = 60, [FULL] = 80};

/* Detours and thresholds may take this much longer than a visit. */
static const double surveys_s = 60.0;

static double spent_before_s; /* of the launch, by processes before this one */

static double spent_s(void)
{
    return spent_before_s + clock_now_s();
}

/* What the ranks know, and what rank 0 has besides. */
struct run {
    struct options options;
    struct measure measure;
    struct places places;
    struct crew crew;
    struct clock_quality clock;
    struct gathered gathered;
    json_t *remarks;
    int n_thresholds;
    struct raw_threshold thresholds[THRESHOLDS_MAX];
    struct plan plan;
    struct recorder *recorder;
    struct watchdog *watchdog;
    bool is_broken; /* a rank does not answer, or MPI fails: nobody can be spoken to */
    const volatile sig_atomic_t *is_interrupted;
};

/* --- the machine ---------------------------------------------------------------------------- */

/* Returns 0 or an MPI error class. */
static int see(struct run *run)
{
    struct measure *measure = &run->measure;
    measure->world = MPI_COMM_WORLD;
    measure->seed = run->options.seed;
    measure->disk_folder = run->options.disk_folder;
#ifdef SMPI_H
    measure->is_simulated = true;
#endif
    MPI_Comm_set_errhandler(measure->world, MPI_ERRORS_RETURN);
    MPI_Comm_rank(measure->world, &measure->rank);
    MPI_Comm_size(measure->world, &measure->n_ranks);
    run->clock = clock_measure();
    measure->timer_overhead_s = run->clock.overhead_s;
    int error = places_gather(&run->places, measure);
    if (!error)
        error = crew_init(&run->crew, measure);
    if (!error && !measure->is_simulated)
        error = gather_environments(measure, &run->gathered);
    return error;
}

/* Says what is wrong with the machine. Returns an exit status. */
static int judge(struct run *run)
{
    run->remarks = run->gathered.domains ? remarks_find(run->gathered.domains, run->gathered.ranks)
                                         : json_array();
    if (!run->options.is_quiet || remarks_refuse(run->remarks))
        remarks_print(stderr, run->remarks, run->options.is_forced);
    return remarks_refuse(run->remarks) && !run->options.is_forced ? EXIT_OFF : EXIT_DONE;
}

static double precision(const struct run *run)
{
    const bool is_guest = !run->measure.is_simulated && environment_here().leaves.is_present;
    return is_guest ? virtual_precision : native_precision;
}

/* --- the file ------------------------------------------------------------------------------- */

/* The first line of a launch, but for its number. */
static json_t *describe_launch(const struct run *run, json_t *request)
{
    return json_pack("{s:s, s:s*, s:O, s:o, s:O*, s:{s:s, s:f, s:f}, s:b}", "preset",
                     thoroughness_name(run->options.thoroughness), "label", run->options.label,
                     "request", request, "ranks", places_json(&run->places), "mpi",
                     run->gathered.mpi, "clock", "source", run->clock.source, "resolution_s",
                     run->clock.resolution_s, "overhead_s", run->clock.overhead_s, "is_simulated",
                     run->measure.is_simulated);
}

/* Writes what the machine is. */
static void write_manifest(struct run *run)
{
    for (size_t i = 0; i < json_array_size(run->gathered.domains); i++) {
        json_t *environment = json_array_get(run->gathered.domains, i);
        recorder_line(run->recorder, json_pack("{s:O, s:o}", "environment", environment, "domain",
                                               places_domain_name(&run->places, (int)i)));
    }
    recorder_lines(run->recorder, run->remarks);
}

/* Opens the file and begins, or goes on with, a launch. Returns an exit status. */
static int open_file(struct run *run)
{
    int status;
    json_t *request = options_json(&run->options), *ranks = places_json(&run->places);
    run->recorder = recorder_open(run->options.output, request, ranks, run->options.has_seed,
                                  &run->measure.seed, &status);
    json_decref(ranks);
    if (run->recorder) {
        const struct history *history = recorder_history(run->recorder);
        spent_before_s = history->spent_s;
        recorder_begin(run->recorder, describe_launch(run, request));
        if (!history->is_resumed)
            write_manifest(run);
        recorder_write_if_due(run->recorder, INFINITY);
        if (!run->options.is_quiet)
            fprintf(stderr, "vhpc-measure: %s launch %d of %s\n",
                    history->is_resumed ? "going on with" : "beginning", history->launch,
                    run->options.output);
    }
    json_decref(request);
    return status;
}

/* --- cells ---------------------------------------------------------------------------------- */

/* Thresholds that the file has, if it has any: what this launch finds may differ a little, and
 * cells must not. */
static void plan_cells(struct run *run)
{
    const struct raw *raw = run->recorder ? recorder_raw(run->recorder) : NULL;
    const bool is_known = raw && raw->n_thresholds > 0;
    const struct plan_request request = {
        .thoroughness = run->options.thoroughness,
        .largest_message_B = run->options.largest_message_B,
        .n_sizes = n_message_sizes[run->options.thoroughness],
        .is_busy_wanted = true,
        .n_thresholds = is_known ? raw->n_thresholds : run->n_thresholds,
        .thresholds = is_known ? raw->thresholds : run->thresholds,
    };
    for (int i = 0; operations[i]; i++)
        if (options_want(&run->options, raw_operation_names[operations[i]->kind]))
            operations[i]->plan(&run->measure, &request, &run->plan);
}

/* Rank 0 alone has the file; the others' plans are not asked. */
static void number_cells(struct run *run)
{
    for (int i = 0; i < run->plan.n; i++)
        run->plan.cells[i].cell.number = recorder_cell(run->recorder, &run->plan.cells[i].cell);
}

/* Writes what any rank has to tell beside its visits. Returns 0 or an MPI error class. */
static int write_lines(struct run *run)
{
    json_t *lines;
    const int error = lines_gather(&run->measure, &lines);
    if (run->recorder)
        recorder_lines(run->recorder, lines);
    json_decref(lines);
    return error;
}

/* Returns 0 or an MPI error class. */
static int find_thresholds(struct run *run)
{
    const int n = thresholds_find(&run->measure, run->options.largest_message_B, run->thresholds);
    run->n_thresholds = n > 0 ? n : 0;
    return n < 0 ? -n : 0;
}

/* Once in each launch. Returns 0 or an MPI error class. */
static int survey(struct run *run, bool is_surveyed)
{
    watchdog_expect(run->watchdog, run->options.patience_s + surveys_s, false, "the thresholds");
    int error = network_connect(&run->measure);
    if (!error && !is_surveyed && options_want(&run->options, "thresholds"))
        error = find_thresholds(run);
    for (int i = 0; surveys[i] && !error && !is_surveyed; i++) {
        if (!options_want(&run->options, surveys[i]->name))
            continue;
        watchdog_expect(run->watchdog, run->options.patience_s + surveys_s, false,
                        surveys[i]->name);
        error = surveys[i]->run(&run->measure, run->options.thoroughness);
    }
    if (!error)
        error = write_lines(run);
    watchdog_rest(run->watchdog);
    return error;
}

/* Ranks tell each other of their machines, and fill the file of the disk. Returns 0 or an MPI error
 * class. */
static int plan_together(struct run *run)
{
    watchdog_expect(run->watchdog, run->options.patience_s + surveys_s, false, "the plan");
    plan_cells(run);
    const int error = write_lines(run);
    watchdog_rest(run->watchdog);
    return error;
}

/* --- the run -------------------------------------------------------------------------------- */

/* From rank 0 to all. */
struct start {
    int status; /* exit status; other than EXIT_DONE: there is nothing to do */
    int is_surveyed;
    unsigned long seed;
};

static struct start prepare(struct run *run)
{
    struct start start = {.status = EXIT_DONE};
    if (!run->options.is_list)
        start.status = judge(run);
    if (!run->options.is_list && start.status == EXIT_DONE)
        start.status = open_file(run);
    start.is_surveyed = run->recorder && recorder_history(run->recorder)->is_surveyed;
    start.seed = run->measure.seed;
    return start;
}

static int lead_launch(struct run *run)
{
    const struct conductor conductor = {.measure = &run->measure,
                                        .options = &run->options,
                                        .plan = &run->plan,
                                        .crew = &run->crew,
                                        .recorder = run->recorder,
                                        .watchdog = run->watchdog,
                                        .places = &run->places,
                                        .is_interrupted = run->is_interrupted,
                                        .precision = precision(run),
                                        .spent_s = spent_s};
    number_cells(run);
    return conduct(&conductor);
}

/* The same on all ranks until rank 0 leads. Returns the exit status. */
static int measure_all(struct run *run, bool is_surveyed)
{
    const struct watched watched = {&run->crew, &run->places, run->recorder, run->is_interrupted,
                                    spent_s};
    if (run->recorder)
        run->watchdog = watchdog_new(&watched);
    int error = survey(run, is_surveyed);
    if (!error)
        error = plan_together(run);
    int status = EXIT_DONE;
    if (!error && run->recorder)
        status = lead_launch(run);
    else if (!error)
        error = follow(&run->measure, &run->crew, run->is_interrupted);
    watchdog_free(run->watchdog);
    run->is_broken = error || status == EXIT_OFF;
    return error ? EXIT_OFF : status;
}

static int work(struct run *run)
{
    struct start start = {.status = EXIT_OFF};
    int error = see(run);
    if (!error && run->measure.rank == 0)
        start = prepare(run);
    if (!error)
        error = MPI_Bcast(&start, sizeof start, MPI_BYTE, 0, run->measure.world);
    watchdog_all_came();
    run->is_broken = error != 0;
    if (error || start.status != EXIT_DONE)
        return error ? EXIT_OFF : start.status;
    run->measure.seed = start.seed;
    if (!run->options.is_list)
        return measure_all(run, start.is_surveyed);
    plan_cells(run);
    if (run->measure.rank == 0)
        report_plan(&run->measure, &run->plan);
    return EXIT_DONE;
}

static void release(struct run *run)
{
    plan_release(&run->plan);
    gathered_release(&run->gathered);
    json_decref(run->remarks);
    places_release(&run->places);
    options_release(&run->options);
}

int main(int argc, char *argv[])
{
    struct run run = {.recorder = NULL};

    clock_now_s(); /* time begins */
    options_read(&run.options, argc, argv);
    watchdog_await_all(run.options.patience_s);
    /* Without threads, as most programs: Open MPI takes 25 ns more of each call where it is told
     * that there may be some. Ours leave MPI alone. */
    if (MPI_Init(&argc, &argv) != MPI_SUCCESS)
        return EXIT_OFF;
    run.is_interrupted = interruption_catch();
    int status = work(&run);
    if (recorder_close(run.recorder) != 0)
        status = EXIT_CANNOT_WRITE;
    if (run.is_broken)
        MPI_Abort(MPI_COMM_WORLD, status); /* who does not answer would not come to the end */
    crew_release(&run.crew);
    release(&run);
    MPI_Finalize();
    return status;
}
