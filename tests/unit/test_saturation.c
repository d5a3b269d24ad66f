/*
 * Laws of saturation, from totals that known ones make.
 */
#include "calibration/fit/saturation.h"
#include "models/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdbool.h>

enum { CORES = 16, BLOCKS = 12, POINTS = CORES * BLOCKS };

static const struct resampling HOW = {100, 3};

/* One core uses 13.7 GB/s, all of them 81.4. */
static const struct saturation_curve CURVES[N_SATURATION_LAWS] = {
    {SATURATION_FLAT, 13.7e9, 13.7e9, 0},   {SATURATION_LINEAR, 13.7e9, INFINITY, 0},
    {SATURATION_CAP, 13.7e9, 81.4e9, 0},    {SATURATION_HYPERBOLIC, 13.7e9, 81.4e9, 0},
    {SATURATION_KNEE, 13.7e9, 81.4e9, 3.7}, {SATURATION_RETROGRADE, 13.7e9, 81.4e9, 0.9e-12},
};

static void draw_points(const struct saturation_curve *curve, double noise, uint64_t trial,
                        struct saturation_point point[])
{
    for (int i = 0; i < POINTS; i++) {
        struct random_stream stream = random_stream_for(trial, "visit", (uint64_t)i);
        const int k = 1 + i % CORES;
        point[i] = (struct saturation_point){
            k, saturation_total(curve, k) * random_lognormal(&stream, noise), i / CORES, 0};
    }
}

/* At four cores: 4 x 13.7 = 54.8; 1 / ((1/13.7 - 1/81.4) / 4 + 1/81.4) = 36.4...; the knee of 1 is
 * hyperbolic in another form, 1 / (1/54.8 + 1/81.4) = 32.75. */
static void totals_are_those_worked_by_hand(void **state)
{
    (void)state;
    gsl_test_rel(saturation_total(&CURVES[SATURATION_FLAT], 4), 13.7e9, 1e-12, "flat");
    gsl_test_rel(saturation_total(&CURVES[SATURATION_LINEAR], 4), 54.8e9, 1e-12, "linear");
    gsl_test_rel(saturation_total(&CURVES[SATURATION_CAP], 4), 54.8e9, 1e-12, "below the cap");
    gsl_test_rel(saturation_total(&CURVES[SATURATION_CAP], 6), 81.4e9, 1e-12, "above it");
    gsl_test_rel(saturation_total(&CURVES[SATURATION_HYPERBOLIC], 4),
                 1e9 / ((1 / 13.7 - 1 / 81.4) / 4 + 1 / 81.4), 1e-12, "hyperbolic");
    const struct saturation_curve soft = {SATURATION_KNEE, 13.7e9, 81.4e9, 1.0};
    gsl_test_rel(saturation_total(&soft, 4), 54.8e9 * 81.4e9 / (54.8e9 + 81.4e9), 1e-12, "knee");
    assert_int_equal(gsl_test_summary(), 0);
}

static void each_law_is_found_again(void **state)
{
    (void)state;
    for (int law = 0; law < N_SATURATION_LAWS; law++) {
        struct saturation_point point[POINTS];
        struct saturation_fit fit;
        draw_points(&CURVES[law], 0.01, 1, point);
        assert_int_equal(saturation_fit(POINTS, point, CORES, &HOW, &fit), 0);
        assert_int_equal(fit.curve.law, law);
        for (int k = 1; k <= 2 * CORES; k++)
            gsl_test_rel(saturation_total(&fit.curve, k), saturation_total(&CURVES[law], k), 0.04,
                         "%s, %d cores", saturation_law_names[law], k);
        assert_true(fit.leave_one_out < 0.02 && fit.leave_one_out_max < 0.05);
        assert_true(fit.error < 0.01);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

static void intervals_hold_one_and_all(void **state)
{
    (void)state;
    enum { TRIALS = 40 };
    int n_one = 0, n_all = 0;
    const double one = saturation_total(&CURVES[SATURATION_KNEE], 1);
    const double all = saturation_total(&CURVES[SATURATION_KNEE], CORES);
    for (int trial = 0; trial < TRIALS; trial++) {
        struct saturation_point point[POINTS];
        struct saturation_fit fit;
        draw_points(&CURVES[SATURATION_KNEE], 0.03, (uint64_t)trial, point);
        assert_int_equal(saturation_fit(POINTS, point, CORES, &(struct resampling){60, 3}, &fit),
                         0);
        n_one += fit.one.ci95_lo <= one && one <= fit.one.ci95_hi;
        n_all += fit.all.ci95_lo <= all && all <= fit.all.ci95_hi;
    }
    assert_true(n_one >= 0.85 * TRIALS && n_all >= 0.85 * TRIALS);
}

/* Three launches, each of which errs by 2 % as a whole, at visits that differ by 1 %. */
static void shift_launches(uint64_t trial, bool is_told, struct saturation_point point[])
{
    enum { LAUNCHES = 3 };
    double shift[LAUNCHES];
    for (int i = 0; i < LAUNCHES; i++) {
        struct random_stream stream = random_stream_for(trial, "launch", (uint64_t)i);
        shift[i] = random_lognormal(&stream, 0.02);
    }
    for (int i = 0; i < POINTS; i++) {
        const int launch = point[i].group % LAUNCHES;
        point[i].total *= shift[launch];
        point[i].launch = is_told ? launch : 0;
    }
}

static void intervals_hold_one_where_launches_differ(void **state)
{
    (void)state;
    enum { TRIALS = 40 };
    const double one = saturation_total(&CURVES[SATURATION_KNEE], 1);
    int n_held[2] = {0};
    for (int trial = 0; trial < TRIALS; trial++) {
        for (int is_told = 0; is_told < 2; is_told++) {
            struct saturation_point point[POINTS];
            struct saturation_fit fit;
            draw_points(&CURVES[SATURATION_KNEE], 0.01, (uint64_t)trial, point);
            shift_launches((uint64_t)trial, is_told, point);
            assert_int_equal(
                saturation_fit(POINTS, point, CORES, &(struct resampling){60, 3}, &fit), 0);
            n_held[is_told] += fit.one.ci95_lo <= one && one <= fit.one.ci95_hi;
        }
    }
    assert_true(n_held[1] >= 0.9 * TRIALS);
    assert_true(n_held[0] < n_held[1]); /* blocks alone do not know */
}

/* Of the laws, none but the retrograde one ever falls. */
static void more_cores_never_get_less_where_nothing_thrashes(void **state)
{
    (void)state;
    for (int law = 0; law < SATURATION_RETROGRADE; law++) {
        for (int k = 1; k < 1000; k++) {
            const double more = saturation_total(&CURVES[law], k + 1);
            assert_true(more >= saturation_total(&CURVES[law], k) * (1.0 - 1e-12));
            assert_true(more <= CURVES[law].cap);
        }
    }
}

/* On two cores any law with two numbers goes through both. */
static void two_cores_are_met_exactly(void **state)
{
    (void)state;
    struct saturation_point point[24];
    struct saturation_fit fit;
    for (int i = 0; i < 24; i++)
        point[i] = (struct saturation_point){1 + i % 2, i % 2 == 0 ? 13.7e9 : 22.3e9, i / 2, 0};
    assert_int_equal(saturation_fit(24, point, 2, &HOW, &fit), 0);
    gsl_test_rel(fit.one.value, 13.7e9, 1e-9, "one");
    gsl_test_rel(fit.all.value, 22.3e9, 1e-9, "both");
    assert_true(isnan(fit.leave_one_out));
    assert_int_equal(saturation_fit(2, point, 2, &HOW, &fit), 0);
    gsl_test_rel(fit.one.value, 13.7e9, 1e-9, "one, of two visits");
    gsl_test_rel(fit.all.value, 22.3e9, 1e-9, "both, of two visits");
    assert_int_equal(gsl_test_summary(), 0);
}

/* On a loaded machine visits differ by a third. Two cores still got 1.4 times as much as one, or
 * 0.9 times as much, and 2.2 times where one was disturbed: laws of one number are all wrong. */
static void two_numbers_of_ranks_are_taken_as_measured(void **state)
{
    (void)state;
    enum { VISITS = 9, MIDDLE = 4 };
    static const double gains[] = {1.4, 0.9, 2.2};
    for (size_t g = 0; g < sizeof gains / sizeof gains[0]; g++) {
        struct saturation_point point[2 * VISITS];
        struct saturation_fit fit;
        for (int i = 0; i < VISITS; i++) {
            const double scatter = 1.0 + 0.11 * (i - MIDDLE);
            point[i] = (struct saturation_point){1, 13.7e9 * scatter, i, 0};
            point[VISITS + i] = (struct saturation_point){2, gains[g] * 13.7e9 * scatter, i, 0};
        }
        assert_int_equal(saturation_fit(2 * VISITS, point, 2, &HOW, &fit), 0);
        gsl_test_rel(fit.one.value, 13.7e9, 1e-12, "one of gain %g", gains[g]);
        gsl_test_rel(fit.all.value, gains[g] * 13.7e9, 1e-12, "both of gain %g", gains[g]);
        assert_true(fit.all.ci95_lo < fit.all.value && fit.all.ci95_hi > fit.all.value);
        /* More cores than were measured are promised no more than two got together. */
        struct saturation_fit four;
        assert_int_equal(saturation_fit(2 * VISITS, point, 4, &HOW, &four), 0);
        assert_true(gains[g] != 1.4 || four.all.value <= fit.all.value * (1.0 + 1e-12));
    }
    assert_int_equal(gsl_test_summary(), 0);
}

static void one_slow_visit_moves_nothing(void **state)
{
    (void)state;
    struct saturation_point point[POINTS];
    struct saturation_fit fit, disturbed;
    draw_points(&CURVES[SATURATION_CAP], 0.01, 1, point);
    assert_int_equal(saturation_fit(POINTS, point, CORES, &HOW, &fit), 0);
    point[CORES * 3].total /= 5.0;
    assert_int_equal(saturation_fit(POINTS, point, CORES, &HOW, &disturbed), 0);
    gsl_test_rel(disturbed.one.value, fit.one.value, 0.01, "one");
    gsl_test_rel(disturbed.all.value, fit.all.value, 0.01, "all");
    assert_int_equal(gsl_test_summary(), 0);
}

/* 7 Gflop/s alone, 6.1 beside 15 others. */
static void rates_of_active_cores_are_totals_by_their_number(void **state)
{
    (void)state;
    struct saturation_point point[POINTS];
    struct active_rate rate;
    for (int i = 0; i < POINTS; i++) {
        const int k = 1 + i % CORES;
        point[i] = (struct saturation_point){k, k * (7e9 - 0.06e9 * (k - 1)), i / CORES, 0};
    }
    assert_int_equal(active_rate_fit(POINTS, point, CORES, &HOW, &rate), 0);
    gsl_test_rel(rate.alone.value, 7e9, 1e-12, "alone");
    gsl_test_rel(rate.full_node.value, 6.1e9, 1e-12, "beside all others");
    assert_int_equal(active_rate_fit(POINTS, point, 20, &HOW, &rate), 0);
    gsl_test_rel(rate.full_node.value, 5.86e9, 0.02, "of a node with four more cores");
    for (int i = 0; i < POINTS; i++)
        point[i].n_active = 1;
    assert_int_equal(active_rate_fit(POINTS, point, CORES, &HOW, &rate), 0);
    assert_true(isnan(rate.full_node.value));
    for (int i = 0; i < POINTS; i++)
        point[i].n_active = 2;
    assert_int_equal(active_rate_fit(POINTS, point, CORES, &HOW, &rate), -EDOM);
    assert_int_equal(gsl_test_summary(), 0);
}

static void refuses_what_tells_nothing(void **state)
{
    (void)state;
    struct saturation_point point[2] = {{1, 3.5e9, 0, 0}, {2, 4.5e9, 0, 0}};
    struct saturation_fit fit = {.error = 7.25};
    assert_int_equal(saturation_fit(0, point, 2, &HOW, &fit), -EDOM);
    assert_int_equal(saturation_fit(2, point, 0, &HOW, &fit), -EINVAL);
    point[0].n_active = 0;
    assert_int_equal(saturation_fit(2, point, 2, &HOW, &fit), -EINVAL);
    point[0].n_active = 1;
    const double bad[] = {NAN, INFINITY, 0.0, -1.0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        point[1].total = bad[i];
        assert_int_equal(saturation_fit(2, point, 2, &HOW, &fit), -EINVAL);
    }
    assert_true(fit.error == 7.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_are_those_worked_by_hand),
        cmocka_unit_test(each_law_is_found_again),
        cmocka_unit_test(intervals_hold_one_and_all),
        cmocka_unit_test(intervals_hold_one_where_launches_differ),
        cmocka_unit_test(more_cores_never_get_less_where_nothing_thrashes),
        cmocka_unit_test(two_cores_are_met_exactly),
        cmocka_unit_test(two_numbers_of_ranks_are_taken_as_measured),
        cmocka_unit_test(one_slow_visit_moves_nothing),
        cmocka_unit_test(rates_of_active_cores_are_totals_by_their_number),
        cmocka_unit_test(refuses_what_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
