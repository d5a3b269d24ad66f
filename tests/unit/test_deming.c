/*
 * What virtualization adds, from pairs of times to which it was added.
 */
#include "calibration/fit/deming.h"
#include "models/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdbool.h>

enum { SIZES = 16, BLOCKS = 12, POINTS = SIZES * BLOCKS };

static const struct resampling HOW = {100, 3};

/* Native messages take 21.7 us and 8.7 ns a byte. */
static double native_of(double size_B)
{
    return 21.7e-6 + 8.7e-9 * size_B;
}

/* The virtual side is `added_s` and `factor` times that; both err, by `noise` each. */
static void draw_points(double added_s, double factor, double noise, uint64_t trial,
                        struct paired_point point[])
{
    for (int i = 0; i < POINTS; i++) {
        struct random_stream stream = random_stream_for(trial, "pair", (uint64_t)i);
        const double size_B = floor(pow(2.1, i % SIZES)), native_s = native_of(size_B);
        point[i] = (struct paired_point){
            size_B, native_s * random_lognormal(&stream, noise),
            (added_s + factor * native_s) * random_lognormal(&stream, noise), i / SIZES, 1};
    }
}

static void pairs_without_error_give_back_what_was_added(void **state)
{
    (void)state;
    struct paired_point point[POINTS];
    struct deming line;
    struct overhead overhead;
    draw_points(2.3e-6, 1.17, 0.0, 1, point);
    assert_int_equal(deming_fit(POINTS, point, &HOW, &line), 0);
    gsl_test_rel(line.factor.value, 1.17, 1e-6, "factor");
    gsl_test_rel(line.added_s.value, 2.3e-6, 1e-5, "added");
    assert_int_equal(overhead_fit(POINTS, point, &HOW, &overhead), 0);
    gsl_test_rel(overhead.byte_s.value, 0.17 * 8.7e-9, 1e-9, "per byte");
    gsl_test_rel(overhead.message_s.value, 2.3e-6 + 0.17 * 21.7e-6, 1e-9, "per message");
    assert_int_equal(gsl_test_summary(), 0);
}

/*
 * Deming's closed form for errors of one size on both sides: with sums of squares sxx, sxy, syy the
 * slope is (syy - d sxx + sqrt((syy - d sxx)^2 + 4 d sxy^2)) / (2 sxy). Times that differ by a
 * thousandth have such errors, with d the ratio of the variances.
 */
static void nearly_equal_times_give_the_closed_form(void **state)
{
    (void)state;
    enum { N = 40 };
    struct paired_point point[N];
    struct deming line;
    double mean_x = 0.0, mean_y = 0.0, sxx = 0.0, sxy = 0.0, syy = 0.0;
    for (int i = 0; i < N; i++) {
        struct random_stream stream = random_stream_for(4, "pair", (uint64_t)i);
        const double true_s = 1.0 + 1e-4 * random_normal(&stream);
        point[i] = (struct paired_point){i, true_s + 5e-5 * random_normal(&stream),
                                         true_s + 5e-5 * random_normal(&stream), i, 1};
        mean_x += point[i].native_s / N;
        mean_y += point[i].virtual_s / N;
    }
    for (int i = 0; i < N; i++) {
        const double x = point[i].native_s - mean_x, y = point[i].virtual_s - mean_y;
        sxx += x * x;
        sxy += x * y;
        syy += y * y;
    }
    const double slope = (syy - sxx + sqrt(pow(syy - sxx, 2.0) + 4.0 * sxy * sxy)) / (2.0 * sxy);
    assert_int_equal(deming_fit(N, point, &HOW, &line), 0);
    gsl_test_rel(line.variance_ratio, 1.0, 1e-12, "no size was visited twice");
    gsl_test_rel(line.factor.value, slope, 2e-3, "slope");
    gsl_test_rel(line.added_s.value, mean_y - slope * mean_x, 4e-3, "intercept");
    assert_int_equal(gsl_test_summary(), 0);
}

/* An ordinary regression of noisy native times finds a flatter line: of points whose true times
 * have a variance v and errors e^2 of it, by v / (v + e^2). */
static void errors_of_the_native_side_make_the_line_no_flatter(void **state)
{
    (void)state;
    enum { TRIALS = 40, N = 200 };
    double ordinary = 0.0, deming = 0.0;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct paired_point point[N];
        struct deming line;
        double mean_x = 0.0, mean_y = 0.0, sxx = 0.0, sxy = 0.0;
        for (int i = 0; i < N; i++) {
            struct random_stream stream = random_stream_for((uint64_t)trial, "p", (uint64_t)i);
            const double true_s = 1.0 + 0.4 * random_uniform(&stream);
            point[i] = (struct paired_point){i, true_s * random_lognormal(&stream, 0.1),
                                             1.3 * true_s * random_lognormal(&stream, 0.1), i, 1};
            mean_x += point[i].native_s / N;
            mean_y += point[i].virtual_s / N;
        }
        for (int i = 0; i < N; i++) {
            sxx += pow(point[i].native_s - mean_x, 2.0);
            sxy += (point[i].native_s - mean_x) * (point[i].virtual_s - mean_y);
        }
        assert_int_equal(deming_fit(N, point, &(struct resampling){0, 0}, &line), 0);
        ordinary += sxy / sxx / TRIALS;
        deming += line.factor.value / TRIALS;
    }
    assert_true(ordinary < 0.75);
    gsl_test_rel(deming, 1.3, 0.05, "Deming");
    assert_int_equal(gsl_test_summary(), 0);
}

static bool holds(const struct estimate *estimate, double truth)
{
    return estimate->ci95_lo <= truth && truth <= estimate->ci95_hi;
}

/* 2 us on each message, and on others 12 % of everything. */
static void intervals_hold_what_was_added(void **state)
{
    (void)state;
    enum { TRIALS = 60 };
    int n_message = 0, n_byte = 0, n_added = 0, n_factor = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct paired_point point[POINTS];
        struct overhead overhead;
        struct deming line;
        draw_points(2e-6, 1.0, 0.03, (uint64_t)trial, point);
        assert_int_equal(overhead_fit(POINTS, point, &HOW, &overhead), 0);
        n_message += holds(&overhead.message_s, 2e-6);
        n_byte += holds(&overhead.byte_s, 0.0);
        draw_points(2e-6, 1.12, 0.03, (uint64_t)trial, point);
        assert_int_equal(deming_fit(POINTS, point, &(struct resampling){60, 3}, &line), 0);
        n_added += holds(&line.added_s, 2e-6);
        n_factor += holds(&line.factor, 1.12);
    }
    assert_true(n_message >= 0.88 * TRIALS && n_byte >= 0.88 * TRIALS);
    assert_true(n_added >= 0.88 * TRIALS && n_factor >= 0.88 * TRIALS);
}

/* Seen from the other side, the line is turned round. */
static void swapping_sides_turns_the_line_round(void **state)
{
    (void)state;
    struct paired_point point[POINTS];
    struct deming line, swapped;
    draw_points(2e-6, 1.4, 0.03, 5, point);
    assert_int_equal(deming_fit(POINTS, point, &HOW, &line), 0);
    for (int i = 0; i < POINTS; i++)
        point[i] = (struct paired_point){point[i].size_B, point[i].virtual_s, point[i].native_s,
                                         point[i].group, 1};
    assert_int_equal(deming_fit(POINTS, point, &HOW, &swapped), 0);
    gsl_test_rel(swapped.factor.value, 1.0 / line.factor.value, 1e-6, "factor");
    gsl_test_rel(swapped.added_s.value, -line.added_s.value / line.factor.value, 1e-5, "added");
    gsl_test_rel(swapped.variance_ratio, 1.0 / line.variance_ratio, 1e-9, "variances");
    assert_int_equal(gsl_test_summary(), 0);
}

static void one_size_tells_what_a_message_costs(void **state)
{
    (void)state;
    struct paired_point point[6];
    struct overhead overhead;
    struct deming line;
    for (int i = 0; i < 6; i++)
        point[i] = (struct paired_point){64.0, 20e-6 + 1e-7 * i, 25e-6 + 1e-7 * i, i, 1};
    assert_int_equal(overhead_fit(6, point, &HOW, &overhead), 0);
    gsl_test_rel(overhead.message_s.value, 5e-6, 1e-9, "per message");
    assert_true(overhead.byte_s.value == 0.0);
    assert_int_equal(deming_fit(6, point, &HOW, &line), -EDOM);
    assert_int_equal(gsl_test_summary(), 0);
}

static void refuses_what_tells_nothing(void **state)
{
    (void)state;
    struct paired_point point[POINTS];
    struct deming line = {.variance_ratio = 7.25};
    struct overhead overhead = {.factor = {7.25, 0, 0}};
    draw_points(2e-6, 1.0, 0.03, 1, point);
    assert_int_equal(deming_fit(1, point, &HOW, &line), -EDOM);
    assert_int_equal(overhead_fit(0, point, &HOW, &overhead), -EDOM);
    const double bad[] = {NAN, INFINITY, 0.0, -1.0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        point[7].virtual_s = bad[i];
        assert_int_equal(deming_fit(POINTS, point, &HOW, &line), -EINVAL);
        assert_int_equal(overhead_fit(POINTS, point, &HOW, &overhead), -EINVAL);
    }
    for (int i = 0; i < POINTS; i++)
        point[i].native_s = point[i].virtual_s = 3.7e-6;
    assert_int_equal(deming_fit(POINTS, point, &HOW, &line), -EDOM);
    assert_int_equal(overhead_fit(POINTS, point, &HOW, &overhead), 0);
    assert_true(overhead.message_s.value == 0.0 && overhead.factor.value == 1.0);
    assert_true(line.variance_ratio == 7.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_without_error_give_back_what_was_added),
        cmocka_unit_test(nearly_equal_times_give_the_closed_form),
        cmocka_unit_test(errors_of_the_native_side_make_the_line_no_flatter),
        cmocka_unit_test(intervals_hold_what_was_added),
        cmocka_unit_test(swapping_sides_turns_the_line_round),
        cmocka_unit_test(one_size_tells_what_a_message_costs),
        cmocka_unit_test(refuses_what_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
