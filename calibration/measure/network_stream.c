/*
 * Messages one behind the other, then an empty answer: how fast a pair can follow up, which one
 * message alone does not tell.
 *
 * The sender calls MPI_Send, the receiver MPI_Recv; argument[0] says how many. The answer leaves
 * when the last message has been received, so the time has one way there and one way back
 * beside the gaps (loggp.h of the fit has the equation).
 */
#include "clock.h"
#include "network.h"
#include "network_plan.h"

#include <limits.h>

/* All messages of a stream: what a fast network moves in some milliseconds. */
static const double longest_stream_B = 0x1p25;

static double stream_piece(struct exchange *exchange, int count)
{
    const int partner = exchange_partner(exchange), n = (int)exchange->cell->argument[0];
    const double start_s = clock_now_s();

    for (int i = 0; i < count && exchange_begins(exchange); i++) {
        for (int k = 0; k < n; k++)
            exchange_send(exchange, partner, TAG_MESSAGE);
        exchange_hear(exchange, partner, TAG_ANSWER);
    }
    if (exchange_begins(exchange))
        return exchange_elapsed_s(exchange, start_s, count);
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < n; k++)
            exchange_recv(exchange, partner, TAG_MESSAGE);
        exchange_tell(exchange, partner, TAG_ANSWER);
    }
    return 0.0;
}

static int stream_visit(const struct measure *measure, const struct raw_cell *cell,
                        struct visit *visit)
{
    return network_visit(measure, cell, stream_piece, INT_MAX, visit);
}

static void stream_plan(const struct measure *measure, const struct plan_request *request,
                        struct plan *plan)
{
    static const double lengths[] = {8, 64, 16, 32}; /* the first two are enough for a line */
    const int n_lengths = request->thoroughness == FULL ? 4 : 2;

    for (int i = 0; i < n_lengths; i++)
        network_plan_pair(measure, request, plan,
                          &(struct network_wish){.operation = RAW_STREAM,
                                                 .every = {6, 5, 3},
                                                 .every_busy = {0, i == 0 ? 10 : 0, 6},
                                                 .n_pairs = {1, 1, 1},
                                                 .largest_B = longest_stream_B / lengths[i],
                                                 .argument = {lengths[i]}});
}

const struct operation operation_stream = {
    .kind = RAW_STREAM,
    .help = "8 to 64 messages one behind the other, then an empty answer",
    .plan = stream_plan,
    .visit = stream_visit,
};
