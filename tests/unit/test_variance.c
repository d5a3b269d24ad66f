/*
 * Variance components, by hand and from draws whose components are known.
 */
#include "calibration/fit/variance.h"
#include "models/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdbool.h>

/* Log times of two nodes, two launches each, two repetitions: {1, 3}, {5, 7} and {11, 13}, {19,
 * 21}. Calls: every pair 2 from 1 mean +- 1, sum of squares 8 on 4, so variance 2. Launches: means
 * 2, 6 and 12, 20; sum 2 (2^2 + 2^2) + 2 (4^2 + 4^2) = 80 on 2, mean square 40 = 2 + 2 x 19. Nodes:
 * means 4 and 16, sum 4 (6^2 + 6^2) = 288 on 1 = 40 + 4 x 62. */
static void components_are_those_worked_by_hand(void **state)
{
    (void)state;
    const double log_time[] = {1, 3, 5, 7, 11, 13, 19, 21};
    struct variance_point point[8];
    struct variance_components found;
    for (int i = 0; i < 8; i++)
        point[i] = (struct variance_point){3, 10 - i / 4, 7 + i / 2 % 2, exp(log_time[i])};
    assert_int_equal(variance_components(8, point, &found), 0);
    gsl_test_rel(found.call_spread.value, sqrt(2.0), 1e-12, "calls");
    gsl_test_rel(found.launch_spread.value, sqrt(19.0), 1e-12, "launches");
    gsl_test_rel(found.node_spread.value, sqrt(62.0), 1e-12, "nodes");
    assert_int_equal(found.n_nodes, 2);
    assert_int_equal(found.n_launches, 4);

    for (int i = 0; i < 8; i++)
        point[i] = (struct variance_point){3, 10, 7 + i / 4, exp(log_time[i])};
    assert_int_equal(variance_components(8, point, &found), 0);
    assert_true(isnan(found.node_spread.value) && isfinite(found.launch_spread.value));
    for (int i = 0; i < 8; i++)
        point[i].node = point[i].launch;
    assert_int_equal(variance_components(8, point, &found), 0);
    assert_true(isfinite(found.node_spread.value) && isnan(found.launch_spread.value));
    assert_int_equal(gsl_test_summary(), 0);
}

static int draw_points(uint64_t trial, int n_nodes, const double spread[], bool is_unbalanced,
                       struct variance_point point[])
{
    int n = 0;
    for (int node = 0; node < n_nodes; node++) {
        struct random_stream stream = random_stream_for(trial, "node", (uint64_t)node);
        const double node_effect = spread[0] * random_normal(&stream);
        for (int launch = 0; launch < 4; launch++) {
            const double effect = node_effect + spread[1] * random_normal(&stream);
            for (int cell = 0; cell < 3; cell++) {
                const int n_calls = is_unbalanced ? 2 + (node + launch + cell) % 5 : 5;
                for (int call = 0; call < n_calls; call++)
                    point[n++] = (struct variance_point){
                        cell, node, launch,
                        exp(cell - 9.0 + effect + spread[2] * random_normal(&stream))};
            }
        }
    }
    return n;
}

static void draws_give_back_their_components(void **state)
{
    (void)state;
    enum { TRIALS = 60, NODES = 12 };
    static struct variance_point point[NODES * 4 * 3 * 6];
    const double spread[] = {0.031, 0.017, 0.044};
    for (int is_unbalanced = 0; is_unbalanced <= 1; is_unbalanced++) {
        double variance[3] = {0.0};
        int n_held[3] = {0};
        for (int trial = 0; trial < TRIALS; trial++) {
            struct variance_components found;
            const int n = draw_points((uint64_t)trial, NODES, spread, is_unbalanced, point);
            assert_int_equal(variance_components(n, point, &found), 0);
            const struct estimate *const estimate[] = {&found.node_spread, &found.launch_spread,
                                                       &found.call_spread};
            for (int i = 0; i < 3; i++) {
                variance[i] += pow(estimate[i]->value, 2.0) / TRIALS;
                n_held[i] += estimate[i]->ci95_lo <= spread[i] && spread[i] <= estimate[i]->ci95_hi;
            }
        }
        for (int i = 0; i < 3; i++) {
            gsl_test_rel(sqrt(variance[i]), spread[i], 0.1, "component %d", i);
            assert_true(n_held[i] >= 0.88 * TRIALS);
        }
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/* Where nodes and launches are all alike, about half of the estimates are cut at 0, the interval
 * goes down there and calls have all of it. */
static void nothing_is_negative_where_nothing_differs(void **state)
{
    (void)state;
    static struct variance_point point[6 * 4 * 3 * 6];
    const double spread[] = {0.0, 0.0, 0.05};
    int n_cut = 0;
    for (int trial = 0; trial < 100; trial++) {
        struct variance_components found;
        const int n = draw_points((uint64_t)trial, 6, spread, true, point);
        assert_int_equal(variance_components(n, point, &found), 0);
        assert_true(found.node_spread.value >= 0.0 && found.launch_spread.value >= 0.0);
        assert_true(found.node_spread.ci95_lo <= found.node_spread.value);
        assert_true(found.node_spread.value <= found.node_spread.ci95_hi);
        gsl_test_rel(found.call_spread.value, 0.05, 0.15, "calls of trial %d", trial);
        n_cut += found.node_spread.value == 0.0;
    }
    assert_true(n_cut > 30 && n_cut < 80);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Seconds or minutes, and whatever the cells' own levels are. */
static void units_and_cells_change_nothing(void **state)
{
    (void)state;
    static struct variance_point point[6 * 4 * 3 * 6];
    const double spread[] = {0.02, 0.03, 0.05};
    struct variance_components first, other;
    const int n = draw_points(5, 6, spread, true, point);
    assert_int_equal(variance_components(n, point, &first), 0);
    for (int i = 0; i < n; i++)
        point[i].time_s *= 60.0 * (1 + 3 * point[i].cell);
    assert_int_equal(variance_components(n, point, &other), 0);
    gsl_test_rel(other.node_spread.value, first.node_spread.value, 1e-9, "nodes");
    gsl_test_rel(other.launch_spread.value, first.launch_spread.value, 1e-9, "launches");
    gsl_test_rel(other.call_spread.value, first.call_spread.value, 1e-9, "calls");
    assert_int_equal(gsl_test_summary(), 0);
}

static void refuses_what_tells_nothing(void **state)
{
    (void)state;
    struct variance_components found = {.n_nodes = 7};
    struct variance_point point[4] = {{0, 0, 0, 1.5}, {0, 0, 1, 1.5}, {0, 1, 0, 2.5}, {1, 1, 1, 1}};
    assert_int_equal(variance_components(0, point, &found), -EDOM);
    assert_int_equal(variance_components(1, point, &found), -EDOM);
    assert_int_equal(variance_components(4, point, &found), -EDOM);
    const double bad[] = {NAN, INFINITY, 0.0, -1.0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        point[1].time_s = bad[i];
        assert_int_equal(variance_components(4, point, &found), -EINVAL);
    }
    assert_int_equal(found.n_nodes, 7);
    for (int i = 0; i < 4; i++)
        point[i] = (struct variance_point){0, i / 2, 0, 2.385};
    assert_int_equal(variance_components(4, point, &found), 0);
    assert_true(found.call_spread.value == 0.0 && found.node_spread.value == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(components_are_those_worked_by_hand),
        cmocka_unit_test(draws_give_back_their_components),
        cmocka_unit_test(nothing_is_negative_where_nothing_differs),
        cmocka_unit_test(units_and_cells_change_nothing),
        cmocka_unit_test(refuses_what_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
