/*
 * ring.h - HPCC's ring benchmark: every process exchanges with its left and right neighbour.
 *
 * All processes at once send one message to each neighbour and receive one from each, on the
 * naturally ordered ring and on randomly ordered ones: once with two MPI_Sendrecv, once with four
 * non-blocking calls and a wait. A process counts the faster of the two ways, a ring its slowest
 * process, and the random rings their geometric mean. Time per message is half of the time of an
 * exchange; bandwidth is message size by that time.
 *
 * Follows bench_lat_bw 1.5.2 of HPCC 1.5.0. Left out: measurements repeated for their minimum and
 * loops prolonged until the clock resolves them, as simulated clocks are exact and repeat.
 */
#ifndef VHPCSIM_WORKLOAD_RING_H
#define VHPCSIM_WORKLOAD_RING_H

#include "sim/workload/workload.h"

enum { RING_MAX_RANDOM = 30 }; /* random rings of one message size; HPCC's 30 is the most */

struct ring_spec {
    double latency_B;      /* size of the short messages */
    double bandwidth_B;    /* size of the long ones */
    int n_latency_loops;   /* timed exchanges on each ring; one more goes before, untimed */
    int n_bandwidth_loops; /* the same with long messages */
    int n_latency_rings;   /* random rings with short messages, 1..RING_MAX_RANDOM */
    int n_bandwidth_rings; /* random rings with long messages, 1..RING_MAX_RANDOM */
    long ring_seed;        /* of the random orders */
};

/*
 * Metrics: ring_latency_us and ring_bandwidth_GBps of the random rings, natural_ring_latency_us and
 * natural_ring_bandwidth_GBps of the natural one; bandwidth is what a process sends. Needs two
 * ranks.
 */
extern const struct workload workload_ring;

#endif
