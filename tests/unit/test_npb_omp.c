/* The OpenMP programs of NPB on a node whose numbers are round: how time depends on threads. */
#include "benchmark.h"

#include "sim/input/diagnostic.h"
#include "sim/workload/npb/npb_omp.h"
#include "sim/workload/npb/npb_region.h"

#include <gsl/gsl_math.h>
#include <math.h>
#include <string.h>

static const double ROUNDING = 1e-9; /* simulated seconds carry about that */

static int kernel(const char *name)
{
    for (int i = 0; npb_kernel_names[i]; i++)
        if (strcmp(npb_kernel_names[i], name) == 0)
            return i;
    fail_msg("no kernel %s", name);
    return -1;
}

/* Two iterations, so that every class is quick; EP has one pass. */
static struct npb_omp_spec spec_of(const char *name, enum npb_class class, int n_threads)
{
    return (struct npb_omp_spec){.npb = {.kernel = kernel(name),
                                         .class = (int)class,
                                         .n_iterations = strcmp(name, "ep") == 0 ? 0 : 2},
                                 .n_threads = n_threads,
                                 .synchronization_s = parameter_exact(0.5e-6)};
}

/* A core does 2.3 Gflop/s of anything; one streams at 3.1 GB/s, all at 4.7 GB/s. */
static struct scenario node_of(int n_cores)
{
    struct scenario scenario = benchmark_cluster(1, n_cores);
    for (int c = 0; c < N_WORK_CLASS; c++)
        scenario.cluster.node.rate_flops[c].alone = scenario.cluster.node.rate_flops[c].full_node =
            parameter_exact(2.3e9);
    return scenario;
}

static double metric(struct scenario scenario, const struct npb_omp_spec *spec, const char *name)
{
    scenario.n_ranks = spec->n_threads;
    return benchmark(&scenario, &workload_npb_omp, spec, name);
}

static double time_s(const struct scenario *scenario, const char *name, enum npb_class class,
                     int n_threads)
{
    const struct npb_omp_spec spec = spec_of(name, class, n_threads);
    return metric(*scenario, &spec, "npb_s");
}

/* --- shares ---------------------------------------------------------------------------------- */

/* 10 planes for 4 threads: 3, 3, 2, 2. */
static void a_static_schedule_deals_whole_slices(void **state)
{
    (void)state;
    assert_int_equal(gsl_fcmp(npb_omp_share(10, 4, 1), 0.3, 1e-12), 0);
    assert_int_equal(gsl_fcmp(npb_omp_share(10, 4, 2), 0.2, 1e-12), 0);
    assert_true(npb_omp_share(3, 4, 3) == 0.0);
    for (int n_threads = 1; n_threads < 70; n_threads++) {
        double sum = 0.0;
        for (int i = 0; i < n_threads; i++)
            sum += npb_omp_share(160, n_threads, i);
        assert_int_equal(gsl_fcmp(sum, 1.0, 1e-12), 0);
    }
}

/* --- values ---------------------------------------------------------------------------------- */

/* EP of class S has 2^24 pairs of 44.34 flops (npb_region_ep.c) in 256 batches, for 3 threads 86 of
 * them at most; one barrier of 3 threads is two times 0.5 us. */
static void the_thread_with_most_batches_decides_over_ep(void **state)
{
    (void)state;
    const struct scenario scenario = node_of(4);
    const struct npb_kernel ep = {.name = "ep"};
    struct npb_region regions[NPB_MAX_REGIONS];
    assert_int_equal(npb_regions(&ep, NPB_S, regions), 1);
    const double expected_s = regions[0].flops / 2.3e9 * 86 / 256 + 2 * 0.5e-6;

    assert_true(fabs(time_s(&scenario, "ep", NPB_S, 3) - expected_s) < ROUNDING);
}

/* One thread walks LU's planes without waiting; two halve the work, and the second starts one of 10
 * planes late in each of the sweeps, which are nearly all of LU. */
static void lu_has_to_fill_its_pipeline(void **state)
{
    (void)state;
    struct scenario scenario = node_of(4);
    scenario.cluster.node.memory_bandwidth_one_Bps = parameter_exact(1e15);
    scenario.cluster.node.memory_bandwidth_all_Bps = parameter_exact(1e15);
    struct npb_omp_spec one = spec_of("lu", NPB_S, 1), two = spec_of("lu", NPB_S, 2);
    one.synchronization_s = two.synchronization_s = parameter_exact(0.0);
    const struct npb_kernel lu = {.name = "lu"};
    struct npb_region regions[NPB_MAX_REGIONS];
    const int n = npb_regions(&lu, NPB_S, regions);
    double expected_s = 0.0;
    for (int i = 0; i < n; i++) {
        const double passes = regions[i].n_once + 2.0 * regions[i].n_passes;
        expected_s +=
            passes * regions[i].flops / 2.3e9 * 0.5 * (regions[i].n_planes > 0 ? 1.1 : 1.0);
    }

    assert_true(fabs(metric(scenario, &two, "npb_s") - expected_s) < 1e-6 * expected_s);
    assert_true(metric(scenario, &two, "npb_s") > 0.5 * metric(scenario, &one, "npb_s"));
}

/* --- properties ------------------------------------------------------------------------------- */

/* 256 batches divide by 1, 2, 4 and 8. */
static void ep_scales_with_the_cores(void **state)
{
    (void)state;
    const struct scenario scenario = node_of(8);
    const double one_s = time_s(&scenario, "ep", NPB_S, 1);
    for (int n_threads = 2; n_threads <= 8; n_threads *= 2)
        assert_true(fabs(time_s(&scenario, "ep", NPB_S, n_threads) * n_threads / one_s - 1) < 1e-4);
}

/* 4.7 / 3.1 is what MG gains on however many cores, as long as memory binds all of it. */
static void mg_stops_where_memory_is_saturated(void **state)
{
    (void)state;
    struct scenario scenario = node_of(8);
    for (int c = 0; c < N_WORK_CLASS; c++)
        scenario.cluster.node.rate_flops[c].alone = scenario.cluster.node.rate_flops[c].full_node =
            parameter_exact(1e15);
    const double one_s = time_s(&scenario, "mg", NPB_A, 1);
    for (int n_threads = 2; n_threads <= 8; n_threads *= 2) {
        const double speedup = one_s / time_s(&scenario, "mg", NPB_A, n_threads);
        assert_true(speedup <= 4.7 / 3.1 * (1 + ROUNDING) && speedup > 4.7 / 3.1 * 0.95);
    }
}

static void no_kernel_beats_its_threads(void **state)
{
    (void)state;
    const struct scenario scenario = node_of(8);
    for (int k = 0; npb_kernel_names[k]; k++) {
        const double one_s = time_s(&scenario, npb_kernel_names[k], NPB_W, 1);
        for (int n_threads = 2; n_threads <= 8; n_threads++) {
            const double n_s = time_s(&scenario, npb_kernel_names[k], NPB_W, n_threads);
            assert_true(n_s * n_threads >= one_s * (1 - ROUNDING));
            assert_true(n_s < one_s);
        }
    }
}

/* Eight threads on four cores do 1.3 times as much as four. */
static void hardware_threads_add_what_the_node_says(void **state)
{
    (void)state;
    struct scenario scenario = node_of(4);
    scenario.cluster.node.n_threads_per_core = 2;
    for (int c = 0; c < N_WORK_CLASS; c++)
        scenario.cluster.node.smt_yield[c] = parameter_exact(c == WORK_SCALAR ? 1.3 : 1.0);
    const double cores_s = time_s(&scenario, "ep", NPB_S, 4);
    const double threads_s = time_s(&scenario, "ep", NPB_S, 8);
    assert_true(fabs(cores_s / threads_s - 1.3) < 1e-3);
}

/* Each core has 1 GB of cache: nothing comes from memory again. */
static void a_problem_that_fits_the_caches_does_not_feel_memory(void **state)
{
    (void)state;
    struct scenario scenario = node_of(8);
    const double from_memory_s = time_s(&scenario, "mg", NPB_W, 8);
    scenario.cluster.node.cache.core_B = 1e9;
    const double from_cache_s = time_s(&scenario, "mg", NPB_W, 8);
    scenario.cluster.node.memory_bandwidth_all_Bps = parameter_exact(1.0);
    assert_true(from_cache_s < from_memory_s);
    assert_true(fabs(time_s(&scenario, "mg", NPB_W, 8) - from_cache_s) < ROUNDING);
}

/* Transposed planes lie on both sockets, and remote memory takes three times as long. */
static void remote_memory_slows_sp_but_not_ep(void **state)
{
    (void)state;
    struct scenario scenario = node_of(4);
    scenario.cluster.node.n_sockets = 2;
    scenario.cluster.node.n_cores_per_socket = 2;
    const double ep_s = time_s(&scenario, "ep", NPB_S, 4);
    const double sp_s = time_s(&scenario, "sp", NPB_W, 4);
    scenario.cluster.node.remote_slowdown = parameter_exact(3.0);
    scenario.cluster.node.interconnect_Bps = parameter_exact(0.1e9);
    assert_true(time_s(&scenario, "ep", NPB_S, 4) == ep_s);
    assert_true(time_s(&scenario, "sp", NPB_W, 4) > sp_s * 1.02);
}

static void the_speed_up_is_over_one_thread(void **state)
{
    (void)state;
    const struct scenario scenario = node_of(4);
    struct npb_omp_spec spec = spec_of("cg", NPB_W, 4);
    const double alone_s = time_s(&scenario, "cg", NPB_W, 1);
    const double together_s = metric(scenario, &spec, "npb_s");
    spec.compares = true;
    assert_true(fabs(metric(scenario, &spec, "npb_s") - together_s) < 1e-6 * together_s);
    const double speedup = metric(scenario, &spec, "npb_speedup");
    assert_true(fabs(speedup - alone_s / together_s) < 1e-3);
    assert_true(fabs(metric(scenario, &spec, "npb_efficiency") - speedup / 4) < ROUNDING);
}

/* --- scenarios ---------------------------------------------------------------------------------
 */

static int n_reports(const struct scenario *scenario, const struct npb_omp_spec *spec,
                     enum severity severity)
{
    struct diagnostics *diagnostics = diagnostics_new();
    workload_npb_omp.check(spec, scenario, diagnostics);
    const int n = diagnostics_count(diagnostics, severity);
    diagnostics_free(diagnostics);
    return n;
}

static void threads_need_one_system_with_hardware_for_them(void **state)
{
    (void)state;
    struct scenario scenario = node_of(4);
    struct npb_omp_spec spec = spec_of("mg", NPB_A, 4);
    scenario.n_ranks = 4;
    assert_int_equal(n_reports(&scenario, &spec, SEVERITY_ERROR), 0);
    assert_int_equal(n_reports(&scenario, &spec, SEVERITY_WARNING), 0);
    spec.n_threads = scenario.n_ranks = 5;
    assert_int_equal(n_reports(&scenario, &spec, SEVERITY_WARNING), 1);
    scenario.cluster.node.n_threads_per_core = 2;
    assert_int_equal(n_reports(&scenario, &spec, SEVERITY_WARNING), 0);
    scenario.n_ranks = 3;
    assert_int_equal(n_reports(&scenario, &spec, SEVERITY_ERROR), 1);
    scenario.n_ranks = 5;
    scenario.cluster.n_nodes = 2;
    assert_int_equal(n_reports(&scenario, &spec, SEVERITY_ERROR), 1);
    scenario.cluster.n_nodes = 1;
    spec.npb.class = NPB_E; /* 3 x 2048^3 words are 206 GB */
    assert_int_equal(n_reports(&scenario, &spec, SEVERITY_ERROR), 1);
}

/* The lines and columns of NPB 3.3.1's print_results for threads. */
static void prints_what_npb_prints(void **state)
{
    (void)state;
    const struct npb_omp_spec spec = spec_of("mg", NPB_A, 3);
    struct scenario scenario = node_of(4);
    scenario.n_ranks = 3;
    const struct metric metrics[] = {{.name = "npb_mops", .value = 21.647},
                                     {.name = "npb_s", .value = 3.1}};

    benchmark_expect_print(&workload_npb_omp, &spec, &scenario, 2, metrics,
                           "\n\n MG Benchmark Completed.\n"
                           " Class           =                        A\n"
                           " Size            =            256x 256x 256\n"
                           " Iterations      =                        2\n"
                           " Time in seconds =                     3.10\n"
                           " Total threads   =                        3\n"
                           " Avail threads   =                        3\n"
                           " Mop/s total     =                    21.65\n"
                           " Mop/s/thread    =                     7.22\n"
                           " Operation type  =           floating point\n"
                           " Verification    =            NOT PERFORMED\n"
                           " Version         =                    3.3.1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_static_schedule_deals_whole_slices),
        cmocka_unit_test(the_thread_with_most_batches_decides_over_ep),
        cmocka_unit_test(lu_has_to_fill_its_pipeline),
        cmocka_unit_test(ep_scales_with_the_cores),
        cmocka_unit_test(mg_stops_where_memory_is_saturated),
        cmocka_unit_test(no_kernel_beats_its_threads),
        cmocka_unit_test(hardware_threads_add_what_the_node_says),
        cmocka_unit_test(a_problem_that_fits_the_caches_does_not_feel_memory),
        cmocka_unit_test(remote_memory_slows_sp_but_not_ep),
        cmocka_unit_test(the_speed_up_is_over_one_thread),
        cmocka_unit_test(prints_what_npb_prints),
        cmocka_unit_test(threads_need_one_system_with_hardware_for_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
