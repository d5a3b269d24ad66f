/*
 * placement.h - which core of a node a rank, thread or vCPU runs on.
 *
 * Hardware threads of one core are taken only when every core has one. Left out: schedulers that
 * move what they run, and bindings by hand.
 */
#ifndef VHPCSIM_PLACEMENT_H
#define VHPCSIM_PLACEMENT_H

#include "profile.h"

enum placement {
    PLACEMENT_SPREAD, /* round the sockets in turn, as Linux and MPI libraries of today do */
    PLACEMENT_COMPACT /* one socket's cores after the other */
};
extern const char *const placement_names[]; /* NULL at the end */

enum { NODE_MAX_SOCKETS = 64 };

struct core_place {
    int socket;
    int core; /* of the node: socket x cores per socket + core of the socket */
};

/* Hardware threads of each core and of the node; a profile that says nothing has one per core. */
int node_threads_per_core(const struct node_profile *node);
int node_threads(const struct node_profile *node);

/* Where number `i` (0..) of a node without guests runs. From the number of hardware threads up, it
 * starts anew. */
struct core_place placement_of(const struct node_profile *node, enum placement placement, int i);

/*
 * Where vCPU `vcpu` of guest `guest` of a node runs, whose guests have `n_vcpus` each. Spread: a
 * guest with no more vCPUs than a socket has cores gets one, the sockets in turn; a larger one is
 * spread itself.
 */
struct core_place placement_of_vcpu(const struct node_profile *node, enum placement placement,
                                    int guest, int n_vcpus, int vcpu);

#endif
