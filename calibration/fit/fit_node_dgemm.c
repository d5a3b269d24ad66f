/*
 * fit_node_dgemm.c - the polynomial of matrix multiply, and how much nodes and calls differ.
 */
#include "fit_node.h"
#include "variance.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { HOLD_OUT_FOLDS = 5 };

static int gather(const struct fitted *fitted, const struct dataset_slice *slice,
                  struct dgemm_point points[])
{
    int n = 0;
    (void)fitted;
    for (int i = 0; i < slice->n; i++) {
        const struct dataset_point *point = &slice->points[i];
        for (int j = 0; j < point->n_visits; j++)
            points[n++] = (struct dgemm_point){.m = point->argument[0],
                                               .n = point->argument[1],
                                               .k = point->argument[2],
                                               .time_s = point->visits[j].median_s,
                                               .group = dataset_block(&point->visits[j])};
    }
    return n;
}

static void set_polynomial(struct fitted *fitted, const struct dataset_slice *slice)
{
    struct dgemm_polynomial *to = &fitted->node.dgemm;
    struct parameter *const terms[N_DGEMM_TERMS] = {&to->mnk_s, &to->mn_s, &to->mk_s, &to->nk_s,
                                                    &to->call_s};
    const char *source = fitted_source(fitted, slice, "matrix multiply of many shapes, alone");
    for (int i = 0; i < N_DGEMM_TERMS; i++)
        *terms[i] = fitted_parameter(fitted->dgemm.term_s[i], source);
}

static int fit_polynomial(struct fitted *fitted)
{
    const struct dataset_slice slice =
        dataset_slice(fitted->dataset, RAW_DGEMM, RAW_NOWHERE, RAW_IDLE, 1);
    struct dgemm_point *points = calloc((size_t)dataset_count_visits(&slice) + 1, sizeof *points);
    if (!points)
        return -ENOMEM;
    const int n = gather(fitted, &slice, points);
    int status = n > 0 ? dgemm_fit(n, points, &fitted->resampling, &fitted->dgemm) : -EDOM;
    fitted->has_dgemm = status == 0;
    if (status == 0 && dgemm_hold_out(n, points, HOLD_OUT_FOLDS, fitted->resampling.seed,
                                      &fitted->dgemm_held_out) != 0)
        fitted->dgemm_held_out.n_shapes = 0;
    free(points);
    if (status == 0)
        set_polynomial(fitted, &slice);
    else if (status != -ENOMEM)
        fitted_note(fitted, NOTE_MISSING, PART_NODE,
                    "dgemm_polynomial: the shapes of matrix multiplies do not tell its five "
                    "terms: measure with --only dgemm and more time");
    return status == -ENOMEM ? status : 0;
}

/* --- spreads ------------------------------------------------------------------------------------
 */

static int gather_repetitions(const struct dataset_slice *slice, struct variance_point points[])
{
    int n = 0;
    for (int i = 0; i < slice->n; i++)
        for (int j = 0; j < slice->points[i].n_visits; j++) {
            const struct dataset_visit *visit = &slice->points[i].visits[j];
            for (int k = 0; k < visit->n; k++, n++)
                if (points)
                    points[n] =
                        (struct variance_point){i, visit->host, visit->launch, visit->times_s[k]};
        }
    return n;
}

static void set_spreads(struct fitted *fitted, const struct dataset_slice *slice,
                        const struct variance_components *components)
{
    static const double most = 0.5; /* that a profile may have */
    const char *source = fitted_source(fitted, slice, "matrix multiply on all cores");
    fitted->node.call_spread =
        fitted_parameter(estimate_within(components->call_spread, 0.0, most), source);
    if (isfinite(components->node_spread.value))
        fitted->node.node_spread =
            fitted_parameter(estimate_within(components->node_spread, 0.0, most), source);
    else
        fitted_note(fitted, NOTE_MISSING, PART_NODE,
                    "node_spread: one host does not tell how much hosts differ: measure on two "
                    "or more");
}

static int fit_spreads(struct fitted *fitted)
{
    const int n_most = dataset_most_active(fitted->dataset, RAW_DGEMM, RAW_NOWHERE, RAW_IDLE);
    const struct dataset_slice slice =
        dataset_slice(fitted->dataset, RAW_DGEMM, RAW_NOWHERE, RAW_IDLE, n_most);
    const int n = gather_repetitions(&slice, NULL);
    struct variance_point *points = calloc((size_t)n + 1, sizeof *points);
    struct variance_components components;
    if (!points)
        return -ENOMEM;
    gather_repetitions(&slice, points);
    const int status = n > 0 ? variance_components(n, points, &components) : -EDOM;
    free(points);
    if (status == 0)
        set_spreads(fitted, &slice, &components);
    return status == -ENOMEM ? status : 0;
}

int fit_node_dgemm(struct fitted *fitted)
{
    const int status = fit_polynomial(fitted);
    return status == 0 ? fit_spreads(fitted) : status;
}
