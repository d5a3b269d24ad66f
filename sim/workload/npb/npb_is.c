/*
 * npb_is.c - IS, integer sort: the ranking of keys, ten times.
 *
 * Each ranking counts the rank's keys in buckets, sums these counts over all ranks, gives each rank
 * a run of buckets with about as many keys as the others have, and sends all keys to the ranks of
 * their buckets: an alltoall of the counts, an alltoallv of the keys. The first ranking is untimed
 * and no barrier stands before the timed ones.
 *
 * Keys are sums of four uniform random numbers. Each rank gets as many for each bucket as that
 * distribution expects, instead of a draw: blocks of the alltoallv are then exact to one in the
 * square root of their keys, and what a rank sends in all is exact. To generate them takes a rank
 * as long as some rankings; it is not timed, but it is in what the cores did.
 */
#include "npb_is.h"
#include "npb_region.h"
#include "npb_size.h"
#include "npb_walk.h"

#include "sim/workload/shared.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { N_TEST_KEYS = 5, TAG_VERIFY = 1000, KEY_B = MPI_INT_B };

/*
 * A random number (23 operations) is a product of 46 bits in double precision: both factors are
 * split in halves, halves multiplied, and what is above 46 bits is cut off. A key is the sum of
 * four of them, scaled and converted.
 */
static const double flops_per_key = 4 * 23 + 3 + 2;

struct is_plan {
    struct npb_case problem; /* first, as npb_walk() wants it */
    int n_ranks;
    uint64_t buckets_B;            /* counts of all buckets and the keys to test */
    struct work to_generate;       /* a rank's keys */
    struct work to_count, to_sort; /* the same, by buckets */
    struct npb_region range_count;
    struct npb_is_run *runs; /* n_ranks entries after block_B */
    uint64_t block_B[];      /* keys that each rank sends to rank i */
};

struct is_state {
    struct npb_timer timer;
    struct work in_range;  /* clear the counters of its range, count its keys, add up */
    uint64_t received_B[]; /* from rank i */
};

/* --- the keys -------------------------------------------------------------------------------- */

/* Probability that the sum of four uniform random numbers is below x (0..4): Irwin and Hall. */
static double is_probability_below(double x)
{
    static const double coefficients[] = {1, -4, 6, -4};
    double sum = 0.0;

    for (int k = 0; k < 4 && x > k; k++)
        sum += coefficients[k] * pow(x - k, 4);
    return sum / 24.0;
}

static uint64_t keys_per_rank(enum npb_class class, int n_ranks)
{
    return (UINT64_C(1) << npb_is_size(class).log_keys) / (uint64_t)n_ranks;
}

/* A rank's run of buckets ends where the keys so far reach its fair share and those before. */
void npb_is_deal_keys(enum npb_class class, int n_ranks, struct npb_is_run runs[])
{
    const int n_buckets = 1 << npb_is_size(class).log_buckets;
    const uint64_t n_all = keys_per_rank(class, n_ranks);
    uint64_t dealt = 0;
    int rank = 0, first = 0;

    for (int bucket = 0; bucket < n_buckets; bucket++) {
        const double below = is_probability_below(4.0 * (bucket + 1) / n_buckets);
        if (below * n_ranks < rank + 1)
            continue;
        const uint64_t end = (uint64_t)llround(below * (double)n_all);
        runs[rank++] = (struct npb_is_run){.n_keys = end - dealt, .n_buckets = bucket + 1 - first};
        dealt = end;
        first = bucket + 1;
    }
    assert(dealt == n_all);
    while (rank < n_ranks)
        runs[rank++] = (struct npb_is_run){0};
}

/* --- what a rank does ------------------------------------------------------------------------ */

/*
 * Clears a counter for each key of the rank's range, counts its keys, and adds up. Ranks at the
 * ends have few keys in a wide range: what the region does with counters, three passes over them
 * and two operations on each, goes by the range, all else by the keys.
 */
static struct work is_in_range(const struct is_plan *plan, int me)
{
    const struct npb_is_size size = npb_is_size(plan->problem.class);
    const double of_keys =
        (double)plan->runs[me].n_keys * plan->n_ranks / ldexp(1.0, size.log_keys);
    const double of_range = plan->runs[me].n_buckets / ldexp(1.0, size.log_buckets);
    struct work work = npb_region_work(&plan->range_count, of_keys);

    work.bytes += 3 * plan->range_count.table_B * (of_range - of_keys);
    work.flops += 2 * ldexp(1.0, size.log_max_key) * (of_range - of_keys);
    work.table_B *= of_range;
    return work;
}

static void is_begin(const void *plan_, struct rank *rank, void *state_)
{
    const struct is_plan *plan = plan_;
    struct is_state *state = state_;
    const int me = rank_number(rank);

    for (int i = 0; i < plan->n_ranks; i++)
        state->received_B[i] = plan->block_B[me];
    state->in_range = is_in_range(plan, me);
}

static void is_rank_keys(const struct is_plan *plan, const struct is_state *state,
                         struct rank *rank)
{
    struct comm *world = rank_world(rank);

    rank_compute(rank, &plan->to_count);
    rank_compute(rank, &plan->to_sort);
    rank_allreduce(rank, world, plan->buckets_B);
    rank_alltoall(rank, world, MPI_INT_B);
    rank_alltoallv(rank, world, plan->block_B, state->received_B);
    rank_compute(rank, &state->in_range);
}

static void is_start_part(const void *plan_, long iteration, struct rank *rank, void *state_)
{
    const struct is_plan *plan = plan_;
    struct is_state *state = state_;
    (void)iteration;

    rank_bcast(rank, rank_world(rank), 0, MPI_INT_B); /* whether to time in detail */
    rank_compute(rank, &plan->to_generate);
    is_rank_keys(plan, state, rank);
    npb_timer_start(&state->timer, rank);
}

static void is_rank_part(const void *plan, long iteration, struct rank *rank, void *state)
{
    (void)iteration;
    is_rank_keys(plan, state, rank);
}

/* The largest key goes to the next rank, which has none below it. */
static void is_verify(const struct is_plan *plan, struct rank *rank)
{
    struct comm *world = rank_world(rank);
    const int me = rank_number(rank);
    struct request *receive = NULL;

    if (me > 0)
        receive = rank_irecv(rank, world, me - 1, TAG_VERIFY, KEY_B);
    if (me < plan->n_ranks - 1)
        rank_send(rank, world, me + 1, TAG_VERIFY, KEY_B);
    if (receive)
        rank_wait(rank, receive, NULL);
}

static void is_end_part(const void *plan, long iteration, struct rank *rank, void *state_)
{
    const struct is_state *state = state_;
    (void)iteration;

    npb_timer_stop(&state->timer, rank);
    rank_reduce(rank, rank_world(rank), 0, MPI_DOUBLE_B); /* the slowest's time */
    is_verify(plan, rank);
    rank_reduce(rank, rank_world(rank), 0, MPI_INT_B); /* how many tests were passed */
}

static const struct phase is_phases[N_NPB_PHASES] = {
    [NPB_START] = {.name = "untimed ranking", .part = is_start_part},
    [NPB_ITERATION] = {.name = "ranking", .part = is_rank_part},
    [NPB_END] = {.name = "verification", .part = is_end_part},
};

/* --- the benchmark's rules -------------------------------------------------------------------- */

/* Regions are those of the OpenMP program, whose keys take 8 bytes from class D on; here they
 * always take 4. */
static struct npb_region is_region(enum npb_class class, const char *name)
{
    struct npb_region regions[NPB_MAX_REGIONS];
    const int n = npb_regions(&npb_is, class, regions);
    struct npb_region region = *npb_region_find(n, regions, name);
    const double narrower = (double)KEY_B / npb_is_size(class).key_B;

    region.bytes *= narrower;
    region.table_B *= narrower;
    region.resident_B *= narrower;
    return region;
}

static void is_find_works(struct is_plan *plan)
{
    const enum npb_class class = plan->problem.class;
    const struct npb_region count = is_region(class, "rank.bucket_count");
    const struct npb_region scatter = is_region(class, "rank.bucket_scatter");
    const double n_keys = (double)keys_per_rank(class, plan->n_ranks);

    plan->to_generate = work_of(WORK_SCALAR, flops_per_key * n_keys, KEY_B * n_keys);
    plan->to_count = npb_region_work(&count, 1.0 / plan->n_ranks);
    plan->to_sort = npb_region_work(&scatter, 1.0 / plan->n_ranks);
    plan->range_count = is_region(class, "rank.range_count");
}

static int is_program_new(const struct npb_case *problem, int n_ranks, struct program *program)
{
    const size_t n = (size_t)n_ranks;
    struct is_plan *plan =
        calloc(1, sizeof *plan + n * sizeof plan->block_B[0] + n * sizeof plan->runs[0]);

    if (!plan)
        return -ENOMEM;
    plan->problem = *problem;
    plan->n_ranks = n_ranks;
    plan->buckets_B =
        ((UINT64_C(1) << npb_is_size(problem->class).log_buckets) + N_TEST_KEYS) * KEY_B;
    plan->runs = (struct npb_is_run *)(plan->block_B + n);
    is_find_works(plan);
    npb_is_deal_keys(problem->class, n_ranks, plan->runs);
    for (int i = 0; i < n_ranks; i++)
        plan->block_B[i] = plan->runs[i].n_keys * KEY_B;
    *program = npb_walk(is_phases, plan, n_ranks, sizeof(struct is_state) + n * sizeof(uint64_t));
    program->begin = is_begin;
    return 0;
}

/* Classes D and E have more keys than an int counts, unless ranks share them. */
static int is_least_ranks(enum npb_class class)
{
    return class == NPB_E ? 64 : class == NPB_D ? 4 : 1;
}

static bool is_runs_on(enum npb_class class, int n_ranks)
{
    return npb_is_power_of_two(n_ranks) && n_ranks >= is_least_ranks(class) &&
           n_ranks <= (class == NPB_S ? 128 : 1024);
}

static struct npb_size is_size(enum npb_class class)
{
    return (struct npb_size){{ldexp(1.0, npb_is_size(class).log_keys)}};
}

static int is_iterations(enum npb_class class)
{
    (void)class;
    return 10;
}

static double is_mop(const struct npb_case *problem)
{
    return problem->n_iterations * ldexp(1.0, npb_is_size(problem->class).log_keys) / 1e6;
}

/* Three arrays of keys, with room for the ranks that get more than their share. */
static double is_memory_B(const struct npb_case *problem, int n_ranks)
{
    const double room = n_ranks < 256 ? 1.5 : n_ranks < 512 ? 2.5 : n_ranks < 1024 ? 4.0 : 6.5;
    return 3.0 * KEY_B * room * (double)keys_per_rank(problem->class, n_ranks);
}

const struct npb_kernel npb_is = {
    .name = "is",
    .help = "integer sort: an all-to-all of nearly all keys in each iteration",
    .operation = "keys ranked",
    .last_class = NPB_E,
    .rank_rule = "a power of two up to 1024 (class S: 128; D: from 4; E: from 64)",
    .runs_on = is_runs_on,
    .size = is_size,
    .default_iterations = is_iterations,
    .mop = is_mop,
    .memory_B = is_memory_B,
    .program_new = is_program_new,
};
