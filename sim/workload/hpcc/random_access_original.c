/*
 * random_access_original.c - MPIRandomAccess with buckets of updates for each rank.
 *
 * Which messages a rank sends depends on its stream alone: it never draws while it holds 1024, and
 * never sends before. Timing decides only when.
 */
#include "random_access_parts.h"

#include <assert.h>

enum { TAG_FINISHED = 1, TAG_UPDATES = 2 };

/* Beside drawing an update: which rank has it (4), the list and counter of its bucket (8), and
 * moves in the heap, of which most are none (8). */
enum { PUT_ASIDE_OPS = 20 };

/* --- receiving ------------------------------------------------------------------------------- */

static void post(struct rank *rank, struct random_access_state *state, int i)
{
    state->posted[i] =
        rank_irecv(rank, rank_world(rank), RANK_ANY, RANK_ANY, (uint64_t)LOOK_AHEAD * WORD_B);
}

/* HPCC posts four receives where there are more than four ranks, else one. */
static void post_all(struct rank *rank, struct random_access_state *state, int n_ranks)
{
    state->n_posted = n_ranks > 4 ? MOST_POSTED : 1;
    state->next = 0;
    for (int i = 0; i < state->n_posted; i++)
        post(rank, state, i);
}

/* The receive that was posted first has ended: applies what came, and posts another. */
static void accept(struct rank *rank, struct random_access_state *state, const struct message *got)
{
    if (got->tag == TAG_FINISHED)
        state->n_unfinished--;
    else
        random_access_apply(rank, (int64_t)(got->size_B / WORD_B));
    post(rank, state, state->next);
    state->next = (state->next + 1) % state->n_posted;
}

static void accept_all(struct rank *rank, struct random_access_state *state)
{
    struct message got;

    while (state->n_unfinished > 0 && rank_test(rank, state->posted[state->next], &got))
        accept(rank, state, &got);
}

/* --- sending -----------------------------------------------------------------------------------
 */

/* Messages that come meanwhile are taken, or two ranks could wait for each other. */
static void wait_for_last_send(struct rank *rank, struct random_access_state *state)
{
    while (state->last_send) {
        struct request *requests[] = {state->last_send, state->posted[state->next]};
        struct message got;

        if (rank_wait_any(rank, 2, requests, &got) == 0)
            state->last_send = NULL;
        else
            accept(rank, state, &got);
    }
}

static void send_fullest(struct rank *rank, struct random_access_state *state)
{
    int n_updates;

    wait_for_last_send(rank, state);
    const int to = update_buckets_take(&state->buckets, &n_updates);
    state->last_send =
        rank_isend(rank, rank_world(rank), to, TAG_UPDATES, (uint64_t)n_updates * WORD_B);
}

/* Draws until the buckets hold all they may, at most `n`; returns how many, having looked for
 * messages as often. */
static int64_t fill_buckets(const struct random_access_plan *plan, struct rank *rank,
                            struct random_access_state *state, int64_t n)
{
    const int self = rank_number(rank);
    int64_t n_drawn = 0, n_own = 0;

    for (; n_drawn < n && state->buckets.n_pending < LOOK_AHEAD; n_drawn++) {
        const uint64_t value = update_stream_next(&state->stream);
        const int owner = update_table_owner(&plan->table, plan->spec.generator, value);
        if (owner == self)
            n_own++;
        else
            update_buckets_add(&state->buckets, owner);
    }
    /* One by one: a look stands between two updates. */
    const double ops = (double)n_drawn * (DRAW_OPS + PUT_ASIDE_OPS);
    const struct work work = work_updates((double)n_own, 1.0, ops);
    rank_compute(rank, &work);
    rank_look(rank, (double)n_drawn);
    return n_drawn;
}

/* --- one run ------------------------------------------------------------------------------------
 */

static void finish(const struct random_access_plan *plan, struct rank *rank,
                   struct random_access_state *state)
{
    struct message got;

    for (int i = 0; i < plan->table.n_ranks; i++)
        if (i != rank_number(rank))
            rank_send(rank, rank_world(rank), i, TAG_FINISHED, 0);
    while (state->n_unfinished > 0) {
        rank_wait(rank, state->posted[state->next], &got);
        accept(rank, state, &got);
    }
    for (int i = 0; i < state->n_posted; i++)
        rank_cancel(rank, state->posted[i]);
    if (state->last_send)
        rank_wait(rank, state->last_send, NULL);
    state->last_send = NULL;
}

void random_access_original(const struct random_access_plan *plan, struct rank *rank,
                            struct random_access_state *state, int64_t n)
{
    const int64_t first = update_table_first(&plan->table, rank_number(rank));

    state->stream = update_stream_at(plan->spec.generator, 4 * first);
    state->n_unfinished = plan->table.n_ranks - 1;
    update_buckets_init(&state->buckets, state->storage);
    post_all(rank, state, plan->table.n_ranks);
    while (n > 0) {
        n -= fill_buckets(plan, rank, state, n);
        accept_all(rank, state);
        if (n > 0)
            send_fullest(rank, state);
    }
    while (state->buckets.n_pending > 0) {
        send_fullest(rank, state);
        accept_all(rank, state);
    }
    finish(plan, rank, state);
}
