/*
 * The OSU micro-benchmarks.
 */
#include "benchmark.h"
#include "sim/engine/account.h"
#include "sim/workload/micro/osu.h"

#include <gsl/gsl_test.h>

/* The engine's solver stops there. */
static const double SOLVER_PRECISION = 1e-6;

/* Flows that start at once or one after another share the wire unequally for a while. */
static const double WINDOW_PRECISION = 2e-3;

/* Of a long window's time, what bw's answer takes, which bibw has not. */
static const double ANSWER_SHARE = 0.01;

static struct osu_spec osu(enum osu_test test, double min_B, double max_B)
{
    return (struct osu_spec){.test = test,
                             .min_B = min_B,
                             .max_B = max_B,
                             .n_iterations = 5,
                             .n_warmup = 1,
                             .window = 64};
}

/* The answer of `test` for messages of `size_B` alone. */
static double answer(const struct scenario *scenario, enum osu_test test, double size_B)
{
    const struct osu_spec spec = osu(test, size_B, size_B);
    struct outcome outcome = benchmark_run(scenario, &workload_osu, &spec);
    struct metric metrics[WORKLOAD_MAX_METRICS];

    assert_true(workload_osu.metrics(&spec, &outcome, metrics) > 0);
    outcome_release(&outcome);
    return metrics[0].value;
}

/* --- hand-worked values --------------------------------------------------------------------- */

/* 7.3 us of send CPU, 41 us of wire, 8 B at 118 MB/s = 0.067797 us, 9.1 us of receive CPU. */
static void latency_is_both_stacks_and_the_wire(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    const struct osu_spec spec = osu(OSU_LATENCY, 0, 64);

    gsl_test_rel(benchmark(&scenario, &workload_osu, &spec, "osu_latency_us"), 57.467797,
                 SOLVER_PRECISION, "8 B are the answer");
    gsl_test_rel(benchmark(&scenario, &workload_osu, &spec, "osu_latency_us_64B"),
                 57.4 + 64.0 / 118.0, SOLVER_PRECISION, "64 B");
    assert_int_equal(gsl_test_summary(), 0);
}

/*
 * A window of 8 B: the first message comes after 7.3 + 41 + 0.067797 us; the receiver takes 64 x
 * 9.1 us, longer than the sender needs to send; its 4 B are back after 7.3 + 41 + 0.033898 + 9.1
 * us: 688.201695 us in all for 64 x 8 B.
 */
static void a_short_window_costs_its_receipts_and_the_answers_way(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);

    gsl_test_rel(answer(&scenario, OSU_BW, 8), 64.0 * 8.0 / 688.201695, SOLVER_PRECISION, "bw");
    assert_int_equal(gsl_test_summary(), 0);
}

/* 64 messages of 1 MiB each way take 64 MiB / 118 MB/s, beside which all else is nothing. */
static void long_windows_fill_the_wire_each_way(void **state)
{
    (void)state;
    struct scenario scenario = benchmark_cluster(2, 1);

    scenario.mpi.eager_threshold_B = scenario.mpi.local_eager_threshold_B = 1e9;
    gsl_test_rel(answer(&scenario, OSU_BW, 1 << 20), 118.0, WINDOW_PRECISION, "bw");
    gsl_test_rel(answer(&scenario, OSU_BIBW, 1 << 20), 236.0, WINDOW_PRECISION, "bibw");
    assert_int_equal(gsl_test_summary(), 0);
}

/* Two pairs, each alone on its wire: the mean of all four ranks is one pair's latency. */
static void pairs_that_share_nothing_have_the_latency_of_one(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(4, 1);

    gsl_test_rel(answer(&scenario, OSU_MULTI_LAT, 8), 57.467797, SOLVER_PRECISION, "multi_lat");
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- messages ------------------------------------------------------------------------------- */

/* Seven sizes (0, 1, ..., 32 B), six rounds: 42 pings of 6 x 63 B in all; a barrier a size. */
static void latency_sends_osus_messages(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    const struct osu_spec spec = osu(OSU_LATENCY, 0, 32);
    struct outcome outcome = benchmark_run(&scenario, &workload_osu, &spec);

    for (int i = 0; i < 2; i++) {
        assert_int_equal(outcome.traffic[i].n_sends, 42);
        assert_int_equal(outcome.traffic[i].sent_B, 6 * 63);
        assert_int_equal(outcome.traffic[i].n_collectives, 7);
    }
    outcome_release(&outcome);
}

/* Sizes 1 and 2 B, 110 windows of 64 and as many answers of 4 B. */
static void full_loops_are_osus(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    struct osu_spec spec = osu(OSU_BW, 0, 2);
    spec.has_full_loops = true;
    struct outcome outcome = benchmark_run(&scenario, &workload_osu, &spec);

    assert_int_equal(outcome.traffic[0].n_sends, 2 * 110 * 64);
    assert_int_equal(outcome.traffic[0].sent_B, 110 * 64 * (1 + 2));
    assert_int_equal(outcome.traffic[1].n_sends, 2 * 110);
    assert_int_equal(outcome.traffic[1].sent_B, 2 * 110 * 4);
    outcome_release(&outcome);
}

/*
 * Five ranks: two pairs, the last rank has none but comes to every collective. Sizes 1 and 2 B: a
 * barrier, one among the rounds, a reduce.
 */
static void a_rank_without_a_partner_only_comes_to_collectives(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(5, 1);
    const struct osu_spec spec = osu(OSU_MBW_MR, 0, 2);
    struct outcome outcome = benchmark_run(&scenario, &workload_osu, &spec);

    assert_int_equal(outcome.traffic[0].n_sends, 2 * 6 * 64);
    assert_int_equal(outcome.traffic[4].n_sends + outcome.traffic[4].n_receives, 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(outcome.traffic[i].n_collectives, 2 * 3);
    outcome_release(&outcome);
}

/* Calls of one rank for one size: six of the collective, the barriers around, three reduces. */
static void collectives_stand_among_osus_barriers(void **state)
{
    (void)state;
    static const struct {
        enum osu_test test;
        int n_calls;
    } cases[] = {{OSU_BARRIER, 6 + 1 + 3},
                 {OSU_BCAST, 12 + 1 + 3},
                 {OSU_REDUCE, 1 + 12 + 3 + 1},
                 {OSU_ALLREDUCE, 1 + 12 + 3 + 1},
                 {OSU_ALLGATHER, 1 + 12 + 1 + 3 + 1},
                 {OSU_ALLTOALL, 1 + 12 + 3 + 1},
                 {OSU_GATHER, 1 + 12 + 3 + 1},
                 {OSU_SCATTER, 1 + 12 + 3 + 1}};
    const struct scenario scenario = benchmark_cluster(3, 1);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct osu_spec spec = osu(cases[i].test, 64, 64);
        struct outcome outcome = benchmark_run(&scenario, &workload_osu, &spec);
        assert_int_equal(outcome.traffic[1].n_collectives, cases[i].n_calls);
        assert_int_equal(outcome.n_messages, 0);
        outcome_release(&outcome);
    }
}

/* --- properties ----------------------------------------------------------------------------- */

static void every_test_is_slower_with_a_slower_wire(void **state)
{
    (void)state;
    for (int test = 0; test < N_OSU_TESTS; test++) {
        const int n_nodes = test <= OSU_BIBW ? 2 : 4;
        const bool is_rate = test == OSU_BW || test == OSU_BIBW || test == OSU_MBW_MR;
        const struct scenario fast = benchmark_cluster(n_nodes, 1);
        struct scenario late = fast, narrow = fast;
        late.cluster.link.latency_s = parameter_exact(83e-6);
        narrow.cluster.link.bandwidth_Bps = parameter_exact(23e6);
        for (double size_B = 4; size_B <= 1 << 18; size_B *= 16) {
            const double usual = answer(&fast, test, size_B);
            const double later = answer(&late, test, size_B);
            const double narrower = answer(&narrow, test, size_B);
            assert_true(is_rate ? later <= usual : later >= usual);
            assert_true(is_rate ? narrower <= usual : narrower >= usual);
        }
    }
}

static void windows_both_ways_carry_at_most_twice_as_much(void **state)
{
    (void)state;
    struct scenario scenario = benchmark_cluster(2, 1);

    for (double bus_Bps = 0; bus_Bps <= 150e6; bus_Bps += 50e6) {
        scenario.cluster.node.network_bandwidth_Bps = parameter_exact(bus_Bps);
        for (double size_B = 1; size_B <= 1 << 20; size_B *= 32) {
            const double one_way = answer(&scenario, OSU_BW, size_B);
            assert_true(answer(&scenario, OSU_BIBW, size_B) <=
                        2.0 * one_way * (1.0 + ANSWER_SHARE));
        }
    }
}

/* Short messages cost CPU, of which each pair has its own; long ones share the wire. */
static void pairs_add_up_until_the_wire_is_full(void **state)
{
    (void)state;
    for (int n_pairs = 1; n_pairs <= 4; n_pairs++) {
        struct scenario scenario = benchmark_cluster(2, n_pairs);
        scenario.mpi.eager_threshold_B = scenario.mpi.local_eager_threshold_B = 1e9;
        gsl_test_rel(answer(&scenario, OSU_MBW_MR, 8), n_pairs * 64.0 * 8.0 / 688.201695,
                     WINDOW_PRECISION, "%d pairs with short messages", n_pairs);
        gsl_test_rel(answer(&scenario, OSU_MBW_MR, 1 << 20), 118.0, WINDOW_PRECISION,
                     "%d pairs with long messages", n_pairs);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

static void a_collective_lies_between_its_fastest_and_slowest_rank(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(5, 1);

    for (int test = OSU_BCAST; test < N_OSU_TESTS; test++) {
        const struct osu_spec spec = osu(test, 4, 4096);
        struct outcome outcome = benchmark_run(&scenario, &workload_osu, &spec);
        struct metric m[WORKLOAD_MAX_METRICS];
        const int n = workload_osu.metrics(&spec, &outcome, m);
        assert_int_equal(n, 1 + 3 * 11);
        for (int i = 1; i < n; i += 3)
            assert_true(m[i + 1].value <= m[i].value && m[i].value <= m[i + 2].value);
        outcome_release(&outcome);
    }
}

/* --- results -------------------------------------------------------------------------------- */

static void every_metric_has_a_name_of_its_own(void **state)
{
    (void)state;
    struct outcome outcome = {.n_ranks = 2};
    for (int i = 0; i < RECORD_SLOTS; i++)
        record_add(&outcome.records[i], 1e-6 * (i + 1));

    for (int test = 0; test < N_OSU_TESTS; test++) {
        const struct osu_spec spec = osu(test, 0, 1 << 30);
        struct metric m[WORKLOAD_MAX_METRICS];
        const int n = workload_osu.metrics(&spec, &outcome, m);
        for (int i = 0; i < n; i++)
            assert_ptr_equal(metric_find(n, m, m[i].name), &m[i]);
    }
}

/* What OSU 5.3 writes, with these numbers. */
static void prints_as_osu_does(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    const struct osu_spec latency = osu(OSU_LATENCY, 0, 1),
                          rate = osu(OSU_MBW_MR, 4194304, 4194304), bcast = osu(OSU_BCAST, 2, 2),
                          barrier = osu(OSU_BARRIER, 0, 0);
    const struct metric metrics[] = {{.name = "osu_latency_us_0B", .value = 57.4},
                                     {.name = "osu_latency_us_1B", .value = 157.468},
                                     {.name = "osu_mbw_mr_MBps_4194304B", .value = 117.901},
                                     {.name = "osu_mbw_mr_messages_per_s_4194304B", .value = 28.11},
                                     {.name = "osu_bcast_us_2B", .value = 98.7654},
                                     {.name = "osu_barrier_us", .value = 767.648}};

    benchmark_expect_print(&workload_osu, &latency, &scenario, 6, metrics,
                           "# OSU MPI Latency Test v5.3\n"
                           "# Size            Latency (us)\n"
                           "0                        57.40\n"
                           "1                       157.47\n");
    benchmark_expect_print(&workload_osu, &rate, &scenario, 6, metrics,
                           "# OSU MPI Multiple Bandwidth / Message Rate Test v5.3\n"
                           "# [ pairs: 1 ] [ window size: 64 ]\n"
                           "# Size                    MB/s          Messages/s\n"
                           "4194304                 117.90               28.11\n");
    benchmark_expect_print(&workload_osu, &bcast, &scenario, 6, metrics,
                           "\n# OSU MPI Broadcast Latency Test v5.3\n"
                           "# Size         Avg Latency(us)\n"
                           "2                        98.77\n");
    benchmark_expect_print(&workload_osu, &barrier, &scenario, 6, metrics,
                           "\n# OSU MPI Barrier Latency Test v5.3\n"
                           "# Avg Latency(us)\n"
                           "           767.65\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latency_is_both_stacks_and_the_wire),
        cmocka_unit_test(a_short_window_costs_its_receipts_and_the_answers_way),
        cmocka_unit_test(long_windows_fill_the_wire_each_way),
        cmocka_unit_test(pairs_that_share_nothing_have_the_latency_of_one),
        cmocka_unit_test(latency_sends_osus_messages),
        cmocka_unit_test(full_loops_are_osus),
        cmocka_unit_test(a_rank_without_a_partner_only_comes_to_collectives),
        cmocka_unit_test(collectives_stand_among_osus_barriers),
        cmocka_unit_test(every_test_is_slower_with_a_slower_wire),
        cmocka_unit_test(windows_both_ways_carry_at_most_twice_as_much),
        cmocka_unit_test(pairs_add_up_until_the_wire_is_full),
        cmocka_unit_test(a_collective_lies_between_its_fastest_and_slowest_rank),
        cmocka_unit_test(every_metric_has_a_name_of_its_own),
        cmocka_unit_test(prints_as_osu_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
