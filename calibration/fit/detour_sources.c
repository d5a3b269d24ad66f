#include "detour_sources.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_fft_real.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
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
/* Part of a period before and after a tick in which a detour may be the tick's; */
static const double NEAR_TICK = 0.05;
/* it is within so many standard deviations of those, or so many looks. */
static const double NEAR_DEVIATIONS = 6.0, NEAR_LOOKS = 4.0;
/* Standard deviation of a normal distribution whose median absolute deviation is 1. */
static const double NORMAL_MAD = 1.4826;
/* Lines through ticks, each by those that are near the last one. */
enum { LINES = 4 };
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
    double *room_s;            /* for the lengths of all detours */
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
    const size_t half = n / 2;
    for (size_t i = 0; i < half; i++)
        power[i] = 0.0;
    for (int i = 0; i < trains->n; i++)
        add_spectrum(&trains->train[i], piece_s, n, series, power);

    const double step_Hz = 1.0 / (piece_s * (double)n);
    const size_t first = (size_t)ceil(FEWEST_TICKS / trains->longest_s / step_Hz);
    const size_t last = (size_t)fmin((double)(half - 1), HIGHEST_HZ / step_Hz);
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

/* When a source ticks: at a frequency, in each record at a phase of its own. */
struct ticks {
    double frequency_Hz, error_Hz; /* standard error */
    double *phase;                 /* of each record, in periods */
    double near;                   /* detours this far from a tick, in periods, are the source's */
};

/* Periods from a tick, -0.5..0.5. */
static double distance(const struct trains *trains, const struct ticks *ticks, int train,
                       int detour)
{
    const double cycles = ticks->frequency_Hz * start_of(&trains->train[train], detour);
    return cycles - ticks->phase[train] - round(cycles - ticks->phase[train]);
}

static bool is_near(const struct trains *trains, const struct ticks *ticks, int train, int detour)
{
    return !trains->train[train].is_taken[detour] &&
           fabs(distance(trains, ticks, train, detour)) <= ticks->near;
}

/* Sums over one record's detours near ticks: their times and distances from ticks. */
struct moments {
    double n, t, d, tt, td, dd;
};

static struct moments moments_of(const struct trains *trains, const struct ticks *ticks, int train)
{
    struct moments sum = {.n = 0.0};
    for (int i = 0; i < trains->train[train].record->n; i++) {
        if (!is_near(trains, ticks, train, i))
            continue;
        const double t = start_of(&trains->train[train], i);
        const double d = distance(trains, ticks, train, i);
        sum.n += 1.0;
        sum.t += t;
        sum.d += d;
        sum.tt += t * t;
        sum.td += t * d;
        sum.dd += d * d;
    }
    return sum;
}

/* Least squares of distances over time: one slope, which is what the frequency lacks, and each
 * record's phase. */
static void draw_line(const struct trains *trains, struct ticks *ticks, struct moments moments[])
{
    double tt = 0.0, td = 0.0, dd = 0.0, freedom = -1.0;
    for (int i = 0; i < trains->n; i++) {
        const struct moments *sum = &moments[i];
        if (sum->n < 1.0)
            continue;
        tt += sum->tt - sum->t * sum->t / sum->n;
        td += sum->td - sum->t * sum->d / sum->n;
        dd += sum->dd - sum->d * sum->d / sum->n;
        freedom += sum->n - 1.0;
    }
    if (tt <= 0.0 || freedom < 1.0)
        return;
    const double slope_Hz = td / tt;
    ticks->error_Hz = sqrt(fmax(0.0, dd - slope_Hz * td) / freedom / tt);
    ticks->frequency_Hz -= slope_Hz;
    for (int i = 0; i < trains->n; i++) {
        if (moments[i].n > 0.0)
            ticks->phase[i] += (moments[i].d - slope_Hz * moments[i].t) / moments[i].n;
    }
}

/* Brings the limit of what is near down to what most ticks are. */
static void narrow(const struct trains *trains, struct ticks *ticks)
{
    size_t n = 0;
    double look_s = 0.0;
    for (int i = 0; i < trains->n; i++) {
        look_s = fmax(look_s, trains->train[i].record->quantum_s);
        for (int j = 0; j < trains->train[i].record->n; j++) {
            if (is_near(trains, ticks, i, j))
                trains->room_s[n++] = fabs(distance(trains, ticks, i, j));
        }
    }
    if (n == 0)
        return;
    gsl_sort(trains->room_s, 1, n);
    const double deviation = NORMAL_MAD * gsl_stats_median_from_sorted_data(trains->room_s, 1, n);
    ticks->near = fmin(
        ticks->near, fmax(NEAR_DEVIATIONS * deviation, NEAR_LOOKS * look_s * ticks->frequency_Hz));
}

/* Frequency and phases from the ticks themselves: in a spectrum all other detours pull at them. */
static int find_ticks(const struct trains *trains, double frequency_Hz, struct ticks *ticks)
{
    *ticks = (struct ticks){.frequency_Hz = frequency_Hz,
                            .near = NEAR_TICK,
                            .phase = calloc((size_t)trains->n, sizeof(double))};
    struct moments *moments = calloc((size_t)trains->n, sizeof *moments);
    const int error = ticks->phase == NULL || moments == NULL ? -ENOMEM : 0;
    for (int i = 0; i < trains->n && error == 0; i++) {
        const struct pointer sum = pointer_at(&trains->train[i], frequency_Hz);
        ticks->phase[i] = atan2(sum.im, sum.re) / (2.0 * M_PI);
    }
    for (int line = 0; line < LINES && error == 0; line++) {
        for (int i = 0; i < trains->n; i++)
            moments[i] = moments_of(trains, ticks, i);
        draw_line(trains, ticks, moments);
        narrow(trains, ticks);
    }
    free(moments);
    return error;
}

/* Sums over a source's detours, and their lengths. */
struct tally {
    int n;
    double length_s, length2_s2;
    double *list_s; /* room for all */
};

static void count(struct tally *tally, double length_s)
{
    tally->list_s[tally->n] = length_s;
    tally->n++;
    tally->length_s += length_s;
    tally->length2_s2 += square(length_s);
}

static struct tally count_near(const struct trains *trains, const struct ticks *ticks)
{
    struct tally tally = {.list_s = trains->room_s};
    for (int i = 0; i < trains->n; i++) {
        for (int j = 0; j < trains->train[i].record->n; j++) {
            if (is_near(trains, ticks, i, j))
                count(&tally, trains->train[i].record->length_s[j]);
        }
    }
    return tally;
}

static void take_near(const struct trains *trains, const struct ticks *ticks)
{
    for (int i = 0; i < trains->n; i++) {
        for (int j = 0; j < trains->train[i].record->n; j++)
            trains->train[i].is_taken[j] |= is_near(trains, ticks, i, j);
    }
}

static struct detour_source source_of(const struct tally *tally, double all_s)
{
    const double mean_s = tally->length_s / tally->n;
    const double variance = fmax(0.0, tally->length2_s2 / tally->n - square(mean_s));
    gsl_sort(tally->list_s, 1, (size_t)tally->n);
    return (struct detour_source){
        .length_s = mean_s,
        .median_s = gsl_stats_median_from_sorted_data(tally->list_s, 1, (size_t)tally->n),
        .spread = sqrt(variance) / mean_s,
        .share = tally->length_s / all_s};
}

/* Takes a periodic source out of the trains. Returns 1, 0 where there is none, -ENOMEM. */
static int take_periodic(struct trains *trains, double all_s, struct detour_source *source)
{
    struct ticks ticks;
    double frequency_Hz;
    int result = find_frequency(trains, &frequency_Hz);
    if (result < 0 || frequency_Hz <= 0.0)
        return result;
    result = find_ticks(trains, frequency_Hz, &ticks);
    if (result == 0) {
        const struct tally tally = count_near(trains, &ticks);
        /* A tick while the core is away already is none that can be seen. */
        result = tally.n >= FEWEST_SEEN * ticks.frequency_Hz * (trains->total_s - all_s);
        if (result == 1) {
            *source = source_of(&tally, all_s);
            take_near(trains, &ticks);
            source->is_periodic = true;
            source->frequency_Hz =
                (struct estimate){ticks.frequency_Hz, ticks.frequency_Hz - 1.96 * ticks.error_Hz,
                                  ticks.frequency_Hz + 1.96 * ticks.error_Hz};
        }
    }
    free(ticks.phase);
    return result;
}

/* What no source has taken; false where that is nothing. */
static bool take_rest(const struct trains *trains, double all_s, struct detour_source *source)
{
    struct tally tally = {.list_s = trains->room_s};
    for (int i = 0; i < trains->n; i++) {
        const struct train *train = &trains->train[i];
        for (int j = 0; j < train->record->n; j++) {
            if (!train->is_taken[j])
                count(&tally, train->record->length_s[j]);
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
    int n_detours = 0;
    for (int i = 0; i < n_records; i++)
        n_detours += record[i].n;
    trains.room_s = calloc((size_t)n_detours + 1, sizeof(double));
    int result = trains.train != NULL && trains.room_s != NULL ? 0 : -ENOMEM;
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
    free(trains.room_s);
    return result;
}
