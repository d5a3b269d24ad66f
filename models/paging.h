/*
 * paging.h - what finding the place of a page adds to an access at random in a guest.
 *
 * An access to a page whose address the core has not at hand walks the page table first: up to four
 * reads on the bare node. Under nested paging each of those reads names a place in the guest's
 * memory whose own place has to be found, so a walk takes up to 24 (R. Bhargava, B. Serebrin,
 * F. Spadini, S. Manne, ASPLOS 2008); caches of such tables spare most of them. Huge pages have
 * one step less in each table, and tables so much smaller that caches hold them.
 *
 * A core has few walks under way at once, one or two, so they limit programs that have many
 * accesses under way. Left out: streams, whose next page is found in time, strided work, and the
 * page faults of memory that the host has not given yet.
 */
#ifndef VHPCSIM_PAGING_H
#define VHPCSIM_PAGING_H

#include "profile.h"

#include <stdbool.h>

/* One access at random to a table beyond all caches. */
struct paged_access {
    double latency_s; /* all of it */
    double walk_s;    /* of that, finding the page's place */
};

/* On the bare node. A walk counts as at most the access that it is part of. */
struct paged_access paging_on_node(const struct node_profile *node);

/*
 * From a guest: the access of the node with the guest's walk in place of the node's.
 *
 * With huge pages it never takes longer. Without nested walks, or where the node says nothing of
 * its walks, and with small pages, it is the node's. Rises or stays with each of the parameters. A
 * walk of huge pages counts as at most one of small pages.
 */
struct paged_access paging_in_guest(const struct node_profile *node,
                                    const struct virt_profile *virt, bool has_huge_pages);

#endif
