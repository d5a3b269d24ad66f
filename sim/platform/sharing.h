/*
 * sharing.h - which ranks take turns on which cores.
 *
 * Where a guest has more ranks than vCPUs, they share these. Where all guests of a node together
 * keep more vCPUs at work than it has cores for them, tenants' included, their ranks share those of
 * the node. Left out: a guest with more ranks than vCPUs on a node that is itself too full: its
 * ranks share the node's cores as if each had a vCPU.
 */
#ifndef VHPCSIM_SHARING_H
#define VHPCSIM_SHARING_H

#include "platform.h"

enum sharing {
    SHARES_NOTHING, /* a core, or a hardware thread, for each rank */
    SHARES_DOMAIN,  /* the vCPUs of its guest */
    SHARES_NODE     /* the cores of its node that vCPUs may use; all of them without guests */
};

/* Hardware threads of a node on which ranks or vCPUs may run, >= 1. */
int platform_usable_threads(const struct platform *platform);

/*
 * Returns what the ranks of each domain share, n_nodes x n_domains_per_node entries, when all
 * ranks of the platform are at work; NULL when out of memory. Free with free().
 */
enum sharing *platform_sharing(const struct platform *platform);

#endif
