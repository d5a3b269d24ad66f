/*
 * thresholds.h - at which sizes the MPI library changes how it sends.
 *
 * Up to a size that depends on the path, a library sends *eagerly*: MPI_Send returns although
 * nobody has asked for the message. Above, it waits until the receiver has come (rendezvous). Three
 * ways to find that size, each with its own flaw:
 *   semantic     whether MPI_Send returns before the receive is posted: what programs see. May
 *                depend on how full the library's buffers are, so it is a bracket: up to from_B
 *                it always did, from to_B on it never did;
 *   statistical  where a call that sends jumps, near the semantic one: takes longer than any
 *                line a + b size with a, b >= 0 allows; which may have another reason;
 *   mpi_t        what the library says of itself (MPI_T): a limit that may count the library's
 *                header, and of the transport that it should be using.
 * Between from_B and to_B nothing is known.
 */
#ifndef VHPC_THRESHOLDS_H
#define VHPC_THRESHOLDS_H

#include "calibration/measure/operation.h"

enum { N_THRESHOLD_METHODS = 3, THRESHOLDS_MAX = N_THRESHOLD_METHODS * N_RAW_PATHS };

/*
 * Looks for the eager thresholds of all paths that the placement has, among messages up to
 * `largest_B`; where even these are eager, there is no line. Of each path it asks the pair that
 * RAW_PINGPONG measures first. Every rank calls it at the start of a launch, after
 * network_connect() and before plans are made, and finds the same: at most THRESHOLDS_MAX of them
 * in found[], whose `launch` is for the caller to say. Rank 0 also adds their lines (line.h). Takes
 * a second or two a path; a rank that dies hangs it, as it hangs a visit. Returns their number, or
 * the negative of an MPI error class.
 */
int thresholds_find(const struct measure *measure, double largest_B, struct raw_threshold found[]);

#endif
