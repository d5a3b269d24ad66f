/*
 * How often an iteration of an NPB kernel waits for the wires, counted by hand: its time rises by
 * as many latencies.
 */
#include "benchmark.h"
#include "sim/workload/npb/npb.h"

#include <gsl/gsl_test.h>

static int kernel_index(const struct npb_kernel *kernel)
{
    int i = 0;

    while (npb_kernels[i] != kernel)
        i++;
    return i;
}

/* Class S, an iteration that is not the last, on as many nodes as ranks. */
static double iteration_s(const struct npb_kernel *kernel, int n_ranks, double latency_s)
{
    struct scenario scenario = benchmark_cluster(n_ranks, 1);
    struct npb_spec spec = {.kernel = kernel_index(kernel), .class = NPB_S, .n_iterations = 2};

    scenario.cluster.link.latency_s = parameter_exact(latency_s);
    const double two_s = benchmark(&scenario, &workload_npb, &spec, "npb_s");
    spec.n_iterations = 3;
    return benchmark(&scenario, &workload_npb, &spec, "npb_s") - two_s;
}

static double latencies_of_iteration(const struct npb_kernel *kernel, int n_ranks)
{
    const double short_s = 41e-6, long_s = 97e-6;

    return (iteration_s(kernel, n_ranks, long_s) - iteration_s(kernel, n_ranks, short_s)) /
           (long_s - short_s);
}

/*
 * On a cube of 2 x 2 x 2 ranks, none ahead of another: one latency for each of three axes at each
 * exchange of faces, of which there are 2 on level 1 and 3 on levels 2 to 5.
 */
static void mg_waits_once_an_axis_at_each_exchange(void **state)
{
    (void)state;
    gsl_test_rel(latencies_of_iteration(&npb_mg, 8), 3 * (2 + 4 * 3), 1e-6, "mg");
    assert_int_equal(gsl_test_summary(), 0);
}

/*
 * On two ranks: the southern one waits once for the first plane of the lower sweep, and never again
 * as the northern one is ahead of it; the northern one so for the upper sweep. Then the northern
 * one's planes go south, and, when they are there, the southern one's go north.
 */
static void lu_waits_once_a_sweep_and_not_once_a_plane(void **state)
{
    (void)state;
    gsl_test_rel(latencies_of_iteration(&npb_lu, 2), 4.0, 1e-6, "lu");
    assert_int_equal(gsl_test_summary(), 0);
}

/* On four ranks with two cells each, none ahead: once for all six faces, and for each axis once on
 * the way forward and once on the way back. */
static void bt_and_sp_wait_once_for_faces_and_once_a_cell_of_each_sweep(void **state)
{
    (void)state;
    gsl_test_rel(latencies_of_iteration(&npb_bt, 4), 1 + 3 * 2, 1e-6, "bt");
    gsl_test_rel(latencies_of_iteration(&npb_sp, 4), 1 + 3 * 2, 1e-6, "sp");
    assert_int_equal(gsl_test_summary(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mg_waits_once_an_axis_at_each_exchange),
        cmocka_unit_test(lu_waits_once_a_sweep_and_not_once_a_plane),
        cmocka_unit_test(bt_and_sp_wait_once_for_faces_and_once_a_cell_of_each_sweep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
