/*
 * memory.h - what share of a node's memory bandwidth a rank gets, how long random accesses take,
 * and what caches spare.
 *
 * Each socket has memory of its own, which the others reach through an interconnect. Left out:
 * conflicts in caches, and traffic that is not alike on all sockets.
 */
#ifndef VHPCSIM_MEMORY_H
#define VHPCSIM_MEMORY_H

#include "paging.h"
#include "profile.h"

/* Who draws from memory at the same time. */
struct memory_load {
    int n_active;      /* ranks of the node that stream, >= 1 */
    int n_on_socket;   /* of them, on this rank's socket, itself included; 1..n_active */
    double core_share; /* of what its core draws from memory, this rank's part: 1 alone on it */
    double remote;     /* part of its bytes that another socket's memory holds, 0..1 */
    struct paged_access access; /* at random, by the rank; all 0: the bare node's */
};

/*
 * Returns bytes per second for each rank that streams: what its core can use, until the sum over a
 * socket's or the node's ranks reaches what that has, then equal shares of it. Never rises with
 * `n_active`, `n_on_socket` or `remote`.
 */
double memory_bandwidth_share_Bps(const struct node_profile *node, const struct memory_load *load);

enum { CACHE_LINE_B = 64 }; /* what one access moves, on every processor that we know */

/*
 * Returns the time of `n_accesses` (>= 0) to random places beyond all caches by one rank. The
 * program lets `n_at_once` be under way at once, its core at most what the node's profile says,
 * shared by the ranks on it; fewer than 1 count as 1. Of page walks the core has as many under way
 * as its profile says, which may limit it more. Proportional to their number; rises or stays with
 * latency.
 * Left out: what the accesses of other cores add; the bandwidth that lines take is up to the
 * caller.
 */
double memory_access_s(const struct node_profile *node, const struct memory_load *load,
                       double n_accesses, double n_at_once);

/*
 * Bytes of caches that a rank has for itself when `n_on_core` ranks share its core and
 * `n_on_socket` its socket.
 */
double memory_cache_B(const struct node_profile *node, int n_on_core, int n_on_socket);

/*
 * Part, 0..1, of a rank's traffic to `reused_B` bytes, which it walks again and again, that caches
 * of `cache_B` do not spare it: none when they fit, and what does not fit where they do not. Caches
 * that always drop the oldest line would spare nothing then; those of today resist.
 */
double memory_missed(double cache_B, double reused_B);

#endif
