/*
 * segment_lines.h - weights and lines between known breakpoints (of segment.c and bootstrap.c).
 */
#ifndef VHPCSIM_SEGMENT_LINES_H
#define VHPCSIM_SEGMENT_LINES_H

#include "calibration/fit/segment_search.h"

#include <stdbool.h>

/* Room for as many numbers as the longest series has points. */
struct segment_scratch {
    double *expected_s, *deviation, *sorted;
};

/* Returns whether there was memory; release it in any case. */
bool segment_scratch_init(const struct segment_axis *axis, struct segment_scratch *scratch);
void segment_scratch_release(struct segment_scratch *scratch);

/* Sets the axis' weights: those of the points, relative to the lines' times, less where a point is
 * far from its line. */
void segments_weigh(const struct segments *segments, const struct segment_axis *axis,
                    struct segment_scratch *scratch);

/* Fits all lines between the segments' breakpoints with the axis' weights. */
void segments_draw_lines(const struct segment_axis *axis, struct segments *segments);

/* Where between two sizes a breakpoint is: struct segments tells. `options` may be NULL. */
double segments_break_B(double below_B, double above_B, const struct segments_options *options);

#endif
