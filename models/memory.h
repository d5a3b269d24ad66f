/*
 * memory.h - what share of a node's memory bandwidth a rank gets, and how long random accesses
 * take.
 */
#ifndef VHPCSIM_MEMORY_H
#define VHPCSIM_MEMORY_H

#include "profile.h"

/*
 * Returns bytes per second for each of `n_active` ranks (>= 1) that stream at
 * once: what one core can use until their sum reaches what the node has, then
 * equal shares of that. Never rises with `n_active`.
 */
double memory_bandwidth_share_Bps(const struct node_profile *node, int n_active);

enum { CACHE_LINE_B = 64 }; /* what one access moves, on every processor that we know */

/*
 * Returns the time of `n_accesses` (>= 0) to random places beyond all caches by one core. The
 * program lets `n_at_once` be under way at once, the core at most what the node's profile says;
 * fewer than 1 count as 1. Proportional to their number and to latency. Left out: what the
 * accesses of other cores add; the bandwidth that lines take is up to the caller.
 */
double memory_access_s(const struct node_profile *node, double n_accesses, double n_at_once);

#endif
