#include "resample.h"

#include "models/random.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* More draws than this that cannot be fitted are not left out by chance. */
static const double LOST_DRAWS = 0.1;

struct estimate estimate_alone(double value)
{
    return (struct estimate){.value = value, .ci95_lo = NAN, .ci95_hi = NAN};
}

double weighted_median(int n, const size_t order[], const double value[], const double weight[])
{
    double total = 0.0, below = 0.0;
    for (int i = 0; i < n; i++)
        total += weight[order[i]];
    double lower = NAN;
    for (int i = 0; i < n; i++) {
        below += weight[order[i]];
        if (weight[order[i]] <= 0.0 || below < 0.5 * total)
            continue;
        if (isnan(lower))
            lower = value[order[i]];
        if (below > 0.5 * total)
            return 0.5 * (lower + value[order[i]]);
    }
    return lower;
}

static int compare_int(const void *a, const void *b)
{
    const int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/* Numbers groups from 0 in `index`, and returns how many there are; -ENOMEM. */
static int number_groups(int n, const int group[], int index[])
{
    for (int i = 0; i < n && group == NULL; i++)
        index[i] = i;
    if (group == NULL)
        return n;

    int *sorted = malloc((size_t)n * sizeof *sorted);
    if (sorted == NULL)
        return -ENOMEM;
    memcpy(sorted, group, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, compare_int);
    int n_groups = 0;
    for (int i = 0; i < n; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1])
            sorted[n_groups++] = sorted[i];
    }
    for (int i = 0; i < n; i++) {
        const int *found =
            bsearch(&group[i], sorted, (size_t)n_groups, sizeof *sorted, compare_int);
        index[i] = (int)(found - sorted);
    }
    free(sorted);
    return n_groups;
}

static void draw_weights(int n, const int index[], int n_groups, double count[], double weight[],
                         struct random_stream *stream)
{
    memset(count, 0, (size_t)n_groups * sizeof *count);
    for (int i = 0; i < n_groups; i++)
        count[(int)(random_uniform(stream) * n_groups)] += 1.0;
    for (int i = 0; i < n; i++)
        weight[i] = count[index[i]];
}

/* The tail of the bootstrap's distribution that stands for 2.5 % of Student's. */
static double expanded_tail(int n_groups)
{
    const double n = n_groups;
    return gsl_cdf_ugaussian_P(sqrt(n / (n - 1.0)) * gsl_cdf_tdist_Pinv(0.025, n - 1.0));
}

/* Sorts the draws of each parameter in place. */
static void set_intervals(int n_parameters, int n_draws, double draws[], double tail,
                          struct estimate estimate[])
{
    for (int i = 0; i < n_parameters; i++) {
        gsl_sort(&draws[i], (size_t)n_parameters, (size_t)n_draws);
        const double lo = gsl_stats_quantile_from_sorted_data(&draws[i], (size_t)n_parameters,
                                                              (size_t)n_draws, tail);
        const double hi = gsl_stats_quantile_from_sorted_data(&draws[i], (size_t)n_parameters,
                                                              (size_t)n_draws, 1.0 - tail);
        estimate[i].ci95_lo = fmin(lo, estimate[i].value);
        estimate[i].ci95_hi = fmax(hi, estimate[i].value);
    }
}

static bool all_finite(int n, const double value[])
{
    for (int i = 0; i < n; i++) {
        if (!isfinite(value[i]))
            return false;
    }
    return true;
}

int resample_estimates(int n, const int group[], resample_fit *fit, const void *observations,
                       int n_parameters, const struct resampling *how, struct estimate estimate[])
{
    assert(n > 0 && n_parameters > 0 && how->n_draws >= 0);

    double *weight = calloc((size_t)n, sizeof *weight);
    double *count = calloc((size_t)n, sizeof *count);
    int *index = calloc((size_t)n, sizeof *index);
    double *draws = calloc((size_t)n_parameters * (size_t)(how->n_draws + 1), sizeof *draws);
    int result = -ENOMEM;
    if (weight == NULL || count == NULL || index == NULL || draws == NULL)
        goto out;
    const int n_groups = number_groups(n, group, index);
    if (n_groups < 0)
        goto out;

    for (int i = 0; i < n; i++)
        weight[i] = 1.0;
    result = fit(observations, weight, draws);
    if (result < 0)
        goto out;
    for (int i = 0; i < n_parameters; i++)
        estimate[i] = estimate_alone(draws[i]);
    if (n_groups < 2 || how->n_draws == 0)
        goto out;

    int n_fitted = 0;
    for (int draw = 0; draw < how->n_draws; draw++) {
        struct random_stream stream = random_stream_for(how->seed, "resample", (uint64_t)draw);
        double *parameter = &draws[(size_t)n_fitted * (size_t)n_parameters];
        draw_weights(n, index, n_groups, count, weight, &stream);
        if (fit(observations, weight, parameter) == 0 && all_finite(n_parameters, parameter))
            n_fitted++;
    }
    if (n_fitted > 0 && n_fitted >= (1.0 - LOST_DRAWS) * how->n_draws)
        set_intervals(n_parameters, n_fitted, draws, expanded_tail(n_groups), estimate);
out:
    free(weight);
    free(count);
    free(index);
    free(draws);
    return result;
}
