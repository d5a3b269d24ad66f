/*
 * deming.h - what virtualization adds, of times measured on both sides.
 *
 * Two questions, two fits. Over sizes that are known exactly, what is added per message and per
 * byte (overhead_fit). And virtual time as a line over native time, where both err (deming_fit): an
 * ordinary regression would take the errors of the native side for a flatter line. Errors of
 * times grow with the times, so each size brings its own (weighted Deming regression: K. Linnet,
 * Clinical Chemistry 36 (1990) 2100). Both fits see the median of each size's blocks.
 */
#ifndef VHPCSIM_DEMING_H
#define VHPCSIM_DEMING_H

#include "resample.h"

/* The same cell on both sides in one block. */
struct paired_point {
    double size_B;              /* of the message */
    double native_s, virtual_s; /* medians of the visits, > 0 */
    int group;                  /* block: what is drawn as a whole */
    int launch;                 /* any number that tells launches apart; launches.h */
};

/* virtual = added + factor x native. */
struct deming {
    struct estimate added_s;              /* may be negative */
    struct estimate factor;               /* > 0 */
    double variance_ratio;                /* of relative errors, virtual to native, as used */
    double native_spread, virtual_spread; /* relative standard deviations of one visit */
};

/*
 * Relative variances of a visit come from blocks that visited one size, all sizes pooled; where
 * none was visited twice, both sides err alike. Minimizes the sum over sizes of
 *     n (virtual - added - factor native)^2 / (variance of virtual + factor^2 variance of native),
 * for factors within 1/1000 to 1000 of what virtual times are to native ones.
 *
 * Returns 0; -EINVAL where a number is not finite or a time not > 0; -EDOM where native times are
 * all the same or of one size; -ENOMEM. Writes the result on success alone.
 */
int deming_fit(int n, const struct paired_point point[], const struct resampling *how,
               struct deming *result);

/* virtual - native = message + byte x size. */
struct overhead {
    struct estimate message_s; /* may be negative: the fit is a test as well */
    struct estimate byte_s;    /* the same */
    struct estimate factor;    /* geometric mean of virtual / native */
};

/*
 * Least squares of each size's median difference, weighted with 1 / native, as errors are
 * relative. Where all sizes are one, all is per message and byte_s is 0. Returns 0; -EINVAL as
 * above; -EDOM below two points; -ENOMEM. Writes the result on success alone.
 */
int overhead_fit(int n, const struct paired_point point[], const struct resampling *how,
                 struct overhead *result);

#endif
