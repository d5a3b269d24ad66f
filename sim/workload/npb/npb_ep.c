/*
 * npb_ep.c - EP, embarrassingly parallel: pairs of Gaussian deviates by acceptance and rejection.
 *
 * Batches of 2^16 pairs are dealt to the ranks, the first ranks taking one more where they do not
 * divide. Three sums over all ranks end it.
 */
#include "npb_region.h"
#include "npb_size.h"

#include "sim/workload/shared.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { LOG_BATCH = 16, N_ANNULI = 10 };

struct ep_plan {
    enum npb_class class;
    int n_ranks;
    struct npb_region pairs;
};

struct ep_state {
    struct npb_timer timer;
};

static int n_batches(enum npb_class class)
{
    return 1 << (npb_ep_log_pairs(class) - LOG_BATCH);
}

static int batches_of_rank(const struct ep_plan *plan, int rank)
{
    const int n = n_batches(plan->class);
    return n / plan->n_ranks + (rank < n % plan->n_ranks);
}

/* --- what a rank does ----------------------------------------------------------------------- */

static void start_part(const void *plan, long iteration, struct rank *rank, void *state_)
{
    struct ep_state *state = state_;
    (void)plan, (void)iteration;

    rank_bcast(rank, rank_world(rank), 0, MPI_INT_B); /* whether to time in detail */
    rank_barrier(rank, rank_world(rank));
    npb_timer_start(&state->timer, rank);
}

static void generate_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct ep_plan *plan = plan_;
    (void)iteration, (void)state;
    const double share = (double)batches_of_rank(plan, rank_number(rank)) / n_batches(plan->class);
    const struct work work = npb_region_work(&plan->pairs, share);

    rank_compute(rank, &work);
}

static void sum_part(const void *plan, long iteration, struct rank *rank, void *state_)
{
    const struct ep_state *state = state_;
    struct comm *world = rank_world(rank);
    (void)plan, (void)iteration;

    rank_allreduce(rank, world, MPI_DOUBLE_B);
    rank_allreduce(rank, world, MPI_DOUBLE_B);
    rank_allreduce(rank, world, N_ANNULI * MPI_DOUBLE_B);
    npb_timer_stop(&state->timer, rank);
    rank_allreduce(rank, world, MPI_DOUBLE_B); /* the slowest's time */
}

static const struct phase ep_phases[] = {
    {.name = "start", .part = start_part},
    {.name = "random pairs", .part = generate_part},
    {.name = "sums", .part = sum_part},
};
enum { N_PHASES = sizeof ep_phases / sizeof ep_phases[0] };

static bool ep_step(const void *plan, long index, struct step *step)
{
    (void)plan;
    *step = (struct step){(int)index, 0};
    return index < N_PHASES;
}

static int ep_program_new(const struct npb_case *problem, int n_ranks, struct program *program)
{
    struct npb_region regions[NPB_MAX_REGIONS];
    struct ep_plan *plan = calloc(1, sizeof *plan);

    if (!plan)
        return -ENOMEM;
    const int n = npb_regions(&npb_ep, problem->class, regions);
    *plan = (struct ep_plan){.class = problem->class,
                             .n_ranks = n_ranks,
                             .pairs = *npb_region_find(n, regions, "gaussian_pairs")};
    *program = (struct program){.phases = ep_phases,
                                .n_phases = N_PHASES,
                                .plan = plan,
                                .state_size = sizeof(struct ep_state),
                                .n_ranks = n_ranks,
                                .step = ep_step};
    return 0;
}

/* --- the benchmark's rules -------------------------------------------------------------------- */

static bool ep_runs_on(enum npb_class class, int n_ranks)
{
    return n_ranks <= n_batches(class);
}

/* Random numbers, two a pair. */
static struct npb_size ep_size(enum npb_class class)
{
    return (struct npb_size){{ldexp(1.0, npb_ep_log_pairs(class) + 1)}};
}

static int ep_iterations(enum npb_class class)
{
    (void)class;
    return 0;
}

static double ep_mop(const struct npb_case *problem)
{
    return ldexp(1.0, npb_ep_log_pairs(problem->class) + 1) / 1e6;
}

/* One batch of random numbers, the counts of annuli, and counts that the program no longer uses. */
static double ep_memory_B(const struct npb_case *problem, int n_ranks)
{
    const double n_unused = 10000;
    (void)problem, (void)n_ranks;
    return MPI_DOUBLE_B * (ldexp(2.0, LOG_BATCH) + N_ANNULI + n_unused);
}

const struct npb_kernel npb_ep = {
    .name = "ep",
    .help = "embarrassingly parallel: random pairs, three sums at the end",
    .operation = "Random numbers generated",
    .last_class = NPB_F,
    .rank_rule = "no more than its batches of 65536 pairs",
    .runs_on = ep_runs_on,
    .size = ep_size,
    .default_iterations = ep_iterations,
    .mop = ep_mop,
    .memory_B = ep_memory_B,
    .program_new = ep_program_new,
};
