/*
 * paging.h - what finding the place of a page adds to an access at random in a guest.
 *
 * An access to a page whose address the core has not at hand walks the page table first: up to four
 * reads on the bare node. Under nested paging each of those reads names a place in the guest's
 * memory whose own place has to be found, so a walk takes up to 24 (R. Bhargava, B. Serebrin,
 * F. Spadini, S. Manne, ASPLOS 2008); caches of such tables spare most of them. Huge pages have
 * one step less in each table, and tables so much smaller that caches hold them.
 *
 * Left out: how many walks a core has under way at once (as many as accesses), streams, whose next
 * page is found in time, strided work, and the page faults of memory that the host has not given
 * yet.
 */
#ifndef VHPCSIM_PAGING_H
#define VHPCSIM_PAGING_H

#include "profile.h"

#include <stdbool.h>

/*
 * Returns the time of one access at random to a table beyond all caches from a guest: the node's
 * memory latency, in which the node's page walk is contained, with the guest's walk in its place.
 *
 * That of a guest with huge pages never is longer. Without nested walks or where the node says
 * nothing of its walks, and pages are the node's, it is the node's latency. Rises or stays with
 * each of the parameters. A node's walk counts as at most its latency, that of huge pages as at
 * most that of small ones.
 */
double paging_latency_s(const struct node_profile *node, const struct virt_profile *virt,
                        bool has_huge_pages);

#endif
