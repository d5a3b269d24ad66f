#include "rules.h"

#include "sim/engine/engine.h"
#include "sim/workload/shared.h"

#include <assert.h>

enum { WORD_B = 8, MOST_VECTOR_BITS = 30 };

/* The largest power of two up to `n`; 1 for less. */
static int64_t power_of_two_within(double n)
{
    int64_t power = 1;

    while ((double)power * 2.0 <= n)
        power *= 2;
    return power;
}

int64_t hpcc_vector_power_of_two(double hpl_memory_B, int n_vectors, int element_B)
{
    assert(hpl_memory_B >= 0.0 && n_vectors >= 1);

    const int64_t elements = power_of_two_within(hpl_memory_B / element_B / n_vectors);
    const int64_t most = (int64_t)1 << MOST_VECTOR_BITS;
    return elements < most ? elements : most;
}

int64_t hpcc_table_words(double hpl_memory_B, int n_processes)
{
    assert(hpl_memory_B >= 0.0 && n_processes >= 1);

    return power_of_two_within(hpl_memory_B * n_processes / WORD_B);
}

void hpcc_report_rate(struct rank *rank)
{
    struct comm *world = rank_world(rank);

    rank_reduce(rank, world, 0, MPI_INT_B);
    rank_allreduce(rank, world, MPI_INT_B);
    for (int i = 0; i < 3; i++)
        rank_reduce(rank, world, 0, MPI_DOUBLE_B);
    rank_bcast(rank, world, 0, MPI_DOUBLE_B);
}
