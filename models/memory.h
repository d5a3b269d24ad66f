/*
 * memory.h - what share of a node's memory bandwidth a rank gets.
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

#endif
