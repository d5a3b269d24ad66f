#include "dgemm.h"
#include "rules.h"

#include <errno.h>
#include <stdlib.h>

enum { SLOT_RATE_FLOPS };

static void multiply_part(const void *plan, long iteration, struct rank *rank, void *state)
{
    const struct dgemm_spec *spec = plan;
    const struct work work = work_dgemm(spec->n, spec->n, spec->n);
    (void)iteration, (void)state;

    rank_barrier(rank, rank_world(rank));
    const double start_s = rank_time_s(rank);
    rank_compute(rank, &work);
    rank_record(rank, SLOT_RATE_FLOPS, work.flops / (rank_time_s(rank) - start_s));
}

static const struct phase dgemm_phases[] = {
    {.name = "matrix multiplication", .part = multiply_part},
    {.name = "rates to rank 0", .part = hpcc_report_part},
};
enum { N_PHASES = sizeof dgemm_phases / sizeof dgemm_phases[0] };

static bool dgemm_step(const void *plan, long index, struct step *step)
{
    (void)plan;
    *step = (struct step){(int)index, 0};
    return index < N_PHASES;
}

static int dgemm_program_new(const void *spec, int n_ranks, struct program *program)
{
    struct dgemm_spec *plan = calloc(1, sizeof(struct dgemm_spec));

    if (!plan)
        return -ENOMEM;
    *plan = *(const struct dgemm_spec *)spec;
    *program = (struct program){.phases = dgemm_phases,
                                .n_phases = N_PHASES,
                                .plan = plan,
                                .n_ranks = plan->ranks == RANKS_SINGLE ? 1 : n_ranks,
                                .step = dgemm_step};
    return 0;
}

static void dgemm_check(const void *spec_, const struct scenario *scenario,
                        struct diagnostics *diagnostics)
{
    const struct dgemm_spec *spec = spec_;
    check_rank_memory(scenario, diagnostics, "workload.n", 3.0 * spec->n * spec->n * MPI_DOUBLE_B);
}

static int dgemm_metrics(const void *spec, const struct outcome *outcome, struct metric metrics[])
{
    const struct record *rate = &outcome->records[SLOT_RATE_FLOPS];
    const double mean_flops = rate->sum / (double)rate->n;
    (void)spec;

    metrics[0] = (struct metric){"dgemm_gflops", "GFLOPS", mean_flops * 1e-9, true, 4};
    metrics[1] = (struct metric){"dgemm_min_gflops", "GFLOPS", rate->min * 1e-9, true, 4};
    metrics[2] = (struct metric){"dgemm_max_gflops", "GFLOPS", rate->max * 1e-9, true, 4};
    return 3;
}

static const struct field dgemm_fields[] = {
    {.key = "ranks",
     .kind = FIELD_CHOICE,
     .choices = ranks_at_work_names,
     .fallback = "star",
     .help = "star: every rank multiplies at once; single: one does, the other cores are idle.",
     .offset = offsetof(struct dgemm_spec, ranks)},
    {.key = "n",
     FIELD_COUNT_UP_TO(1e6),
     .fallback = "4000",
     .help = "Order of the matrices; HPCC takes sqrt(N^2 / (3 P Q)) of HPL's N, P and Q.",
     .offset = offsetof(struct dgemm_spec, n)},
    {0}};

const struct workload workload_dgemm = {
    .name = "dgemm",
    .help = "HPCC's DGEMM, star or single: matrix multiplication on every rank or on one",
    .about = "Multiplies two N x N matrices: on every rank at once (star) or on one rank while the "
             "others rest (single). No communication but the results. The rate is 2 N^3 flops by "
             "the time of a rank.\n"
             "Blocks are reused from cache, so that the core's floating-point units decide, and "
             "star is nearly as fast as single unless cores share those units or their frequency. "
             "Guests lose little: some per cent for timer interrupts, page-table walks and what "
             "the host's daemons take; more where there are more vCPUs than cores. What is lost "
             "here is lost in HPL, too.",
    .fields = dgemm_fields,
    .spec_size = sizeof(struct dgemm_spec),
    .check = dgemm_check,
    .program_new = dgemm_program_new,
    .program_free = program_free_plan,
    .metrics = dgemm_metrics,
};
