/*
 * refine.h - sizes of messages to add between those that were measured, where times jump.
 *
 * A jump is where times rise faster than sizes, which no line a + b size with a, b >= 0 does, or
 * where they fall; by 15 % in both cases, as medians of a few visits are not sure to less, and
 * the next size on each side must be on the same side of the jump: one time that is wrong is
 * none. The middle of its two sizes, in ratio, is added, until they are 1 % or one byte apart.
 * Asked after each block, that closes in on a change of protocol by half each time.
 *
 * Left out: jumps that are smaller, and bends.
 */
#ifndef VHPC_REFINE_H
#define VHPC_REFINE_H

#include "calibration/measure/plan.h"
#include "calibration/measure/schedule.h"

struct timed_size {
    double size_B, time_s;
};

enum { REFINE_MIDDLES = 4 };

/*
 * Sorts `sizes`, which are all different, and writes the middles of the largest jumps among them,
 * whole numbers. Returns how many.
 */
int refine_sizes(int n, struct timed_size sizes[], double middles_B[REFINE_MIDDLES]);

/*
 * Adds cells of RAW_PINGPONG on an idle machine to the plan, by what the schedule knows of those
 * that are there; the schedule is told of the new ones. So the common breakpoints of a path's
 * operations are known well, which this one tells. Adds no more than 64 cells to the first
 * `n_planned`.
 */
void refine_plan(struct plan *plan, int n_planned, struct schedule *schedule);

#endif
