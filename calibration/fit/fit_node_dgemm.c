/*
 * fit_node_dgemm.c - the polynomial of matrix multiply, and how much nodes and calls differ.
 */
#include "fit_node.h"
#include "variance.h"

#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

enum { HOLD_OUT_FOLDS = 5 };

static int gather(const struct fitted *fitted, const struct dataset_slice *slice,
                  struct dgemm_point points[])
{
    int n = 0;
    for (int i = 0; i < slice->n; i++) {
        const struct dataset_point *point = &slice->points[i];
        const double part = node_undisturbed_part(fitted, point);
        for (int j = 0; j < point->n_visits; j++) {
            points[n] = (struct dgemm_point){.m = point->argument[0],
                                             .n = point->argument[1],
                                             .k = point->argument[2],
                                             .time_s = part * point->visits[j].median_s,
                                             .group = dataset_block(&point->visits[j]),
                                             .launch = point->visits[j].launch};
            n++;
        }
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

/* Logarithms further from the middle than so many standard deviations are detours' doing, which
 * have parameters of their own. */
static const double farthest = 2.5;
/* Quartiles of a standard normal distribution are that far apart; of fewer numbers they tell
 * nothing. */
static const double normal_quartiles = 1.349;
enum { LEAST_FOR_QUARTILES = 8 };

/* Draws in the tails of `n` repetitions of one point, host and launch: the spread of calls is that
 * of most, where a scheduler's one slice for another program would be all there is of it. */
static int draw_in(int n, struct variance_point points[])
{
    double *sorted = calloc((size_t)n, sizeof *sorted);
    if (!sorted)
        return -ENOMEM;
    for (int i = 0; i < n; i++)
        sorted[i] = points[i].time_s;
    gsl_sort(sorted, 1, (size_t)n);
    const double lower_s = gsl_stats_quantile_from_sorted_data(sorted, 1, (size_t)n, 0.25);
    const double upper_s = gsl_stats_quantile_from_sorted_data(sorted, 1, (size_t)n, 0.75);
    const double median_s = gsl_stats_median_from_sorted_data(sorted, 1, (size_t)n);
    const double far = exp(farthest * log(upper_s / lower_s) / normal_quartiles);
    for (int i = 0; i < n && n >= LEAST_FOR_QUARTILES; i++)
        points[i].time_s = fmin(fmax(points[i].time_s, median_s / far), median_s * far);
    free(sorted);
    return 0;
}

static bool is_alike(const struct dataset_visit *a, const struct dataset_visit *b)
{
    return a->host == b->host && a->launch == b->launch;
}

/* True where no visit of the point before this one is of its host and launch. */
static bool is_first_alike(const struct dataset_point *point, int visit)
{
    for (int i = 0; i < visit; i++)
        if (is_alike(&point->visits[i], &point->visits[visit]))
            return false;
    return true;
}

/* Repetitions of all visits of a point that are alike with this one. Returns how many. */
static int gather_alike(const struct dataset_point *point, int cell,
                        const struct dataset_visit *like, struct variance_point points[])
{
    int n = 0;
    for (int i = 0; i < point->n_visits; i++) {
        const struct dataset_visit *visit = &point->visits[i];
        for (int j = 0; j < visit->n && is_alike(visit, like); j++)
            points[n++] =
                (struct variance_point){cell, visit->host, visit->launch, visit->times_s[j]};
    }
    return n;
}

static int count_repetitions(const struct dataset_slice *slice)
{
    int n = 0;
    for (int i = 0; i < slice->n; i++)
        for (int j = 0; j < slice->points[i].n_visits; j++)
            n += slice->points[i].visits[j].n;
    return n;
}

/* Returns how many, or -ENOMEM. */
static int gather_repetitions(const struct dataset_slice *slice, struct variance_point points[])
{
    int n = 0;
    for (int i = 0; i < slice->n; i++) {
        const struct dataset_point *point = &slice->points[i];
        for (int j = 0; j < point->n_visits; j++) {
            if (!is_first_alike(point, j))
                continue;
            const int n_alike = gather_alike(point, i, &point->visits[j], &points[n]);
            if (n_alike > 0 && draw_in(n_alike, &points[n]) < 0)
                return -ENOMEM;
            n += n_alike;
        }
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
    struct variance_point *points = calloc((size_t)count_repetitions(&slice) + 1, sizeof *points);
    struct variance_components components;
    if (!points)
        return -ENOMEM;
    const int n = gather_repetitions(&slice, points);
    const int status = n > 0 ? variance_components(n, points, &components) : n == 0 ? -EDOM : n;
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
