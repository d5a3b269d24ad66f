/*
 * registration.h - what it takes to let an RDMA adapter at a buffer.
 *
 * An adapter that moves bytes by itself needs pages that stay where they are and their addresses:
 * the buffer is *registered*, by both sides of a message, before a byte flows. In a guest the calls
 * go through the hypervisor, or through the privileged domain, and take longer. A library that
 * keeps buffers registered (a cache) pays once for each buffer that its program uses again. Smaller
 * messages are copied through buffers that were registered at the start.
 * Left out: to take registrations back, unless the profile's numbers have it in them.
 */
#ifndef VHPCSIM_REGISTRATION_H
#define VHPCSIM_REGISTRATION_H

#include "profile.h"

#include <stdbool.h>

/* Pages that adapters and their address translation work with. */
enum { ADAPTER_PAGE_B = 4096 };

/* Pages of a buffer of `size_B` that begins with a page; at least 1. */
double adapter_pages(double size_B);

/* True where the library registers the buffers of messages of this size. */
bool registers(const struct mpi_profile *mpi, double size_B);

/*
 * Mean CPU time of one side: call_s and page_s for each page, for those registrations that the
 * cache does not spare. `cost` is the library's own, or what a technology adds to it.
 * Never falls with size; 0 where the cache spares all.
 */
double registration_cost_s(const struct registration *registration,
                           const struct registration_cost *cost, double size_B);

#endif
