/*
 * load.h - what computes while messages are measured under RAW_BUSY.
 *
 * In each domain that has a member of the cell, a thread on every core that no member is bound to,
 * as many as the domain has cores beyond its members. In a domain of one core, one thread beside
 * its rank: the two take turns as the scheduler says, like an MPI program whose rank has a
 * neighbour. Where all of several cores are taken by members, nothing can be put beside them and
 * nothing is planned. Ranks that are no members do not compute.
 *
 * A thread multiplies matrices of random numbers that fit into a core's first two caches: it takes
 * the core, its power and its clock rate, and leaves the memory alone. It calls no MPI, so that the
 * library need not know of it. A rank that polls while it waits keeps its own core busy anyway.
 *
 * Left out: load on hosts that have no member, and load that streams through memory.
 */
#ifndef VHPC_LOAD_H
#define VHPC_LOAD_H

#include "calibration/measure/operation.h"

struct load;

/* Threads that this rank's domain can have beside these members of it and of others; 0 where
 * the domain has no member, and under SMPI. */
int load_n_threads(const struct measure *measure, int n_members, const int members[]);

/*
 * Starts the threads of this rank's domain, if this rank is its first member, and returns when they
 * compute; NULL where it starts none. End it with load_stop(). Threads that the system refuses
 * (limits) are missing, which is told by load_n_running().
 */
struct load *load_start(const struct measure *measure, int n_members, const int members[]);
int load_n_running(const struct load *load); /* NULL: 0 */
void load_stop(struct load *load);

#endif
