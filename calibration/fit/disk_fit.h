/*
 * disk_fit.h - what a request to a disk takes.
 *
 * T = latency + seek where it does not follow the last one + size / bandwidth, reads and writes
 * each with a bandwidth of their own. Several requests under way share the device: what they get
 * together is told for each number of them. Requests through the page cache are none of the
 * device's and are told apart, as are those of a device that cannot be one (a host's cache behind a
 * guest's "direct" requests).
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
    double time_s;   /* of one request, > 0 */
    int group;       /* visits of one number err together */
};

enum { DISK_DEPTHS = 8 };

/* Together at `n_under_way` requests of the largest size. */
struct disk_depth {
    int n_under_way;
    double read_Bps, write_Bps; /* 0: not measured */
};

struct disk_fit {
    struct estimate read_Bps, write_Bps; /* one request at a time, without latency */
    struct estimate latency_s, seek_s;
    struct estimate copy_Bps; /* through the page cache; NAN: not measured */
    bool is_cached; /* requests that bypass the page cache are too fast for any device, or none
                       do: another cache answered, and these numbers are its */
    int n_depths;
    struct disk_depth depth[DISK_DEPTHS];
    double error; /* relative, root mean square over direct requests one at a time */
};

/*
 * Fits direct requests where there are any, all others else. Returns 0; -EINVAL where a number is
 * not finite or not > 0; -EDOM where reads and writes of two sizes, one at a time, are missing. A
 * device without requests at random has a seek of 0. Writes the result on success alone.
 */
int disk_fit(int n, const struct disk_point point[], const struct resampling *how,
             struct disk_fit *result);

#endif
