/*
 * hpl_parts.h - the parts of HPL that a process takes part in, one file each.
 *
 * Each is what one rank does, as ordinary blocking code. `plan` is shared; `process` is the rank's
 * own, and with it its state.
 */
#ifndef VHPCSIM_HPL_PARTS_H
#define VHPCSIM_HPL_PARTS_H

#include "hpl_plan.h"

/*
 * hpl.c: the whole program for a checked spec; `pivots` as in hpl_plan_init. Returns 0 or -ENOMEM;
 * workload_hpl.program_free releases it.
 */
int hpl_program_init(struct program *program, const struct hpl_spec *spec, const long *pivots);

/* hpl_factor.c: factors `index`'s panel within its process column, one exchange per column. */
void hpl_factor_panel(const struct hpl_plan *plan, const struct hpl_process *process, long index);

/*
 * hpl_broadcast.c: the factored panel goes along the process rows. begin() packs it where it is
 * and sends it off; poll(), called between pieces of other work, receives and forwards
 * it if it is there, as HPL does with MPI_Iprobe; finish() waits for it. The long
 * broadcasts do not poll: their first poll blocks until they are done. poll() and finish() do
 * nothing when no broadcast is under way.
 */
void hpl_broadcast_begin(const struct hpl_plan *plan, const struct hpl_process *process,
                         long index);
void hpl_broadcast_poll(const struct hpl_plan *plan, const struct hpl_process *process);
void hpl_broadcast_finish(const struct hpl_plan *plan, const struct hpl_process *process);

/* One panel applied to `n_columns` local columns of the matrix. */
struct hpl_piece {
    struct hpl_panel panel;
    long n_columns;
};

/* hpl_swap.c: brings the pivot rows to the current row and back, and U to every process row. */
void hpl_swap_rows(const struct hpl_plan *plan, const struct hpl_process *process,
                   const struct hpl_piece *piece);

/* hpl_spread.c: the same by spreading and rolling ("long"). */
void hpl_spread_and_roll(const struct hpl_plan *plan, const struct hpl_process *process,
                         const struct hpl_piece *piece);

/* hpl_update.c: solves for U and updates the trailing matrix; ends with the broadcast finished. */
void hpl_update(const struct hpl_plan *plan, const struct hpl_process *process,
                const struct hpl_piece *piece);

/* hpl_solve.c: back substitution, block `block` counted from the last one, which is 0. */
void hpl_solve_block(const struct hpl_plan *plan, const struct hpl_process *process, long block);

#endif
