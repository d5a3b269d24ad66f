/*
 * parameter.h - one number of a model, with what is known about it.
 *
 * A parameter is written in a profile as a plain quantity, or as
 * `{value, ci95: [lo, hi], source, valid: [lo, hi]}`. All numbers here are in
 * SI units; the field that holds the parameter names the unit.
 */
#ifndef VHPCSIM_PARAMETER_H
#define VHPCSIM_PARAMETER_H

#include <stdbool.h>

struct parameter {
    double value;   /* what a run without draws uses */
    double ci95_lo; /* 95 % interval; both equal `value` where none is known */
    double ci95_hi;
    double valid_lo;    /* range of the parameter's own variable (message size in */
    double valid_hi;    /* bytes, active cores, ...) in which it was measured */
    const char *source; /* DOI, or paper and table; "" when nobody said; borrowed */
};

/* A parameter that is exactly `value`: no interval, valid everywhere. */
struct parameter parameter_exact(double value);

/* True when the parameter has an interval that a draw can move in. */
bool parameter_is_uncertain(const struct parameter *p);

/*
 * Returns the parameter's value at `z` standard deviations from its middle
 * (z = 0 is `value`, z = -1.96 is ci95_lo, z = +1.96 is ci95_hi).
 *
 * Each side has its own spread. Where value and bounds are > 0 the two halves
 * are lognormal, so that the result stays > 0; otherwise they are normal. The result
 * is monotone in z. `z` must be finite; callers clamp it to what they can defend.
 */
double parameter_at(const struct parameter *p, double z);

/* True when `x` lies in the range in which the parameter was measured. */
bool parameter_is_valid_at(const struct parameter *p, double x);

#endif
