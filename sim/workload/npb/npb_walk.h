/*
 * npb_walk.h - the walk of the kernels that iterate: an untimed start, the timed iterations, an
 * end.
 */
#ifndef VHPCSIM_NPB_WALK_H
#define VHPCSIM_NPB_WALK_H

#include "npb.h"

/* Phases of such a kernel, in their order. The iteration's number is 1 for the first; else 0. */
enum { NPB_START, NPB_ITERATION, NPB_END, N_NPB_PHASES };

/*
 * A program of these phases. `plan` begins with its struct npb_case and is one block of memory,
 * which goes to the program.
 */
struct program npb_walk(const struct phase phases[N_NPB_PHASES], const void *plan, int n_ranks,
                        size_t state_size);

#endif
