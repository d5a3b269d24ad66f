/*
 * disk_fit.h - what a request to a disk takes.
 *
 * T = latency + seek where it does not follow the last one + size / bandwidth, reads and writes
 * each with a bandwidth of their own. Several requests under way share the device: what they get
 * together is told for each number of them. Whether a cache stood between (a hypervisor's behind a
 * guest's "direct" requests, say) only shows where it is faster than any device.
 */
#ifndef VHPCSIM_DISK_FIT_H
#define VHPCSIM_DISK_FIT_H

#include "resample.h"

#include <stdbool.h>

/* Median of a visit. */
struct disk_point {
    bool is_write, is_random, is_direct;
    double size_B;   /* of a request, > 0 */
    int n_under_way; /* requests at the same time, >= 1 */
    double time_s;   /* of one request from its begin to its end, > 0 */
    int group;       /* visits of one number err together */
    int launch;      /* and so do those of a launch */
};

enum { DISK_DEPTHS = 8 };

/* What requests in order get together at `n_under_way` requests of the largest size. */
struct disk_depth {
    int n_under_way;
    double read_Bps, write_Bps; /* 0: not measured */
};

struct disk_fit {
    struct estimate read_Bps, write_Bps; /* one request at a time, latency and seek left out; NAN:
                                            not measured; INFINITY: size does not show */
    struct estimate latency_s;
    struct estimate seek_s; /* 0: random requests take no longer, or there were none */
    bool is_cached; /* a cache answered and these numbers are its: requests were faster than any
                       device answers or delivers */
    int n_depths;
    struct disk_depth depth[DISK_DEPTHS]; /* by n_under_way; more of them are left out */
    double error;                         /* relative, root mean square of the points fitted */
};

/*
 * Fits direct requests, one at a time, where there are any; else all of these. One seek time is
 * that of random reads, as drives cache writes; of random writes where nothing was read at random.
 *
 * Returns 0; -EINVAL where a number is not finite or not > 0; -EDOM where neither reads nor writes
 * of two sizes, one at a time, are there; -ENOMEM. Writes the result on success alone.
 */
int disk_fit(int n, const struct disk_point point[], const struct resampling *how,
             struct disk_fit *result);

#endif
