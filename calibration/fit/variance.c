#include "variance.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { NODE, LAUNCH, CALL, N_SOURCES };

/* Sums of squares, and what is expected of them: freedom x variance of calls + launches x that of
 * launches + nodes x that of nodes. */
struct squares {
    double sum[N_SOURCES];
    double freedom[N_SOURCES];
    double launches[N_SOURCES]; /* NODE and LAUNCH */
    double nodes;               /* NODE alone */
};

static int compare_numbers(int a, int b)
{
    return (a > b) - (a < b);
}

static int compare_launch(const struct variance_point *a, const struct variance_point *b)
{
    const int by_node = compare_numbers(a->node, b->node);
    return by_node != 0 ? by_node : compare_numbers(a->launch, b->launch);
}

static int by_launch(const void *a, const void *b)
{
    return compare_launch(a, b);
}

static int by_cell(const void *a, const void *b)
{
    const struct variance_point *x = a, *y = b;
    const int by = compare_numbers(x->cell, y->cell);
    return by != 0 ? by : compare_launch(x, y);
}

/* Mean log time of `n` points. */
static double mean_log(int n, const struct variance_point point[])
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += log(point[i].time_s);
    return sum / n;
}

/* How many points from the first on are of its cell and node, and of its launch where asked. */
static int run_length(int n, const struct variance_point point[], bool is_launch)
{
    int i = 1;
    while (i < n && point[i].cell == point[0].cell && point[i].node == point[0].node &&
           (!is_launch || point[i].launch == point[0].launch))
        i++;
    return i;
}

static double square(double x)
{
    return x * x;
}

/* The points of one node in one cell. Returns sum of n_launch^2. */
static double add_node(int n, const struct variance_point point[], struct squares *squares)
{
    const double node_mean = mean_log(n, point);
    double sum_n2 = 0.0;
    for (int i = 0, n_launch; i < n; i += n_launch) {
        n_launch = run_length(n - i, &point[i], true);
        const double launch_mean = mean_log(n_launch, &point[i]);
        for (int j = i; j < i + n_launch; j++)
            squares->sum[CALL] += square(log(point[j].time_s) - launch_mean);
        squares->freedom[CALL] += n_launch - 1;
        squares->sum[LAUNCH] += n_launch * square(launch_mean - node_mean);
        squares->freedom[LAUNCH] += 1.0;
        sum_n2 += square(n_launch);
    }
    squares->freedom[LAUNCH] -= 1.0;
    squares->launches[LAUNCH] += n - sum_n2 / n;
    return sum_n2;
}

/* The points of one cell. */
static void add_cell(int n, const struct variance_point point[], struct squares *squares)
{
    const double cell_mean = mean_log(n, point);
    double launch_n2 = 0.0, node_n2 = 0.0;
    for (int i = 0, n_node; i < n; i += n_node) {
        n_node = run_length(n - i, &point[i], false);
        const double sum_n2 = add_node(n_node, &point[i], squares);
        squares->launches[NODE] += sum_n2 / n_node;
        launch_n2 += sum_n2;
        node_n2 += square(n_node);
        squares->sum[NODE] += n_node * square(mean_log(n_node, &point[i]) - cell_mean);
        squares->freedom[NODE] += 1.0;
    }
    squares->freedom[NODE] -= 1.0;
    squares->launches[NODE] -= launch_n2 / n;
    squares->nodes += n - node_n2 / n;
}

/* Variances that are not negative: one that would be is 0, and its square with what is below. */
static void solve(const struct squares *squares, double variance[])
{
    const double *sum = squares->sum, *freedom = squares->freedom, *launches = squares->launches;
    variance[CALL] = sum[CALL] / freedom[CALL];
    variance[LAUNCH] =
        freedom[LAUNCH] > 0.0
            ? fmax(0.0, (sum[LAUNCH] - freedom[LAUNCH] * variance[CALL]) / launches[LAUNCH])
            : 0.0;
    if (variance[LAUNCH] <= 0.0)
        variance[CALL] = (sum[CALL] + sum[LAUNCH]) / (freedom[CALL] + freedom[LAUNCH]);
    variance[NODE] =
        freedom[NODE] > 0.0
            ? (sum[NODE] - freedom[NODE] * variance[CALL] - launches[NODE] * variance[LAUNCH]) /
                  squares->nodes
            : 0.0;
    if (variance[NODE] > 0.0 || freedom[NODE] <= 0.0)
        return;
    variance[NODE] = 0.0;
    if (variance[LAUNCH] > 0.0)
        variance[LAUNCH] = fmax(
            0.0, (sum[LAUNCH] + sum[NODE] - (freedom[LAUNCH] + freedom[NODE]) * variance[CALL]) /
                     (launches[LAUNCH] + launches[NODE]));
    if (variance[LAUNCH] <= 0.0)
        variance[CALL] = (sum[CALL] + sum[LAUNCH] + sum[NODE]) /
                         (freedom[CALL] + freedom[LAUNCH] + freedom[NODE]);
}

/* Spread whose variance, `per` times, a mean square has beyond one below it. */
static struct estimate spread_of(double variance, double mean_square, double freedom, double below,
                                 double freedom_below, double per)
{
    const double f_lo = gsl_cdf_fdist_Pinv(0.025, freedom, freedom_below);
    const double f_hi = gsl_cdf_fdist_Pinv(0.975, freedom, freedom_below);
    const double lo =
        freedom * (mean_square - below * f_hi) / (per * gsl_cdf_chisq_Pinv(0.975, freedom));
    const double hi =
        freedom * (mean_square - below * f_lo) / (per * gsl_cdf_chisq_Pinv(0.025, freedom));
    const double spread = sqrt(variance);
    return (struct estimate){spread, fmin(spread, sqrt(fmax(0.0, lo))),
                             fmax(spread, sqrt(fmax(0.0, hi)))};
}

static struct estimate call_spread_of(double variance, double freedom)
{
    return (struct estimate){sqrt(variance),
                             sqrt(variance * freedom / gsl_cdf_chisq_Pinv(0.975, freedom)),
                             sqrt(variance * freedom / gsl_cdf_chisq_Pinv(0.025, freedom))};
}

static void set_result(const struct squares *squares, struct variance_components *result)
{
    double variance[N_SOURCES];
    solve(squares, variance);
    const double *freedom = squares->freedom;
    const int launch_freedom = result->n_launches - result->n_nodes;
    result->call_spread = call_spread_of(variance[CALL], freedom[CALL]);
    result->launch_spread = estimate_alone(NAN);
    if (freedom[LAUNCH] > 0.0)
        result->launch_spread =
            spread_of(variance[LAUNCH], squares->sum[LAUNCH] / freedom[LAUNCH], launch_freedom,
                      variance[CALL], freedom[CALL], squares->launches[LAUNCH] / freedom[LAUNCH]);
    result->node_spread = estimate_alone(NAN);
    if (freedom[NODE] > 0.0) {
        const double below =
            variance[CALL] + variance[LAUNCH] * squares->launches[NODE] / freedom[NODE];
        result->node_spread = spread_of(
            variance[NODE], squares->sum[NODE] / freedom[NODE], result->n_nodes - 1, below,
            freedom[LAUNCH] > 0.0 ? launch_freedom : freedom[CALL], squares->nodes / freedom[NODE]);
    }
}

/* Counts different nodes, and launches on them. */
static void count_sources(int n, struct variance_point point[], struct variance_components *result)
{
    qsort(point, (size_t)n, sizeof *point, by_launch);
    for (int i = 0; i < n; i++) {
        result->n_nodes += i == 0 || point[i].node != point[i - 1].node;
        result->n_launches += i == 0 || compare_launch(&point[i], &point[i - 1]) != 0;
    }
}

int variance_components(int n, const struct variance_point point[],
                        struct variance_components *result)
{
    for (int i = 0; i < n; i++) {
        if (!isfinite(point[i].time_s) || point[i].time_s <= 0.0)
            return -EINVAL;
    }
    if (n < 2)
        return -EDOM;
    struct variance_point *sorted = calloc((size_t)n, sizeof *sorted);
    if (sorted == NULL)
        return -ENOMEM;
    memcpy(sorted, point, (size_t)n * sizeof *sorted);

    struct variance_components found = {.n_nodes = 0};
    struct squares squares = {.nodes = 0.0};
    count_sources(n, sorted, &found);
    qsort(sorted, (size_t)n, sizeof *sorted, by_cell);
    for (int i = 0, next; i < n; i = next) {
        for (next = i; next < n && sorted[next].cell == sorted[i].cell; next++)
            ;
        add_cell(next - i, &sorted[i], &squares);
    }
    free(sorted);
    if (squares.freedom[CALL] <= 0.0)
        return -EDOM;
    set_result(&squares, &found);
    *result = found;
    return 0;
}
