/*
 * random_access_sandia.c - MPIRandomAccess with updates that travel through a hypercube.
 *
 * How many of a rank's updates belong to the other half is a binomial number; a stream of its own
 * draws it, as a normal number rounded and clamped.
 */
#include "random_access_parts.h"

#include <assert.h>
#include <math.h>

enum { TAG = 0, MOST_DIMENSIONS = 31 };

/* To put an update with its like: load, mask, shift, choice of the list, store, count. */
enum { SORT_OPS = 6 };

/* Rooms of HPCC's buffers. */
static const uint64_t POWER_ROOM_B = 16384 * (uint64_t)WORD_B;
static const uint64_t ANY_ROOM_B = 32768 * (uint64_t)WORD_B;

static void do_integer_work(struct rank *rank, double n_operations)
{
    const struct work work = work_of(WORK_INTEGER, n_operations, 0.0);
    rank_compute(rank, &work);
}

/* Sorts `n` updates, each of which has to leave with probability `odds`; returns how many do. */
static int64_t sort_out(struct rank *rank, struct random_access_state *state, int64_t n,
                        double odds)
{
    const double spread = sqrt((double)n * odds * (1.0 - odds));
    const double drawn = round((double)n * odds + spread * random_normal(&state->coins));

    do_integer_work(rank, (double)n * SORT_OPS);
    return (int64_t)fmin(fmax(drawn, 0.0), (double)n);
}

static int64_t updates_in(const struct message *got)
{
    return (int64_t)(got->size_B / WORD_B);
}

/* --- a power of two of ranks -------------------------------------------------------------------
 */

/*
 * In each dimension a rank sorts what it kept, then what came in the dimension before, and sends
 * on. In the last one it applies what it kept while the rest is under way.
 */
static void round_of_power(struct rank *rank, struct random_access_state *state, int n_dimensions)
{
    struct comm *world = rank_world(rank);
    const int self = rank_number(rank);
    struct request *receives[MOST_DIMENSIONS], *send = NULL;
    struct message got;
    int64_t n_kept = LOOK_AHEAD;

    for (int i = 0; i < n_dimensions; i++)
        receives[i] = rank_irecv(rank, world, self ^ 1 << i, TAG, POWER_ROOM_B);
    for (int i = 0; i < n_dimensions; i++) {
        int64_t n_sent = sort_out(rank, state, n_kept, 0.5);
        n_kept -= n_sent;
        if (i > 0) {
            rank_wait(rank, receives[i - 1], &got);
            const int64_t n_passed_on = sort_out(rank, state, updates_in(&got), 0.5);
            n_kept += updates_in(&got) - n_passed_on;
            n_sent += n_passed_on;
            rank_wait(rank, send, NULL);
        }
        send = rank_isend(rank, world, self ^ 1 << i, TAG, (uint64_t)n_sent * WORD_B);
    }
    random_access_apply(rank, n_kept);
    if (n_dimensions == 0)
        return;
    rank_wait(rank, receives[n_dimensions - 1], &got);
    random_access_apply(rank, updates_in(&got));
    rank_wait(rank, send, NULL);
}

/* --- any number of ranks -----------------------------------------------------------------------
 */

/* Ranks `first` .. `first + n - 1`, of which the lower half ends before `middle`. */
struct part {
    int first, middle, n_lower, n_upper;
};

static struct part part_of(int first, int n)
{
    return (struct part){
        .first = first, .middle = first + n / 2, .n_lower = n / 2, .n_upper = n - n / 2};
}

/* Trades with one partner; returns how many updates came. */
static int64_t trade(struct rank *rank, int partner, int64_t n_sent)
{
    struct message got;

    rank_sendrecv(rank, rank_world(rank), partner, TAG, (uint64_t)n_sent * WORD_B, partner, TAG,
                  ANY_ROOM_B, &got);
    return updates_in(&got);
}

/*
 * The upper half may have one rank more. Then each rank of the lower half deals with the two that
 * stand above it, and sends each as much as falls to their overlap.
 */
static int64_t trade_with_other_half(struct rank *rank, const struct part *part, int64_t n_sent)
{
    const int self = rank_number(rank);
    const int place = self < part->middle ? self - part->first : self - part->middle;
    const int64_t n_lower = part->n_lower, n_upper = part->n_upper;

    if (part->n_lower == part->n_upper)
        return trade(rank, self < part->middle ? self + part->n_lower : self - part->n_lower,
                     n_sent);
    if (self < part->middle) {
        const int64_t n_first = (n_lower - place) * n_sent / n_upper;
        const int64_t came = trade(rank, self + part->n_lower, n_first);
        return came + trade(rank, self + part->n_lower + 1, n_sent - n_first);
    }
    if (place > 0 && place < part->n_lower) {
        const int64_t n_second = place * n_sent / n_lower;
        const int64_t came = trade(rank, self - part->n_lower, n_sent - n_second);
        return came + trade(rank, self - part->n_lower - 1, n_second);
    }
    return trade(rank, self - (place == 0 ? part->n_lower : part->n_upper), n_sent);
}

static void round_of_any(struct rank *rank, struct random_access_state *state, int n_ranks)
{
    const int self = rank_number(rank);
    struct part part = part_of(0, n_ranks);
    int64_t n_held = LOOK_AHEAD;

    for (int n = n_ranks; n > 1;) {
        const bool is_lower = self < part.middle;
        const double odds = (double)(is_lower ? part.n_upper : part.n_lower) / n;
        const int64_t n_sent = sort_out(rank, state, n_held, odds);
        n_held += trade_with_other_half(rank, &part, n_sent) - n_sent;
        n = is_lower ? part.n_lower : part.n_upper;
        part = part_of(is_lower ? part.first : part.middle, n);
    }
    random_access_apply(rank, n_held);
}

/* --- one run ------------------------------------------------------------------------------------
 */

/* The dimensions of a hypercube of `n`, or -1 where there is none. */
static int dimensions_of(int n)
{
    int n_dimensions = 0;

    while (n > 1 && n % 2 == 0) {
        n /= 2;
        n_dimensions++;
    }
    return n == 1 ? n_dimensions : -1;
}

void random_access_sandia(const struct random_access_plan *plan, struct rank *rank,
                          struct random_access_state *state, int64_t n)
{
    const int n_dimensions = dimensions_of(plan->table.n_ranks);

    state->coins = random_stream_for(0, "random access", (uint64_t)rank_number(rank));
    if (n_dimensions < 0)
        rank_allgather(rank, rank_world(rank), WORD_B); /* where each rank's words begin */
    for (int64_t i = 0; i < n / LOOK_AHEAD; i++) {
        do_integer_work(rank, (double)LOOK_AHEAD * DRAW_OPS);
        if (n_dimensions < 0)
            round_of_any(rank, state, plan->table.n_ranks);
        else
            round_of_power(rank, state, n_dimensions);
    }
}
