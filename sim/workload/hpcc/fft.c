#include "fft.h"
#include "rules.h"

#include "sim/input/scenario.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { ELEMENT_B = 2 * MPI_DOUBLE_B };
enum { PASS_B = 2 * ELEMENT_B }; /* an element is read and written */
enum { MPI_VECTORS = 4, LOCAL_VECTORS = 2 };

/* FFTE transforms a vector up to this length at one go, in cache. */
enum { LONGEST_IN_CACHE = 21845 };

/* SMPI counts the doubles of an MPI_Alltoall in an int. */
enum { MOST_ELEMENTS_EXCHANGED = 1 << 29 };

/* What 64 bits count, by far. */
static const double most_elements = 0x1p60;

enum { SLOT_TIME_S, SLOT_RATE_FLOPS };

struct fft_plan {
    struct fft_spec spec;
    int n_ranks;
    int n_computing;
    int64_t n_elements;
};

int fft_n_computing(const struct fft_spec *spec, int n_ranks)
{
    int n = 1;

    if (spec->ranks != RANKS_MPI)
        return spec->ranks == RANKS_SINGLE ? 1 : n_ranks;
    while (n <= n_ranks / 2)
        n *= 2;
    return n;
}

int64_t fft_n_elements(const struct fft_spec *spec, int n_ranks)
{
    if (spec->ranks != RANKS_MPI)
        return hpcc_vector_power_of_two(spec->hpl_memory_B, LOCAL_VECTORS, ELEMENT_B);
    const int n = fft_n_computing(spec, n_ranks);
    int64_t n_exchanged = hpcc_vector_power_of_two(spec->hpl_memory_B, MPI_VECTORS * n, ELEMENT_B);
    while ((double)n_exchanged * n * n > most_elements)
        n_exchanged /= 2;
    return n_exchanged * n * n;
}

static double fft_flops(double n_elements)
{
    return 5.0 * n_elements * log2(n_elements);
}

/* --- work on a rank's elements -------------------------------------------------------------- */

/* `log2_length` is of the transforms' lengths, summed over the sides that are done. */
static void transform(struct rank *rank, double n_elements, double log2_length, double bytes)
{
    const struct work work = work_of(WORK_FFT, 5.0 * n_elements * log2_length, n_elements * bytes);
    rank_compute(rank, &work);
}

static void pass_over(struct rank *rank, double n_elements)
{
    transform(rank, n_elements, 0.0, PASS_B);
}

/* --- alone ---------------------------------------------------------------------------------- */

/* Long vectors are a matrix: its columns go to a second vector, whose rows are transformed in place
 * and go back transposed. The result is then copied. */
static void transform_alone(struct rank *rank, int64_t n_elements)
{
    const double n = (double)n_elements;

    if (n_elements <= LONGEST_IN_CACHE) {
        transform(rank, n, log2(n), PASS_B);
    } else {
        const double log2_columns = floor(log2(n) / 2.0);
        transform(rank, n, log2_columns, PASS_B);
        transform(rank, n, log2(n) - log2_columns, PASS_B + ELEMENT_B);
    }
    pass_over(rank, n);
}

static void local_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct fft_plan *plan = plan_;
    const double start_s = rank_time_s(rank);
    (void)iteration, (void)state;

    transform_alone(rank, plan->n_elements);
    const double time_s = rank_time_s(rank) - start_s;
    rank_record(rank, SLOT_TIME_S, time_s);
    rank_record(rank, SLOT_RATE_FLOPS, fft_flops((double)plan->n_elements) / time_s);
    pass_over(rank, (double)plan->n_elements); /* the inverse: conjugates, then scales */
    transform_alone(rank, plan->n_elements);
    pass_over(rank, (double)plan->n_elements);
}

/* --- together ------------------------------------------------------------------------------- */

/* Log2 of the sides of the cube: as equal as powers of two are, y the shortest; ranks divide x and
 * z. */
struct sides {
    int x, y, z;
};

static struct sides cube(int log2_elements, int log2_ranks)
{
    struct sides sides;

    sides.z = (log2_elements + 1) / 3 > log2_ranks ? (log2_elements + 1) / 3 : log2_ranks;
    sides.x = (log2_elements - sides.z + 1) / 2;
    sides.x = sides.x > log2_ranks ? sides.x : log2_ranks;
    sides.y = log2_elements - sides.x - sides.z;
    return sides;
}

static int64_t n_own_elements(const struct fft_plan *plan)
{
    return plan->n_elements / plan->n_computing;
}

/* A rank alone copies instead. */
static void exchange(const struct fft_plan *plan, struct rank *rank, struct comm *comm)
{
    const int64_t n_own = n_own_elements(plan);

    if (plan->n_computing == 1)
        pass_over(rank, (double)n_own);
    else
        rank_alltoall(rank, comm, (uint64_t)(n_own / plan->n_computing * ELEMENT_B));
}

static void transform_together(const struct fft_plan *plan, struct rank *rank, struct comm *comm)
{
    const double n_own = (double)n_own_elements(plan);
    const struct sides sides =
        cube((int)log2((double)plan->n_elements), (int)log2(plan->n_computing));

    pass_over(rank, n_own);
    exchange(plan, rank, comm);
    transform(rank, n_own, sides.z, PASS_B);
    exchange(plan, rank, comm);
    /* Along y a table of twiddle factors is read beside the elements, and the result of x is
     * written transposed. */
    transform(rank, n_own, sides.y, PASS_B + ELEMENT_B);
    transform(rank, n_own, sides.x, PASS_B + PASS_B);
    exchange(plan, rank, comm);
    pass_over(rank, n_own);
    pass_over(rank, n_own); /* to the vector that the caller gave */
}

static void transform_in(const struct fft_plan *plan, struct rank *rank, struct comm *comm)
{
    const double n_own = (double)n_own_elements(plan);

    rank_allreduce(rank, comm, MPI_INT_B);
    const double start_s = rank_time_s(rank);
    transform_together(plan, rank, comm);
    if (comm_rank(comm, rank) == 0)
        rank_record(rank, SLOT_TIME_S, rank_time_s(rank) - start_s);
    pass_over(rank, n_own); /* the inverse: conjugates, then scales */
    transform_together(plan, rank, comm);
    pass_over(rank, n_own);
    rank_allreduce(rank, comm, MPI_DOUBLE_B);
}

static void mpi_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct fft_plan *plan = plan_;
    const int number = rank_number(rank);
    struct comm *comm = rank_world(rank);
    (void)iteration, (void)state;

    if (plan->n_computing < plan->n_ranks)
        comm = rank_split(rank, comm, number < plan->n_computing ? 0 : -1, number);
    if (comm)
        transform_in(plan, rank, comm);
    rank_bcast(rank, rank_world(rank), 0, MPI_DOUBLE_B);
}

/* --- the program ---------------------------------------------------------------------------- */

enum fft_phase { PHASE_MPI, PHASE_LOCAL, PHASE_REPORT };
static const struct phase fft_phases[] = {
    [PHASE_MPI] = {.name = "transform over all ranks", .part = mpi_part},
    [PHASE_LOCAL] = {.name = "transform on each rank", .part = local_part},
    [PHASE_REPORT] = {.name = "rates to rank 0", .part = hpcc_report_part},
};

static bool fft_step(const void *plan_, long index, struct step *step)
{
    const struct fft_plan *plan = plan_;

    if (plan->spec.ranks == RANKS_MPI) {
        *step = (struct step){PHASE_MPI, 0};
        return index < 1;
    }
    *step = (struct step){index == 0 ? PHASE_LOCAL : PHASE_REPORT, 0};
    return index < 2;
}

static int fft_program_new(const void *spec, int n_ranks, struct program *program)
{
    struct fft_plan *plan = calloc(1, sizeof(struct fft_plan));

    if (!plan)
        return -ENOMEM;
    plan->spec = *(const struct fft_spec *)spec;
    plan->n_ranks = plan->spec.ranks == RANKS_SINGLE ? 1 : n_ranks;
    plan->n_computing = fft_n_computing(&plan->spec, n_ranks);
    plan->n_elements = fft_n_elements(&plan->spec, n_ranks);
    *program = (struct program){.phases = fft_phases,
                                .n_phases = (int)(sizeof fft_phases / sizeof fft_phases[0]),
                                .plan = plan,
                                .n_ranks = plan->n_ranks,
                                .step = fft_step};
    return 0;
}

/* --- scenario and results ----------------------------------------------------------------- */

static void fft_check(const void *spec_, const struct scenario *scenario,
                      struct diagnostics *diagnostics)
{
    const struct fft_spec *spec = spec_;
    const int n = fft_n_computing(spec, platform_rank_count(scenario));
    const int64_t n_exchanged = fft_n_elements(spec, n) / n / n;

    check_rank_memory(scenario, diagnostics, "workload.hpl_memory", spec->hpl_memory_B);
    if (spec->ranks == RANKS_MPI && n > 1 && n_exchanged > MOST_ELEMENTS_EXCHANGED)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.hpl_memory",
                            "make the problem smaller, or use more ranks",
                            "each rank would send 16 GiB to each other in one collective, twice "
                            "what can be simulated");
}

static int fft_metrics(const void *spec_, const struct outcome *outcome, struct metric metrics[])
{
    const struct fft_spec *spec = spec_;
    const struct record *time = &outcome->records[SLOT_TIME_S];
    const struct record *rate = &outcome->records[SLOT_RATE_FLOPS];
    const double time_s = time->sum / (double)time->n;

    metrics[1] = (struct metric){"fft_time_s", "s", time_s, false, 4};
    if (spec->ranks == RANKS_MPI) {
        const double flops = fft_flops((double)fft_n_elements(spec, outcome->n_ranks));
        metrics[0] = (struct metric){"fft_gflops", "GFLOPS", flops / time_s * 1e-9, true, 4};
        return 2;
    }
    metrics[0] =
        (struct metric){"fft_gflops", "GFLOPS", rate->sum / (double)rate->n * 1e-9, true, 4};
    metrics[2] = (struct metric){"fft_min_gflops", "GFLOPS", rate->min * 1e-9, true, 4};
    metrics[3] = (struct metric){"fft_max_gflops", "GFLOPS", rate->max * 1e-9, true, 4};
    return 4;
}

static const struct field fft_fields[] = {
    {.key = "ranks",
     .kind = FIELD_CHOICE,
     .choices = ranks_and_mpi_names,
     .fallback = "mpi",
     .help = "mpi: one vector over the largest power of two of ranks; star: every rank has its own "
             "at once; single: one has, the other cores are idle.",
     .offset = offsetof(struct fft_spec, ranks)},
    FIELD_HPL_MEMORY(struct fft_spec, 8),
    {0}};

const struct workload workload_fft = {
    .name = "fft",
    .help = "HPCC's FFT: a complex vector transformed over all ranks, on every rank or on one",
    .about =
        "Transforms a complex vector, seen as a cube, along each of its three sides. Over all "
        "ranks, "
        "every rank sends a part of all its data to every other one three times, in one large "
        "message each: with ever more ranks, the network's bandwidth under full load decides, "
        "and on Ethernet it nearly always does.\n\n"
        "In guests, all backends move packets in both directions at once, so the cost of bytes and "
        "packets there counts for more than latency. Alone on a rank, strided passes over memory "
        "bind, which guests feel by their memory bandwidth and by slower translation of addresses.",
    .fields = fft_fields,
    .spec_size = sizeof(struct fft_spec),
    .check = fft_check,
    .program_new = fft_program_new,
    .program_free = program_free_plan,
    .metrics = fft_metrics,
};
