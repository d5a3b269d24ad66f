/*
 * Intervals by drawing groups: do they hold what they promise?
 */
#include "calibration/fit/resample.h"
#include "models/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdbool.h>

enum { N = 60 };

/* Mean, of N numbers. */
static int mean_of(const void *observations, const double weight[], double parameter[])
{
    const double *value = observations;
    double sum = 0.0, total = 0.0;
    for (int i = 0; i < N; i++) {
        sum += weight[i] * value[i];
        total += weight[i];
    }
    parameter[0] = sum / total;
    return 0;
}

/* `n_groups` groups with errors of their own, 3 times those within. */
static void draw_observations(uint64_t trial, int n_groups, double value[], int group[])
{
    struct random_stream stream = random_stream_for(23, "observations", trial);
    double effect[N] = {0.0};
    for (int i = 0; i < n_groups; i++)
        effect[i] = 3.0 * random_normal(&stream);
    for (int i = 0; i < N; i++) {
        group[i] = 100 - 7 * (i % n_groups);
        value[i] = 11.3 + effect[i % n_groups] + random_normal(&stream);
    }
}

static double coverage(int n_groups, bool is_grouped)
{
    const struct resampling how = {200, 5};
    int n_covered = 0;
    const int n_trials = 400;
    for (int trial = 0; trial < n_trials; trial++) {
        double value[N];
        int group[N];
        struct estimate mean;
        draw_observations((uint64_t)trial, n_groups, value, group);
        assert_int_equal(
            resample_estimates(N, is_grouped ? group : NULL, mean_of, value, 1, &how, &mean), 0);
        assert_true(mean.ci95_lo <= mean.value && mean.value <= mean.ci95_hi);
        n_covered += mean.ci95_lo <= 11.3 && 11.3 <= mean.ci95_hi;
    }
    return (double)n_covered / n_trials;
}

/* Of 400 intervals 380 +- 9 (two standard deviations) should hold the truth. */
static void nineteen_of_twenty_intervals_hold_the_truth(void **state)
{
    (void)state;
    static const int n_groups[] = {8, 12, 30};
    for (size_t i = 0; i < sizeof n_groups / sizeof n_groups[0]; i++) {
        const double covered = coverage(n_groups[i], true);
        assert_true(covered > 0.92 && covered < 0.99);
    }
}

static void five_groups_hold_it_seventeen_times_of_twenty(void **state)
{
    (void)state;
    const double covered = coverage(5, true);
    assert_true(covered > 0.85 && covered < 0.99);
}

static void observations_that_err_together_are_no_independent_ones(void **state)
{
    (void)state;
    assert_true(coverage(10, false) < 0.75);
}

static void the_same_seed_gives_the_same_interval(void **state)
{
    (void)state;
    double value[N];
    int group[N];
    struct estimate first, again, other;
    draw_observations(1, 10, value, group);
    resample_estimates(N, group, mean_of, value, 1, &(struct resampling){300, 8}, &first);
    resample_estimates(N, group, mean_of, value, 1, &(struct resampling){300, 8}, &again);
    resample_estimates(N, group, mean_of, value, 1, &(struct resampling){300, 9}, &other);
    assert_true(first.ci95_lo == again.ci95_lo && first.ci95_hi == again.ci95_hi);
    assert_true(first.ci95_lo != other.ci95_lo && first.value == other.value);
}

static void one_group_has_no_interval(void **state)
{
    (void)state;
    double value[N];
    int group[N];
    struct estimate mean;
    draw_observations(1, 1, value, group);
    assert_int_equal(
        resample_estimates(N, group, mean_of, value, 1, &(struct resampling){300, 8}, &mean), 0);
    assert_true(isfinite(mean.value) && isnan(mean.ci95_lo) && isnan(mean.ci95_hi));
    assert_int_equal(
        resample_estimates(N, NULL, mean_of, value, 1, &(struct resampling){0, 8}, &mean), 0);
    assert_true(isfinite(mean.value) && isnan(mean.ci95_lo) && isnan(mean.ci95_hi));
}

/* Cannot be fitted where the first observation was not drawn, about a third of all times. */
static int needs_the_first(const void *observations, const double weight[], double parameter[])
{
    return weight[0] > 0.0 ? mean_of(observations, weight, parameter) : -EDOM;
}

static int never(const void *observations, const double weight[], double parameter[])
{
    (void)observations, (void)weight, (void)parameter;
    return -EDOM;
}

static void draws_that_cannot_be_fitted_take_the_interval(void **state)
{
    (void)state;
    double value[N];
    int group[N];
    const struct resampling how = {300, 8};
    struct estimate mean = {4.5, 4.5, 4.5};
    draw_observations(1, N, value, group);
    assert_int_equal(resample_estimates(N, NULL, never, value, 1, &how, &mean), -EDOM);
    assert_true(mean.value == 4.5);
    assert_int_equal(resample_estimates(N, NULL, needs_the_first, value, 1, &how, &mean), 0);
    assert_true(isfinite(mean.value) && isnan(mean.ci95_lo) && isnan(mean.ci95_hi));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nineteen_of_twenty_intervals_hold_the_truth),
        cmocka_unit_test(five_groups_hold_it_seventeen_times_of_twenty),
        cmocka_unit_test(observations_that_err_together_are_no_independent_ones),
        cmocka_unit_test(the_same_seed_gives_the_same_interval),
        cmocka_unit_test(one_group_has_no_interval),
        cmocka_unit_test(draws_that_cannot_be_fitted_take_the_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
