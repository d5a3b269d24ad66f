#include "path_fit.h"

#include "launches.h"
#include "nnls.h"
#include "path_data.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where calls and half a round trip contradict each other, the round trip is what programs see. */
static const double weight_of_round = 10.0;

/* Rounds of reweighting, and Huber's constant in standard deviations. */
enum { ROUNDS = 5 };
static const double huber = 1.345;
static const double deviation_of_median = 1.4826; /* of a normal distribution's absolute ones */

/* A piece whose longest message is shorter in bytes than this part of its time tells little about
 * how fast bytes are. */
static const double least_byte_part = 0.3;

/* The path's latency is that of the shortest messages unless a piece is fitted worse by it than by
 * so many times its own misfit and that much more. */
static const double tolerated_factor = 1.25, tolerated_misfit = 0.005;

/* What makes less than this part of a message's time is nobody's measurement. */
static const double least_part = 1e-4;

/* --- unknowns -----------------------------------------------------------------------------------
 */

/* Numbers of one piece, in the order in which they stand in a vector of parameters. */
enum unknown {
    SEND_MESSAGE,
    SEND_BYTE,
    RECV_MESSAGE,
    RECV_BYTE,
    LATENCY, /* beyond that of the path */
    BYTE,    /* seconds of a byte on the wire beyond that of the path's */
    N_UNKNOWNS
};

/* The path's own, before those of its pieces. */
enum { PATH_LATENCY, PATH_BYTE, N_PATH_UNKNOWNS };

enum { MOST_PARAMETERS = N_PATH_UNKNOWNS + SEGMENT_PIECES * N_UNKNOWNS };

/* What is decided before anything is drawn again, and the data. */
struct problem {
    struct path_data data;
    int fastest_piece;       /* whose bytes are the wire's */
    bool has_base;           /* something of the time is known */
    bool has_way;            /* the path is known: pieces come on top of it */
    bool uses_least_latency; /* the path's latency is the least of all pieces' */
    /* Of the last fit: */
    struct path_visit *points; /* located */
    double *weight;            /* of each point */
    double *room;              /* for the equations of a piece: N_UNKNOWNS + 2 each */
    double *misfit;            /* of each piece */
};

static void describe(const struct path_visit *visit, double row[N_UNKNOWNS])
{
    const bool is_send = visit->equation != PATH_RECV, is_recv = visit->equation != PATH_SEND;
    const bool is_way = visit->equation == PATH_ROUND;
    row[SEND_MESSAGE] = is_send ? 1.0 : 0.0;
    row[SEND_BYTE] = is_send ? visit->size_B : 0.0;
    row[RECV_MESSAGE] = is_recv ? 1.0 : 0.0;
    row[RECV_BYTE] = is_recv ? visit->size_B : 0.0;
    row[LATENCY] = is_way ? 1.0 : 0.0;
    row[BYTE] = is_way ? visit->wire_B : 0.0;
}

static double dot(const double row[N_UNKNOWNS], const double x[N_UNKNOWNS])
{
    double sum = 0.0;
    for (int i = 0; i < N_UNKNOWNS; i++)
        sum += row[i] * x[i];
    return sum;
}

/* Different sizes, up to two, at which an equation of the piece was drawn. */
static int count_sizes(const struct problem *problem, int piece, enum path_equation equation)
{
    const int *first = problem->data.first;
    int n = 0;
    double seen_B = NAN;
    for (int i = first[piece]; i < first[piece + 1] && n < 2; i++)
        if (problem->points[i].equation == equation && problem->weight[i] > 0.0 &&
            problem->points[i].size_B != seen_B) {
            seen_B = problem->points[i].size_B;
            n++;
        }
    return n;
}

/* Which unknowns the piece's data can tell. */
static void choose_unknowns(const struct problem *problem, int piece, bool is_free[N_UNKNOWNS])
{
    static const enum unknown first[N_PATH_EQUATIONS] = {SEND_MESSAGE, RECV_MESSAGE, LATENCY};
    for (int equation = 0; equation < N_PATH_EQUATIONS; equation++) {
        const int n = count_sizes(problem, piece, (enum path_equation)equation);
        is_free[first[equation]] = n >= 1;
        is_free[first[equation] + 1] = n >= 2;
    }
}

/* --- one piece ----------------------------------------------------------------------------------
 */

/* What a round of reweighting starts from. */
struct piece_fit {
    const struct problem *problem;
    int piece;
    bool is_free[N_UNKNOWNS];
    double known[N_UNKNOWNS]; /* values of what is not free; of LATENCY and BYTE what is added */
    double x[N_UNKNOWNS];     /* beyond `known` */
};

static double fitted_s(const struct piece_fit *fit, const struct path_visit *visit)
{
    double row[N_UNKNOWNS];
    describe(visit, row);
    return visit->known_s + dot(row, fit->known) + dot(row, fit->x);
}

/* The same, but never so little that a relative error of it would be no number. */
static double expected_s(const struct piece_fit *fit, const struct path_visit *visit)
{
    static const double least = 1e-3;
    return fmax(fitted_s(fit, visit), least * visit->time_s);
}

/* Robust relative deviation of the piece's points from the fit. */
static double deviation(const struct piece_fit *fit, double room[])
{
    int n = 0;
    const struct problem *problem = fit->problem;
    const int *first = problem->data.first;
    for (int i = first[fit->piece]; i < first[fit->piece + 1]; i++)
        if (problem->weight[i] > 0.0)
            room[n++] =
                fabs(problem->points[i].time_s / expected_s(fit, &problem->points[i]) - 1.0);
    return n > 0 ? deviation_of_median * median_of(n, room) : 0.0;
}

static double weight_of(const struct piece_fit *fit, int i, int round, double limit)
{
    const struct path_visit *visit = &fit->problem->points[i];
    const double scale_s = round > 0 ? expected_s(fit, visit) : visit->time_s;
    const double off = fabs(visit->time_s / scale_s - 1.0);
    double weight = fit->problem->weight[i] / (scale_s * scale_s);
    if (visit->equation == PATH_ROUND)
        weight *= weight_of_round * weight_of_round;
    if (off > limit && limit > 0.0)
        weight *= limit / off;
    return sqrt(weight);
}

/* One weighted fit of the free unknowns. */
static int solve(struct piece_fit *fit, int round, double limit, double room[])
{
    const struct problem *all = fit->problem;
    int column[N_UNKNOWNS], n_columns = 0, n = 0;
    for (int j = 0; j < N_UNKNOWNS; j++)
        if (fit->is_free[j])
            column[n_columns++] = j;
    if (n_columns == 0)
        return 0;
    const int first = all->data.first[fit->piece];
    const int most = all->data.first[fit->piece + 1] - first;
    double *matrix = room, *right = room + most * n_columns, *weight = right + most;
    for (int i = first; i < first + most; i++) {
        double row[N_UNKNOWNS];
        if (all->weight[i] <= 0.0)
            continue;
        describe(&all->points[i], row);
        for (int j = 0; j < n_columns; j++)
            matrix[n * n_columns + j] = row[column[j]];
        right[n] = all->points[i].time_s - all->points[i].known_s - dot(row, fit->known);
        weight[n++] = weight_of(fit, i, round, limit);
    }
    struct nnls_solution solution;
    const struct nnls problem = {n, n_columns, matrix, right, weight};
    const int status = nnls(&problem, &solution);
    for (int j = 0; j < n_columns && status == 0; j++)
        fit->x[column[j]] = solution.x[j];
    return status;
}

static int fit_piece(struct piece_fit *fit, double room[])
{
    double limit = 0.0;
    int status = 0;
    for (int round = 0; round < ROUNDS && status == 0; round++) {
        if (round > 0)
            limit = huber * deviation(fit, room);
        status = solve(fit, round, limit, room);
    }
    return status;
}

/* --- all pieces ---------------------------------------------------------------------------------
 */

/* What a piece takes over from the one before where its own data do not tell. */
static void inherit(const struct path_data *data, int piece, const double before[N_UNKNOWNS],
                    struct piece_fit *fit)
{
    if (!fit->is_free[SEND_MESSAGE] && before) {
        fit->known[SEND_MESSAGE] = before[SEND_MESSAGE];
        fit->known[SEND_BYTE] = path_data_is_eager(data, piece) ? before[SEND_BYTE] : 0.0;
    }
    if (!fit->is_free[RECV_MESSAGE] && before) {
        fit->known[RECV_MESSAGE] = before[RECV_MESSAGE];
        fit->known[RECV_BYTE] = path_data_is_eager(data, piece) ? before[RECV_BYTE] : 0.0;
    }
}

/* Fits all pieces on top of a path of that latency and time of a byte. */
static int fit_pieces(const struct problem *problem, double latency_s, double byte_s,
                      double x[][N_UNKNOWNS])
{
    const struct path_data *data = &problem->data;
    for (int piece = 0; piece < data->n_pieces; piece++) {
        struct piece_fit fit = {.problem = problem, .piece = piece};
        choose_unknowns(problem, piece, fit.is_free);
        inherit(data, piece, piece > 0 ? x[piece - 1] : NULL, &fit);
        fit.known[LATENCY] = latency_s;
        fit.known[BYTE] = byte_s;
        const int status = fit_piece(&fit, problem->room);
        if (status != 0)
            return status;
        problem->misfit[piece] = deviation(&fit, problem->room);
        for (int j = 0; j < N_UNKNOWNS; j++)
            x[piece][j] = fit.x[j] + (j == LATENCY || j == BYTE ? 0.0 : fit.known[j]);
    }
    return 0;
}

static double least_latency_s(const struct path_data *data, double x[][N_UNKNOWNS])
{
    double least_s = x[0][LATENCY];
    for (int piece = 1; piece < data->n_pieces; piece++)
        least_s = fmin(least_s, x[piece][LATENCY]);
    return least_s;
}

/* The whole path: first each piece by itself, which tells the wire; then what each adds to it. */
static int fit_path(const struct problem *problem, const double weight[], double parameter[])
{
    double x[SEGMENT_PIECES][N_UNKNOWNS] = {{0.0}};
    path_data_locate(&problem->data, weight, problem->points, problem->weight);
    int status = fit_pieces(problem, 0.0, 0.0, x);
    if (status != 0)
        return status;
    if (problem->has_way) {
        parameter[PATH_LATENCY] = parameter[PATH_BYTE] = 0.0;
        memcpy(parameter + N_PATH_UNKNOWNS, x,
               (size_t)problem->data.n_pieces * N_UNKNOWNS * sizeof(double));
        return 0;
    }
    const double latency_s =
        problem->uses_least_latency ? least_latency_s(&problem->data, x) : x[0][LATENCY];
    const double byte_s = x[problem->fastest_piece][BYTE];
    status = fit_pieces(problem, latency_s, byte_s, x);
    if (status != 0)
        return status;
    parameter[PATH_LATENCY] = latency_s;
    parameter[PATH_BYTE] = byte_s;
    memcpy(parameter + N_PATH_UNKNOWNS, x,
           (size_t)problem->data.n_pieces * N_UNKNOWNS * sizeof(double));
    return 0;
}

static int fit_again(const void *observations, const double weight[], double parameter[])
{
    return fit_path(observations, weight, parameter);
}

/* --- what is decided once -----------------------------------------------------------------------
 */

static double largest_wire_B(const struct problem *problem, int piece)
{
    double largest_B = 0.0;
    for (int i = problem->data.first[piece]; i < problem->data.first[piece + 1]; i++)
        largest_B = fmax(largest_B, problem->points[i].wire_B);
    return largest_B;
}

/* The piece with the fastest bytes, of those that are about bytes; the last where none is. */
static int find_fastest(const struct problem *problem, double x[][N_UNKNOWNS])
{
    const struct path_data *data = &problem->data;
    int fastest = -1;
    for (int piece = 0; piece < data->n_pieces; piece++) {
        const double bytes_s = x[piece][BYTE] * largest_wire_B(problem, piece);
        const double all_s =
            bytes_s + x[piece][LATENCY] + x[piece][SEND_MESSAGE] + x[piece][RECV_MESSAGE];
        if (bytes_s > least_byte_part * all_s && (fastest < 0 || x[piece][BYTE] < x[fastest][BYTE]))
            fastest = piece;
    }
    return fastest >= 0 ? fastest : data->n_pieces - 1;
}

static int decide(struct problem *problem, const double weight[])
{
    double x[SEGMENT_PIECES][N_UNKNOWNS], parameter[MOST_PARAMETERS], free_misfit[SEGMENT_PIECES];
    path_data_locate(&problem->data, weight, problem->points, problem->weight);
    int status = fit_pieces(problem, 0.0, 0.0, x);
    if (status != 0)
        return status;
    memcpy(free_misfit, problem->misfit, sizeof free_misfit);
    problem->fastest_piece = find_fastest(problem, x);
    status = fit_path(problem, weight, parameter);
    for (int piece = 0; piece < problem->data.n_pieces && status == 0; piece++)
        if (problem->misfit[piece] > tolerated_factor * free_misfit[piece] + tolerated_misfit)
            problem->uses_least_latency = true;
    return status;
}

/* --- the result ---------------------------------------------------------------------------------
 */

static struct estimate at_least(struct estimate estimate, double least)
{
    estimate.value = fmax(estimate.value, least);
    estimate.ci95_lo = fmax(estimate.ci95_lo, least);
    estimate.ci95_hi = fmax(estimate.ci95_hi, estimate.value);
    return estimate;
}

static struct estimate inverse(struct estimate estimate)
{
    return (struct estimate){1.0 / estimate.value, 1.0 / estimate.ci95_hi, 1.0 / estimate.ci95_lo};
}

/* None where it makes next to nothing of `all_s`, `per` units of it being in there. */
static struct estimate or_none(struct estimate estimate, double per, double all_s)
{
    if (estimate.value * per < least_part * all_s)
        estimate.value = estimate.ci95_lo = 0.0;
    return estimate;
}

/* 1 + added / base, the base taken as known: both moving would count its doubt twice. */
static struct estimate slowdown_of(struct estimate added, double base)
{
    return at_least((struct estimate){1.0 + added.value / base, 1.0 + added.ci95_lo / base,
                                      1.0 + added.ci95_hi / base},
                    1.0);
}

/* The longest message of a piece. */
static const struct path_visit *longest_of(const struct path_data *data, int piece)
{
    const struct path_visit *longest = &data->visits[data->n - 1];
    for (int i = data->first[piece]; i < data->first[piece + 1]; i++)
        if (data->visits[data->begin[i]].equation == PATH_ROUND)
            longest = &data->visits[data->begin[i]];
    return longest;
}

/* Its shortest, of which constants make most. */
static const struct path_visit *shortest_of(const struct path_data *data, int piece)
{
    for (int i = data->first[piece]; i < data->first[piece + 1]; i++)
        if (data->visits[data->begin[i]].equation == PATH_ROUND)
            return &data->visits[data->begin[i]];
    return &data->visits[0];
}

/*
 * The time of a byte on the wire with an interval that ends above zero: where bytes make less of
 * the longest message of their piece than its noise, nobody can tell how fast they are.
 */
static struct estimate told_byte_s(const struct problem *problem, struct estimate byte)
{
    /* Where no size is slow by its bytes, the wire is as fast as nobody can tell. */
    static const double fastest_byte_s = 1e-13;
    const struct path_visit *longest = longest_of(&problem->data, problem->fastest_piece);
    const double hidden_s = problem->data.noise_floor * longest->time_s / longest->wire_B;
    byte = at_least(byte, fastest_byte_s);
    byte.ci95_lo = fmin(fmax(byte.ci95_lo, hidden_s), byte.value);
    return byte;
}

static void tell_pieces(const struct problem *problem, const struct estimate parameter[],
                        struct path_fit *fit)
{
    const struct path_data *data = &problem->data;
    const struct estimate byte = told_byte_s(problem, parameter[PATH_BYTE]);
    fit->latency_s = parameter[PATH_LATENCY];
    fit->bandwidth_Bps = problem->has_way ? estimate_alone(NAN) : inverse(byte);
    fit->n = data->n_pieces;
    for (int piece = 0; piece < fit->n; piece++) {
        const struct estimate *of = parameter + N_PATH_UNKNOWNS + piece * N_UNKNOWNS;
        const struct path_visit *longest = longest_of(data, piece);
        fit->piece[piece] = (struct path_piece){
            .from_B = data->from_B[piece],
            .send_message_s = of[SEND_MESSAGE],
            .send_byte_s = or_none(of[SEND_BYTE], longest->size_B, longest->time_s),
            .recv_message_s = of[RECV_MESSAGE],
            .recv_byte_s = or_none(of[RECV_BYTE], longest->size_B, longest->time_s),
            .latency_s = or_none(of[LATENCY], 1.0, shortest_of(data, piece)->time_s),
            .slowdown = slowdown_of(of[BYTE], problem->has_way ? 1.0 : byte.value),
        };
    }
}

static int tell_errors(const struct path_data *data, struct path_fit *fit)
{
    struct segment_series located;
    const int status = visits_locate(&data->rounds, &located);
    if (status != 0)
        return status;
    double *errors = calloc((size_t)located.n, sizeof *errors);
    if (errors) {
        for (int i = 0; i < located.n; i++)
            errors[i] = fabs(
                log(located.points[i].time_s / path_fit_time_s(fit, located.points[i].size_B)));
        const size_t n = (size_t)located.n;
        gsl_sort(errors, 1, n);
        fit->error_p50 = gsl_stats_quantile_from_sorted_data(errors, 1, n, 0.5);
        fit->error_p95 = gsl_stats_quantile_from_sorted_data(errors, 1, n, 0.95);
    }
    free(errors);
    located_release(&located);
    return errors ? 0 : -ENOMEM;
}

static bool has_equation(const struct path_data *data, enum path_equation equation)
{
    for (int i = 0; i < data->n; i++)
        if (data->visits[i].equation == equation)
            return true;
    return false;
}

static int tell(const struct problem *problem, const struct estimate parameter[],
                struct path_fit *fit)
{
    const struct path_data *data = &problem->data;
    tell_pieces(problem, parameter, fit);
    fit->validity_B[0] = data->segments.validity_B[0];
    fit->validity_B[1] = data->segments.validity_B[1];
    fit->n_sizes = data->n_sizes;
    fit->n_visits = data->rounds.n;
    fit->has_send = has_equation(data, PATH_SEND);
    fit->has_recv = has_equation(data, PATH_RECV);
    fit->noise_floor = data->noise_floor;
    double spread[SEGMENT_PIECES];
    const int status = path_data_spreads(data, spread);
    for (int piece = 0; piece < fit->n && status == 0; piece++)
        fit->piece[piece].spread = spread[piece];
    return status == 0 && !problem->has_base ? tell_errors(data, fit) : status;
}

/* --- the calls ----------------------------------------------------------------------------------
 */

static int fit_and_tell(struct problem *problem, const struct resampling *how, struct path_fit *fit)
{
    const struct path_data *data = &problem->data;
    struct estimate parameter[MOST_PARAMETERS];
    double *ones = calloc((size_t)data->n + 1, sizeof *ones);
    if (!ones)
        return -ENOMEM;
    for (int i = 0; i < data->n; i++)
        ones[i] = 1.0;
    int status = decide(problem, ones);
    free(ones);
    const int n_parameters = N_PATH_UNKNOWNS + data->n_pieces * N_UNKNOWNS;
    if (status == 0)
        status = launches_estimates(data->n, data->groups, data->launches, fit_again, problem,
                                    n_parameters, how, parameter);
    for (int i = 0; i < n_parameters && status == 0; i++)
        parameter[i] = at_least(parameter[i], 0.0);
    return status == 0 ? tell(problem, parameter, fit) : status;
}

int path_fit(const struct dataset *dataset, const struct path_request *request,
             struct path_fit *fit)
{
    struct problem problem = {.has_base = request->base,
                              .has_way = request->base && request->base->has_way};
    double misfit[SEGMENT_PIECES] = {0.0};
    struct path_fit made = {.packets = request->packets};
    int status = path_data_init(&problem.data, dataset, request);
    if (status == 0) {
        problem.misfit = misfit;
        const size_t n_points = (size_t)problem.data.n_points + 1;
        problem.points = calloc(n_points, sizeof *problem.points);
        problem.weight = calloc(n_points, sizeof(double));
        problem.room = calloc(n_points * (N_UNKNOWNS + 2), sizeof(double));
        status = problem.points && problem.weight && problem.room
                     ? fit_and_tell(&problem, &request->resampling, &made)
                     : -ENOMEM;
    }
    free(problem.points);
    free(problem.weight);
    free(problem.room);
    path_data_release(&problem.data);
    if (status == 0)
        *fit = made;
    return status == 0 || status == -ENOMEM ? status : -ENODATA;
}

double path_base_call_s(const struct path_base *base, bool is_send, double size_B)
{
    const struct stack_cost cost = is_send ? network_send_cost(base->network, base->path, size_B)
                                           : network_recv_cost(base->network, base->path, size_B);
    return stack_cost_s(&cost);
}

struct transfer path_base_way(const struct path_base *base, double size_B)
{
    static const struct host_load idle = {.n_cores = 2};
    return network_transfer(base->network, base->path, size_B, &idle, &idle);
}

double packets_wire_B(const struct packets *packets, double size_B)
{
    const double carried_B = fmax(1.0, size_B);
    if (packets->payload_B <= 0.0)
        return carried_B;
    return carried_B + fmax(1.0, ceil(carried_B / packets->payload_B)) * packets->overhead_B;
}

const struct path_piece *path_fit_piece(const struct path_fit *fit, double size_B)
{
    int piece = 0;
    while (piece + 1 < fit->n && fit->piece[piece + 1].from_B <= size_B)
        piece++;
    return &fit->piece[piece];
}

double path_fit_way_s(const struct path_fit *fit, double size_B)
{
    const struct path_piece *piece = path_fit_piece(fit, size_B);
    return fit->latency_s.value + piece->latency_s.value +
           piece->slowdown.value * packets_wire_B(&fit->packets, size_B) / fit->bandwidth_Bps.value;
}

double path_fit_time_s(const struct path_fit *fit, double size_B)
{
    const struct path_piece *piece = path_fit_piece(fit, size_B);
    return piece->send_message_s.value + piece->recv_message_s.value +
           (piece->send_byte_s.value + piece->recv_byte_s.value) * size_B +
           path_fit_way_s(fit, size_B);
}
