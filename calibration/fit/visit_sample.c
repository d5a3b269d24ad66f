#include "calibration/fit/visit_sample.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Pieces keep at least so many sizes, or as many as the smallest of them had. */
enum { MIN_SIZES = 5 };

/* Points of a sample are off by their own noise and by that of the sample, and must be free to vary
 * as noise does: they weigh less when they are so many times further than a point of the fit. */
static const double LIMIT_OF_SAMPLES = 2.0;

/* No visits agree better than clocks can tell. */
static const double EXACT = 1e-6;

/* --- locations ------------------------------------------------------------------------------- */

/* Locates a size by the visits taken; adds how far they are from it to `deviation`. Returns how
 * many were added. */
static int locate(const struct sampled_series *series, int size, double chosen_s[],
                  double deviation[], double *location_s)
{
    int n = 0;
    for (int i = series->table.first[size]; i < series->table.first[size + 1]; i++)
        if (series->taken[i] >= 0)
            chosen_s[n++] = series->table.visits[series->taken[i]].median_s;
    *location_s = n > 0 ? median_of(n, chosen_s) : NAN;
    if (n < 2)
        return 0;
    /* The visits chose their own centre, which makes deviations of few of them too small. */
    const double correction = sqrt(n / (n - 1.0));
    for (int i = 0; i < n; i++)
        deviation[i] = fabs(chosen_s[i] / *location_s - 1.0) * correction;
    return n;
}

static void relocate(struct visit_sample *sample)
{
    for (int k = 0; k < sample->segments.n_series; k++) {
        struct sampled_series *series = &sample->series[k];
        for (int piece = 0; piece < sample->segments.n_pieces; piece++)
            series->spread[piece] = NAN;
        for (int size = 0, n = 0; size < series->table.n_sizes; size++) {
            n += locate(series, size, sample->chosen_s, &series->deviation[n],
                        &sample->located[k].points[size].time_s);
            const int piece = series->piece[size];
            if (size + 1 < series->table.n_sizes && series->piece[size + 1] == piece)
                continue;
            if (n > 0)
                series->spread[piece] = DEVIATION_PER_MAD * median_of(n, series->deviation);
            n = 0;
        }
    }
    segments_weigh(&sample->segments, &sample->axis, &sample->limits);
}

/* --- a life ---------------------------------------------------------------------------------- */

static int init_series(const struct visit_series *visits, const struct segments *segments,
                       struct sampled_series *series, struct segment_series *located)
{
    int status = visit_table_init(visits, &series->table);
    if (!status)
        status = visits_locate(visits, located);
    if (status)
        return status;
    series->taken = calloc((size_t)visits->n, sizeof *series->taken);
    series->deviation = calloc((size_t)visits->n, sizeof *series->deviation);
    series->piece = calloc((size_t)located->n, sizeof *series->piece);
    if (!series->taken || !series->deviation || !series->piece)
        return -ENOMEM;
    for (int i = 0; i < visits->n; i++)
        series->taken[i] = i;
    for (int i = 0; i < located->n; i++)
        series->piece[i] = segments_piece(segments, located->points[i].size_B);
    return 0;
}

static int init_axis(struct visit_sample *sample)
{
    const int status = segment_axis_init(sample->segments.n_series, sample->located, &sample->axis);
    if (status)
        return status;
    struct segment_scratch scratch;
    const bool is_complete = segment_scratch_init(&sample->axis, &scratch);
    if (is_complete)
        segments_limit(&sample->segments, &sample->axis, &scratch, &sample->limits);
    for (int k = 0; k < sample->segments.n_series; k++)
        for (int piece = 0; piece < sample->segments.n_pieces; piece++)
            sample->limits.limit[k][piece] *= LIMIT_OF_SAMPLES;
    segment_scratch_release(&scratch);
    return is_complete ? 0 : -ENOMEM;
}

/* Finds where pieces begin, and how small they are. */
static void place_as_fitted(struct visit_sample *sample)
{
    const int n_pieces = sample->segments.n_pieces;
    const int n_sizes = sample->axis.n_sizes;
    int size = 0;
    for (int piece = 0; piece <= n_pieces; piece++) {
        while (size < n_sizes &&
               (piece == n_pieces ||
                segments_piece(&sample->segments, sample->axis.size_B[size]) < piece))
            size++;
        sample->first[piece] = size;
    }
    sample->min_sizes = MIN_SIZES;
    for (int piece = 0; piece < n_pieces; piece++)
        if (sample->first[piece + 1] - sample->first[piece] < sample->min_sizes)
            sample->min_sizes = sample->first[piece + 1] - sample->first[piece];
}

int visit_sample_init(int n_series, const struct visit_series visits[],
                      const struct segments *segments, struct visit_sample *sample)
{
    *sample = (struct visit_sample){.segments = *segments};
    int most_visits = 1;
    for (int k = 0; k < n_series; k++) {
        const int status =
            init_series(&visits[k], segments, &sample->series[k], &sample->located[k]);
        if (status)
            return status;
        if (visits[k].n > most_visits)
            most_visits = visits[k].n;
    }
    const int status = init_axis(sample);
    if (status)
        return status;
    sample->chosen_s = calloc((size_t)most_visits, sizeof *sample->chosen_s);
    sample->loss_before = calloc((size_t)sample->axis.n_sizes, sizeof *sample->loss_before);
    if (!sample->chosen_s || !sample->loss_before)
        return -ENOMEM;
    place_as_fitted(sample);
    relocate(sample);
    return 0;
}

void visit_sample_release(struct visit_sample *sample)
{
    for (int k = 0; k < sample->segments.n_series; k++) {
        visit_table_release(&sample->series[k].table);
        free(sample->series[k].taken);
        free(sample->series[k].deviation);
        free(sample->series[k].piece);
        located_release(&sample->located[k]);
    }
    segment_axis_release(&sample->axis);
    free(sample->chosen_s);
    free(sample->loss_before);
}

/* --- breakpoints ----------------------------------------------------------------------------- */

static double loss_of(const struct visit_sample *sample, const struct line_sums sums[])
{
    double loss = 0.0;
    for (int k = 0; k < sample->segments.n_series; k++) {
        double a_s, b_spB;
        loss += line_sums_fit(&sums[k], &a_s, &b_spB);
    }
    return loss;
}

/* Moves the beginning of a piece to where it and the piece before lose least. */
static void place(struct visit_sample *sample, int piece)
{
    const struct segment_axis *axis = &sample->axis;
    const int from = sample->first[piece - 1];
    const int end = sample->first[piece + 1];
    struct line_sums before[SEGMENT_SERIES] = {0};
    for (int size = from; size < end; size++) {
        sample->loss_before[size] = loss_of(sample, before);
        segment_axis_add(axis, size, before);
    }
    struct line_sums after[SEGMENT_SERIES] = {0};
    double least = INFINITY;
    for (int size = end - 1; size >= from + sample->min_sizes; size--) {
        segment_axis_add(axis, size, after);
        if (end - size < sample->min_sizes)
            continue;
        const double loss = sample->loss_before[size] + loss_of(sample, after);
        if (loss < least) {
            least = loss;
            sample->first[piece] = size;
        }
    }
}

/* --- samples --------------------------------------------------------------------------------- */

void visit_sample_launch(struct visit_sample *sample, int launch)
{
    for (int k = 0; k < sample->segments.n_series; k++) {
        struct sampled_series *series = &sample->series[k];
        for (int i = 0; i < series->table.n_visits; i++)
            series->taken[i] = series->table.visits[i].launch == launch ? i : -1;
    }
    relocate(sample);
}

/* End of the visits of one size and launch of which `from` is the first. */
static int end_of_stratum(const struct visit_table *table, int from)
{
    const struct visit_median *first = &table->visits[from];
    int end = from;
    while (end < table->n_visits && table->visits[end].size_B == first->size_B &&
           table->visits[end].launch == first->launch)
        end++;
    return end;
}

void visit_sample_draw(struct visit_sample *sample, struct random_stream *stream)
{
    for (int k = 0; k < sample->segments.n_series; k++) {
        struct sampled_series *series = &sample->series[k];
        for (int from = 0, end; from < series->table.n_visits; from = end) {
            end = end_of_stratum(&series->table, from);
            for (int i = from; i < end; i++)
                series->taken[i] = from + (int)(random_uniform(stream) * (end - from));
        }
    }
    relocate(sample);
    place_as_fitted(sample);
    for (int piece = 1; piece < sample->segments.n_pieces; piece++)
        if (!sample->segments.is_forced[piece])
            place(sample, piece);
}

/* --- lines ----------------------------------------------------------------------------------- */

/* Number of the next point of a series in a piece that the sample has, from *size on, or -1. */
static int next_point(const struct visit_sample *sample, int series, int piece, int *size)
{
    const struct segment_axis *axis = &sample->axis;
    while (*size < sample->first[piece + 1]) {
        const int point = axis->point[(*size)++ * axis->n_series + series];
        if (point >= 0 && isfinite(sample->located[series].points[point].time_s))
            return point;
    }
    return -1;
}

static int n_taken(const struct sampled_series *series, int size)
{
    int n = 0;
    for (int i = series->table.first[size]; i < series->table.first[size + 1]; i++)
        n += series->taken[i] >= 0;
    return n;
}

/* Relative variance of a location, from the spread of visits in its piece. */
static double variance_of(const struct visit_sample *sample, int series, int point)
{
    const struct sampled_series *visits = &sample->series[series];
    const double spread = visits->spread[visits->piece[point]];
    const double noise = isfinite(spread) ? spread : 0.0;
    return MEDIAN_VARIANCE * noise * noise / n_taken(visits, point) + EXACT * EXACT;
}

/* Line of least weighted squares, without bounds: linear in the times, so errors follow from each
 * time's part in it. */
struct line_estimate visit_sample_line(const struct visit_sample *sample, int series, int piece)
{
    const struct segment_point *points = sample->located[series].points;
    const double *weight = sample->axis.weight[series];
    struct line_sums sums = {0};
    int point;
    for (int size = sample->first[piece]; (point = next_point(sample, series, piece, &size)) >= 0;)
        line_sums_add(&sums, points[point].size_B, points[point].time_s, weight[point]);

    struct line_estimate line = {.n = sums.n};
    const double per_ss = sums.ss > 0.0 ? 1.0 / sums.ss : 0.0;
    line.value[LINE_B] = sums.sy * per_ss;
    line.value[LINE_A] = sums.mean_y - line.value[LINE_B] * sums.mean_s;
    double variance[N_LINE_NUMBERS] = {0};
    for (int size = sample->first[piece];
         (point = next_point(sample, series, piece, &size)) >= 0;) {
        const double of_time = variance_of(sample, series, point);
        const double expected_s = segments_expected_s(&sample->segments, series, &points[point]);
        const double in_b = weight[point] * (points[point].size_B - sums.mean_s) * per_ss;
        const double in_a = weight[point] / sums.weight - sums.mean_s * in_b;
        const double residual_s =
            points[point].time_s - line.value[LINE_A] - line.value[LINE_B] * points[point].size_B;
        variance[LINE_A] += in_a * in_a * expected_s * expected_s * of_time;
        variance[LINE_B] += in_b * in_b * expected_s * expected_s * of_time;
        line.chi_square += weight[point] / points[point].weight * residual_s * residual_s / of_time;
    }
    for (int which = 0; which < N_LINE_NUMBERS; which++)
        line.error[which] = sqrt(variance[which]);
    return line;
}
