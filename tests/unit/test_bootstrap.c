/* Intervals of pieces: as wide as noise makes them, the same for the same seed, and honest about
 * few launches, few points and fits to sizes not seen. */
#include "calibration/fit/bootstrap.h"

#include "synthetic_timings.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

static const struct bootstrap_options few_samples = {
    .n = 100, .confidence = 0.95, .seed = 3, .name = "test"};

/* A data set, its fit, and how sure it is. */
struct told {
    struct synthetic data;
    struct segments fit;
    struct segments_intervals intervals;
};

static void tell(const struct segments_options *options, struct told *told)
{
    const struct visit_series series = {told->data.n, told->data.visits};
    struct segment_series located;
    assert_int_equal(visits_locate(&series, &located), 0);
    assert_int_equal(segments_fit(1, &located, options, &told->fit), 0);
    located_release(&located);
    memset(&told->intervals, 0, sizeof told->intervals);
    assert_int_equal(bootstrap_visits(1, &series, &told->fit, &few_samples, &told->intervals), 0);
}

static void measure(const struct synthetic_truth *truth, uint64_t seed, struct told *told)
{
    synthetic_init(&told->data, truth, seed);
    synthetic_measure_sizes(&told->data, 30);
    tell(&segments_defaults, told);
}

static struct synthetic_truth quiet_truth(double noise)
{
    struct synthetic_truth truth = synthetic_truth_draw(11, 2);
    truth.noise = noise;
    truth.visit_noise = noise / 3.0;
    truth.launch_noise = truth.outliers = 0.0;
    return truth;
}

static double width(struct interval interval)
{
    return interval.high - interval.low;
}

static void intervals_hold_their_estimates_and_nothing_negative(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        const struct synthetic_truth truth = synthetic_truth_draw(seed, (int)seed + 1);
        struct told told;
        measure(&truth, seed, &told);
        for (int piece = 0; piece < told.fit.n_pieces; piece++) {
            const struct segment_line *line = &told.fit.line[0][piece];
            const struct interval a_s = told.intervals.a_s[0][piece];
            const struct interval b_spB = told.intervals.b_spB[0][piece];
            const struct interval from_B = told.intervals.from_B[piece];
            assert_true(0.0 <= a_s.low && a_s.low <= line->a_s && line->a_s <= a_s.high);
            assert_true(0.0 <= b_spB.low && b_spB.low <= line->b_spB);
            assert_true(line->b_spB <= b_spB.high);
            assert_true(from_B.low <= told.fit.below_B[piece]);
            assert_true(told.fit.above_B[piece] <= from_B.high);
        }
        synthetic_release(&told.data);
    }
}

static void the_same_seed_gives_the_same_bytes_and_another_much_the_same(void **state)
{
    (void)state;
    const struct synthetic_truth truth = quiet_truth(0.1);
    struct told told;
    measure(&truth, 1, &told);
    const struct visit_series series = {told.data.n, told.data.visits};
    struct segments_intervals again = {0}, other = {0};
    struct bootstrap_options another_seed = few_samples;
    another_seed.seed++;
    assert_int_equal(bootstrap_visits(1, &series, &told.fit, &few_samples, &again), 0);
    assert_int_equal(bootstrap_visits(1, &series, &told.fit, &another_seed, &other), 0);
    assert_memory_equal(&again, &told.intervals, sizeof again);
    assert_true(other.a_s[0][0].low != again.a_s[0][0].low);
    gsl_test_rel(width(other.a_s[0][0]), width(again.a_s[0][0]), 0.3, "width");
    synthetic_release(&told.data);
    assert_int_equal(gsl_test_summary(), 0);
}

static void noise_widens_intervals_in_proportion(void **state)
{
    (void)state;
    const struct synthetic_truth quiet = quiet_truth(0.02), noisy = quiet_truth(0.08);
    struct told a, b;
    measure(&quiet, 7, &a);
    measure(&noisy, 7, &b);
    assert_int_equal(a.fit.n_pieces, 2);
    assert_int_equal(b.fit.n_pieces, 2);
    gsl_test_rel(width(b.intervals.a_s[0][0]) / width(a.intervals.a_s[0][0]), 4.0, 0.25, "a");
    gsl_test_rel(width(b.intervals.b_spB[0][1]) / width(a.intervals.b_spB[0][1]), 4.0, 0.25, "b");
    synthetic_release(&a.data);
    synthetic_release(&b.data);
    assert_int_equal(gsl_test_summary(), 0);
}

static void launches_that_differ_widen_them_as_few_launches_must(void **state)
{
    (void)state;
    struct synthetic_truth truth = quiet_truth(0.02);
    struct told alike, different;
    measure(&truth, 7, &alike);
    truth.launch_noise = 0.05;
    measure(&truth, 7, &different);
    assert_true(width(different.intervals.a_s[0][0]) > 4.0 * width(alike.intervals.a_s[0][0]));
    synthetic_release(&alike.data);
    synthetic_release(&different.data);
}

static void a_forced_breakpoint_is_certain(void **state)
{
    (void)state;
    const struct synthetic_truth truth = quiet_truth(0.05);
    struct segments_options options = segments_defaults;
    options.n_thresholds = 1;
    options.thresholds_B = &truth.last_B[0];
    options.are_forced = true;
    struct told told;
    measure(&truth, 7, &told);
    tell(&options, &told);
    assert_true(told.fit.from_B[1] == truth.last_B[0] + 1.0);
    assert_true(width(told.intervals.from_B[1]) == 0.0);
    synthetic_release(&told.data);
}

static void visits_without_spread_leave_what_points_tell(void **state)
{
    (void)state;
    double times_s[20];
    struct timed_visit visits[20];
    for (int i = 0; i < 20; i++) {
        const double size_B = 100.0 * (i + 1);
        times_s[i] = (7.13e-6 + 2.385e-9 * size_B) * (1.0 + 0.01 * sin(2.9 * i));
        visits[i] = (struct timed_visit){size_B, 1, 1, &times_s[i]};
    }
    struct told told = {.data = {.n = 20, .visits = visits}};
    tell(&segments_defaults, &told);
    assert_int_equal(told.fit.n_pieces, 1);
    const struct interval a_s = told.intervals.a_s[0][0];
    assert_true(a_s.low < 7.13e-6 && 7.13e-6 < a_s.high);
    assert_true(width(a_s) < 0.03 * 7.13e-6);
}

static void two_points_bound_no_line_above(void **state)
{
    (void)state;
    const double times_s[] = {3e-6, 4e-6};
    struct timed_visit visits[] = {{8.0, 1, 1, &times_s[0]}, {16.0, 1, 1, &times_s[1]}};
    struct told told = {.data = {.n = 2, .visits = visits}};
    tell(&segments_defaults, &told);
    assert_true(told.intervals.a_s[0][0].low == 0.0);
    assert_true(isinf(told.intervals.b_spB[0][0].high));
}

/* A small T1 (tests/validation/calibration/t1 has all of it): 14 data sets, of 0 to 6 breakpoints.
 * With 95 of 100 right, three wrong ones of 14 are a chance of 3 %. */
static void fits_to_known_truth_find_it_and_say_how_sure_they_are(void **state)
{
    (void)state;
    int n_right = 0, n_lines = 0, n_held = 0;
    for (uint64_t seed = 0; seed < 14; seed++) {
        const struct synthetic_truth truth = synthetic_truth_draw(seed, 1 + (int)(seed % 7));
        struct told told;
        measure(&truth, seed, &told);
        n_right += told.fit.n_pieces == truth.n_pieces;
        for (int piece = 0; piece < truth.n_pieces; piece++) {
            if (told.fit.n_pieces != truth.n_pieces)
                continue;
            const struct interval a_s = told.intervals.a_s[0][piece];
            n_lines++;
            n_held += a_s.low <= truth.a_s[piece] && truth.a_s[piece] <= a_s.high;
        }
        synthetic_release(&told.data);
    }
    assert_true(n_right >= 12);
    assert_true(n_held >= 0.9 * n_lines);
}

/* --- held-out sizes -------------------------------------------------------------------------- */

static void sizes_not_seen_are_predicted_about_as_well_as_they_are_known(void **state)
{
    (void)state;
    const struct synthetic_truth truth = quiet_truth(0.05);
    struct told told;
    measure(&truth, 7, &told);
    struct hold_out held;
    const struct visit_series series = {told.data.n, told.data.visits};
    assert_int_equal(segments_hold_out(1, &series, &segments_defaults, 5, &held), 0);
    int n_sizes = 0;
    for (int piece = 0; piece < told.fit.n_pieces; piece++)
        n_sizes += told.fit.line[0][piece].n;
    assert_int_equal(held.n, n_sizes - 2);
    assert_int_equal(held.n_pieces, 2);
    assert_true(held.p50 <= held.p95);
    /* All visits of a size against a line, which is better than half of them against the others. */
    assert_true(0.3 * held.floor < held.p50 && held.p50 < held.floor);
    synthetic_release(&told.data);
}

static void two_sizes_leave_nothing_to_predict(void **state)
{
    (void)state;
    const double times_s[] = {3e-6, 4e-6};
    const struct timed_visit visits[] = {{8.0, 1, 1, &times_s[0]}, {16.0, 1, 1, &times_s[1]}};
    const struct visit_series series = {2, visits};
    struct hold_out held = {.n = 77};
    assert_int_equal(segments_hold_out(1, &series, &segments_defaults, 5, &held), -ERANGE);
    assert_int_equal(held.n, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_their_estimates_and_nothing_negative),
        cmocka_unit_test(the_same_seed_gives_the_same_bytes_and_another_much_the_same),
        cmocka_unit_test(noise_widens_intervals_in_proportion),
        cmocka_unit_test(launches_that_differ_widen_them_as_few_launches_must),
        cmocka_unit_test(a_forced_breakpoint_is_certain),
        cmocka_unit_test(visits_without_spread_leave_what_points_tell),
        cmocka_unit_test(two_points_bound_no_line_above),
        cmocka_unit_test(fits_to_known_truth_find_it_and_say_how_sure_they_are),
        cmocka_unit_test(sizes_not_seen_are_predicted_about_as_well_as_they_are_known),
        cmocka_unit_test(two_sizes_leave_nothing_to_predict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
