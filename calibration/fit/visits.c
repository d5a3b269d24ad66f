#include "calibration/fit/visits.h"

#include "calibration/fit/visit_table.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Two neighbouring sizes differ by this much for reasons that no model has: alignment, cache lines,
 * descriptors. */
static const double UNEVENNESS = 0.005;

/* Sizes on both sides that tell the spread at a size. */
enum { SPREAD_REACH = 4 };

/* And how rough times are around it: more, as two of them are in each jump. */
enum { ROUGHNESS_REACH = 8 };

/* Times are rough where they are so many times further from their neighbours than visits explain:
 * the few neighbours there are tell it no better. */
static const double ROUGH = 2.0;

double median_of(int n, double values[])
{
    assert(n >= 1);
    return gsl_stats_median(values, 1, (size_t)n);
}

/* --- the table ------------------------------------------------------------------------------- */

static int compare_visits(const void *first, const void *second)
{
    const struct visit_median *a = first, *b = second;
    if (a->size_B != b->size_B)
        return a->size_B < b->size_B ? -1 : 1;
    if (a->launch != b->launch)
        return a->launch < b->launch ? -1 : 1;
    return a->order - b->order;
}

static bool is_sound(const struct timed_visit *visit)
{
    if (!isfinite(visit->size_B) || visit->size_B < 0.0 || visit->n < 1)
        return false;
    for (int i = 0; i < visit->n; i++)
        if (!isfinite(visit->times_s[i]) || visit->times_s[i] <= 0.0)
            return false;
    return true;
}

static int most_repetitions(const struct visit_series *series)
{
    int most = 1;
    for (int i = 0; i < series->n; i++)
        if (series->visits[i].n > most)
            most = series->visits[i].n;
    return most;
}

static void index_sizes(struct visit_table *table)
{
    table->n_sizes = 0;
    for (int i = 0; i < table->n_visits; i++)
        if (i == 0 || table->visits[i].size_B != table->visits[i - 1].size_B)
            table->first[table->n_sizes++] = i;
    table->first[table->n_sizes] = table->n_visits;
}

int visit_table_init(const struct visit_series *series, struct visit_table *table)
{
    *table = (struct visit_table){.n_visits = series->n};
    if (series->n < 1)
        return -EINVAL;
    for (int i = 0; i < series->n; i++)
        if (!is_sound(&series->visits[i]))
            return -EINVAL;

    double *times_s = calloc((size_t)most_repetitions(series), sizeof *times_s);
    table->visits = calloc((size_t)series->n, sizeof *table->visits);
    table->first = calloc((size_t)series->n + 1, sizeof *table->first);
    if (!times_s || !table->visits || !table->first) {
        free(times_s);
        visit_table_release(table);
        return -ENOMEM;
    }
    for (int i = 0; i < series->n; i++) {
        const struct timed_visit *visit = &series->visits[i];
        memcpy(times_s, visit->times_s, (size_t)visit->n * sizeof *times_s);
        table->visits[i] = (struct visit_median){.size_B = visit->size_B,
                                                 .launch = visit->launch,
                                                 .order = i,
                                                 .median_s = median_of(visit->n, times_s)};
    }
    free(times_s);
    qsort(table->visits, (size_t)series->n, sizeof *table->visits, compare_visits);
    index_sizes(table);
    return 0;
}

void visit_table_release(struct visit_table *table)
{
    free(table->visits);
    free(table->first);
    *table = (struct visit_table){0};
}

static int n_visits_at(const struct visit_table *table, int size)
{
    return table->first[size + 1] - table->first[size];
}

static int most_visits(const struct visit_table *table)
{
    int most = 1;
    for (int i = 0; i < table->n_sizes; i++)
        if (n_visits_at(table, i) > most)
            most = n_visits_at(table, i);
    return most;
}

/* Median of every second visit of a size from `start` on, or of all with a step of 1. */
static double location_s(const struct visit_table *table, int size, int start, int step,
                         double scratch[])
{
    int n = 0;
    for (int i = table->first[size] + start; i < table->first[size + 1]; i += step)
        scratch[n++] = table->visits[i].median_s;
    return median_of(n, scratch);
}

/* --- spread ---------------------------------------------------------------------------------- */

/* Relative deviations of all visits from the location of their size. They are from a centre that
 * those visits chose, which makes few of them too small. */
static void deviate(const struct visit_table *table, double scratch[], double deviation[])
{
    for (int size = 0; size < table->n_sizes; size++) {
        const double location = location_s(table, size, 0, 1, scratch);
        const double n = n_visits_at(table, size);
        for (int i = table->first[size]; i < table->first[size + 1]; i++)
            deviation[i] =
                n > 1.0 ? fabs(log(table->visits[i].median_s / location)) * sqrt(n / (n - 1.0))
                        : NAN;
    }
}

int visit_table_spread(const struct visit_table *table, int reach, double spread[])
{
    double *scratch = calloc((size_t)table->n_visits, sizeof *scratch);
    double *deviation = calloc((size_t)table->n_visits, sizeof *deviation);
    if (!scratch || !deviation) {
        free(scratch);
        free(deviation);
        return -ENOMEM;
    }
    deviate(table, scratch, deviation);
    for (int size = 0; size < table->n_sizes; size++) {
        const int from = size > reach ? size - reach : 0;
        const int to = size + reach < table->n_sizes ? size + reach : table->n_sizes - 1;
        int n = 0;
        for (int i = table->first[from]; i < table->first[to + 1]; i++)
            if (isfinite(deviation[i]))
                scratch[n++] = deviation[i];
        spread[size] = n > 0 ? DEVIATION_PER_MAD * median_of(n, scratch) : NAN;
    }
    free(scratch);
    free(deviation);
    return 0;
}

/* --- locations ------------------------------------------------------------------------------- */

static void locate(const struct visit_table *table, const double spread[], double scratch[],
                   struct segment_point points[])
{
    for (int i = 0; i < table->n_sizes; i++) {
        const double noise = isfinite(spread[i]) ? spread[i] : 0.0;
        const double variance =
            MEDIAN_VARIANCE * noise * noise / n_visits_at(table, i) + UNEVENNESS * UNEVENNESS;
        points[i] = (struct segment_point){.size_B = table->visits[table->first[i]].size_B,
                                           .time_s = location_s(table, i, 0, 1, scratch),
                                           .weight = 1.0 / variance};
    }
}

/* How far a point is from the line between its neighbours, in standard deviations of points of one
 * line with relative noise 1. */
static double distance_from_neighbours(const struct segment_point *point)
{
    const double part = (point[0].size_B - point[-1].size_B) / (point[1].size_B - point[-1].size_B);
    const double line_s = point[-1].time_s + part * (point[1].time_s - point[-1].time_s);
    return fabs(point->time_s - line_s) / line_s /
           sqrt(1.0 + part * part + (1.0 - part) * (1.0 - part));
}

/*
 * Some sizes agree with themselves, visit after visit, and not with their neighbours. A jump is two
 * distances from neighbours and leaves the median of a window alone; a rough stretch is all of
 * them, and its points weigh as little as that tells.
 */
static void weigh_roughness(int n, struct segment_point points[])
{
    for (int i = 0; i < n; i++) {
        const int from = i > ROUGHNESS_REACH ? i - ROUGHNESS_REACH : 1;
        const int to = i + ROUGHNESS_REACH < n - 1 ? i + ROUGHNESS_REACH : n - 2;
        if (to - from < ROUGHNESS_REACH)
            continue;
        double distances[2 * ROUGHNESS_REACH + 1];
        int n_distances = 0;
        for (int k = from; k <= to; k++)
            distances[n_distances++] = distance_from_neighbours(&points[k]);
        const double roughness = DEVIATION_PER_MAD * median_of(n_distances, distances);
        if (roughness * roughness * points[i].weight > ROUGH * ROUGH)
            points[i].weight = 1.0 / (roughness * roughness);
    }
}

int visits_locate(const struct visit_series *visits, struct segment_series *located)
{
    struct visit_table table;
    int status = visit_table_init(visits, &table);
    if (status)
        return status;

    struct segment_point *points = calloc((size_t)table.n_sizes, sizeof *points);
    double *spread = calloc((size_t)table.n_sizes, sizeof *spread);
    double *scratch = calloc((size_t)most_visits(&table), sizeof *scratch);
    status =
        !points || !spread || !scratch ? -ENOMEM : visit_table_spread(&table, SPREAD_REACH, spread);
    if (!status) {
        locate(&table, spread, scratch, points);
        weigh_roughness(table.n_sizes, points);
        *located = (struct segment_series){.n = table.n_sizes, .points = points};
        points = NULL;
    }
    free(points);
    free(spread);
    free(scratch);
    visit_table_release(&table);
    return status;
}

void located_release(struct segment_series *located)
{
    free(located->points);
    *located = (struct segment_series){0};
}

/* --- the noise floor ------------------------------------------------------------------------- */

/* Quantile over sizes of the relative difference of halves. */
static double difference_of_halves(const struct visit_series *visits, double fraction)
{
    struct visit_table table;
    if (visit_table_init(visits, &table))
        return NAN;

    double result = NAN;
    double *difference = calloc((size_t)table.n_sizes, sizeof *difference);
    double *scratch = calloc((size_t)most_visits(&table), sizeof *scratch);
    int n = 0;
    if (difference && scratch)
        for (int i = 0; i < table.n_sizes; i++)
            if (n_visits_at(&table, i) >= 2)
                difference[n++] = fabs(log(location_s(&table, i, 0, 2, scratch) /
                                           location_s(&table, i, 1, 2, scratch)));
    if (n > 0) {
        gsl_sort(difference, 1, (size_t)n);
        result = gsl_stats_quantile_from_sorted_data(difference, 1, (size_t)n, fraction);
    }
    free(difference);
    free(scratch);
    visit_table_release(&table);
    return result;
}

double visits_noise_floor(const struct visit_series *visits)
{
    return difference_of_halves(visits, 0.5);
}

double visits_noise_tail(const struct visit_series *visits)
{
    return difference_of_halves(visits, 0.95);
}
