/*
 * hpl_plan.h - where HPL's matrix lies, and which rows its pivots come from.
 *
 * Panel k is the k-th block of NB columns from its diagonal down. The process column k mod Q
 * owns it, and the process row k mod P owns its diagonal block, the *current* row. A process's
 * distance is how many process rows it is below the current one, modulo P.
 */
#ifndef VHPCSIM_HPL_PLAN_H
#define VHPCSIM_HPL_PLAN_H

#include "hpl.h"

/* Immutable during the run; all ranks read the same one. */
struct hpl_plan {
    struct hpl_spec spec; /* depth is 0 where the grid has one column */
    long n_panels;
    uint16_t *pivots; /* n_panels records, see hpl_pivots_of; NULL where the grid has one row */
};

/*
 * From which process rows a panel's pivots come, and in which order spread-roll serves the
 * process rows. Pivot rows inside the diagonal block do not count: nobody needs to send them.
 */
struct hpl_pivots {
    const uint16_t *before; /* [d]: pivot rows at distances below d, d = 0..P; each row once */
    const uint16_t *order;  /* [place]: distance of the process row at that place; order[0] is 0 */
    const uint16_t *place;  /* [distance]: the inverse of order */
    const uint16_t *start;  /* [place]: first of U's rows that belong to it, 0..P */
};

/*
 * Makes the plan for a checked spec. `pivots[j]` is the global row that is swapped with row j
 * in column j, j..n-1. NULL draws each uniformly among the rows that are left, which is what the
 * random matrix of HPL gives: the same rows in each run, as HPL factors the same matrix in
 * each run. Returns 0 or -ENOMEM. Cost: O(N log NB + n_panels P^2); memory 8 P bytes a panel.
 */
int hpl_plan_init(struct hpl_plan *plan, const struct hpl_spec *spec, const long *pivots);
void hpl_plan_release(struct hpl_plan *plan);

struct hpl_pivots hpl_pivots_of(const struct hpl_plan *plan, long panel);

/* How many of the indices 0..end-1, dealt in blocks of `nb` to `n_parts`, part `part` has. */
long hpl_local_count(long end, int nb, int part, int n_parts);

/* The same of the indices first..end-1. */
long hpl_local_between(long first, long end, int nb, int part, int n_parts);

/* What a rank remembers from step to step: zero at first. */
struct hpl_state {
    bool awaits_panel; /* the broadcast of `awaited` has begun and has not come here */
    long awaited;
};

/* One process of the grid during one step: the engine's handles are not kept beyond it. */
struct hpl_process {
    struct rank *rank;
    struct comm *world;
    int row, col;
    struct hpl_state *state; /* the rank's own */
};
struct hpl_process hpl_process_of(const struct hpl_plan *plan, struct rank *rank, void *state);

/* World rank of the process at (row, col). */
int hpl_rank_at(const struct hpl_plan *plan, int row, int col);
void hpl_place(const struct hpl_plan *plan, int rank, int *row, int *col);

/* A panel as one process sees it. */
struct hpl_panel {
    long index;
    long first;    /* global row and column of its diagonal's upper left corner */
    int width;     /* columns: NB, fewer in the last panel */
    int row, col;  /* current process row, owning process column */
    int distance;  /* of this process */
    long n_below;  /* local rows under the diagonal block */
    bool is_owned; /* this process is in the owning column */
};
struct hpl_panel hpl_panel_of(const struct hpl_plan *plan, const struct hpl_process *process,
                              long index);

/* World rank of the process at `distance` in this process's column, seen from `panel`. */
int hpl_at_distance(const struct hpl_plan *plan, const struct hpl_process *process,
                    const struct hpl_panel *panel, int distance);

#endif
