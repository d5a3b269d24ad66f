/*
 * network_plan.h - the cells of network operations: which pairs, which sizes.
 *
 * All sizes are taken from one list for each path, so that operations can be set off against each
 * other at the same sizes: the empty message, those of plan_message_sizes(), and those on both
 * sides of the path's semantic threshold, with +-1 B and +-64 B for an operation that has all
 * sizes. One of less weight takes every n-th of them, and the threshold's two sides.
 */
#ifndef VHPC_NETWORK_PLAN_H
#define VHPC_NETWORK_PLAN_H

#include "calibration/measure/operation.h"
#include "calibration/measure/plan.h"

/* What an operation of pairs wants: [thoroughness]. */
struct network_wish {
    enum raw_operation operation;
    int every[FULL + 1];      /* each of so many sizes; 0: none */
    int every_busy[FULL + 1]; /* the same under RAW_BUSY, where that has cores */
    int n_pairs[FULL + 1];    /* on each path; all but the first have a few sizes only, idle */
    double largest_B;         /* no messages above; the request's limit holds too */
    double argument[RAW_ARGUMENTS];
};

/* Adds the cells of one pair at a time, on each path that the placement has. Every rank calls it.
 */
void network_plan_pair(const struct measure *measure, const struct plan_request *request,
                       struct plan *plan, const struct network_wish *wish);

/* Adds RAW_PAIRS: 1, 2, 4, ... and all pairs of each path. */
void network_plan_pairs(const struct measure *measure, const struct plan_request *request,
                        struct plan *plan);

/* Adds a cell of all ranks for each of the sizes (an array that a negative one ends). */
void network_plan_all(const struct measure *measure, const struct plan_request *request,
                      struct plan *plan, enum raw_operation operation, double argument,
                      const double sizes_B[]);

#endif
