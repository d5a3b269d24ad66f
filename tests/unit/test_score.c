/* Errors, intervals, summaries and orderings of a validation, against values worked by hand. */
#include "sim/validation/score.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* 99.2 / 81.4 - 1 = 17.8 / 81.4 */
static void an_error_is_relative_to_what_was_measured(void **state)
{
    (void)state;
    const struct measured gflops = {.value = 81.4};
    gsl_test_rel(score_error(&gflops, 99.2), 17.8 / 81.4, 1e-12, "too much");
    gsl_test_rel(score_error(&gflops, 71.3), -10.1 / 81.4, 1e-12, "too little");
    assert_true(score_error(&gflops, 81.4) == 0.0);
    assert_int_equal(gsl_test_summary(), 0);
}

/* 130 to 165 in print: 147.5 +- 17.5. */
static void an_error_counts_beyond_the_range_in_print(void **state)
{
    (void)state;
    const struct measured range = {.value = 147.5, .uncertainty = 17.5};
    assert_true(score_error(&range, 130.0) == 0.0 && score_error(&range, 164.9) == 0.0);
    gsl_test_rel(score_error(&range, 176.0), 11.0 / 147.5, 1e-12, "above");
    gsl_test_rel(score_error(&range, 101.5), -28.5 / 147.5, 1e-12, "below");
    assert_int_equal(gsl_test_summary(), 0);
}

/* A slowdown of 0 % that is predicted as 3.2 %. */
static void an_error_in_percent_is_the_points_over_a_hundred(void **state)
{
    (void)state;
    const struct measured none = {.value = 0.0, .is_percent = true};
    const struct measured some = {.value = 17.0, .is_percent = true};
    gsl_test_rel(score_error(&none, 3.2), 0.032, 1e-12, "no slowdown");
    gsl_test_rel(score_error(&some, 12.3), -0.047, 1e-12, "12.3 points instead of 17");
    assert_int_equal(gsl_test_summary(), 0);
}

static void at_most_forgives_less_and_at_least_forgives_more(void **state)
{
    (void)state;
    const struct measured most = {.value = 376.0, .relation = RELATION_AT_MOST};
    const struct measured least = {.value = 376.0, .relation = RELATION_AT_LEAST};
    assert_true(score_error(&most, 272.0) == 0.0 && score_error(&least, 938.0) == 0.0);
    gsl_test_rel(score_error(&most, 470.0), 0.25, 1e-12, "more than at most");
    gsl_test_rel(score_error(&least, 282.0), -0.25, 1e-12, "less than at least");
    assert_int_equal(gsl_test_summary(), 0);
}

static void a_wider_range_in_print_is_never_a_larger_error(void **state)
{
    (void)state;
    for (double predicted = 13.7; predicted < 400.0; predicted *= 1.31) {
        struct measured measured = {.value = 81.4};
        double last = INFINITY;
        for (; measured.uncertainty < 81.4; measured.uncertainty += 7.3) {
            const double error = fabs(score_error(&measured, predicted));
            assert_true(error <= last);
            last = error;
        }
    }
}

static void an_interval_holds_what_was_measured_when_the_two_ranges_meet(void **state)
{
    (void)state;
    const struct measured range = {.value = 147.5, .uncertainty = 17.5};
    const struct measured most = {.value = 376.0, .relation = RELATION_AT_MOST};
    const struct measured least = {.value = 376.0, .relation = RELATION_AT_LEAST};
    assert_true(score_is_in(&range, 120.0, 131.0) && score_is_in(&range, 164.0, 190.0));
    assert_true(score_is_in(&range, 140.0, 150.0));
    assert_false(score_is_in(&range, 100.0, 129.0) || score_is_in(&range, 166.0, 190.0));
    assert_true(score_is_in(&most, 200.0, 300.0) && score_is_in(&most, 370.0, 400.0));
    assert_false(score_is_in(&most, 380.0, 400.0));
    assert_true(score_is_in(&least, 400.0, 500.0) && !score_is_in(&least, 200.0, 300.0));
}

static struct scored value(int group, bool counts, double measured, double predicted)
{
    struct scored scored = {
        .group = group, .counts = counts, .measured = {.value = measured}, .predicted = predicted};
    scored.error = score_error(&scored.measured, predicted);
    return scored;
}

/*
 * Errors of the four that count: 0.25, -0.1, 0.04, 0.5; sorted 0.04, 0.1, 0.25, 0.5. Median 0.175,
 * mean 0.89 / 4, P90 at position 2.7: 0.25 + 0.7 x 0.25 = 0.425. The input's error of 2 is not
 * among them.
 */
static void inputs_are_not_summarized(void **state)
{
    (void)state;
    struct scored values[] = {value(0, true, 80.0, 100.0), value(1, true, 50.0, 45.0),
                              value(2, false, 10.0, 30.0), value(3, true, 25.0, 26.0),
                              value(4, true, 2.0, 3.0)};
    struct score_summary summary;
    values[0].is_in_interval = values[2].is_in_interval = true;
    for (int i = 0; i < 4; i++) /* of these, an input is inside as well */
        values[i].has_model_interval = values[i].is_in_model_interval = i != 1;
    values[1].has_model_interval = true;

    assert_int_equal(score_summarize(5, values, &summary), 0);
    assert_int_equal(summary.n, 4);
    gsl_test_rel(summary.median_abs_error, 0.175, 1e-12, "median");
    gsl_test_rel(summary.mean_abs_error, 0.2225, 1e-12, "mean");
    gsl_test_rel(summary.p90_abs_error, 0.425, 1e-12, "P90");
    gsl_test_rel(summary.worst_abs_error, 0.5, 1e-12, "worst");
    assert_int_equal(summary.n_in_interval, 1);
    gsl_test_rel(summary.in_interval_share, 0.25, 1e-12, "share in the interval");
    assert_int_equal(summary.n_with_model_interval, 3);
    gsl_test_rel(summary.in_model_interval_share, 2.0 / 3.0, 1e-12, "share with model error");
    assert_int_equal(summary.n_pairs, 0);
    assert_true(isnan(summary.ordering_share));
    assert_int_equal(gsl_test_summary(), 0);
}

static void nothing_that_counts_has_no_numbers(void **state)
{
    (void)state;
    const struct scored input = value(0, false, 80.0, 100.0);
    struct score_summary summary;
    for (int n = 0; n <= 1; n++) {
        assert_int_equal(score_summarize(n, &input, &summary), 0);
        assert_int_equal(summary.n, 0);
        assert_true(isnan(summary.median_abs_error) && isnan(summary.worst_abs_error));
        assert_true(isnan(summary.in_interval_share));
    }
}

/*
 * Group 0 measures 25.2, 81.4, 118.1 and an input of 170. Predicted are 34.8, 152.6, 128.5 and 166:
 * of the six pairs, 81.4 and 118.1 come in the wrong order. Group 1 has one value, and 71 and 74 of
 * group 2 are the same within their uncertainty of 2. The two inputs of group 3 are no pair.
 */
static void pairs_are_of_one_group_and_differ_beyond_their_uncertainty(void **state)
{
    (void)state;
    struct scored values[] = {
        value(0, true, 25.2, 34.8),    value(0, true, 81.4, 152.6), value(0, true, 118.1, 128.5),
        value(0, false, 170.0, 166.0), value(1, true, 2.29, 3.17),  value(2, true, 71.0, 90.0),
        value(2, true, 74.0, 80.0),    value(3, false, 3.0, 2.0),   value(3, false, 4.0, 1.0)};
    struct score_summary summary;
    values[5].measured.uncertainty = values[6].measured.uncertainty = 2.0;

    assert_int_equal(score_summarize(9, values, &summary), 0);
    assert_int_equal(summary.n_pairs, 6);
    assert_int_equal(summary.n_pairs_right, 5);
    gsl_test_rel(summary.ordering_share, 5.0 / 6.0, 1e-12, "share");

    values[0].measured.relation = RELATION_AT_MOST; /* says nothing of the order */
    assert_int_equal(score_summarize(9, values, &summary), 0);
    assert_int_equal(summary.n_pairs, 3);
    values[1].predicted = values[2].predicted; /* not told apart is not right */
    assert_int_equal(score_summarize(9, values, &summary), 0);
    assert_int_equal(summary.n_pairs_right, 2);
    assert_int_equal(gsl_test_summary(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_relative_to_what_was_measured),
        cmocka_unit_test(an_error_counts_beyond_the_range_in_print),
        cmocka_unit_test(an_error_in_percent_is_the_points_over_a_hundred),
        cmocka_unit_test(at_most_forgives_less_and_at_least_forgives_more),
        cmocka_unit_test(a_wider_range_in_print_is_never_a_larger_error),
        cmocka_unit_test(an_interval_holds_what_was_measured_when_the_two_ranges_meet),
        cmocka_unit_test(inputs_are_not_summarized),
        cmocka_unit_test(nothing_that_counts_has_no_numbers),
        cmocka_unit_test(pairs_are_of_one_group_and_differ_beyond_their_uncertainty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
