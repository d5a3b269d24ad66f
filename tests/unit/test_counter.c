/*
 * The counting engine of the tests: it has MPI's semantics, and it counts.
 */
#include "tests/counter/rank_counter.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct counter_options eager = {0}, rendezvous = {.sends_wait = true};

typedef void rank_code(const void *plan, long iteration, struct rank *rank, void *state);

static bool one_step(const void *plan, long index, struct step *step)
{
    (void)plan;
    *step = (struct step){0};
    return index == 0;
}

/* Runs `code` on `n_ranks` ranks; returns count_program()'s status. */
static int count(int n_ranks, rank_code *code, const struct counter_options *options,
                 struct counter *counter)
{
    const struct phase phase = {.name = "code", .part = code};
    const struct program program = {
        .phases = &phase, .n_phases = 1, .n_ranks = n_ranks, .step = one_step};
    return count_program(&program, n_ranks, options, counter);
}

/* The same where all goes well, with eager sends and with sends that wait; counts of the latter. */
static struct counter count_both(int n_ranks, rank_code *code)
{
    struct counter counter;

    assert_int_equal(count(n_ranks, code, &eager, &counter), 0);
    assert_int_equal(counter.n_wrong_sizes + counter.n_left_over, 0);
    counter_release(&counter);
    assert_int_equal(count(n_ranks, code, &rendezvous, &counter), 0);
    assert_int_equal(counter.n_wrong_sizes + counter.n_left_over, 0);
    return counter;
}

static void shift_ring(const void *plan, long iteration, struct rank *rank, void *state)
{
    struct comm *world = rank_world(rank);
    const int n = comm_size(world), me = rank_number(rank);
    struct message got;
    (void)plan, (void)iteration, (void)state;

    struct request *receive = rank_irecv(rank, world, (me + n - 1) % n, 17, 231);
    struct request *send = rank_isend(rank, world, (me + 1) % n, 17, 231);
    rank_wait(rank, receive, &got);
    rank_wait(rank, send, NULL);
    assert_int_equal(got.source, (me + n - 1) % n);
    assert_int_equal(got.tag, 17);
    assert_int_equal(got.size_B, 231);
}

/* On one rank, the message goes to the rank itself. */
static void a_ring_sends_each_rank_one_message(void **state)
{
    (void)state;
    for (int n_ranks = 1; n_ranks <= 5; n_ranks++) {
        struct counter counter = count_both(n_ranks, shift_ring);
        for (int i = 0; i < n_ranks; i++) {
            const struct rank_traffic *traffic = &counter.ranks[i].traffic;
            assert_int_equal(traffic->n_sends, 1);
            assert_int_equal(traffic->n_receives, 1);
            assert_int_equal(traffic->sent_B, 231);
            assert_int_equal(traffic->received_B, 231);
            assert_int_equal(counter.n_between[i * n_ranks + (i + 1) % n_ranks], 1);
        }
        counter_release(&counter);
    }
}

/* Rank 0 receives from anyone, in any order; from one rank and tag, in the order of sending. */
static void gather_from_any(const void *plan, long iteration, struct rank *rank, void *state)
{
    struct comm *world = rank_world(rank);
    const int n = comm_size(world);
    uint64_t last_B[8] = {0};
    struct message got;
    (void)plan, (void)iteration, (void)state;

    if (rank_number(rank) > 0) {
        for (int i = 1; i <= 3; i++)
            rank_send(rank, world, 0, 5, (uint64_t)i);
        return;
    }
    for (int i = 0; i < 3 * (n - 1); i++) {
        rank_probe(rank, world, RANK_ANY, RANK_ANY, &got);
        rank_recv(rank, world, got.source, got.tag, got.size_B, &got);
        assert_int_equal(got.size_B, last_B[got.source] + 1);
        last_B[got.source] = got.size_B;
    }
}

static void messages_of_one_rank_do_not_overtake(void **state)
{
    (void)state;
    struct counter counter = count_both(4, gather_from_any);

    assert_int_equal(counter.ranks[0].traffic.n_receives, 9);
    counter_release(&counter);
}

/* Two messages in flight: what waits for any gets both, what polls too. */
static void wait_any_then_test(const void *plan, long iteration, struct rank *rank, void *state)
{
    struct comm *world = rank_world(rank);
    bool has_come[2] = {false, false};
    (void)plan, (void)iteration, (void)state;

    if (rank_number(rank) > 0) {
        rank_ssend(rank, world, 0, rank_number(rank), 77);
        return;
    }
    struct request *requests[2] = {rank_irecv(rank, world, 1, 1, 77),
                                   rank_irecv(rank, world, 2, 2, 77)};
    struct message got;
    const int first = rank_wait_any(rank, 2, requests, &got);
    assert_null(requests[first]);
    assert_int_equal(got.source, first + 1);
    has_come[first] = true;
    while (!rank_test(rank, requests[1 - first], &got))
        continue;
    has_come[got.source - 1] = true;
    assert_true(has_come[0] && has_come[1]);
}

static void requests_complete_in_wait_any_and_test(void **state)
{
    (void)state;
    struct counter counter = count_both(3, wait_any_then_test);

    assert_int_equal(counter.ranks[0].traffic.n_receives, 2);
    counter_release(&counter);
}

/* Every kind once, on n ranks: what each contributes is worked out in the test below. */
static void all_collectives(const void *plan, long iteration, struct rank *rank, void *state)
{
    struct comm *world = rank_world(rank);
    uint64_t send_B[8], recv_B[8];
    (void)plan, (void)iteration, (void)state;

    for (int i = 0; i < comm_size(world); i++) {
        send_B[i] = (uint64_t)(10 * rank_number(rank) + i);
        recv_B[i] = (uint64_t)(10 * i + rank_number(rank));
    }
    rank_barrier(rank, world);
    rank_bcast(rank, world, 1, 3);
    rank_reduce(rank, world, 2, 5);
    rank_allreduce(rank, world, 7);
    rank_gather(rank, world, 2, 11);
    rank_scatter(rank, world, 1, 13);
    rank_allgather(rank, world, 17);
    rank_alltoall(rank, world, 19);
    rank_alltoallv(rank, world, send_B, recv_B);
    rank_reduce_scatter(rank, world, 23);
    rank_scan(rank, world, 29);
}

/* Rank 1 of 3: its blocks of the alltoallv are 10, 11 and 12 B. */
static void collectives_count_what_a_rank_contributes(void **state)
{
    (void)state;
    const uint64_t rank_1_B[] = {0, 3, 5, 7, 11, 39, 17, 57, 33, 69, 29, 0};
    struct counter counter = count_both(3, all_collectives);
    const struct rank_count *root = &counter.ranks[1], *other = &counter.ranks[2];
    uint64_t total_B = 0;

    for (int kind = 0; kind < COLLECTIVE_SPLIT; kind++) {
        assert_int_equal(root->collectives[kind].n_calls, 1);
        assert_int_equal(root->collectives[kind].sent_B, rank_1_B[kind]);
        total_B += rank_1_B[kind];
    }
    assert_int_equal(root->traffic.n_collectives, 11);
    assert_int_equal(root->traffic.collective_B, total_B);
    assert_int_equal(other->collectives[COLLECTIVE_BCAST].sent_B, 0);
    assert_int_equal(other->collectives[COLLECTIVE_SCATTER].sent_B, 0);
    assert_int_equal(other->collectives[COLLECTIVE_ALLTOALLV].sent_B, 63);
    counter_release(&counter);
}

/* Rows of three ranks in reverse order; rank 6 is in none. */
static void split_rows(const void *plan, long iteration, struct rank *rank, void *state)
{
    struct comm *world = rank_world(rank);
    const int me = rank_number(rank);
    (void)plan, (void)iteration, (void)state;

    struct comm *row = rank_split(rank, world, me == 6 ? -1 : me / 3, -me);
    if (me == 6) {
        assert_null(row);
        return;
    }
    assert_int_equal(comm_size(row), 3);
    assert_int_equal(comm_rank(row, rank), 2 - me % 3);
    rank_allreduce(rank, row, 8);
    if (comm_rank(row, rank) == 0)
        rank_send(rank, row, 2, 0, 41);
    if (comm_rank(row, rank) == 2)
        rank_recv(rank, row, 0, 0, 41, NULL);
}

static void a_split_orders_by_key_and_keeps_messages_apart(void **state)
{
    (void)state;
    struct counter counter = count_both(7, split_rows);

    assert_int_equal(counter.n_between[2 * 7 + 0], 1);
    assert_int_equal(counter.n_between[5 * 7 + 3], 1);
    assert_int_equal(counter.ranks[6].collectives[COLLECTIVE_SPLIT].n_calls, 1);
    assert_int_equal(counter.ranks[6].traffic.n_collectives, 0);
    counter_release(&counter);
}

static void send_before_receive(const void *plan, long iteration, struct rank *rank, void *state)
{
    struct comm *world = rank_world(rank);
    const int other = 1 - rank_number(rank);
    (void)plan, (void)iteration, (void)state;

    rank_send(rank, world, other, 0, 8);
    rank_recv(rank, world, other, 0, 8, NULL);
}

static void sends_that_wait_for_each_other_are_a_deadlock(void **state)
{
    (void)state;
    struct counter counter;

    assert_int_equal(count(2, send_before_receive, &eager, &counter), 0);
    counter_release(&counter);
    assert_int_equal(count(2, send_before_receive, &rendezvous, &counter), -EDEADLK);
    counter_release(&counter);
}

static void disagree(const void *plan, long iteration, struct rank *rank, void *state)
{
    struct comm *world = rank_world(rank);
    (void)plan, (void)iteration, (void)state;

    rank_allreduce(rank, world, rank_number(rank) == 2 ? 9 : 8);
    if (rank_number(rank) == 0)
        rank_send(rank, world, 1, 0, 40);
    if (rank_number(rank) == 1)
        rank_recv(rank, world, 0, 0, 41, NULL);
    if (rank_number(rank) == 2)
        rank_send(rank, world, 0, 0, 1);
}

static void wrong_sizes_and_lost_messages_are_counted(void **state)
{
    (void)state;
    struct counter counter;

    assert_int_equal(count(3, disagree, &eager, &counter), 0);
    assert_int_equal(counter.n_wrong_sizes, 2);
    assert_int_equal(counter.n_shorter, 1);
    assert_int_equal(counter.n_left_over, 1);
    counter_release(&counter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_sends_each_rank_one_message),
        cmocka_unit_test(messages_of_one_rank_do_not_overtake),
        cmocka_unit_test(requests_complete_in_wait_any_and_test),
        cmocka_unit_test(collectives_count_what_a_rank_contributes),
        cmocka_unit_test(a_split_orders_by_key_and_keeps_messages_apart),
        cmocka_unit_test(sends_that_wait_for_each_other_are_a_deadlock),
        cmocka_unit_test(wrong_sizes_and_lost_messages_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
