#include "model_interval.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_sort.h>

/* How far `predicted` is from the value, as intervals are widened. */
static double distance(double predicted, double value, bool is_percent)
{
    if (is_percent)
        return fabs(predicted - value);
    return predicted > 0.0 && value > 0.0 ? fabs(log(predicted / value)) : INFINITY;
}

double model_interval_error(const struct measured *measured, double predicted)
{
    assert(measured->relation == RELATION_EQUALS);
    const double lowest = measured->value - measured->uncertainty;
    const double highest = measured->value + measured->uncertainty;
    if (predicted >= lowest && predicted <= highest)
        return 0.0;
    return distance(predicted, predicted < lowest ? lowest : highest, measured->is_percent);
}

double model_interval_bound(int n, double errors[])
{
    if (n < MODEL_INTERVAL_LEAST_ERRORS)
        return NAN;
    gsl_sort(errors, 1, (size_t)n);
    const int number = (9 * (n + 1) + 9) / 10; /* ceil(0.9 (n + 1)), in whole numbers */
    return errors[number - 1];
}

struct model_interval model_interval_of(const struct summary *draws, bool is_percent, double bound)
{
    if (isnan(bound))
        return (struct model_interval){NAN, NAN};
    if (!is_percent && draws->p50 <= 0.0)
        return (struct model_interval){draws->p05, draws->p95};
    const double lo = is_percent ? draws->p50 - bound : draws->p50 * exp(-bound);
    const double hi = is_percent ? draws->p50 + bound : draws->p50 * exp(bound);
    return (struct model_interval){fmin(draws->p05, lo), fmax(draws->p95, hi)};
}
