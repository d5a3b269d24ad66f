/*
 * The polynomial of a matrix multiply, from times that a known one makes.
 */
#include "calibration/fit/dgemm_fit.h"
#include "models/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdbool.h>

enum { BLOCKS = 10, SHAPES = 40, POINTS = BLOCKS * SHAPES };

static const struct resampling HOW = {200, 3};

/* 21.7 Gflop/s, 1.3 ns an element of C, 0.7 and 2.1 of A and B, 4.5 us a call. */
static const double TRUTH_S[N_DGEMM_TERMS] = {2.0 / 21.7e9, 1.3e-9, 0.7e-9, 2.1e-9, 4.5e-6};

static double time_of(double m, double n, double k)
{
    return TRUTH_S[DGEMM_MNK] * m * n * k + TRUTH_S[DGEMM_MN] * m * n + TRUTH_S[DGEMM_MK] * m * k +
           TRUTH_S[DGEMM_NK] * n * k + TRUTH_S[DGEMM_CALL];
}

/* Shapes of 8 to 2048 in each direction; a visit's time errs by `noise`, and one of fifty takes
 * three times as long. */
static void draw_points(double noise, bool has_outliers, uint64_t trial, struct dgemm_point point[])
{
    for (int shape = 0; shape < SHAPES; shape++) {
        struct random_stream shapes = random_stream_for(trial, "shape", (uint64_t)shape);
        const double m = floor(pow(2.0, 3.0 + 8.0 * random_uniform(&shapes)));
        const double n = floor(pow(2.0, 3.0 + 8.0 * random_uniform(&shapes)));
        const double k = floor(pow(2.0, 3.0 + 8.0 * random_uniform(&shapes)));
        for (int block = 0; block < BLOCKS; block++) {
            const double slow = has_outliers && random_uniform(&shapes) < 0.02 ? 3.0 : 1.0;
            point[shape * BLOCKS + block] = (struct dgemm_point){
                m, n, k, slow * time_of(m, n, k) * random_lognormal(&shapes, noise), block, 0};
        }
    }
}

static void times_without_error_give_back_the_polynomial(void **state)
{
    (void)state;
    struct dgemm_point point[POINTS];
    struct dgemm_fit fit;
    draw_points(0.0, false, 1, point);
    assert_int_equal(dgemm_fit(POINTS, point, &HOW, &fit), 0);
    for (int j = 0; j < N_DGEMM_TERMS; j++) {
        gsl_test_rel(fit.term_s[j].value, TRUTH_S[j], 1e-7, "term %d", j);
        assert_false(fit.is_bound[j]);
    }
    gsl_test_rel(fit.rate_flops.value, 21.7e9, 1e-9, "rate");
    gsl_test_rel(dgemm_fit_time_s(&fit, 700, 300, 64), time_of(700, 300, 64), 1e-9, "a shape");
    gsl_test_abs(fit.error_p95, 0.0, 1e-9, "no error");
    assert_int_equal(fit.n_shapes, SHAPES);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Kernels of their own make shapes of less than 60^3 twice as slow: half of all are such, and the
 * others are still met. */
static void tiny_shapes_do_not_rule(void **state)
{
    (void)state;
    struct dgemm_point point[POINTS];
    struct dgemm_fit fit;
    for (int i = 0; i < POINTS; i++) {
        const int shape = i / BLOCKS;
        const bool is_tiny = shape % 2 != 0;
        const double m = is_tiny ? 7 + shape : 300 + 41 * shape;
        const double n = is_tiny ? 11 + shape * 7 % 40 : 250 + 73 * (shape * 3 % 40);
        const double k = is_tiny ? 5 + shape * 11 % 40 : 37 + 13 * (shape * 7 % 16);
        point[i] =
            (struct dgemm_point){m, n, k, (is_tiny ? 2.0 : 1.0) * time_of(m, n, k), i % BLOCKS, 0};
    }
    assert_int_equal(dgemm_fit(POINTS, point, &HOW, &fit), 0);
    gsl_test_rel(fit.rate_flops.value, 21.7e9, 0.03, "rate");
    gsl_test_rel(dgemm_fit_time_s(&fit, 12000, 6000, 80), time_of(12000, 6000, 80), 0.03,
                 "an update of a large matrix");
    assert_int_equal(gsl_test_summary(), 0);
}

static void outliers_hardly_move_it(void **state)
{
    (void)state;
    struct dgemm_point point[POINTS];
    struct dgemm_fit fit;
    draw_points(0.02, true, 4, point);
    assert_int_equal(dgemm_fit(POINTS, point, &HOW, &fit), 0);
    gsl_test_rel(fit.rate_flops.value, 21.7e9, 0.01, "rate");
    gsl_test_abs(fit.error_p50, 0.0, 0.02, "error");
    assert_true(fit.rate_flops.ci95_lo < fit.rate_flops.value &&
                fit.rate_flops.value < fit.rate_flops.ci95_hi);
    assert_int_equal(gsl_test_summary(), 0);
}

static void intervals_hold_the_rate(void **state)
{
    (void)state;
    enum { TRIALS = 60 };
    int n_rate = 0, n_nk = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct dgemm_point point[POINTS];
        struct dgemm_fit fit;
        draw_points(0.03, false, (uint64_t)trial, point);
        assert_int_equal(dgemm_fit(POINTS, point, &(struct resampling){80, 3}, &fit), 0);
        n_rate += fit.rate_flops.ci95_lo <= 21.7e9 && 21.7e9 <= fit.rate_flops.ci95_hi;
        n_nk += fit.term_s[DGEMM_NK].ci95_lo <= 2.1e-9 && 2.1e-9 <= fit.term_s[DGEMM_NK].ci95_hi;
    }
    assert_true(n_rate >= 0.88 * TRIALS && n_nk >= 0.88 * TRIALS);
}

/* Ten blocks are of three launches, each of which errs by 1 % as a whole. */
static void shift_launches(uint64_t trial, bool is_told, struct dgemm_point point[])
{
    enum { LAUNCHES = 3 };
    double shift[LAUNCHES];
    for (int i = 0; i < LAUNCHES; i++) {
        struct random_stream stream = random_stream_for(trial, "launch", (uint64_t)i);
        shift[i] = random_lognormal(&stream, 0.01);
    }
    for (int i = 0; i < POINTS; i++) {
        const int launch = point[i].group % LAUNCHES;
        point[i].time_s *= shift[launch];
        point[i].launch = is_told ? launch : 0;
    }
}

/* So many trials that the share of 95 % that hold is known to 2 %. */
static void intervals_hold_the_rate_where_launches_differ(void **state)
{
    (void)state;
    enum { TRIALS = 200 };
    int n_held[2] = {0};
    for (int trial = 0; trial < TRIALS; trial++) {
        for (int is_told = 0; is_told < 2; is_told++) {
            struct dgemm_point point[POINTS];
            struct dgemm_fit fit;
            draw_points(0.03, false, (uint64_t)trial, point);
            shift_launches((uint64_t)trial, is_told, point);
            assert_int_equal(dgemm_fit(POINTS, point, &(struct resampling){60, 3}, &fit), 0);
            n_held[is_told] += fit.rate_flops.ci95_lo <= 21.7e9 && 21.7e9 <= fit.rate_flops.ci95_hi;
        }
    }
    assert_true(n_held[1] >= 0.9 * TRIALS);
    assert_true(n_held[0] < n_held[1]); /* blocks alone do not know */
}

static void shapes_left_out_are_predicted(void **state)
{
    (void)state;
    struct dgemm_point point[POINTS];
    struct dgemm_held_out held_out, again;
    draw_points(0.02, false, 5, point);
    assert_int_equal(dgemm_hold_out(POINTS, point, 5, 9, &held_out), 0);
    int n_blocked = 0;
    for (int i = 0; i < POINTS; i += BLOCKS)
        n_blocked += point[i].m * point[i].n * point[i].k >= DGEMM_LEAST_BLOCKED;
    assert_true(n_blocked > SHAPES / 2 && n_blocked < SHAPES);
    assert_int_equal(held_out.n_shapes, n_blocked);
    assert_true(held_out.error_p50 < 0.02 && held_out.error_p95 < 0.06);
    assert_true(held_out.error_p50 > 0.0 && held_out.error_p50 <= held_out.error_p95);
    assert_int_equal(dgemm_hold_out(POINTS, point, 5, 9, &again), 0);
    assert_true(held_out.error_p95 == again.error_p95);
}

/* A rate alone is a polynomial whose other terms are 0. */
static void a_time_without_copies_binds_their_terms(void **state)
{
    (void)state;
    struct dgemm_point point[POINTS];
    struct dgemm_fit fit;
    draw_points(0.0, false, 6, point);
    for (int i = 0; i < POINTS; i++)
        point[i].time_s = point[i].m * point[i].n * point[i].k / 3.7e9 - 1e-13 * point[i].m;
    assert_int_equal(dgemm_fit(POINTS, point, &HOW, &fit), 0);
    assert_false(fit.is_bound[DGEMM_MNK]);
    assert_true(fit.is_bound[DGEMM_MN] && fit.is_bound[DGEMM_MK]);
    gsl_test_rel(fit.rate_flops.value, 7.4e9, 1e-3, "rate");
    assert_int_equal(gsl_test_summary(), 0);
}

static void refuses_what_tells_nothing(void **state)
{
    (void)state;
    struct dgemm_point point[POINTS];
    struct dgemm_fit fit = {.n_shapes = 7};
    struct dgemm_held_out held_out = {.n_shapes = 7};
    draw_points(0.0, false, 1, point);
    assert_int_equal(dgemm_fit(4 * BLOCKS, point, &HOW, &fit), -EDOM);
    assert_int_equal(dgemm_fit(0, point, &HOW, &fit), -EDOM);
    assert_int_equal(dgemm_hold_out(0, point, 5, 1, &held_out), -EDOM);
    assert_int_equal(dgemm_hold_out(POINTS, point, 1, 1, &held_out), -EINVAL);
    for (int i = 0; i < POINTS; i++)
        point[i].n = point[i].k = point[i].m;
    assert_int_equal(dgemm_fit(POINTS, point, &HOW, &fit), -EDOM);
    assert_int_equal(dgemm_hold_out(POINTS, point, 5, 1, &held_out), -EDOM);

    draw_points(0.0, false, 1, point);
    for (int i = 0; i < POINTS; i++)
        point[i].time_s = 3e-3;
    assert_int_equal(dgemm_fit(POINTS, point, &HOW, &fit), -EDOM);
    const double bad[] = {NAN, INFINITY, 0.0, -1e-6};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        point[5].time_s = bad[i];
        assert_int_equal(dgemm_fit(POINTS, point, &HOW, &fit), -EINVAL);
        assert_int_equal(dgemm_hold_out(POINTS, point, 5, 1, &held_out), -EINVAL);
    }
    point[5].time_s = 1.0;
    point[5].k = 0.0;
    assert_int_equal(dgemm_fit(POINTS, point, &HOW, &fit), -EINVAL);
    assert_true(fit.n_shapes == 7 && held_out.n_shapes == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_without_error_give_back_the_polynomial),
        cmocka_unit_test(tiny_shapes_do_not_rule),
        cmocka_unit_test(outliers_hardly_move_it),
        cmocka_unit_test(intervals_hold_the_rate),
        cmocka_unit_test(intervals_hold_the_rate_where_launches_differ),
        cmocka_unit_test(shapes_left_out_are_predicted),
        cmocka_unit_test(a_time_without_copies_binds_their_terms),
        cmocka_unit_test(refuses_what_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
