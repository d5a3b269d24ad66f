#include "detour_fit.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* A record is cut into so many windows, which are drawn again. */
enum { WINDOWS = 20 };
/* Lengths further than this from a distribution do not follow it (Kolmogorov and Smirnov, 5 %). */
static const double FARTHEST = 1.36;
/* What says that most detours are unseen is not to be trusted. */
static const double MOST_UNSEEN = 0.5;
/* Events that are not seen at all are fewer than this (with 95 % confidence). */
static const double RULE_OF_THREE = 3.0;
/* The cut's place in standard deviations is looked for between these. */
static const double LOWEST_CUT = -40.0, HIGHEST_CUT = 2.0;

/* What happened in a part of a record. */
struct window {
    double observed_s, n, length_s, length2_s2;
};

enum { RATE, LENGTH, SPREAD, FREQUENCY, LOST, N_NUMBERS };

static bool is_count(double x)
{
    return isfinite(x) && x >= 0.0;
}

static bool is_valid(const struct raw_detours *record)
{
    if (!is_count(record->observed_s) || !is_count(record->quantum_s) ||
        !is_count(record->threshold_s) || !is_count(record->n_shorter) ||
        !is_count(record->shorter_s) || record->n < 0 || record->observed_s <= 0.0 ||
        record->quantum_s <= 0.0)
        return false;
    if (isinf(record->stolen_s) || record->stolen_s < 0.0)
        return false;
    for (int i = 0; i < record->n; i++) {
        if (!isfinite(record->start_s[i]) || !isfinite(record->length_s[i]) ||
            record->length_s[i] <= 0.0 || (i > 0 && record->start_s[i] <= record->start_s[i - 1]))
            return false;
    }
    return true;
}

/* Deals listed detours to windows by when they began, and counted ones evenly. */
static void fill_windows(const struct raw_detours *record, struct window window[])
{
    const double window_s = record->observed_s / WINDOWS;
    for (int i = 0; i < WINDOWS; i++) {
        const double mean_s = record->n_shorter > 0.0 ? record->shorter_s / record->n_shorter : 0.0;
        window[i] = (struct window){.observed_s = window_s,
                                    .n = record->n_shorter / WINDOWS,
                                    .length_s = record->shorter_s / WINDOWS,
                                    .length2_s2 = record->shorter_s * mean_s / WINDOWS};
    }
    for (int i = 0; i < record->n; i++) {
        /* When it began to look is not told; the first detour is close. */
        const double since_s = record->start_s[i] - record->start_s[0];
        const int at = (int)fmin(WINDOWS - 1, since_s / window_s);
        window[at].n += 1.0;
        window[at].length_s += record->length_s[i];
        window[at].length2_s2 += record->length_s[i] * record->length_s[i];
    }
}

/* What there is of unseen detours for each seen one: number, lengths, squares of lengths. */
struct unseen {
    double n, length_s, length2_s2;
};

struct observations {
    int n_windows;
    struct window *window;
    struct unseen unseen;
};

static int fit_numbers(const void *observed, const double weight[], double number[])
{
    const struct observations *observations = observed;
    struct window sum = {.n = 0.0};
    for (int i = 0; i < observations->n_windows; i++) {
        sum.observed_s += weight[i] * observations->window[i].observed_s;
        sum.n += weight[i] * observations->window[i].n;
        sum.length_s += weight[i] * observations->window[i].length_s;
        sum.length2_s2 += weight[i] * observations->window[i].length2_s2;
    }
    const struct unseen *unseen = &observations->unseen;
    const double n = sum.n * (1.0 + unseen->n);
    const double length_s = sum.length_s + sum.n * unseen->length_s;
    const double length2_s2 = sum.length2_s2 + sum.n * unseen->length2_s2;
    if (n <= 0.0 || length_s >= sum.observed_s)
        return -EDOM;
    const double mean_s = length_s / n;
    number[RATE] = n / (sum.observed_s - length_s);
    number[LENGTH] = mean_s;
    number[SPREAD] = sqrt(fmax(0.0, length2_s2 / n - mean_s * mean_s)) / mean_s;
    number[FREQUENCY] = n / sum.observed_s;
    number[LOST] = length_s / sum.observed_s;
    return 0;
}

/* Mean of the part of a standard normal distribution beyond `cut`. */
static double mean_beyond(double cut)
{
    return gsl_ran_ugaussian_pdf(cut) / gsl_cdf_ugaussian_Q(cut);
}

/*
 * Variance over squared mean of what a standard normal distribution cut at `cut` has beyond it:
 * rises from 0 to 1, that of an exponential distribution.
 */
static double variance_beyond(double cut)
{
    const double at = mean_beyond(cut), beyond = at - cut;
    return (1.0 - at * beyond) / (beyond * beyond);
}

/* Where the cut is, in standard deviations from the mean, by halving; NAN: nowhere. */
static double find_cut(double variance_to_mean2)
{
    double lo = LOWEST_CUT, hi = HIGHEST_CUT;
    if (!(variance_to_mean2 < variance_beyond(hi)))
        return NAN;
    for (int halving = 0; halving < 60; halving++) {
        const double middle = (lo + hi) / 2.0;
        if (variance_beyond(middle) < variance_to_mean2)
            lo = middle;
        else
            hi = middle;
    }
    return (lo + hi) / 2.0;
}

/* Whether logarithms, sorted, are distributed like the part beyond `cut` of such a normal one. */
static bool follows(int n, const double log_s[], double mean, double deviation, double cut)
{
    const double beyond = gsl_cdf_ugaussian_Q(cut);
    double farthest = 0.0;
    for (int i = 0; i < n; i++) {
        const double p = 1.0 - gsl_cdf_ugaussian_Q((log_s[i] - mean) / deviation) / beyond;
        farthest = fmax(farthest, fmax(p - (double)i / n, (i + 1.0) / n - p));
    }
    return farthest * sqrt(n) < FARTHEST;
}

/*
 * What a lognormal distribution that is cut at the threshold says of the part below. The one with
 * the mean and variance of the logarithms beyond the cut is the most likely one. None where lengths
 * do not follow it, or it puts most of them below the cut.
 */
static struct unseen extrapolate(int n, const double log_s[], double log_cut)
{
    const struct unseen none = {.n = 0.0};
    double mean = 0.0, variance = 0.0;
    for (int i = 0; i < n; i++)
        mean += log_s[i] / n;
    for (int i = 0; i < n; i++)
        variance += (log_s[i] - mean) * (log_s[i] - mean) / n;
    const double above = mean - log_cut;
    const double cut = variance > 0.0 && above > 0.0 ? find_cut(variance / (above * above)) : NAN;
    if (isnan(cut))
        return none;
    const double deviation = above / (mean_beyond(cut) - cut);
    const double middle = log_cut - cut * deviation, share = gsl_cdf_ugaussian_P(cut);
    if (share > MOST_UNSEEN || !follows(n, log_s, middle, deviation, cut))
        return none;
    const double of_seen = 1.0 / (1.0 - share), squared = deviation * deviation;
    return (struct unseen){
        .n = share * of_seen,
        .length_s = of_seen * exp(middle + squared / 2.0) * gsl_cdf_ugaussian_P(cut - deviation),
        .length2_s2 =
            of_seen * exp(2.0 * (middle + squared)) * gsl_cdf_ugaussian_P(cut - 2.0 * deviation)};
}

/* Nothing is told of unseen detours where shorter ones were counted without their lengths. */
static int find_unseen(int n_records, const struct raw_detours record[], struct unseen *unseen)
{
    int n = 0;
    double cut_s = 0.0, n_shorter = 0.0;
    for (int i = 0; i < n_records; i++) {
        n += record[i].n;
        cut_s = fmax(cut_s, record[i].threshold_s);
        n_shorter += record[i].n_shorter;
    }
    *unseen = (struct unseen){.n = 0.0};
    if (n == 0 || cut_s <= 0.0 || n_shorter > 0.0)
        return 0;
    double *log_s = calloc((size_t)n, sizeof *log_s);
    if (log_s == NULL)
        return -ENOMEM;
    int n_beyond = 0;
    for (int i = 0; i < n_records; i++) {
        for (int j = 0; j < record[i].n; j++) {
            if (record[i].length_s[j] >= cut_s)
                log_s[n_beyond++] = log(record[i].length_s[j]);
        }
    }
    gsl_sort(log_s, 1, (size_t)n_beyond);
    *unseen = extrapolate(n_beyond, log_s, log(cut_s));
    free(log_s);
    return 0;
}

/* Nothing was seen: rates are 0, and at most what could have been missed. */
static void set_quiet(double observed_s, struct detour_fit *result)
{
    const struct estimate nothing = {0.0, 0.0, 0.0};
    result->length_s = result->spread = result->lost = nothing;
    result->rate_Hz = result->frequency_Hz =
        (struct estimate){0.0, 0.0, RULE_OF_THREE / observed_s};
    result->stolen_share = NAN;
    result->observed_s = observed_s;
}

/* Of what records that know of steal have lost, and that part of it. */
static double stolen_share(int n_records, const struct raw_detours record[])
{
    double stolen_s = 0.0, lost_s = 0.0;
    for (int i = 0; i < n_records; i++) {
        if (isnan(record[i].stolen_s))
            continue;
        stolen_s += record[i].stolen_s;
        lost_s += record[i].shorter_s;
        for (int j = 0; j < record[i].n; j++)
            lost_s += record[i].length_s[j];
    }
    return lost_s > 0.0 ? fmin(1.0, stolen_s / lost_s) : NAN;
}

static int set_numbers(int n_records, const struct raw_detours record[],
                       const struct resampling *how, struct detour_fit *result)
{
    struct estimate number[N_NUMBERS];
    struct observations observations = {
        .n_windows = n_records * WINDOWS,
        .window = calloc((size_t)(n_records * WINDOWS), sizeof(struct window))};
    if (observations.window == NULL)
        return -ENOMEM;
    int error = find_unseen(n_records, record, &observations.unseen);
    for (int i = 0; i < n_records; i++)
        fill_windows(&record[i], &observations.window[i * WINDOWS]);
    if (error == 0)
        error = resample_estimates(observations.n_windows, NULL, fit_numbers, &observations,
                                   N_NUMBERS, how, number);
    free(observations.window);
    if (error < 0)
        return error;
    result->rate_Hz = number[RATE];
    result->length_s = number[LENGTH];
    result->spread = number[SPREAD];
    result->frequency_Hz = number[FREQUENCY];
    result->lost = number[LOST];
    result->unseen_share = observations.unseen.n / (1.0 + observations.unseen.n);
    result->stolen_share = stolen_share(n_records, record);
    return 0;
}

int detours_fit(int n_records, const struct raw_detours record[], const struct resampling *how,
                struct detour_fit *result)
{
    struct detour_fit fitted = {.n_sources = 0};
    for (int i = 0; i < n_records; i++) {
        if (!is_valid(&record[i]))
            return -EINVAL;
        fitted.observed_s += record[i].observed_s;
        fitted.n_seen += record[i].n + record[i].n_shorter;
    }
    if (n_records < 1)
        return -EDOM;
    if (fitted.n_seen <= 0.0) {
        set_quiet(fitted.observed_s, &fitted);
        *result = fitted;
        return 0;
    }
    int error = set_numbers(n_records, record, how, &fitted);
    if (error == 0)
        error = fitted.n_sources = detour_sources(n_records, record, fitted.source);
    if (error < 0)
        return error;
    *result = fitted;
    return 0;
}
