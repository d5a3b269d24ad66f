/*
 * fit_node_memory.c - bytes and accesses: what one core draws from memory, and all of them.
 */
#include "fit_node.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Arrays of so many times all caches are no cache's. */
static const double beyond_caches = 2.0;

/* What a matrix added to its transpose moves for each element beside what is strided. */
static const double transposed_B = 24.0;

/* The point of the most bytes of those that `is_of` takes, one rank at work; NULL: none. */
typedef bool point_filter(const struct fitted *fitted, const struct dataset_point *point);

static const struct dataset_point *largest_alone(const struct fitted *fitted,
                                                 enum raw_operation operation, point_filter *is_of)
{
    const struct dataset_slice slice =
        dataset_slice(fitted->dataset, operation, RAW_NOWHERE, RAW_IDLE, 1);
    const struct dataset_point *largest = NULL;
    for (int i = 0; i < slice.n; i++)
        if (is_of(fitted, &slice.points[i]) &&
            (!largest || slice.points[i].size_B > largest->size_B))
            largest = &slice.points[i];
    return largest;
}

static bool is_any(const struct fitted *fitted, const struct dataset_point *point)
{
    (void)fitted, (void)point;
    return true;
}

static bool is_in_cache(const struct fitted *fitted, const struct dataset_point *point)
{
    return point->size_B <= node_cache_B(fitted);
}

static const char *source_of(const struct fitted *fitted, const struct dataset_point *point,
                             const char *what)
{
    const struct dataset_slice slice = {1, point};
    return fitted_source(fitted, &slice, what);
}

/* A point's time in other units. */
static struct estimate scaled(struct estimate estimate, double factor)
{
    return (struct estimate){estimate.value * factor, estimate.ci95_lo * factor,
                             estimate.ci95_hi * factor};
}

/* `work` in the time of a point. */
static struct estimate rate_of(struct estimate time_s, double work)
{
    const double least_s = fmax(time_s.ci95_lo, 0.1 * time_s.value); /* rates end somewhere */
    return (struct estimate){work / time_s.value, work / time_s.ci95_hi, work / least_s};
}

/* --- bandwidth ----------------------------------------------------------------------------------
 */

static double largest_triad_B(const struct fitted *fitted)
{
    const struct dataset_slice slice = node_slice(fitted, RAW_TRIAD);
    double largest_B = 0.0;
    for (int i = 0; i < slice.n; i++)
        largest_B = fmax(largest_B, slice.points[i].size_B);
    return largest_B;
}

/* Bytes of a triad that no cache holds; of the largest where all fit. */
static double memory_bytes(const struct fitted *fitted, const struct dataset_point *point)
{
    const double least_B =
        fmin(beyond_caches * node_cache_B(fitted), 0.5 * largest_triad_B(fitted));
    return point->size_B > least_B ? point->argument[0] : 0.0;
}

static void set_bandwidth(struct fitted *fitted)
{
    const struct dataset_slice slice = node_slice(fitted, RAW_TRIAD);
    const char *source = fitted_source(fitted, &slice, "triad of arrays beyond all caches");
    const int n_most = dataset_most_active(fitted->dataset, RAW_TRIAD, RAW_NOWHERE, RAW_IDLE);
    fitted->node.memory_bandwidth_one_Bps =
        fitted_parameter_in(fitted->triad.one, source, 1.0, n_most);
    fitted->node.memory_bandwidth_all_Bps =
        fitted_parameter_in(fitted->triad.all, source, 1.0, n_most);
    if (largest_triad_B(fitted) <= beyond_caches * node_cache_B(fitted))
        fitted_note(fitted, NOTE_WARNING, PART_NODE,
                    "memory_bandwidth: the largest arrays are no more than %g times what caches "
                    "hold, so this may be a cache's",
                    largest_triad_B(fitted) / node_cache_B(fitted));
    if (n_most < node_cores(fitted))
        fitted_note(fitted, NOTE_WARNING, PART_NODE,
                    "memory_bandwidth.all: at most %d of %d cores were at work; the rest is the "
                    "curve's",
                    n_most, node_cores(fitted));
}

static int fit_bandwidth(struct fitted *fitted)
{
    struct rate_totals totals;
    int status = rate_totals(fitted, RAW_TRIAD, memory_bytes, &totals);
    if (status == 0)
        status = saturation_fit(totals.n, totals.points, node_cores(fitted), &fitted->resampling,
                                &fitted->triad);
    free(totals.points);
    fitted->has_triad = status == 0;
    if (status == 0)
        set_bandwidth(fitted);
    else if (status != -ENOMEM)
        fitted_note(fitted, NOTE_MISSING, PART_NODE,
                    "memory_bandwidth: no triad of arrays beyond all caches: measure with --only "
                    "triad");
    return status == -ENOMEM ? status : 0;
}

/* --- caches -------------------------------------------------------------------------------------
 */

static void fit_caches(struct fitted *fitted)
{
    struct cache_profile *cache = &fitted->node.cache;
    const struct dataset_point *point = largest_alone(fitted, RAW_TRIAD, is_in_cache);
    cache->core_B = fitted->machine.core_cache_B;
    cache->socket_B = fitted->machine.socket_cache_B;
    if (point)
        cache->bandwidth_Bps = fitted_parameter(
            rate_of(dataset_location(point, &fitted->resampling), point->argument[0]),
            source_of(fitted, point, "triad of the most that caches hold"));
}

/* --- accesses -----------------------------------------------------------------------------------
 */

static bool is_plain_chain(const struct fitted *fitted, const struct dataset_point *point)
{
    (void)fitted;
    return point->argument[1] == 0.0 && point->argument[2] == 0.0;
}

/* Seconds of one access of the largest table of those pages, within a window or not; NAN: nobody
 * measured it. */
static double access_s(const struct fitted *fitted, double page_B, bool is_within)
{
    const struct dataset_slice slice =
        dataset_slice(fitted->dataset, RAW_ACCESS_CHAIN, RAW_NOWHERE, RAW_IDLE, 1);
    const struct dataset_point *largest = NULL;
    for (int i = 0; i < slice.n; i++) {
        const struct dataset_point *point = &slice.points[i];
        if (point->argument[1] == page_B && (point->argument[2] > 0.0) == is_within &&
            (!largest || point->size_B > largest->size_B))
            largest = point;
    }
    return largest ? largest->location_s / largest->argument[0] : NAN;
}

static void fit_page_walk(struct fitted *fitted)
{
    static const double small_B = 4096.0, huge_B = 2097152.0;
    static const char *const source =
        "dependent accesses over a table less those within a window of it";
    const double near_s = access_s(fitted, small_B, true);
    const double small_s = access_s(fitted, small_B, false) - near_s;
    const double huge_s = access_s(fitted, huge_B, false) - near_s;
    if (small_s > 0.0)
        fitted->node.page_walk.small_s = fitted_parameter(estimate_alone(small_s), source);
    if (small_s > 0.0 && isfinite(huge_s))
        fitted->node.page_walk.huge_s =
            fitted_parameter(estimate_alone(fmin(fmax(huge_s, 0.0), small_s)), source);
}

static void fit_at_once(struct fitted *fitted)
{
    const struct dataset_point *point = largest_alone(fitted, RAW_ACCESS, is_any);
    const double latency_s = fitted->node.memory_latency_s.value;
    if (!point || latency_s == 0.0)
        return;
    const struct estimate time_s = dataset_location(point, &fitted->resampling);
    const struct estimate at_once =
        estimate_within(rate_of(time_s, latency_s * point->argument[0]), 1.0, 1000.0);
    fitted->node.accesses_at_once =
        fitted_parameter(at_once, source_of(fitted, point, "updates at random, independent"));
}

static void fit_accesses(struct fitted *fitted)
{
    const struct dataset_point *chain = largest_alone(fitted, RAW_ACCESS_CHAIN, is_plain_chain);
    if (!chain) {
        fitted_note(fitted, NOTE_MISSING, PART_NODE,
                    "memory_latency: its default stays: measure with --only access_chain,access");
        return;
    }
    fitted->node.memory_latency_s = fitted_parameter(
        scaled(dataset_location(chain, &fitted->resampling), 1.0 / chain->argument[0]),
        source_of(fitted, chain, "dependent accesses at random"));
    fit_at_once(fitted);
    fit_page_walk(fitted);
}

static void fit_strided(struct fitted *fitted)
{
    const struct dataset_point *point = largest_alone(fitted, RAW_TRANSPOSE, is_any);
    if (!point || !fitted->has_triad)
        return;
    const struct estimate bytes = scaled(dataset_location(point, &fitted->resampling),
                                         fitted->triad.one.value / point->argument[0]);
    fitted->node.strided_extra_B = fitted_parameter(
        (struct estimate){fmax(bytes.value - transposed_B, 0.0),
                          fmax(bytes.ci95_lo - transposed_B, 0.0),
                          fmax(bytes.ci95_hi - transposed_B, 0.0)},
        source_of(fitted, point, "a matrix added to its transpose, beside the triad"));
}

int fit_node_memory(struct fitted *fitted)
{
    const int status = fit_bandwidth(fitted);
    if (status != 0)
        return status;
    fit_caches(fitted);
    fit_accesses(fitted);
    fit_strided(fitted);
    return 0;
}
