/*
 * plot.h - points and curves on two axes, as SVG inside a page.
 */
#ifndef VHPCSIM_CALIBRATION_PLOT_H
#define VHPCSIM_CALIBRATION_PLOT_H

#include "sim/input/field.h"

#include <stdbool.h>
#include <stdio.h>

struct plot_axis {
    double lo, hi; /* lo < hi; of a logarithmic axis above 0 */
    bool is_log;
    enum dimension dimension; /* of its labels */
    bool is_percent;          /* labels are of parts */
    const char *label;
};

struct plot {
    struct plot_axis x, y;
    FILE *out;
};

/* Widens an axis to hold `value`; an axis that holds nothing has lo > hi. What no logarithmic axis
 * can hold is left out. */
void plot_axis_hold(struct plot_axis *axis, double value);

/* Axes with grid and labels. Between begin and end, marks and lines; what lies outside of the axes
 * is drawn at their edge. Axes that hold one value or none are widened. */
void plot_begin(struct plot *plot, const char *title, const char *description, FILE *out);
void plot_end(struct plot *plot);

/* A mark with the words that show when the pointer rests on it; filled or hollow. */
void plot_mark(const struct plot *plot, double x, double y, bool is_filled, const char *words);
void plot_line(const struct plot *plot, double x1, double y1, double x2, double y2,
               const char *class);

#endif
