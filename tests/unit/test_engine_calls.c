/*
 * What the calls of the rank interface return, and that collectives end.
 */
#include "toy_cluster.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* SimGrid rounds times to a nanosecond; the runs here take some hundred microseconds and more. */
static const double TIMING = 1e-5;

/* --- what calls return -------------------------------------------------------------- */

static void receive_anything(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    const struct work some = work_of(WORK_DGEMM, 2e6 * rank_number(rank), 0.0);
    if (rank_number(rank) > 0) {
        rank_compute(rank, &some);
        rank_send(rank, world, 0, 10 + rank_number(rank), (uint64_t)(100 * rank_number(rank)));
        return;
    }
    for (int i = 1; i < comm_size(world); i++) {
        struct message got;
        rank_recv(rank, world, RANK_ANY, RANK_ANY, 1000, &got);
        assert(got.source == i && got.tag == 10 + i && got.size_B == (uint64_t)(100 * i));
    }
}

static void a_wildcard_receive_says_what_it_got(void **state)
{
    (void)state;
    struct platform platform = toy_native(4, 1);
    struct outcome outcome = toy_run(&platform, receive_anything, NULL);
    assert_int_equal(outcome.traffic[0].n_receives, 3);
    assert_int_equal(outcome.traffic[0].received_B, 600);
    assert_int_equal(outcome.traffic[2].sent_B, 200);
    outcome_release(&outcome);
    platform_release(&platform);
}

/* The message of 1 byte leaves at 3.001 us and is seen 50 us later. */
static void look_for_messages(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    struct message got;
    if (rank_number(rank) == 1) {
        rank_send(rank, world, 0, 5, 1);
        const struct work pause = work_of(WORK_DGEMM, 2e6, 0.0);
        rank_compute(rank, &pause);
        rank_send(rank, world, 0, 6, 1);
        return;
    }
    assert(!rank_iprobe(rank, world, 1, 5, &got));
    int n_looks = 1;
    while (!rank_iprobe(rank, world, 1, 5, &got))
        n_looks++;
    assert(got.source == 1 && got.tag == 5 && got.size_B == 1);
    assert(rank_time_s(rank) >= 53e-6 && rank_time_s(rank) < 60e-6 && n_looks > 5);
    rank_recv(rank, world, 1, 5, 1, NULL);
    assert(!rank_iprobe(rank, world, 1, 5, &got));
    rank_probe(rank, world, RANK_ANY, RANK_ANY, &got);
    assert(got.tag == 6 && rank_time_s(rank) > 1e-3);
    rank_recv(rank, world, 1, 6, 1, NULL);
}

static void a_probe_sees_a_message_when_its_envelope_has_come(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    struct outcome outcome = toy_run(&platform, look_for_messages, NULL);
    outcome_release(&outcome);
    platform_release(&platform);
}

/* Rank 0 ends at once. Its first two messages are received later, its last one never. */
static void send_and_end(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);

    if (rank_number(rank) == 0) {
        for (int i = 0; i < 3; i++)
            rank_send(rank, world, 1, i, 100);
        return;
    }
    const struct work pause = work_of(WORK_DGEMM, 2e6, 0.0);
    rank_compute(rank, &pause);
    rank_recv(rank, world, 0, 1, 100, NULL);
    rank_recv(rank, world, 0, 0, 100, NULL);
}

/* 1 ms of computing, and twice 5 us + 2 ns/B. */
static void messages_outlive_the_rank_that_sent_them(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    struct outcome outcome = toy_run(&platform, send_and_end, NULL);

    gsl_test_rel(outcome.elapsed_s, 1e-3 + 2 * 5.2e-6, TIMING, "received from one that has ended");
    assert_int_equal(outcome.traffic[0].n_sends, 3);
    assert_int_equal(outcome.traffic[1].n_receives, 2);
    outcome_release(&outcome);
    platform_release(&platform);
}

/* Rank 0 receives from 1, 2 and 3, of which the last sends first. */
static void wait_for_any(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    const int me = rank_number(rank);
    if (me > 0) {
        const struct work some = work_of(WORK_DGEMM, 2e6 * (4 - me), 0.0);
        rank_compute(rank, &some);
        rank_send(rank, world, 0, 0, 9);
        return;
    }
    struct request *requests[4] = {NULL};
    for (int i = 1; i < 4; i++)
        requests[i] = rank_irecv(rank, world, i, 0, 9);
    assert(!rank_test(rank, requests[1], NULL));
    for (int i = 3; i > 0; i--) {
        struct message got;
        const int index = rank_wait_any(rank, 4, requests, &got);
        assert(index == i && got.source == i && !requests[i]);
    }
    struct request *send = rank_isend(rank, world, 0, 3, 17);
    struct request *receive = rank_irecv(rank, world, 0, 3, 17);
    while (!rank_test(rank, receive, NULL))
        continue;
    rank_wait(rank, send, NULL);
}

static void waiting_for_any_gets_the_first_to_come(void **state)
{
    (void)state;
    struct platform platform = toy_native(4, 1);
    struct outcome outcome = toy_run(&platform, wait_for_any, NULL);
    outcome_release(&outcome);
    platform_release(&platform);
}

/* Rank 1 takes its first receive back, so the message comes to the second. */
static void take_back_a_receive(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    struct message got;
    if (rank_number(rank) == 0) {
        rank_barrier(rank, world);
        rank_send(rank, world, 1, 5, 17);
        return;
    }
    struct request *first = rank_irecv(rank, world, RANK_ANY, RANK_ANY, 99);
    struct request *second = rank_irecv(rank, world, 0, 5, 31);
    rank_cancel(rank, first);
    rank_barrier(rank, world);
    rank_wait(rank, second, &got);
    assert(got.source == 0 && got.size_B == 17);
}

static void a_receive_can_be_taken_back(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    struct outcome outcome = toy_run(&platform, take_back_a_receive, NULL);
    outcome_release(&outcome);
    platform_release(&platform);
}

/* 3000 looks between work, and 3 tests, with three others to watch: 0.7 + 3 x 0.3 us each. */
static void look_in_vain(struct rank *rank, void *argument)
{
    (void)argument;
    struct request *receive = rank_irecv(rank, rank_world(rank), RANK_ANY, 0, 8);
    rank_look(rank, 3000.0);
    for (int i = 0; i < 3; i++)
        assert(!rank_test(rank, receive, NULL));
    rank_cancel(rank, receive);
}

static void looks_take_the_time_that_the_library_needs(void **state)
{
    (void)state;
    struct platform platform = toy_native(4, 1);
    platform.mpi.look_s = parameter_exact(0.7e-6);
    platform.mpi.look_connection_s = parameter_exact(0.3e-6);
    struct outcome outcome = toy_run(&platform, look_in_vain, NULL);
    gsl_test_rel(outcome.elapsed_s, 3003 * 1.6e-6, 1e-9, "elapsed");
    gsl_test_rel(outcome.layer_s[LAYER_COMPUTE], 3000 * 1.6e-6, 1e-9, "compute");
    outcome_release(&outcome);
    platform_release(&platform);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Ranks 0..6 in colors 0, 1, 2, none; key reverses the order. */
static void split_by_three(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    const int me = rank_number(rank);
    for (int round = 0; round < 3; round++) {
        const int color = (me + round) % 4 == 3 ? -1 : (me + round) % 4;
        struct comm *part = rank_split(rank, world, color, -me);
        assert((part == NULL) == (color < 0));
        if (!part)
            continue;
        int n = 0, n_above = 0;
        for (int other = 0; other < comm_size(world); other++) {
            n += (other + round) % 4 == color;
            n_above += (other + round) % 4 == color && other > me;
        }
        assert(comm_size(part) == n && comm_rank(part, rank) == n_above);
        if (n > 1 && n_above == 0)
            rank_send(rank, part, n - 1, 0, 100);
        if (n > 1 && n_above == n - 1)
            rank_recv(rank, part, 0, 0, 100, NULL);
    }
}

static void a_split_orders_by_key_and_leaves_out_negative_colors(void **state)
{
    (void)state;
    struct platform platform = toy_native(7, 1);
    struct outcome outcome = toy_run(&platform, split_by_three, NULL);
    outcome_release(&outcome);
    platform_release(&platform);
}

static void all_collectives(struct rank *rank, void *argument)
{
    const uint64_t size_B = *(const uint64_t *)argument;
    struct comm *world = rank_world(rank);
    const int n = comm_size(world);
    struct comm *half = rank_split(rank, world, rank_number(rank) % 2, -rank_number(rank));
    assert(comm_size(half) == (n + 1 - rank_number(rank) % 2) / 2);
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
        for (int library = 0; collective_library_names[library]; library++)
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

/* Computes until then. */
static void come_at(struct rank *rank, double time_s)
{
    const struct work rest = work_of(WORK_DGEMM, 2e9 * (time_s - rank_time_s(rank)), 0.0);
    rank_compute(rank, &rest);
}

/* Ranks 0 to 4 and 5 to 6 each start twice together. Slot of a rank: first end less second one. */
static void begin_twice(struct rank *rank, void *argument)
{
    (void)argument;
    const int me = rank_number(rank);
    struct comm *part = rank_split(rank, rank_world(rank), me < 5, me);
    double first_s = 0.0;
    for (int round = 1; round <= 2; round++) {
        come_at(rank, round);
        rank_bcast(rank, part, 0, 1733);
        first_s = round == 1 ? rank_time_s(rank) - 1.0 : first_s;
    }
    rank_record(rank, me, first_s);
    rank_record(rank, 10 + me, rank_time_s(rank) - 2.0);
}

static void a_first_collective_takes_as_long_as_the_next(void **state)
{
    (void)state;
    for (int library = 0; collective_library_names[library]; library++) {
        struct platform platform = toy_native(7, 1);
        platform.mpi.collectives = library;
        struct outcome outcome = toy_run(&platform, begin_twice, NULL);
        for (int i = 0; i < 7; i++)
            gsl_test_abs(outcome.records[i].max, outcome.records[10 + i].max, 1e-8, "%s, rank %d",
                         collective_library_names[library], i);
        assert_true(outcome.records[1].max > 3e-6);
        outcome_release(&outcome);
        platform_release(&platform);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wildcard_receive_says_what_it_got),
        cmocka_unit_test(a_probe_sees_a_message_when_its_envelope_has_come),
        cmocka_unit_test(messages_outlive_the_rank_that_sent_them),
        cmocka_unit_test(waiting_for_any_gets_the_first_to_come),
        cmocka_unit_test(a_receive_can_be_taken_back),
        cmocka_unit_test(looks_take_the_time_that_the_library_needs),
        cmocka_unit_test(a_split_orders_by_key_and_leaves_out_negative_colors),
        cmocka_unit_test(collectives_end_whatever_library_size_and_number_of_ranks),
        cmocka_unit_test(a_first_collective_takes_as_long_as_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) || gsl_test_summary();
}
