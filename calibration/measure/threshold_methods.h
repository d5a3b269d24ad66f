/*
 * threshold_methods.h - the ways of thresholds.h to find an eager threshold, one by one.
 */
#ifndef VHPC_THRESHOLD_METHODS_H
#define VHPC_THRESHOLD_METHODS_H

#include "calibration/measure/operation.h"

/* Both NAN: none was found. */
struct bracket {
    double from_B, to_B;
};

/*
 * Both members of the pair call it, and get the same. A size is tried by an MPI_Send whose partner
 * does not receive: it waits for a word that the sender sends next, a while and no longer, and
 * receives then in any case. So nobody hangs, whatever the library does. A word that comes says
 * that the call had returned; a sender that lost its core for the whole while looks like one that
 * waited, so the while is long: 20 ms, or 8 times what the message takes.
 */
int threshold_semantic(const struct measure *measure, const int pair[2], double largest_B,
                       struct bracket *bracket);

/*
 * The same for the largest jump of RAW_SEND's times within a factor of 8 of the semantic threshold,
 * without which there is none: where the quotient of two times is larger than that of their
 * sizes by 15 %, which no line with a, b >= 0 does. Only the pair's first rank gets the bracket.
 */
int threshold_statistical(const struct measure *measure, enum raw_path path, const int pair[2],
                          const struct bracket *semantic, double largest_B,
                          struct bracket *bracket);

/* What the library of this rank says: Open MPI's limits of the transport that it prefers on this
 * path, among those that it was not forbidden. */
struct bracket threshold_mpi_t(enum raw_path path);

#endif
