/*
 * repeat.h - times a piece of work again and again, on all ranks of a team at the same time.
 */
#ifndef VHPC_REPEAT_H
#define VHPC_REPEAT_H

#include "calibration/measure/plan.h"
#include "calibration/measure/team.h"

/*
 * Adds `cell` for each number of ranks that extent_rank_counts() says. Its path, rank, partner and
 * n_active are filled in; `one_s` is a guess of one operation's time.
 */
void repeat_plan(const struct measure *measure, enum thoroughness thoroughness, struct plan *plan,
                 struct raw_cell cell, double one_s);

/* Visits for operations of a node: the cell's team does what the operation's of_team says, the
 * other ranks return with nothing measured. */
int repeat_visit(const struct measure *measure, const struct raw_cell *cell, struct visit *visit);

/* Does the work `n` times, one behind the other. */
typedef void repeated_work(void *data, long n);

/*
 * Fills *visit: one cold repetition, then others, each of which begins together on all ranks of the
 * team and does the work as often as makes it long enough to time. Work that takes long is repeated
 * less often. Ranks that are silent must not call it. Returns 0 or an MPI error class.
 */
int repeat_work(const struct measure *measure, const struct team *team, repeated_work *work,
                void *data, struct visit *visit);

/* The same, of repetitions of about `target_s`. */
int repeat_work_for(const struct measure *measure, const struct team *team, double target_s,
                    repeated_work *work, void *data, struct visit *visit);

#endif
