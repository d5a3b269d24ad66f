#include "calibration/fit/segment.h"

#include "models/random.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* One series in two: what is fitted, and what the fit has to predict. */
struct split {
    struct segment_series fitted, held;
};

static void release(int n_series, struct split splits[])
{
    for (int k = 0; k < n_series; k++) {
        located_release(&splits[k].fitted);
        located_release(&splits[k].held);
    }
}

static int split(const struct visit_series *visits, int every, int from, struct split *split)
{
    const int status = visits_locate(visits, &split->fitted);
    if (status)
        return status;
    const int n = split->fitted.n;
    split->held.points = calloc((size_t)n, sizeof *split->held.points);
    if (!split->held.points)
        return -ENOMEM;
    split->fitted.n = 0;
    for (int i = 0; i < n; i++) {
        const struct segment_point point = split->fitted.points[i];
        if (i > 0 && i < n - 1 && i % every == from)
            split->held.points[split->held.n++] = point;
        else
            split->fitted.points[split->fitted.n++] = point;
    }
    return 0;
}

static int compare(int n_series, const struct split splits[],
                   const struct segments_options *options, struct hold_out *hold_out)
{
    struct segment_series fitted[SEGMENT_SERIES];
    int n = 0;
    for (int k = 0; k < n_series; k++) {
        fitted[k] = splits[k].fitted;
        n += splits[k].held.n;
    }
    if (n == 0)
        return -ERANGE;
    struct segments segments;
    int status = segments_fit(n_series, fitted, options, &segments);
    double *errors = calloc((size_t)n, sizeof *errors);
    if (!status && !errors)
        status = -ENOMEM;
    if (!status) {
        n = 0;
        for (int k = 0; k < n_series; k++)
            for (int i = 0; i < splits[k].held.n; i++) {
                const struct segment_point *point = &splits[k].held.points[i];
                errors[n++] =
                    fabs(log(point->time_s / segments_time_s(&segments, k, point->size_B)));
            }
        gsl_sort(errors, 1, (size_t)n);
        hold_out->n = n;
        hold_out->p50 = gsl_stats_quantile_from_sorted_data(errors, 1, (size_t)n, 0.5);
        hold_out->p95 = gsl_stats_quantile_from_sorted_data(errors, 1, (size_t)n, 0.95);
        hold_out->n_pieces = segments.n_pieces;
    }
    free(errors);
    return status;
}

/* Of the series that have one. */
static double median_floor(int n_series, const struct visit_series series[])
{
    double floors[SEGMENT_SERIES];
    int n = 0;
    for (int k = 0; k < n_series; k++) {
        const double noise_floor = visits_noise_floor(&series[k]);
        if (isfinite(noise_floor))
            floors[n++] = noise_floor;
    }
    return n > 0 ? median_of(n, floors) : NAN;
}

int segments_hold_out(int n_series, const struct visit_series series[],
                      const struct segments_options *options, int every, uint64_t seed,
                      struct hold_out *hold_out)
{
    assert(n_series >= 1 && n_series <= SEGMENT_SERIES && every >= 2);

    struct random_stream stream = random_stream_for(seed, "hold out", 0);
    const int from = (int)(random_uniform(&stream) * every);
    struct split splits[SEGMENT_SERIES] = {0};
    struct hold_out result = {0};
    int status = 0;
    for (int k = 0; !status && k < n_series; k++)
        status = split(&series[k], every, from, &splits[k]);
    if (!status)
        status = compare(n_series, splits, options, &result);
    if (!status) {
        result.floor = median_floor(n_series, series);
        *hold_out = result;
    }
    release(n_series, splits);
    return status;
}
