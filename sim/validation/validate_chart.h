/*
 * validate_chart.h - pictures of a validation, as SVG inside a page.
 *
 * Values that count are filled circles, inputs hollow squares: shape tells them apart where colour
 * does not. Every picture has a title and a description in words, and every mark a title that
 * shows as the pointer rests on it.
 */
#ifndef VHPCSIM_VALIDATE_CHART_H
#define VHPCSIM_VALIDATE_CHART_H

#include "validate.h"

#include <stdio.h>

/*
 * Measured (across) against predicted (up) on logarithmic axes, each value in its own unit, with
 * the interval of the draws. Values in percent and what is not above 0 are left out. Prints nothing
 * when there is no value to show.
 */
void validate_chart_scatter(const struct validation *validation, FILE *out);

/*
 * The error of every value of `paper`, a line each: a mark at the error of the median, a bar over
 * the errors of P5 to P95. What lies outside of -100 % to 100 % is shown at the edge.
 */
void validate_chart_errors(const struct validation *validation, const char *paper, FILE *out);

#endif
