/*
 * osu_pt2pt.c - OSU's point-to-point tests: ping-pong and windows of messages.
 */
#include "osu_parts.h"
#include "sim/workload/shared.h"

enum { TAG_PING = 1, TAG_DATA = 100, TAG_ANSWER = 101, TAG_BACK = 10 };

enum { ANSWER_B = 4 };

/* --- ping-pong ------------------------------------------------------------------------------ */

static void ping(const struct osu_point *at, struct rank *rank, int peer)
{
    rank_send(rank, rank_world(rank), peer, TAG_PING, at->size_B);
    rank_recv(rank, rank_world(rank), peer, TAG_PING, at->size_B, NULL);
}

static void pong(const struct osu_point *at, struct rank *rank, int peer)
{
    rank_recv(rank, rank_world(rank), peer, TAG_PING, at->size_B, NULL);
    rank_send(rank, rank_world(rank), peer, TAG_PING, at->size_B);
}

/* What both ends of a pair do `n` times. */
typedef void round_function(const struct osu_point *at, struct rank *rank, int peer);

static void repeat(round_function *round, int n, const struct osu_point *at, struct rank *rank,
                   int peer)
{
    for (int i = 0; i < n; i++)
        round(at, rank, peer);
}

/* Seconds of the timed rounds, which follow the untimed ones at once. */
static double timed_s(round_function *round, const struct osu_point *at, struct rank *rank,
                      int peer)
{
    repeat(round, at->n_warmup, at, rank, peer);
    const double start_s = rank_time_s(rank);
    repeat(round, at->n_iterations, at, rank, peer);
    return rank_time_s(rank) - start_s;
}

void osu_measure_latency(const struct osu_point *at, struct rank *rank)
{
    rank_barrier(rank, rank_world(rank));
    if (rank_number(rank) == 0)
        rank_record(rank, at->slot, timed_s(ping, at, rank, 1) / (2.0 * at->n_iterations));
    else
        repeat(pong, at->n_warmup + at->n_iterations, at, rank, 0);
}

/* --- windows -------------------------------------------------------------------------------- */

static void post_receives(const struct osu_point *at, struct rank *rank, int peer, int tag,
                          struct request *requests[])
{
    for (int i = 0; i < at->window; i++)
        requests[i] = rank_irecv(rank, rank_world(rank), peer, tag, at->size_B);
}

static void post_sends(const struct osu_point *at, struct rank *rank, int peer, int tag,
                       struct request *requests[])
{
    for (int i = 0; i < at->window; i++)
        requests[i] = rank_isend(rank, rank_world(rank), peer, tag, at->size_B);
}

static void send_window(const struct osu_point *at, struct rank *rank, int peer)
{
    struct request *requests[OSU_MAX_WINDOW];

    post_sends(at, rank, peer, TAG_DATA, requests);
    rank_wait_all(rank, at->window, requests);
    rank_recv(rank, rank_world(rank), peer, TAG_ANSWER, ANSWER_B, NULL);
}

static void receive_window(const struct osu_point *at, struct rank *rank, int peer)
{
    struct request *requests[OSU_MAX_WINDOW];

    post_receives(at, rank, peer, TAG_DATA, requests);
    rank_wait_all(rank, at->window, requests);
    rank_send(rank, rank_world(rank), peer, TAG_ANSWER, ANSWER_B);
}

/* The lower rank's messages have one tag, the higher one's another. */
static void exchange_windows(const struct osu_point *at, struct rank *rank, int peer)
{
    struct request *receives[OSU_MAX_WINDOW], *sends[OSU_MAX_WINDOW];
    const bool is_lower = rank_number(rank) < peer;

    post_receives(at, rank, peer, is_lower ? TAG_BACK : TAG_DATA, receives);
    post_sends(at, rank, peer, is_lower ? TAG_DATA : TAG_BACK, sends);
    rank_wait_all(rank, at->window, sends);
    rank_wait_all(rank, at->window, receives);
}

static double per_message_s(const struct osu_point *at, double rounds_s)
{
    return rounds_s / at->n_iterations / at->window;
}

void osu_measure_bw(const struct osu_point *at, struct rank *rank)
{
    if (rank_number(rank) == 0)
        rank_record(rank, at->slot, per_message_s(at, timed_s(send_window, at, rank, 1)));
    else
        repeat(receive_window, at->n_warmup + at->n_iterations, at, rank, 0);
}

void osu_measure_bibw(const struct osu_point *at, struct rank *rank)
{
    if (rank_number(rank) == 0)
        rank_record(rank, at->slot, per_message_s(at, timed_s(exchange_windows, at, rank, 1)));
    else
        repeat(exchange_windows, at->n_warmup + at->n_iterations, at, rank, 0);
}

/* --- many pairs ----------------------------------------------------------------------------- */

/*
 * Every rank: a barrier, untimed rounds, timed ones; the seconds of these. Of each pair the first
 * rank does `first`, the second `second`; a rank without a partner only comes to the barrier.
 *
 * OSU has this barrier between untimed and timed rounds. Ranks leave it some ten microseconds
 * apart, which is nothing to its thousands of rounds and would be much to our few: an untimed round
 * behind the barrier lets the two of a pair meet. Fast pairs are then ahead by their untimed
 * rounds.
 */
static double pairs_timed_s(round_function *first, round_function *second,
                            const struct osu_point *at, struct rank *rank)
{
    const int number = rank_number(rank);

    rank_barrier(rank, rank_world(rank));
    if (number < at->n_pairs)
        return timed_s(first, at, rank, number + at->n_pairs);
    if (number < 2 * at->n_pairs)
        return timed_s(second, at, rank, number - at->n_pairs);
    return 0.0;
}

void osu_measure_multi_lat(const struct osu_point *at, struct rank *rank)
{
    rank_barrier(rank, rank_world(rank));
    const double s = pairs_timed_s(ping, pong, at, rank);
    if (rank_number(rank) < 2 * at->n_pairs)
        rank_record(rank, at->slot, s / (2.0 * at->n_iterations));
    rank_reduce(rank, rank_world(rank), 0, MPI_DOUBLE_B);
}

void osu_measure_mbw_mr(const struct osu_point *at, struct rank *rank)
{
    rank_barrier(rank, rank_world(rank));
    const double s = pairs_timed_s(send_window, receive_window, at, rank);
    if (rank_number(rank) < at->n_pairs)
        rank_record(rank, at->slot, per_message_s(at, s));
    rank_reduce(rank, rank_world(rank), 0, MPI_DOUBLE_B);
}
