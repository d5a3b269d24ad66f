/*
 * What a call costs that receives a message which is there, and one that looks for a message in
 * vain.
 *
 * The receiver asks for a burst, waits until MPI_Iprobe sees its last message, then for as long
 * again, and at least 50 us, so that bytes which follow the first ones are there too; then it
 * receives all. By then the library has taken a short message from the kernel, in MPI_Iprobe, as it
 * does in any call of a rank that waits: that work is part of the message's way, and what is timed
 * here comes after it. Above the eager threshold the bytes stay with the sender until they are
 * asked for, and the time is that of the message.
 */
#include "clock.h"
#include "network.h"
#include "network_plan.h"

#include <limits.h>
#include <math.h>

static const double shortest_pause_s = 50e-6, longest_pause_s = 20e-3;

static void send_burst(struct exchange *exchange, int n)
{
    MPI_Request requests[BURST];

    exchange_hear(exchange, exchange_partner(exchange), TAG_READY);
    for (int i = 0; i < n; i++)
        exchange_isend(exchange, exchange_partner(exchange), i < n - 1 ? TAG_MESSAGE : TAG_LAST,
                       &requests[i]);
    exchange_wait(exchange, n, requests);
}

/* Asks for a burst and looks until the last message is there; returns how long that took. */
static double await_burst(struct exchange *exchange)
{
    const int partner = exchange_partner(exchange);
    const double start_s = clock_now_s();
    int is_there = 0;

    exchange_tell(exchange, partner, TAG_READY);
    while (!is_there && !exchange->error)
        exchange_check(exchange, MPI_Iprobe(partner, TAG_LAST, exchange->measure->world, &is_there,
                                            MPI_STATUS_IGNORE));
    return clock_now_s() - start_s;
}

/* How long the last bytes of messages may take whose first ones came after `arrival_s`. SMPI's
 * MPI_Iprobe sees messages that have only just left, and its time costs nothing. */
static double pause_s(const struct exchange *exchange, double arrival_s)
{
    if (exchange->measure->is_simulated)
        return longest_pause_s;
    return fmin(fmax(arrival_s, shortest_pause_s), longest_pause_s);
}

/* Returns the seconds of the calls. */
static double receive_burst(struct exchange *exchange, int n)
{
    const int partner = exchange_partner(exchange);
    const double start_s = clock_now_s();

    for (int i = 0; i < n; i++)
        exchange_recv(exchange, partner, i < n - 1 ? TAG_MESSAGE : TAG_LAST);
    return exchange_elapsed_s(exchange, start_s, 1);
}

static double recv_piece(struct exchange *exchange, int count)
{
    double taken_s = 0.0;

    for (int left = count; left > 0 && !exchange->error;) {
        const int n = exchange_burst(exchange, left);
        left -= n;
        if (!exchange_begins(exchange)) {
            send_burst(exchange, n);
            continue;
        }
        const double arrival_s = await_burst(exchange);
        network_pause(exchange->measure, pause_s(exchange, arrival_s));
        taken_s += receive_burst(exchange, n);
    }
    return taken_s / count;
}

static int recv_visit(const struct measure *measure, const struct raw_cell *cell,
                      struct visit *visit)
{
    return network_visit(measure, cell, recv_piece, INT_MAX, visit);
}

/* One MPI_Test after another for a message that comes only when all are done. */
static double look_piece(struct exchange *exchange, int count)
{
    const int partner = exchange_partner(exchange);
    MPI_Request request;
    int is_done = 0;

    if (!exchange_begins(exchange)) {
        exchange_hear(exchange, partner, TAG_READY);
        exchange_send(exchange, partner, TAG_MESSAGE);
        return 0.0;
    }
    exchange_irecv(exchange, partner, TAG_MESSAGE, &request);
    const double start_s = clock_now_s();
    for (int i = 0; i < count && !exchange->error; i++)
        exchange_check(exchange, MPI_Test(&request, &is_done, MPI_STATUS_IGNORE));
    const double one_s = exchange_elapsed_s(exchange, start_s, count);
    exchange_tell(exchange, partner, TAG_READY);
    exchange_wait(exchange, 1, &request);
    return one_s;
}

static int look_visit(const struct measure *measure, const struct raw_cell *cell,
                      struct visit *visit)
{
    return network_visit(measure, cell, look_piece, INT_MAX, visit);
}

static void recv_plan(const struct measure *measure, const struct plan_request *request,
                      struct plan *plan)
{
    network_plan_pair(measure, request, plan,
                      &(struct network_wish){.operation = RAW_RECV,
                                             .every = {3, 2, 1},
                                             .every_busy = {0, 6, 4},
                                             .n_pairs = {1, 1, 1},
                                             .largest_B = network_calls_largest_B});
}

static void look_plan(const struct measure *measure, const struct plan_request *request,
                      struct plan *plan)
{
    network_plan_pair(measure, request, plan,
                      &(struct network_wish){.operation = RAW_LOOK,
                                             .every = {1, 1, 1},
                                             .every_busy = {1, 1, 1},
                                             .n_pairs = {1, 1, 1},
                                             .largest_B = 0.0});
}

const struct operation operation_recv = {
    .kind = RAW_RECV,
    .help = "a call of MPI_Recv for a message that is there",
    .plan = recv_plan,
    .visit = recv_visit,
};

const struct operation operation_look = {
    .kind = RAW_LOOK,
    .help = "a call of MPI_Test that finds nothing",
    .plan = look_plan,
    .visit = look_visit,
};
