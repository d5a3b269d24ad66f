/*
 * disk.h - what a node's disk does for one operation after another.
 *
 * Sequential records follow each other on the disk, so only the first has to be found; random ones
 * are each found anew. Without a write cache of its own, a drive that turns has just passed the
 * place when the next write comes, and waits a turn for it. Left out: the drive's reordering of
 * operations that are under way at once; slower inner tracks. What stands before the disk is in
 * storage.h.
 */
#ifndef VHPCSIM_DISK_H
#define VHPCSIM_DISK_H

#include "profile.h"

#include <stdbool.h>

enum disk_operation {
    DISK_READ,
    DISK_WRITE,
    DISK_FLUSH /* what a write of the same description left in caches: fsync() */
};
enum disk_order { DISK_SEQUENTIAL, DISK_RANDOM };

struct disk_access {
    enum disk_operation operation;
    enum disk_order order;
    double record_B;  /* bytes of one operation of the program, >= 0 */
    double n_records; /* >= 0; none take no time */
    bool is_buffered; /* through the page cache of the rank's operating system; else direct */
    bool is_foreign;  /* of data that the run has not written: not cached, and with a snapshot in
                         the backing file */
    bool is_by_all;   /* all ranks do the same, each with a file of its own; else this one alone */
};

/* Bytes of the whole access: the size of the file, where it is read or written once. */
double disk_access_B(const struct disk_access *access);

/* What a disk is asked to do, beyond caches. */
struct disk_work {
    double read_B, written_B;
    double n_waits;        /* operations each waited for before the next one begins */
    double n_waited_turns; /* of them, writes that follow the last one on the disk */
    double n_seeks;
};

/*
 * Returns the seconds that the work takes when nobody else uses the disk: bytes over bandwidths,
 * latency of each operation waited for, turns and seeks. Additive; rises with each number of the
 * work and each cost of the disk.
 */
double disk_work_s(const struct disk_profile *disk, const struct disk_work *work);

#endif
