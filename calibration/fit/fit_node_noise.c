/*
 * fit_node_noise.c - detours of cores, and the disk.
 */
#include "detour_fit.h"
#include "disk_fit.h"
#include "fit_node.h"
#include "models/noise.h"

#include <errno.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* --- noise --------------------------------------------------------------------------------------
 */

/* What an idle operating system takes: ticks of 1 kHz, and daemons now and then, stay below. */
static const double most_of_quiet = 0.01;

static int gather_detours(const struct dataset *dataset, struct raw_detours records[])
{
    int n = 0;
    for (int i = 0; i < dataset->n_raws; i++)
        for (int j = 0; j < dataset->raws[i]->n_detours; j++)
            if (dataset_uses(dataset, dataset->raws[i], dataset->raws[i]->detours[j].launch)) {
                if (records)
                    records[n] = dataset->raws[i]->detours[j];
                n++;
            }
    return n;
}

static void set_noise(struct fitted *fitted, int n_records, const struct detour_fit *fit)
{
    struct noise_profile *noise = &fitted->node.noise;
    const char *source = arena_format(
        fitted->arena, "measured: %.0f detours in %.1f s of %d records of fixed time quanta",
        fit->n_seen, fit->observed_s, n_records);
    if (!source)
        return;
    noise->rate_Hz = fitted_parameter(estimate_within(fit->rate_Hz, 0.0, 1e6), source);
    noise->length_s = fitted_parameter(estimate_within(fit->length_s, 0.0, 100.0), source);
    noise->spread = fitted_parameter(estimate_within(fit->spread, 0.0, 10.0), source);
    if (fit->lost.value <= most_of_quiet)
        fitted_note(fitted, NOTE_FACT, PART_NODE, "detours take %.3f %% of a core's time",
                    100.0 * fit->lost.value);
    else
        fitted_note(fitted, NOTE_WARNING, PART_NODE,
                    "detours take %.1f %% of a core's time: the machine was not quiet, and what "
                    "else ran on it is in this profile as noise",
                    100.0 * fit->lost.value);
}

int fit_node_noise(struct fitted *fitted)
{
    const int n = gather_detours(fitted->dataset, NULL);
    struct raw_detours *records = calloc((size_t)n + 1, sizeof *records);
    struct detour_fit fit;
    if (!records)
        return -ENOMEM;
    gather_detours(fitted->dataset, records);
    const int status = n > 0 ? detours_fit(n, records, &fitted->resampling, &fit) : -EDOM;
    free(records);
    if (status == 0)
        set_noise(fitted, n, &fit);
    else if (status != -ENOMEM)
        fitted_note(fitted, NOTE_MISSING, PART_NODE,
                    "noise is left at none: measure with --only noise");
    return status == -ENOMEM ? status : 0;
}

/* Median of the seconds that detours take beside `work_s` of work. */
static double median_detours_s(const struct fitted *fitted, double work_s)
{
    enum { DRAWS = 1001 };
    double taken_s[DRAWS];
    struct random_stream stream = random_stream_for(fitted->resampling.seed, "detours", 0);
    for (int i = 0; i < DRAWS; i++)
        taken_s[i] = noise_taken_s(&fitted->node.noise, work_s, &stream);
    return gsl_stats_median(taken_s, 1, DRAWS);
}

static double fastest_s(const struct dataset_point *point)
{
    double least_s = point->location_s;
    for (int i = 0; i < point->n_visits; i++)
        for (int j = 0; j < point->visits[i].n; j++)
            least_s = fmin(least_s, point->visits[i].times_s[j]);
    return least_s;
}

double node_undisturbed_part(const struct fitted *fitted, const struct dataset_point *point)
{
    /* Each round errs by the noise's share of what the last one did. */
    enum { ROUNDS = 3 };
    const double all_s = point->location_s;
    /* Of a Poisson number with a mean below ln 2 the median is none. */
    if (fitted->node.noise.rate_Hz.value * all_s < M_LN2)
        return 1.0;
    const double least_s = fastest_s(point);
    double work_s = all_s;
    for (int round = 0; round < ROUNDS; round++)
        work_s = fmax(all_s - median_detours_s(fitted, work_s), least_s);
    return work_s / all_s;
}

/* --- disk ---------------------------------------------------------------------------------------
 */

static int add_disk(const struct fitted *fitted, enum raw_operation operation,
                    struct disk_point points[], int n)
{
    const struct dataset_slice slice = node_slice(fitted, operation);
    for (int i = 0; i < slice.n; i++) {
        const struct dataset_point *point = &slice.points[i];
        for (int j = 0; j < point->n_visits; j++, n++)
            if (points)
                points[n] = (struct disk_point){.is_write = operation == RAW_DISK_WRITE,
                                                .is_random = point->argument[0] != 0.0,
                                                .is_direct = point->argument[2] != 0.0,
                                                .size_B = point->size_B,
                                                .n_under_way = (int)fmax(point->argument[1], 1.0),
                                                .time_s = point->visits[j].median_s,
                                                .group = dataset_block(&point->visits[j]),
                                                .launch = point->visits[j].launch};
    }
    return n;
}

/* What was measured, and shows. */
static void set_bandwidth(struct parameter *parameter, struct estimate estimate, const char *source)
{
    if (isfinite(estimate.value) && estimate.value > 0.0)
        *parameter = fitted_parameter(estimate, source);
}

static void set_disk(struct fitted *fitted, const struct disk_fit *fit)
{
    struct disk_profile *disk = &fitted->node.disk;
    const struct dataset_slice reads = node_slice(fitted, RAW_DISK_READ);
    const struct dataset_slice writes = node_slice(fitted, RAW_DISK_WRITE);
    const char *source = fitted_source(fitted, reads.n > 0 ? &reads : &writes,
                                       reads.n > 0 ? "requests to a disk, reads" : "writes");
    set_bandwidth(&disk->read_Bps, fit->read_Bps, source);
    set_bandwidth(&disk->write_Bps, fit->write_Bps, source);
    disk->latency_s = fitted_parameter(fit->latency_s, source);
    disk->seek_s = fitted_parameter(fit->seek_s, source);
    if (fit->is_cached)
        fitted_note(fitted, NOTE_WARNING, PART_NODE,
                    "disk: requests are answered by a cache, so its numbers are that cache's");
}

int fit_node_disk(struct fitted *fitted)
{
    const int n = add_disk(fitted, RAW_DISK_WRITE, NULL, add_disk(fitted, RAW_DISK_READ, NULL, 0));
    struct disk_point *points = calloc((size_t)n + 1, sizeof *points);
    struct disk_fit fit;
    if (!points)
        return -ENOMEM;
    add_disk(fitted, RAW_DISK_WRITE, points, add_disk(fitted, RAW_DISK_READ, points, 0));
    const int status = n > 0 ? disk_fit(n, points, &fitted->resampling, &fit) : -EDOM;
    free(points);
    if (status == 0)
        set_disk(fitted, &fit);
    else if (status != -ENOMEM)
        fitted_note(fitted, NOTE_MISSING, PART_NODE,
                    "disk: defaults stay: measure with --disk FOLDER");
    return status == -ENOMEM ? status : 0;
}
