#include "clock.h"
#include "network.h"
#include "threshold_methods.h"

#include <math.h>

enum { TRIES = 4 }; /* of a size: what flips by half does so unseen in one of eight */

static const double least_patience_s = 0.02, patience = 8.0; /* times a message's own time */

/* Receives a message as soon as it can be; returns how long that took. */
static double time_message(struct exchange *exchange)
{
    const int partner = exchange_partner(exchange);
    const double start_s = clock_now_s();

    if (exchange_begins(exchange)) {
        exchange_hear(exchange, partner, TAG_READY);
        exchange_send(exchange, partner, TAG_MESSAGE);
    } else {
        exchange_tell(exchange, partner, TAG_READY);
        exchange_recv(exchange, partner, TAG_MESSAGE);
    }
    return clock_now_s() - start_s;
}

/* Whether the partner's word comes within `patience_s`; it is not received. */
static bool hears_within(struct exchange *exchange, double patience_s)
{
    const double start_s = clock_now_s();
    int is_there = 0;

    while (!is_there && !exchange->error && clock_now_s() - start_s < patience_s)
        exchange_check(exchange,
                       MPI_Iprobe(exchange_partner(exchange), TAG_ANSWER, exchange->measure->world,
                                  &is_there, MPI_STATUS_IGNORE));
    return is_there;
}

/* Whether MPI_Send returned before anybody received; the same on both sides. */
static bool returns_early(struct exchange *exchange, double patience_s)
{
    const int partner = exchange_partner(exchange);
    double is_early = 0.0;

    if (exchange_begins(exchange)) {
        exchange_send(exchange, partner, TAG_MESSAGE);
        exchange_tell(exchange, partner, TAG_ANSWER);
    } else {
        is_early = hears_within(exchange, patience_s);
        exchange_recv(exchange, partner, TAG_MESSAGE);
        exchange_hear(exchange, partner, TAG_ANSWER);
    }
    return exchange_meet(exchange, is_early) > 0.0;
}

/* Tries a size until a try says otherwise than `expected`; returns whether none did. */
static bool always(struct exchange *exchange, int size_B, bool expected)
{
    exchange_resize(exchange, size_B);
    const double message_s = exchange_meet(exchange, time_message(exchange));
    const double patience_s = fmax(least_patience_s, patience * message_s);

    for (int i = 0; i < TRIES && !exchange->error; i++) {
        if (returns_early(exchange, patience_s) != expected)
            return false;
    }
    return exchange->error == MPI_SUCCESS;
}

/* The last size that is always eager, if all below it are: between one that is and one that is not.
 */
static int last_always(struct exchange *exchange, int always_B, int not_B)
{
    while (not_B - always_B > 1 && !exchange->error) {
        const int middle_B = always_B + (not_B - always_B) / 2;
        if (always(exchange, middle_B, true))
            always_B = middle_B;
        else
            not_B = middle_B;
    }
    return always_B;
}

/* The first size above `from_B`, which is always eager, that never is; `largest_B` never is. */
static int first_never(struct exchange *exchange, int from_B, int largest_B)
{
    int maybe_B = from_B, step_B = 1, never_B = from_B + 1;

    while (never_B < largest_B && !exchange->error && !always(exchange, never_B, false)) {
        maybe_B = never_B;
        never_B = largest_B - never_B > step_B ? never_B + step_B : largest_B;
        step_B *= 2;
    }
    while (never_B - maybe_B > 1 && !exchange->error) {
        const int middle_B = maybe_B + (never_B - maybe_B) / 2;
        if (always(exchange, middle_B, false))
            never_B = middle_B;
        else
            maybe_B = middle_B;
    }
    return never_B;
}

int threshold_semantic(const struct measure *measure, const int pair[2], double largest_B,
                       struct bracket *bracket)
{
    const struct raw_cell cell = {.operation = RAW_SEND,
                                  .path = network_path(measure, pair[0], pair[1]),
                                  .size_B = largest_B,
                                  .n_active = 2,
                                  .rank = pair[0],
                                  .partner = pair[1]};
    struct exchange exchange;

    *bracket = (struct bracket){NAN, NAN};
    exchange_init(&exchange, measure, &cell);
    const int largest = (int)largest_B;
    if (exchange.error == MPI_SUCCESS && exchange.member >= 0 && always(&exchange, 0, true) &&
        always(&exchange, largest, false)) {
        const int from_B = last_always(&exchange, 0, largest);
        *bracket = (struct bracket){from_B, first_never(&exchange, from_B, largest)};
    }
    exchange_release(&exchange);
    return exchange.error;
}
