#include "network.h"
#include "threshold_methods.h"

#include <math.h>

extern const struct operation operation_send;

static const double around = 8.0; /* times and parts of the semantic threshold */
static const double step = M_SQRT2;
static const double least_excess = 1.15; /* noise is below */
static const double narrow = 1.01;       /* to_B / from_B of a bracket that is narrow enough */

enum { MOST_SIZES = 64 };

/* Shortest time of a call, which other programs make longer; 0 on the pair's second rank. Both
 * call it. */
static double send_s(const struct measure *measure, const struct raw_cell *pair, double size_B,
                     int *error)
{
    struct raw_cell cell = *pair;
    struct visit visit = {.n = 0};

    cell.size_B = size_B;
    if (*error == MPI_SUCCESS)
        *error = operation_send.visit(measure, &cell, &visit);
    if (*error != MPI_SUCCESS || visit.n < 2)
        return 0.0;
    double shortest_s = visit.times_s[1];
    for (int i = 2; i < visit.n; i++)
        shortest_s = fmin(shortest_s, visit.times_s[i]);
    return shortest_s;
}

/* The pair goes on with the first rank's answer. */
static double agreed(const struct measure *measure, const struct raw_cell *pair, double answer,
                     int *error)
{
    if (*error != MPI_SUCCESS)
        return answer;
    if (measure->rank == pair->rank)
        *error = MPI_Send(&answer, 1, MPI_DOUBLE, pair->partner, TAG_READY, measure->world);
    else
        *error = MPI_Recv(&answer, 1, MPI_DOUBLE, pair->rank, TAG_READY, measure->world,
                          MPI_STATUS_IGNORE);
    return answer;
}

/* How much faster times rise than sizes; no line with a, b >= 0 is above 1. */
static double excess(const double size_B[2], const double time_s[2])
{
    return time_s[1] / time_s[0] / (size_B[1] / size_B[0]);
}

/* Halves a bracket, whose middle is on the side whose time is nearer in ratio. */
static void narrow_down(const struct measure *measure, const struct raw_cell *pair,
                        struct bracket *bracket, double from_s, double to_s, int *error)
{
    while (*error == MPI_SUCCESS && bracket->to_B / bracket->from_B > narrow &&
           bracket->to_B - bracket->from_B > 1.0) {
        const double middle_B = floor(sqrt(bracket->from_B * bracket->to_B));
        const double time_s = send_s(measure, pair, middle_B, error);
        const bool is_high = agreed(measure, pair, time_s > sqrt(from_s * to_s), error) > 0.0;
        if (is_high)
            bracket->to_B = middle_B;
        else
            bracket->from_B = middle_B;
    }
}

int threshold_statistical(const struct measure *measure, enum raw_path path, const int pair[2],
                          const struct bracket *semantic, double largest_B, struct bracket *bracket)
{
    const struct raw_cell cell = {.operation = RAW_SEND,
                                  .path = path,
                                  .load = RAW_IDLE,
                                  .n_active = 2,
                                  .rank = pair[0],
                                  .partner = pair[1]};
    double size_B[MOST_SIZES], time_s[MOST_SIZES], largest = least_excess;
    int n = 0, error = MPI_SUCCESS, at = -1;

    *bracket = (struct bracket){NAN, NAN};
    if ((measure->rank != pair[0] && measure->rank != pair[1]) || isnan(semantic->from_B))
        return MPI_SUCCESS;
    const double last_B = fmin(around * semantic->to_B, largest_B);
    for (double s_B = semantic->from_B / around; s_B <= last_B && n < MOST_SIZES; s_B *= step) {
        size_B[n] = ceil(s_B);
        time_s[n] = send_s(measure, &cell, size_B[n], &error);
        n++;
    }
    for (int i = 0; i + 1 < n && measure->rank == pair[0]; i++) {
        if (excess(&size_B[i], &time_s[i]) > largest) {
            largest = excess(&size_B[i], &time_s[i]);
            at = i;
        }
    }
    at = (int)agreed(measure, &cell, at, &error);
    if (at >= 0) {
        *bracket = (struct bracket){size_B[at], size_B[at + 1]};
        narrow_down(measure, &cell, bracket, time_s[at], time_s[at + 1], &error);
    }
    return error;
}
