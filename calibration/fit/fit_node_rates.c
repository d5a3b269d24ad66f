/*
 * fit_node_rates.c - how fast a core computes, alone and beside all others, by class of work.
 */
#include "fit_node.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Data of a vector loop that no cache but the nearest has to hold. */
static const double smallest_triad_B = 16384.0;

struct dataset_slice node_slice(const struct fitted *fitted, enum raw_operation operation)
{
    struct dataset_slice all = {0, NULL};
    const struct dataset *dataset = fitted->dataset;
    for (int i = 0; i < dataset->n_points; i++) {
        const struct dataset_point *point = &dataset->points[i];
        if (point->operation != operation || point->load != RAW_IDLE)
            continue;
        if (all.n++ == 0)
            all.points = point;
    }
    return all;
}

int node_cores(const struct fitted *fitted)
{
    const int n_ranks = dataset_ranks_per_host(fitted->dataset);
    return fitted->machine.n_cores > 0 ? fitted->machine.n_cores : n_ranks > 0 ? n_ranks : 1;
}

double node_cache_B(const struct fitted *fitted)
{
    return fitted->machine.core_cache_B + fitted->machine.socket_cache_B;
}

int rate_totals(const struct fitted *fitted, enum raw_operation operation, work_of_point *work,
                struct rate_totals *totals)
{
    const struct dataset_slice slice = node_slice(fitted, operation);
    *totals = (struct rate_totals){0};
    totals->points = calloc((size_t)dataset_count_visits(&slice) + 1, sizeof *totals->points);
    if (!totals->points)
        return -ENOMEM;
    for (int i = 0; i < slice.n; i++) {
        const struct dataset_point *point = &slice.points[i];
        const double units = work(fitted, point);
        const double part = units > 0.0 ? node_undisturbed_part(fitted, point) : 1.0;
        totals->n_points += units > 0.0;
        for (int j = 0; j < point->n_visits && units > 0.0; j++)
            totals->points[totals->n++] = (struct saturation_point){
                .n_active = point->n_active,
                .total = point->n_active * units / (part * point->visits[j].median_s),
                .group = dataset_block(&point->visits[j]),
                .launch = point->visits[j].launch,
            };
    }
    return 0;
}

/* --- what a point of each class stands for ------------------------------------------------------
 */

static double count_of(const struct fitted *fitted, const struct dataset_point *point)
{
    (void)fitted;
    return point->argument[0];
}

static double largest_fft_B(const struct fitted *fitted)
{
    const struct dataset_slice slice = node_slice(fitted, RAW_FFT);
    double largest_B = 0.0;
    for (int i = 0; i < slice.n; i++)
        largest_B = fmax(largest_B, slice.points[i].size_B);
    return largest_B;
}

/* Programs transform long vectors in steps through memory; what caches hold goes faster. */
static double fft_flops(const struct fitted *fitted, const struct dataset_point *point)
{
    const double n = point->argument[0];
    return point->size_B == largest_fft_B(fitted) ? 5.0 * n * log2(n) : 0.0;
}

/* Two flops for each 24 B that a triad moves. */
static double triad_flops(const struct fitted *fitted, const struct dataset_point *point)
{
    (void)fitted;
    return point->size_B <= smallest_triad_B ? 2.0 * point->argument[0] / 24.0 : 0.0;
}

static double largest_multiply(const struct fitted *fitted)
{
    const struct dataset_slice slice = node_slice(fitted, RAW_DGEMM);
    double largest = 0.0;
    for (int i = 0; i < slice.n; i++) {
        const double *side = slice.points[i].argument;
        largest = fmax(largest, side[0] * side[1] * side[2]);
    }
    return largest;
}

/* So many flops that the rate comes out as that of matrices without bounds. Of shapes that the
 * polynomial is good at: programs multiply those, and others would give its error for a rate. */
static double dgemm_flops(const struct fitted *fitted, const struct dataset_point *point)
{
    const double m = point->argument[0], n = point->argument[1], k = point->argument[2];
    if (m * n * k < fmin(DGEMM_LEAST_BLOCKED, largest_multiply(fitted)))
        return 0.0;
    if (fitted->has_dgemm)
        return fitted->dgemm.rate_flops.value * dgemm_fit_time_s(&fitted->dgemm, m, n, k);
    return 2.0 * m * n * k;
}

/* --- rates --------------------------------------------------------------------------------------
 */

static const struct {
    enum work_class class;
    enum raw_operation operation;
    work_of_point *work;
    const char *what;
} classes[] = {
    {WORK_DGEMM, RAW_DGEMM, dgemm_flops, "matrix multiply, random data"},
    {WORK_MEMORY, RAW_TRIAD, triad_flops, "triad in the nearest cache"},
    {WORK_FFT, RAW_FFT, fft_flops, "FFT of the longest vectors"},
    {WORK_INTEGER, RAW_INTEGER, count_of, "sorting"},
    {WORK_SCALAR, RAW_SCALAR, count_of, "dependent operations"},
};

static void set_rate(struct fitted *fitted, size_t class, const struct active_rate *rate)
{
    struct core_rate *to = &fitted->node.rate_flops[classes[class].class];
    const struct dataset_slice slice = node_slice(fitted, classes[class].operation);
    const char *source = fitted_source(fitted, &slice, classes[class].what);
    to->alone = fitted_parameter(rate->alone, source);
    if (isfinite(rate->full_node.value))
        to->full_node = fitted_parameter(rate->full_node, source);
    else
        fitted_note(fitted, NOTE_MISSING, PART_NODE,
                    "rates.%s with all cores at work is taken for that of one: measure with a "
                    "rank on each core",
                    work_class_names[classes[class].class]);
}

static int fit_class(struct fitted *fitted, size_t class)
{
    struct rate_totals totals;
    struct active_rate rate;
    int status = rate_totals(fitted, classes[class].operation, classes[class].work, &totals);
    if (status == 0)
        status = active_rate_fit(totals.n, totals.points, node_cores(fitted), &fitted->resampling,
                                 &rate);
    free(totals.points);
    if (status == 0)
        set_rate(fitted, class, &rate);
    else if (status != -ENOMEM)
        fitted_note(fitted, NOTE_MISSING, PART_NODE,
                    "rates.%s: no %s of one rank alone: measure with --only %s",
                    work_class_names[classes[class].class], classes[class].what,
                    raw_operation_names[classes[class].operation]);
    return status == -ENOMEM ? status : 0;
}

int fit_node_rates(struct fitted *fitted)
{
    int status = 0;
    for (size_t i = 0; i < sizeof classes / sizeof *classes && status == 0; i++)
        status = fit_class(fitted, i);
    return status;
}
