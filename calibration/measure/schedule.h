/*
 * schedule.h - which cells a block visits, in which order, and when there have been enough.
 *
 * A *block* visits its cells once each, in an order of its own, so that whatever drifts or comes
 * and goes on a machine meets all cells alike. How long a visit takes is learned: from guesses
 * at first, from the visits of cells of the same operation, and from those of the cell itself.
 * Where the budget does not allow all cells in `n_blocks` blocks, each cell gets at most the same
 * share of the time: cells that take long are visited in fewer blocks, or in none, and the others
 * in all.
 *
 * Pure: the clock is the caller's.
 */
#ifndef VHPC_SCHEDULE_H
#define VHPC_SCHEDULE_H

#include "calibration/measure/plan.h"

struct schedule;

/*
 * Of all cells of the plan (copied; schedules speak of their places in the plan), n_blocks of them
 * at least, if the budget allows. Belongs to the caller.
 */
struct schedule *schedule_new(const struct plan *plan, int n_blocks, unsigned long seed,
                              int launch);
void schedule_free(struct schedule *schedule);

/* A cell more, whose place is the next. */
void schedule_add(struct schedule *schedule, const struct planned *cell);

/* A visit took `took_s` in all, and its median time was `median_s`; 0: that is not known. */
void schedule_note(struct schedule *schedule, int place, double took_s, double median_s);

/* What a visit is expected to take. */
double schedule_expected_s(const struct schedule *schedule, int place);

/*
 * Fills `places` (room for all) with the cells of block `block` in their order, `left_s` being what
 * is left of the budget. Returns how many; 0: what should be visited does not fit any more. The
 * first call has what is expected to be short before what is expected to be long, so that a slow
 * machine is known as one before a visit takes minutes.
 */
int schedule_block(struct schedule *schedule, int block, double left_s, int places[]);

/* Part of the cells whose median is known to within `precision` (0.02: 2 %) with 95 % confidence;
 * 1 of no cells. */
double schedule_converged(const struct schedule *schedule, double precision);

/* Cells that were never visited, and those whose visits gave no times. */
int schedule_n_unvisited(const struct schedule *schedule);
int schedule_n_silent(const struct schedule *schedule);

/* The median of the medians of a cell's visits; NAN where no time is known. */
double schedule_median_s(const struct schedule *schedule, int place);

/*
 * Half the width of the 95 % interval of the median of n values, as a part of the median; INFINITY
 * of fewer than six, which have none. By order statistics, so at least 95 % whatever the
 * distribution. Sorts `values`.
 */
double median_precision(double *values, int n);

#endif
