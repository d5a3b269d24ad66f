/*
 * disk.h - how long accesses to a node's disk take when nobody else uses it.
 *
 * One record after another, each a synchronous operation that goes to the disk itself. Sequential
 * records follow each other on the disk, so only the first has to be found; random ones are each
 * found anew. Left out: every cache (the drive's, the guest's and the host's page cache) and a
 * guest's image format, which stand before the disk and decide what reaches it; several operations
 * under way at once, which a drive may reorder; slower inner tracks.
 */
#ifndef VHPCSIM_DISK_H
#define VHPCSIM_DISK_H

#include "profile.h"

enum disk_operation { DISK_READ, DISK_WRITE };
enum disk_order { DISK_SEQUENTIAL, DISK_RANDOM };

struct disk_access {
    enum disk_operation operation;
    enum disk_order order;
    double record_B;  /* bytes of one operation, >= 0 */
    double n_records; /* >= 0; none take no time */
};

/*
 * Returns the seconds that all records take: n (latency + record / bandwidth), and a seek for the
 * first of them (sequential) or for each (random). Rises or stays with size, number, latency and
 * seek; falls or stays when a bandwidth rises; random is never faster than sequential.
 */
double disk_cost_s(const struct disk_profile *disk, const struct disk_access *access);

#endif
