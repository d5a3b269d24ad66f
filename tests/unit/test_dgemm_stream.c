/*
 * DGEMM and STREAM, which only compute.
 */
#include "benchmark.h"
#include "sim/workload/hpcc/dgemm.h"
#include "sim/workload/hpcc/stream.h"

#include <gsl/gsl_test.h>

/* Clocks are sums of durations. */
static const double ROUNDING = 1e-9;

static double dgemm(const struct scenario *scenario, enum ranks_at_work ranks, const char *name)
{
    const struct dgemm_spec spec = {.ranks = ranks, .n = 713};
    return benchmark(scenario, &workload_dgemm, &spec, name);
}

static double stream(const struct scenario *scenario, enum ranks_at_work ranks, const char *name)
{
    const struct stream_spec spec = {.ranks = ranks, .n_elements = 30000000, .n_iterations = 3};
    return benchmark(scenario, &workload_stream, &spec, name);
}

static void dgemm_runs_at_the_rate_of_a_core(void **state)
{
    (void)state;
    struct scenario scenario = benchmark_cluster(2, 2);
    struct core_rate *rate = &scenario.cluster.node.rate_flops[WORK_DGEMM];

    rate->full_node = parameter_exact(2.171e9);
    gsl_test_rel(dgemm(&scenario, RANKS_STAR, "dgemm_gflops"), 2.171, ROUNDING, "star");
    gsl_test_rel(dgemm(&scenario, RANKS_STAR, "dgemm_min_gflops"), 2.171, ROUNDING, "star, min");
    gsl_test_rel(dgemm(&scenario, RANKS_STAR, "dgemm_max_gflops"), 2.171, ROUNDING, "star, max");
    gsl_test_rel(dgemm(&scenario, RANKS_SINGLE, "dgemm_gflops"), 2.385, ROUNDING, "single");
    assert_int_equal(gsl_test_summary(), 0);
}

/* One core streams at 3.1 GB/s whatever the kernel, as each counts its own bytes. */
static void a_single_rank_streams_at_the_bandwidth_of_one_core(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(1, 2);
    const char *names[] = {"copy_GBps", "scale_GBps", "add_GBps", "triad_GBps",
                           "triad_system_GBps"};

    for (int i = 0; i < 5; i++)
        gsl_test_rel(stream(&scenario, RANKS_SINGLE, names[i]), 3.1, ROUNDING, "%s", names[i]);
    assert_int_equal(gsl_test_summary(), 0);
}

/* 4.7 GB/s for two is 2.35 GB/s each, less the barrier that the time includes: some 0.1 ms of the
 * triad's 306 ms. */
static void all_ranks_share_the_bandwidth_of_their_node(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 2);
    const double triad_GBps = stream(&scenario, RANKS_STAR, "triad_GBps");

    assert_true(triad_GBps < 2.35);
    assert_true(triad_GBps > 2.35 * 0.998);
    gsl_test_rel(stream(&scenario, RANKS_STAR, "triad_system_GBps"), 4.0 * triad_GBps, ROUNDING,
                 "four ranks");
    assert_int_equal(gsl_test_summary(), 0);
}

static void more_ranks_never_stream_faster_than_as_many_single_ones(void **state)
{
    (void)state;
    for (int n_cores = 1; n_cores <= 8; n_cores *= 2)
        for (double all_Bps = 1.3e9; all_Bps < 40e9; all_Bps *= 2.0) {
            struct scenario scenario = benchmark_cluster(1, n_cores);
            scenario.cluster.node.memory_bandwidth_all_Bps = parameter_exact(fmax(3.1e9, all_Bps));
            const double single_GBps = stream(&scenario, RANKS_SINGLE, "triad_GBps");

            assert_true(stream(&scenario, RANKS_STAR, "triad_system_GBps") <=
                        n_cores * single_GBps * (1.0 + ROUNDING));
        }
}

/* 8 GB for two ranks: three matrices of order 12909 are 3.99938 GB, of order 12911 are 4.00062 GB;
 * three arrays of 166.6 million elements are 3.9984 GB, of 166.9 million 4.0056 GB. */
static void data_that_do_not_fit_the_memory_are_errors(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(1, 2);
    struct diagnostics *diagnostics = diagnostics_new();

    workload_dgemm.check(&(struct dgemm_spec){.n = 12909}, &scenario, diagnostics);
    workload_stream.check(&(struct stream_spec){.n_elements = 166600000}, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 0);
    workload_dgemm.check(&(struct dgemm_spec){.n = 12911}, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 1);
    workload_stream.check(&(struct stream_spec){.n_elements = 166900000}, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 2);
    diagnostics_free(diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dgemm_runs_at_the_rate_of_a_core),
        cmocka_unit_test(a_single_rank_streams_at_the_bandwidth_of_one_core),
        cmocka_unit_test(all_ranks_share_the_bandwidth_of_their_node),
        cmocka_unit_test(more_ranks_never_stream_faster_than_as_many_single_ones),
        cmocka_unit_test(data_that_do_not_fit_the_memory_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
