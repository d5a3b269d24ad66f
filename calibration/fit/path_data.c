#include "path_data.h"

#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* Fewer sizes are no curve. */
enum { LEAST_SIZES = 5 };

/* The series that share breakpoints. */
enum { SERIES_ROUND, SERIES_SEND, SERIES_RECV, N_SERIES };

struct gathered_series {
    struct timed_visit *visits;
    int n;
};

static bool is_left_out(const struct path_request *request, int index, int n)
{
    return request->skip_every >= 2 && index > 0 && index < n - 1 &&
           index % request->skip_every == request->skip_every / 2;
}

/* Whether a call of this size tells what the call itself costs. */
static bool is_told(enum raw_operation operation, double size_B, double threshold_B)
{
    switch (operation) {
    case RAW_SEND:
    case RAW_RECV:
        return size_B <= threshold_B;
    case RAW_ISEND:
        return size_B > threshold_B;
    default:
        return true;
    }
}

static int add_slice(const struct dataset_slice *slice, const struct path_request *request,
                     struct gathered_series *series)
{
    const int most = series->n + dataset_count_visits(slice);
    struct timed_visit *visits = realloc(series->visits, (size_t)(most + 1) * sizeof *visits);
    if (!visits)
        return -ENOMEM;
    series->visits = visits;
    for (int i = 0; i < slice->n; i++) {
        const struct dataset_point *point = &slice->points[i];
        if (is_left_out(request, i, slice->n) ||
            !is_told(point->operation, point->size_B, request->eager_threshold_B))
            continue;
        for (int j = 0; j < point->n_visits; j++) {
            const struct dataset_visit *visit = &point->visits[j];
            visits[series->n++] =
                (struct timed_visit){point->size_B, visit->launch, visit->n, visit->times_s};
        }
    }
    return 0;
}

static int add_operation(const struct dataset *dataset, enum raw_operation operation,
                         const struct path_request *request, struct gathered_series *series)
{
    const struct dataset_slice slice =
        dataset_slice(dataset, operation, request->path, request->load, 0);
    return add_slice(&slice, request, series);
}

static int gather(const struct dataset *dataset, const struct path_request *request,
                  struct gathered_series series[N_SERIES])
{
    int status = add_operation(dataset, RAW_PINGPONG, request, &series[SERIES_ROUND]);
    if (status == 0)
        status = add_operation(dataset, RAW_SEND, request, &series[SERIES_SEND]);
    if (status == 0)
        status = add_operation(dataset, RAW_ISEND, request, &series[SERIES_SEND]);
    if (status == 0)
        status = add_operation(dataset, RAW_RECV, request, &series[SERIES_RECV]);
    return status;
}

/* --- pieces -------------------------------------------------------------------------------------
 */

/* Cuts all series that have points at common sizes. */
static int cut(const struct gathered_series series[N_SERIES], const struct path_request *request,
               struct path_data *data)
{
    struct segment_series located[N_SERIES] = {{0, NULL}};
    struct segments_options options = segments_defaults;
    int n = 0, status = 0;

    if (isfinite(request->eager_threshold_B)) {
        options.n_thresholds = 1;
        options.thresholds_B = &request->eager_threshold_B;
        options.are_forced = true;
    }
    for (int i = 0; i < N_SERIES && status == 0; i++)
        if (series[i].n > 0) {
            const struct visit_series visits = {series[i].n, series[i].visits};
            status = visits_locate(&visits, &located[n]);
            n += status == 0;
        }
    if (status == 0 && (n == 0 || located[0].n < LEAST_SIZES))
        status = -ENODATA;
    if (status == 0)
        status = segments_fit(n, located, &options, &data->segments);
    data->n_sizes = n > 0 ? located[0].n : 0;
    for (int i = 0; i < n; i++)
        located_release(&located[i]);
    return status;
}

/* --- visits -------------------------------------------------------------------------------------
 */

/* Of an equation's time, what profiles say already. */
static double known_s(const struct path_base *base, enum path_equation equation, double size_B)
{
    double sum_s = 0.0;
    if (!base)
        return 0.0;
    if (equation != PATH_RECV)
        sum_s += path_base_call_s(base, true, size_B);
    if (equation != PATH_SEND)
        sum_s += path_base_call_s(base, false, size_B);
    if (equation == PATH_ROUND && base->has_way) {
        const struct transfer way = path_base_way(base, size_B);
        sum_s += transfer_duration_s(&way, size_B);
    }
    return sum_s;
}

/* What a slower wire multiplies. */
static double slowed(const struct path_request *request, double size_B)
{
    if (!request->base || !request->base->has_way)
        return packets_wire_B(&request->packets, size_B);
    const struct transfer way = path_base_way(request->base, size_B);
    return transfer_duration_s(&way, size_B) - way.latency_s;
}

static void add_visits(const struct dataset *dataset, enum raw_operation operation,
                       enum path_equation equation, const struct path_request *request,
                       struct path_data *data)
{
    const struct dataset_slice slice =
        dataset_slice(dataset, operation, request->path, request->load, 0);
    for (int i = 0; i < slice.n; i++) {
        const struct dataset_point *point = &slice.points[i];
        if (is_left_out(request, i, slice.n) ||
            !is_told(operation, point->size_B, request->eager_threshold_B))
            continue;
        for (int j = 0; j < point->n_visits; j++)
            data->visits[data->n++] = (struct path_visit){
                .equation = equation,
                .size_B = point->size_B,
                .wire_B = slowed(request, point->size_B),
                .time_s = point->visits[j].median_s,
                .known_s = known_s(request->base, equation, point->size_B),
                .piece = segments_piece(&data->segments, point->size_B),
                .group = dataset_block(&point->visits[j]),
                .launch = point->visits[j].launch,
            };
    }
}

static int compare_visits(const void *first, const void *second)
{
    const struct path_visit *a = first, *b = second;
    if (a->piece != b->piece)
        return a->piece - b->piece;
    if (a->equation != b->equation)
        return (int)a->equation - (int)b->equation;
    if (a->size_B != b->size_B)
        return a->size_B < b->size_B ? -1 : 1;
    if (a->time_s != b->time_s)
        return a->time_s < b->time_s ? -1 : 1;
    return (a->group > b->group) - (a->group < b->group);
}

static bool is_same_point(const struct path_visit *a, const struct path_visit *b)
{
    return a->piece == b->piece && a->equation == b->equation && a->size_B == b->size_B;
}

static void sort_visits(struct path_data *data)
{
    qsort(data->visits, (size_t)data->n, sizeof *data->visits, compare_visits);
    for (int i = 0; i < data->n; i++) {
        data->groups[i] = data->visits[i].group;
        data->launches[i] = data->visits[i].launch;
        if (i == 0 || !is_same_point(&data->visits[i - 1], &data->visits[i]))
            data->begin[data->n_points++] = i;
    }
    data->begin[data->n_points] = data->n;
    data->n_pieces = data->segments.n_pieces;
    for (int piece = 0, at = 0; piece <= data->n_pieces; piece++) {
        while (at < data->n_points && data->visits[data->begin[at]].piece < piece)
            at++;
        data->first[piece] = at;
        if (piece < data->n_pieces)
            data->from_B[piece] = data->segments.from_B[piece];
    }
}

/* Where half of the weight of visits first..end-1, whose times rise, is reached. */
static double middle_s(const struct path_data *data, int first, int end, const double weight[],
                       double all)
{
    static const double rounding = 1e-9;
    double below = 0.0;
    int i = first;
    while (i < end - 1 && below + weight[i] < 0.5 * all * (1.0 - rounding))
        below += weight[i++];
    int next = i;
    if (below + weight[i] <= 0.5 * all * (1.0 + rounding))
        for (next = i + 1; next < end - 1 && weight[next] == 0.0;)
            next++;
    return 0.5 * (data->visits[i].time_s + data->visits[next < end ? next : i].time_s);
}

void path_data_locate(const struct path_data *data, const double weight[],
                      struct path_visit points[], double point_weight[])
{
    for (int i = 0; i < data->n_points; i++) {
        const int first = data->begin[i], end = data->begin[i + 1];
        double all = 0.0;
        for (int j = first; j < end; j++)
            all += weight[j];
        points[i] = data->visits[first];
        point_weight[i] = all;
        if (all > 0.0)
            points[i].time_s = middle_s(data, first, end, weight, all);
    }
}

int path_data_init(struct path_data *data, const struct dataset *dataset,
                   const struct path_request *request)
{
    struct gathered_series series[N_SERIES] = {{NULL, 0}};
    *data = (struct path_data){.eager_threshold_B = request->eager_threshold_B};
    int status = gather(dataset, request, series);
    if (status == 0)
        status = cut(series, request, data);
    const int n = series[SERIES_ROUND].n + series[SERIES_SEND].n + series[SERIES_RECV].n;
    data->rounds = (struct visit_series){series[SERIES_ROUND].n, series[SERIES_ROUND].visits};
    free(series[SERIES_SEND].visits);
    free(series[SERIES_RECV].visits);
    if (status != 0)
        return status;
    data->visits = calloc((size_t)n + 1, sizeof *data->visits);
    data->groups = calloc((size_t)n + 1, sizeof *data->groups);
    data->launches = calloc((size_t)n + 1, sizeof *data->launches);
    data->begin = calloc((size_t)n + 2, sizeof *data->begin);
    if (!data->visits || !data->groups || !data->launches || !data->begin)
        return -ENOMEM;
    add_visits(dataset, RAW_PINGPONG, PATH_ROUND, request, data);
    add_visits(dataset, RAW_SEND, PATH_SEND, request, data);
    add_visits(dataset, RAW_ISEND, PATH_SEND, request, data);
    add_visits(dataset, RAW_RECV, PATH_RECV, request, data);
    sort_visits(data);
    data->noise_floor = visits_noise_floor(&data->rounds);
    return 0;
}

/* --- jitter -------------------------------------------------------------------------------------
 */

/*
 * Deviation of logarithms of a sorted sample that is normal between these quartiles: what other
 * programs made longer is beyond them.
 */
static double log_deviation(int n, const double sorted_s[])
{
    static const double quartiles_apart = 1.349;
    const double lower_s = gsl_stats_quantile_from_sorted_data(sorted_s, 1, (size_t)n, 0.25);
    const double upper_s = gsl_stats_quantile_from_sorted_data(sorted_s, 1, (size_t)n, 0.75);
    return log(upper_s / lower_s) / quartiles_apart;
}

/* Sorted repetitions of all visits of a size. Returns how many. */
static int times_of_size(const struct visit_series *rounds, double size_B, double times_s[])
{
    int n = 0;
    for (int i = 0; i < rounds->n; i++)
        for (int k = 0; k < rounds->visits[i].n && rounds->visits[i].size_B == size_B; k++)
            times_s[n++] = rounds->visits[i].times_s[k];
    gsl_sort(times_s, 1, (size_t)n);
    return n;
}

static int count_times(const struct visit_series *rounds)
{
    int n = 0;
    for (int i = 0; i < rounds->n; i++)
        n += rounds->visits[i].n;
    return n;
}

int path_data_spreads(const struct path_data *data, double spread[])
{
    double *times_s = calloc((size_t)count_times(&data->rounds) + 1, sizeof *times_s);
    double *deviations = calloc((size_t)data->n_points + 1, sizeof *deviations);
    const bool has_room = times_s && deviations;
    for (int piece = 0; piece < data->n_pieces && has_room; piece++) {
        int n_sizes = 0;
        for (int i = data->first[piece]; i < data->first[piece + 1]; i++) {
            const struct path_visit *visit = &data->visits[data->begin[i]];
            const int n = visit->equation == PATH_ROUND
                              ? times_of_size(&data->rounds, visit->size_B, times_s)
                              : 0;
            if (n >= 2)
                deviations[n_sizes++] = log_deviation(n, times_s);
        }
        const double deviation = n_sizes > 0 ? median_of(n_sizes, deviations) : 0.0;
        spread[piece] = M_SQRT2 * sqrt(expm1(deviation * deviation));
    }
    free(times_s);
    free(deviations);
    return has_room ? 0 : -ENOMEM;
}

void path_data_release(struct path_data *data)
{
    free(data->visits);
    free(data->groups);
    free(data->launches);
    free(data->begin);
    free((struct timed_visit *)data->rounds.visits);
    *data = (struct path_data){0};
}

bool path_data_is_eager(const struct path_data *data, int piece)
{
    return data->from_B[piece] <= data->eager_threshold_B;
}
