/*
 * Decision tables alone: what they say of single calls that a hand can look up, and what must hold
 * of every library, collective, number of ranks and size.
 */
#include "models/collective.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint64_t sizes_B[] = {0,      1,      8,      24,      56,     200,   504,
                                   1024,   2048,   2056,   4096,    10008,  12288, 49999,
                                   131072, 370728, 524288, 1048577, 4194304};
enum { N_SIZES = sizeof sizes_B / sizeof *sizes_B };

static struct collective_choice choose(const struct collective_library *library,
                                       enum collective collective, int n_ranks, int n_per_node,
                                       uint64_t size_B)
{
    const struct collective_call call = {.collective = collective,
                                         .n_ranks = n_ranks,
                                         .n_per_node = n_per_node,
                                         .size_B = size_B,
                                         .n_elements = size_B / 8};
    return collective_choose(library, &call);
}

/* What the sources say of these calls. */
static const struct {
    enum collective_library_number library;
    enum collective collective;
    int n_ranks, n_per_node;
    uint64_t size_B;
    enum collective_algorithm algorithm;
    bool is_two_level;
} facts[] = {
    /* Thakur et al. 2005, section 4: 12 KB and 8 ranks; powers of two to 512 KB */
    {LIBRARY_MPICH2_1_0, COLLECTIVE_BCAST, 7, 1, 4194304, BCAST_BINOMIAL, false},
    {LIBRARY_MPICH2_1_0, COLLECTIVE_BCAST, 16, 1, 12287, BCAST_BINOMIAL, false},
    {LIBRARY_MPICH2_1_0, COLLECTIVE_BCAST, 16, 1, 12288, BCAST_SCATTER_DOUBLING, false},
    {LIBRARY_MPICH2_1_0, COLLECTIVE_BCAST, 28, 1, 12288, BCAST_SCATTER_RING, false},
    {LIBRARY_MPICH2_1_0, COLLECTIVE_BCAST, 16, 1, 524288, BCAST_SCATTER_RING, false},
    /* 80 KiB of all 28 ranks together are 2925.7 B of each */
    {LIBRARY_MPICH2_1_0, COLLECTIVE_ALLGATHER, 28, 1, 2925, ALLGATHER_BRUCK, false},
    {LIBRARY_MPICH2_1_0, COLLECTIVE_ALLGATHER, 28, 1, 2926, ALLGATHER_RING, false},
    {LIBRARY_MPICH2_1_0, COLLECTIVE_ALLREDUCE, 28, 1, 2048, ALLREDUCE_RECURSIVE_DOUBLING, false},
    {LIBRARY_MPICH2_1_0, COLLECTIVE_ALLREDUCE, 28, 1, 2056, ALLREDUCE_RABENSEIFNER, false},
    {LIBRARY_MPICH2_1_0, COLLECTIVE_ALLTOALL, 12, 1, 65536, ALLTOALL_PAIRWISE, false},
    {LIBRARY_MPICH2_1_0, COLLECTIVE_ALLTOALL, 16, 1, 65536, ALLTOALL_PAIRWISE_XOR, false},
    /* 3 < 1.6134e-6 n + 2.1102 from n = 551506.1 B on */
    {LIBRARY_OPEN_MPI_1_4, COLLECTIVE_BCAST, 3, 1, 551506, BCAST_SPLIT_BINARY, false},
    {LIBRARY_OPEN_MPI_1_4, COLLECTIVE_BCAST, 3, 1, 551507, BCAST_PIPELINE, false},
    {LIBRARY_OPEN_MPI_1_4, COLLECTIVE_BCAST, 13, 1, 370728, BCAST_PIPELINE, false},
    {LIBRARY_OPEN_MPI_1_4, COLLECTIVE_ALLREDUCE, 28, 1, 9992, ALLREDUCE_RECURSIVE_DOUBLING, false},
    {LIBRARY_OPEN_MPI_1_4, COLLECTIVE_ALLREDUCE, 28, 1, 10000, ALLREDUCE_RING, false},
    {LIBRARY_OPEN_MPI_1_4, COLLECTIVE_ALLREDUCE, 2, 1, 2097168, ALLREDUCE_RING_SEGMENTED, false},
    {LIBRARY_OPEN_MPI_1_4, COLLECTIVE_BARRIER, 28, 1, 0, BARRIER_DISSEMINATION, false},
    {LIBRARY_OPEN_MPI_1_4, COLLECTIVE_BARRIER, 32, 1, 0, BARRIER_RECURSIVE_DOUBLING, false},
    {LIBRARY_OPEN_MPI_4_1, COLLECTIVE_BCAST, 28, 1, 4095, BCAST_KNOMIAL, false},
    {LIBRARY_OPEN_MPI_4_1, COLLECTIVE_BCAST, 28, 1, 4096, BCAST_BINOMIAL, false},
    {LIBRARY_OPEN_MPI_4_1, COLLECTIVE_ALLTOALL, 28, 1, 511, ALLTOALL_BRUCK, false},
    {LIBRARY_OPEN_MPI_4_1, COLLECTIVE_ALLTOALL, 128, 1, 262144, ALLTOALL_PAIRWISE, false},
    /* 28 is no power of two, 33 is odd, and 16 elements are fewer than 32 ranks */
    {LIBRARY_OPEN_MPI_4_1, COLLECTIVE_ALLGATHER, 28, 1, 8, ALLGATHER_BRUCK, false},
    {LIBRARY_OPEN_MPI_4_1, COLLECTIVE_ALLGATHER, 33, 1, 1024, ALLGATHER_RING, false},
    {LIBRARY_OPEN_MPI_4_1, COLLECTIVE_ALLGATHER, 34, 1, 1024, ALLGATHER_NEIGHBOR, false},
    {LIBRARY_OPEN_MPI_4_1, COLLECTIVE_ALLREDUCE, 32, 1, 128, ALLREDUCE_LINEAR, false},
    {LIBRARY_OPEN_MPI_4_1, COLLECTIVE_ALLREDUCE, 32, 1, 256, ALLREDUCE_RABENSEIFNER, false},
    {LIBRARY_MVAPICH2_1_9, COLLECTIVE_ALLREDUCE, 64, 16, 512, ALLREDUCE_RECURSIVE_DOUBLING, true},
    {LIBRARY_MVAPICH2_1_9, COLLECTIVE_ALLREDUCE, 64, 1, 512, ALLREDUCE_RECURSIVE_DOUBLING, false},
    {LIBRARY_MVAPICH2_1_9, COLLECTIVE_ALLREDUCE, 16, 16, 8, ALLREDUCE_RECURSIVE_DOUBLING, false},
    {LIBRARY_MVAPICH2_1_9, COLLECTIVE_SCATTER, 64, 16, 1024, SCATTER_LINEAR, true},
    {LIBRARY_MVAPICH2_1_9, COLLECTIVE_SCATTER, 64, 16, 1025, SCATTER_LINEAR, false},
    {LIBRARY_INTEL_MPI_4_1, COLLECTIVE_BARRIER, 64, 8, 0, BARRIER_RECURSIVE_DOUBLING, true},
    {LIBRARY_INTEL_MPI_4_1, COLLECTIVE_BARRIER, 64, 1, 0, BARRIER_RECURSIVE_DOUBLING, false},
};

static void tables_say_what_their_sources_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const struct collective_choice choice =
            choose(collective_libraries[facts[i].library], facts[i].collective, facts[i].n_ranks,
                   facts[i].n_per_node, facts[i].size_B);
        if (choice.algorithm != facts[i].algorithm || choice.is_two_level != facts[i].is_two_level)
            fail_msg("fact %zu: %s takes %s", i, collective_library_names[facts[i].library],
                     collective_algorithm(choice.algorithm)->name);
    }
}

typedef void sweep(const struct collective_library *library, enum collective collective,
                   int n_ranks, int n_per_node, uint64_t size_B);

static void sweep_all(sweep *check)
{
    static const int per_node[] = {0, 1, 2, 4, 16};
    for (int library = 0; library < N_COLLECTIVE_LIBRARIES; library++)
        for (int collective = 0; collective < N_COLLECTIVES; collective++)
            for (int n = 1; n <= 4100; n += n < 70 ? 1 : 389)
                for (int k = 0; k < 5; k++)
                    for (int i = 0; i < N_SIZES; i++)
                        if (per_node[k] == 0 || n % per_node[k] == 0)
                            check(collective_libraries[library], collective, n, per_node[k],
                                  sizes_B[i]);
}

static void check_collective(const struct collective_library *library, enum collective collective,
                             int n_ranks, int n_per_node, uint64_t size_B)
{
    const struct collective_choice choice =
        choose(library, collective, n_ranks, n_per_node, size_B);
    const bool has_work = n_ranks > 1 && (size_B > 0 || collective == COLLECTIVE_BARRIER ||
                                          collective == COLLECTIVE_ALLTOALLV);
    assert_int_equal(choice.algorithm != COLLECTIVE_NOTHING, has_work);
    if (has_work)
        assert_int_equal(collective_algorithm(choice.algorithm)->collective, collective);
    if (choice.is_two_level)
        assert_true(n_per_node > 1 && n_ranks > n_per_node);
}

static void every_call_gets_an_algorithm_of_its_collective(void **state)
{
    (void)state;
    sweep_all(check_collective);
}

static bool is_power_of_two(int n)
{
    return (n & (n - 1)) == 0;
}

static void check_limits(const struct collective_library *library, enum collective collective,
                         int n_ranks, int n_per_node, uint64_t size_B)
{
    const struct collective_choice choice =
        choose(library, collective, n_ranks, n_per_node, size_B);
    const int n = choice.is_two_level ? n_ranks / n_per_node : n_ranks;
    switch (choice.algorithm) {
    case ALLGATHER_RECURSIVE_DOUBLING:
    case ALLTOALL_RECURSIVE_DOUBLING:
    case ALLTOALL_PAIRWISE_XOR:
        assert_true(is_power_of_two(n));
        break;
    case ALLGATHER_NEIGHBOR:
        assert_int_equal(n % 2, 0);
        break;
    case ALLGATHER_TWO_RANKS:
        assert_int_equal(n, 2);
        break;
    case ALLREDUCE_RING:
    case ALLREDUCE_RING_SEGMENTED:
        assert_true(size_B / 8 >= (uint64_t)n);
        break;
    default:
        break;
    }
}

static void no_algorithm_is_asked_for_what_it_cannot_do(void **state)
{
    (void)state;
    sweep_all(check_limits);
}

static bool is_chosen[N_COLLECTIVE_ALGORITHMS];

static void mark(const struct collective_library *library, enum collective collective, int n_ranks,
                 int n_per_node, uint64_t size_B)
{
    is_chosen[choose(library, collective, n_ranks, n_per_node, size_B).algorithm] = true;
}

static void every_algorithm_is_taken_by_some_library(void **state)
{
    (void)state;
    sweep_all(mark);
    for (int i = 0; i < N_COLLECTIVE_ALGORITHMS; i++)
        if (!is_chosen[i])
            fail_msg("nobody takes %s %s", collective_names[collective_algorithm(i)->collective],
                     collective_algorithm(i)->name);
}

static void names_tell_the_algorithms_of_a_collective_apart(void **state)
{
    (void)state;
    for (int i = 0; i < N_COLLECTIVE_ALGORITHMS; i++)
        for (int j = 0; j < i; j++) {
            const struct collective_algorithm_info *a = collective_algorithm(i);
            const struct collective_algorithm_info *b = collective_algorithm(j);
            if (a->collective == b->collective)
                assert_string_not_equal(a->name, b->name);
            assert_true(strlen(a->help) > 0);
        }
}

/* --- rows --------------------------------------------------------------------------- */

struct walk {
    const struct collective_library *library;
    enum collective collective;
    int n_ranks, n_per_node;
    uint64_t next_B;
    struct collective_choice last;
};

/* Rows follow each other without a gap, differ, and say what choose() says anywhere in them. */
static void check_row(void *context, uint64_t first_B, uint64_t below_B,
                      struct collective_choice choice)
{
    struct walk *walk = context;
    assert_true(first_B == walk->next_B && below_B > first_B);
    if (first_B > 0)
        assert_true(choice.algorithm != walk->last.algorithm ||
                    choice.is_two_level != walk->last.is_two_level);
    for (int i = 0; i < N_SIZES; i++) {
        const uint64_t size_B = i == 0 ? first_B : i == 1 ? below_B - 1 : sizes_B[i];
        if (size_B < first_B || size_B >= below_B || size_B > 4194304)
            continue;
        const struct collective_choice asked =
            choose(walk->library, walk->collective, walk->n_ranks, walk->n_per_node, size_B);
        assert_int_equal(asked.algorithm, choice.algorithm);
        assert_int_equal(asked.is_two_level, choice.is_two_level);
    }
    walk->next_B = below_B;
    walk->last = choice;
}

static void rows_are_the_table(void **state)
{
    (void)state;
    static const int per_node[] = {1, 2, 16};
    for (int library = 0; library < N_COLLECTIVE_LIBRARIES; library++)
        for (int collective = 0; collective < N_COLLECTIVES; collective++)
            for (int n = 2; n <= 1100; n += n < 34 ? 1 : 271)
                for (int k = 0; k < 3; k++) {
                    struct walk walk = {.library = collective_libraries[library],
                                        .collective = collective,
                                        .n_ranks = n,
                                        .n_per_node = n % per_node[k] == 0 ? per_node[k] : 0};
                    collective_rows(walk.library, collective, n, walk.n_per_node, check_row, &walk);
                    assert_true(walk.next_B == UINT64_MAX);
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_say_what_their_sources_say),
        cmocka_unit_test(every_call_gets_an_algorithm_of_its_collective),
        cmocka_unit_test(no_algorithm_is_asked_for_what_it_cannot_do),
        cmocka_unit_test(every_algorithm_is_taken_by_some_library),
        cmocka_unit_test(names_tell_the_algorithms_of_a_collective_apart),
        cmocka_unit_test(rows_are_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
