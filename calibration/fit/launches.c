#include "launches.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const double TAIL = 0.025; /* of 95 % */

/* Running mean and squares of what launches say of a parameter. */
struct moments {
    double mean, squares;
};

/* Whether `launch[first]` is where its launch is first seen. */
static bool is_first(const int launch[], int first)
{
    for (int i = 0; i < first; i++)
        if (launch[i] == launch[first])
            return false;
    return true;
}

static bool are_finite(int n, const double values[])
{
    for (int i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

/* Fits each launch alone; returns how many could be. */
static int fit_launches(int n, const int launch[], resample_fit *fit, const void *observations,
                        int n_parameters, double weight[], double parameter[],
                        struct moments moments[])
{
    int n_fitted = 0;
    for (int first = 0; first < n; first++) {
        if (!is_first(launch, first))
            continue;
        for (int i = 0; i < n; i++)
            weight[i] = launch[i] == launch[first] ? 1.0 : 0.0;
        if (fit(observations, weight, parameter) < 0 || !are_finite(n_parameters, parameter))
            continue;
        n_fitted++;
        for (int k = 0; k < n_parameters; k++) {
            const double from_mean = parameter[k] - moments[k].mean;
            moments[k].mean += from_mean / n_fitted;
            moments[k].squares += from_mean * (parameter[k] - moments[k].mean);
        }
    }
    return n_fitted;
}

static void widen(struct estimate *estimate, const struct moments *moments, int n_launches)
{
    const double below = estimate->value - estimate->ci95_lo;
    const double above = estimate->ci95_hi - estimate->value;
    const double of_blocks = 0.5 * (below + above) / gsl_cdf_ugaussian_Qinv(TAIL);
    /* A launch has as many times fewer blocks as there are launches. */
    const double excess = moments->squares / (n_launches - 1) - n_launches * of_blocks * of_blocks;
    if (!(excess > 0.0))
        return;
    const double launches = gsl_cdf_tdist_Qinv(TAIL, n_launches - 1.0) * sqrt(excess / n_launches);
    estimate->ci95_lo = estimate->value - hypot(below, launches);
    estimate->ci95_hi = estimate->value + hypot(above, launches);
}

int launches_widen(int n, const int launch[], resample_fit *fit, const void *observations,
                   int n_parameters, struct estimate estimate[])
{
    assert(n > 0 && n_parameters > 0);

    double *weight = calloc((size_t)n, sizeof *weight);
    double *parameter = calloc((size_t)n_parameters, sizeof *parameter);
    struct moments *moments = calloc((size_t)n_parameters, sizeof *moments);
    const bool is_complete = weight && parameter && moments;
    if (is_complete) {
        const int n_launches =
            fit_launches(n, launch, fit, observations, n_parameters, weight, parameter, moments);
        for (int k = 0; n_launches > 1 && k < n_parameters; k++)
            widen(&estimate[k], &moments[k], n_launches);
    }
    free(weight);
    free(parameter);
    free(moments);
    return is_complete ? 0 : -ENOMEM;
}

int launches_estimates(int n, const int group[], const int launch[], resample_fit *fit,
                       const void *observations, int n_parameters, const struct resampling *how,
                       struct estimate estimate[])
{
    const int error = resample_estimates(n, group, fit, observations, n_parameters, how, estimate);
    if (error < 0 || launch == NULL)
        return error;
    return launches_widen(n, launch, fit, observations, n_parameters, estimate);
}
