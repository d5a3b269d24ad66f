/*
 * disk.h - IOzone's tests of a disk: how fast a file is written and read, in order and at random,
 * record by record.
 *
 * For each record size, in IOzone's order: write, rewrite, read, reread, random read, random write
 * of the whole file, each record once. All ranks do so at the same time, each with a file of its
 * own on its node's disk (IOzone's throughput mode), or rank 0 alone does. Write with one large
 * record size is what `dd` measures.
 *
 * Follows IOzone 3, with direct I/O (-I) or through the page cache. A test of writing ends with the
 * last record; what then waits in caches is flushed before the next test, off the clock. A
 * file is rewritten as fast as it is written, as the file system's own blocks are left out.
 */
#ifndef VHPCSIM_WORKLOAD_DISK_H
#define VHPCSIM_WORKLOAD_DISK_H

#include "sim/workload/shared.h"
#include "sim/workload/workload.h"

struct disk_spec {
    enum ranks_at_work ranks;
    double file_B;                     /* of each rank */
    double min_record_B, max_record_B; /* record sizes are the powers of two in this range */
    bool is_direct;                    /* bypasses the page cache of the ranks' system */
};

/*
 * Metrics, MB being 10^6 bytes and rates sums over the ranks at work: disk_write_MBps and
 * disk_read_MBps, sequential, at the largest record size; disk_random_read_iops and
 * disk_random_write_iops at the smallest; then for each record size S in bytes and each test
 * disk_TEST_MBps_SB, such as disk_random_read_MBps_4096B; at last those of random reads and writes
 * at the largest: disk_random_read_MBps and disk_random_write_MBps.
 */
extern const struct workload workload_disk;

#endif
