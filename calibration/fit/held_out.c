#include "held_out.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* CALIBRATION: what a fit has to reach, as errors and as multiples of the noise floor. */
static const double sizes_p50 = 0.01, sizes_p95 = 0.05, floor_p50 = 1.5, floor_p95 = 2.0;
static const double dgemm_p50 = 0.02, dgemm_p95 = 0.06;
static const double memory_p50 = 0.05;

enum { EVERY = 4, LEAST_HELD_OUT = 3 };

static void settle(struct held_out_row *row)
{
    row->is_off = row->p50 > row->limit_p50 || row->p95 > row->limit_p95;
}

static void add(struct held_outs *rows, const struct held_out_row *row)
{
    assert(rows->n < MAX_HELD_OUT);

    rows->rows[rows->n] = *row;
    settle(&rows->rows[rows->n++]);
}

static int compare(struct held_out_row *row)
{
    double *errors = calloc((size_t)row->n + 1, sizeof *errors);
    if (!errors)
        return -ENOMEM;
    for (int i = 0; i < row->n; i++)
        errors[i] = fabs(log(row->points[i].measured_s / row->points[i].predicted_s));
    const size_t n = (size_t)row->n;
    gsl_sort(errors, 1, n);
    row->p50 = gsl_stats_quantile_from_sorted_data(errors, 1, n, 0.5);
    row->p95 = gsl_stats_quantile_from_sorted_data(errors, 1, n, 0.95);
    free(errors);
    return 0;
}

int held_out_add(struct held_outs *rows, struct held_out_row *row)
{
    const int status = compare(row);
    if (status == 0)
        add(rows, row);
    return status;
}

/* --- sizes --------------------------------------------------------------------------------------
 */

static bool is_held_out(int index, int n)
{
    return index > 0 && index < n - 1 && index % EVERY == EVERY / 2;
}

static int compare_sizes(const struct fitted *fitted, const struct dataset_slice *slice,
                         const struct path_fit *fit, struct held_out_row *row)
{
    row->points = arena_alloc(fitted->arena, (size_t)(slice->n + 1) * sizeof *row->points);
    if (!row->points)
        return -ENOMEM;
    for (int i = 0; i < slice->n; i++) {
        const struct dataset_point *point = &slice->points[i];
        if (is_held_out(i, slice->n))
            row->points[row->n++] = (struct held_out_point){point->size_B, point->location_s,
                                                            path_fit_time_s(fit, point->size_B)};
    }
    return 0;
}

static int hold_out_path(const struct fitted *fitted, enum raw_path path,
                         const struct path_fit *whole, double threshold_B, struct held_outs *rows)
{
    const struct path_request request = {.path = path,
                                         .load = RAW_IDLE,
                                         .eager_threshold_B = threshold_B,
                                         .packets = whole->packets,
                                         .skip_every = EVERY};
    const struct dataset_slice slice =
        dataset_slice(fitted->dataset, RAW_PINGPONG, path, RAW_IDLE, 0);
    const double floor = isfinite(whole->noise_floor) ? whole->noise_floor : 0.0;
    struct held_out_row row = {
        .what = arena_format(fitted->arena, "sizes of messages, %s", raw_path_names[path]),
        .floor = whole->noise_floor,
        .limit_p50 = fmax(sizes_p50, floor_p50 * floor),
        .limit_p95 = fmax(sizes_p95, floor_p95 * floor)};
    struct path_fit fit;
    int status = path_fit(fitted->dataset, &request, &fit);
    if (status != 0)
        return status == -ENOMEM ? status : 0;
    status = compare_sizes(fitted, &slice, &fit, &row);
    return status == 0 && row.n >= LEAST_HELD_OUT ? held_out_add(rows, &row) : status;
}

/* --- the node -----------------------------------------------------------------------------------
 */

static void hold_out_node(const struct fitted *fitted, struct held_outs *rows)
{
    if (fitted->has_dgemm && fitted->dgemm_held_out.n_shapes > 0)
        add(rows, &(struct held_out_row){.what = "shapes of large multiplies",
                                         .n = fitted->dgemm_held_out.n_shapes,
                                         .p50 = fitted->dgemm_held_out.error_p50,
                                         .p95 = fitted->dgemm_held_out.error_p95,
                                         .floor = NAN,
                                         .limit_p50 = dgemm_p50,
                                         .limit_p95 = dgemm_p95});
    if (fitted->has_triad && isfinite(fitted->triad.leave_one_out))
        add(rows, &(struct held_out_row){.what = "numbers of cores at memory, one left out",
                                         .n = 1,
                                         .p50 = fitted->triad.leave_one_out,
                                         .p95 = fitted->triad.leave_one_out_max,
                                         .floor = NAN,
                                         .limit_p50 = memory_p50,
                                         .limit_p95 = INFINITY});
}

int held_out_fits(const struct fitted *fitted, struct held_outs *rows)
{
    int status = 0;
    if (fitted->has_remote)
        status = hold_out_path(fitted, fitted->remote_path, &fitted->remote,
                               fitted->mpi.eager_threshold_B, rows);
    if (status == 0 && fitted->has_local)
        status = hold_out_path(fitted, RAW_SAME_DOMAIN, &fitted->local,
                               fitted->mpi.local_eager_threshold_B, rows);
    if (status == 0)
        hold_out_node(fitted, rows);
    return status;
}

bool held_outs_are_off(const struct held_outs *rows)
{
    for (int i = 0; i < rows->n; i++)
        if (rows->rows[i].is_off)
            return true;
    return false;
}
