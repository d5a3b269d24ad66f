/*
 * Messages there and back, of one pair and of several at the same time, and both ways at once.
 *
 * A message comes back only when it has arrived, so nothing is ever under way but what a piece has
 * sent last. Pairs beside each other meet before each piece and make as many exchanges; one that is
 * faster than another ends before it, so the slower one's last exchanges are less disturbed.
 */
#include "clock.h"
#include "network.h"
#include "network_plan.h"

#include <limits.h>

static double pingpong_piece(struct exchange *exchange, int count)
{
    const int partner = exchange_partner(exchange);

    if (!exchange_begins(exchange)) {
        for (int i = 0; i < count; i++) {
            exchange_recv(exchange, partner, TAG_MESSAGE);
            exchange_send(exchange, partner, TAG_ANSWER);
        }
        return 0.0;
    }
    const double start_s = clock_now_s();
    for (int i = 0; i < count; i++) {
        exchange_send(exchange, partner, TAG_MESSAGE);
        exchange_recv(exchange, partner, TAG_ANSWER);
    }
    return exchange_elapsed_s(exchange, start_s, count) / 2.0;
}

static int pingpong_visit(const struct measure *measure, const struct raw_cell *cell,
                          struct visit *visit)
{
    return network_visit(measure, cell, pingpong_piece, INT_MAX, visit);
}

static double bidirectional_piece(struct exchange *exchange, int count)
{
    const int partner = exchange_partner(exchange);
    const double start_s = clock_now_s();

    for (int i = 0; i < count && !exchange->error; i++) {
        exchange_check(exchange,
                       MPI_Sendrecv(network_next(&exchange->sent), exchange->size_B, MPI_BYTE,
                                    partner, TAG_MESSAGE, network_next(&exchange->received),
                                    exchange->size_B, MPI_BYTE, partner, TAG_MESSAGE,
                                    exchange->measure->world, MPI_STATUS_IGNORE));
    }
    return exchange_begins(exchange) ? exchange_elapsed_s(exchange, start_s, count) : 0.0;
}

static int bidirectional_visit(const struct measure *measure, const struct raw_cell *cell,
                               struct visit *visit)
{
    return network_visit(measure, cell, bidirectional_piece, INT_MAX, visit);
}

static void pingpong_plan(const struct measure *measure, const struct plan_request *request,
                          struct plan *plan)
{
    network_plan_pair(measure, request, plan,
                      &(struct network_wish){.operation = RAW_PINGPONG,
                                             .every = {1, 1, 1},
                                             .every_busy = {4, 4, 2},
                                             .n_pairs = {1, 4, 8},
                                             .largest_B = network_largest_B});
}

static void pairs_plan(const struct measure *measure, const struct plan_request *request,
                       struct plan *plan)
{
    network_plan_pairs(measure, request, plan);
}

static void bidirectional_plan(const struct measure *measure, const struct plan_request *request,
                               struct plan *plan)
{
    network_plan_pair(measure, request, plan,
                      &(struct network_wish){.operation = RAW_BIDIRECTIONAL,
                                             .every = {6, 4, 2},
                                             .n_pairs = {1, 1, 1},
                                             .largest_B = network_largest_B});
}

const struct operation operation_pingpong = {
    .kind = RAW_PINGPONG,
    .help = "half a round trip of a message between two ranks",
    .plan = pingpong_plan,
    .visit = pingpong_visit,
};

const struct operation operation_pairs = {
    .kind = RAW_PAIRS,
    .help = "half a round trip while other pairs of ranks exchange messages too",
    .plan = pairs_plan,
    .visit = pingpong_visit,
};

const struct operation operation_bidirectional = {
    .kind = RAW_BIDIRECTIONAL,
    .help = "both ranks of a pair send and receive at once",
    .plan = bidirectional_plan,
    .visit = bidirectional_visit,
};
