/*
 * iperf.h - iperf: what TCP streams carry, and what they cost the CPUs of both ends.
 *
 * Stream i goes from rank i to rank first_receiver + i x receiver_stride; rank i of a run of guests
 * with one vCPU each is guest i. The sender writes blocks one after another; no more than a window
 * of them is under way. Small writes are joined, as TCP does while others are under way (RFC 896),
 * so that packets are full. The receiver takes them as they come. All streams start together and
 * last for the same time, or carry the same amount.
 *
 * A stream is plain TCP: the scenario's `mpi` is the socket, tcp-sockets as shipped, not an MPI
 * library. Left out: connection, slow start, loss, the way of acknowledgements (a block's end at
 * the receiver makes room for the next), and receivers that compute.
 */
#ifndef VHPCSIM_WORKLOAD_IPERF_H
#define VHPCSIM_WORKLOAD_IPERF_H

#include "sim/workload/workload.h"

enum { IPERF_MAX_STREAMS = 128, IPERF_MAX_BLOCKS = 1024 };

struct iperf_spec {
    int n_streams;       /* 0: half of the ranks */
    int first_receiver;  /* rank; 0: after the senders */
    int receiver_stride; /* ranks from one receiver to the next, 1 and more */
    double write_B;      /* bytes of a write; a block is one, or as many as TCP joins */
    double window_B;     /* bytes under way; at least one block and at most IPERF_MAX_BLOCKS */
    double duration_s;
    double amount_B; /* of each stream, rounded up to blocks, instead of a duration; 0: none */
};

/*
 * Metrics: iperf_Mbps, all streams together, and iperf_stream_min_Mbps, _mean_ and _max_; CPU use
 * in percent of one core, of the whole node of a stream's sender and receiver, mean over streams:
 * iperf_sender_cpu_percent and the parts iperf_sender_guest_cpu_percent, _hypervisor_ and
 * _backend_, the same for `receiver`; iperf_stream_N_Mbps of each stream, from 1.
 */
extern const struct workload workload_iperf;

#endif
