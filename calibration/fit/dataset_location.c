/*
 * dataset_location.c - where the middle of visits lies, and how sure that is.
 */
#include "dataset.h"

#include "launches.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

struct located_values {
    int n;
    const double *values;
    const size_t *order; /* that sorts them */
};

int dataset_block(const struct dataset_visit *visit)
{
    enum { MOST_BLOCKS = 1 << 16 };
    return visit->launch * MOST_BLOCKS + visit->block;
}

static int fit_median(const void *observations, const double weight[], double parameter[])
{
    const struct located_values *of = observations;
    parameter[0] = weighted_median(of->n, of->order, of->values, weight);
    return 0;
}

struct estimate median_estimate(int n, const double values[], const int groups[],
                                const int launches[], const struct resampling *how)
{
    struct estimate estimate = estimate_alone(NAN);
    size_t *order = calloc((size_t)n, sizeof *order);
    if (order) {
        gsl_sort_index(order, values, 1, (size_t)n);
        const struct located_values all = {n, values, order};
        if (resample_estimates(n, groups, fit_median, &all, 1, how, &estimate) == 0 && launches)
            launches_widen(n, launches, fit_median, &all, 1, &estimate);
    }
    free(order);
    return estimate;
}

struct estimate dataset_location(const struct dataset_point *point, const struct resampling *how)
{
    struct estimate estimate = estimate_alone(point->location_s);
    double *values = calloc((size_t)point->n_visits, sizeof *values);
    int *groups = calloc((size_t)point->n_visits, sizeof *groups);
    int *launches = calloc((size_t)point->n_visits, sizeof *launches);
    if (values && groups && launches) {
        for (int i = 0; i < point->n_visits; i++) {
            values[i] = point->visits[i].median_s;
            groups[i] = dataset_block(&point->visits[i]);
            launches[i] = point->visits[i].launch;
        }
        estimate = median_estimate(point->n_visits, values, groups, launches, how);
    }
    free(values);
    free(groups);
    free(launches);
    return estimate;
}
