#include "equivalence.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Blocks are taken for independent where launches that do not differ would look like this in more
 * than one of four cases: a usual level for pooling, where the cautious error costs less (T.
 * Bancroft, Biometrics 20 (1964) 427). */
static const double POOLED = 0.25;

/* A block's log ratio. */
struct ratio {
    int launch;
    double log_ratio;
};

/* Mean of all blocks, its standard error and on how many degrees of freedom that is. */
struct mean {
    double log_ratio, error, freedom;
};

static int by_launch(const void *a, const void *b)
{
    const struct ratio *x = a, *y = b;
    const int by = (x->launch > y->launch) - (x->launch < y->launch);
    return by != 0 ? by : (x->log_ratio > y->log_ratio) - (x->log_ratio < y->log_ratio);
}

static double mean_log(int n, const struct ratio ratio[])
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += ratio[i].log_ratio;
    return sum / n;
}

/* Whether sums of squares, with their degrees of freedom, say so. */
static bool launches_differ(double between, double freedom, double within, double freedom_within)
{
    if (freedom <= 0.0 || freedom_within <= 0.0 || between <= 0.0)
        return false;
    const double f = (between / freedom) / (within / freedom_within);
    return gsl_cdf_fdist_Q(f, freedom, freedom_within) < POOLED;
}

/*
 * Where launches differ by no more than their blocks explain, blocks are independent; else the
 * mean square of launches, on n_launches - 1 degrees of freedom, tells the error.
 */
static struct mean mean_of(int n, const struct ratio ratio[])
{
    struct mean mean = {.log_ratio = mean_log(n, ratio)};
    double within = 0.0, between = 0.0;
    int n_launches = 0;
    for (int i = 0, next; i < n; i = next) {
        for (next = i; next < n && ratio[next].launch == ratio[i].launch; next++)
            ;
        const double launch_mean = mean_log(next - i, &ratio[i]);
        between += (next - i) * pow(launch_mean - mean.log_ratio, 2.0);
        for (int j = i; j < next; j++)
            within += pow(ratio[j].log_ratio - launch_mean, 2.0);
        n_launches++;
    }
    mean.freedom = n - 1;
    double variance = (within + between) / mean.freedom;
    if (launches_differ(between, n_launches - 1, within, n - n_launches)) {
        mean.freedom = n_launches - 1;
        variance = between / mean.freedom;
    }
    mean.error = sqrt(variance / n);
    return mean;
}

/* Probability of Student's t beyond `distance` / error; of no error, certainty. */
static double tail(double distance, const struct mean *mean)
{
    if (mean->error <= 0.0)
        return distance > 0.0 ? 0.0 : 1.0;
    return gsl_cdf_tdist_Q(distance / mean->error, mean->freedom);
}

static void judge(const struct mean *mean, double margin, struct equivalence *result)
{
    const double log_margin = log1p(margin);
    const double half90 = gsl_cdf_tdist_Pinv(0.95, mean->freedom) * mean->error;
    const double half95 = gsl_cdf_tdist_Pinv(0.975, mean->freedom) * mean->error;
    *result = (struct equivalence){
        .verdict = UNDECIDED,
        .ratio = {exp(mean->log_ratio), exp(mean->log_ratio - half95),
                  exp(mean->log_ratio + half95)},
        .ci90_lo = exp(mean->log_ratio - half90),
        .ci90_hi = exp(mean->log_ratio + half90),
        .p_equivalent = fmax(tail(log_margin - mean->log_ratio, mean),
                             tail(log_margin + mean->log_ratio, mean)),
        .p_different = fmin(1.0, 2.0 * tail(fabs(mean->log_ratio), mean)),
        .degrees_of_freedom = mean->freedom,
    };
    if (fabs(mean->log_ratio) + half90 < log_margin)
        result->verdict = EQUIVALENT;
    else if (fabs(mean->log_ratio) > half95)
        result->verdict = DIFFERENT;
}

int equivalence_test(int n, const struct equivalence_point point[], double margin,
                     struct equivalence *result)
{
    if (!isfinite(margin) || margin <= 0.0)
        return -EINVAL;
    for (int i = 0; i < n; i++) {
        if (!isfinite(point[i].first_s) || !isfinite(point[i].second_s) ||
            point[i].first_s <= 0.0 || point[i].second_s <= 0.0)
            return -EINVAL;
    }
    if (n < 2)
        return -EDOM;
    struct ratio *ratio = calloc((size_t)n, sizeof *ratio);
    if (ratio == NULL)
        return -ENOMEM;
    for (int i = 0; i < n; i++)
        ratio[i] = (struct ratio){point[i].launch, log(point[i].second_s) - log(point[i].first_s)};
    qsort(ratio, (size_t)n, sizeof *ratio, by_launch);
    const struct mean mean = mean_of(n, ratio);
    free(ratio);
    judge(&mean, margin, result);
    return 0;
}

void equivalence_words(char *text, int size, const struct equivalence *result, double margin)
{
    const struct estimate *ratio = &result->ratio;
    const double percent = 100.0 * (ratio->value - 1.0);
    const double lo = 100.0 * (ratio->ci95_lo - 1.0), hi = 100.0 * (ratio->ci95_hi - 1.0);
    if (result->verdict == EQUIVALENT)
        snprintf(text, (size_t)size, "no overhead within %.3g %%", 100.0 * margin);
    else if (result->verdict == UNDECIDED)
        snprintf(text, (size_t)size, "undecided: %+.1f %% (%+.1f to %+.1f %%)", percent, lo, hi);
    else if (percent > 0.0)
        snprintf(text, (size_t)size, "overhead of %.1f %% (%.1f to %.1f %%)", percent, lo, hi);
    else
        snprintf(text, (size_t)size, "gain of %.1f %% (%.1f to %.1f %%)", -percent, -hi, -lo);
}
