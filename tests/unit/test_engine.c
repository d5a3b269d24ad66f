/*
 * What time a message, a computation and a collective take, and who is said to have taken it.
 */
#include "toy_cluster.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/*
 * 15000 bytes are 10 packets. Stacks: 3 + 15 + 7 us and 5 + 30 + 11 us. Backends: 13 us each to
 * notify, 17 + 30 us until the first packet is through the first, 17 + 10 x 30 us to serve all in
 * the second.
 */
static void a_guests_ping_pong_adds_stacks_and_backends(void **state)
{
    (void)state;
    const enum backend_scope scopes[] = {BACKEND_PER_VM, BACKEND_PER_NODE};
    for (int i = 0; i < 2; i++) {
        struct platform platform = toy_virtual(2, 1, scopes[i]);
        uint64_t size_B = 15000;
        struct outcome outcome = toy_run(&platform, exchange, &size_B);
        const double way_s = 25e-6 + 50e-6 + 26e-6 + 47e-6 + 317e-6 + 46e-6;
        gsl_test_rel(outcome.elapsed_s, 2.0 * way_s, TIMING, "15000 bytes there and back");
        gsl_test_rel(outcome.host_cpu_s[CPU_BACKEND], 4.0 * 317e-6 * 0.5, TIMING, "backend CPU");
        outcome_release(&outcome);
        platform_release(&platform);
    }
}

/* Ranks 0..n/2-1 each send to the rank n/2 further; everybody records when it was done. */
static void send_across(struct rank *rank, void *argument)
{
    const uint64_t size_B = *(const uint64_t *)argument;
    struct comm *world = rank_world(rank);
    const int half = comm_size(world) / 2;
    const int me = rank_number(rank);
    if (me < half)
        rank_send(rank, world, me + half, 0, size_B);
    else
        rank_recv(rank, world, me - half, 0, size_B, NULL);
    rank_record(rank, me, rank_time_s(rank));
}

/* 3 us + 10 ms, 50 us, twice 10 MB at 125 MB/s, 5 us + 20 ms. */
static void two_messages_share_a_nic(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 2);
    uint64_t size_B = 10000000;
    struct outcome outcome = toy_run(&platform, send_across, &size_B);
    gsl_test_rel(outcome.elapsed_s, 0.010003 + 50e-6 + 0.16 + 0.020005, TIMING, "two at once");
    gsl_test_rel(outcome.layer_s[LAYER_CONTENTION], 0.08, TIMING, "what each takes of the other");
    outcome_release(&outcome);
    platform_release(&platform);
}

static void the_guests_of_a_node_share_its_nic(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 2, BACKEND_NONE);
    uint64_t size_B = 10000000;
    struct outcome outcome = toy_run(&platform, send_across, &size_B);
    gsl_test_rel(outcome.elapsed_s, 0.010010 + 50e-6 + 0.16 + 0.020016, TIMING, "two at once");
    outcome_release(&outcome);
    platform_release(&platform);
}

/* Guest 0 sends to its neighbour 1, and guest 2 of the same node to guest 3 of the other one. */
static void send_both_ways(struct rank *rank, void *argument)
{
    const uint64_t size_B = *(const uint64_t *)argument;
    struct comm *world = rank_world(rank);
    const int me = rank_number(rank);
    if (me == 0 || me == 2)
        rank_send(rank, world, me + 1, 0, size_B);
    if (me == 1 || me == 3)
        rank_recv(rank, world, me - 1, 0, size_B, NULL);
    rank_record(rank, me, rank_time_s(rank));
}

static void the_bridge_of_a_node_is_not_its_nic(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 3, BACKEND_NONE);
    uint64_t size_B = 10000000;
    struct outcome outcome = toy_run(&platform, send_both_ways, &size_B);
    const double stacks_s = 0.010010 + 0.020016;
    gsl_test_rel(outcome.records[1].max, stacks_s + 40e-6 + 1e7 / 300e6, TIMING, "bridge");
    gsl_test_rel(outcome.records[3].max, stacks_s + 50e-6 + 1e7 / 125e6, TIMING, "wire");
    outcome_release(&outcome);
    platform_release(&platform);
}

/* Two links of 25 us are in the profile's 50 us; each further one is 25 us more. */
static void further_switches_take_further_time(void **state)
{
    (void)state;
    const struct {
        struct topology topology;
        int n_nodes;
        int n_further_links;
    } cases[] = {
        {{.kind = TOPOLOGY_SWITCH}, 5, 0},
        {{.kind = TOPOLOGY_TREE, .n_nodes_per_switch = 4, .oversubscription = 2.0}, 5, 2},
        {{.kind = TOPOLOGY_TREE, .n_nodes_per_switch = 5, .oversubscription = 2.0}, 5, 0},
        {{.kind = TOPOLOGY_TORUS, .n_dimensions = 2, .down = {4, 2}}, 7, 3},
        {{.kind = TOPOLOGY_FAT_TREE,
          .n_dimensions = 2,
          .down = {4, 2},
          .up = {1, 2},
          .parallel = {1, 1}},
         5,
         2},
        {{.kind = TOPOLOGY_DRAGONFLY,
          .n_groups = 2,
          .n_chassis = 2,
          .n_routers = 2,
          .n_nodes_per_router = 2},
         2,
         0},
        {{.kind = TOPOLOGY_DRAGONFLY,
          .n_groups = 2,
          .n_chassis = 2,
          .n_routers = 2,
          .n_nodes_per_router = 2},
         4,
         1},
        {{.kind = TOPOLOGY_DRAGONFLY,
          .n_groups = 2,
          .n_chassis = 2,
          .n_routers = 2,
          .n_nodes_per_router = 2},
         9,
         2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        /* From the first node to the last: a program of two ranks, one on each. */
        struct platform platform = toy_native(cases[i].n_nodes, 1);
        platform.topology = cases[i].topology;
        platform.domain_of_rank[1] = cases[i].n_nodes - 1;
        platform.domain_of_rank[cases[i].n_nodes - 1] = 1;
        uint64_t size_B = 1;
        struct toy_program toy;
        struct outcome outcome = {0};
        const struct engine_options options = {0};
        char error[256];
        toy_program_init(&toy, 2, exchange, &size_B);
        if (engine_run(engines[0], &platform, &toy.program, &options, &outcome, error,
                       sizeof error) != 0)
            fail_msg("topology %d: %s", (int)i, error);
        const double way_s = 58.011e-6 + 25e-6 * cases[i].n_further_links;
        gsl_test_rel(outcome.elapsed_s, 2.0 * way_s, TIMING, "topology %d", (int)i);
        outcome_release(&outcome);
        platform_release(&platform);
    }
}

/* --- eager and rendezvous --------------------------------------------------------- */

struct late {
    uint64_t size_B;
    bool is_synchronous;
};

/* Rank 1 computes 1 s before it receives. Slots: when the sender, and the receiver, went on. */
static void receive_late(struct rank *rank, void *argument)
{
    const struct late *late = argument;
    struct comm *world = rank_world(rank);
    const struct work second = work_of(WORK_DGEMM, 2e9, 0.0);
    if (rank_number(rank) == 1) {
        rank_compute(rank, &second);
        rank_recv(rank, world, 0, 0, late->size_B, NULL);
    } else if (late->is_synchronous) {
        rank_ssend(rank, world, 1, 0, late->size_B);
    } else {
        rank_send(rank, world, 1, 0, late->size_B);
    }
    rank_record(rank, rank_number(rank), rank_time_s(rank));
}

static void check_late(struct late late, double sender_s, double receiver_s)
{
    struct platform platform = toy_native(2, 1);
    struct outcome outcome = toy_run(&platform, receive_late, &late);
    gsl_test_rel(outcome.records[0].max, sender_s, TIMING, "sender of %d bytes", (int)late.size_B);
    gsl_test_rel(outcome.records[1].max, receiver_s, TIMING, "receiver of %d bytes",
                 (int)late.size_B);
    outcome_release(&outcome);
    platform_release(&platform);
}

/* 65536 bytes: the sender's stack takes 68.536 us, the receiver's 136.072 us. */
static void an_eager_message_has_arrived_when_a_late_receiver_comes(void **state)
{
    (void)state;
    check_late((struct late){.size_B = 65536}, 68.536e-6, 1.0 + 136.072e-6);
}

/* 65537 bytes flow from 1 s on: 50 us + 524.296 us. */
static void a_large_message_waits_for_its_receiver(void **state)
{
    (void)state;
    check_late((struct late){.size_B = 65537}, 1.0 + 574.296e-6, 1.0 + 574.296e-6 + 136.074e-6);
}

static void a_synchronous_send_waits_whatever_the_size(void **state)
{
    (void)state;
    check_late((struct late){.size_B = 1, .is_synchronous = true}, 1.0 + 50.008e-6,
               1.0 + 50.008e-6 + 5.002e-6);
}

static void a_message_of_4_GiB_takes_its_time(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    uint64_t size_B = (uint64_t)1 << 32;
    struct outcome outcome = toy_run(&platform, exchange, &size_B);
    gsl_test_rel(outcome.elapsed_s, 2.0 * (58e-6 + 11e-9 * 4294967296.0), TIMING, "4 GiB");
    gsl_test_rel(outcome.largest_message_B, 4294967296.0, 0.0, "the largest message");
    outcome_release(&outcome);
    platform_release(&platform);
}

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

/* --- cores ---------------------------------------------------------------------- */

static void compute_a_second(struct rank *rank, void *argument)
{
    (void)argument;
    const struct work second = work_of(WORK_DGEMM, 2e9, 0.0);
    rank_compute(rank, &second);
}

static void ranks_beyond_the_cores_share_them(void **state)
{
    (void)state;
    struct platform platform = toy_native(1, 3);
    platform.n_cores = platform.n_threads = 2;
    struct outcome outcome = toy_run(&platform, compute_a_second, NULL);
    gsl_test_rel(outcome.elapsed_s, 1.5, TIMING, "3 s of work on 2 cores");
    gsl_test_rel(outcome.layer_s[LAYER_COMPUTE], 1.0, TIMING, "each rank's own");
    gsl_test_rel(outcome.layer_s[LAYER_STEAL], 0.5, TIMING, "what the others take");
    outcome_release(&outcome);
    platform_release(&platform);
}

static void a_slower_node_takes_longer(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    platform.node_speed[1] = 0.8;
    struct outcome outcome = toy_run(&platform, compute_a_second, NULL);
    gsl_test_rel(outcome.elapsed_s, 1.25, TIMING, "at 0.8 of the speed");
    gsl_test_rel(outcome.layer_s[LAYER_WAIT], 0.125, TIMING, "the faster one waits");
    outcome_release(&outcome);
    platform_release(&platform);
}

enum { N_INTERRUPTIONS = 50 };

/* The guests of node 0 compute for a second, in which those of node 1 send to them. */
static void be_interrupted(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    const int me = rank_number(rank);
    if (me < 2)
        compute_a_second(rank, NULL);
    for (int i = 0; i < N_INTERRUPTIONS; i++)
        if (me < 2)
            rank_recv(rank, world, me + 2, 0, 15000, NULL);
        else
            rank_send(rank, world, me - 2, 0, 15000);
}

/* 10 packets take a backend 317 us, half of which is CPU: node 0 has no core left for it. */
static void what_backends_take_from_computing_guests_is_repeated(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 2, BACKEND_PER_VM);
    struct outcome outcome = toy_run(&platform, be_interrupted, NULL);
    const double stolen_s = 2 * N_INTERRUPTIONS * 317e-6 * 0.5;
    gsl_test_rel(4.0 * outcome.layer_s[LAYER_STEAL], stolen_s, TIMING, "steal of all ranks");
    gsl_test_rel(outcome.host_cpu_s[CPU_BACKEND], 2.0 * stolen_s, TIMING, "of both nodes");
    assert_true(outcome.elapsed_s >= 1.0 + stolen_s / 2.0);
    outcome_release(&outcome);
    platform_release(&platform);
}

/* --- backends beside computing vCPUs ------------------------------------------------ */

static void write_disk(struct rank *rank, double size_B)
{
    rank_disk(rank, &(struct disk_access){DISK_WRITE, DISK_SEQUENTIAL, size_B, 1.0});
}

/*
 * Rank 0 of the first node sends 15 MB to the first rank of the second node; rank 1, beside it,
 * waits at its disk and computes. All record when they are done.
 */
struct beside {
    uint64_t disk_B; /* 8 ms and 1 s for each 60 MB */
    double compute_s;
    int n_pieces;
};

static void send_beside_computing(struct rank *rank, void *argument)
{
    const struct beside *beside = argument;
    struct comm *world = rank_world(rank);
    const int me = rank_number(rank), receiver = comm_size(world) / 2;
    const struct work piece = work_of(WORK_DGEMM, 2e9 * beside->compute_s / beside->n_pieces, 0.0);
    if (me == 0)
        rank_send(rank, world, receiver, 0, 15000000);
    if (me == receiver)
        rank_recv(rank, world, 0, 0, 15000000, NULL);
    if (me == 1 && beside->disk_B > 0)
        write_disk(rank, (double)beside->disk_B);
    for (int i = 0; me == 1 && i < beside->n_pieces; i++) {
        rank_compute(rank, &piece);
        rank_record(rank, 8, 1.0);
        rank_iprobe(rank, world, RANK_ANY, RANK_ANY, NULL); /* others can see the rank here */
    }
    rank_record(rank, me, rank_time_s(rank));
}

/*
 * On an idle node: the sender's stack takes 15.01 ms; 50 us on the wire, 26 us of notification and
 * 47 us of the first packet later bytes arrive for 17 us + 10000 x 30 us; the receiver's stack
 * takes 30.016 ms.
 */
static const double START_S = 0.01501, LATENCY_S = 123e-6, SERVICE_S = 0.300017;
static const double RECEIVER_S = 0.030016;

static double arrival_s(const struct platform *platform, struct beside beside)
{
    struct outcome outcome = toy_run(platform, send_beside_computing, &beside);
    const double received_s = outcome.records[platform->n_ranks / 2].max;
    outcome_release(&outcome);
    return received_s;
}

/*
 * Busy factor 2.6, and one of two cores computes: 1 + 1.6 / 2. Bytes arrive from 15.133 ms on, with
 * 1 / 1.8 of their speed from 108 ms to 208 ms, and for as long as the rank then makes up for what
 * it lost: the backend used 0.5 / 1.8 of a core, the half of it from that rank.
 */
static const double LOST = 0.5 * 0.5 / 1.8; /* of each second of compute */

static void a_message_under_way_slows_down_and_recovers(void **state)
{
    (void)state;
    const enum backend_scope scopes[] = {BACKEND_PER_VM, BACKEND_PER_NODE};
    for (int i = 0; i < 2; i++) {
        struct platform platform = toy_virtual(2, 2, scopes[i]);
        platform.virt.backend.busy_factor = parameter_exact(2.6);
        const double idle_s = START_S + LATENCY_S + SERVICE_S + RECEIVER_S;
        gsl_test_rel(arrival_s(&platform, (struct beside){.n_pieces = 0}), idle_s, TIMING, "idle");
        const struct beside later = {.disk_B = 6000000, .compute_s = 0.1, .n_pieces = 1};
        gsl_test_rel(arrival_s(&platform, later), idle_s + 0.1 * (1.0 + LOST) * (1.0 - 1.0 / 1.8),
                     TIMING, "computing meanwhile");
        platform_release(&platform);
    }
}

/*
 * Rank 1 computes 0.1 s from the start and then what it lost since the message started. The first
 * packet takes 0.8 x 47 us longer, and bytes are slow until the rank is done.
 */
static void a_message_that_starts_slow_recovers_too(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 2, BACKEND_PER_VM);
    platform.virt.backend.busy_factor = parameter_exact(2.6);
    const double first_byte_s = START_S + LATENCY_S + 0.8 * 47e-6;
    const double done_s = 0.1 + (0.1 - START_S) * LOST;
    const double last_byte_s =
        first_byte_s + SERVICE_S + (done_s - first_byte_s) * (1.0 - 1.0 / 1.8);
    gsl_test_rel(arrival_s(&platform, (struct beside){.compute_s = 0.1, .n_pieces = 1}),
                 last_byte_s + RECEIVER_S, TIMING, "computing at first");
    platform_release(&platform);
}

/* In a guest of two vCPUs, of which one computes from 108 ms to 208 ms and then what it lost: 1
 * + 2.8 / 2. */
static void guests_with_several_vcpus_have_a_slowdown_of_their_own(void **state)
{
    (void)state;
    struct platform platform = toy_smp_guests(2, 2, BACKEND_PER_VM);
    platform.virt.backend.busy_factor = parameter_exact(2.6);
    platform.virt.backend.busy_smp_factor = parameter_exact(3.8);
    platform.virt.backend.byte_smp_s = parameter_exact(5e-9);
    const double idle_s = START_S + LATENCY_S + 7.5e-6 + SERVICE_S + 0.075 + RECEIVER_S;
    const struct beside later = {.disk_B = 6000000, .compute_s = 0.1, .n_pieces = 1};
    const double busy_s = 0.1 * (1.0 + 0.5 * 0.5 / 2.4);
    gsl_test_rel(arrival_s(&platform, later), idle_s + busy_s * (1.0 - 1.0 / 2.4), TIMING,
                 "computing meanwhile");
    platform_release(&platform);
}

/* Pieces of 0.9 ms, each seen by others at its end, do not slow the backend; of 1.1 ms, they do. */
static void compute_shorter_than_a_tick_slows_nobody(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 2, BACKEND_PER_VM);
    platform.virt.backend.busy_factor = parameter_exact(2.6);
    const double idle_s = START_S + LATENCY_S + SERVICE_S + RECEIVER_S;
    const struct beside shorter = {.disk_B = 6000000, .compute_s = 0.09, .n_pieces = 100};
    gsl_test_rel(arrival_s(&platform, shorter), idle_s, TIMING, "100 times 0.9 ms");
    const struct beside longer = {.disk_B = 6000000, .compute_s = 0.11, .n_pieces = 100};
    const double busy_s = 0.11 + 99 * 5e-6; /* a look of 5 us counts to the piece that follows */
    gsl_test_rel(arrival_s(&platform, longer), idle_s + busy_s * (1.0 - 1.0 / 1.8), TIMING,
                 "100 times 1.1 ms");
    platform_release(&platform);
}

/*
 * Who waits polls: a core of either node is never free, so bytes need 1.8 times the idle service,
 * and 2.6 times while rank 1 computes, 100 ms, looks for messages, 5 us, and makes up for its half
 * of what the backend, at 0.5 / 2.6 of a core, took from the two that hold the cores. While its
 * disk works, and when it has ended, it holds none; nor does rank 3, which has nothing to do.
 */
static void a_rank_that_polls_holds_its_core_from_start_to_end(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 2, BACKEND_PER_VM);
    platform.virt.backend.busy_factor = parameter_exact(2.6);
    platform.mpi.wait = MPI_WAIT_POLLS;
    const struct beside later = {.disk_B = 6000000, .compute_s = 0.1, .n_pieces = 1};
    const double busy_s = 0.100005 * (1.0 + 0.5 * 0.5 / 2.6);
    const double last_byte_s =
        START_S + LATENCY_S + 0.8 * 47e-6 + 1.8 * SERVICE_S + busy_s * (1.0 - 1.8 / 2.6);
    gsl_test_rel(arrival_s(&platform, later), last_byte_s + RECEIVER_S, TIMING, "polling");
    platform_release(&platform);
}

/*
 * Half of what the backend does, at 0.5 of a core, from the message's start at 15.01 ms until the
 * compute ends or the message's 0.1500085 s of CPU time are done; nothing of compute that has ended
 * before.
 */
static void a_computing_rank_loses_half_of_what_its_backend_does_meanwhile(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 2, BACKEND_PER_VM);
    const double cases[][2] = {{0.0142, 0.0},
                               {0.0173, 0.0005725},
                               {0.1, 0.0212475},
                               {0.1501, 0.0337725},
                               {0.47, 0.07500425}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct beside beside = {.compute_s = cases[i][0], .n_pieces = 1};
        struct outcome outcome = toy_run(&platform, send_beside_computing, &beside);
        gsl_test_rel(4.0 * outcome.layer_s[LAYER_STEAL], cases[i][1], TIMING, "%g s of compute",
                     beside.compute_s);
        outcome_release(&outcome);
    }
    platform_release(&platform);
}

static void nothing_is_stolen_without_backends_at_work(void **state)
{
    (void)state;
    struct platform silent = toy_virtual(2, 2, BACKEND_PER_NODE);
    struct platform passthrough = toy_virtual(2, 2, BACKEND_NONE);
    struct platform native = toy_native(2, 2);
    struct outcome outcomes[] = {toy_run(&silent, compute_a_second, NULL),
                                 toy_run(&passthrough, be_interrupted, NULL),
                                 toy_run(&native, be_interrupted, NULL)};
    for (int i = 0; i < 3; i++) {
        assert_true(outcomes[i].layer_s[LAYER_STEAL] == 0.0);
        assert_true(outcomes[i].host_cpu_s[CPU_BACKEND] == 0.0);
        outcome_release(&outcomes[i]);
    }
    platform_release(&silent);
    platform_release(&passthrough);
    platform_release(&native);
}

/* A profile's numbers for backends mean nothing where there are no guests. */
static void a_native_platform_knows_no_slowdown(void **state)
{
    (void)state;
    const struct beside later = {.disk_B = 6000000, .compute_s = 0.1, .n_pieces = 1};
    struct platform platform = toy_native(2, 2);
    const double plain_s = arrival_s(&platform, later);
    platform.virt.backend = (struct backend){.scope = BACKEND_PER_NODE,
                                             .packet_s = parameter_exact(30e-6),
                                             .cpu_share = parameter_exact(0.5),
                                             .busy_factor = parameter_exact(2.6),
                                             .busy_smp_factor = parameter_exact(2.6)};
    assert_true(arrival_s(&platform, later) == plain_s);
    platform_release(&platform);
}

/*
 * Two guests on one core compute 1 s each, in 2 s. Backends want 50 x 317 us x 0.5 of either, which
 * they work off on the same core, in twice that.
 */
static void ranks_that_share_a_core_lose_time_to_backends_too(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 2, BACKEND_PER_VM);
    platform.n_cores = platform.n_threads = 1;
    struct outcome outcome = toy_run(&platform, be_interrupted, NULL);
    const double debt_s = N_INTERRUPTIONS * 317e-6 * 0.5;
    gsl_test_rel(4.0 * outcome.layer_s[LAYER_STEAL], 2.0 * (1.0 + 2.0 * debt_s), TIMING,
                 "to each other and to backends");
    outcome_release(&outcome);
    platform_release(&platform);
}

static void a_disk_takes_latency_and_bytes(struct rank *rank, void *argument)
{
    (void)argument;
    write_disk(rank, 120e6);
}

static void disk_time_is_booked_to_the_disk(void **state)
{
    (void)state;
    struct platform platform = toy_native(1, 1);
    struct outcome outcome = toy_run(&platform, a_disk_takes_latency_and_bytes, NULL);
    gsl_test_rel(outcome.layer_s[LAYER_DISK], 2.008, TIMING, "120 MB at 60 MB/s");
    outcome_release(&outcome);
    platform_release(&platform);
}

/* Rank i of a node writes (i + 1) x 60 MB, each in a second and 8 ms. */
static void write_by_number(struct rank *rank, void *n_ranks_per_node)
{
    const int share = rank_number(rank) % *(int *)n_ranks_per_node + 1;
    rank_disk(rank, &(struct disk_access){DISK_WRITE, DISK_SEQUENTIAL, 60e6, share});
    rank_record(rank, share, rank_time_s(rank));
}

/*
 * Three ranks of 1.008, 2.016 and 3.024 s of service each get a third of the disk, then half, then
 * all of it: done at 3 x 1.008, at 2 x 1.008 more, and at 1.008 more. The other node's are the
 * same.
 */
static void ranks_of_a_node_share_its_disk(void **state)
{
    (void)state;
    int n_ranks_per_node = 3;
    struct platform bare = toy_native(2, 3), guests = toy_virtual(2, 3, BACKEND_NONE);
    struct platform *platforms[] = {&bare, &guests};
    for (int i = 0; i < 2; i++) {
        struct outcome outcome = toy_run(platforms[i], write_by_number, &n_ranks_per_node);
        for (int share = 1; share <= 3; share++) {
            static const double end_s[] = {0.0, 3.024, 5.04, 6.048};
            gsl_test_rel(outcome.records[share].min, end_s[share], TIMING, "share %d", share);
            gsl_test_rel(outcome.records[share].max, end_s[share], TIMING, "share %d", share);
        }
        gsl_test_rel(outcome.layer_s[LAYER_DISK], (3.024 + 5.04 + 6.048) / 3.0, TIMING, "layer");
        outcome_release(&outcome);
        platform_release(platforms[i]);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/* 10^6 random records of 4 kB, each in 12 + 8 ms and 50 us: 20050 s. */
static void access_at_random(struct rank *rank, void *argument)
{
    (void)argument;
    rank_disk(rank, &(struct disk_access){DISK_READ, DISK_RANDOM, 4e3, 1e6});
}

static void a_million_records_are_one_event(void **state)
{
    (void)state;
    struct platform platform = toy_native(1, 1);
    platform.node.disk.seek_s = parameter_exact(12e-3);
    struct outcome outcome = toy_run(&platform, access_at_random, NULL);
    gsl_test_rel(outcome.elapsed_s, 20050.0, TIMING, "elapsed");
    outcome_release(&outcome);
    platform_release(&platform);
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- synchronous sends, and what a node's cores do --------------------------------- */

/* Rank 1 receives 8 B after 1 s of compute: rank 0's request lasts until then. */
static void send_to_a_late_receiver(struct rank *rank, void *argument)
{
    (void)argument;
    const struct work second = work_of(WORK_DGEMM, 2e9, 0.0);
    if (rank_number(rank) == 0) {
        struct request *send = rank_issend(rank, rank_world(rank), 1, 0, 8);
        rank_record(rank, 0, rank_time_s(rank));
        rank_wait(rank, send, NULL);
        rank_record(rank, 1, rank_time_s(rank));
    } else {
        rank_compute(rank, &second);
        rank_recv(rank, rank_world(rank), 0, 0, 8, NULL);
    }
}

static void a_synchronous_send_ends_when_it_is_received(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    struct outcome outcome = toy_run(&platform, send_to_a_late_receiver, NULL);
    gsl_test_rel(outcome.records[0].max, 3.008e-6, TIMING, "returns at once");
    gsl_test_rel(outcome.records[1].max, 1.0 + 50e-6 + 8 / 125e6, TIMING, "ends late");
    outcome_release(&outcome);
    platform_release(&platform);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Each rank sends 15 MB to its counterpart on the other node, which computes a second before. */
static void read_node_cpu(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    const int me = rank_number(rank), half = comm_size(world) / 2;
    const struct work second = work_of(WORK_DGEMM, 2e9, 0.0);
    double cpu_s[N_CPU_DOMAINS];
    if (me < half) {
        rank_send(rank, world, me + half, 0, 15000000);
    } else {
        rank_compute(rank, &second);
        rank_recv(rank, world, me - half, 0, 15000000, NULL);
    }
    rank_barrier(rank, world);
    rank_node_cpu(rank, cpu_s);
    for (int domain = 0; domain < N_CPU_DOMAINS; domain++)
        rank_record(rank, (me < half ? 0 : N_CPU_DOMAINS) + domain, cpu_s[domain]);
    rank_record(rank, 2 * N_CPU_DOMAINS, rank_time_s(rank));
}

/*
 * Two guests a node with a backend each, which spends half a core on 10000 packets of 30 us and a
 * message of 17 us, on either side: 0.3 s for both, and as much for the barrier as is not worth
 * telling. Sending 15 MB takes 15.01 ms of CPU time, receiving 30.016 ms, and the compute a second.
 */
static void a_nodes_cpu_time_is_told_by_domain(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 2, BACKEND_PER_VM);
    struct outcome outcome = toy_run(&platform, read_node_cpu, NULL);
    const struct record *sender = outcome.records, *receiver = outcome.records + N_CPU_DOMAINS;
    static const double BARRIER = 5e-3;
    gsl_test_rel(sender[CPU_GUEST].max, 2 * 0.01501, BARRIER, "senders");
    gsl_test_rel(receiver[CPU_GUEST].max, 2 * 1.030016, BARRIER, "receivers");
    gsl_test_rel(sender[CPU_BACKEND].max, 0.300017, BARRIER, "senders' backends");
    gsl_test_rel(receiver[CPU_BACKEND].max, 0.300017, BARRIER, "receivers' backends");
    double sum_s = 0.0;
    for (int domain = 0; domain < N_CPU_DOMAINS; domain++)
        sum_s += sender[domain].max;
    gsl_test_rel(sum_s, 2 * outcome.records[2 * N_CPU_DOMAINS].max, BARRIER, "all of two cores");
    outcome_release(&outcome);
    platform_release(&platform);
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- what must not depend on anything ---------------------------------------------- */

/* A bit of everything, in an order that noise moves. */
static void mix(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    const int n = comm_size(world), me = rank_number(rank);
    for (int i = 0; i < 20; i++) {
        const struct work some = work_of(WORK_DGEMM, 1e6 * (1 + (me + i) % 5), 0.0);
        rank_compute(rank, &some);
        rank_sendrecv(rank, world, (me + 1) % n, i, (uint64_t)(1000 << (i % 8)), (me + n - 1) % n,
                      i, 1000000, NULL);
        if (i % 5 == 4)
            rank_allreduce(rank, world, 800);
    }
}

static void the_same_run_gives_the_same_bytes(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(3, 2, BACKEND_PER_NODE);
    platform.node.call_spread = parameter_exact(0.1);
    struct outcome first = toy_run(&platform, mix, NULL);
    struct outcome second = toy_run(&platform, mix, NULL);
    assert_memory_equal(first.layer_s, second.layer_s, sizeof first.layer_s);
    assert_memory_equal(first.host_cpu_s, second.host_cpu_s, sizeof first.host_cpu_s);
    assert_memory_equal(first.traffic, second.traffic, 6 * sizeof *first.traffic);
    platform.seed++;
    struct outcome other = toy_run(&platform, mix, NULL);
    assert_true(other.elapsed_s != first.elapsed_s);
    outcome_release(&first);
    outcome_release(&second);
    outcome_release(&other);
    platform_release(&platform);
}

/* --- failures ---------------------------------------------------------------------- */

static void wait_for_each_other(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    if (rank_number(rank) == 0)
        rank_recv(rank, world, 1, 42, 1, NULL);
    if (rank_number(rank) == 1)
        rank_ssend(rank, world, 0, 43, 1);
    if (rank_number(rank) == 2)
        rank_barrier(rank, world);
}

static void a_deadlock_names_who_waits_for_what(void **state)
{
    (void)state;
    char error[1024];
    struct platform platform = toy_native(3, 1);
    assert_int_equal(toy_fail(&platform, wait_for_each_other, NULL, error, sizeof error), -EDEADLK);
    assert_non_null(strstr(error, "rank 0 waits for a message from rank 1 with tag 42"));
    assert_non_null(strstr(error, "rank 1 waits for rank 0 to receive tag 43"));
    assert_non_null(strstr(error, "rank 2 waits in a collective"));
    platform_release(&platform);
}

static void crash(struct rank *rank, void *argument)
{
    (void)rank;
    (void)argument;
    fprintf(stderr, "[d0:r:(3) 0.1] ./exception.cpp:48: [xbt/CRITICAL] the roof is on fire\n");
    fprintf(stderr, "[d0:r:(3) 0.1] ./exception.cpp:75: [xbt/CRITICAL] Current backtrace:\n");
    fprintf(stderr, "  -> 0# here\n");
    abort();
}

static void leave(struct rank *rank, void *argument)
{
    (void)rank;
    (void)argument;
    printf("nothing to see here\n");
    fflush(stdout);
    _exit(3);
}

static void a_death_in_the_worker_is_an_error_here(void **state)
{
    (void)state;
    char error[1024];
    struct platform platform = toy_native(2, 1);
    assert_int_equal(toy_fail(&platform, crash, NULL, error, sizeof error), -EIO);
    assert_non_null(strstr(error, "signal 6"));
    if (!strstr(error, "): the roof is on fire"))
        fail_msg("no reason in: %s", error);
    assert_int_equal(toy_fail(&platform, leave, NULL, error, sizeof error), -EIO);
    assert_non_null(strstr(error, "status 3"));
    platform_release(&platform);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_native_ping_pong_takes_stacks_latency_and_bytes),
        cmocka_unit_test(a_guests_ping_pong_adds_stacks_and_backends),
        cmocka_unit_test(two_messages_share_a_nic),
        cmocka_unit_test(the_guests_of_a_node_share_its_nic),
        cmocka_unit_test(the_bridge_of_a_node_is_not_its_nic),
        cmocka_unit_test(further_switches_take_further_time),
        cmocka_unit_test(an_eager_message_has_arrived_when_a_late_receiver_comes),
        cmocka_unit_test(a_large_message_waits_for_its_receiver),
        cmocka_unit_test(a_synchronous_send_waits_whatever_the_size),
        cmocka_unit_test(a_message_of_4_GiB_takes_its_time),
        cmocka_unit_test(a_wildcard_receive_says_what_it_got),
        cmocka_unit_test(a_probe_sees_a_message_when_its_envelope_has_come),
        cmocka_unit_test(messages_outlive_the_rank_that_sent_them),
        cmocka_unit_test(waiting_for_any_gets_the_first_to_come),
        cmocka_unit_test(a_receive_can_be_taken_back),
        cmocka_unit_test(looks_take_the_time_that_the_library_needs),
        cmocka_unit_test(a_split_orders_by_key_and_leaves_out_negative_colors),
        cmocka_unit_test(collectives_end_whatever_library_size_and_number_of_ranks),
        cmocka_unit_test(a_first_collective_takes_as_long_as_the_next),
        cmocka_unit_test(ranks_beyond_the_cores_share_them),
        cmocka_unit_test(a_slower_node_takes_longer),
        cmocka_unit_test(what_backends_take_from_computing_guests_is_repeated),
        cmocka_unit_test(a_message_under_way_slows_down_and_recovers),
        cmocka_unit_test(a_message_that_starts_slow_recovers_too),
        cmocka_unit_test(guests_with_several_vcpus_have_a_slowdown_of_their_own),
        cmocka_unit_test(compute_shorter_than_a_tick_slows_nobody),
        cmocka_unit_test(a_rank_that_polls_holds_its_core_from_start_to_end),
        cmocka_unit_test(a_computing_rank_loses_half_of_what_its_backend_does_meanwhile),
        cmocka_unit_test(nothing_is_stolen_without_backends_at_work),
        cmocka_unit_test(a_native_platform_knows_no_slowdown),
        cmocka_unit_test(ranks_that_share_a_core_lose_time_to_backends_too),
        cmocka_unit_test(disk_time_is_booked_to_the_disk),
        cmocka_unit_test(ranks_of_a_node_share_its_disk),
        cmocka_unit_test(a_million_records_are_one_event),
        cmocka_unit_test(a_synchronous_send_ends_when_it_is_received),
        cmocka_unit_test(a_nodes_cpu_time_is_told_by_domain),
        cmocka_unit_test(the_same_run_gives_the_same_bytes),
        cmocka_unit_test(a_deadlock_names_who_waits_for_what),
        cmocka_unit_test(a_death_in_the_worker_is_an_error_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) || gsl_test_summary();
}
