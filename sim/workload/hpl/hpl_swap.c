/*
 * hpl_swap.c - row swap by binary exchange: each process column swaps rows by halves.
 *
 * The current row offers U, the NB rows of the panel, to everybody; the others answer with the
 * pivot rows that they own, each with its destination in front. A rank that meets
 * somebody with U puts its rows there.
 *
 * Between messages HPL looks whether the next panel has come.
 */
#include "hpl_exchange.h"
#include "hpl_parts.h"

struct swap {
    const struct hpl_plan *plan;
    const struct hpl_piece *piece;
    struct hpl_pivots pivots;
    int p, ip2;
};

static int rows_between(const struct swap *swap, int first, int end)
{
    const int last = end < swap->p ? end : swap->p;
    return first < last ? swap->pivots.before[last] - swap->pivots.before[first] : 0;
}

/* The pivot rows that `member` speaks for at a step: its own, those folded into it, and those of
 * its half of the exchange so far. */
static int answered_rows(const struct swap *swap, const struct hpl_step *step, int member)
{
    if (step->stage == HPL_FOLD)
        return rows_between(swap, member, member + 1);
    const int first = member / step->span * step->span;
    return rows_between(swap, first, first + step->span) +
           rows_between(swap, swap->ip2 + first, swap->ip2 + first + step->span);
}

static uint64_t cargo_B(const struct swap *swap, const struct hpl_step *step, enum hpl_cargo cargo,
                        int member)
{
    const uint64_t n_columns = (uint64_t)swap->piece->n_columns;
    switch (cargo) {
    case HPL_NOTHING:
        break;
    case HPL_OFFER:
        return (uint64_t)swap->piece->panel.width * n_columns * MPI_DOUBLE_B;
    case HPL_ANSWER:
        return (uint64_t)answered_rows(swap, step, member) * (n_columns + 1) * MPI_DOUBLE_B;
    }
    return 0;
}

static int own_rows(const struct swap *swap)
{
    const int distance = swap->piece->panel.distance;
    return rows_between(swap, distance, distance + 1);
}

/* Rows of this process that leave for U or a buffer, and what comes back to their place. */
static void copy_own_rows(const struct swap *swap, const struct hpl_process *process)
{
    const struct hpl_panel *panel = &swap->piece->panel;
    const double n_columns = (double)swap->piece->n_columns;
    const double n_rows = own_rows(swap);
    const double scattered_B = 2.0 * n_rows * n_columns * HPL_SCATTERED_B;
    const double block_B =
        panel->distance == 0 ? (panel->width - n_rows) * n_columns * HPL_COPIED_B : 0.0;
    hpl_compute_memory(process, 0.0, scattered_B + block_B);
}

/* Copies pivot rows to U, counted when they come, though they may wait for U to come. Members from
 * ip2 on get U with all rows in it. */
static void put_into_u(const struct swap *swap, const struct hpl_process *process, int n_rows)
{
    if (swap->piece->panel.distance < swap->ip2)
        hpl_compute_memory(process, 0.0,
                           (double)n_rows * (double)swap->piece->n_columns * HPL_COPIED_B);
}

static void exchange_rows(const struct swap *swap, const struct hpl_process *process)
{
    const struct hpl_panel *panel = &swap->piece->panel;
    struct hpl_step steps[HPL_MAX_STEPS];
    const int n_steps = hpl_exchange_steps(panel->distance, swap->p, steps);

    for (int i = 0; i < n_steps; i++) {
        const struct hpl_step *step = &steps[i];
        hpl_exchange_with(process, hpl_at_distance(swap->plan, process, panel, step->peer),
                          cargo_B(swap, step, step->send, panel->distance),
                          cargo_B(swap, step, step->receive, step->peer));
        if (step->receive == HPL_ANSWER)
            put_into_u(swap, process, answered_rows(swap, step, step->peer));
        hpl_broadcast_poll(swap->plan, process);
    }
}

static void swap_by_halves(const struct hpl_plan *plan, const struct hpl_process *process,
                           const struct hpl_piece *piece)
{
    const struct swap swap = {.plan = plan,
                              .piece = piece,
                              .pivots = hpl_pivots_of(plan, piece->panel.index),
                              .p = plan->spec.p,
                              .ip2 = hpl_power_of_two(plan->spec.p)};
    copy_own_rows(&swap, process);
    if (piece->panel.distance > 0)
        put_into_u(&swap, process, own_rows(&swap));
    hpl_broadcast_poll(plan, process);
    exchange_rows(&swap, process);
}

void hpl_swap_rows(const struct hpl_plan *plan, const struct hpl_process *process,
                   const struct hpl_piece *piece)
{
    const struct hpl_spec *spec = &plan->spec;
    if (piece->n_columns == 0)
        return;
    if (spec->swap == HPL_SPREAD_ROLL ||
        (spec->swap == HPL_SWAP_MIX && piece->n_columns > spec->swap_threshold))
        hpl_spread_and_roll(plan, process, piece);
    else
        swap_by_halves(plan, process, piece);
}
