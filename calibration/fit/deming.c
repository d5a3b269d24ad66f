#include "deming.h"

#include "launches.h"

#include <errno.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Slopes are looked for within this factor of the ratio of both sides' times. */
static const double FACTOR_RANGE = 1000.0;
/* First at so many, evenly in logarithm; then by golden sections between the best one's neighbours,
 * so often that the interval is down to rounding. */
enum { FACTOR_STEPS = 120, SECTIONS = 60 };

/* What medians are taken of. */
enum column { NATIVE, VIRTUAL, ADDED, LOG_RATIO, N_COLUMNS };

/* Points sorted by size, and in each size the order of each column's values. */
struct sorted {
    int n, n_sizes;
    struct paired_point *point;
    double *value[N_COLUMNS];
    size_t *order[N_COLUMNS]; /* counted from the size's first point */
    int *first;               /* point of each size; n_sizes + 1 of them */
    int *group, *launch;
    double spread[N_COLUMNS]; /* relative standard deviations of one visit, NATIVE and VIRTUAL */
};

/* Of one size: medians, and the weight of all its points. */
struct level {
    double size_B, weight, value[N_COLUMNS];
};

static int by_size(const void *a, const void *b)
{
    const struct paired_point *x = a, *y = b;
    return (x->size_B > y->size_B) - (x->size_B < y->size_B);
}

static void sorted_release(struct sorted *sorted)
{
    for (int column = 0; column < N_COLUMNS; column++) {
        free(sorted->value[column]);
        free(sorted->order[column]);
    }
    free(sorted->point);
    free(sorted->first);
    free(sorted->group);
    free(sorted->launch);
}

static int sorted_alloc(struct sorted *sorted, int n)
{
    const size_t count = (size_t)n;
    *sorted = (struct sorted){.n = n};
    bool is_complete = true;
    for (int column = 0; column < N_COLUMNS; column++) {
        sorted->value[column] = calloc(count, sizeof(double));
        sorted->order[column] = calloc(count, sizeof(size_t));
        is_complete &= sorted->value[column] != NULL && sorted->order[column] != NULL;
    }
    sorted->point = calloc(count, sizeof *sorted->point);
    sorted->first = calloc(count + 1, sizeof *sorted->first);
    sorted->group = calloc(count, sizeof *sorted->group);
    sorted->launch = calloc(count, sizeof *sorted->launch);
    is_complete &= sorted->point != NULL && sorted->first != NULL && sorted->group != NULL &&
                   sorted->launch != NULL;
    if (!is_complete)
        sorted_release(sorted);
    return is_complete ? 0 : -ENOMEM;
}

/* Pooled standard deviation of the logarithm of a column between visits of one size; 0 where no
 * size was visited twice. */
static double spread_of(const struct sorted *sorted, enum column column)
{
    double squares = 0.0, freedom = 0.0;
    for (int size = 0; size < sorted->n_sizes; size++) {
        const int first = sorted->first[size], end = sorted->first[size + 1];
        double mean = 0.0;
        for (int i = first; i < end; i++)
            mean += log(sorted->value[column][i]) / (end - first);
        for (int i = first; i < end; i++)
            squares += pow(log(sorted->value[column][i]) - mean, 2.0);
        freedom += end - first - 1;
    }
    return freedom > 0.0 ? sqrt(squares / freedom) : 0.0;
}

static void sort_columns(struct sorted *sorted)
{
    for (int size = 0; size < sorted->n_sizes; size++) {
        const int first = sorted->first[size];
        const size_t count = (size_t)(sorted->first[size + 1] - first);
        for (int column = 0; column < N_COLUMNS; column++)
            gsl_sort_index(&sorted->order[column][first], &sorted->value[column][first], 1, count);
    }
}

static int sorted_init(struct sorted *sorted, int n, const struct paired_point point[])
{
    for (int i = 0; i < n; i++) {
        const struct paired_point *p = &point[i];
        if (!isfinite(p->size_B) || !isfinite(p->native_s) || !isfinite(p->virtual_s) ||
            p->native_s <= 0.0 || p->virtual_s <= 0.0)
            return -EINVAL;
    }
    if (n < 2)
        return -EDOM;
    const int error = sorted_alloc(sorted, n);
    if (error < 0)
        return error;
    memcpy(sorted->point, point, (size_t)n * sizeof *point);
    qsort(sorted->point, (size_t)n, sizeof *point, by_size);
    for (int i = 0; i < n; i++) {
        const struct paired_point *p = &sorted->point[i];
        if (i == 0 || p->size_B != p[-1].size_B)
            sorted->first[sorted->n_sizes++] = i;
        sorted->value[NATIVE][i] = p->native_s;
        sorted->value[VIRTUAL][i] = p->virtual_s;
        sorted->value[ADDED][i] = p->virtual_s - p->native_s;
        sorted->value[LOG_RATIO][i] = log(p->virtual_s) - log(p->native_s);
        sorted->group[i] = p->group;
        sorted->launch[i] = p->launch;
    }
    sorted->first[sorted->n_sizes] = n;
    sort_columns(sorted);
    sorted->spread[NATIVE] = spread_of(sorted, NATIVE);
    sorted->spread[VIRTUAL] = spread_of(sorted, VIRTUAL);
    return 0;
}

/* Medians under these weights; returns how many sizes weigh anything. */
static int take_levels(const struct sorted *sorted, const double weight[], struct level level[])
{
    int n_levels = 0;
    for (int size = 0; size < sorted->n_sizes; size++) {
        const int first = sorted->first[size], count = sorted->first[size + 1] - first;
        struct level *taken = &level[n_levels];
        *taken = (struct level){.size_B = sorted->point[first].size_B};
        for (int i = first; i < first + count; i++)
            taken->weight += weight[i];
        for (int column = 0; column < N_COLUMNS; column++)
            taken->value[column] = weighted_median(count, &sorted->order[column][first],
                                                   &sorted->value[column][first], &weight[first]);
        n_levels += taken->weight > 0.0;
    }
    return n_levels;
}

/* A line through levels, and what it leaves. */
struct line {
    double added_s, factor, misfit;
};

/* The best line of one slope, relative errors of both sides having these variances. */
static struct line line_with(int n, const struct level level[], const double variance[],
                             double factor)
{
    double sum = 0.0, sum_weight = 0.0;
    struct line line = {.factor = factor};
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < n; i++) {
            const double native_s = level[i].value[NATIVE], virtual_s = level[i].value[VIRTUAL];
            const double weight =
                level[i].weight / (variance[VIRTUAL] * virtual_s * virtual_s +
                                   variance[NATIVE] * factor * native_s * factor * native_s);
            const double rest_s = virtual_s - factor * native_s;
            sum += weight * rest_s;
            sum_weight += weight;
            line.misfit += pass == 1 ? weight * pow(rest_s - line.added_s, 2.0) : 0.0;
        }
        line.added_s = sum / sum_weight;
    }
    return line;
}

/* Narrows [lo, hi], logarithms of slopes with the best one between, by golden sections. */
static struct line best_between(int n, const struct level level[], const double variance[],
                                double lo, double hi)
{
    const double golden = (sqrt(5.0) - 1.0) / 2.0;
    for (int section = 0; section < SECTIONS; section++) {
        const double left = hi - golden * (hi - lo), right = lo + golden * (hi - lo);
        const bool is_left = line_with(n, level, variance, exp(left)).misfit <
                             line_with(n, level, variance, exp(right)).misfit;
        if (is_left)
            hi = right;
        else
            lo = left;
    }
    return line_with(n, level, variance, exp((lo + hi) / 2.0));
}

static struct line best_line(int n, const struct level level[], const double variance[])
{
    double native_s = 0.0, virtual_s = 0.0;
    for (int i = 0; i < n; i++) {
        native_s += level[i].value[NATIVE];
        virtual_s += level[i].value[VIRTUAL];
    }
    const double middle = log(virtual_s / native_s), range = log(FACTOR_RANGE);
    const double step = 2.0 * range / FACTOR_STEPS;
    int best = 0;
    double least = INFINITY;
    for (int i = 0; i <= FACTOR_STEPS; i++) {
        const double misfit = line_with(n, level, variance, exp(middle - range + i * step)).misfit;
        if (misfit < least) {
            least = misfit;
            best = i;
        }
    }
    const double at = middle - range + best * step;
    return best_between(n, level, variance, at - step, at + step);
}

/* Relative variances of visits; both sides err alike where no size was visited twice. */
static void variances_of(const struct sorted *sorted, double variance[])
{
    variance[NATIVE] = sorted->spread[NATIVE] * sorted->spread[NATIVE];
    variance[VIRTUAL] = sorted->spread[VIRTUAL] * sorted->spread[VIRTUAL];
    if (variance[NATIVE] + variance[VIRTUAL] <= 0.0)
        variance[NATIVE] = variance[VIRTUAL] = 1.0;
}

enum { DEMING_ADDED, DEMING_FACTOR, N_DEMING };

/* What a fit of either kind needs. */
struct observations {
    const struct sorted *sorted;
    struct level *level; /* room for the medians */
    bool is_one_size;
};

/* Whether native times tell a slope. */
static bool differ(int n, const struct level level[])
{
    double least_s = INFINITY, most_s = 0.0;
    for (int i = 0; i < n; i++) {
        least_s = fmin(least_s, level[i].value[NATIVE]);
        most_s = fmax(most_s, level[i].value[NATIVE]);
    }
    return n > 1 && most_s > least_s;
}

static int fit_line(const void *observed, const double weight[], double parameter[])
{
    const struct observations *observations = observed;
    const int n = take_levels(observations->sorted, weight, observations->level);
    if (!differ(n, observations->level))
        return -EDOM;
    double variance[N_COLUMNS];
    variances_of(observations->sorted, variance);
    const struct line line = best_line(n, observations->level, variance);
    parameter[DEMING_ADDED] = line.added_s;
    parameter[DEMING_FACTOR] = line.factor;
    return 0;
}

/* Sorts the points, fits, and leaves what was used in `sorted`, which the caller releases after
 * success. */
static int estimate(int n, const struct paired_point point[], resample_fit *fit, int n_parameters,
                    const struct resampling *how, struct sorted *sorted,
                    struct estimate estimates[])
{
    int error = sorted_init(sorted, n, point);
    if (error < 0)
        return error;
    struct observations observations = {.sorted = sorted,
                                        .level = calloc((size_t)n, sizeof(struct level)),
                                        .is_one_size = sorted->n_sizes == 1};
    error = observations.level == NULL
                ? -ENOMEM
                : launches_estimates(n, sorted->group, sorted->launch, fit, &observations,
                                     n_parameters, how, estimates);
    free(observations.level);
    if (error < 0)
        sorted_release(sorted);
    return error;
}

int deming_fit(int n, const struct paired_point point[], const struct resampling *how,
               struct deming *result)
{
    struct sorted sorted;
    struct estimate estimates[N_DEMING];
    const int error = estimate(n, point, fit_line, N_DEMING, how, &sorted, estimates);
    if (error < 0)
        return error;
    double variance[N_COLUMNS];
    variances_of(&sorted, variance);
    *result = (struct deming){.added_s = estimates[DEMING_ADDED],
                              .factor = estimates[DEMING_FACTOR],
                              .variance_ratio = variance[VIRTUAL] / variance[NATIVE],
                              .native_spread = sorted.spread[NATIVE],
                              .virtual_spread = sorted.spread[VIRTUAL]};
    sorted_release(&sorted);
    return 0;
}

enum { OVERHEAD_MESSAGE, OVERHEAD_BYTE, OVERHEAD_FACTOR, N_OVERHEAD };

/* Least squares of a line through the differences; a level without overhead weighs 1 / native. */
static int fit_overhead(const void *observed, const double weight[], double parameter[])
{
    const struct observations *observations = observed;
    const int n = take_levels(observations->sorted, weight, observations->level);
    if (n < (observations->is_one_size ? 1 : 2))
        return -EDOM;
    double sum = 0.0, sum_x = 0.0, sum_y = 0.0, sum_log = 0.0, visits = 0.0;
    for (int i = 0; i < n; i++) {
        const struct level *level = &observations->level[i];
        const double w = level->weight / pow(level->value[NATIVE], 2.0);
        sum += w;
        sum_x += w * level->size_B;
        sum_y += w * level->value[ADDED];
        sum_log += level->weight * level->value[LOG_RATIO];
        visits += level->weight;
    }
    double sum_xx = 0.0, sum_xy = 0.0;
    for (int i = 0; i < n; i++) {
        const struct level *level = &observations->level[i];
        const double w = level->weight / pow(level->value[NATIVE], 2.0);
        sum_xx += w * pow(level->size_B - sum_x / sum, 2.0);
        sum_xy += w * (level->size_B - sum_x / sum) * level->value[ADDED];
    }
    parameter[OVERHEAD_BYTE] = n > 1 ? sum_xy / sum_xx : 0.0;
    parameter[OVERHEAD_MESSAGE] = (sum_y - parameter[OVERHEAD_BYTE] * sum_x) / sum;
    parameter[OVERHEAD_FACTOR] = exp(sum_log / visits);
    return 0;
}

int overhead_fit(int n, const struct paired_point point[], const struct resampling *how,
                 struct overhead *result)
{
    struct sorted sorted;
    struct estimate estimates[N_OVERHEAD];
    const int error = estimate(n, point, fit_overhead, N_OVERHEAD, how, &sorted, estimates);
    if (error < 0)
        return error;
    sorted_release(&sorted);
    *result = (struct overhead){.message_s = estimates[OVERHEAD_MESSAGE],
                                .byte_s = estimates[OVERHEAD_BYTE],
                                .factor = estimates[OVERHEAD_FACTOR]};
    return 0;
}
