/* Intervals grow by what launches differ by, and by nothing else. */
#include "calibration/fit/launches.h"

#include "models/random.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

enum { MOST = 60 };

/* The mean of what weighs anything. */
static int fit_mean(const void *observations, const double weight[], double parameter[])
{
    const double *values = observations;
    double sum = 0.0, weights = 0.0;
    for (int i = 0; !isnan(values[i]); i++) {
        sum += weight[i] * values[i];
        weights += weight[i];
    }
    if (weights < 2.0)
        return -EDOM;
    parameter[0] = sum / weights;
    return 0;
}

/* Launches' means are 1, 2 and 6: mean 3, variance (4 + 1 + 9) / 2 = 7. Blocks say 3 +- 0.98, which
 * is a deviation of 0.5, and explain 3 x 0.25 of it. So Student's t of two degrees of freedom,
 * 4.302653, times sqrt((7 - 0.75) / 3) = 1.443376 is 6.210345; with 0.979982 it is 6.287189. */
static void an_interval_is_the_root_of_the_squares_of_blocks_and_launches(void **state)
{
    (void)state;
    const double values[] = {0.5, 1.5, 1.0, 2.5, 1.5, 2.0, 5.0, 7.0, 6.0, NAN};
    const int launch[] = {7, 7, 7, -1, -1, -1, 4, 4, 4};
    struct estimate estimate = {
        .value = 3.0, .ci95_lo = 3.0 - 0.5 * 1.959964, .ci95_hi = 3.0 + 0.5 * 1.959964};
    assert_int_equal(launches_widen(9, launch, fit_mean, values, 1, &estimate), 0);
    gsl_test_rel(estimate.ci95_hi, 3.0 + 6.287189, 1e-6, "above");
    gsl_test_rel(estimate.ci95_lo, 3.0 - 6.287189, 1e-6, "below");
    assert_true(estimate.value == 3.0);
    assert_int_equal(gsl_test_summary(), 0);
}

static void nothing_changes_without_a_second_launch_or_an_interval(void **state)
{
    (void)state;
    const double values[] = {0.5, 1.5, 2.5, 3.5, 9.9, NAN};
    const int one[] = {1, 1, 1, 1, 1}, a_second_too_short[] = {1, 1, 1, 1, 2};
    struct estimate estimate = {3.0, 2.9, 3.1};
    assert_int_equal(launches_widen(5, one, fit_mean, values, 1, &estimate), 0);
    assert_true(estimate.ci95_lo == 2.9 && estimate.ci95_hi == 3.1);
    assert_int_equal(launches_widen(5, a_second_too_short, fit_mean, values, 1, &estimate), 0);
    assert_true(estimate.ci95_lo == 2.9 && estimate.ci95_hi == 3.1);

    const int two[] = {1, 1, 2, 2, 2};
    estimate = estimate_alone(3.0);
    assert_int_equal(launches_widen(5, two, fit_mean, values, 1, &estimate), 0);
    assert_true(isnan(estimate.ci95_lo) && isnan(estimate.ci95_hi));
}

/* 20 observations of noise 1 in each of three launches, which differ by 1. */
static void three_launches_that_differ_are_covered_as_they_shall_be(void **state)
{
    (void)state;
    enum { TRIALS = 400 };
    int n_before = 0, n_after = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct random_stream stream = random_stream_for(trial, "launches", 0);
        double values[MOST + 1], of_launch = 0.0;
        int launch[MOST];
        for (int i = 0; i < MOST; i++) {
            if (i % 20 == 0)
                of_launch = random_normal(&stream);
            launch[i] = i / 20;
            values[i] = of_launch + random_normal(&stream);
        }
        values[MOST] = NAN;
        const struct resampling how = {100, trial};
        struct estimate estimate;
        assert_int_equal(resample_estimates(MOST, NULL, fit_mean, values, 1, &how, &estimate), 0);
        n_before += estimate.ci95_lo <= 0.0 && 0.0 <= estimate.ci95_hi;
        assert_int_equal(launches_widen(MOST, launch, fit_mean, values, 1, &estimate), 0);
        n_after += estimate.ci95_lo <= 0.0 && 0.0 <= estimate.ci95_hi;
    }
    assert_true(n_before < 0.6 * TRIALS);
    assert_true(n_after > 0.92 * TRIALS && n_after < 0.99 * TRIALS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interval_is_the_root_of_the_squares_of_blocks_and_launches),
        cmocka_unit_test(nothing_changes_without_a_second_launch_or_an_interval),
        cmocka_unit_test(three_launches_that_differ_are_covered_as_they_shall_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
