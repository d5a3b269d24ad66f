/*
 * segment_lines.h - weights and lines between known breakpoints (of segment.c and bootstrap.c).
 */
#ifndef VHPCSIM_SEGMENT_LINES_H
#define VHPCSIM_SEGMENT_LINES_H

#include "calibration/fit/segment_search.h"

#include <stdbool.h>

/* Room for as many numbers as the longest series has points. */
struct segment_scratch {
    double *expected_s, *deviation;
};

/* Returns whether there was memory; release it in any case. */
bool segment_scratch_init(const struct segment_axis *axis, struct segment_scratch *scratch);
void segment_scratch_release(struct segment_scratch *scratch);

/* Time of a point's line, but no less than a tenth of its own: lines through the origin reach zero,
 * and deviations are relative. */
double segments_expected_s(const struct segments *segments, int series,
                           const struct segment_point *point);

/* Relative deviations from a line beyond which a point of it weighs less. */
struct segment_limits {
    double limit[SEGMENT_SERIES][SEGMENT_PIECES];
};

/* Tells them from the axis' points. */
void segments_limit(const struct segments *segments, const struct segment_axis *axis,
                    struct segment_scratch *scratch, struct segment_limits *limits);

/* Sets the axis' weights: those of the points, relative to the lines' times, less beyond limits. */
void segments_weigh(const struct segments *segments, const struct segment_axis *axis,
                    const struct segment_limits *limits);

/* Fits all lines between the segments' breakpoints with the axis' weights. */
void segments_draw_lines(const struct segment_axis *axis, struct segments *segments);

/* Where between two sizes a breakpoint is: struct segments tells. `options` may be NULL. */
double segments_break_B(double below_B, double above_B, const struct segments_options *options);

#endif
