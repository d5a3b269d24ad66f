/*
 * plan.h - the cells that a launch visits, and the sizes of messages among them.
 *
 * A plan is a function of the seed and of what is asked for alone, so that the next launch, or the
 * same one on the other side of a comparison, has the same cells.
 */
#ifndef VHPC_PLAN_H
#define VHPC_PLAN_H

#include "calibration/measure/operation.h"

struct planned {
    struct raw_cell cell;
    double expected_s; /* first guess of a whole visit: all ranks, all repetitions, > 0 */
};

struct plan {
    int n;
    struct planned *cells;
};

/* Adds a cell, whose number the plan gives it; one that says the same as an earlier one is left
 * out. `expected_s` is best guessed for a fast machine: visits correct it. */
void plan_add(struct plan *plan, const struct raw_cell *cell, double expected_s);

/* Frees what is in it. */
void plan_release(struct plan *plan);

/*
 * Sizes of messages from 1 B to request->largest_message_B, rising, each once: about
 * request->n_sizes at random, evenly on a logarithmic scale; all powers of two, their neighbours
 * with them unless it shall be QUICK; the largest. Sets *n; belongs to the caller: free().
 */
double *plan_message_sizes(unsigned long seed, const struct plan_request *request, int *n);

#endif
