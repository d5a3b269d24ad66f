#include "dgemm_fit.h"

#include "launches.h"
#include "models/random.h"
#include "nnls.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Huber's bound in standard deviations: 95 % as efficient as least squares where errors are normal.
 */
static const double HUBER = 1.345;
/* Standard deviation of a normal distribution whose median absolute deviation is 1. */
static const double NORMAL_MAD = 1.4826;
/* Weights hardly move after so many rounds. */
enum { ROUNDS = 8 };

enum { RATE = N_DGEMM_TERMS, N_PARAMETERS };

/* What is fitted, with room for its equations. */
struct equations {
    int n;
    const struct dgemm_point *point;
    double *matrix, *right, *scale, *error, *sorted;
};

static void set_row(double m, double n, double k, double row[])
{
    row[DGEMM_MNK] = m * n * k;
    row[DGEMM_MN] = m * n;
    row[DGEMM_MK] = m * k;
    row[DGEMM_NK] = n * k;
    row[DGEMM_CALL] = 1.0;
}

static double polynomial_s(const double term_s[], double m, double n, double k)
{
    double row[N_DGEMM_TERMS], sum_s = 0.0;
    set_row(m, n, k, row);
    for (int j = 0; j < N_DGEMM_TERMS; j++)
        sum_s += term_s[j] * row[j];
    return sum_s;
}

/* Relative errors of the points that weigh something, and their robust standard deviation. */
static double errors_of(const struct equations *equations, const double weight[],
                        const double term_s[])
{
    size_t n_used = 0;
    for (int i = 0; i < equations->n; i++) {
        const struct dgemm_point *point = &equations->point[i];
        equations->error[i] =
            polynomial_s(term_s, point->m, point->n, point->k) / point->time_s - 1.0;
        if (weight[i] > 0.0)
            equations->sorted[n_used++] = fabs(equations->error[i]);
    }
    return NORMAL_MAD * gsl_stats_median(equations->sorted, 1, n_used);
}

/* What an equation is multiplied by: squares of relative errors count by the fourth root of the
 * time. */
static double scale_of(const struct dgemm_point *point, double weight)
{
    return sqrt(weight * sqrt(sqrt(point->time_s))) / point->time_s;
}

static int fit(const void *observations, const double weight[], double parameter[])
{
    const struct equations *equations = observations;
    for (int i = 0; i < equations->n; i++)
        equations->scale[i] = scale_of(&equations->point[i], weight[i]);
    const struct nnls problem = {.n_equations = equations->n,
                                 .n_unknowns = N_DGEMM_TERMS,
                                 .matrix = equations->matrix,
                                 .right = equations->right,
                                 .weight = equations->scale};
    for (int round = 0; round < ROUNDS; round++) {
        struct nnls_solution solution;
        const int error = nnls(&problem, &solution);
        if (error < 0)
            return error;
        memcpy(parameter, solution.x, N_DGEMM_TERMS * sizeof *parameter);
        const double bound = HUBER * errors_of(equations, weight, parameter);
        for (int i = 0; i < equations->n && bound > 0.0; i++) {
            const double pull = fmin(1.0, bound / fabs(equations->error[i]));
            equations->scale[i] = scale_of(&equations->point[i], weight[i] * pull);
        }
    }
    if (parameter[DGEMM_MNK] <= 0.0)
        return -EDOM;
    parameter[RATE] = 2.0 / parameter[DGEMM_MNK];
    return 0;
}

static bool is_valid(int n_points, const struct dgemm_point point[])
{
    for (int i = 0; i < n_points; i++) {
        const struct dgemm_point *p = &point[i];
        if (!isfinite(p->m) || !isfinite(p->n) || !isfinite(p->k) || !isfinite(p->time_s) ||
            p->m < 1.0 || p->n < 1.0 || p->k < 1.0 || p->time_s <= 0.0)
            return false;
    }
    return true;
}

static void equations_release(struct equations *equations)
{
    free(equations->matrix);
    free(equations->right);
    free(equations->scale);
    free(equations->error);
    free(equations->sorted);
    *equations = (struct equations){.n = 0};
}

static int equations_init(struct equations *equations, int n_points,
                          const struct dgemm_point point[])
{
    const size_t n = (size_t)n_points;
    *equations = (struct equations){.n = n_points,
                                    .point = point,
                                    .matrix = calloc(n * N_DGEMM_TERMS, sizeof(double)),
                                    .right = calloc(n, sizeof(double)),
                                    .scale = calloc(n, sizeof(double)),
                                    .error = calloc(n, sizeof(double)),
                                    .sorted = calloc(n, sizeof(double))};
    if (equations->matrix == NULL || equations->right == NULL || equations->scale == NULL ||
        equations->error == NULL || equations->sorted == NULL) {
        equations_release(equations);
        return -ENOMEM;
    }
    for (int i = 0; i < n_points; i++) {
        set_row(point[i].m, point[i].n, point[i].k, &equations->matrix[i * N_DGEMM_TERMS]);
        equations->right[i] = point[i].time_s;
    }
    return 0;
}

static int compare_shape(const struct dgemm_point *a, const struct dgemm_point *b)
{
    const double by_m = a->m - b->m, by_n = a->n - b->n, by_k = a->k - b->k;
    const double by = by_m != 0.0 ? by_m : by_n != 0.0 ? by_n : by_k;
    return (by > 0.0) - (by < 0.0);
}

static int compare_point(const void *a, const void *b)
{
    const struct dgemm_point *x = a, *y = b;
    const int by_shape = compare_shape(x, y);
    return by_shape != 0 ? by_shape : (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

/* Leaves one point of each shape, with the median of its times, in `shape`, and returns how many;
 * -ENOMEM. */
static int medians_of_shapes(int n_points, const struct dgemm_point point[],
                             struct dgemm_point shape[])
{
    struct dgemm_point *sorted = calloc((size_t)n_points, sizeof *sorted);
    if (sorted == NULL)
        return -ENOMEM;
    memcpy(sorted, point, (size_t)n_points * sizeof *sorted);
    qsort(sorted, (size_t)n_points, sizeof *sorted, compare_point);
    int n_shapes = 0;
    for (int i = 0, next; i < n_points; i = next) {
        for (next = i; next < n_points && compare_shape(&sorted[next], &sorted[i]) == 0; next++)
            ;
        shape[n_shapes] = sorted[i];
        shape[n_shapes].time_s =
            (sorted[i + (next - i - 1) / 2].time_s + sorted[i + (next - i) / 2].time_s) / 2.0;
        n_shapes++;
    }
    free(sorted);
    return n_shapes;
}

/* Quantiles of n >= 1 errors, which it sorts. */
static void set_quantiles(int n, double error[], double *p50, double *p95)
{
    gsl_sort(error, 1, (size_t)n);
    *p50 = gsl_stats_quantile_from_sorted_data(error, 1, (size_t)n, 0.5);
    *p95 = gsl_stats_quantile_from_sorted_data(error, 1, (size_t)n, 0.95);
}

static double error_at(const double term_s[], const struct dgemm_point *shape)
{
    return fabs(polynomial_s(term_s, shape->m, shape->n, shape->k) / shape->time_s - 1.0);
}

/* Everything of the result but the estimates' errors on shapes. */
static int fit_estimates(int n_points, const struct dgemm_point point[],
                         const struct resampling *how, struct dgemm_fit *result)
{
    struct equations equations;
    struct estimate estimate[N_PARAMETERS];
    int *group = calloc((size_t)n_points, sizeof *group);
    int *launch = calloc((size_t)n_points, sizeof *launch);
    int error =
        group != NULL && launch != NULL ? equations_init(&equations, n_points, point) : -ENOMEM;
    if (error < 0) {
        free(group);
        free(launch);
        return error;
    }
    for (int i = 0; i < n_points; i++) {
        group[i] = point[i].group;
        launch[i] = point[i].launch;
    }
    error =
        launches_estimates(n_points, group, launch, fit, &equations, N_PARAMETERS, how, estimate);
    for (int j = 0; j < N_DGEMM_TERMS && error == 0; j++) {
        result->term_s[j] = estimate[j];
        result->is_bound[j] = estimate[j].value <= 0.0;
    }
    result->rate_flops = error == 0 ? estimate[RATE] : estimate_alone(NAN);
    equations_release(&equations);
    free(group);
    free(launch);
    return error;
}

static void term_values(const struct dgemm_fit *fitted, double term_s[])
{
    for (int j = 0; j < N_DGEMM_TERMS; j++)
        term_s[j] = fitted->term_s[j].value;
}

int dgemm_fit(int n_points, const struct dgemm_point point[], const struct resampling *how,
              struct dgemm_fit *result)
{
    if (!is_valid(n_points, point))
        return -EINVAL;
    if (n_points < N_DGEMM_TERMS)
        return -EDOM;

    struct dgemm_fit fitted;
    struct dgemm_point *shape = calloc((size_t)n_points, sizeof *shape);
    double *error_of_shape = calloc((size_t)n_points, sizeof *error_of_shape);
    double term_s[N_DGEMM_TERMS];
    int error = -ENOMEM;
    if (shape == NULL || error_of_shape == NULL)
        goto out;
    fitted.n_shapes = medians_of_shapes(n_points, point, shape);
    error = fitted.n_shapes < 0 ? fitted.n_shapes : fit_estimates(n_points, point, how, &fitted);
    if (error < 0)
        goto out;
    term_values(&fitted, term_s);
    for (int i = 0; i < fitted.n_shapes; i++)
        error_of_shape[i] = error_at(term_s, &shape[i]);
    set_quantiles(fitted.n_shapes, error_of_shape, &fitted.error_p50, &fitted.error_p95);
    *result = fitted;
out:
    free(shape);
    free(error_of_shape);
    return error;
}

double dgemm_fit_time_s(const struct dgemm_fit *fitted, double m, double n, double k)
{
    double term_s[N_DGEMM_TERMS];
    term_values(fitted, term_s);
    return polynomial_s(term_s, m, n, k);
}

/* Gives each shape a fold: as equal in number as can be, at random. */
static void deal(int n_shapes, int n_folds, uint64_t seed, int fold[])
{
    struct random_stream stream = random_stream_for(seed, "hold out", 0);
    for (int i = 0; i < n_shapes; i++) {
        const int j = (int)(random_uniform(&stream) * (i + 1));
        fold[i] = fold[j];
        fold[j] = i % n_folds;
    }
}

static bool is_blocked(const struct dgemm_point *shape)
{
    return shape->m * shape->n * shape->k >= DGEMM_LEAST_BLOCKED;
}

int dgemm_hold_out(int n_points, const struct dgemm_point point[], int n_folds, uint64_t seed,
                   struct dgemm_held_out *result)
{
    if (n_folds < 2 || !is_valid(n_points, point))
        return -EINVAL;
    if (n_points < N_DGEMM_TERMS)
        return -EDOM;

    const size_t count = (size_t)n_points;
    struct dgemm_point *shape = calloc(count, sizeof *shape);
    double *error_of_shape = calloc(count, sizeof *error_of_shape);
    double *weight = calloc(count, sizeof *weight);
    int *fold = calloc(count, sizeof *fold);
    int error = -ENOMEM, n_shapes = 0;
    if (shape != NULL && error_of_shape != NULL && weight != NULL && fold != NULL)
        error = n_shapes = medians_of_shapes(n_points, point, shape);
    struct equations equations = {.n = 0};
    if (error >= 0)
        error = equations_init(&equations, n_shapes, shape);
    if (error == 0)
        deal(n_shapes, n_folds, seed, fold);
    int n_predicted = 0;
    for (int left_out = 0; left_out < n_folds && error == 0; left_out++) {
        double parameter[N_PARAMETERS];
        for (int i = 0; i < n_shapes; i++)
            weight[i] = fold[i] != left_out;
        error = fit(&equations, weight, parameter);
        for (int i = 0; i < n_shapes && error == 0; i++) {
            if (fold[i] == left_out && is_blocked(&shape[i]))
                error_of_shape[n_predicted++] = error_at(parameter, &shape[i]);
        }
    }
    if (error == 0 && n_predicted == 0)
        error = -EDOM;
    if (error == 0) {
        result->n_shapes = n_predicted;
        set_quantiles(n_predicted, error_of_shape, &result->error_p50, &result->error_p95);
    }
    equations_release(&equations);
    free(shape);
    free(error_of_shape);
    free(weight);
    free(fold);
    return error;
}
