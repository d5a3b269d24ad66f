/*
 * osu.h - the OSU micro-benchmarks: what one kind of MPI traffic costs, message size by message
 * size.
 *
 * latency: ranks 0 and 1 play ping-pong; half a round is the latency. multi_lat: so do all pairs at
 * once. bw: rank 0 sends a window of messages without waiting, rank 1 answers the whole window with
 * 4 bytes. bibw: both send windows to each other, without an answer. mbw_mr: all pairs do what bw
 * does. Pairs are rank i and rank i + pairs. The collectives: every rank times its own call, with a
 * barrier between calls; mean, least and greatest over ranks.
 *
 * Follows OSU Micro-Benchmarks 5.3, messages and barriers included. It differs in that
 *   - few rounds are simulated by default, as a simulated round repeats exactly (`full_loops`);
 *   - multi_lat and mbw_mr have their second barrier before the untimed rounds, not after: among
 *     few rounds, how ranks leave a barrier one after another would show;
 *   - the largest size is the same for all tests; OSU's collectives stop at 1 MiB by default.
 */
#ifndef VHPCSIM_WORKLOAD_OSU_H
#define VHPCSIM_WORKLOAD_OSU_H

#include "sim/workload/workload.h"

enum osu_test {
    OSU_LATENCY,
    OSU_BW,
    OSU_BIBW,
    OSU_MBW_MR,
    OSU_MULTI_LAT,
    OSU_BARRIER,
    OSU_BCAST,
    OSU_REDUCE,
    OSU_ALLREDUCE,
    OSU_ALLGATHER,
    OSU_ALLTOALL,
    OSU_GATHER,
    OSU_SCATTER,
    N_OSU_TESTS
};

enum { OSU_MAX_WINDOW = 1000 };

struct osu_spec {
    enum osu_test test;
    double min_B,
        max_B;        /* sizes are powers of two from the test's first one that is in this range */
    int n_iterations; /* timed rounds of each size, after `n_warmup` untimed ones */
    int n_warmup;
    bool has_full_loops; /* OSU's own numbers of rounds instead of these two */
    int window;          /* messages of a window: bw, bibw, mbw_mr; up to OSU_MAX_WINDOW */
    int n_pairs;         /* mbw_mr, multi_lat; 0: half of the ranks */
};

/*
 * Metrics, T being the test. First the answer: osu_T_us at 8 B, or at the smallest size where 8 B
 * is not among them; osu_T_MBps, the peak over sizes. Then for each size S in bytes osu_T_us_SB or
 * osu_T_MBps_SB (MB are 10^6 bytes); mbw_mr: osu_mbw_mr_messages_per_s_SB; collectives:
 * osu_T_min_us_SB and osu_T_max_us_SB. barrier has no sizes.
 */
extern const struct workload workload_osu;

#endif
