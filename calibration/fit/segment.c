#include "calibration/fit/segment.h"

#include "calibration/fit/segment_choice.h"
#include "calibration/fit/segment_lines.h"
#include "calibration/fit/visit_table.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

const struct segments_options segments_defaults = {.max_pieces = SEGMENT_PIECES, .min_sizes = 5};

/* Expected times follow from the lines, and lines from them: more rounds change nothing that
 * matters. */
enum { ROUNDS = 3 };

/* Deviations, in robust standard deviations, beyond which a point weighs less: costs 2 % of
 * precision where all is normal (P. Huber, 1964). */
static const double HUBER = 2.5;

/* No times are so quiet that less than this part would be a deviation. */
static const double QUIET = 1e-3;

/* Part of a measured time that is expected in any case: lines through the origin reach zero. */
static const double LEAST_EXPECTED = 0.1;

/* Nine of ten absolute deviations of a normal distribution are within as many standard deviations.
 */
static const double NORMAL_P95 = 1.6448536269514722;

/* --- weights --------------------------------------------------------------------------------- */

enum { WINDOW = 2 }; /* on both sides, of the running median */

/* A running median keeps jumps and rises and drops single points. */
static double smooth_s(const struct segment_series *series, int point)
{
    const int from = point > WINDOW ? point - WINDOW : 0;
    const int to = point + WINDOW < series->n ? point + WINDOW : series->n - 1;
    double times_s[2 * WINDOW + 1];
    int n = 0;
    for (int i = from; i <= to; i++)
        times_s[n++] = series->points[i].time_s;
    return median_of(n, times_s);
}

/* Sets deviation[i] to how far point i is from what is expected, of points first to end - 1. */
static void deviate(const struct segment_series *series, int first, int end,
                    const double expected_s[], double deviation[])
{
    for (int i = first; i < end; i++)
        deviation[i] = fabs(series->points[i].time_s / expected_s[i] - 1.0);
}

static double limit_of(double scale)
{
    return HUBER * fmax(scale, QUIET);
}

static double weight_of(const struct segment_point *point, double expected_s, double limit)
{
    const double deviation = fabs(point->time_s / expected_s - 1.0);
    return point->weight / (expected_s * expected_s) *
           (deviation <= limit ? 1.0 : limit / deviation);
}

/* Before anything was fitted. Where times rise, most are their own running median, so the scale is
 * that of the few that are not. */
static void weigh_first(const struct segment_axis *axis, struct segment_scratch *scratch)
{
    for (int k = 0; k < axis->n_series; k++) {
        const struct segment_series *series = &axis->series[k];
        for (int i = 0; i < series->n; i++)
            scratch->expected_s[i] = smooth_s(series, i);
        deviate(series, 0, series->n, scratch->expected_s, scratch->deviation);
        const double largest_tenth =
            gsl_stats_select(scratch->deviation, 1, (size_t)series->n, (size_t)(0.9 * series->n));
        const double limit = limit_of(largest_tenth / NORMAL_P95);
        for (int i = 0; i < series->n; i++)
            axis->weight[k][i] = weight_of(&series->points[i], scratch->expected_s[i], limit);
    }
}

double segments_expected_s(const struct segments *segments, int series,
                           const struct segment_point *point)
{
    return fmax(segments_time_s(segments, series, point->size_B), LEAST_EXPECTED * point->time_s);
}

/* Of points first to end - 1, all of one piece. A line's two numbers make deviations smaller. */
static double limit_of_piece(const struct segment_series *series, int first, int end,
                             struct segment_scratch *scratch)
{
    const int n = end - first;
    deviate(series, first, end, scratch->expected_s, scratch->deviation);
    const double scale = DEVIATION_PER_MAD * median_of(n, &scratch->deviation[first]);
    return limit_of(n > 2 ? scale * sqrt(n / (n - 2.0)) : scale);
}

void segments_limit(const struct segments *segments, const struct segment_axis *axis,
                    struct segment_scratch *scratch, struct segment_limits *limits)
{
    *limits = (struct segment_limits){0};
    for (int k = 0; k < axis->n_series; k++) {
        const struct segment_series *series = &axis->series[k];
        for (int i = 0; i < series->n; i++)
            scratch->expected_s[i] = segments_expected_s(segments, k, &series->points[i]);
        for (int first = 0, end; first < series->n; first = end) {
            const int piece = segments_piece(segments, series->points[first].size_B);
            end = first + 1;
            while (end < series->n && segments_piece(segments, series->points[end].size_B) == piece)
                end++;
            limits->limit[k][piece] = limit_of_piece(series, first, end, scratch);
        }
    }
}

void segments_weigh(const struct segments *segments, const struct segment_axis *axis,
                    const struct segment_limits *limits)
{
    for (int k = 0; k < axis->n_series; k++)
        for (int i = 0; i < axis->series[k].n; i++) {
            const struct segment_point *point = &axis->series[k].points[i];
            axis->weight[k][i] =
                weight_of(point, segments_expected_s(segments, k, point),
                          limits->limit[k][segments_piece(segments, point->size_B)]);
        }
}

static void weigh(const struct segments *segments, const struct segment_axis *axis,
                  struct segment_scratch *scratch)
{
    struct segment_limits limits;
    segments_limit(segments, axis, scratch, &limits);
    segments_weigh(segments, axis, &limits);
}

bool segment_scratch_init(const struct segment_axis *axis, struct segment_scratch *scratch)
{
    int most = 1;
    for (int k = 0; k < axis->n_series; k++)
        if (axis->series[k].n > most)
            most = axis->series[k].n;
    scratch->expected_s = calloc((size_t)most, sizeof(double));
    scratch->deviation = calloc((size_t)most, sizeof(double));
    return scratch->expected_s && scratch->deviation;
}

void segment_scratch_release(struct segment_scratch *scratch)
{
    free(scratch->expected_s);
    free(scratch->deviation);
}

/* --- lines ----------------------------------------------------------------------------------- */

/* Lines of pieces that a series does not reach are those of its nearest piece. */
static void fill_gaps(int n_pieces, struct segment_line line[])
{
    for (int piece = 1; piece < n_pieces; piece++)
        if (line[piece].n == 0)
            line[piece] = (struct segment_line){line[piece - 1].a_s, line[piece - 1].b_spB, 0};
    int known = 0;
    while (line[known].n == 0)
        known++;
    for (int piece = 0; piece < known; piece++)
        line[piece] = (struct segment_line){line[known].a_s, line[known].b_spB, 0};
}

void segments_draw_lines(const struct segment_axis *axis, struct segments *segments)
{
    int size = 0;
    for (int piece = 0; piece < segments->n_pieces; piece++) {
        struct line_sums sums[SEGMENT_SERIES] = {0};
        while (size < axis->n_sizes && segments_piece(segments, axis->size_B[size]) == piece)
            segment_axis_add(axis, size++, sums);
        for (int k = 0; k < axis->n_series; k++) {
            struct segment_line *line = &segments->line[k][piece];
            line->n = sums[k].n;
            line_sums_fit(&sums[k], &line->a_s, &line->b_spB);
        }
    }
    for (int k = 0; k < axis->n_series; k++)
        fill_gaps(segments->n_pieces, segments->line[k]);
}

/* --- breakpoints ----------------------------------------------------------------------------- */

/* Number of the first threshold after which a message is of a piece that begins between two sizes,
 * or -1. */
static int threshold_between(double below_B, double above_B, const struct segments_options *options)
{
    for (int i = 0; i < options->n_thresholds; i++)
        if (below_B <= options->thresholds_B[i] && options->thresholds_B[i] < above_B)
            return i;
    return -1;
}

double segments_break_B(double below_B, double above_B, const struct segments_options *options)
{
    const int threshold = options ? threshold_between(below_B, above_B, options) : -1;
    if (threshold >= 0)
        return fmin(floor(options->thresholds_B[threshold]) + 1.0, above_B);
    if (above_B - below_B <= 1.0)
        return above_B;
    const double middle_B = ceil(sqrt(fmax(below_B, 1.0) * above_B));
    return middle_B > below_B && middle_B <= above_B ? middle_B : above_B;
}

static void place(const struct segment_axis *axis, const struct segment_paths *paths, int n_pieces,
                  const struct segments_options *options, struct segments *segments)
{
    segments->n_pieces = n_pieces;
    segments->from_B[0] = segments->below_B[0] = segments->above_B[0] = 0.0;
    for (int piece = 1; piece < n_pieces; piece++) {
        const int first = paths->first[n_pieces - 1][piece];
        segments->below_B[piece] = axis->size_B[first - 1];
        segments->above_B[piece] = axis->size_B[first];
        segments->from_B[piece] =
            segments_break_B(axis->size_B[first - 1], axis->size_B[first], options);
        segments->is_forced[piece] =
            options->are_forced &&
            threshold_between(axis->size_B[first - 1], axis->size_B[first], options) >= 0;
    }
}

static bool has_same_pieces(const struct segments *first, const struct segments *second)
{
    if (first->n_pieces != second->n_pieces)
        return false;
    for (int piece = 1; piece < first->n_pieces; piece++)
        if (first->above_B[piece] != second->above_B[piece])
            return false;
    return true;
}

static void keep_losses(const struct segment_paths *paths, struct segments *segments)
{
    double least = INFINITY;
    for (int k = 0; k < SEGMENT_PIECES; k++) {
        least = fmin(least, paths->loss[k]);
        segments->loss[k] = isinf(paths->loss[k]) ? NAN : least;
    }
}

/* --- the fit --------------------------------------------------------------------------------- */

static int search_round(const struct segment_axis *axis, const struct segments_options *options,
                        struct segments *segments)
{
    struct segment_paths paths;
    int status = segment_search(axis, options, &paths);
    int n_pieces;
    if (!status)
        status = segment_choose(axis, &paths, &n_pieces);
    if (status)
        return status;
    place(axis, &paths, n_pieces, options, segments);
    keep_losses(&paths, segments);
    segments_draw_lines(axis, segments);
    return 0;
}

static void settle_lines(const struct segment_axis *axis, struct segment_scratch *scratch,
                         struct segments *segments)
{
    for (int round = 0; round < ROUNDS; round++) {
        weigh(segments, axis, scratch);
        segments_draw_lines(axis, segments);
    }
}

static int fit(const struct segment_axis *axis, const struct segments_options *options,
               struct segment_scratch *scratch, struct segments *segments)
{
    struct segments last = {0};
    weigh_first(axis, scratch);
    for (int round = 0; round < ROUNDS; round++) {
        const int status = search_round(axis, options, segments);
        if (status)
            return status;
        if (round > 0 && has_same_pieces(&last, segments))
            break;
        last = *segments;
        weigh(segments, axis, scratch);
    }
    settle_lines(axis, scratch, segments);
    return 0;
}

int segments_fit(int n_series, const struct segment_series series[],
                 const struct segments_options *options, struct segments *segments)
{
    struct segment_axis axis;
    int status = segment_axis_init(n_series, series, &axis);
    if (status)
        return status;

    struct segment_scratch scratch;
    struct segments result = {
        .n_series = n_series,
        .validity_B = {axis.size_B[0], axis.size_B[axis.n_sizes - 1]},
    };
    status =
        segment_scratch_init(&axis, &scratch) ? fit(&axis, options, &scratch, &result) : -ENOMEM;
    if (!status)
        *segments = result;
    segment_scratch_release(&scratch);
    segment_axis_release(&axis);
    return status;
}

/* --- use ------------------------------------------------------------------------------------- */

int segments_piece(const struct segments *segments, double size_B)
{
    int piece = segments->n_pieces - 1;
    while (piece > 0 && size_B < segments->from_B[piece])
        piece--;
    return piece;
}

double segments_time_s(const struct segments *segments, int series, double size_B)
{
    assert(series >= 0 && series < segments->n_series && size_B >= 0.0);

    const struct segment_line *line = &segments->line[series][segments_piece(segments, size_B)];
    return line->a_s + line->b_spB * size_B;
}

double segments_bisect_B(const struct segments *segments, int piece, double relative)
{
    assert(piece >= 1 && piece < segments->n_pieces);

    const double below_B = segments->below_B[piece];
    const double above_B = segments->above_B[piece];
    if (above_B - below_B <= fmax(1.0, relative * below_B))
        return 0.0;
    const double middle_B = round(sqrt(fmax(below_B, 1.0) * above_B));
    return fmin(fmax(middle_B, below_B + 1.0), above_B - 1.0);
}
