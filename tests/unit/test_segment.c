/* Lines in pieces: exact where there is no noise, the same as trying everything, and never fooled
 * by units, single points or what is no measurement. */
#include "calibration/fit/segment.h"

#include "calibration/fit/segment_search.h"
#include "models/random.h"
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

enum { MOST = 128 };

/* Points at 2^(i/4) x 3 bytes, rounded down to whole ones. */
static struct segment_series points_at(int n, const double time_s[], struct segment_point points[])
{
    for (int i = 0; i < n; i++)
        points[i] = (struct segment_point){floor(3.0 * exp2(i / 4.0 + 2.0)), time_s[i], 1.0};
    return (struct segment_series){n, points};
}

/* Two lines: 7.13 us + 2.385 ns/B up to 700 B, 23.6 us + 0.871 ns/B after. */
static double two_lines_s(double size_B)
{
    return size_B <= 700.0 ? 7.13e-6 + 2.385e-9 * size_B : 23.6e-6 + 0.871e-9 * size_B;
}

static struct segment_series two_lines(int n, struct segment_point points[])
{
    double time_s[MOST];
    for (int i = 0; i < n; i++)
        time_s[i] = two_lines_s(floor(3.0 * exp2(i / 4.0 + 2.0)));
    return points_at(n, time_s, points);
}

static struct segments fit_one(const struct segment_series *series,
                               const struct segments_options *options)
{
    struct segments segments;
    assert_int_equal(segments_fit(1, series, options, &segments), 0);
    return segments;
}

/* --- values ---------------------------------------------------------------------------------- */

static void lines_without_noise_come_back_exactly(void **state)
{
    (void)state;
    struct segment_point points[MOST];
    const struct segment_series series = two_lines(60, points);
    const struct segments fit = fit_one(&series, &segments_defaults);

    assert_int_equal(fit.n_pieces, 2);
    assert_true(fit.below_B[1] <= 700.0 && 700.0 < fit.above_B[1]);
    gsl_test_rel(fit.line[0][0].a_s, 7.13e-6, 1e-9, "first a");
    gsl_test_rel(fit.line[0][0].b_spB, 2.385e-9, 1e-9, "first b");
    gsl_test_rel(fit.line[0][1].a_s, 23.6e-6, 1e-9, "second a");
    gsl_test_rel(fit.line[0][1].b_spB, 0.871e-9, 1e-9, "second b");
    gsl_test_rel(segments_time_s(&fit, 0, 5000.0), two_lines_s(5000.0), 1e-9, "time");
    assert_int_equal(fit.line[0][0].n + fit.line[0][1].n, 60);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Sizes 12 and 14 B, weights 1: means 13 and 5 us; the slope is 2 us / 2 B = 1 us/B, and the line
 * would begin at -8 us. Through zero it is (12 x 4 + 14 x 6) / (144 + 196) us/B. */
static void a_line_that_would_begin_below_zero_goes_through_it(void **state)
{
    (void)state;
    struct line_sums sums = {0};
    line_sums_add(&sums, 12.0, 4e-6, 1.0);
    line_sums_add(&sums, 14.0, 6e-6, 1.0);
    double a_s, b_spB;
    const double loss = line_sums_fit(&sums, &a_s, &b_spB);
    const double slope = 132e-6 / 340.0;
    assert_true(a_s == 0.0);
    gsl_test_rel(b_spB, slope, 1e-12, "slope through zero");
    gsl_test_rel(loss, pow(4e-6 - 12.0 * slope, 2.0) + pow(6e-6 - 14.0 * slope, 2.0), 1e-9, "loss");
    assert_int_equal(gsl_test_summary(), 0);
}

static void a_line_that_would_fall_is_flat(void **state)
{
    (void)state;
    struct line_sums sums = {0};
    line_sums_add(&sums, 12.0, 6.5e-6, 1.0);
    line_sums_add(&sums, 14.0, 4.1e-6, 2.0);
    double a_s, b_spB;
    line_sums_fit(&sums, &a_s, &b_spB);
    assert_true(b_spB == 0.0);
    gsl_test_rel(a_s, (6.5e-6 + 2.0 * 4.1e-6) / 3.0, 1e-12, "weighted mean");
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- the search ------------------------------------------------------------------------------ */

/* Least loss of points from..n-1 in `n_pieces`, by trying everything. */
static double try_everything(int n, const struct segment_point points[], int from, int n_pieces,
                             int min_sizes)
{
    double least = INFINITY;
    for (int end = from + min_sizes; end <= n; end++) {
        if ((n_pieces == 1) != (end == n))
            continue;
        struct line_sums sums = {0};
        for (int i = from; i < end; i++)
            line_sums_add(&sums, points[i].size_B, points[i].time_s, points[i].weight);
        double a_s, b_spB;
        double loss = line_sums_fit(&sums, &a_s, &b_spB);
        if (n_pieces > 1)
            loss += try_everything(n, points, end, n_pieces - 1, min_sizes);
        least = fmin(least, loss);
    }
    return least;
}

static void the_search_finds_what_trying_everything_finds(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct random_stream stream = random_stream_for(seed, "everything", 0);
        double time_s[MOST];
        for (int i = 0; i < 14; i++)
            time_s[i] = 1e-6 * (1.0 + 9.0 * random_uniform(&stream));
        struct segment_point points[MOST];
        const struct segment_series series = points_at(14, time_s, points);
        struct segment_axis axis;
        assert_int_equal(segment_axis_init(1, &series, &axis), 0);
        for (int i = 0; i < 14; i++)
            axis.weight[0][i] = 1.0;
        const struct segments_options options = {.max_pieces = 4, .min_sizes = 3};
        struct segment_paths paths;
        assert_int_equal(segment_search(&axis, &options, &paths), 0);
        for (int n_pieces = 1; n_pieces <= 4; n_pieces++)
            gsl_test_rel(paths.loss[n_pieces - 1], try_everything(14, points, 0, n_pieces, 3), 1e-9,
                         "%d pieces, seed %d", n_pieces, (int)seed);
        assert_true(isinf(paths.loss[4]));
        segment_axis_release(&axis);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- properties ------------------------------------------------------------------------------ */

/* A data set of `n_pieces` with its noise. */
static struct segment_series measured(uint64_t seed, int n_pieces)
{
    const struct synthetic_truth truth = synthetic_truth_draw(seed, n_pieces);
    struct synthetic data;
    synthetic_init(&data, &truth, seed);
    synthetic_measure_sizes(&data, 40);
    struct segment_series located;
    assert_int_equal(visits_locate(&(struct visit_series){data.n, data.visits}, &located), 0);
    synthetic_release(&data);
    return located;
}

static void more_pieces_never_lose_more(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct segment_series series = measured(seed, 1 + (int)seed);
        const struct segments fit = fit_one(&series, &segments_defaults);
        for (int i = 1; i < SEGMENT_PIECES && isfinite(fit.loss[i]); i++)
            assert_true(fit.loss[i] <= fit.loss[i - 1]);
        located_release(&series);
    }
}

static void time_in_other_units_scales_lines_and_nothing_else(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct segment_series series = measured(seed, 1 + (int)seed);
        const struct segments before = fit_one(&series, &segments_defaults);
        for (int i = 0; i < series.n; i++)
            series.points[i].time_s *= 1024.0; /* exact in binary */
        const struct segments after = fit_one(&series, &segments_defaults);
        assert_int_equal(after.n_pieces, before.n_pieces);
        for (int piece = 0; piece < before.n_pieces; piece++) {
            assert_true(after.from_B[piece] == before.from_B[piece]);
            gsl_test_rel(after.line[0][piece].a_s, 1024.0 * before.line[0][piece].a_s, 1e-9, "a");
            gsl_test_rel(after.line[0][piece].b_spB, 1024.0 * before.line[0][piece].b_spB, 1e-9,
                         "b");
        }
        located_release(&series);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

static void every_piece_has_its_sizes_and_no_line_starts_or_falls_below_zero(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct segment_series series = measured(seed, 7);
        const struct segments fit = fit_one(&series, &segments_defaults);
        for (int piece = 0; piece < fit.n_pieces; piece++) {
            assert_true(fit.line[0][piece].n >= segments_defaults.min_sizes);
            assert_true(fit.line[0][piece].a_s >= 0.0 && fit.line[0][piece].b_spB >= 0.0);
            assert_true(piece == 0 || (fit.below_B[piece] < fit.from_B[piece] &&
                                       fit.from_B[piece] <= fit.above_B[piece]));
        }
        located_release(&series);
    }
}

static void one_wild_point_makes_no_piece_and_moves_no_line(void **state)
{
    (void)state;
    struct segment_point points[MOST];
    const struct segment_series series = two_lines(60, points);
    points[14].time_s *= 5.3;
    points[40].time_s *= 0.31;
    const struct segments fit = fit_one(&series, &segments_defaults);
    assert_int_equal(fit.n_pieces, 2);
    gsl_test_rel(fit.line[0][0].a_s, 7.13e-6, 0.01, "first a");
    gsl_test_rel(fit.line[0][1].b_spB, 0.871e-9, 0.01, "second b");
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- several series -------------------------------------------------------------------------- */

/* The second series jumps by a third where the first does; alone, its noise would hide that it ends
 * a few sizes later. */
static void series_share_breakpoints_and_keep_their_own_lines(void **state)
{
    (void)state;
    struct segment_point points[2][MOST];
    struct segment_series series[2] = {two_lines(60, points[0]), two_lines(60, points[1])};
    for (int i = 0; i < 60; i++)
        points[1][i].time_s = 3.1e-6 + (points[1][i].size_B > 700.0 ? 1.4e-6 : 0.0);
    series[1].n = 40;
    struct segments fit;
    assert_int_equal(segments_fit(2, series, &segments_defaults, &fit), 0);
    assert_int_equal(fit.n_pieces, 2);
    gsl_test_rel(fit.line[1][0].a_s, 3.1e-6, 1e-9, "flat before");
    gsl_test_rel(fit.line[1][1].a_s, 4.5e-6, 1e-9, "flat after");
    gsl_test_rel(fit.line[0][1].b_spB, 0.871e-9, 1e-9, "the other's slope");
    assert_int_equal(fit.line[0][1].n - fit.line[1][1].n, 20);
    assert_int_equal(gsl_test_summary(), 0);
}

static void a_series_without_points_in_a_piece_has_its_nearest_line_there(void **state)
{
    (void)state;
    struct segment_point points[2][MOST];
    struct segment_series series[2] = {two_lines(60, points[0]), two_lines(60, points[1])};
    series[1].n = 20; /* all below 700 B */
    struct segments fit;
    assert_int_equal(segments_fit(2, series, &segments_defaults, &fit), 0);
    assert_int_equal(fit.n_pieces, 2);
    assert_int_equal(fit.line[1][1].n, 0);
    assert_true(fit.line[1][1].a_s == fit.line[1][0].a_s);
    assert_true(fit.line[1][1].b_spB == fit.line[1][0].b_spB);
}

/* --- thresholds ------------------------------------------------------------------------------ */

static void a_known_threshold_between_two_sizes_is_the_breakpoint(void **state)
{
    (void)state;
    struct segment_point points[MOST];
    const struct segment_series series = two_lines(60, points);
    const double threshold_B = 659.0;
    struct segments_options options = segments_defaults;
    options.n_thresholds = 1;
    options.thresholds_B = &threshold_B;
    const struct segments fit = fit_one(&series, &options);
    assert_true(fit.below_B[1] <= 659.0 && 659.0 < fit.above_B[1]);
    assert_true(fit.from_B[1] == 660.0 && !fit.is_forced[1]);
}

static void a_forced_threshold_is_a_breakpoint_though_nothing_shows(void **state)
{
    (void)state;
    struct segment_point points[MOST];
    const struct segment_series series = two_lines(60, points);
    const double thresholds_B[] = {5000.0, 1e9};
    struct segments_options options = segments_defaults;
    options.n_thresholds = 2;
    options.thresholds_B = thresholds_B;
    options.are_forced = true;
    const struct segments fit = fit_one(&series, &options);
    assert_int_equal(fit.n_pieces, 3); /* the second leaves nothing behind it */
    assert_true(fit.from_B[2] == 5001.0 && fit.is_forced[2] && !fit.is_forced[1]);
}

static void bisection_closes_in_on_a_breakpoint(void **state)
{
    (void)state;
    struct segments fit = {.n_pieces = 2, .n_series = 1};
    fit.below_B[1] = 512.0;
    fit.above_B[1] = 1024.0;
    int steps = 0;
    for (double size_B; (size_B = segments_bisect_B(&fit, 1, 0.0)) > 0.0; steps++) {
        assert_true(fit.below_B[1] < size_B && size_B < fit.above_B[1]);
        *(size_B <= 700.0 ? &fit.below_B[1] : &fit.above_B[1]) = size_B;
    }
    assert_true(fit.below_B[1] == 700.0 && fit.above_B[1] == 701.0 && steps <= 10);
}

/* --- what is hardly data --------------------------------------------------------------------- */

/* Each second one may begin a piece, that of 701 B among them. */
static void thousands_of_sizes_are_fitted_in_coarser_steps(void **state)
{
    (void)state;
    enum { THOUSANDS = 3000 };
    static struct segment_point points[THOUSANDS];
    for (int i = 0; i < THOUSANDS; i++)
        points[i] = (struct segment_point){i + 1.0, two_lines_s(i + 1.0), 1.0};
    const struct segments fit =
        fit_one(&(struct segment_series){THOUSANDS, points}, &segments_defaults);
    assert_int_equal(fit.n_pieces, 2);
    assert_true(fit.from_B[1] == 701.0);
    gsl_test_rel(fit.line[0][1].b_spB, 0.871e-9, 1e-9, "second b");
    assert_int_equal(gsl_test_summary(), 0);
}

static void one_size_is_a_flat_line(void **state)
{
    (void)state;
    struct segment_point point = {4096.0, 2.385e-6, 1.0};
    const struct segments fit = fit_one(&(struct segment_series){1, &point}, &segments_defaults);
    assert_int_equal(fit.n_pieces, 1);
    gsl_test_rel(segments_time_s(&fit, 0, 1e6), 2.385e-6, 1e-12, "the same everywhere");
    assert_int_equal(gsl_test_summary(), 0);
}

static void equal_times_are_one_flat_line(void **state)
{
    (void)state;
    double time_s[MOST];
    for (int i = 0; i < 60; i++)
        time_s[i] = 7.913e-6;
    struct segment_point points[MOST];
    const struct segment_series series = points_at(60, time_s, points);
    const struct segments fit = fit_one(&series, &segments_defaults);
    assert_int_equal(fit.n_pieces, 1);
    gsl_test_rel(fit.line[0][0].a_s, 7.913e-6, 1e-9, "a");
    gsl_test_abs(fit.line[0][0].b_spB, 0.0, 1e-15, "b");
    assert_int_equal(gsl_test_summary(), 0);
}

static void a_size_of_zero_is_a_size(void **state)
{
    (void)state;
    struct segment_point points[] = {{0.0, 3.1e-6, 1.0}, {10.0, 5.1e-6, 1.0}, {20.0, 7.1e-6, 1.0}};
    const struct segments fit = fit_one(&(struct segment_series){3, points}, &segments_defaults);
    gsl_test_rel(fit.line[0][0].a_s, 3.1e-6, 1e-9, "a");
    gsl_test_rel(fit.line[0][0].b_spB, 0.2e-6, 1e-9, "b");
    assert_int_equal(gsl_test_summary(), 0);
}

static void what_is_no_measurement_is_refused_and_nothing_is_written(void **state)
{
    (void)state;
    static const struct segment_point bad[] = {
        {8.0, NAN, 1.0},  {8.0, 0.0, 1.0},      {8.0, -1e-6, 1.0}, {8.0, INFINITY, 1.0},
        {NAN, 1e-6, 1.0}, {-1.0, 1e-6, 1.0},    {8.0, 1e-6, 0.0},  {8.0, 1e-6, NAN},
        {4.0, 1e-6, 1.0}, {INFINITY, 1e-6, 1.0}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct segment_point points[] = {{4.0, 1e-6, 1.0}, bad[i]};
        struct segments fit = {.n_pieces = 77};
        assert_int_equal(
            segments_fit(1, &(struct segment_series){2, points}, &segments_defaults, &fit),
            -EINVAL);
        assert_int_equal(fit.n_pieces, 77);
    }
    struct segments fit;
    assert_int_equal(segments_fit(1, &(struct segment_series){0, NULL}, &segments_defaults, &fit),
                     -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_without_noise_come_back_exactly),
        cmocka_unit_test(a_line_that_would_begin_below_zero_goes_through_it),
        cmocka_unit_test(a_line_that_would_fall_is_flat),
        cmocka_unit_test(the_search_finds_what_trying_everything_finds),
        cmocka_unit_test(more_pieces_never_lose_more),
        cmocka_unit_test(time_in_other_units_scales_lines_and_nothing_else),
        cmocka_unit_test(every_piece_has_its_sizes_and_no_line_starts_or_falls_below_zero),
        cmocka_unit_test(one_wild_point_makes_no_piece_and_moves_no_line),
        cmocka_unit_test(series_share_breakpoints_and_keep_their_own_lines),
        cmocka_unit_test(a_series_without_points_in_a_piece_has_its_nearest_line_there),
        cmocka_unit_test(a_known_threshold_between_two_sizes_is_the_breakpoint),
        cmocka_unit_test(a_forced_threshold_is_a_breakpoint_though_nothing_shows),
        cmocka_unit_test(bisection_closes_in_on_a_breakpoint),
        cmocka_unit_test(thousands_of_sizes_are_fitted_in_coarser_steps),
        cmocka_unit_test(one_size_is_a_flat_line),
        cmocka_unit_test(equal_times_are_one_flat_line),
        cmocka_unit_test(a_size_of_zero_is_a_size),
        cmocka_unit_test(what_is_no_measurement_is_refused_and_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
