#include "stream.h"

#include <errno.h>
#include <stdlib.h>

/* In the order in which they run; the number is also the slot of the kernel's times. */
enum kernel { KERNEL_COPY, KERNEL_SCALE, KERNEL_ADD, KERNEL_TRIAD, N_KERNELS };

static const struct {
    double flops; /* per element */
    double bytes; /* per element */
} kernels[N_KERNELS] = {[KERNEL_COPY] = {0.0, 2.0 * MPI_DOUBLE_B},
                        [KERNEL_SCALE] = {1.0, 2.0 * MPI_DOUBLE_B},
                        [KERNEL_ADD] = {1.0, 3.0 * MPI_DOUBLE_B},
                        [KERNEL_TRIAD] = {2.0, 3.0 * MPI_DOUBLE_B}};

static void run_kernel(const struct stream_spec *spec, enum kernel kernel, bool counts,
                       struct rank *rank)
{
    const double n = (double)spec->n_elements;
    const struct work work =
        work_of(WORK_MEMORY, n * kernels[kernel].flops, n * kernels[kernel].bytes);
    struct comm *world = rank_world(rank);

    rank_barrier(rank, world);
    const double start_s = rank_time_s(rank);
    rank_compute(rank, &work);
    rank_barrier(rank, world);
    if (counts)
        rank_record(rank, kernel, rank_time_s(rank) - start_s);
}

static void iteration_part(const void *plan, long iteration, struct rank *rank, void *state)
{
    (void)state;
    for (int kernel = 0; kernel < N_KERNELS; kernel++)
        run_kernel(plan, (enum kernel)kernel, iteration > 0, rank);
}

/* Least times of all ranks; errors, failures; then least, sum and greatest rate of each kernel. */
static void reduce_part(const void *plan, long iteration, struct rank *rank, void *state)
{
    const struct stream_spec *spec = plan;
    struct comm *world = rank_world(rank);
    (void)iteration, (void)state;

    rank_allreduce(rank, world, (uint64_t)spec->n_iterations * N_KERNELS * MPI_DOUBLE_B);
    rank_gather(rank, world, 0, (uint64_t)3 * MPI_DOUBLE_B);
    rank_reduce(rank, world, 0, MPI_INT_B);
    rank_allreduce(rank, world, MPI_INT_B);
    for (int i = 0; i < 3 * N_KERNELS; i++)
        rank_reduce(rank, world, 0, MPI_DOUBLE_B);
    for (int kernel = 0; kernel < N_KERNELS; kernel++)
        rank_bcast(rank, world, 0, MPI_DOUBLE_B);
}

enum stream_phase { PHASE_ITERATION, PHASE_REDUCE };
static const struct phase stream_phases[] = {
    [PHASE_ITERATION] = {.name = "copy, scale, add, triad", .part = iteration_part},
    [PHASE_REDUCE] = {.name = "times to rank 0", .part = reduce_part},
};

static bool stream_step(const void *plan, long index, struct step *step)
{
    const struct stream_spec *spec = plan;

    *step = index < spec->n_iterations ? (struct step){PHASE_ITERATION, index}
                                       : (struct step){PHASE_REDUCE, 0};
    return index <= spec->n_iterations;
}

static int stream_program_new(const void *spec, int n_ranks, struct program *program)
{
    struct stream_spec *plan = calloc(1, sizeof(struct stream_spec));

    if (!plan)
        return -ENOMEM;
    *plan = *(const struct stream_spec *)spec;
    *program = (struct program){.phases = stream_phases,
                                .n_phases = (int)(sizeof stream_phases / sizeof stream_phases[0]),
                                .plan = plan,
                                .n_ranks = plan->ranks == RANKS_SINGLE ? 1 : n_ranks,
                                .step = stream_step};
    return 0;
}

static void stream_check(const void *spec_, const struct scenario *scenario,
                         struct diagnostics *diagnostics)
{
    const struct stream_spec *spec = spec_;
    check_rank_memory(scenario, diagnostics, "workload.elements",
                      3.0 * (double)spec->n_elements * MPI_DOUBLE_B);
}

static double kernel_GBps(const struct stream_spec *spec, const struct outcome *outcome,
                          enum kernel kernel)
{
    return (double)spec->n_elements * kernels[kernel].bytes / outcome->records[kernel].min * 1e-9;
}

static int stream_metrics(const void *spec_, const struct outcome *outcome, struct metric metrics[])
{
    const struct stream_spec *spec = spec_;
    const double triad_GBps = kernel_GBps(spec, outcome, KERNEL_TRIAD);
    const double n_ranks =
        (double)outcome->records[KERNEL_TRIAD].n / (double)(spec->n_iterations - 1);

    metrics[0] = (struct metric){"triad_GBps", "GB/s", triad_GBps, true, 4};
    metrics[1] = (struct metric){"triad_system_GBps", "GB/s", n_ranks * triad_GBps, true, 4};
    metrics[2] =
        (struct metric){"copy_GBps", "GB/s", kernel_GBps(spec, outcome, KERNEL_COPY), true, 4};
    metrics[3] =
        (struct metric){"scale_GBps", "GB/s", kernel_GBps(spec, outcome, KERNEL_SCALE), true, 4};
    metrics[4] =
        (struct metric){"add_GBps", "GB/s", kernel_GBps(spec, outcome, KERNEL_ADD), true, 4};
    return 5;
}

static const struct field stream_fields[] = {
    {.key = "ranks",
     .kind = FIELD_CHOICE,
     .choices = ranks_at_work_names,
     .fallback = "star",
     .help = "star: every rank streams at once; single: one does, the other cores are idle.",
     .offset = offsetof(struct stream_spec, ranks)},
    {.key = "elements",
     .kind = FIELD_LONG,
     .min = 1,
     .max = 1e12,
     .fallback = "20000000",
     .help = "Elements of each of the three arrays; HPCC takes N^2 / (3 P Q) of HPL's N, P and Q.",
     .offset = offsetof(struct stream_spec, n_elements)},
    {.key = "iterations",
     .kind = FIELD_COUNT,
     .min = 2,
     .max = 10000,
     .fallback = "10",
     .help = "Times that the four kernels run; the first is not counted.",
     .offset = offsetof(struct stream_spec, n_iterations)},
    {0}};

const struct workload workload_stream = {
    .name = "stream",
    .help = "HPCC's STREAM, star or single: copy, scale, add and triad on every rank or on one",
    .about = "Walks through arrays far larger than any cache with four kernels: copy, scale, add "
             "and triad, on every rank at once (star) or on one (single). The rate is the bytes "
             "that the kernel names by the best time.\n"
             "Only memory counts. A single rank seldom takes all of the bandwidth of a node, and "
             "all ranks together share it: star divided by single tells how many cores the memory "
             "feeds, which is what memory-bound codes (sparse solvers, stencils) will see. Guests "
             "lose a little to two-level page tables; small pages, or a guest spread over two "
             "sockets, cost more.",
    .fields = stream_fields,
    .spec_size = sizeof(struct stream_spec),
    .check = stream_check,
    .program_new = stream_program_new,
    .program_free = program_free_plan,
    .metrics = stream_metrics,
};
