/*
 * The workload `npb`: its scenario keys, its rules and what it prints. The kernels have tests of
 * their own.
 */
#include "benchmark.h"
#include "diagnosed.h"
#include "sim/workload/npb/npb.h"

#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>

static int kernel_index(const struct npb_kernel *kernel)
{
    int i = 0;

    while (npb_kernels[i] != kernel)
        i++;
    return i;
}

/* What a scenario with this workload is told, "" when it is accepted. */
static char *told(const char *workload)
{
    const char *settings[] = {workload, NULL, NULL};
    char *text = toy_scenario("", "");
    char *said;

    scenario_free(read_scenario(text, settings, &said));
    free(text);
    return said;
}

static void assert_told(char *said, const char *part)
{
    if (!strstr(said, part))
        fail_msg("no \"%s\" in: %s", part, said);
    free(said);
}

static void names_and_rows_are_those_of_the_same_kernels(void **state)
{
    (void)state;
    for (int i = 0; npb_kernels[i]; i++)
        assert_string_equal(npb_kernels[i]->name, npb_kernel_names[i]);
}

static void every_kernel_runs_on_the_numbers_that_its_check_suggests(void **state)
{
    (void)state;
    for (int i = 0; npb_kernels[i]; i++)
        for (int class = 0; class <= (int)npb_kernels[i]->last_class; class ++)
            for (int n_ranks = 1; n_ranks <= 97; n_ranks++) {
                const struct npb_spec spec = {.kernel = i, .class = class};
                struct scenario scenario = benchmark_cluster(97, 1);
                struct diagnostics *diagnostics = diagnostics_new();
                scenario.cluster.node.memory_B = 1e18;
                scenario.n_ranks = n_ranks;

                workload_npb.check(&spec, &scenario, diagnostics);
                assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR),
                                 npb_kernels[i]->runs_on((enum npb_class) class, n_ranks) ? 0 : 1);
                diagnostics_free(diagnostics);
            }
}

/* Class E has 2^34 points: blocks of 2^32 points on two ranks and of 2^31 doubles on four. */
static void ft_runs_where_blocks_can_be_counted(void **state)
{
    (void)state;
    assert_true(npb_ft.runs_on(NPB_E, 1));
    assert_false(npb_ft.runs_on(NPB_E, 2));
    assert_false(npb_ft.runs_on(NPB_E, 4));
    assert_true(npb_ft.runs_on(NPB_E, 8));
    assert_true(npb_ft.runs_on(NPB_D, 2));
}

static void ep_runs_on_no_more_ranks_than_it_has_batches(void **state)
{
    (void)state;
    assert_true(npb_ep.runs_on(NPB_S, 256));
    assert_false(npb_ep.runs_on(NPB_S, 257));
    assert_false(npb_ep.runs_on(NPB_S, INT32_MAX));
    assert_true(npb_ep.runs_on(NPB_F, 1 << 28));
}

static void the_nearest_numbers_of_ranks_are_suggested(void **state)
{
    (void)state;
    assert_told(told("workload={kind: npb, kernel: sp, class: S}"), "set ranks to 4 or 9");
    assert_told(told("workload={kind: npb, kernel: is, class: E}"), "set ranks to 64");
}

static void ep_has_no_iterations_to_choose(void **state)
{
    (void)state;
    assert_told(told("workload={kind: npb, kernel: ep, class: S, iterations: 5}"),
                "EP has no iterations to choose");
}

static void memory_that_a_class_needs_is_compared_with_the_ranks_share(void **state)
{
    (void)state;
    const struct npb_spec spec = {.kernel = kernel_index(&npb_ep), .class = NPB_S};
    struct scenario scenario = benchmark_cluster(4, 1);
    struct diagnostics *diagnostics = diagnostics_new();

    scenario.cluster.node.memory_B = 1e6;
    workload_npb.check(&spec, &scenario, diagnostics);
    assert_told(diagnosed(diagnostics), "a rank needs 1.12866 MB for its data and has 1 MB");
    diagnostics_free(diagnostics);
}

/* 3.1 s for the slowest of 4 ranks. */
static void mops_are_the_operations_by_the_slowest_ranks_time(void **state)
{
    (void)state;
    const struct npb_spec spec = {.kernel = kernel_index(&npb_ep), .class = NPB_W};
    const struct outcome outcome = {.records[0] = {.n = 4, .sum = 11.7, .min = 2.3, .max = 3.1}};

    gsl_test_rel(benchmark_metric(&workload_npb, &spec, &outcome, "npb_mops"), 67.108864 / 3.1,
                 1e-12, "total");
    gsl_test_rel(benchmark_metric(&workload_npb, &spec, &outcome, "npb_mops_per_rank"),
                 67.108864 / 3.1 / 4, 1e-12, "per rank");
    gsl_test_rel(benchmark_metric(&workload_npb, &spec, &outcome, "npb_s"), 3.1, 1e-12, "time");
    assert_int_equal(gsl_test_summary(), 0);
}

/* The lines and columns of NPB 3.3.1's print_results. */
static void prints_what_npb_prints(void **state)
{
    (void)state;
    const struct npb_spec spec = {.kernel = kernel_index(&npb_ep), .class = NPB_W};
    const struct scenario scenario = benchmark_cluster(4, 1);
    const struct metric metrics[] = {{.name = "npb_mops", .value = 21.647},
                                     {.name = "npb_mops_per_rank", .value = 5.412},
                                     {.name = "npb_s", .value = 3.1}};
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    workload_npb.print(&spec, &scenario, 3, metrics, out);
    fclose(out);
    assert_string_equal(text, "\n\n EP Benchmark Completed.\n"
                              " Class           =                        W\n"
                              " Size            =                 67108864\n"
                              " Iterations      =                        0\n"
                              " Time in seconds =                     3.10\n"
                              " Total processes =                        4\n"
                              " Compiled procs  =                        4\n"
                              " Mop/s total     =                    21.65\n"
                              " Mop/s/process   =                     5.41\n"
                              " Operation type  = Random numbers generated\n"
                              " Verification    =            NOT PERFORMED\n"
                              " Version         =                    3.3.1\n");
    free(text);
}

/* --- in simulated time ------------------------------------------------------------------------ */

/* The time of two iterations of class S. */
static double time_s(const struct scenario *scenario, const struct npb_kernel *kernel)
{
    const struct npb_spec spec = {
        .kernel = kernel_index(kernel), .class = NPB_S, .n_iterations = kernel == &npb_ep ? 0 : 2};
    return benchmark(scenario, &workload_npb, &spec, "npb_s");
}

/* EP sends least: three sums of a few bytes. */
static void every_kernel_takes_longer_on_slower_wires(void **state)
{
    (void)state;
    for (int i = 0; npb_kernels[i]; i++) {
        struct scenario scenario = benchmark_cluster(4, 1);
        const double fast_s = time_s(&scenario, npb_kernels[i]);

        scenario.cluster.link.latency_s = parameter_exact(97e-6);
        const double late_s = time_s(&scenario, npb_kernels[i]);
        scenario.cluster.link.bandwidth_Bps = parameter_exact(11e6);
        const double slow_s = time_s(&scenario, npb_kernels[i]);
        assert_true(fast_s < late_s);
        assert_true(late_s < slow_s);
    }
}

/* Four ranks on wires that cost nothing: one a node, which streams 3.1 GB/s, and four on one, which
 * streams 4.7 GB/s in all. EP has nothing in memory. */
static double cost_of_sharing_a_node(const struct npb_kernel *kernel)
{
    struct scenario apart = benchmark_cluster(4, 1), together = benchmark_cluster(1, 4);
    struct scenario *scenarios[] = {&apart, &together};

    for (int i = 0; i < 2; i++) {
        scenarios[i]->mpi.send_message_s = scenarios[i]->mpi.recv_message_s = parameter_exact(0.0);
        scenarios[i]->mpi.local_latency_s = parameter_exact(1e-12);
        scenarios[i]->mpi.local_bandwidth_Bps = parameter_exact(1e15);
        scenarios[i]->cluster.link.latency_s = parameter_exact(1e-12);
        scenarios[i]->cluster.link.bandwidth_Bps = parameter_exact(1e15);
    }
    return time_s(&together, kernel) / time_s(&apart, kernel);
}

static void ranks_that_share_a_node_slow_each_other_down_where_memory_binds(void **state)
{
    (void)state;
    for (int i = 0; npb_kernels[i]; i++) {
        const double cost = cost_of_sharing_a_node(npb_kernels[i]);
        if (npb_kernels[i] == &npb_ep)
            gsl_test_rel(cost, 1.0, 1e-3, "ep");
        else
            assert_true(cost > 1.5 && cost < 4 * 3.1 / 4.7 + 1e-3);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/* The untimed start is simulated, but does not count. */
static void the_clock_starts_after_the_untimed_part(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 2);
    const struct npb_spec spec = {
        .kernel = kernel_index(&npb_cg), .class = NPB_S, .n_iterations = 1};
    struct outcome outcome = benchmark_run(&scenario, &workload_npb, &spec);

    assert_int_equal(outcome.records[0].n, 4);
    assert_true(outcome.elapsed_s > 1.9 * outcome.records[0].max);
    outcome_release(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_rows_are_those_of_the_same_kernels),
        cmocka_unit_test(every_kernel_runs_on_the_numbers_that_its_check_suggests),
        cmocka_unit_test(ft_runs_where_blocks_can_be_counted),
        cmocka_unit_test(ep_runs_on_no_more_ranks_than_it_has_batches),
        cmocka_unit_test(the_nearest_numbers_of_ranks_are_suggested),
        cmocka_unit_test(ep_has_no_iterations_to_choose),
        cmocka_unit_test(memory_that_a_class_needs_is_compared_with_the_ranks_share),
        cmocka_unit_test(mops_are_the_operations_by_the_slowest_ranks_time),
        cmocka_unit_test(prints_what_npb_prints),
        cmocka_unit_test(every_kernel_takes_longer_on_slower_wires),
        cmocka_unit_test(ranks_that_share_a_node_slow_each_other_down_where_memory_binds),
        cmocka_unit_test(the_clock_starts_after_the_untimed_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
