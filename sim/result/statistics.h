/*
 * statistics.h - what a number did over the draws of a run.
 */
#ifndef VHPCSIM_STATISTICS_H
#define VHPCSIM_STATISTICS_H

#include <stddef.h>

struct summary {
    size_t n; /* samples, >= 1 */
    double mean;
    double p05, p10, p50, p90, p95;
};

/*
 * Summarizes `n` >= 1 finite samples in any order. Quantiles interpolate
 * linearly between order statistics, the one at fraction f lying at position
 * (n - 1) f (type 7 of Hyndman and Fan, doi:10.1080/00031305.1996.10473566; R's and
 * GSL's default): none lies outside the samples, so with few samples P10 and P90 are
 * nearer to the middle than those of the distribution. p05 <= p10 <= ... <= p95. `samples` is
 * sorted in place. Cost: a sort.
 */
struct summary summarize(size_t n, double samples[]);

/*
 * Writes `value` with `digits` significant digits (1..17) into `text` the way
 * a table shows it: "81.4", "0.00382", "5330", and "3.82e-09" where zeros would be
 * hard to count. `value` is finite.
 */
void format_digits(char *text, size_t size, double value, int digits);

/*
 * Writes a part of something as a table shows it: "12.3 %", with three digits where it is more than
 * a hundred times the whole; "-" where it is not finite. Nothing is ever "-0.0 %".
 */
void format_percent(char *text, size_t size, double part);

#endif
