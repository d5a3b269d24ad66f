/*
 * operation.h - one kind of measurement: which cells it wants, and how one of them is visited.
 *
 * A new operation is one file that ends in its `const struct operation`, and a row in
 * operation.c. All code here runs under the user's own MPI, and under SMPI where a test measures a
 * simulated platform: time comes from clock.h, and no operation reads or writes files but those of
 * the disk. What is told otherwise than by visits (a remark, say) goes through line.h.
 */
#ifndef VHPC_OPERATION_H
#define VHPC_OPERATION_H

#include "calibration/measure/thoroughness.h"
#include "calibration/raw/raw.h"

#include <mpi.h>

/* What every rank knows of the run. Borrowed. */
struct measure {
    MPI_Comm world; /* the program's own; errors return */
    int rank, n_ranks;
    const int *domain; /* of each rank: ranks of one number share an operating system */
    const int *host;   /* of each rank: ranks of one number share a physical machine */
    int n_cores;       /* that this rank's domain may use */
    const int *core;   /* of each rank, as its operating system counts: all that it may run on;
                          -1: several */
    unsigned long seed;
    bool is_simulated; /* under SMPI: computing takes no time */
    double timer_overhead_s;
    const char *disk_folder; /* NULL: disks are left out */
};

struct plan; /* the list of cells; plan.h */

struct plan_request {
    enum thoroughness thoroughness;
    double largest_message_B;
    int n_sizes; /* about how many message sizes */
    bool is_busy_wanted;
    int n_thresholds;
    const struct raw_threshold *thresholds; /* what thresholds.h found; sizes beside them are
                                               measured too */
};

enum { VISIT_REPETITIONS = 6 }; /* the first is cold */

/* What a rank has measured in a visit; of ranks that measured nothing, n is 0. */
struct visit {
    int n;
    double times_s[VISIT_REPETITIONS]; /* of one operation each, batches already divided */
};

struct team; /* the ranks at work in a cell of a node; team.h */

struct operation {
    enum raw_operation kind;
    const char *help; /* one line for --list */
    /* Adds its cells; the same on every rank. */
    void (*plan)(const struct measure *measure, const struct plan_request *request,
                 struct plan *plan);
    /* Every rank calls it with the same cell, right after a barrier; ranks that have no part return
     * at once, and are then waited with asleep. Returns 0 or an MPI error class. */
    int (*visit)(const struct measure *measure, const struct raw_cell *cell, struct visit *visit);
    /* The part of each rank at work, where visit is repeat_visit() (of a node's cells); or NULL. */
    int (*of_team)(const struct measure *measure, const struct raw_cell *cell,
                   const struct team *team, struct visit *visit);
};

extern const struct operation *const operations[]; /* NULL at the end */

/* What measures the cell; NULL: nothing of this program. */
const struct operation *operation_for(const struct raw_cell *cell);

/*
 * What is done once in each launch, before its blocks, and ends in lines of its own (line.h)
 * instead of visits: thresholds, detours.
 */
struct survey {
    const char *name; /* for --only and --list */
    const char *help;
    /* Every rank calls it. Returns 0 or an MPI error class. */
    int (*run)(const struct measure *measure, enum thoroughness thoroughness);
};

extern const struct survey *const surveys[]; /* NULL at the end */

#endif
