/*
 * What a call costs that sends, where the other side has posted all receives before: MPI_Send,
 * MPI_Isend, MPI_Ssend.
 *
 * The receiver posts a burst (network.h), says so, and completes it; only the calls of the sender
 * are timed. Above the eager threshold MPI_Send waits for the other side, and its time is that of
 * the message.
 */
#include "clock.h"
#include "network.h"
#include "network_plan.h"

#include <limits.h>

static void receive_burst(struct exchange *exchange, int n)
{
    MPI_Request requests[BURST];

    for (int i = 0; i < n; i++)
        exchange_irecv(exchange, exchange_partner(exchange), TAG_MESSAGE, &requests[i]);
    exchange_tell(exchange, exchange_partner(exchange), TAG_READY);
    exchange_wait(exchange, n, requests);
}

/* Returns the seconds of the calls. */
static double send_burst(struct exchange *exchange, int n)
{
    const enum raw_operation operation = exchange->cell->operation;
    const int partner = exchange_partner(exchange);
    MPI_Request requests[BURST];

    exchange_hear(exchange, partner, TAG_READY);
    const double start_s = clock_now_s();
    for (int i = 0; i < n; i++) {
        if (operation == RAW_ISEND)
            exchange_isend(exchange, partner, TAG_MESSAGE, &requests[i]);
        else if (operation == RAW_SSEND)
            exchange_ssend(exchange, partner, TAG_MESSAGE);
        else
            exchange_send(exchange, partner, TAG_MESSAGE);
    }
    const double taken_s = exchange_elapsed_s(exchange, start_s, 1);
    if (operation == RAW_ISEND)
        exchange_wait(exchange, n, requests);
    return taken_s;
}

static double send_piece(struct exchange *exchange, int count)
{
    double taken_s = 0.0;

    for (int left = count; left > 0 && !exchange->error;) {
        const int n = exchange_burst(exchange, left);
        if (exchange_begins(exchange))
            taken_s += send_burst(exchange, n);
        else
            receive_burst(exchange, n);
        left -= n;
    }
    return taken_s / count;
}

static int send_visit(const struct measure *measure, const struct raw_cell *cell,
                      struct visit *visit)
{
    return network_visit(measure, cell, send_piece, INT_MAX, visit);
}

static void send_plan(const struct measure *measure, const struct plan_request *request,
                      struct plan *plan)
{
    network_plan_pair(measure, request, plan,
                      &(struct network_wish){.operation = RAW_SEND,
                                             .every = {3, 2, 1},
                                             .every_busy = {0, 6, 4},
                                             .n_pairs = {1, 1, 1},
                                             .largest_B = network_calls_largest_B});
}

static void isend_plan(const struct measure *measure, const struct plan_request *request,
                       struct plan *plan)
{
    network_plan_pair(measure, request, plan,
                      &(struct network_wish){.operation = RAW_ISEND,
                                             .every = {4, 4, 2},
                                             .n_pairs = {1, 1, 1},
                                             .largest_B = network_calls_largest_B});
}

static void ssend_plan(const struct measure *measure, const struct plan_request *request,
                       struct plan *plan)
{
    network_plan_pair(measure, request, plan,
                      &(struct network_wish){.operation = RAW_SSEND,
                                             .every = {6, 4, 2},
                                             .n_pairs = {1, 1, 1},
                                             .largest_B = network_calls_largest_B});
}

const struct operation operation_send = {
    .kind = RAW_SEND,
    .help = "a call of MPI_Send whose partner has posted its receive before",
    .plan = send_plan,
    .visit = send_visit,
};

const struct operation operation_isend = {
    .kind = RAW_ISEND,
    .help = "a call of MPI_Isend, the same",
    .plan = isend_plan,
    .visit = send_visit,
};

const struct operation operation_ssend = {
    .kind = RAW_SSEND,
    .help = "a call of MPI_Ssend, the same",
    .plan = ssend_plan,
    .visit = send_visit,
};
