/*
 * hpl_broadcast.c - HPL's six ways to send a panel along a process row.
 *
 * Members count from the owner of the panel, which is 0. In the rings each process receives the
 * whole panel from its left neighbour, or from the owner, and hands it on:
 *   1ring           0 -> 1 -> 2 -> ... -> Q-1
 *   1ring modified  0 -> 1, then 0 -> 2 -> 3 -> ...: member 1, the next owner, only receives
 *   2ring           0 -> 1 -> ..., 0 -> Q/2 -> ...
 *   2ring modified  0 -> 1, 0 -> 2 -> ..., 0 -> Q/2 -> ...
 * The long broadcasts cut the panel in as many pieces as there are members, spread them down a
 * binary tree and roll them around; modified sends the whole panel to member 1 first and leaves it
 * out.
 */
#include "hpl_exchange.h"
#include "hpl_parts.h"

struct row {
    const struct hpl_plan *plan;
    const struct hpl_process *process;
    struct hpl_panel panel;
    int size;           /* members: Q */
    int member;         /* this process */
    uint64_t n_doubles; /* the rows under the diagonal block, the block, pivots, info */
};

static struct row row_of(const struct hpl_plan *plan, const struct hpl_process *process, long index)
{
    struct row row = {.plan = plan,
                      .process = process,
                      .panel = hpl_panel_of(plan, process, index),
                      .size = plan->spec.q};
    const uint64_t width = (uint64_t)row.panel.width;
    row.member = (process->col - row.panel.col + row.size) % row.size;
    row.n_doubles = ((uint64_t)row.panel.n_below + width + 1) * width + 1;
    return row;
}

static int rank_of(const struct row *row, int member)
{
    return hpl_rank_at(row->plan, row->process->row, (row->panel.col + member) % row->size);
}

static void send_to(const struct row *row, int member, uint64_t n_doubles)
{
    rank_send(row->process->rank, row->process->world, rank_of(row, member), HPL_TAG_PANEL,
              n_doubles * MPI_DOUBLE_B);
}

static void ssend_to(const struct row *row, int member, uint64_t n_doubles)
{
    rank_ssend(row->process->rank, row->process->world, rank_of(row, member), HPL_TAG_PANEL,
               n_doubles * MPI_DOUBLE_B);
}

static void receive_from(const struct row *row, int member, uint64_t n_doubles)
{
    rank_recv(row->process->rank, row->process->world, rank_of(row, member), HPL_TAG_PANEL,
              n_doubles * MPI_DOUBLE_B, NULL);
}

/* --- rings ---------------------------------------------------------------- */

/* The members to which the owner sends, in its order; returns how many. */
static int ring_heads(const struct row *row, int heads[3])
{
    const enum hpl_broadcast how = (enum hpl_broadcast)row->plan->spec.broadcast;
    const int half = (row->size + 1) / 2;
    const bool is_modified = how == HPL_1RING_MODIFIED || how == HPL_2RING_MODIFIED;
    const bool has_two_rings = how == HPL_2RING || how == HPL_2RING_MODIFIED;
    int n = 0;

    heads[n++] = 1;
    if (row->size == 2)
        return n;
    if (is_modified && !(has_two_rings && half == 2))
        heads[n++] = 2;
    if (has_two_rings)
        heads[n++] = half;
    return n;
}

static bool is_among(int member, int n, const int heads[])
{
    for (int i = 0; i < n; i++)
        if (heads[i] == member)
            return true;
    return false;
}

/* Returns false when the panel is not there yet and `waits` is false. */
static bool pass_in_ring(const struct row *row, bool waits)
{
    int heads[3];
    const int n_heads = ring_heads(row, heads);

    if (row->member == 0) {
        for (int i = 0; i < n_heads; i++)
            send_to(row, heads[i], row->n_doubles);
        return true;
    }
    const int from = is_among(row->member, n_heads, heads) ? 0 : row->member - 1;
    if (!waits && !rank_iprobe(row->process->rank, row->process->world, rank_of(row, from),
                               HPL_TAG_PANEL, NULL))
        return false;
    receive_from(row, from, row->n_doubles);
    const int next = row->member + 1;
    if (next < row->size && !is_among(next, n_heads, heads))
        send_to(row, next, row->n_doubles);
    return true;
}

/* --- long ------------------------------------------------------------------ */

/* The panel in pieces of equal length, the last one with what is left. */
struct pieces {
    int n;
    int skipped; /* members between the owner and the second of those that take part */
    uint64_t n_doubles, length;
};

static int member_at(const struct pieces *pieces, int place)
{
    return place == 0 ? 0 : place + pieces->skipped;
}

/* Doubles in pieces first..end-1; a short panel may leave the last ones empty. */
static uint64_t length_of(const struct pieces *pieces, int first, int end)
{
    const uint64_t from = (uint64_t)first * pieces->length;
    uint64_t to = (uint64_t)end * pieces->length;
    if (end >= pieces->n || to > pieces->n_doubles)
        to = pieces->n_doubles;
    return to > from ? to - from : 0;
}

static void spread_pieces(const struct row *row, const struct pieces *pieces, int place)
{
    for (int span = hpl_power_of_two(pieces->n - 1); span > 0; span /= 2) {
        const int peer = place ^ span;
        if (place % span != 0 || peer >= pieces->n)
            continue;
        const int receiver = place | span;
        const uint64_t n_doubles = length_of(pieces, receiver, receiver + span);
        if (place == receiver)
            receive_from(row, member_at(pieces, peer), n_doubles);
        else
            ssend_to(row, member_at(pieces, peer), n_doubles);
    }
}

static void roll_pieces(const struct row *row, const struct pieces *pieces, int place)
{
    for (int step = 0; step < pieces->n - 1; step++) {
        const struct hpl_roll roll = hpl_roll_step(place, pieces->n, step);
        const int peer = rank_of(row, member_at(pieces, roll.peer));
        rank_sendrecv(row->process->rank, row->process->world, peer, HPL_TAG_PANEL,
                      length_of(pieces, roll.send, roll.send + 1) * MPI_DOUBLE_B, peer,
                      HPL_TAG_PANEL,
                      length_of(pieces, roll.receive, roll.receive + 1) * MPI_DOUBLE_B, NULL);
    }
}

static void pass_in_pieces(const struct row *row)
{
    const bool is_modified = row->plan->spec.broadcast == HPL_LONG_MODIFIED;
    struct pieces pieces = {
        .n = row->size - is_modified, .skipped = is_modified, .n_doubles = row->n_doubles};

    if (is_modified && row->member == 0)
        ssend_to(row, 1, row->n_doubles);
    if (is_modified && row->member == 1)
        receive_from(row, 0, row->n_doubles);
    if (pieces.n == 1 || (is_modified && row->member == 1))
        return;
    const int place = row->member == 0 ? 0 : row->member - pieces.skipped;
    pieces.length = row->n_doubles / (uint64_t)pieces.n;
    if (pieces.length == 0)
        pieces.length = 1;
    spread_pieces(row, &pieces, place);
    roll_pieces(row, &pieces, place);
}

/* --- one broadcast --------------------------------------------------------- */

static void pass_on(const struct hpl_plan *plan, const struct hpl_process *process, bool waits)
{
    if (!process->state->awaits_panel)
        return;
    const struct row row = row_of(plan, process, process->state->awaited);
    const bool is_ring = plan->spec.broadcast < HPL_LONG;
    if (!is_ring)
        pass_in_pieces(&row);
    if (!is_ring || pass_in_ring(&row, waits))
        process->state->awaits_panel = false;
}

void hpl_broadcast_begin(const struct hpl_plan *plan, const struct hpl_process *process, long index)
{
    const struct row row = row_of(plan, process, index);

    process->state->awaits_panel = true;
    process->state->awaited = index;
    if (row.member == 0)
        hpl_compute_memory(process, 0.0, (double)row.n_doubles * HPL_COPIED_B);
    pass_on(plan, process, false);
}

void hpl_broadcast_poll(const struct hpl_plan *plan, const struct hpl_process *process)
{
    pass_on(plan, process, false);
}

void hpl_broadcast_finish(const struct hpl_plan *plan, const struct hpl_process *process)
{
    pass_on(plan, process, true);
}
