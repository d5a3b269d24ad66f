/*
 * deming.h - what virtualization adds, of times measured on both sides.
 *
 * Two questions, two fits. Over sizes that are known exactly, what is added per message and per
 * byte (overhead_fit). And virtual time as a line over native time, where both err (deming_fit): an
 * ordinary regression would take the errors of the native side for a flatter line. Errors of
 * times grow with the times, so each point brings its own (Linnet,
 * doi:10.1093/clinchem/36.12.2100, weighted Deming regression; York et al.,
 * doi:10.1119/1.1632486).
 */
#ifndef VHPCSIM_DEMING_H
#define VHPCSIM_DEMING_H

#include "resample.h"

/* The same cell on both sides in one block. */
struct paired_point {
    double size_B;              /* of the message */
    double native_s, virtual_s; /* medians of the visits, > 0 */
    int group;                  /* block: what is drawn as a whole */
};

/* virtual = added + factor x native. */
struct deming {
    struct estimate added_s;              /* may be negative */
    struct estimate factor;               /* > 0 */
    double variance_ratio;                /* of relative errors, virtual to native, as used */
    double native_spread, virtual_spread; /* relative standard deviations of one visit */
};

/*
 * Variances come from visits of one size, in different groups; sizes visited once have the pooled
 * ones, and where none was visited twice, both sides err alike. Minimizes the sum of
 * (virtual - added - factor native)^2 / (variance of virtual + factor^2 variance of native).
 *
 * Returns 0; -EINVAL where a number is not finite or a time not > 0; -EDOM where there are fewer
 * than three points or native times of fewer than two sizes; -ENOMEM. Writes the result on success
 * alone.
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
 * Least squares of the differences, weighted with 1 / native, as errors are relative. Where all
 * sizes are one, all is per message and byte_s is 0. Errors as of deming_fit(), but two points will
 * do.
 */
int overhead_fit(int n, const struct paired_point point[], const struct resampling *how,
                 struct overhead *result);

#endif
