/*
 * hpl_update.c - the trailing matrix: U = L1^-1 U, then A -= L2 U.
 *
 * While a broadcast is under way HPL takes NB columns at a time and looks in between whether the
 * panel has come; after that it takes the rest at once. HPL spins at the end of the columns
 * when the panel has still not come; here the process waits, which takes the same time.
 */
#include "hpl_exchange.h"
#include "hpl_parts.h"

/* On a grid of one row nobody swapped the rows before: that goes with the columns. A swap copies a
 * row of the diagonal block to where the pivot row is, and back. */
static void swap_local_rows(const struct hpl_plan *plan, const struct hpl_process *process,
                            const struct hpl_panel *panel, double n_columns)
{
    if (plan->spec.p == 1)
        hpl_compute_memory(process, 0.0, panel->width * n_columns * 2.0 * HPL_SCATTERED_B);
}

/* The current row keeps U as the rows of the matrix; with one row it is there already. */
static void store_u(const struct hpl_plan *plan, const struct hpl_process *process,
                    const struct hpl_panel *panel, double n_columns)
{
    if (plan->spec.p > 1 && panel->distance == 0)
        hpl_compute_memory(process, 0.0, panel->width * n_columns * HPL_COPIED_B);
}

static void update_columns(const struct hpl_plan *plan, const struct hpl_process *process,
                           const struct hpl_panel *panel, double n_columns)
{
    swap_local_rows(plan, process, panel, n_columns);
    hpl_compute_dtrsm(process, panel->width, n_columns);
    hpl_compute_dgemm(process, (double)panel->n_below, n_columns, panel->width);
    store_u(plan, process, panel, n_columns);
}

void hpl_update(const struct hpl_plan *plan, const struct hpl_process *process,
                const struct hpl_piece *piece)
{
    const int nb = plan->spec.nb;
    long left = piece->n_columns;

    while (process->state->awaits_panel && left > 0) {
        const long n_columns = left < nb ? left : nb;
        update_columns(plan, process, &piece->panel, (double)n_columns);
        left -= n_columns;
        hpl_broadcast_poll(plan, process);
    }
    if (left > 0)
        update_columns(plan, process, &piece->panel, (double)left);
    hpl_broadcast_finish(plan, process);
}
