#include "loggp.h"

#include "nnls.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* A stream that is not slower than this many times its processors' overheads goes at their pace:
 * overheads and gap cannot be told apart closer than their errors. */
static const double AT_PACE = 1.05;

enum parameter {
    SEND,
    SEND_BYTE,
    RECV,
    RECV_BYTE,
    LATENCY,
    WAY_BYTE, /* G */
    GAP,
    N_PARAMETERS
};
enum { N_WITHOUT_GAP = WAY_BYTE + 1 }; /* unknowns where no stream tells the gap */

/* What is fitted, with room for its equations. */
struct equations {
    int n;
    const struct loggp_point *point;
    const bool *is_free_stream; /* of each point: a stream that no processor slowed down */
    bool has_free_stream;
    double *matrix, *right, *scale;
};

static double larger_overhead_s(const double parameter[], double size_B)
{
    return fmax(parameter[SEND] + parameter[SEND_BYTE] * size_B,
                parameter[RECV] + parameter[RECV_BYTE] * size_B);
}

static double way_s(const double parameter[], double size_B)
{
    return parameter[SEND] + parameter[RECV] + parameter[LATENCY] +
           (parameter[SEND_BYTE] + parameter[RECV_BYTE] + parameter[WAY_BYTE]) * size_B;
}

static double time_s(const double parameter[], const struct loggp_point *point)
{
    const double size_B = point->size_B;
    const double gap_s = parameter[GAP] + parameter[WAY_BYTE] * size_B;
    switch (point->kind) {
    case LOGGP_SEND:
        return parameter[SEND] + parameter[SEND_BYTE] * size_B;
    case LOGGP_RECV:
        return parameter[RECV] + parameter[RECV_BYTE] * size_B;
    case LOGGP_ONE_WAY:
        return way_s(parameter, size_B);
    default:
        return (point->n_messages - 1) * fmax(gap_s, larger_overhead_s(parameter, size_B)) +
               way_s(parameter, size_B) + way_s(parameter, 0.0);
    }
}

static void add_overhead(double row[], enum parameter constant, enum parameter byte, double size_B)
{
    row[constant] += 1.0;
    row[byte] += size_B;
}

static void add_way(double row[], double size_B)
{
    add_overhead(row, SEND, SEND_BYTE, size_B);
    add_overhead(row, RECV, RECV_BYTE, size_B);
    add_overhead(row, LATENCY, WAY_BYTE, size_B);
}

static void set_equation(const struct loggp_point *point, double row[], int n_unknowns)
{
    for (int j = 0; j < n_unknowns; j++)
        row[j] = 0.0;
    switch (point->kind) {
    case LOGGP_SEND:
        add_overhead(row, SEND, SEND_BYTE, point->size_B);
        break;
    case LOGGP_RECV:
        add_overhead(row, RECV, RECV_BYTE, point->size_B);
        break;
    case LOGGP_ONE_WAY:
        add_way(row, point->size_B);
        break;
    default:
        add_way(row, point->size_B);
        add_way(row, 0.0);
        row[GAP] += point->n_messages - 1;
        row[WAY_BYTE] += (point->n_messages - 1) * point->size_B;
    }
}

/* Solves the equations of calls and ways, and of those streams that are said to be free. */
static int solve(const struct equations *equations, bool with_streams, const double weight[],
                 double parameter[])
{
    const int n_unknowns = with_streams ? N_PARAMETERS : N_WITHOUT_GAP;
    int n_equations = 0;
    for (int i = 0; i < equations->n; i++) {
        const struct loggp_point *point = &equations->point[i];
        if (point->kind == LOGGP_STREAM && !(with_streams && equations->is_free_stream[i]))
            continue;
        set_equation(point, &equations->matrix[n_equations * n_unknowns], n_unknowns);
        equations->right[n_equations] = point->time_s;
        equations->scale[n_equations] = sqrt(weight[i]) / point->time_s;
        n_equations++;
    }
    const struct nnls problem = {.n_equations = n_equations,
                                 .n_unknowns = n_unknowns,
                                 .matrix = equations->matrix,
                                 .right = equations->right,
                                 .weight = equations->scale};
    struct nnls_solution solution;
    const int error = nnls(&problem, &solution);
    for (int j = 0; j < N_PARAMETERS && error == 0; j++)
        parameter[j] = j < n_unknowns ? solution.x[j] : 0.0;
    return error;
}

/* Time between messages of streams of one size: least squares of relative errors through the time
 * that the way to and fro takes. NAN without such streams. */
static double pace_s(const struct equations *equations, const double weight[],
                     const double parameter[], double size_B)
{
    const double ways_s = way_s(parameter, size_B) + way_s(parameter, 0.0);
    double numerator = 0.0, denominator = 0.0;
    for (int i = 0; i < equations->n; i++) {
        const struct loggp_point *point = &equations->point[i];
        if (point->kind != LOGGP_STREAM || point->size_B != size_B)
            continue;
        const double gaps = (point->n_messages - 1) / point->time_s;
        numerator += weight[i] * gaps * (1.0 - ways_s / point->time_s);
        denominator += weight[i] * gaps * gaps;
    }
    return fmax(0.0, numerator) / denominator;
}

/* The smallest size of a stream; INFINITY: there is none. */
static double smallest_stream_B(const struct equations *equations)
{
    double smallest_B = INFINITY;
    for (int i = 0; i < equations->n; i++) {
        if (equations->point[i].kind == LOGGP_STREAM)
            smallest_B = fmin(smallest_B, equations->point[i].size_B);
    }
    return smallest_B;
}

static int fit(const void *observations, const double weight[], double parameter[])
{
    const struct equations *equations = observations;
    const int error = solve(equations, equations->has_free_stream, weight, parameter);
    if (error < 0 || equations->has_free_stream)
        return error;
    const double smallest_B = smallest_stream_B(equations);
    parameter[GAP] = isfinite(smallest_B) ? pace_s(equations, weight, parameter, smallest_B)
                                          : larger_overhead_s(parameter, 0.0);
    return 0;
}

/* Finds the streams whose pace is not that of a processor. */
static int find_free_streams(struct equations *equations, const double weight[], bool is_free[])
{
    double parameter[N_PARAMETERS];
    const int error = solve(equations, false, weight, parameter);
    for (int i = 0; i < equations->n && error == 0; i++) {
        const struct loggp_point *point = &equations->point[i];
        is_free[i] = point->kind == LOGGP_STREAM &&
                     pace_s(equations, weight, parameter, point->size_B) >
                         AT_PACE * larger_overhead_s(parameter, point->size_B);
        equations->has_free_stream |= is_free[i];
    }
    equations->is_free_stream = is_free;
    return error;
}

static bool is_valid(int n, const struct loggp_point point[])
{
    for (int i = 0; i < n; i++) {
        if (!(isfinite(point[i].size_B) && point[i].size_B >= 0.0) ||
            !(isfinite(point[i].time_s) && point[i].time_s > 0.0) ||
            (point[i].kind == LOGGP_STREAM && point[i].n_messages < 2))
            return false;
    }
    return true;
}

static void set_result(const struct equations *equations, const struct estimate estimate[],
                       struct loggp *result)
{
    *result = (struct loggp){.send_s = estimate[SEND],
                             .send_byte_s = estimate[SEND_BYTE],
                             .recv_s = estimate[RECV],
                             .recv_byte_s = estimate[RECV_BYTE],
                             .latency_s = estimate[LATENCY],
                             .gap_s = estimate[GAP],
                             .gap_byte_s = estimate[WAY_BYTE],
                             .is_gap_bound = !equations->has_free_stream,
                             .is_latency_bound = estimate[LATENCY].value <= 0.0};
    double square = 0.0;
    for (int i = 0; i < equations->n; i++) {
        const struct loggp_point *point = &equations->point[i];
        const double predicted_s =
            loggp_time_s(result, point->kind, point->size_B, point->n_messages);
        square += pow(predicted_s / point->time_s - 1.0, 2.0);
    }
    result->error = sqrt(square / equations->n);
}

int loggp_fit(int n, const struct loggp_point point[], const struct resampling *how,
              struct loggp *result)
{
    if (!is_valid(n, point))
        return -EINVAL;
    if (n < 1)
        return -EDOM;

    const size_t count = (size_t)n;
    struct equations equations = {.n = n,
                                  .point = point,
                                  .matrix = calloc(count * N_PARAMETERS, sizeof(double)),
                                  .right = calloc(count, sizeof(double)),
                                  .scale = calloc(count, sizeof(double))};
    bool *is_free = calloc(count, sizeof *is_free);
    int *group = calloc(count, sizeof *group);
    double *weight = calloc(count, sizeof *weight);
    struct estimate estimate[N_PARAMETERS];
    int error = -ENOMEM;
    if (equations.matrix == NULL || equations.right == NULL || equations.scale == NULL ||
        is_free == NULL || group == NULL || weight == NULL)
        goto out;
    for (int i = 0; i < n; i++) {
        group[i] = point[i].group;
        weight[i] = 1.0;
    }
    error = find_free_streams(&equations, weight, is_free);
    if (error == 0)
        error = resample_estimates(n, group, fit, &equations, N_PARAMETERS, how, estimate);
    if (error == 0)
        set_result(&equations, estimate, result);
out:
    free(equations.matrix);
    free(equations.right);
    free(equations.scale);
    free(is_free);
    free(group);
    free(weight);
    return error;
}

double loggp_time_s(const struct loggp *result, enum loggp_kind kind, double size_B, int n_messages)
{
    const double parameter[N_PARAMETERS] = {
        [SEND] = result->send_s.value,       [SEND_BYTE] = result->send_byte_s.value,
        [RECV] = result->recv_s.value,       [RECV_BYTE] = result->recv_byte_s.value,
        [LATENCY] = result->latency_s.value, [WAY_BYTE] = result->gap_byte_s.value,
        [GAP] = result->gap_s.value};
    const struct loggp_point point = {
        .kind = kind, .size_B = size_B, .n_messages = n_messages, .time_s = 1.0};
    return time_s(parameter, &point);
}
