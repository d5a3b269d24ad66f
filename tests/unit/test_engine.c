/*
 * What time a message takes between two ranks, and who is said to have taken it.
 */
#include "engine_run.h"
#include "toy_cluster.h"

#include <setjmp.h>
#include <stdarg.h>

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
        cmocka_unit_test(a_synchronous_send_ends_when_it_is_received),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) || gsl_test_summary();
}
