/*
 * What cores, backends and disks of a node take from those that share them.
 */
#include "toy_cluster.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* SimGrid rounds times to a nanosecond; the runs here take some hundred microseconds and more. */
static const double TIMING = 1e-5;

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

static void move_a_gigabyte(struct rank *rank, void *argument)
{
    (void)argument;
    const struct work gigabyte = work_of(WORK_MEMORY, 0.0, 1e9);
    rank_compute(rank, &gigabyte);
}

/* Two at a time of five ranks draw 3.7 GB/s together, until all have moved 5 GB. */
static void ranks_beyond_the_cores_draw_no_less_from_memory(void **state)
{
    (void)state;
    struct platform platform = toy_native(1, 5);
    platform.n_cores = platform.n_threads = platform.node.n_cores_per_socket = 2;
    platform.node.memory_bandwidth_one_Bps = parameter_exact(2.3e9);
    platform.node.memory_bandwidth_all_Bps = parameter_exact(3.7e9);
    struct outcome outcome = toy_run(&platform, move_a_gigabyte, NULL);
    gsl_test_rel(outcome.elapsed_s, 5e9 / 3.7e9, TIMING, "5 GB");
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

/* --- exits -------------------------------------------------------------------------- */

static void compute_while_messages_come(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    if (rank_number(rank) == 0)
        compute_a_second(rank, NULL);
    for (int i = 0; i < N_INTERRUPTIONS; i++)
        if (rank_number(rank) == 0)
            rank_recv(rank, world, 1, 0, 15000, NULL);
        else if (rank_number(rank) == 1)
            rank_send(rank, world, 0, 0, 15000);
    if (rank_number(rank) == 0)
        rank_record(rank, 0, rank_time_s(rank));
}

/* When the guest that computes is done, on a node with cores to spare. */
static double done_s(struct platform platform, double vcpu_share)
{
    platform.n_cores = platform.n_threads = 4;
    platform.virt.backend.vcpu_share = parameter_exact(vcpu_share);
    struct outcome outcome = toy_run(&platform, compute_while_messages_come, NULL);
    const double time_s = outcome.records[0].sum;
    outcome_release(&outcome);
    platform_release(&platform);
    return time_s;
}

/* 10 packets take the backend 317 us, half of which is CPU time. */
static void test_exits(enum backend_scope scope, double vcpu_share, double taken_s)
{
    const double without_s = done_s(toy_virtual(2, 1, scope), 0.0);
    gsl_test_abs(done_s(toy_virtual(2, 1, scope), vcpu_share) - without_s, taken_s, 1e-7,
                 "%g of a backend of scope %d", vcpu_share, scope);
}

static void a_device_that_the_vcpu_emulates_takes_time_from_its_rank(void **state)
{
    (void)state;
    const double all_s = N_INTERRUPTIONS * 317e-6 * 0.5;
    test_exits(BACKEND_PER_VM, 0.37, 0.37 * all_s);
    test_exits(BACKEND_PER_VM, 1.0, all_s);
    test_exits(BACKEND_PER_NODE, 1.0, 0.0);
}

/* --- backends beside computing vCPUs ------------------------------------------------ */

static void write_disk(struct rank *rank, double size_B)
{
    rank_disk(rank,
              &(struct disk_access){.operation = DISK_WRITE, .record_B = size_B, .n_records = 1.0});
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
    rank_disk(rank,
              &(struct disk_access){.operation = DISK_WRITE, .record_B = 60e6, .n_records = share});
    rank_record(rank, share, rank_time_s(rank));
}

/*
 * Three ranks of 1.008, 2.016 and 3.024 s of service each get a third of the disk, then half, then
 * all of it: done at 3 x 1.008, at 2 x 1.008 more, and at 1.008 more. The other node's are the
 * same.
 */
/* 125 MB over 1 Gbit/s, where packets have no headers. */
static void read_input(struct rank *rank, void *argument)
{
    (void)argument;
    rank_disk(rank, &(struct disk_access){.record_B = 125e6, .n_records = 1.0, .is_foreign = true});
    rank_record(rank, 0, rank_time_s(rank));
}

/* Three nodes take three times as long from one server, and none of them uses its disk. */
static void nodes_share_the_server_of_their_snapshots(void **state)
{
    (void)state;
    double took_s[2];
    for (int i = 0; i < 2; i++) {
        struct platform platform = toy_virtual(i == 0 ? 1 : 3, 1, BACKEND_NONE);
        platform.storage.snapshot = SNAPSHOT_NFS;
        platform.virt.disk.request_s = parameter_exact(2e-3);
        struct outcome outcome = toy_run(&platform, read_input, NULL);
        took_s[i] = outcome.records[0].max;
        gsl_test_rel(outcome.host_cpu_s[CPU_BACKEND], 2e-3 * platform.n_nodes, TIMING, "backend");
        outcome_release(&outcome);
        platform_release(&platform);
    }
    const double delay_s = 2e-3 + 2 * 50e-6;
    gsl_test_rel(took_s[0], 1.0 + delay_s, TIMING, "one node");
    gsl_test_rel(took_s[1], 3.0 + delay_s, TIMING, "three nodes");
}

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
    rank_disk(rank, &(struct disk_access){.order = DISK_RANDOM, .record_B = 4e3, .n_records = 1e6});
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

/* --- what a node's cores do ------------------------------------------------------- */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_beyond_the_cores_share_them),
        cmocka_unit_test(ranks_beyond_the_cores_draw_no_less_from_memory),
        cmocka_unit_test(a_slower_node_takes_longer),
        cmocka_unit_test(what_backends_take_from_computing_guests_is_repeated),
        cmocka_unit_test(a_device_that_the_vcpu_emulates_takes_time_from_its_rank),
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
        cmocka_unit_test(nodes_share_the_server_of_their_snapshots),
        cmocka_unit_test(a_million_records_are_one_event),
        cmocka_unit_test(a_nodes_cpu_time_is_told_by_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) || gsl_test_summary();
}
