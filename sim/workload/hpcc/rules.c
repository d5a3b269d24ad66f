#include "rules.h"

#include "sim/engine/engine.h"
#include "sim/workload/shared.h"

#include <assert.h>

enum { WORD_B = 8, MOST_VECTOR_BITS = 30, MOST_TABLE_BITS = 60 };

/* The largest power of two up to `n` and 2^most_bits; 1 for less. */
static int64_t power_of_two_within(double n, int most_bits)
{
    int bits = 0;

    while (bits < most_bits && (double)((int64_t)2 << bits) <= n)
        bits++;
    return (int64_t)1 << bits;
}

int64_t hpcc_vector_power_of_two(double hpl_memory_B, int n_vectors, int element_B)
{
    assert(hpl_memory_B >= 0.0 && n_vectors >= 1);

    return power_of_two_within(hpl_memory_B / element_B / n_vectors, MOST_VECTOR_BITS);
}

int64_t hpcc_table_words(double hpl_memory_B, int n_processes)
{
    assert(hpl_memory_B >= 0.0 && n_processes >= 1);

    return power_of_two_within(hpl_memory_B * n_processes / WORD_B, MOST_TABLE_BITS);
}

void hpcc_report_part(const void *plan, long iteration, struct rank *rank, void *state)
{
    struct comm *world = rank_world(rank);
    (void)plan, (void)iteration, (void)state;

    rank_reduce(rank, world, 0, MPI_INT_B);
    rank_allreduce(rank, world, MPI_INT_B);
    for (int i = 0; i < 3; i++)
        rank_reduce(rank, world, 0, MPI_DOUBLE_B);
    rank_bcast(rank, world, 0, MPI_DOUBLE_B);
}
