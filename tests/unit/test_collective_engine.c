/*
 * Collectives as the SimGrid engine runs them: each ends for any number of ranks and any size, an
 * algorithm that SMPI's own selector takes too needs the same time there, and no collective gains
 * from a longer latency.
 */
#include "engine_run.h"
#include "toy_cluster.h"

#include "sim/engine/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

static const uint64_t sizes_B[] = {0, 8, 200, 1736, 16384, 131072, 400008, 4194304};
enum { N_SIZES = sizeof sizes_B / sizeof *sizes_B, N_CASES = N_COLLECTIVES * N_SIZES };

/* All start a case at the same time, long after the last one. */
static const double apart_s = 100.0;

static void do_one(struct rank *rank, enum collective collective, uint64_t size_B)
{
    struct comm *all = rank_world(rank);
    const int root = comm_size(all) > 2 ? 2 : 0;
    uint64_t each_B[64];
    for (int i = 0; i < 64; i++)
        each_B[i] = size_B;
    switch (collective) {
    case COLLECTIVE_BARRIER:
        rank_barrier(rank, all);
        break;
    case COLLECTIVE_BCAST:
        rank_bcast(rank, all, root, size_B);
        break;
    case COLLECTIVE_REDUCE:
        rank_reduce(rank, all, root, size_B);
        break;
    case COLLECTIVE_ALLREDUCE:
        rank_allreduce(rank, all, size_B);
        break;
    case COLLECTIVE_GATHER:
        rank_gather(rank, all, root, size_B);
        break;
    case COLLECTIVE_SCATTER:
        rank_scatter(rank, all, root, size_B);
        break;
    case COLLECTIVE_ALLGATHER:
        rank_allgather(rank, all, size_B);
        break;
    case COLLECTIVE_ALLTOALL:
        rank_alltoall(rank, all, size_B);
        break;
    case COLLECTIVE_ALLTOALLV:
        rank_alltoallv(rank, all, each_B, each_B);
        break;
    case COLLECTIVE_REDUCE_SCATTER:
        rank_reduce_scatter(rank, all, size_B);
        break;
    case COLLECTIVE_SCAN:
        rank_scan(rank, all, size_B);
        break;
    case N_COLLECTIVES:
        break;
    }
}

/* Which of the cases are run: collective x N_SIZES + size. */
struct selection {
    bool is_in[N_CASES];
};

static void wait_until(struct rank *rank, double time_s)
{
    const struct work rest = work_of(WORK_DGEMM, 2e9 * (time_s - rank_time_s(rank)), 0.0);
    rank_compute(rank, &rest);
}

/* Records of a case: how long each rank needed. */
static void do_cases(struct rank *rank, void *argument)
{
    const struct selection *selection = argument;
    for (int i = 0; i < N_CASES; i++) {
        if (!selection->is_in[i])
            continue;
        wait_until(rank, (i + 1) * apart_s);
        do_one(rank, i / N_SIZES, sizes_B[i % N_SIZES]);
        rank_record(rank, i, rank_time_s(rank) - (i + 1) * apart_s);
    }
}

static struct outcome run_cases(const struct platform *platform, struct selection *selection,
                                const char *smpi_selector)
{
    struct toy_program toy;
    struct outcome outcome;
    char error[512];
    const struct engine_options options = {.smpi_selector = smpi_selector};
    toy_program_init(&toy, platform->n_ranks, do_cases, selection);
    if (engine_run(engines[0], platform, &toy.program, &options, &outcome, error, sizeof error) !=
        0)
        fail_msg("%d ranks, %s: %s", platform->n_ranks,
                 smpi_selector ? smpi_selector
                               : collective_library_names[platform->mpi.collectives],
                 error);
    return outcome;
}

static struct collective_choice choice_of(const struct platform *platform, int n_per_node, int i)
{
    const struct collective_call call = {.collective = i / N_SIZES,
                                         .n_ranks = platform->n_ranks,
                                         .n_per_node = n_per_node,
                                         .size_B = sizes_B[i % N_SIZES],
                                         .n_elements = sizes_B[i % N_SIZES] / 8};
    return collective_choose(collective_libraries[platform->mpi.collectives], &call);
}

/* --- every algorithm ends ------------------------------------------------------------- */

static void check_uses(const struct platform *platform, int n_per_node,
                       const struct selection *selection, const struct outcome *outcome)
{
    uint64_t n_expected[N_COLLECTIVE_ALGORITHMS][2] = {{0}};
    for (int i = 0; i < N_CASES; i++) {
        if (!selection->is_in[i])
            continue;
        const struct collective_choice choice = choice_of(platform, n_per_node, i);
        n_expected[choice.algorithm][choice.is_two_level]++;
        assert_int_equal(outcome->records[i].n, platform->n_ranks);
    }
    for (int i = COLLECTIVE_NOTHING + 1; i < N_COLLECTIVE_ALGORITHMS; i++)
        for (int level = 0; level < 2; level++) {
            const struct collective_use *use = &outcome->collectives[i][level];
            assert_int_equal(use->n_calls, n_expected[i][level]);
            if (use->n_calls > 0)
                assert_int_equal(use->most_ranks, platform->n_ranks);
        }
}

/* Where there are more than a few ranks, each number of them sees a third of the sizes. */
static struct selection select_for(int n_ranks)
{
    struct selection selection;
    for (int i = 0; i < N_CASES; i++)
        selection.is_in[i] = n_ranks <= 4 || (i % N_SIZES + n_ranks) % 3 == 0;
    return selection;
}

static void every_collective_ends(int n_nodes, int n_per_node)
{
    struct selection selection = select_for(n_nodes * n_per_node);
    for (int library = 0; library < N_COLLECTIVE_LIBRARIES; library++) {
        struct platform platform = toy_native(n_nodes, n_per_node);
        platform.mpi.collectives = library;
        struct outcome outcome = run_cases(&platform, &selection, NULL);
        if (platform.n_ranks > 1)
            check_uses(&platform, n_per_node, &selection, &outcome);
        outcome_release(&outcome);
        platform_release(&platform);
    }
}

static void collectives_end_with_the_algorithm_of_the_table(void **state)
{
    (void)state;
    /* Tables and algorithms turn at powers of two and at odd numbers. */
    static const int n_ranks[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 33};
    for (size_t i = 0; i < sizeof n_ranks / sizeof n_ranks[0]; i++)
        every_collective_ends(n_ranks[i], 1);
}

static void collectives_of_two_levels_end(void **state)
{
    (void)state;
    every_collective_ends(4, 2);
    every_collective_ends(3, 4);
    every_collective_ends(2, 16);
}

/* --- SMPI's selectors ------------------------------------------------------------------- */

/* An algorithm that SMPI's selector does in another way than the library, and how. */
struct exemption {
    enum collective_algorithm algorithm; /* COLLECTIVE_NOTHING ends a list */
    const char *how;
};

static const struct exemption not_ompi[] = {
    {BCAST_LINEAR, "a pipeline in segments of 8 KiB"},
    {BCAST_CHAIN, "in segments of 128 KiB"},
    {BCAST_BINARY, "root 0, to which others send first, and in segments of 8 KiB"},
    {BCAST_KNOMIAL, "finds out first who shares a node"},
    {REDUCE_CHAIN, "in segments of 1 to 64 KiB"},
    {REDUCE_BINARY, "receives from one child after the other, in segments of 32 KiB"},
    {REDUCE_BINOMIAL, "in segments of 1 KiB"},
    {REDUCE_RABENSEIFNER, "linear, because its own needs certain types"},
    {ALLREDUCE_LINEAR, "Rabenseifner's, though there are too few elements"},
    {ALLREDUCE_RECURSIVE_DOUBLING, "reduce + bcast where a ring has too few elements"},
    {ALLREDUCE_RING, "elements that are left over in a second allreduce"},
    {ALLREDUCE_RING_SEGMENTED, "as the ring, of which it is one for small parts"},
    {ALLREDUCE_REDUCE_BCAST, "made of others"},
    {GATHER_LINEAR_SYNC, "a deadlock"},
    {ALLGATHER_GATHER_BCAST, "round a ring"},
    {ALLGATHER_BRUCK, "recursive doubling though the ranks are no power of two"},
    {ALLGATHER_RING, "to all ranks by distance"},
    {ALLTOALL_BRUCK, "packs data, and reads beyond buffers that no one fills"},
    {ALLTOALLV_PAIRWISE, "an abort where ranks are no power of two"},
    {REDUCE_SCATTER_REDUCE_SCATTER, "a linear reduce"},
    {SCAN_CHAIN, "every rank to all that follow"},
    {COLLECTIVE_NOTHING, NULL}};

static const struct exemption not_mpich[] = {
    {BCAST_BINOMIAL, "as if on nodes with several cores, as later versions do"},
    {BCAST_SCATTER_DOUBLING, "the same"},
    {BCAST_SCATTER_RING, "the same"},
    {REDUCE_BINOMIAL, "two levels, as later versions do"},
    {REDUCE_RABENSEIFNER, "the same"},
    {ALLREDUCE_RECURSIVE_DOUBLING, "the same"},
    {ALLREDUCE_RABENSEIFNER, "the same"},
    {ALLGATHER_RING, "to all ranks by distance"},
    {ALLTOALL_LINEAR, "4 messages at a time, as later versions do"},
    {ALLTOALL_BRUCK, "packs data, and reads beyond buffers that no one fills"},
    {ALLTOALL_PAIRWISE, "an abort where ranks are no power of two"},
    {ALLTOALLV_LINEAR, "4 messages at a time, as later versions do"},
    {REDUCE_SCATTER_RECURSIVE_HALVING, "what is for operations that do not commute"},
    {REDUCE_SCATTER_PAIRWISE, "the same where there are fewer than 524288 elements, not bytes"},
    {SCAN_RECURSIVE_DOUBLING, "every rank to all that follow"},
    {COLLECTIVE_NOTHING, NULL}};

static const struct exemption not_mvapich2[] = {
    {BCAST_KNOMIAL, "MPICH's trees"},
    {BCAST_SCATTER_RING, "the same"},
    {ALLREDUCE_RECURSIVE_DOUBLING, "two levels, also where there is one rank a node"},
    {ALLGATHER_RING, "to all ranks by distance"},
    {ALLGATHER_BRUCK, "recursive doubling though the ranks are no power of two"},
    {ALLTOALL_BRUCK, "packs data, and reads beyond buffers that no one fills"},
    {ALLTOALL_RECURSIVE_DOUBLING, "packs data, and reads beyond buffers that no one fills"},
    {REDUCE_SCATTER_REDUCE_SCATTER, "a linear reduce"},
    {SCAN_RECURSIVE_DOUBLING, "every rank to all that follow"},
    {COLLECTIVE_NOTHING, NULL}};

/* Not `impi`: it aborts in a communicator's first collective. */
static const struct {
    const char *name;
    enum collective_library_number library;
    const struct exemption *exemptions;
} selectors[] = {{"ompi", LIBRARY_OPEN_MPI_4_1, not_ompi},
                 {"mpich", LIBRARY_MPICH2_1_0, not_mpich},
                 {"mvapich2", LIBRARY_MVAPICH2_1_9, not_mvapich2}};

static bool is_exempt(const struct exemption *exemptions, enum collective_algorithm algorithm)
{
    bool found = algorithm == COLLECTIVE_NOTHING;
    for (; exemptions->algorithm != COLLECTIVE_NOTHING; exemptions++)
        found = found || exemptions->algorithm == algorithm;
    return found;
}

static struct selection select_same(const struct platform *platform,
                                    const struct exemption *exemptions)
{
    struct selection selection;
    for (int i = 0; i < N_CASES; i++)
        selection.is_in[i] = !is_exempt(exemptions, choice_of(platform, 1, i).algorithm);
    return selection;
}

static void compare(const char *selector, const struct selection *selection,
                    const struct outcome *ours, const struct outcome *theirs)
{
    int n_compared = 0;
    for (int i = 0; i < N_CASES; i++) {
        if (!selection->is_in[i])
            continue;
        if (fabs(ours->records[i].max / theirs->records[i].max - 1.0) > 1e-6)
            fail_msg("%s, %s of %lu B: %g s, with SMPI's selector %g s", selector,
                     collective_names[i / N_SIZES], (unsigned long)sizes_B[i % N_SIZES],
                     ours->records[i].max, theirs->records[i].max);
        n_compared++;
    }
    assert_in_range(n_compared, N_SIZES, N_CASES);
}

static void what_selectors_take_too_needs_the_same_time_there(void **state)
{
    (void)state;
    static const int n_ranks[] = {2, 5, 8};
    for (size_t s = 0; s < sizeof selectors / sizeof *selectors; s++)
        for (size_t k = 0; k < sizeof n_ranks / sizeof *n_ranks; k++) {
            struct platform platform = toy_native(n_ranks[k], 1);
            platform.mpi.collectives = selectors[s].library;
            struct selection same = select_same(&platform, selectors[s].exemptions);
            struct outcome ours = run_cases(&platform, &same, NULL);
            struct outcome theirs = run_cases(&platform, &same, selectors[s].name);
            compare(selectors[s].name, &same, &ours, &theirs);
            outcome_release(&ours);
            outcome_release(&theirs);
            platform_release(&platform);
        }
}

/* --- latency ------------------------------------------------------------------------------- */

static struct outcome run_with_latency(int library, int n_per_node, double latency_s)
{
    struct selection selection = select_for(3 * n_per_node);
    struct platform platform = toy_native(3, n_per_node);
    platform.mpi.collectives = library;
    platform.link.latency_s = parameter_exact(latency_s);
    struct outcome outcome = run_cases(&platform, &selection, NULL);
    platform_release(&platform);
    return outcome;
}

static void no_collective_gains_from_latency(void **state)
{
    (void)state;
    for (int library = 0; library < N_COLLECTIVE_LIBRARIES; library++)
        for (int n_per_node = 1; n_per_node <= 4; n_per_node += 3) {
            struct outcome near = run_with_latency(library, n_per_node, 50e-6);
            struct outcome far = run_with_latency(library, n_per_node, 83e-6);
            for (int i = 0; i < N_CASES; i++)
                if (far.records[i].max < near.records[i].max)
                    fail_msg("%s, 3 x %d ranks, %s of %lu B: %g s at 50 us, %g s at 83 us",
                             collective_library_names[library], n_per_node,
                             collective_names[i / N_SIZES], (unsigned long)sizes_B[i % N_SIZES],
                             near.records[i].max, far.records[i].max);
            outcome_release(&near);
            outcome_release(&far);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(collectives_end_with_the_algorithm_of_the_table),
        cmocka_unit_test(collectives_of_two_levels_end),
        cmocka_unit_test(what_selectors_take_too_needs_the_same_time_there),
        cmocka_unit_test(no_collective_gains_from_latency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
