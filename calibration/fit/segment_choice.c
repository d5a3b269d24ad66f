#include "calibration/fit/segment_choice.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Times that differ by less than this part are alike: clocks have as many digits. */
static const double EXACT = 1e-4;

/* Size after the last of a piece. */
static int end_of(const struct segment_axis *axis, const struct segment_paths *paths, int n_pieces,
                  int piece)
{
    return piece + 1 < n_pieces ? paths->first[n_pieces - 1][piece + 1] : axis->n_sizes;
}

/* --- modified BIC ---------------------------------------------------------------------------- */

/* What each line's two numbers cost, with as many points as it has. */
static double penalty_of_lines(const struct segment_axis *axis, const struct segment_paths *paths,
                               int n_pieces)
{
    double penalty = 0.0;
    for (int piece = 0; piece < n_pieces; piece++)
        for (int k = 0; k < axis->n_series; k++) {
            int n = 0;
            for (int i = paths->first[n_pieces - 1][piece];
                 i < end_of(axis, paths, n_pieces, piece); i++)
                n += axis->point[i * axis->n_series + k] >= 0;
            penalty += n > 0 ? 2.0 * log(n) : 0.0;
        }
    return penalty;
}

/* Of N. Zhang and D. Siegmund, for a variance that the fit has to tell: n ln(loss / n), the
 * logarithm of each line's points twice, as it has two numbers, and two of all sizes for each
 * breakpoint, whose place was chosen among them. */
static double criterion(const struct segment_axis *axis, const struct segment_paths *paths,
                        int n_pieces, int n_points, double exact_loss)
{
    return n_points * log((paths->loss[n_pieces - 1] + exact_loss) / n_points) +
           penalty_of_lines(axis, paths, n_pieces) + 2.0 * (n_pieces - 1) * log(axis->n_sizes);
}

static int least_criterion(const struct segment_axis *axis, const struct segment_paths *paths)
{
    int n_points = 0;
    double exact_loss = 0.0;
    for (int k = 0; k < axis->n_series; k++)
        for (int i = 0; i < axis->series[k].n; i++) {
            const double exact_s = EXACT * axis->series[k].points[i].time_s;
            exact_loss += axis->weight[k][i] * exact_s * exact_s;
            n_points++;
        }
    int best = 0;
    double least = INFINITY;
    for (int n_pieces = 1; n_pieces <= SEGMENT_PIECES; n_pieces++) {
        if (isinf(paths->loss[n_pieces - 1]))
            continue;
        const double value = criterion(axis, paths, n_pieces, n_points, exact_loss);
        if (value < least) {
            least = value;
            best = n_pieces;
        }
    }
    assert(best > 0);
    return best;
}

/* --- one standard error ---------------------------------------------------------------------- */

/* Squares of what a line without the point misses it by; leverage tells, so no line is fitted
 * again. `sums` are of the piece with the point. */
static double left_out_loss(const struct line_sums *sums, double size_B, double time_s,
                            double weight)
{
    double a_s, b_spB;
    line_sums_fit(sums, &a_s, &b_spB);
    const double from_mean = size_B - sums->mean_s;
    const double leverage =
        weight / sums->weight + (sums->ss > 0.0 ? weight * from_mean * from_mean / sums->ss : 0.0);
    const double residual_s = (time_s - a_s - b_spB * size_B) / fmax(1.0 - leverage, 0.05);
    return weight * residual_s * residual_s;
}

/* One loss for each point, series by series within each size. */
static void left_out_losses(const struct segment_axis *axis, const struct segment_paths *paths,
                            int n_pieces, double losses[])
{
    int n = 0;
    for (int piece = 0; piece < n_pieces; piece++) {
        struct line_sums sums[SEGMENT_SERIES] = {0};
        const int first = paths->first[n_pieces - 1][piece];
        const int end = end_of(axis, paths, n_pieces, piece);
        for (int i = first; i < end; i++)
            segment_axis_add(axis, i, sums);
        for (int i = first; i < end; i++)
            for (int k = 0; k < axis->n_series; k++) {
                const int point = axis->point[i * axis->n_series + k];
                if (point >= 0)
                    losses[n++] =
                        left_out_loss(&sums[k], axis->size_B[i],
                                      axis->series[k].points[point].time_s, axis->weight[k][point]);
            }
    }
}

/* Median of the squares of a normal distribution, in its variance. */
static const double MEDIAN_SQUARE = 0.4549364231195728;

/* Bounds what single points say: squares become their logarithms where they are many times what
 * half of the best fit's are. */
static void bound_losses(int n, double scale, double losses[])
{
    for (int i = 0; i < n && scale > 0.0; i++)
        losses[i] = log1p(losses[i] / scale);
}

/* Whether the mean of first - second is above its standard error. */
static bool is_worse(int n, const double first[], const double second[])
{
    double mean = 0.0;
    double squares = 0.0;
    for (int i = 0; i < n; i++) {
        const double from_mean = first[i] - second[i] - mean;
        mean += from_mean / (i + 1);
        squares += from_mean * (first[i] - second[i] - mean);
    }
    return n > 1 && mean > sqrt(squares / (n - 1.0) / n);
}

int segment_choose(const struct segment_axis *axis, const struct segment_paths *paths,
                   int *n_pieces)
{
    int n_points = 0;
    for (int k = 0; k < axis->n_series; k++)
        n_points += axis->series[k].n;
    double *of_best = calloc((size_t)n_points + 1, sizeof *of_best);
    double *of_fewer = calloc((size_t)n_points + 1, sizeof *of_fewer);
    const bool is_complete = of_best && of_fewer;
    if (is_complete) {
        const int best = least_criterion(axis, paths);
        left_out_losses(axis, paths, best, of_best);
        memcpy(of_fewer, of_best, (size_t)n_points * sizeof *of_fewer);
        const double scale = median_of(n_points, of_fewer) / MEDIAN_SQUARE;
        bound_losses(n_points, scale, of_best);
        *n_pieces = best;
        for (int fewer = best - 1; fewer >= 1; fewer--) {
            if (isinf(paths->loss[fewer - 1]))
                continue;
            left_out_losses(axis, paths, fewer, of_fewer);
            bound_losses(n_points, scale, of_fewer);
            if (!is_worse(n_points, of_fewer, of_best))
                *n_pieces = fewer;
        }
    }
    free(of_best);
    free(of_fewer);
    return is_complete ? 0 : -ENOMEM;
}
