#include "calibration/fit/segment_search.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* --- one line -------------------------------------------------------------------------------- */

void line_sums_add(struct line_sums *sums, double size_B, double time_s, double weight)
{
    sums->n++;
    sums->weight += weight;
    const double part = weight / sums->weight;
    const double from_mean_s = size_B - sums->mean_s;
    const double from_mean_y = time_s - sums->mean_y;
    sums->mean_s += part * from_mean_s;
    sums->mean_y += part * from_mean_y;
    sums->ss += weight * from_mean_s * (size_B - sums->mean_s);
    sums->sy += weight * from_mean_s * (time_s - sums->mean_y);
    sums->yy += weight * from_mean_y * (time_s - sums->mean_y);
}

double line_sums_fit(const struct line_sums *sums, double *a_s, double *b_spB)
{
    double a = sums->mean_y;
    double b = 0.0;
    double loss = sums->yy;
    /* Of a convex sum with one bound broken, the least within bounds lies on that bound; times are
     * positive, so never both are broken. */
    if (sums->ss > 0.0 && sums->sy > 0.0) {
        b = sums->sy / sums->ss;
        a = sums->mean_y - b * sums->mean_s;
        loss = sums->yy - b * sums->sy;
        if (a < 0.0) {
            const double from_zero_sy = sums->sy + sums->weight * sums->mean_s * sums->mean_y;
            const double from_zero_yy = sums->yy + sums->weight * sums->mean_y * sums->mean_y;
            a = 0.0;
            b = from_zero_sy / (sums->ss + sums->weight * sums->mean_s * sums->mean_s);
            loss = from_zero_yy - b * from_zero_sy;
        }
    }
    *a_s = a;
    *b_spB = b;
    return loss > 0.0 ? loss : 0.0;
}

/* --- the axis -------------------------------------------------------------------------------- */

static bool is_sound(const struct segment_series *series)
{
    for (int i = 0; i < series->n; i++) {
        const struct segment_point *point = &series->points[i];
        if (!isfinite(point->size_B) || point->size_B < 0.0 || !isfinite(point->time_s) ||
            point->time_s <= 0.0 || !isfinite(point->weight) || point->weight <= 0.0)
            return false;
        if (i > 0 && point->size_B <= series->points[i - 1].size_B)
            return false;
    }
    return series->n > 0;
}

static bool is_at(const struct segment_series *series, int point, double size_B)
{
    return point < series->n && series->points[point].size_B == size_B;
}

/* Merges the series, each of which rises. */
static void merge(struct segment_axis *axis)
{
    int next[SEGMENT_SERIES] = {0};
    for (;;) {
        double size_B = INFINITY;
        for (int k = 0; k < axis->n_series; k++)
            if (next[k] < axis->series[k].n)
                size_B = fmin(size_B, axis->series[k].points[next[k]].size_B);
        if (isinf(size_B))
            return;
        axis->size_B[axis->n_sizes] = size_B;
        int *point = &axis->point[axis->n_sizes * axis->n_series];
        for (int k = 0; k < axis->n_series; k++)
            point[k] = is_at(&axis->series[k], next[k], size_B) ? next[k]++ : -1;
        axis->n_sizes++;
    }
}

int segment_axis_init(int n_series, const struct segment_series series[], struct segment_axis *axis)
{
    assert(n_series >= 1 && n_series <= SEGMENT_SERIES);

    *axis = (struct segment_axis){.n_series = n_series, .series = series};
    size_t n_points = 0;
    for (int k = 0; k < n_series; k++) {
        if (!is_sound(&series[k]))
            return -EINVAL;
        n_points += (size_t)series[k].n;
    }
    axis->size_B = calloc(n_points, sizeof *axis->size_B);
    axis->point = calloc(n_points * (size_t)n_series, sizeof *axis->point);
    axis->weight = calloc((size_t)n_series, sizeof *axis->weight);
    bool is_complete = axis->size_B && axis->point && axis->weight;
    for (int k = 0; is_complete && k < n_series; k++) {
        axis->weight[k] = calloc((size_t)series[k].n, sizeof **axis->weight);
        is_complete = axis->weight[k] != NULL;
    }
    if (!is_complete) {
        segment_axis_release(axis);
        return -ENOMEM;
    }
    merge(axis);
    return 0;
}

void segment_axis_release(struct segment_axis *axis)
{
    for (int k = 0; axis->weight && k < axis->n_series; k++)
        free(axis->weight[k]);
    free(axis->weight);
    free(axis->point);
    free(axis->size_B);
    *axis = (struct segment_axis){0};
}

void segment_axis_add(const struct segment_axis *axis, int size, struct line_sums sums[])
{
    const int *point = &axis->point[size * axis->n_series];
    for (int k = 0; k < axis->n_series; k++)
        if (point[k] >= 0)
            line_sums_add(&sums[k], axis->size_B[size], axis->series[k].points[point[k]].time_s,
                          axis->weight[k][point[k]]);
}

/* With more sizes than that, pieces begin at some of them only: who has so many loses nothing. */
enum { MOST_CANDIDATES = 2000 };

/* --- the search ------------------------------------------------------------------------------ */

static int most_points(int n_series, const struct line_sums sums[])
{
    int most = 0;
    for (int k = 0; k < n_series; k++)
        if (sums[k].n > most)
            most = sums[k].n;
    return most;
}

static double loss_of_piece(int n_series, const struct line_sums sums[])
{
    double loss = 0.0;
    for (int k = 0; k < n_series; k++) {
        double a_s, b_spB;
        loss += line_sums_fit(&sums[k], &a_s, &b_spB);
    }
    return loss;
}

/* Points of the series that has most of them, of sizes from `from` to `to` - 1. */
static int points_between(const struct segment_axis *axis, int from, int to)
{
    int most = 0;
    for (int k = 0; k < axis->n_series; k++) {
        int n = 0;
        for (int i = from; i < to; i++)
            n += axis->point[i * axis->n_series + k] >= 0;
        if (n > most)
            most = n;
    }
    return most;
}

/* Numbers of the sizes at which a piece must begin: the first after each threshold, but for those
 * that leave too few sizes on a side. Returns how many. */
static int forced_firsts(const struct segment_axis *axis, const struct segments_options *options,
                         int first[SEGMENT_PIECES])
{
    int n = 0;
    int last = 0;
    for (int i = 0; options->are_forced && i < options->n_thresholds; i++) {
        int next = last;
        while (next < axis->n_sizes && axis->size_B[next] <= options->thresholds_B[i])
            next++;
        if (n + 1 < options->max_pieces && points_between(axis, last, next) >= options->min_sizes &&
            points_between(axis, next, axis->n_sizes) >= options->min_sizes)
            first[n++] = last = next;
    }
    return n;
}

/* The only sizes at which pieces may begin, and behind the last of which one may end. */
struct candidates {
    int step; /* each so-many-th */
    int n_forced, forced[SEGMENT_PIECES];
};

static struct candidates candidates_of(const struct segment_axis *axis,
                                       const struct segments_options *options)
{
    struct candidates candidates = {.step = 1 + (axis->n_sizes - 1) / MOST_CANDIDATES};
    candidates.n_forced = forced_firsts(axis, options, candidates.forced);
    return candidates;
}

static bool is_candidate(const struct candidates *candidates, int size)
{
    for (int i = 0; i < candidates->n_forced; i++)
        if (candidates->forced[i] == size)
            return true;
    return size % candidates->step == 0;
}

/* One cell of dynamic programming: sizes up to here in so many pieces, the last from `first`. */
struct state {
    double loss;
    int first;
};

/* Follows the pieces back from the last. */
static void trace(const struct segment_axis *axis, struct state (*states)[SEGMENT_PIECES],
                  struct segment_paths *paths)
{
    for (int k = 0; k < SEGMENT_PIECES; k++) {
        paths->loss[k] = states[axis->n_sizes - 1][k].loss;
        if (isinf(paths->loss[k]))
            continue;
        int last = axis->n_sizes - 1;
        for (int piece = k; piece >= 0; piece--) {
            paths->first[k][piece] = states[last][piece].first;
            last = paths->first[k][piece] - 1;
        }
    }
}

/* Best ways to cut all sizes up to `last`, from those up to each size before: the last piece grows
 * towards smaller sizes, down to `least`, its first possible beginning. */
static void extend(const struct segment_axis *axis, const struct segments_options *options,
                   const struct candidates *candidates, int last, int least,
                   struct state (*states)[SEGMENT_PIECES])
{
    struct line_sums sums[SEGMENT_SERIES] = {0};
    for (int first = last; first >= least; first--) {
        segment_axis_add(axis, first, sums);
        if (!is_candidate(candidates, first))
            continue;
        const bool is_all = first == 0 && last == axis->n_sizes - 1;
        if (!is_all && most_points(axis->n_series, sums) < options->min_sizes)
            continue;
        const double loss = loss_of_piece(axis->n_series, sums);
        if (first == 0)
            states[last][0] = (struct state){.loss = loss, .first = 0};
        for (int k = 1; first > 0 && k < options->max_pieces; k++)
            if (states[first - 1][k - 1].loss + loss < states[last][k].loss)
                states[last][k] = (struct state){states[first - 1][k - 1].loss + loss, first};
    }
}

int segment_search(const struct segment_axis *axis, const struct segments_options *options,
                   struct segment_paths *paths)
{
    assert(options->max_pieces >= 1 && options->max_pieces <= SEGMENT_PIECES);
    assert(options->min_sizes >= 2 && options->n_thresholds >= 0);

    struct state(*states)[SEGMENT_PIECES] = calloc((size_t)axis->n_sizes, sizeof *states);
    if (!states)
        return -ENOMEM;
    const struct candidates candidates = candidates_of(axis, options);
    int least = 0;
    for (int last = 0, next = 0; last < axis->n_sizes; last++) {
        for (int k = 0; k < SEGMENT_PIECES; k++)
            states[last][k].loss = INFINITY;
        if (next < candidates.n_forced && last == candidates.forced[next])
            least = candidates.forced[next++];
        if (last == axis->n_sizes - 1 || is_candidate(&candidates, last + 1))
            extend(axis, options, &candidates, last, least, states);
    }
    trace(axis, states, paths);
    free(states);
    return 0;
}
