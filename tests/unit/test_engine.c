/*
 * What time a message, a computation and a collective take, and who is said to have taken it.
 */
#include "toy_cluster.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* SimGrid rounds times to a nanosecond; the runs here take some hundred microseconds and more. */
static const double TIMING = 1e-5;

static void exchange(struct rank *rank, void *argument)
{
    const uint64_t size_B = *(const uint64_t *)argument;
    struct comm *world = rank_world(rank);
    if (rank_number(rank) == 0) {
        rank_send(rank, world, 1, 7, size_B);
        rank_recv(rank, world, 1, 7, size_B, NULL);
    } else {
        rank_recv(rank, world, 0, 7, size_B, NULL);
        rank_send(rank, world, 0, 7, size_B);
    }
}

/* Each way: 3 us + 1 ns/B, 50 us + 8 ns/B, 5 us + 2 ns/B. */
static void a_native_ping_pong_takes_stacks_latency_and_bytes(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    const uint64_t sizes_B[] = {1, 1733, 65536, 65537, 7654321};
    for (size_t i = 0; i < sizeof sizes_B / sizeof *sizes_B; i++) {
        uint64_t size_B = sizes_B[i];
        struct outcome outcome = toy_run(&platform, exchange, &size_B);
        const double way_s = 58e-6 + 11e-9 * (double)size_B;
        gsl_test_rel(outcome.elapsed_s, 2.0 * way_s, TIMING, "%d bytes there and back",
                     (int)size_B);
        assert_int_equal(outcome.n_messages, 2);
        assert_int_equal(outcome.message_B, 2 * size_B);
        outcome_release(&outcome);
    }
    platform_release(&platform);
}

static void all_collectives(struct rank *rank, void *argument)
{
    const uint64_t size_B = *(const uint64_t *)argument;
    struct comm *world = rank_world(rank);
    const int n = comm_size(world);
    struct comm *half = rank_split(rank, world, rank_number(rank) % 2, -rank_number(rank));
    assert_int_equal(comm_size(half), (n + 1 - rank_number(rank) % 2) / 2);
    struct comm *const comms[] = {world, half};
    for (int i = 0; i < 2; i++) {
        struct comm *comm = comms[i];
        const int root = comm_size(comm) - 1;
        rank_barrier(rank, comm);
        rank_bcast(rank, comm, root, size_B);
        rank_reduce(rank, comm, root, size_B);
        rank_allreduce(rank, comm, size_B);
        rank_gather(rank, comm, root, size_B);
        rank_scatter(rank, comm, root, size_B);
        rank_allgather(rank, comm, size_B);
        rank_alltoall(rank, comm, size_B);
        uint64_t sizes_B[16];
        for (int k = 0; k < 16; k++)
            sizes_B[k] = size_B;
        rank_alltoallv(rank, comm, sizes_B, sizes_B);
        rank_reduce_scatter(rank, comm, size_B);
        rank_scan(rank, comm, size_B);
    }
}

static void collectives_end_whatever_library_size_and_number_of_ranks(void **state)
{
    (void)state;
    const uint64_t sizes_B[] = {1, 1733, 400008};
    for (int n_nodes = 1; n_nodes <= 7; n_nodes += 2)
        for (int library = 0; mpi_collectives_names[library]; library++)
            for (size_t i = 0; i < sizeof sizes_B / sizeof *sizes_B; i++) {
                struct platform platform = toy_native(n_nodes, 2);
                platform.mpi.collectives = library;
                uint64_t size_B = sizes_B[i];
                struct outcome outcome = toy_run(&platform, all_collectives, &size_B);
                assert_int_equal(outcome.traffic[0].n_collectives, 24);
                outcome_release(&outcome);
                platform_release(&platform);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_native_ping_pong_takes_stacks_latency_and_bytes),
        cmocka_unit_test(collectives_end_whatever_library_size_and_number_of_ranks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) || gsl_test_summary();
}
