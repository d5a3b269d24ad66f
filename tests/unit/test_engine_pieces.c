/*
 * The closed loop inside the simulator: what a ping-pong measures in a run is what the profile's
 * pieces by message size say, added by hand; and what jitter does to a run.
 */
#include "toy_cluster.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* Of one message, when thousands are timed: SimGrid takes nanoseconds for the end of a flow. */
static const double TIMING_S = 1e-9;

enum { N_ROUNDS = 50 };

static void ping_pong(struct rank *rank, void *argument)
{
    const uint64_t size_B = *(const uint64_t *)argument;
    struct comm *world = rank_world(rank);
    const int me = rank_number(rank);
    for (int i = 0; me < 2 && i < 2 * N_ROUNDS; i++)
        if (i % 2 == me)
            rank_send(rank, world, 1 - me, 0, size_B);
        else
            rank_recv(rank, world, 1 - me, 0, size_B, NULL);
}

/* One message of a ping-pong between the first two ranks. */
static double one_way_s(const struct platform *platform, uint64_t size_B)
{
    struct outcome outcome = toy_run(platform, ping_pong, &size_B);
    const double s = outcome.elapsed_s / (2 * N_ROUNDS);
    outcome_release(&outcome);
    return s;
}

/* What one piece says, in units that a hand can work with. */
struct facts {
    double from_B, send_us, send_ns, recv_us, recv_ns, latency_us, slowdown;
};
/* The last two lie beyond the thresholds for eager messages, and have the handshake's time. */
static const struct facts library[] = {{0, 2.3, 0.11, 3.1, 0.13, 0, 1},
                                       {1500, 2.9, 0.17, 3.7, 0.19, 4.1, 1.7},
                                       {8192, 4.3, 0.05, 5.9, 0.07, 17.3, 1.2},
                                       {65537, 6.1, 0.03, 7.9, 0.02, 71.0, 1.05}};
static const struct facts added[] = {{0, 1.3, 0.23, 1.9, 0.31, 2.7, 1.1},
                                     {300, 1.7, 0.29, 2.1, 0.37, 3.3, 1.9},
                                     {65537, 2.2, 0.41, 4.7, 0.43, 23.9, 1.3}};
enum { N_LIBRARY = sizeof library / sizeof *library, N_ADDED = sizeof added / sizeof *added };

static struct message_pieces pieces_of(int n, const struct facts facts[], double spread)
{
    struct message_pieces pieces = {.n = n};
    for (int i = 0; i < n; i++)
        pieces.items[i] =
            (struct message_piece){.from_B = facts[i].from_B,
                                   .send_message_s = parameter_exact(facts[i].send_us * 1e-6),
                                   .send_byte_s = parameter_exact(facts[i].send_ns * 1e-9),
                                   .recv_message_s = parameter_exact(facts[i].recv_us * 1e-6),
                                   .recv_byte_s = parameter_exact(facts[i].recv_ns * 1e-9),
                                   .latency_s = parameter_exact(facts[i].latency_us * 1e-6),
                                   .slowdown = parameter_exact(facts[i].slowdown),
                                   .spread = parameter_exact(spread)};
    return pieces;
}

/* Sizes in, at and beside the edges of all pieces and thresholds. */
static const uint64_t sizes_B[] = {0,    1,    299,   300,   1499,  1500,   4096,   4097,
                                   8191, 8192, 23850, 65536, 65537, 262144, 1000003};
enum { N_SIZES = sizeof sizes_B / sizeof *sizes_B };

static const struct facts *facts_at(int n, const struct facts facts[], double size_B)
{
    while (facts[n - 1].from_B > size_B)
        n--;
    return &facts[n - 1];
}

/* Seconds of both stacks. */
static double stacks_s(const struct facts *f, double size_B)
{
    return (f->send_us + f->recv_us) * 1e-6 + (f->send_ns + f->recv_ns) * 1e-9 * size_B;
}

/* A path without pieces, and whose pieces have a say on it; CPU times of both always count. */
struct way {
    const char *name;
    double latency_s, bandwidth_Bps;
    bool is_librarys, is_guests;
};

static double expected_s(const struct way *way, double size_B)
{
    static const struct facts none = {.slowdown = 1.0};
    const struct facts *f = facts_at(N_LIBRARY, library, size_B);
    const struct facts *g = way->is_guests ? facts_at(N_ADDED, added, size_B) : &none;
    const struct facts *on_way = way->is_librarys ? f : &none;
    return stacks_s(f, size_B) + stacks_s(g, size_B) + way->latency_s +
           (on_way->latency_us + g->latency_us) * 1e-6 +
           on_way->slowdown * g->slowdown * fmax(1.0, size_B) / way->bandwidth_Bps;
}

/* Releases the platform. */
static void expect_ping_pong(struct platform platform, const struct way *way)
{
    for (int i = 0; i < N_SIZES; i++)
        gsl_test_abs(one_way_s(&platform, sizes_B[i]), expected_s(way, (double)sizes_B[i]),
                     TIMING_S, "%g B %s", (double)sizes_B[i], way->name);
    platform_release(&platform);
    assert_int_equal(gsl_test_summary(), 0);
}

static void pieces_of_the_wire_are_what_a_ping_pong_measures(void **state)
{
    (void)state;
    const struct way way = {"between nodes", 50e-6, 125e6, .is_librarys = true};
    struct platform platform = toy_native(2, 1);
    platform.mpi.sizes = pieces_of(N_LIBRARY, library, 0.0);
    expect_ping_pong(platform, &way);
}

static void pieces_within_a_system_are_what_a_ping_pong_measures(void **state)
{
    (void)state;
    const struct way way = {"within a node", 2e-6, 1e9, .is_librarys = true};
    struct platform platform = toy_native(1, 2);
    platform.mpi.local_eager_threshold_B = 4096.0;
    platform.mpi.local_sizes = pieces_of(N_LIBRARY, library, 0.0);
    expect_ping_pong(platform, &way);
}

/* Guests whose stack and backend are all in the pieces. */
static struct platform measured_guests(int n_nodes, int n_guests)
{
    struct platform platform = toy_virtual(n_nodes, n_guests, BACKEND_NONE);
    const struct parameter none = parameter_exact(0.0);
    platform.virt.stack = (struct guest_stack){none, none, none, none};
    platform.mpi.sizes = pieces_of(N_LIBRARY, library, 0.0);
    platform.virt.sizes = platform.virt.same_host.sizes = pieces_of(N_ADDED, added, 0.0);
    return platform;
}

static void pieces_between_guests_of_a_host_are_what_a_ping_pong_measures(void **state)
{
    (void)state;
    const struct way way = {"between guests of a node", 40e-6, 300e6, .is_guests = true};
    expect_ping_pong(measured_guests(1, 2), &way);
}

static void pieces_between_guests_of_two_hosts_are_what_a_ping_pong_measures(void **state)
{
    (void)state;
    const struct way way = {"between guests of two nodes", 50e-6, 125e6, true, true};
    expect_ping_pong(measured_guests(2, 1), &way);
}

/* --- thresholds ------------------------------------------------------------------------------ */

/* Rank 0 notes when its send is through; rank 1 receives a second late. */
static void send_to_a_late_receiver(struct rank *rank, void *argument)
{
    const uint64_t size_B = *(const uint64_t *)argument;
    const struct work late = work_of(WORK_DGEMM, 2e9, 0.0);
    if (rank_number(rank) == 0) {
        rank_send(rank, rank_world(rank), 1, 0, size_B);
        rank_record(rank, 0, rank_time_s(rank));
    } else {
        rank_compute(rank, &late);
        rank_recv(rank, rank_world(rank), 0, 0, size_B, NULL);
    }
}

static bool waits_for_the_receiver(const struct platform *platform, uint64_t size_B)
{
    struct outcome outcome = toy_run(platform, send_to_a_late_receiver, &size_B);
    const double sent_s = outcome.records[0].sum;
    outcome_release(&outcome);
    return sent_s > 0.9;
}

static void the_threshold_is_that_of_the_path(void **state)
{
    (void)state;
    struct platform local = toy_native(1, 2), far = toy_native(2, 1);
    local.mpi.local_eager_threshold_B = far.mpi.local_eager_threshold_B = 4096.0;
    assert_false(waits_for_the_receiver(&local, 4096));
    assert_true(waits_for_the_receiver(&local, 4097));
    assert_false(waits_for_the_receiver(&far, 65536));
    assert_true(waits_for_the_receiver(&far, 65537));
    platform_release(&local);
    platform_release(&far);
}

/* --- collectives ----------------------------------------------------------------------------- */

static void broadcast(struct rank *rank, void *argument)
{
    rank_bcast(rank, rank_world(rank), 0, *(const uint64_t *)argument);
}

static void exchange(struct rank *rank, void *argument)
{
    rank_allgather(rank, rank_world(rank), *(const uint64_t *)argument);
}

static double collective_s(const struct platform *platform, toy_code *code, uint64_t size_B)
{
    struct outcome outcome = toy_run(platform, code, &size_B);
    const double s = outcome.elapsed_s;
    outcome_release(&outcome);
    return s;
}

/* Between two ranks a short broadcast is one message, and none where it is empty; in an allgather
 * each sends one. From blocking and other calls, eager or not, it is the same sum. */
static void expect_pieces_in_collectives(toy_code *code, double threshold_B)
{
    struct platform far = toy_native(2, 1), local = toy_native(1, 2);
    far.mpi.eager_threshold_B = local.mpi.local_eager_threshold_B = threshold_B;
    far.mpi.sizes = local.mpi.local_sizes = pieces_of(N_LIBRARY, library, 0.0);
    for (int i = 1; sizes_B[i] < 2000; i++) {
        const double size_B = (double)sizes_B[i];
        const struct facts *f = facts_at(N_LIBRARY, library, size_B);
        const double bytes = f->slowdown * fmax(1.0, size_B);
        gsl_test_abs(collective_s(&far, code, sizes_B[i]),
                     stacks_s(f, size_B) + (50 + f->latency_us) * 1e-6 + bytes / 125e6, TIMING_S,
                     "%g B between nodes", size_B);
        gsl_test_abs(collective_s(&local, code, sizes_B[i]),
                     stacks_s(f, size_B) + (2 + f->latency_us) * 1e-6 + bytes / 1e9, TIMING_S,
                     "%g B within a node", size_B);
    }
    platform_release(&far);
    platform_release(&local);
    assert_int_equal(gsl_test_summary(), 0);
}

static void a_collective_pays_what_the_pieces_say(void **state)
{
    (void)state;
    expect_pieces_in_collectives(broadcast, 65536.0);
    expect_pieces_in_collectives(broadcast, 200.0);
    expect_pieces_in_collectives(exchange, 65536.0);
    expect_pieces_in_collectives(exchange, 200.0);
}

/* --- jitter ---------------------------------------------------------------------------------- */

/* 100 messages that vary by 20 % are within 5 x 2 % of their mean, and no two runs alike unless
 * they have one seed. */
static void jitter_is_drawn_for_each_message_from_the_seed(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    const struct facts plain = {0, 0, 0, 0, 0, 0, 1};
    platform.mpi.sizes = pieces_of(1, &plain, 0.0);
    const double steady_s = one_way_s(&platform, 4096);
    platform.mpi.sizes = pieces_of(1, &plain, 0.2);
    const double one_s = one_way_s(&platform, 4096), again_s = one_way_s(&platform, 4096);
    platform.seed++;
    const double other_s = one_way_s(&platform, 4096);
    assert_true(one_s == again_s && one_s != other_s && one_s != steady_s);
    gsl_test_rel(one_s, steady_s, 0.1, "mean with jitter");
    gsl_test_rel(other_s, steady_s, 0.1, "mean with jitter of another seed");
    platform_release(&platform);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Nothing else uses the wire: its own time is longer or shorter, and there is no contention. */
static void jitter_stands_with_the_layers_that_it_stretches(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    const struct facts plain = {0, 0, 0, 0, 0, 0, 1};
    uint64_t size_B = 4096;
    platform.mpi.sizes = pieces_of(1, &plain, 0.4);
    struct outcome outcome = toy_run(&platform, ping_pong, &size_B);
    gsl_test_abs(outcome.layer_s[LAYER_CONTENTION], 0.0, 2 * N_ROUNDS * TIMING_S, "contention");
    gsl_test_abs(outcome.layer_s[LAYER_WIRE] + outcome.layer_s[LAYER_WAIT], outcome.elapsed_s,
                 2 * N_ROUNDS * TIMING_S, "wire and waiting for it");
    outcome_release(&outcome);
    platform_release(&platform);
    assert_int_equal(gsl_test_summary(), 0);
}

static void meet(struct rank *rank, void *argument)
{
    (void)argument;
    rank_barrier(rank, rank_world(rank));
}

/* Mean of 20 runs. */
static double barrier_s(struct platform *platform)
{
    enum { N_SEEDS = 20 };
    double sum_s = 0.0;
    for (platform->seed = 1; platform->seed <= N_SEEDS; platform->seed++) {
        struct outcome outcome = toy_run(platform, meet, NULL);
        sum_s += outcome.elapsed_s;
        outcome_release(&outcome);
    }
    return sum_s / N_SEEDS;
}

/* In each step of a barrier everyone waits for the latest of all messages so far. */
static void jitter_costs_those_who_wait_for_many_more_than_its_mean(void **state)
{
    (void)state;
    struct platform platform = toy_native(16, 1);
    const struct facts plain = {0, 0, 0, 0, 0, 0, 1};
    double before_s = 0.0;
    for (double spread = 0.0; spread < 1.0; spread += 0.3) {
        platform.mpi.sizes = pieces_of(1, &plain, spread);
        const double s = barrier_s(&platform);
        assert_true(s > 1.1 * before_s);
        before_s = s;
    }
    platform_release(&platform);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_the_wire_are_what_a_ping_pong_measures),
        cmocka_unit_test(pieces_within_a_system_are_what_a_ping_pong_measures),
        cmocka_unit_test(pieces_between_guests_of_a_host_are_what_a_ping_pong_measures),
        cmocka_unit_test(pieces_between_guests_of_two_hosts_are_what_a_ping_pong_measures),
        cmocka_unit_test(the_threshold_is_that_of_the_path),
        cmocka_unit_test(a_collective_pays_what_the_pieces_say),
        cmocka_unit_test(jitter_is_drawn_for_each_message_from_the_seed),
        cmocka_unit_test(jitter_stands_with_the_layers_that_it_stretches),
        cmocka_unit_test(jitter_costs_those_who_wait_for_many_more_than_its_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
