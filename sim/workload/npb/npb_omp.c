/*
 * npb_omp.c - the workload `npb_omp`: one kernel of one class, as NPB's OpenMP programs run it.
 *
 * Threads are ranks of the engine in one domain. Of each region a thread takes the iterations that
 * a static schedule gives it, and a barrier ends the region. Data were touched first by the threads
 * that most regions give them to, so they are near; a region that cuts the grid the other way finds
 * them on any socket.
 *
 * LU's triangular solves walk the planes in order, and threads follow each other through a plane:
 * the last one starts as many planes late as there are threads before it. That delay is booked as
 * its computing. Left out: schedulers that move threads, false sharing, threads that wait for a
 * vCPU which the host has preempted, and IS' dynamic schedule, which counts as even.
 */
#include "npb_omp.h"

#include "npb_region.h"
#include "npb_walk.h"

#include "sim/input/scenario.h"
#include "sim/workload/shared.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct omp_plan {
    struct npb_case problem; /* first, as npb_walk() wants it */
    struct npb_region regions[NPB_MAX_REGIONS];
    int n_regions;
    int n_threads;
    double barrier_s;
};

/* Slots of a run; a suite's parts have as many each. */
enum { SLOT_TIME_S, N_SLOTS };
enum { PART_THREADS, PART_ONE_THREAD, N_PARTS };

/* --- what a thread does ---------------------------------------------------------------------- */

double npb_omp_share(double n_slices, int n_threads, int number)
{
    const double each = floor(n_slices / n_threads);
    const double rest = n_slices - each * n_threads;
    return (each + (number < rest ? 1.0 : 0.0)) / n_slices;
}

/* Threads that have a part in the region. */
static int threads_at_work(const struct omp_plan *plan, const struct npb_region *region)
{
    return region->n_slices < plan->n_threads ? (int)region->n_slices : plan->n_threads;
}

/* How much longer than its own work a thread of a pipeline takes: the last one until it starts. */
static double pipeline_factor(const struct omp_plan *plan, const struct npb_region *region,
                              int number)
{
    const int last = threads_at_work(plan, region) - 1;
    return region->n_planes > 0.0 && number == last ? 1.0 + last / region->n_planes : 1.0;
}

/* A barrier, or in a pipeline one step of synchronization a plane and two threads. */
static double synchronization_s(const struct omp_plan *plan, const struct npb_region *region)
{
    const int n = threads_at_work(plan, region);
    const double pairs_s = plan->barrier_s * ceil(log2(plan->n_threads));
    return region->n_planes > 0.0 && n > 1 ? plan->barrier_s * (region->n_planes + n - 1) + pairs_s
                                           : pairs_s;
}

static void run_region(const struct omp_plan *plan, const struct npb_region *region,
                       struct rank *rank)
{
    const int number = rank_number(rank);
    const double share = npb_omp_share(region->n_slices, plan->n_threads, number);
    struct work work = npb_region_work(region, share);

    work.scattered = region->scattered;
    work.flops *= pipeline_factor(plan, region, number);
    work.bytes *= pipeline_factor(plan, region, number);
    rank_compute(rank, &work);
    rank_join(rank, rank_world(rank), synchronization_s(plan, region));
}

static void start_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct omp_plan *plan = plan_;
    struct npb_timer *timer = state;
    (void)iteration;

    npb_timer_start(timer, rank);
    for (int i = 0; i < plan->n_regions; i++)
        for (int pass = 0; pass < plan->regions[i].n_once; pass++)
            run_region(plan, &plan->regions[i], rank);
}

static void iteration_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct omp_plan *plan = plan_;
    (void)iteration, (void)state;

    for (int i = 0; i < plan->n_regions; i++)
        for (int pass = 0; pass < plan->regions[i].n_passes; pass++)
            run_region(plan, &plan->regions[i], rank);
}

static void end_part(const void *plan, long iteration, struct rank *rank, void *state)
{
    const struct npb_timer *timer = state;
    (void)plan, (void)iteration;

    npb_timer_stop(timer, rank);
}

static const struct phase omp_phases[N_NPB_PHASES] = {
    [NPB_START] = {.name = "setup", .part = start_part},
    [NPB_ITERATION] = {.name = "iteration", .part = iteration_part},
    [NPB_END] = {.name = "end", .part = end_part},
};

/* --- the program ----------------------------------------------------------------------------- */

static int one_program_new(const struct npb_omp_spec *spec, int n_threads, struct program *program)
{
    struct omp_plan *plan = calloc(1, sizeof *plan);

    if (!plan)
        return -ENOMEM;
    plan->problem = npb_spec_case(&spec->npb);
    if (plan->problem.n_iterations == 0)
        plan->problem.n_iterations = 1; /* EP has one pass and no iterations to choose */
    plan->n_regions = npb_regions(npb_spec_kernel(&spec->npb), plan->problem.class, plan->regions);
    plan->n_threads = n_threads;
    plan->barrier_s = spec->synchronization_s.value;
    *program = npb_walk(omp_phases, plan, n_threads, sizeof(struct npb_timer));
    return 0;
}

static void omp_program_free(struct program *program)
{
    struct program *parts = (struct program *)program->parts;

    for (int i = 0; i < program->n_parts; i++)
        program_free_plan(&parts[i]);
    free(parts);
    program_free_plan(program);
}

static int comparison_new(const struct npb_omp_spec *spec, int n_threads, struct program *program)
{
    struct program *parts = calloc(N_PARTS, sizeof *parts);

    if (!parts)
        return -ENOMEM;
    if (one_program_new(spec, n_threads, &parts[PART_THREADS]) < 0 ||
        one_program_new(spec, 1, &parts[PART_ONE_THREAD]) < 0) {
        *program = (struct program){.parts = parts, .n_parts = N_PARTS};
        omp_program_free(program);
        return -ENOMEM;
    }
    *program = program_suite(N_PARTS, parts, N_SLOTS);
    return 0;
}

/* The scenario's ranks are the threads: see omp_ranks() and omp_check(). */
static int omp_program_new(const void *spec_, int n_ranks, struct program *program)
{
    const struct npb_omp_spec *spec = spec_;

    return spec->compares ? comparison_new(spec, n_ranks, program)
                          : one_program_new(spec, n_ranks, program);
}

/* --- scenario -------------------------------------------------------------------------------- */

static int omp_ranks(const void *spec_)
{
    const struct npb_omp_spec *spec = spec_;
    return spec->n_threads;
}

static bool check_one_system(const struct scenario *scenario, struct diagnostics *diagnostics)
{
    const bool is_native = scenario->virtualization.technology.kind == VIRT_NATIVE;

    if (scenario->cluster.n_nodes > 1)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "cluster.nodes",
                            "set nodes to 1, or take the workload npb for MPI",
                            "OpenMP threads share one node's memory, the cluster has %d nodes",
                            scenario->cluster.n_nodes);
    else if (!is_native && scenario->virtualization.vms_per_node > 1)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "virtualization.vms_per_node",
                            "set vms_per_node to 1",
                            "OpenMP threads share one guest's memory, the node has %d guests",
                            scenario->virtualization.vms_per_node);
    else
        return true;
    return false;
}

static void check_threads(const struct scenario *scenario, int n_threads,
                          struct diagnostics *diagnostics)
{
    const bool is_native = scenario->virtualization.technology.kind == VIRT_NATIVE;
    const int room =
        is_native ? node_threads(&scenario->cluster.node) : scenario->virtualization.vcpus;

    if (n_threads > room)
        diagnostics_add_key(diagnostics, SEVERITY_WARNING, "workload.threads",
                            "every barrier then waits for threads that have no core",
                            "%d threads on %d %s", n_threads, room, platform_core_name(scenario));
}

static void omp_check(const void *spec_, const struct scenario *scenario,
                      struct diagnostics *diagnostics)
{
    const struct npb_omp_spec *spec = spec_;
    const int n_threads = platform_rank_count(scenario);

    if (!npb_check_class(&spec->npb, diagnostics) || !check_one_system(scenario, diagnostics))
        return;
    if (spec->n_threads > 0 && spec->n_threads != n_threads) {
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "ranks", "leave ranks out",
                            "%d ranks are not the %d threads", n_threads, spec->n_threads);
        return;
    }
    check_threads(scenario, n_threads, diagnostics);
    const struct npb_case problem = npb_spec_case(&spec->npb);
    check_rank_memory(scenario, diagnostics, "workload.class",
                      npb_spec_kernel(&spec->npb)->memory_B(&problem, 1) / n_threads);
}

/* --- results --------------------------------------------------------------------------------- */

static double part_time_s(const struct outcome *outcome, int part)
{
    struct outcome of_part;
    program_part_outcome(outcome, N_SLOTS, part, &of_part);
    return of_part.records[SLOT_TIME_S].max;
}

static int omp_metrics(const void *spec_, const struct outcome *outcome, struct metric metrics[])
{
    const struct npb_omp_spec *spec = spec_;
    const struct npb_case problem = npb_spec_case(&spec->npb);
    const double time_s =
        spec->compares ? part_time_s(outcome, PART_THREADS) : outcome->records[SLOT_TIME_S].max;
    int n = 0;

    metrics[n++] = (struct metric){"npb_mops", "Mop/s",
                                   npb_spec_kernel(&spec->npb)->mop(&problem) / time_s, true, 3};
    metrics[n++] = (struct metric){"npb_s", "s", time_s, false, 3};
    if (spec->compares) {
        const double speedup = part_time_s(outcome, PART_ONE_THREAD) / time_s;
        metrics[n++] = (struct metric){"npb_speedup", "", speedup, true, 3};
        metrics[n++] = (struct metric){"npb_efficiency", "", speedup / outcome->n_ranks, true, 3};
    }
    return n;
}

static void omp_print(const void *spec_, const struct scenario *scenario, int n,
                      const struct metric metrics[], FILE *out)
{
    const struct npb_omp_spec *spec = spec_;
    const struct npb_case problem = npb_spec_case(&spec->npb);
    const struct npb_workers threads = {platform_rank_count(scenario), "Total threads",
                                        "Avail threads", "Mop/s/thread"};

    npb_print_results(npb_spec_kernel(&spec->npb), &problem, &threads,
                      metric_find(n, metrics, "npb_s")->value,
                      metric_find(n, metrics, "npb_mops")->value, out);
}

static_assert(offsetof(struct npb_omp_spec, npb) == 0, "NPB's rows fill the beginning");

static const struct field omp_fields[] = {
    NPB_ROWS,
    {.key = "threads",
     .kind = FIELD_COUNT,
     .min = 0,
     .max = 4096,
     .fallback = "0",
     .help = "OpenMP threads; 0 or left out: one on each core or vCPU. Hardware threads beyond the "
             "cores share them (threads_per_core and smt_yield of the node).",
     .offset = offsetof(struct npb_omp_spec, n_threads)},
    {.key = "synchronization",
     .kind = FIELD_PARAMETER,
     .dimension = DIMENSION_TIME,
     .min = 0.0,
     .max = 1.0,
     .fallback = "0.5 us",
     .help = "Fork and join, or a barrier, of two threads; each doubling of the threads adds as "
             "much. EPCC's OpenMP microbenchmarks (J. M. Bull, EWOMP 1999) measure it: 1 to 5 us "
             "for 16 threads, so 0.2 to 1.3 us here.",
     .offset = offsetof(struct npb_omp_spec, synchronization_s)},
    {.key = "speedup",
     .kind = FIELD_BOOL,
     .fallback = "false",
     .help =
         "Whether to run one thread too and tell the speed-up over it; layers are then those of "
         "both runs together.",
     .offset = offsetof(struct npb_omp_spec, compares)},
    {0}};

const struct workload workload_npb_omp = {
    .name = "npb_omp",
    .help = "NAS Parallel Benchmarks (OpenMP): one kernel of one class on the threads of one node",
    .about =
        "One of NASA's NAS Parallel Benchmarks as its OpenMP program of NPB 3.3 runs it on the "
        "threads of one node or one guest: every loop nest is dealt to the threads in whole "
        "planes, rows or keys, and a barrier ends it. No message is sent, so this is the "
        "workload that tells what virtualization does to cores and memory alone.\n"
        "EP computes and nothing else: it scales with the cores, and hardware threads help, as "
        "its chains of dependent operations leave units idle. MG and CG stream through memory: a "
        "few threads saturate a socket, and more add nothing; small classes stay in caches and "
        "scale. BT, SP, LU and FT are between, and grids of n points along an edge leave threads "
        "idle when n - 2 planes do not divide by them. LU's solves run as a pipeline that has to "
        "fill, with a synchronization for every plane. A guest that spans sockets and does not see "
        "them (numa: hidden) finds half of its data and more on the other ones: memory-bound "
        "kernels slow down by as much as remote memory is slower.",
    .fields = omp_fields,
    .spec_size = sizeof(struct npb_omp_spec),
    .default_ranks = omp_ranks,
    .check = omp_check,
    .program_new = omp_program_new,
    .program_free = omp_program_free,
    .metrics = omp_metrics,
    .print = omp_print,
};
