#include "statistics.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

struct summary summarize(size_t n, double samples[])
{
    assert(n >= 1);
    for (size_t i = 0; i < n; i++)
        assert(isfinite(samples[i]));

    gsl_sort(samples, 1, n);
    return (struct summary){
        .n = n,
        .mean = gsl_stats_mean(samples, 1, n),
        .p05 = gsl_stats_quantile_from_sorted_data(samples, 1, n, 0.05),
        .p10 = gsl_stats_quantile_from_sorted_data(samples, 1, n, 0.1),
        .p50 = gsl_stats_quantile_from_sorted_data(samples, 1, n, 0.5),
        .p90 = gsl_stats_quantile_from_sorted_data(samples, 1, n, 0.9),
        .p95 = gsl_stats_quantile_from_sorted_data(samples, 1, n, 0.95),
    };
}

/* Outside these powers of ten a reader counts zeros instead of reading. */
enum { LOWEST_PLAIN_EXPONENT = -4, HIGHEST_PLAIN_EXPONENT = 8 };

void format_digits(char *text, size_t size, double value, int digits)
{
    assert(isfinite(value) && digits >= 1 && digits <= 17);

    /* Rounded before its decimals are counted, so that 9.96 with two digits is "10", not "10.0". */
    char rounded[40];
    snprintf(rounded, sizeof rounded, "%.*e", digits - 1, value);
    const int exponent = (int)strtol(strchr(rounded, 'e') + 1, NULL, 10);

    if (exponent < LOWEST_PLAIN_EXPONENT || exponent > HIGHEST_PLAIN_EXPONENT) {
        snprintf(text, size, "%s", rounded);
        return;
    }
    const int decimals = digits - 1 - exponent;
    snprintf(text, size, "%.*f", decimals > 0 ? decimals : 0, strtod(rounded, NULL));
}

void format_percent(char *text, size_t size, double part)
{
    static const double least_told = 0.05, most_told_in_full = 1e4;
    const double percent = 100.0 * part;

    if (!isfinite(percent))
        snprintf(text, size, "-");
    else if (fabs(percent) < least_told)
        snprintf(text, size, "0.0 %%");
    else
        snprintf(text, size, fabs(percent) < most_told_in_full ? "%.1f %%" : "%.3g %%", percent);
}
