/*
 * bootstrap.h - how sure the pieces of segment.h are.
 *
 * Whole visits are drawn again from those of each size and launch, never single repetitions, which
 * know of each other: intervals from those would cover 81 to 88 % instead of 95. From each such
 * sample breakpoints are placed anew, each between its neighbours, and the lines fitted.
 *
 * Intervals of a and b are studentised (B. Efron, R. Tibshirani, An Introduction to the Bootstrap,
 * 1993, chapter 12): every sample has a standard error of its own, from the spread of its visits.
 * Where visits are of two kinds that spread means nothing, and percentiles take their place; where
 * points lie further from their line than visits explain, the interval is no narrower than that
 * tells. What launches differ by, beyond what visits do, is added: the three or so of them are too
 * few to be drawn again, so it is Student's t of n - 1 degrees of freedom (combined as
 * G. Zou, A. Donner, Statistics in Medicine 27 (2008) 1693, doi:10.1002/sim.3095).
 * Those of breakpoints are percentiles, no narrower than the sizes on both sides of them.
 */
#ifndef VHPCSIM_BOOTSTRAP_H
#define VHPCSIM_BOOTSTRAP_H

#include "calibration/fit/segment.h"

#include <stdint.h>

struct bootstrap_options {
    int n;             /* samples, >= 100 */
    double confidence; /* in (0, 1) */
    uint64_t seed;     /* streams of random numbers are those of (seed, name): models/random.h */
    const char *name;
};

/* 500 samples, 0.95, seed 1, "bootstrap". */
extern const struct bootstrap_options bootstrap_defaults;

struct interval {
    double low, high;
};

/* Of every number in struct segments. Each interval holds its estimate, none reaches below zero.
 * Those of lines without points are NAN, those of one or two points reach from 0 to INFINITY
 * where nothing bounds them. */
struct segments_intervals {
    struct interval from_B[SEGMENT_PIECES]; /* the first is 0, 0 */
    struct interval a_s[SEGMENT_SERIES][SEGMENT_PIECES];
    struct interval b_spB[SEGMENT_SERIES][SEGMENT_PIECES];
};

/*
 * Intervals of `segments`, which were fitted to the locations of the same visits. Returns 0,
 * -EINVAL as visits_locate(), or -ENOMEM. The same arguments give the same bytes.
 * Cost: options->n times that of locating all visits and fitting lines, 1000 sizes of 30 visits 500
 * times in some seconds.
 */
int bootstrap_visits(int n_series, const struct visit_series series[],
                     const struct segments *segments, const struct bootstrap_options *options,
                     struct segments_intervals *intervals);

#endif
