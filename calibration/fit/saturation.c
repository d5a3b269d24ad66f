#include "saturation.h"

#include "launches.h"
#include "nnls.h"

#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *const saturation_law_names[] = {
    "flat", "linear", "linear, then a cap", "hyperbolic", "knee", "retrograde", NULL};

/* Numbers of a law that are fitted. */
static const int LAW_PARAMETERS[N_SATURATION_LAWS] = {1, 1, 2, 2, 3, 3};

/* Clocks tell no smaller relative error of a bandwidth than this. */
static const double SMALLEST_ERROR = 1e-6;
/* Standard deviation of a normal distribution whose median absolute deviation is 1. */
static const double NORMAL_MAD = 1.4826;
/* Knees beyond this are corners. */
static const double SHARPEST_KNEE = 32.0;
/* First at so many, evenly in logarithm; then by golden sections. */
enum { KNEE_STEPS = 16, KNEE_SECTIONS = 30 };

/* Visits at one k: the median of their totals, and how many they are. */
struct level {
    double k, total, weight;
};

/* All levels, and how much visits of one level differ. */
struct levels {
    int n;
    struct level *level;
    double n_visits;
    double within; /* standard deviation of log totals in a level */
};

double saturation_total(const struct saturation_curve *curve, double n_active)
{
    const double k = n_active, one = curve->one, cap = curve->cap;
    switch (curve->law) {
    case SATURATION_FLAT:
        return cap;
    case SATURATION_LINEAR:
        return k * one;
    case SATURATION_CAP:
        return fmin(k * one, cap);
    case SATURATION_HYPERBOLIC:
        return 1.0 / ((1.0 / one - 1.0 / cap) / k + 1.0 / cap);
    case SATURATION_KNEE:
        /* Of the smaller one, as powers of the larger could be out of range. */
        return fmin(k * one, cap) *
               pow(1.0 + pow(fmin(k * one, cap) / fmax(k * one, cap), curve->shape),
                   -1.0 / curve->shape);
    default:
        return 1.0 / ((1.0 / one - 1.0 / cap - curve->shape) / k + 1.0 / cap + curve->shape * k);
    }
}

/* Weighted sum of squared log errors at the levels. */
static double misfit_of(const struct levels *levels, const struct saturation_curve *curve)
{
    double sum = 0.0;
    for (int i = 0; i < levels->n; i++) {
        const struct level *level = &levels->level[i];
        sum += level->weight * pow(log(saturation_total(curve, level->k) / level->total), 2.0);
    }
    return sum;
}

/* Geometric mean of total / k^power over levels [from, to). */
static double mean_total(const struct levels *levels, int from, int to, double power)
{
    double sum = 0.0, weight = 0.0;
    for (int i = from; i < to; i++) {
        const struct level *level = &levels->level[i];
        sum += level->weight * (log(level->total) - power * log(level->k));
        weight += level->weight;
    }
    return exp(sum / weight);
}

static int fit_flat(const struct levels *levels, struct saturation_curve *curve)
{
    curve->one = curve->cap = mean_total(levels, 0, levels->n, 0.0);
    return 0;
}

static int fit_linear(const struct levels *levels, struct saturation_curve *curve)
{
    curve->one = mean_total(levels, 0, levels->n, 1.0);
    curve->cap = INFINITY;
    return 0;
}

/* Tries every place of the corner between two levels. */
static int fit_cap(const struct levels *levels, struct saturation_curve *curve)
{
    double least = INFINITY;
    for (int corner = 1; corner < levels->n; corner++) {
        struct saturation_curve tried = *curve;
        tried.one = mean_total(levels, 0, corner, 1.0);
        tried.cap = mean_total(levels, corner, levels->n, 0.0);
        const double misfit = misfit_of(levels, &tried);
        if (misfit < least) {
            least = misfit;
            *curve = tried;
        }
    }
    return 0;
}

/*
 * Least squares of relative errors of (total / unit)^-p = a / k^p + b + c k, which is linear in
 * what cannot be negative. The unit, which it writes, keeps powers in range.
 */
static int fit_inverse(const struct levels *levels, double p, bool is_retrograde, double term[],
                       double *unit)
{
    enum { MOST = 1024 };
    double matrix[3 * MOST], right[MOST], weight[MOST];
    if (levels->n > MOST)
        return -EINVAL;
    const int n_terms = is_retrograde ? 3 : 2;
    *unit = mean_total(levels, 0, levels->n, 0.0);
    for (int i = 0; i < levels->n; i++) {
        const struct level *level = &levels->level[i];
        double *row = &matrix[i * n_terms];
        const double total = level->total / *unit;
        row[0] = pow(total / level->k, p);
        row[1] = pow(total, p);
        if (is_retrograde)
            row[2] = total * level->k;
        right[i] = 1.0;
        weight[i] = sqrt(level->weight);
    }
    const struct nnls problem = {levels->n, n_terms, matrix, right, weight};
    struct nnls_solution solution;
    const int error = nnls(&problem, &solution);
    for (int i = 0; i < n_terms && error == 0; i++)
        term[i] = solution.x[i];
    return error;
}

/* One core alone takes all terms together; what is left for many is the second. */
static int fit_hyperbolic(const struct levels *levels, struct saturation_curve *curve)
{
    double term[2], unit;
    const int error = fit_inverse(levels, 1.0, false, term, &unit);
    if (error == 0) {
        curve->one = unit / (term[0] + term[1]);
        curve->cap = unit / term[1];
    }
    return error;
}

static int fit_retrograde(const struct levels *levels, struct saturation_curve *curve)
{
    double term[3], unit;
    const int error = fit_inverse(levels, 1.0, true, term, &unit);
    if (error == 0) {
        curve->one = unit / (term[0] + term[1] + term[2]);
        curve->cap = unit / term[1];
        curve->shape = term[2] / unit;
    }
    return error;
}

static double knee_with(const struct levels *levels, double log_p, struct saturation_curve *curve)
{
    double term[2] = {0.0}, unit;
    const double p = exp(log_p);
    if (fit_inverse(levels, p, false, term, &unit) < 0 || term[0] <= 0.0)
        return INFINITY;
    *curve = (struct saturation_curve){.law = SATURATION_KNEE,
                                       .one = unit * pow(term[0], -1.0 / p),
                                       .cap = unit * pow(term[1], -1.0 / p),
                                       .shape = p};
    return misfit_of(levels, curve);
}

static int fit_knee(const struct levels *levels, struct saturation_curve *curve)
{
    const double golden = (sqrt(5.0) - 1.0) / 2.0, step = log(SHARPEST_KNEE) / KNEE_STEPS;
    double least = INFINITY, best = 0.0;
    for (int i = 0; i <= KNEE_STEPS; i++) {
        const double misfit = knee_with(levels, i * step, curve);
        if (misfit < least) {
            least = misfit;
            best = i * step;
        }
    }
    double lo = fmax(0.0, best - step), hi = fmin(log(SHARPEST_KNEE), best + step);
    for (int section = 0; section < KNEE_SECTIONS; section++) {
        const double left = hi - golden * (hi - lo), right = lo + golden * (hi - lo);
        if (knee_with(levels, left, curve) < knee_with(levels, right, curve))
            hi = right;
        else
            lo = left;
    }
    return isfinite(knee_with(levels, (lo + hi) / 2.0, curve)) ? 0 : -EDOM;
}

typedef int law_fit(const struct levels *levels, struct saturation_curve *curve);
static law_fit *const LAW_FITS[N_SATURATION_LAWS] = {fit_flat,       fit_linear, fit_cap,
                                                     fit_hyperbolic, fit_knee,   fit_retrograde};

/* Akaike's criterion with its correction for few visits; INFINITY where they are too few. */
static double aicc_of(const struct levels *levels, double misfit, int n_parameters)
{
    const double n = levels->n_visits, p = n_parameters + 1;
    if (n - p - 1.0 <= 0.0)
        return INFINITY;
    const double variance =
        misfit / n + levels->within * levels->within + SMALLEST_ERROR * SMALLEST_ERROR;
    return n * log(variance) + 2.0 * p + 2.0 * p * (p + 1.0) / (n - p - 1.0);
}

/*
 * Fits all laws that have no more numbers than there are levels and takes the one of the least
 * criterion; where visits are too few for any, that which errs least. The simpler one wins a draw.
 */
static int choose_curve(const struct levels *levels, struct saturation_curve *curve, double aicc[])
{
    double best_misfit = INFINITY, best_aicc = INFINITY;
    for (int law = 0; law < N_SATURATION_LAWS; law++) {
        struct saturation_curve fitted = {.law = (enum saturation_law)law};
        aicc[law] = INFINITY;
        if (LAW_PARAMETERS[law] > levels->n || LAW_FITS[law](levels, &fitted) < 0)
            continue;
        const double misfit = misfit_of(levels, &fitted);
        aicc[law] = aicc_of(levels, misfit, LAW_PARAMETERS[law]);
        const bool is_better =
            isfinite(best_aicc) || isfinite(aicc[law])
                ? aicc[law] < best_aicc
                : misfit < best_misfit - SMALLEST_ERROR * SMALLEST_ERROR * levels->n_visits;
        if (is_better) {
            best_misfit = misfit;
            best_aicc = aicc[law];
            *curve = fitted;
        }
    }
    return isfinite(best_misfit) ? 0 : -EDOM;
}

/* The level of k ranks; NULL: not measured. */
static const struct level *level_of(const struct levels *levels, int k)
{
    for (int i = 0; i < levels->n; i++) {
        if (levels->level[i].k == k)
            return &levels->level[i];
    }
    return NULL;
}

/* Levels that any law of two numbers goes through: there is nothing to choose by. */
enum { FEW_LEVELS = 2 };

/*
 * The curve through few levels, or the chosen one. Visits that differ much would have the criterion
 * take a law of one number for two, though their medians tell more. Of laws through both, the one
 * that ends at the last level promises nothing beyond it.
 */
static int find_curve(const struct levels *levels, struct saturation_curve *curve, double aicc[])
{
    const int error = choose_curve(levels, curve, aicc);
    if (error < 0 || levels->n != FEW_LEVELS)
        return error;
    const struct level *few = &levels->level[0], *more = &levels->level[1];
    const double share = few->total / few->k;
    if (more->total >= few->total && more->total <= more->k * share)
        *curve = (struct saturation_curve){.law = SATURATION_CAP, .one = share, .cap = more->total};
    return 0;
}

/* Total of k ranks: as measured where few levels are all that is known of the curve. */
static double total_of(const struct levels *levels, const struct saturation_curve *curve, int k)
{
    const struct level *level = levels->n <= FEW_LEVELS ? level_of(levels, k) : NULL;
    return level != NULL ? level->total : saturation_total(curve, k);
}

/* Points sorted by k and total, with room for what is made of them. */
struct observations {
    int n, n_all;
    struct saturation_point *point;
    int *group, *launch; /* of each point */
    double *log_total, *deviation;
    size_t *order;
    struct level *level;
};

static int by_active(const void *a, const void *b)
{
    const struct saturation_point *x = a, *y = b;
    const int by = (x->n_active > y->n_active) - (x->n_active < y->n_active);
    return by != 0 ? by : (x->total > y->total) - (x->total < y->total);
}

static void observations_release(struct observations *observations)
{
    free(observations->point);
    free(observations->group);
    free(observations->launch);
    free(observations->log_total);
    free(observations->deviation);
    free(observations->order);
    free(observations->level);
}

static int observations_init(struct observations *observations, int n,
                             const struct saturation_point point[], int n_all)
{
    for (int i = 0; i < n; i++) {
        if (!isfinite(point[i].total) || point[i].total <= 0.0 || point[i].n_active < 1)
            return -EINVAL;
    }
    if (n_all < 1)
        return -EINVAL;
    if (n < 1)
        return -EDOM;
    const size_t count = (size_t)n;
    *observations = (struct observations){.n = n,
                                          .n_all = n_all,
                                          .point = calloc(count, sizeof *point),
                                          .group = calloc(count, sizeof(int)),
                                          .launch = calloc(count, sizeof(int)),
                                          .log_total = calloc(count, sizeof(double)),
                                          .deviation = calloc(count, sizeof(double)),
                                          .order = calloc(count, sizeof(size_t)),
                                          .level = calloc(count, sizeof(struct level))};
    if (observations->point == NULL || observations->group == NULL ||
        observations->launch == NULL || observations->log_total == NULL ||
        observations->deviation == NULL || observations->order == NULL ||
        observations->level == NULL) {
        observations_release(observations);
        return -ENOMEM;
    }
    memcpy(observations->point, point, count * sizeof *point);
    qsort(observations->point, count, sizeof *point, by_active);
    for (int i = 0; i < n; i++) {
        observations->log_total[i] = log(observations->point[i].total);
        observations->group[i] = observations->point[i].group;
        observations->launch[i] = observations->point[i].launch;
    }
    return 0;
}

/* Medians of the levels that weigh anything; `within` from all visits' distances to theirs. */
static struct levels take_levels(const struct observations *observations, const double weight[])
{
    struct levels levels = {.level = observations->level};
    const struct saturation_point *point = observations->point;
    for (int i = 0, next; i < observations->n; i = next) {
        for (next = i; next < observations->n && point[next].n_active == point[i].n_active; next++)
            observations->order[next] = (size_t)(next - i);
        const double middle = weighted_median(next - i, &observations->order[i],
                                              &observations->log_total[i], &weight[i]);
        struct level *level = &levels.level[levels.n];
        *level = (struct level){.k = point[i].n_active, .total = exp(middle)};
        for (int j = i; j < next; j++) {
            level->weight += weight[j];
            observations->deviation[j] =
                weight[j] > 0.0 ? fabs(observations->log_total[j] - middle) : 0.0;
        }
        levels.n_visits += level->weight;
        levels.n += level->weight > 0.0;
    }
    gsl_sort_index(observations->order, observations->deviation, 1, (size_t)observations->n);
    levels.within = NORMAL_MAD * weighted_median(observations->n, observations->order,
                                                 observations->deviation, weight);
    return levels;
}

enum { ONE, ALL, N_TOTALS };

static int fit_totals(const void *observed, const double weight[], double parameter[])
{
    const struct observations *observations = observed;
    const struct levels levels = take_levels(observations, weight);
    struct saturation_curve curve;
    double aicc[N_SATURATION_LAWS];
    const int error = find_curve(&levels, &curve, aicc);
    if (error == 0) {
        parameter[ONE] = total_of(&levels, &curve, 1);
        parameter[ALL] = total_of(&levels, &curve, observations->n_all);
    }
    return error;
}

/* Predicts the total of each k from all others. */
static int leave_each_out(const struct levels *levels, struct saturation_fit *result)
{
    result->leave_one_out = result->leave_one_out_max = NAN;
    if (levels->n < 3)
        return 0;
    double *error = calloc((size_t)levels->n, sizeof *error);
    struct level *others = calloc((size_t)levels->n, sizeof *others);
    int status = error != NULL && others != NULL ? 0 : -ENOMEM;
    for (int i = 0; i < levels->n && status == 0; i++) {
        const struct level *left_out = &levels->level[i];
        struct levels rest = {.n = levels->n - 1,
                              .level = others,
                              .n_visits = levels->n_visits - left_out->weight,
                              .within = levels->within};
        memcpy(others, levels->level, (size_t)i * sizeof *others);
        memcpy(&others[i], left_out + 1, (size_t)(rest.n - i) * sizeof *others);
        struct saturation_curve curve;
        double aicc[N_SATURATION_LAWS];
        status = choose_curve(&rest, &curve, aicc);
        if (status == 0)
            error[i] = fabs(saturation_total(&curve, left_out->k) / left_out->total - 1.0);
    }
    if (status == 0) {
        gsl_sort(error, 1, (size_t)levels->n);
        result->leave_one_out = gsl_stats_median_from_sorted_data(error, 1, (size_t)levels->n);
        result->leave_one_out_max = error[levels->n - 1];
    }
    free(error);
    free(others);
    return status;
}

int saturation_fit(int n, const struct saturation_point point[], int n_all,
                   const struct resampling *how, struct saturation_fit *result)
{
    struct observations observations;
    int error = observations_init(&observations, n, point, n_all);
    if (error < 0)
        return error;
    struct estimate total[N_TOTALS];
    struct saturation_fit fitted;
    double *weight = calloc((size_t)n, sizeof *weight);
    error = weight != NULL ? launches_estimates(n, observations.group, observations.launch,
                                                fit_totals, &observations, N_TOTALS, how, total)
                           : -ENOMEM;
    if (error < 0)
        goto out;
    for (int i = 0; i < n; i++)
        weight[i] = 1.0;
    const struct levels levels = take_levels(&observations, weight);
    error = find_curve(&levels, &fitted.curve, fitted.aicc);
    if (error < 0)
        goto out;
    fitted.one = total[ONE];
    fitted.all = total[ALL];
    fitted.error = sqrt(misfit_of(&levels, &fitted.curve) / levels.n_visits);
    error = leave_each_out(&levels, &fitted);
    if (error == 0)
        *result = fitted;
out:
    observations_release(&observations);
    free(weight);
    return error;
}

static int fit_rates(const void *observed, const double weight[], double parameter[])
{
    const struct observations *observations = observed;
    const struct levels levels = take_levels(observations, weight);
    const struct level *one = level_of(&levels, 1), *all = level_of(&levels, observations->n_all);
    if (one == NULL)
        return -EDOM;
    parameter[ONE] = one->total;
    parameter[ALL] = all != NULL ? all->total / observations->n_all : NAN;
    if (all != NULL || levels.n < 2)
        return 0;
    struct saturation_curve curve;
    double aicc[N_SATURATION_LAWS];
    const int error = choose_curve(&levels, &curve, aicc);
    if (error == 0)
        parameter[ALL] = saturation_total(&curve, observations->n_all) / observations->n_all;
    return error;
}

int active_rate_fit(int n, const struct saturation_point point[], int n_all,
                    const struct resampling *how, struct active_rate *result)
{
    struct observations observations;
    int error = observations_init(&observations, n, point, n_all);
    if (error < 0)
        return error;
    struct estimate rate[N_TOTALS];
    error = launches_estimates(n, observations.group, observations.launch, fit_rates, &observations,
                               N_TOTALS, how, rate);
    observations_release(&observations);
    if (error == 0)
        *result = (struct active_rate){.alone = rate[ONE], .full_node = rate[ALL]};
    return error;
}
