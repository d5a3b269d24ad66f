/*
 * pingpong.h - HPCC's ping-pong: one pair of processes communicates, all the others wait.
 *
 * A client sends a message, its server sends one of the same size back, `loops` times after one
 * untimed round. Half of a round's time is the pair's latency, message size by that its bandwidth.
 * Clients take turns: each plays with every server but itself, then passes a token to the next
 * client; an empty broadcast ends each turn. One pair alone, rank 0 and the last, goes before
 * each message size: HPCC estimates from it how many pairs its time limit allows.
 *
 * Follows bench_lat_bw 1.5.2 of HPCC 1.5.0. Left out: that estimate (the number of clients is a
 * parameter here), measurements repeated for their minimum, and loops prolonged until the clock
 * resolves them, as simulated clocks are exact and repeat.
 */
#ifndef VHPCSIM_WORKLOAD_PINGPONG_H
#define VHPCSIM_WORKLOAD_PINGPONG_H

#include "sim/workload/shared.h"
#include "sim/workload/workload.h"

struct pingpong_spec {
    double latency_B;      /* size of the short messages */
    double bandwidth_B;    /* size of the long ones */
    int n_latency_loops;   /* timed rounds of each pair */
    int n_bandwidth_loops; /* the same with long messages */
    int n_clients;         /* about how many clients, and as many servers, play */
};

/*
 * Distance between neighbouring clients, and between servers, among `n_ranks` ranks: HPCC's, which
 * avoids 2 and prefers primes, so that pairs are spread over nodes.
 */
int pingpong_stride(int n_ranks, int n_clients);

/*
 * Metrics: pingpong_latency_us and pingpong_bandwidth_GBps, each also with _min and _max before
 * the unit: mean, least and greatest of all pairs. Needs two ranks.
 */
extern const struct workload workload_pingpong;

/* Parts of the row of `n_clients`. */
#define PINGPONG_CLIENTS                                                                           \
    FIELD_COUNT_UP_TO(100000),                                                                     \
        .fallback = "20",                                                                          \
        .help =                                                                                    \
            "About how many ranks play as clients, each with as many servers; HPCC takes what "    \
            "its time limit allows."

#endif
