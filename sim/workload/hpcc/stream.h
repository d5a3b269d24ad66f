/*
 * stream.h - HPCC's STREAM: how fast ranks move memory.
 *
 * Four kernels over arrays of doubles, in turn: copy c = a, scale b = s c, add c = a + b,
 * triad a = b + s c. Star: all ranks at once, with barriers around each kernel; single: one rank,
 * the other cores idle. A rank's bandwidth is the bytes that the kernel names (16 an element for
 * copy and scale, 24 for add and triad) by the best time of any rank, the first iteration not
 * counted.
 *
 * Follows HPCC 1.5.0 (MPI STREAM 1.7), whose single run picks a random rank; here it is rank 0.
 * Older releases had no barriers: there a rank's own time counted, here the slowest rank's.
 */
#ifndef VHPCSIM_WORKLOAD_STREAM_H
#define VHPCSIM_WORKLOAD_STREAM_H

#include "sim/workload/shared.h"
#include "sim/workload/workload.h"

struct stream_spec {
    enum ranks_at_work ranks;
    long n_elements;  /* of each of three arrays; HPCC: HPL's N^2 / (3 P Q) */
    int n_iterations; /* >= 2; the first is not counted */
};

/*
 * Metrics: triad_GBps, copy_GBps, scale_GBps and add_GBps of one rank; triad_system_GBps, the
 * first by the number of ranks at work.
 */
extern const struct workload workload_stream;

#endif
