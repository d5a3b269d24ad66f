/*
 * The words "no overhead": said when shown, not said when unknown.
 */
#include "calibration/fit/equivalence.h"
#include "models/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <gsl/gsl_test.h>
#include <math.h>

enum { BLOCKS = 30 };

/* Blocks of three launches, whose ratio is `ratio` but for errors of blocks and of launches. */
static void draw_blocks(uint64_t trial, double ratio, double block_error, double launch_error,
                        struct equivalence_point point[])
{
    double effect[3];
    struct random_stream stream = random_stream_for(trial, "blocks", 0);
    for (int i = 0; i < 3; i++)
        effect[i] = launch_error * random_normal(&stream);
    for (int i = 0; i < BLOCKS; i++) {
        const double first_s = 20e-6 * (1.0 + random_uniform(&stream));
        const double error = effect[i % 3] + block_error * random_normal(&stream);
        point[i] = (struct equivalence_point){first_s, first_s * ratio * exp(error), i % 3};
    }
}

static double part_of(enum equivalence_verdict verdict, double ratio, double block_error,
                      double launch_error)
{
    enum { TRIALS = 1000 };
    int n = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct equivalence_point point[BLOCKS];
        struct equivalence result;
        draw_blocks((uint64_t)trial, ratio, block_error, launch_error, point);
        assert_int_equal(equivalence_test(BLOCKS, point, EQUIVALENCE_MARGIN, &result), 0);
        n += result.verdict == verdict;
    }
    return (double)n / TRIALS;
}

/* Log ratios 0.10, 0.12, 0.14, 0.12: mean 0.12, standard deviation sqrt(8e-4 / 3), error of the
 * mean 0.0081650; Student's t on 3 degrees 3.182446 and 2.353363. */
static void intervals_are_those_worked_by_hand(void **state)
{
    (void)state;
    const double log_ratio[] = {0.10, 0.12, 0.14, 0.12};
    struct equivalence_point point[4];
    struct equivalence result;
    for (int i = 0; i < 4; i++)
        point[i] = (struct equivalence_point){3.7, 3.7 * exp(log_ratio[i]), 1};
    assert_int_equal(equivalence_test(4, point, 0.03, &result), 0);
    gsl_test_rel(result.ratio.value, exp(0.12), 1e-12, "ratio");
    gsl_test_rel(result.ratio.ci95_lo, exp(0.12 - 3.182446 * 0.00816497), 1e-6, "lower");
    gsl_test_rel(result.ratio.ci95_hi, exp(0.12 + 3.182446 * 0.00816497), 1e-6, "upper");
    gsl_test_rel(result.ci90_hi, exp(0.12 + 2.353363 * 0.00816497), 1e-6, "of 90 %%");
    gsl_test_rel(result.degrees_of_freedom, 3.0, 1e-12, "degrees of freedom");
    assert_int_equal(result.verdict, DIFFERENT);
    assert_int_equal(gsl_test_summary(), 0);
}

/* A ratio on the margin may be called equivalent in one of twenty at most. */
static void a_ratio_on_the_margin_is_rarely_called_equivalent(void **state)
{
    (void)state;
    assert_true(part_of(EQUIVALENT, 1.03, 0.05, 0.0) < 0.07);
    assert_true(part_of(EQUIVALENT, 1.0 / 1.03, 0.02, 0.0) < 0.07);
    assert_true(part_of(EQUIVALENT, 1.03, 0.02, 0.02) < 0.09);
}

static void equal_sides_are_rarely_called_different(void **state)
{
    (void)state;
    assert_true(part_of(DIFFERENT, 1.0, 0.1, 0.0) < 0.07);
    assert_true(part_of(DIFFERENT, 1.0, 0.05, 0.1) < 0.12);
}

static void clear_cases_are_told(void **state)
{
    (void)state;
    assert_true(part_of(EQUIVALENT, 1.0, 0.02, 0.0) > 0.99);
    assert_true(part_of(EQUIVALENT, 1.01, 0.02, 0.0) > 0.8);
    assert_true(part_of(DIFFERENT, 1.12, 0.05, 0.0) > 0.99);
    assert_true(part_of(UNDECIDED, 1.0, 0.3, 0.0) > 0.9);
}

static void swapping_sides_turns_the_ratio_round(void **state)
{
    (void)state;
    struct equivalence_point point[BLOCKS];
    struct equivalence result, swapped;
    draw_blocks(3, 1.07, 0.05, 0.02, point);
    assert_int_equal(equivalence_test(BLOCKS, point, 0.03, &result), 0);
    for (int i = 0; i < BLOCKS; i++)
        point[i] = (struct equivalence_point){point[i].second_s, point[i].first_s, point[i].launch};
    assert_int_equal(equivalence_test(BLOCKS, point, 0.03, &swapped), 0);
    assert_int_equal(result.verdict, swapped.verdict);
    gsl_test_rel(swapped.ratio.value, 1.0 / result.ratio.value, 1e-9, "ratio");
    gsl_test_rel(swapped.ratio.ci95_lo, 1.0 / result.ratio.ci95_hi, 1e-9, "interval");
    gsl_test_rel(swapped.p_equivalent, result.p_equivalent, 1e-9, "p");
    assert_int_equal(gsl_test_summary(), 0);
}

/* Launches 0.9, 1.0 and 1.1 times the other side: thirty blocks know no more than three. */
static void launches_that_differ_are_what_counts(void **state)
{
    (void)state;
    struct equivalence_point point[BLOCKS];
    struct equivalence result;
    for (int i = 0; i < BLOCKS; i++) {
        const int block = i / 3;
        point[i] = (struct equivalence_point){1.0, 0.9 + 0.1 * (i % 3) + 1e-4 * block, i % 3};
    }
    assert_int_equal(equivalence_test(BLOCKS, point, 0.03, &result), 0);
    gsl_test_rel(result.degrees_of_freedom, 2.0, 1e-12, "degrees of freedom");
    assert_int_equal(result.verdict, UNDECIDED);
    for (int i = 0; i < BLOCKS; i++)
        point[i].launch = i;
    assert_int_equal(equivalence_test(BLOCKS, point, 0.2, &result), 0);
    assert_int_equal(result.verdict, EQUIVALENT);
    assert_int_equal(gsl_test_summary(), 0);
}

static void words_say_the_verdict(void **state)
{
    (void)state;
    char text[80];
    struct equivalence result = {.verdict = EQUIVALENT, .ratio = {1.01, 1.00, 1.02}};
    equivalence_words(text, sizeof text, &result, 0.03);
    assert_string_equal(text, "no overhead within 3 %");
    result = (struct equivalence){.verdict = DIFFERENT, .ratio = {1.123, 1.101, 1.146}};
    equivalence_words(text, sizeof text, &result, 0.03);
    assert_string_equal(text, "overhead of 12.3 % (10.1 to 14.6 %)");
    result.ratio = (struct estimate){0.9, 0.85, 0.95};
    equivalence_words(text, sizeof text, &result, 0.03);
    assert_string_equal(text, "gain of 10.0 % (5.0 to 15.0 %)");
    result = (struct equivalence){.verdict = UNDECIDED, .ratio = {1.02, 0.91, 1.15}};
    equivalence_words(text, sizeof text, &result, 0.03);
    assert_string_equal(text, "undecided: +2.0 % (-9.0 to +15.0 %)");
    equivalence_words(text, 10, &result, 0.03);
    assert_string_equal(text, "undecided");
}

static void refuses_what_tells_nothing(void **state)
{
    (void)state;
    struct equivalence_point point[3] = {{1.5, 1.5, 0}, {2.5, 2.5, 0}, {3.5, 3.5, 0}};
    struct equivalence result = {.degrees_of_freedom = 7.25};
    assert_int_equal(equivalence_test(1, point, 0.03, &result), -EDOM);
    assert_int_equal(equivalence_test(0, point, 0.03, &result), -EDOM);
    assert_int_equal(equivalence_test(3, point, 0.0, &result), -EINVAL);
    assert_int_equal(equivalence_test(3, point, NAN, &result), -EINVAL);
    const double bad[] = {NAN, INFINITY, 0.0, -1.0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        point[1].second_s = bad[i];
        assert_int_equal(equivalence_test(3, point, 0.03, &result), -EINVAL);
    }
    assert_true(result.degrees_of_freedom == 7.25);
    point[1].second_s = 2.5;
    assert_int_equal(equivalence_test(3, point, 0.03, &result), 0);
    assert_int_equal(result.verdict, EQUIVALENT);
    assert_true(result.p_equivalent == 0.0 && result.p_different == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_those_worked_by_hand),
        cmocka_unit_test(a_ratio_on_the_margin_is_rarely_called_equivalent),
        cmocka_unit_test(equal_sides_are_rarely_called_different),
        cmocka_unit_test(clear_cases_are_told),
        cmocka_unit_test(swapping_sides_turns_the_ratio_round),
        cmocka_unit_test(launches_that_differ_are_what_counts),
        cmocka_unit_test(words_say_the_verdict),
        cmocka_unit_test(refuses_what_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
