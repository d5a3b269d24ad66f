#include "calibration/fit/segment.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* All series, and one fold of them: what is fitted. The rest is to be predicted. */
struct folds {
    int n_series, every;
    struct segment_series all[SEGMENT_SERIES], fitted[SEGMENT_SERIES];
    int n;
    double *errors; /* room for all points */
};

static int init(int n_series, const struct visit_series visits[], int every, struct folds *folds)
{
    *folds = (struct folds){.n_series = n_series, .every = every};
    size_t n_points = 0;
    for (int k = 0; k < n_series; k++) {
        const int status = visits_locate(&visits[k], &folds->all[k]);
        if (status)
            return status;
        n_points += (size_t)folds->all[k].n;
        folds->fitted[k].points = calloc((size_t)folds->all[k].n, sizeof(struct segment_point));
        if (!folds->fitted[k].points)
            return -ENOMEM;
    }
    folds->errors = calloc(n_points, sizeof *folds->errors);
    return folds->errors ? 0 : -ENOMEM;
}

static void release(struct folds *folds)
{
    for (int k = 0; k < SEGMENT_SERIES; k++) {
        located_release(&folds->all[k]);
        located_release(&folds->fitted[k]);
    }
    free(folds->errors);
}

static bool is_held_out(const struct folds *folds, int series, int point, int fold)
{
    return point > 0 && point < folds->all[series].n - 1 && point % folds->every == fold;
}

static int predict_fold(struct folds *folds, int fold, const struct segments_options *options,
                        int *n_pieces)
{
    for (int k = 0; k < folds->n_series; k++) {
        folds->fitted[k].n = 0;
        for (int i = 0; i < folds->all[k].n; i++)
            if (!is_held_out(folds, k, i, fold))
                folds->fitted[k].points[folds->fitted[k].n++] = folds->all[k].points[i];
    }
    struct segments segments;
    const int status = segments_fit(folds->n_series, folds->fitted, options, &segments);
    if (status)
        return status;
    for (int k = 0; k < folds->n_series; k++)
        for (int i = 0; i < folds->all[k].n; i++) {
            const struct segment_point *point = &folds->all[k].points[i];
            if (is_held_out(folds, k, i, fold))
                folds->errors[folds->n++] =
                    fabs(log(point->time_s / segments_time_s(&segments, k, point->size_B)));
        }
    if (segments.n_pieces > *n_pieces)
        *n_pieces = segments.n_pieces;
    return 0;
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
                      const struct segments_options *options, int every, struct hold_out *hold_out)
{
    assert(n_series >= 1 && n_series <= SEGMENT_SERIES && every >= 2);

    struct folds folds;
    int n_pieces = 0;
    int status = init(n_series, series, every, &folds);
    for (int fold = 0; !status && fold < every; fold++)
        status = predict_fold(&folds, fold, options, &n_pieces);
    if (!status && folds.n == 0)
        status = -ERANGE;
    if (!status) {
        const size_t n = (size_t)folds.n;
        gsl_sort(folds.errors, 1, n);
        *hold_out = (struct hold_out){
            .n = folds.n,
            .p50 = gsl_stats_quantile_from_sorted_data(folds.errors, 1, n, 0.5),
            .p95 = gsl_stats_quantile_from_sorted_data(folds.errors, 1, n, 0.95),
            .floor = median_floor(n_series, series),
            .n_pieces = n_pieces,
        };
    }
    release(&folds);
    return status;
}
