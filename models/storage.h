/*
 * storage.h - what reading and writing a file costs, from the rank's operating system down to the
 * disk.
 *
 * On a bare node, or in a container: the system's page cache, then the disk. In a guest: the
 * guest's page cache, requests no larger than its controller allows, the hypervisor's driver of the
 * image format, which may cut them into pieces, then, by cache mode,
 * - none: the disk, waiting for each piece that is written;
 * - writethrough: the host's page cache for reads; writes are waited for as with none;
 * - writeback: the host's page cache for reads and writes, until so much of it waits to be written
 *   that each further piece is let in only when it has been written too.
 * A format's metadata are written elsewhere in the image, so the head goes there and back. Of a
 * snapshot, what the run itself has written lies in a qcow2 file on the node's disk, and everything
 * else in the backing file, which may lie on a server that all nodes share.
 *
 * Left out: reads of metadata, which hypervisors keep in memory; the rest of a cluster that
 * the first write of a part of it copies from the backing file; the server's own disk, as the one
 * image that all nodes read stays in its memory; flushes that a hypervisor does not pass on.
 */
#ifndef VHPCSIM_STORAGE_H
#define VHPCSIM_STORAGE_H

#include "disk.h"

struct storage {
    const struct node_profile *node; /* borrowed, as the next two */
    const struct link_profile *link; /* to the server of snapshots */
    const struct virt_profile *virt;
    enum image_format format;
    enum image_cache cache;
    enum image_snapshot snapshot;
    double system_memory_B; /* of the operating system that a rank runs under */
    double host_memory_B;   /* that guests leave the node; 0 where there are none */
    int n_ranks_of_system;  /* that share the first, >= 1 */
    int n_ranks_of_node;    /* that share the second, >= 1 */
};

/*
 * True where the hypervisor is between a guest and the disk. On a bare node or in a container it is
 * not, nor where a block device costs nothing beyond itself: the guest has the controller.
 */
bool storage_has_image(const struct storage *storage);

struct storage_cost {
    double disk_s;    /* service of the node's disk */
    double server_s;  /* of the server, then */
    double serial_s;  /* and delays that keep neither busy */
    double least_s;   /* what overlaps all of that: copies in memory, requests made ahead */
    double backend_s; /* CPU time that the hypervisor's I/O takes on the host */
};

/*
 * Returns the cost of an access. Files were written or read from begin to end before they are read,
 * but for foreign data. Never falls with size, number of records or any cost; never rises with
 * memory, but of a flush.
 */
struct storage_cost storage_cost_of(const struct storage *storage,
                                    const struct disk_access *access);

/* Seconds that it takes when nobody else uses disk and server. */
double storage_cost_alone_s(const struct storage_cost *cost);

#endif
