/*
 * tenants.h - what other customers' guests on a node leave to ours.
 *
 * They keep some cores computing, draw from memory, send and receive over the NIC (and through
 * a backend that all guests share) and use the disk, all the time and at the same rate. Who
 * wants less than an equal share of a resource gets what it wants, so they take what they ask
 * for, up to half: a resource that is used to the part u serves us 1 / (1 - u) times as slowly,
 * which is also what a queue with random arrivals makes of it. Left out: tenants that come and go,
 * what their traffic does to caches and switches beyond the node's own cable, and the CPU time
 * of their own backends, which counts to their cores.
 */
#ifndef VHPCSIM_TENANTS_H
#define VHPCSIM_TENANTS_H

#include "profile.h"

#include <stdbool.h>

/* Of each node. All zero: there are none. */
struct tenants {
    int n_cores;                  /* that they keep computing, >= 0 */
    struct parameter memory_Bps;  /* that they draw from the node's memory */
    struct parameter network_Bps; /* that they send, and as much that they receive */
    struct parameter disk_Bps;    /* that they read and write */
};

/* False where all of them are zero. */
bool tenants_are_there(const struct tenants *tenants);

/*
 * Part (0.5..1) of `capacity` that is left beside someone who asks for `demand` (>= 0; > 0 needs a
 * capacity > 0).
 */
double tenants_left(double capacity, double demand);

/*
 * Makes the profiles those of what is left: memory, disk and bus of the node, the wire, and the
 * service of a backend of scope node. Nothing gets faster; tenants without demands change
 * nothing. What a message costs our backend in CPU time stays what it is. Cores are not touched:
 * who takes turns with whom is scheduler.h's and the engine's.
 */
void tenants_take(const struct tenants *tenants, struct node_profile *node,
                  struct link_profile *link, struct virt_profile *virt);

#endif
