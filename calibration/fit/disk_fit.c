#include "disk_fit.h"

#include "launches.h"
#include "nnls.h"

#include <errno.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

/* Small requests that a device answers take at least this: flash takes 10 us and more. */
static const double FASTEST_REQUEST_S = 5e-6;
static const double SMALL_REQUEST_B = 4096.0;
/* Four lanes of the fifth generation of PCI Express carry this. */
static const double FASTEST_DEVICE_BPS = 16e9;

enum { LATENCY, SEEK, READ_BYTE, WRITE_BYTE, N_COLUMNS };

/* What is fitted, with room for its equations. */
struct observations {
    int n;
    const struct disk_point *point;
    bool *is_fitted;            /* of each point */
    bool has_column[N_COLUMNS]; /* the others are 0 */
    bool is_seek_of_reads;
    double *matrix, *right, *scale;
};

static bool has_seek(const struct observations *observations, const struct disk_point *point)
{
    return point->is_random && point->is_write != observations->is_seek_of_reads;
}

/* Random writes tell nothing where the seek is that of reads. */
static bool is_of_use(const struct observations *observations, const struct disk_point *point)
{
    return !point->is_random || has_seek(observations, point);
}

static void set_row(const struct observations *observations, const struct disk_point *point,
                    double row[])
{
    const double coefficient[N_COLUMNS] = {
        [LATENCY] = 1.0,
        [SEEK] = has_seek(observations, point) ? 1.0 : 0.0,
        [READ_BYTE] = point->is_write ? 0.0 : point->size_B,
        [WRITE_BYTE] = point->is_write ? point->size_B : 0.0,
    };
    for (int column = 0, used = 0; column < N_COLUMNS; column++) {
        if (observations->has_column[column])
            row[used++] = coefficient[column];
    }
}

static int fit(const void *observed, const double weight[], double parameter[])
{
    const struct observations *observations = observed;
    int n_unknowns = 0, n_equations = 0;
    for (int column = 0; column < N_COLUMNS; column++)
        n_unknowns += observations->has_column[column];
    for (int i = 0; i < observations->n; i++) {
        const struct disk_point *point = &observations->point[i];
        if (!observations->is_fitted[i])
            continue;
        set_row(observations, point, &observations->matrix[n_equations * n_unknowns]);
        observations->right[n_equations] = point->time_s;
        observations->scale[n_equations] = sqrt(weight[i]) / point->time_s;
        n_equations++;
    }
    const struct nnls problem = {n_equations, n_unknowns, observations->matrix, observations->right,
                                 observations->scale};
    struct nnls_solution solution;
    const int error = nnls(&problem, &solution);
    if (error < 0)
        return error;
    for (int column = 0, used = 0; column < N_COLUMNS; column++)
        parameter[column] = observations->has_column[column] ? solution.x[used++] : 0.0;
    return 0;
}

static bool is_valid(int n, const struct disk_point point[])
{
    for (int i = 0; i < n; i++) {
        if (!isfinite(point[i].size_B) || !isfinite(point[i].time_s) || point[i].size_B <= 0.0 ||
            point[i].time_s <= 0.0 || point[i].n_under_way < 1)
            return false;
    }
    return true;
}

/* Estimates of all columns under the points that are fitted. */
static int estimate(const struct observations *observations, const struct resampling *how,
                    struct estimate column[])
{
    int *group = calloc((size_t)observations->n, sizeof *group);
    int *launch = calloc((size_t)observations->n, sizeof *launch);
    for (int i = 0; group && launch && i < observations->n; i++) {
        group[i] = observations->point[i].group;
        launch[i] = observations->point[i].launch;
    }
    const int error = group == NULL || launch == NULL
                          ? -ENOMEM
                          : launches_estimates(observations->n, group, launch, fit, observations,
                                               N_COLUMNS, how, column);
    free(group);
    free(launch);
    return error;
}

/* Whether the points that are fitted have requests of a kind in two sizes. */
static bool has_two_sizes(const struct observations *observations, bool is_write)
{
    double least_B = INFINITY, most_B = 0.0;
    for (int i = 0; i < observations->n; i++) {
        if (!observations->is_fitted[i] || observations->point[i].is_write != is_write)
            continue;
        least_B = fmin(least_B, observations->point[i].size_B);
        most_B = fmax(most_B, observations->point[i].size_B);
    }
    return most_B > least_B;
}

/* Takes requests that bypass the page cache, or those that do not, one at a time. */
static void choose_points(struct observations *observations, bool is_direct)
{
    bool is_read_at_random = false, is_any_at_random = false;
    for (int i = 0; i < observations->n; i++) {
        const struct disk_point *point = &observations->point[i];
        observations->is_fitted[i] = point->is_direct == is_direct && point->n_under_way == 1;
        is_any_at_random |= observations->is_fitted[i] && point->is_random;
        is_read_at_random |= observations->is_fitted[i] && point->is_random && !point->is_write;
    }
    observations->is_seek_of_reads = is_read_at_random;
    for (int i = 0; i < observations->n; i++)
        observations->is_fitted[i] &= is_of_use(observations, &observations->point[i]);
    const bool has_reads = has_two_sizes(observations, false);
    const bool has_writes = has_two_sizes(observations, true);
    for (int i = 0; i < observations->n; i++)
        observations->is_fitted[i] &= observations->point[i].is_write ? has_writes : has_reads;
    observations->has_column[LATENCY] = true;
    observations->has_column[SEEK] = is_any_at_random;
    observations->has_column[READ_BYTE] = has_reads;
    observations->has_column[WRITE_BYTE] = has_writes;
}

/* A rate from the time of a byte. */
static struct estimate rate_of(const struct observations *observations, int column,
                               const struct estimate *byte_s)
{
    if (!observations->has_column[column])
        return estimate_alone(NAN);
    return (struct estimate){1.0 / byte_s->value, 1.0 / byte_s->ci95_hi, 1.0 / byte_s->ci95_lo};
}

static double error_of(const struct observations *observations, const struct estimate column[])
{
    double square = 0.0;
    int n = 0;
    for (int i = 0; i < observations->n; i++) {
        const struct disk_point *point = &observations->point[i];
        if (!observations->is_fitted[i])
            continue;
        const double time_s =
            column[LATENCY].value + (has_seek(observations, point) ? column[SEEK].value : 0.0) +
            point->size_B * column[point->is_write ? WRITE_BYTE : READ_BYTE].value;
        square += pow(time_s / point->time_s - 1.0, 2.0);
        n++;
    }
    return sqrt(square / n);
}

static bool is_too_fast(const struct disk_fit *result)
{
    /* Comparisons with what was not measured are false. */
    return result->latency_s.value + SMALL_REQUEST_B / result->read_Bps.value < FASTEST_REQUEST_S ||
           result->read_Bps.value > FASTEST_DEVICE_BPS ||
           result->write_Bps.value > FASTEST_DEVICE_BPS;
}

static int fit_device(struct observations *observations, bool is_direct,
                      const struct resampling *how, struct disk_fit *result)
{
    struct estimate column[N_COLUMNS];
    choose_points(observations, is_direct);
    if (!observations->has_column[READ_BYTE] && !observations->has_column[WRITE_BYTE])
        return -EDOM;
    const int error = estimate(observations, how, column);
    if (error < 0)
        return error;
    result->latency_s = column[LATENCY];
    result->seek_s = column[SEEK];
    result->read_Bps = rate_of(observations, READ_BYTE, &column[READ_BYTE]);
    result->write_Bps = rate_of(observations, WRITE_BYTE, &column[WRITE_BYTE]);
    result->error = error_of(observations, column);
    result->is_cached = is_too_fast(result);
    return 0;
}

/* Median time of requests in order of the largest size; NAN: none. `time_s` has room for all. */
static double median_s(int n, const struct disk_point point[], bool is_direct, bool is_write,
                       int n_under_way, double size_B, double time_s[])
{
    int count = 0;
    for (int i = 0; i < n; i++) {
        if (point[i].is_direct == is_direct && point[i].is_write == is_write &&
            !point[i].is_random && point[i].n_under_way == n_under_way && point[i].size_B == size_B)
            time_s[count++] = point[i].time_s;
    }
    if (count == 0)
        return NAN;
    gsl_sort(time_s, 1, (size_t)count);
    return (time_s[(count - 1) / 2] + time_s[count / 2]) / 2.0;
}

/* The next larger number of requests under way; 0: there is none. */
static int next_depth(int n, const struct disk_point point[], bool is_direct, int above)
{
    int next = 0;
    for (int i = 0; i < n; i++) {
        if (point[i].is_direct == is_direct && point[i].n_under_way > above &&
            (next == 0 || point[i].n_under_way < next))
            next = point[i].n_under_way;
    }
    return next;
}

static void set_depths(int n, const struct disk_point point[], bool is_direct, double time_s[],
                       struct disk_fit *result)
{
    double largest_B = 0.0;
    for (int i = 0; i < n; i++) {
        if (point[i].is_direct == is_direct && !point[i].is_random)
            largest_B = fmax(largest_B, point[i].size_B);
    }
    int depth = 0;
    while ((depth = next_depth(n, point, is_direct, depth)) > 0 && result->n_depths < DISK_DEPTHS) {
        const double read_s = median_s(n, point, is_direct, false, depth, largest_B, time_s);
        const double write_s = median_s(n, point, is_direct, true, depth, largest_B, time_s);
        result->depth[result->n_depths++] =
            (struct disk_depth){.n_under_way = depth,
                                .read_Bps = isnan(read_s) ? 0.0 : depth * largest_B / read_s,
                                .write_Bps = isnan(write_s) ? 0.0 : depth * largest_B / write_s};
    }
}

int disk_fit(int n, const struct disk_point point[], const struct resampling *how,
             struct disk_fit *result)
{
    if (!is_valid(n, point))
        return -EINVAL;
    if (n < 1)
        return -EDOM;
    const size_t count = (size_t)n;
    struct disk_fit fitted = {.n_depths = 0};
    struct observations observations = {.n = n,
                                        .point = point,
                                        .is_fitted = calloc(count, sizeof(bool)),
                                        .matrix = calloc(count * N_COLUMNS, sizeof(double)),
                                        .right = calloc(count, sizeof(double)),
                                        .scale = calloc(count, sizeof(double))};
    bool is_direct = false;
    for (int i = 0; i < n; i++)
        is_direct |= point[i].is_direct;
    int error = -ENOMEM;
    if (observations.is_fitted != NULL && observations.matrix != NULL &&
        observations.right != NULL && observations.scale != NULL)
        error = fit_device(&observations, is_direct, how, &fitted);
    if (error == 0) {
        set_depths(n, point, is_direct, observations.right, &fitted);
        *result = fitted;
    }
    free(observations.is_fitted);
    free(observations.matrix);
    free(observations.right);
    free(observations.scale);
    return error;
}
