/*
 * What all ranks do together: rings and collectives. No parameter comes from them; they tell how
 * good those that came from pairs are.
 *
 * In a ring each rank sends to the next and receives from the last (MPI_Sendrecv), many steps in a
 * row. argument[0] says the order: 0 is that of the ranks, others are shuffled. Before each
 * collective all ranks meet in a barrier that is not timed; ranks leave it up to a latency
 * apart, and that much of a collective's time is doubtful. A rank's time is the mean of its calls,
 * the cell's the longest of all ranks, which rank 0 tells.
 */
#include "clock.h"
#include "network.h"
#include "network_plan.h"
#include "random.h"

#include <limits.h>
#include <stdlib.h>

enum { SHUFFLED_RINGS = 3 };

/* Before each call there is a barrier, and so many in a piece are enough for any clock. */
enum { MOST_COLLECTIVES = 200 };

static double longest_of_all(struct exchange *exchange, double own_s)
{
    const double longest_s = exchange_meet(exchange, own_s);
    return exchange->member == 0 ? longest_s : 0.0;
}

/* Neighbours of this member in the order that argument[0] says; the same on all. */
static void find_neighbours(struct exchange *exchange, int *last, int *next)
{
    const int n = exchange->n_members;
    const double order = exchange->cell->argument[0];
    struct random_stream stream =
        random_stream(exchange->measure->seed, "ring", (unsigned long)order);
    int *ring = calloc((size_t)n, sizeof *ring);

    *last = *next = exchange->members[exchange->member];
    if (!ring) {
        exchange_check(exchange, MPI_ERR_NO_MEM);
        return;
    }
    for (int i = 0; i < n; i++) {
        const int other = order > 0.0 ? random_below(&stream, i + 1) : i;
        ring[i] = ring[other];
        ring[other] = exchange->members[i];
    }
    for (int i = 0; i < n; i++) {
        if (ring[i] == exchange->members[exchange->member]) {
            *last = ring[(i + n - 1) % n];
            *next = ring[(i + 1) % n];
        }
    }
    free(ring);
}

static double ring_piece(struct exchange *exchange, int count)
{
    int last, next;

    find_neighbours(exchange, &last, &next);
    exchange_meet(exchange, 0.0);
    const double start_s = clock_now_s();
    for (int i = 0; i < count && !exchange->error; i++) {
        exchange_check(exchange,
                       MPI_Sendrecv(network_next(&exchange->sent), exchange->size_B, MPI_BYTE, next,
                                    TAG_MESSAGE, network_next(&exchange->received),
                                    exchange->size_B, MPI_BYTE, last, TAG_MESSAGE,
                                    exchange->measure->world, MPI_STATUS_IGNORE));
    }
    return longest_of_all(exchange, exchange_elapsed_s(exchange, start_s, count));
}

static int ring_visit(const struct measure *measure, const struct raw_cell *cell,
                      struct visit *visit)
{
    return network_visit(measure, cell, ring_piece, INT_MAX, visit);
}

static int call_collective(struct exchange *exchange)
{
    const MPI_Comm world = exchange->measure->world;
    char *const sent = network_next(&exchange->sent);
    char *const received = network_next(&exchange->received);
    const int n = exchange->size_B;

    switch (exchange->cell->operation) {
    case RAW_BCAST:
        return MPI_Bcast(sent, n, MPI_BYTE, 0, world);
    case RAW_ALLREDUCE:
        return MPI_Allreduce(sent, received, n / (int)sizeof(double), MPI_DOUBLE, MPI_SUM, world);
    default:
        return MPI_Alltoall(sent, n, MPI_BYTE, received, n, MPI_BYTE, world);
    }
}

static double collective_piece(struct exchange *exchange, int count)
{
    double taken_s = 0.0;

    for (int i = 0; i < count && !exchange->error; i++) {
        exchange_check(exchange, MPI_Barrier(exchange->measure->world));
        const double start_s = clock_now_s();
        exchange_check(exchange, call_collective(exchange));
        taken_s += exchange_elapsed_s(exchange, start_s, 1);
    }
    return longest_of_all(exchange, taken_s / count);
}

static int collective_visit(const struct measure *measure, const struct raw_cell *cell,
                            struct visit *visit)
{
    return network_visit(measure, cell, collective_piece, MOST_COLLECTIVES, visit);
}

/* Multiples of 8: sums are of doubles. */
static const double sizes_B[] = {8, 1024, 16384, 262144, 2097152, -1.0};

static void ring_plan(const struct measure *measure, const struct plan_request *request,
                      struct plan *plan)
{
    /* Rings of three ranks and fewer are all alike. */
    const int n_shuffled = measure->n_ranks > 3 ? SHUFFLED_RINGS : 0;

    for (int order = 0; order <= n_shuffled; order++)
        network_plan_all(measure, request, plan, RAW_RING, order, sizes_B);
}

static void bcast_plan(const struct measure *measure, const struct plan_request *request,
                       struct plan *plan)
{
    network_plan_all(measure, request, plan, RAW_BCAST, 0.0, sizes_B);
}

static void allreduce_plan(const struct measure *measure, const struct plan_request *request,
                           struct plan *plan)
{
    network_plan_all(measure, request, plan, RAW_ALLREDUCE, 0.0, sizes_B);
}

static void alltoall_plan(const struct measure *measure, const struct plan_request *request,
                          struct plan *plan)
{
    network_plan_all(measure, request, plan, RAW_ALLTOALL, 0.0, sizes_B);
}

const struct operation operation_ring = {
    .kind = RAW_RING,
    .help = "each rank sends to the next and receives from the last, in order and shuffled",
    .plan = ring_plan,
    .visit = ring_visit,
};

const struct operation operation_bcast = {
    .kind = RAW_BCAST,
    .help = "MPI_Bcast of all ranks",
    .plan = bcast_plan,
    .visit = collective_visit,
};

const struct operation operation_allreduce = {
    .kind = RAW_ALLREDUCE,
    .help = "MPI_Allreduce of all ranks",
    .plan = allreduce_plan,
    .visit = collective_visit,
};

const struct operation operation_alltoall = {
    .kind = RAW_ALLTOALL,
    .help = "MPI_Alltoall of all ranks",
    .plan = alltoall_plan,
    .visit = collective_visit,
};
