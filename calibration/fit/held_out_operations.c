/*
 * held_out_operations.c - operations that nothing was fitted to, simulated from the fitted
 * profiles.
 */
#include "held_out.h"

#include "sim/input/scenario.h"
#include "sim/result/predict.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double operation_p50 = 0.10, operation_p95 = 0.25;

/* A step of a ring is simulated so many times, as the first ones are of ranks that just began. */
enum { RING_STEPS = 20, OSU_ITERATIONS = 10, OSU_WARMUP = 3 };

/* Rings of more sizes take long and tell little. */
enum { MOST_RINGS = 8 };

struct simulation {
    const struct fitted *fitted;
    const char *folder;
    bool is_virtual; /* guests, not bare nodes */
    struct predict_options options;
    char *error;
    size_t error_size;
};

/* --- one scenario -------------------------------------------------------------------------------
 */

static char *scenario_text(const struct simulation *simulation, const char *workload, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    if (!out)
        return NULL;
    fputs("schema: vhpcsim-scenario/1\ntitle: held out\n", out);
    scenario_cluster_print(simulation->fitted, "", simulation->is_virtual, out);
    fprintf(out, "ranks: %d\nmapping: block\nworkload: %s\nrun: {replications: 1, seed: 1}\n",
            fitted_layout(simulation->fitted, simulation->is_virtual).n_ranks, workload);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

/* Simulates one workload; the caller releases the result. A scenario that the simulator refuses is
 * -EINVAL: the layout that was measured is none that it knows. */
static int simulate(const struct simulation *simulation, const char *workload,
                    struct scenario **scenario, struct result *result)
{
    size_t size = 0;
    char *text = scenario_text(simulation, workload, &size);
    char *file = NULL;
    struct diagnostics *diagnostics = diagnostics_new();
    int status = text && diagnostics ? 0 : -ENOMEM;
    *scenario = NULL;
    if (asprintf(&file, "%s/held-out.yaml", simulation->folder) < 0)
        status = -ENOMEM;
    if (status == 0)
        status = scenario_read_text(file, text, size, 0, NULL, diagnostics, scenario);
    if (status == 0)
        status = predict(*scenario, &simulation->options, result, simulation->error,
                         simulation->error_size);
    diagnostics_free(diagnostics);
    free(file);
    free(text);
    return status;
}

static double metric_value(const struct result *result, const char *name)
{
    for (int i = 0; i < result->n_metrics; i++)
        if (strcmp(result->metrics[i].metric.name, name) == 0)
            return result->metrics[i].metric.value;
    return NAN;
}

/* --- the operations -----------------------------------------------------------------------------
 */

/* Where all ranks take part: the most ranks at work that there were. */
static struct dataset_slice slice_of(const struct simulation *simulation,
                                     enum raw_operation operation)
{
    const struct fitted *fitted = simulation->fitted;
    const struct dataset *dataset = simulation->is_virtual ? fitted->guests : fitted->dataset;
    static const enum raw_path paths[] = {RAW_ALL_RANKS, RAW_OTHER_HOST, RAW_SAME_HOST,
                                          RAW_SAME_DOMAIN};
    const int n_ranks = fitted_layout(fitted, simulation->is_virtual).n_ranks;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct dataset_slice slice =
            dataset_slice(dataset, operation, paths[i], RAW_IDLE, n_ranks);
        if (slice.n > 0)
            return slice;
    }
    return (struct dataset_slice){0, NULL};
}

static bool is_power_of_two(double size_B)
{
    return size_B >= 1.0 && exp2(round(log2(size_B))) == size_B;
}

static int predict_collective(const struct simulation *simulation, const char *test,
                              const struct dataset_slice *slice, struct held_out_row *row)
{
    char workload[160], name[40];
    struct scenario *scenario;
    struct result result = {0};
    snprintf(workload, sizeof workload,
             "{kind: osu, test: %s, max_size: %.0f B, iterations: %d, warmup: %d}", test,
             slice->points[slice->n - 1].size_B, OSU_ITERATIONS, OSU_WARMUP);
    const int status = simulate(simulation, workload, &scenario, &result);
    for (int i = 0; i < slice->n && status == 0; i++) {
        const struct dataset_point *point = &slice->points[i];
        snprintf(name, sizeof name, "osu_%s_max_us_%.0fB", test, point->size_B);
        const double us = is_power_of_two(point->size_B) ? metric_value(&result, name) : NAN;
        if (isfinite(us))
            row->points[row->n++] =
                (struct held_out_point){point->size_B, point->location_s, 1e-6 * us};
    }
    result_release(&result);
    scenario_free(scenario);
    return status;
}

static int predict_ring(const struct simulation *simulation, const char *test,
                        const struct dataset_slice *slice, struct held_out_row *row)
{
    const int step = (slice->n + MOST_RINGS - 1) / MOST_RINGS;
    int status = 0;
    (void)test;
    for (int i = step / 2; i < slice->n && status == 0; i += step) {
        const struct dataset_point *point = &slice->points[i];
        struct scenario *scenario;
        struct result result = {0};
        char workload[160];
        snprintf(workload, sizeof workload,
                 "{kind: pattern, phases: [{kind: repeat, times: %d, phases: [{kind: ring, size: "
                 "%.0f B}]}]}",
                 RING_STEPS, point->size_B);
        status = simulate(simulation, workload, &scenario, &result);
        if (status == 0)
            row->points[row->n++] = (struct held_out_point){
                point->size_B, point->location_s, metric_value(&result, "time_s") / RING_STEPS};
        result_release(&result);
        scenario_free(scenario);
    }
    return status;
}

static const struct {
    enum raw_operation operation;
    const char *test;
    int (*predict)(const struct simulation *simulation, const char *test,
                   const struct dataset_slice *slice, struct held_out_row *row);
} operations[] = {
    {RAW_RING, "ring", predict_ring},
    {RAW_BCAST, "bcast", predict_collective},
    {RAW_ALLREDUCE, "allreduce", predict_collective},
    {RAW_ALLTOALL, "alltoall", predict_collective},
};

static int hold_out(const struct simulation *simulation, size_t which, struct held_outs *rows)
{
    const struct fitted *fitted = simulation->fitted;
    const struct dataset_slice slice = slice_of(simulation, operations[which].operation);
    struct held_out_row row = {
        .what = arena_format(fitted->arena, "%s of %d ranks%s, simulated", operations[which].test,
                             fitted_layout(fitted, simulation->is_virtual).n_ranks,
                             simulation->is_virtual ? " in guests" : ""),
        .floor = NAN,
        .limit_p50 = operation_p50,
        .limit_p95 = operation_p95,
        .points = arena_alloc(fitted->arena, (size_t)(slice.n + 1) * sizeof *row.points)};
    if (!row.points || !row.what)
        return -ENOMEM;
    if (slice.n == 0)
        return 0;
    int status = operations[which].predict(simulation, operations[which].test, &slice, &row);
    if (status == 0 && row.n > 0)
        status = held_out_add(rows, &row);
    return status;
}

int held_out_operations(const struct fitted *fitted, const char *folder, int n_workers,
                        const volatile sig_atomic_t *interrupted, struct held_outs *rows,
                        char *error, size_t error_size)
{
    struct simulation simulation = {
        .fitted = fitted,
        .folder = folder,
        .options = {.n_workers = n_workers, .skips_native = true, .interrupted = interrupted},
        .error = error,
        .error_size = error_size};
    int status = 0;
    snprintf(error, error_size, "the fitted profiles make no scenario that can be simulated");
    for (int side = 0; side <= (fitted->has[PART_TECHNOLOGY] ? 1 : 0); side++) {
        simulation.is_virtual = side == 1;
        for (size_t i = 0; i < sizeof operations / sizeof *operations && status == 0; i++)
            status = hold_out(&simulation, i, rows);
    }
    return status;
}
