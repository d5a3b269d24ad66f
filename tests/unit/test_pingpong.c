/*
 * Ping-pong between pairs of ranks.
 */
#include "benchmark.h"
#include "sim/workload/hpcc/pingpong.h"

#include <gsl/gsl_test.h>

/* The engine's solver stops there. */
static const double SOLVER_PRECISION = 1e-6;

static struct pingpong_spec hpcc_pingpong(void)
{
    return (struct pingpong_spec){.latency_B = 8,
                                  .bandwidth_B = 2e6,
                                  .n_latency_loops = 8,
                                  .n_bandwidth_loops = 1,
                                  .n_clients = 20};
}

/* One way is 7.3 us of send CPU, 41 us of wire, 8 B at 118 MB/s = 0.067797 us and 9.1 us of receive
 * CPU: 57.467797 us. */
static void latency_is_the_sum_of_both_stacks_and_the_wire(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    const struct pingpong_spec spec = hpcc_pingpong();
    struct outcome outcome = benchmark_run(&scenario, &workload_pingpong, &spec);
    const char *names[] = {"pingpong_latency_us", "pingpong_latency_min_us",
                           "pingpong_latency_max_us"};

    for (int i = 0; i < 3; i++)
        gsl_test_rel(benchmark_metric(&workload_pingpong, &spec, &outcome, names[i]), 57.467797,
                     SOLVER_PRECISION, "%s", names[i]);
    outcome_release(&outcome);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Eager: 2 MB at 118 MB/s take 16949.153 us, with stacks and wire 17006.553 us: 0.117602 GB/s. */
static void bandwidth_is_size_by_time_of_one_way(void **state)
{
    (void)state;
    struct scenario scenario = benchmark_cluster(2, 1);
    const struct pingpong_spec spec = hpcc_pingpong();

    scenario.mpi.eager_threshold_B = scenario.mpi.local_eager_threshold_B = 1e9;
    gsl_test_rel(benchmark(&scenario, &workload_pingpong, &spec, "pingpong_bandwidth_GBps"),
                 2e6 / 17006.553e-6 * 1e-9, SOLVER_PRECISION, "bandwidth");
    assert_int_equal(gsl_test_summary(), 0);
}

/* Two nodes of two cores: of twelve ordered pairs, four are within a node. */
static void pairs_within_a_node_are_the_fastest_and_the_mean_lies_between(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 2);
    const struct pingpong_spec spec = hpcc_pingpong();
    struct outcome outcome = benchmark_run(&scenario, &workload_pingpong, &spec);
    const struct workload *w = &workload_pingpong;
    const double min_us = benchmark_metric(w, &spec, &outcome, "pingpong_latency_min_us");
    const double mean_us = benchmark_metric(w, &spec, &outcome, "pingpong_latency_us");
    const double max_us = benchmark_metric(w, &spec, &outcome, "pingpong_latency_max_us");

    assert_true(min_us < max_us);
    gsl_test_rel(mean_us, (4.0 * min_us + 8.0 * max_us) / 12.0, SOLVER_PRECISION, "mean");
    assert_int_equal(outcome.records[0].n, 12);
    outcome_release(&outcome);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Sends of one rank in one measurement, by kind. */
struct expected_sends {
    uint64_t n_short, n_long, n_int, n_token;
};

static void assert_sends(const struct rank_traffic *traffic, struct expected_sends expected)
{
    assert_int_equal(traffic->n_sends,
                     expected.n_short + expected.n_long + expected.n_int + expected.n_token);
    assert_int_equal(traffic->sent_B,
                     expected.n_short * 8 + expected.n_long * 2000000 + expected.n_int * 4);
}

/*
 * Counted in hpcc 1.5.0 on 7 ranks (tests/validation/hpcc-traffic), where every rank is client and
 * server, in 5 measurements with 8 B and 2 with 2 MB. Rank 0: 315 pings and 270 pongs of 8 B, 28
 * and 24 of 2 MB, 98 integers (70 and 28), 7 tokens (5 and 2). The last rank: 270 and 315, 24 and
 * 28, 84 (60 and 24), none.
 */
static void ranks_send_what_hpccs_ranks_send(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(7, 1);
    const struct pingpong_spec spec = hpcc_pingpong();
    struct outcome outcome = benchmark_run(&scenario, &workload_pingpong, &spec);

    assert_sends(&outcome.traffic[0],
                 (struct expected_sends){(315 + 270) / 5, (28 + 24) / 2, 70 / 5 + 28 / 2, 2});
    assert_sends(&outcome.traffic[6],
                 (struct expected_sends){(270 + 315) / 5, (24 + 28) / 2, 60 / 5 + 24 / 2, 0});
    outcome_release(&outcome);
}

/* 32 / 20 + 0.9 is 2, which is avoided; 1000 / 20 + 0.9 is 50, and 53 the next prime; 6 is no prime
 * but already beyond a third of 12. */
static void clients_are_a_prime_apart(void **state)
{
    (void)state;
    assert_int_equal(pingpong_stride(7, 20), 1);
    assert_int_equal(pingpong_stride(32, 20), 3);
    assert_int_equal(pingpong_stride(64, 20), 5);
    assert_int_equal(pingpong_stride(1000, 20), 53);
    assert_int_equal(pingpong_stride(12, 2), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latency_is_the_sum_of_both_stacks_and_the_wire),
        cmocka_unit_test(bandwidth_is_size_by_time_of_one_way),
        cmocka_unit_test(pairs_within_a_node_are_the_fastest_and_the_mean_lies_between),
        cmocka_unit_test(ranks_send_what_hpccs_ranks_send),
        cmocka_unit_test(clients_are_a_prime_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
