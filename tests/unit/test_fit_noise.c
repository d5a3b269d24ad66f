/*
 * What of a point's time is work, and what detours.
 */
#include "calibration/fit/fit_node.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* Two repetitions of one visit: the median is 0.1 s, the fastest what is asked. */
static double part_of(double rate_Hz, double length_s, double spread, double fastest_s)
{
    const double times_s[] = {fastest_s, 0.2 - fastest_s};
    struct dataset_visit visit = {.median_s = 0.1, .n = 2, .times_s = times_s};
    const struct dataset_point point = {.n_visits = 1, .visits = &visit, .location_s = 0.1};
    const struct fitted fitted = {.resampling = {100, 7},
                                  .node.noise = {.rate_Hz.value = rate_Hz,
                                                 .length_s.value = length_s,
                                                 .spread.value = spread}};
    return node_undisturbed_part(&fitted, &point);
}

/* 250 Hz of 50 us: a second of work takes 1.0125 s. In 0.1 s of it there are 25, and their sum's
 * median is a third of a length, at most, off its mean (Poisson): 1.7e-4 of the time. */
static void frequent_detours_are_taken_out(void **state)
{
    (void)state;
    gsl_test_abs(part_of(250.0, 50e-6, 0.0, 0.05), 1.0 / 1.0125, 3e-4, "equal lengths");
    assert_int_equal(gsl_test_summary(), 0);
}

/* 0.6 in each repetition: more than half of them have none. */
static void rare_detours_are_in_no_median(void **state)
{
    (void)state;
    assert_true(part_of(6.0, 1e-3, 0.0, 0.05) == 1.0);
    assert_true(part_of(0.0, 0.0, 0.0, 0.05) == 1.0);
}

static void no_work_is_shorter_than_the_fastest_repetition(void **state)
{
    (void)state;
    gsl_test_rel(part_of(913.0, 2.5e-3, 1.0, 0.0931), 0.931, 1e-12, "a loaded machine");
    assert_int_equal(gsl_test_summary(), 0);
}

static void more_noise_never_leaves_more_work(void **state)
{
    (void)state;
    double before = 1.0;
    for (double length_s = 1e-6; length_s < 1e-3; length_s *= 3.0) {
        const double part = part_of(250.0, length_s, 0.5, 0.01);
        assert_true(part > 0.0 && part <= before);
        before = part;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frequent_detours_are_taken_out),
        cmocka_unit_test(rare_detours_are_in_no_median),
        cmocka_unit_test(no_work_is_shorter_than_the_fastest_repetition),
        cmocka_unit_test(more_noise_never_leaves_more_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
