/*
 * The natural and the random ring.
 */
#include "benchmark.h"
#include "sim/workload/hpcc/ring.h"

#include <gsl/gsl_test.h>

/* HPCC's numbers. */
static struct ring_spec hpcc_ring(void)
{
    return (struct ring_spec){.latency_B = 8,
                              .bandwidth_B = 2e6,
                              .n_latency_loops = 5,
                              .n_bandwidth_loops = 2,
                              .n_latency_rings = 30,
                              .n_bandwidth_rings = 10,
                              .ring_seed = 1};
}

/* Fewer rings, for sweeps. */
static struct ring_spec short_ring(void)
{
    struct ring_spec spec = hpcc_ring();

    spec.n_latency_rings = spec.n_bandwidth_rings = 4;
    return spec;
}

static double ring(const struct scenario *scenario, const char *name)
{
    const struct ring_spec spec = short_ring();
    return benchmark(scenario, &workload_ring, &spec, name);
}

/*
 * Counted in hpcc 1.5.0 on 7 ranks (tests/validation/hpcc-traffic): each rank makes 1488
 * MPI_Sendrecv of 8 B with each of two tags and as many MPI_Isend, in 8 measurements, so 4 x 186 in
 * one; of 2 MB it makes 4 x 99 in 3 measurements, so 4 x 33 in one.
 */
static void each_rank_sends_what_hpccs_ranks_send(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(7, 1);
    const struct ring_spec spec = hpcc_ring();
    struct outcome outcome = benchmark_run(&scenario, &workload_ring, &spec);

    for (int rank = 0; rank < 7; rank++) {
        const struct rank_traffic *traffic = &outcome.traffic[rank];
        assert_int_equal(traffic->n_sends, 4 * 186 + 4 * 33);
        assert_int_equal(traffic->sent_B, 4 * 186 * 8 + 4 * 33 * 2000000);
        assert_int_equal(traffic->n_receives, traffic->n_sends);
        assert_int_equal(traffic->received_B, traffic->sent_B);
    }
    outcome_release(&outcome);
}

/*
 * Two ranks, at once: both messages leave after 7.3 and 14.6 us of send CPU; the first has been
 * received at 7.3 + 41 + 8 B / 118 MB/s + 9.1 = 57.467797 us, when the second is there, and the
 * second 9.1 us later: half of 66.567797 us a message. In turn, a message takes all of
 * 57.467797 us. The ranks are early by turns, as who waits longer finds less to wait for next time;
 * after an even number of exchanges each has taken its share.
 */
static void latency_of_two_ranks_is_worked_by_hand(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    struct ring_spec spec = short_ring();
    spec.n_latency_loops = 6;
    const char *names[] = {"natural_ring_latency_us", "ring_latency_us"};

    for (int i = 0; i < 2; i++)
        gsl_test_rel(benchmark(&scenario, &workload_ring, &spec, names[i]), 66.567797 / 2, 1e-6,
                     "%s", names[i]);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Each of two cores copies one message after the other at 1.3 GB/s, however many are on their way;
 * latency and CPU per message are some 1 % of the 1.5 ms that 2 MB take. */
static void two_ranks_of_a_node_copy_one_message_at_a_time_each(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(1, 2);
    const double ring_GBps = ring(&scenario, "natural_ring_bandwidth_GBps");

    assert_true(ring_GBps < 1.3 && ring_GBps > 0.97 * 1.3);
}

static void latency_rises_with_the_wires(void **state)
{
    (void)state;
    double last_us = 0.0;

    for (double latency_s = 1.7e-6; latency_s < 1e-3; latency_s *= 3.0) {
        struct scenario scenario = benchmark_cluster(5, 1);
        scenario.cluster.link.latency_s = parameter_exact(latency_s);
        const double latency_us = ring(&scenario, "ring_latency_us");

        assert_true(latency_us > last_us);
        last_us = latency_us;
    }
}

static void bandwidth_rises_with_the_wires(void **state)
{
    (void)state;
    double last_GBps = 0.0;

    for (double bandwidth_Bps = 11e6; bandwidth_Bps < 2e9; bandwidth_Bps *= 4.0) {
        struct scenario scenario = benchmark_cluster(5, 1);
        scenario.cluster.link.bandwidth_Bps = parameter_exact(bandwidth_Bps);
        const double GBps = ring(&scenario, "ring_bandwidth_GBps");

        assert_true(GBps > last_GBps);
        assert_true(GBps * 1e9 <= bandwidth_Bps);
        last_GBps = GBps;
    }
}

/*
 * On the natural ring, one neighbour of each rank is on the same node. With few loops, ranks that
 * come late from the reduction before shift times by up to 4 %; many loops wear that off.
 */
static void random_rings_are_never_faster_than_the_natural_one_on_dual_core_nodes(void **state)
{
    (void)state;
    for (int n_nodes = 2; n_nodes <= 6; n_nodes++) {
        const struct scenario scenario = benchmark_cluster(n_nodes, 2);
        struct ring_spec spec = short_ring();
        spec.n_latency_loops = 50;
        struct outcome outcome = benchmark_run(&scenario, &workload_ring, &spec);
        const struct workload *w = &workload_ring;

        assert_true(benchmark_metric(w, &spec, &outcome, "ring_latency_us") >=
                    benchmark_metric(w, &spec, &outcome, "natural_ring_latency_us") * (1 - 1e-9));
        assert_true(benchmark_metric(w, &spec, &outcome, "ring_bandwidth_GBps") <=
                    benchmark_metric(w, &spec, &outcome, "natural_ring_bandwidth_GBps") *
                        (1 + 1e-9));
        outcome_release(&outcome);
    }
}

static void results_repeat_and_follow_the_seed(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(4, 2);
    struct ring_spec spec = short_ring();
    const double first_us = benchmark(&scenario, &workload_ring, &spec, "ring_latency_us");

    assert_true(benchmark(&scenario, &workload_ring, &spec, "ring_latency_us") == first_us);
    spec.ring_seed = 2;
    assert_true(benchmark(&scenario, &workload_ring, &spec, "ring_latency_us") != first_us);
}

static void one_rank_makes_no_ring(void **state)
{
    (void)state;
    struct scenario scenario = benchmark_cluster(1, 2);
    const struct ring_spec spec = short_ring();
    struct diagnostics *diagnostics = diagnostics_new();

    workload_ring.check(&spec, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 0);
    scenario.n_ranks = 1;
    workload_ring.check(&spec, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 1);
    diagnostics_free(diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rank_sends_what_hpccs_ranks_send),
        cmocka_unit_test(latency_of_two_ranks_is_worked_by_hand),
        cmocka_unit_test(two_ranks_of_a_node_copy_one_message_at_a_time_each),
        cmocka_unit_test(latency_rises_with_the_wires),
        cmocka_unit_test(bandwidth_rises_with_the_wires),
        cmocka_unit_test(random_rings_are_never_faster_than_the_natural_one_on_dual_core_nodes),
        cmocka_unit_test(results_repeat_and_follow_the_seed),
        cmocka_unit_test(one_rank_makes_no_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
