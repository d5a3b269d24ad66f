#include "detour_sources.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_fft_real.h>
#include <math.h>
#include <stdlib.h>

/* Spectra reach so far: no usual timer is faster. */
static const double HIGHEST_HZ = 2000.0;
/* Time is cut into so many pieces of the shortest period, which dims it by 10 % only. */
static const double PIECES_OF_PERIOD = 4.0;
/* A source must have ticked so often. */
static const double FEWEST_TICKS = 10.0;
/* Random times make a peak of this power in one of e^20 frequencies. */
static const double SIGNIFICANT_POWER = 20.0;
/* A peak of this part of the highest is as strong: of a source's multiples, all are. */
static const double AS_STRONG = 0.5;
/* Part of a period before and after a tick in which a detour is the tick's. */
static const double NEAR_TICK = 0.05;
/* Of its ticks, a source shows at least so many. */
static const double FEWEST_SEEN = 0.5;
/* Golden sections that bring a frequency from a step of the spectrum to rounding. */
enum { SECTIONS = 40 };

/* Longest spectrum: 2^21 pieces are 262 s of detours at 8 pieces a millisecond. */
enum { LONGEST_SPECTRUM = 1 << 21 };

/* What is left of a record. */
struct train {
    const struct raw_detours *record;
    bool *is_taken; /* of each detour: it has a source */
};

struct trains {
    int n;
    struct train *train;
    double longest_s, total_s; /* observed */
};

static double start_of(const struct train *train, int i)
{
    return train->record->start_s[i] - train->record->start_s[0];
}

static double square(double x)
{
    return x * x;
}

/* Sum of all detours as turning pointers at a frequency. */
struct pointer {
    double re, im;
    int n;
};

static struct pointer pointer_at(const struct train *train, double frequency_Hz)
{
    struct pointer sum = {.n = 0};
    for (int i = 0; i < train->record->n; i++) {
        if (train->is_taken[i])
            continue;
        const double angle = 2.0 * M_PI * fmod(frequency_Hz * start_of(train, i), 1.0);
        sum.re += cos(angle);
        sum.im += sin(angle);
        sum.n++;
    }
    return sum;
}

/* Power of all records; 1 a record on average where times are random. */
static double power_at(const struct trains *trains, double frequency_Hz)
{
    double power = 0.0;
    for (int i = 0; i < trains->n; i++) {
        const struct pointer sum = pointer_at(&trains->train[i], frequency_Hz);
        if (sum.n > 0)
            power += (square(sum.re) + square(sum.im)) / sum.n;
    }
    return power;
}

/* Adds one record's spectrum of n / 2 + 1 powers. `series` has room for n. */
static void add_spectrum(const struct train *train, double piece_s, size_t n, double series[],
                         double power[])
{
    int n_detours = 0;
    for (size_t i = 0; i < n; i++)
        series[i] = 0.0;
    for (int i = 0; i < train->record->n; i++) {
        const double piece = start_of(train, i) / piece_s;
        if (train->is_taken[i] || piece >= (double)n)
            continue;
        series[(size_t)piece] += 1.0;
        n_detours++;
    }
    if (n_detours == 0)
        return;
    gsl_fft_real_radix2_transform(series, 1, n);
    for (size_t i = 1; i < n / 2; i++)
        power[i] += (square(series[i]) + square(series[n - i])) / n_detours;
}

/* The lowest frequency that is as strong as any, to a step of the spectrum; 0: none is. */
static double strongest_step(const struct trains *trains, double piece_s, size_t n, double series[],
                             double power[])
{
    for (size_t i = 0; i < n / 2; i++)
        power[i] = 0.0;
    for (int i = 0; i < trains->n; i++)
        add_spectrum(&trains->train[i], piece_s, n, series, power);

    const double step_Hz = 1.0 / (piece_s * (double)n);
    const size_t first = (size_t)ceil(FEWEST_TICKS / trains->longest_s / step_Hz);
    const size_t last = (size_t)fmin((double)(n / 2 - 1), HIGHEST_HZ / step_Hz);
    double highest = 0.0;
    for (size_t i = first; i <= last; i++)
        highest = fmax(highest, power[i]);
    if (highest < SIGNIFICANT_POWER + trains->n)
        return 0.0;
    for (size_t i = first; i <= last; i++) {
        if (power[i] < AS_STRONG * highest)
            continue;
        while (i < last && power[i + 1] > power[i])
            i++;
        return (double)i * step_Hz;
    }
    return 0.0;
}

/* The peak within a step of `frequency_Hz`. */
static double refine(const struct trains *trains, double frequency_Hz, double step_Hz)
{
    const double golden = (sqrt(5.0) - 1.0) / 2.0;
    double lo = frequency_Hz - step_Hz, hi = frequency_Hz + step_Hz;
    for (int section = 0; section < SECTIONS; section++) {
        const double left = hi - golden * (hi - lo), right = lo + golden * (hi - lo);
        if (power_at(trains, left) > power_at(trains, right))
            hi = right;
        else
            lo = left;
    }
    return (lo + hi) / 2.0;
}

/* Returns 0 where nothing ticks, -ENOMEM. */
static int find_frequency(const struct trains *trains, double *frequency_Hz)
{
    const double piece_s = 1.0 / (PIECES_OF_PERIOD * HIGHEST_HZ);
    /* Twice as long as the times, so that no peak falls between two steps. */
    size_t n = 1;
    while ((double)n < 2.0 * trains->longest_s / piece_s && n < LONGEST_SPECTRUM)
        n *= 2;
    double *series = calloc(n, sizeof *series), *power = calloc(n / 2 + 1, sizeof *power);
    const int error = series == NULL || power == NULL ? -ENOMEM : 0;
    *frequency_Hz = 0.0;
    if (error == 0 && n >= 8)
        *frequency_Hz = strongest_step(trains, piece_s, n, series, power);
    if (*frequency_Hz > 0.0)
        *frequency_Hz = refine(trains, *frequency_Hz, 1.0 / (piece_s * (double)n));
    free(series);
    free(power);
    return error;
}

/* Parts of a period from a tick, -0.5..0.5. */
static double distance(const struct train *train, int i, double frequency_Hz, double phase)
{
    const double cycles = frequency_Hz * start_of(train, i) - phase;
    return cycles - round(cycles);
}

static double phase_of(const struct train *train, double frequency_Hz)
{
    const struct pointer sum = pointer_at(train, frequency_Hz);
    return atan2(sum.im, sum.re) / (2.0 * M_PI);
}

/* Sums over a source's detours. */
struct tally {
    int n;
    double length_s, length2_s2, distance2;
};

static void count(struct tally *tally, double length_s, double from_tick)
{
    tally->n++;
    tally->length_s += length_s;
    tally->length2_s2 += square(length_s);
    tally->distance2 += square(from_tick);
}

/* The detours near ticks; `takes` marks them as this source's. */
static struct tally near_ticks(const struct trains *trains, double frequency_Hz, bool takes)
{
    struct tally tally = {.n = 0};
    for (int i = 0; i < trains->n; i++) {
        const struct train *train = &trains->train[i];
        const double phase = phase_of(train, frequency_Hz);
        for (int j = 0; j < train->record->n; j++) {
            const double from_tick = distance(train, j, frequency_Hz, phase);
            if (train->is_taken[j] || fabs(from_tick) > NEAR_TICK)
                continue;
            count(&tally, train->record->length_s[j], from_tick);
        }
        for (int j = 0; j < train->record->n && takes; j++)
            train->is_taken[j] |= fabs(distance(train, j, frequency_Hz, phase)) <= NEAR_TICK;
    }
    return tally;
}

static struct detour_source source_of(const struct tally *tally, double all_s)
{
    const double mean_s = tally->length_s / tally->n;
    const double variance = fmax(0.0, tally->length2_s2 / tally->n - square(mean_s));
    return (struct detour_source){
        .length_s = mean_s, .spread = sqrt(variance) / mean_s, .share = tally->length_s / all_s};
}

/* Takes a periodic source out of the trains. Returns 1, 0 where there is none, -ENOMEM. */
static int take_periodic(struct trains *trains, double all_s, struct detour_source *source)
{
    double frequency_Hz;
    const int error = find_frequency(trains, &frequency_Hz);
    if (error < 0 || frequency_Hz <= 0.0)
        return error;
    const struct tally tally = near_ticks(trains, frequency_Hz, false);
    if (tally.n < FEWEST_SEEN * frequency_Hz * trains->total_s)
        return 0;
    near_ticks(trains, frequency_Hz, true);
    *source = source_of(&tally, all_s);
    source->is_periodic = true;
    /* A line through the distances of n ticks, evenly over the time of a record, has this slope's
     * error in cycles a second; 1.96 of it are the interval. */
    const double error_Hz = sqrt(12.0 * tally.distance2 / tally.n / tally.n) / trains->longest_s;
    source->frequency_Hz = (struct estimate){frequency_Hz, frequency_Hz - 1.96 * error_Hz,
                                             frequency_Hz + 1.96 * error_Hz};
    return 1;
}

/* What no source has taken; false where that is nothing. */
static bool take_rest(const struct trains *trains, double all_s, struct detour_source *source)
{
    struct tally tally = {.n = 0};
    for (int i = 0; i < trains->n; i++) {
        const struct train *train = &trains->train[i];
        for (int j = 0; j < train->record->n; j++) {
            if (!train->is_taken[j])
                count(&tally, train->record->length_s[j], 0.0);
        }
    }
    if (tally.n == 0)
        return false;
    *source = source_of(&tally, all_s);
    source->frequency_Hz = (struct estimate){
        tally.n / trains->total_s, gsl_cdf_chisq_Pinv(0.025, 2.0 * tally.n) / 2.0 / trains->total_s,
        gsl_cdf_chisq_Pinv(0.975, 2.0 * tally.n + 2.0) / 2.0 / trains->total_s};
    return true;
}

static int by_share(const void *a, const void *b)
{
    const struct detour_source *x = a, *y = b;
    return (x->share < y->share) - (x->share > y->share);
}

static int find_sources(struct trains *trains, struct detour_source source[])
{
    double all_s = 0.0;
    for (int i = 0; i < trains->n; i++) {
        for (int j = 0; j < trains->train[i].record->n; j++)
            all_s += trains->train[i].record->length_s[j];
    }
    int n_sources = 0;
    while (n_sources < DETOUR_SOURCES - 1) {
        const int found = take_periodic(trains, all_s, &source[n_sources]);
        if (found < 0)
            return found;
        if (found == 0)
            break;
        n_sources++;
    }
    n_sources += take_rest(trains, all_s, &source[n_sources]);
    qsort(source, (size_t)n_sources, sizeof *source, by_share);
    return n_sources;
}

int detour_sources(int n_records, const struct raw_detours record[],
                   struct detour_source source[DETOUR_SOURCES])
{
    struct trains trains = {.n = n_records,
                            .train = calloc((size_t)n_records, sizeof(struct train))};
    int result = trains.train != NULL ? 0 : -ENOMEM;
    for (int i = 0; i < n_records && result == 0; i++) {
        trains.train[i].record = &record[i];
        trains.train[i].is_taken = calloc((size_t)record[i].n + 1, sizeof(bool));
        trains.longest_s = fmax(trains.longest_s, record[i].observed_s);
        trains.total_s += record[i].observed_s;
        if (trains.train[i].is_taken == NULL)
            result = -ENOMEM;
    }
    if (result == 0)
        result = find_sources(&trains, source);
    for (int i = 0; i < n_records && trains.train != NULL; i++)
        free(trains.train[i].is_taken);
    free(trains.train);
    return result;
}
