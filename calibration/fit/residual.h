/*
 * residual.h - what lines do not tell: how far single messages are from them.
 *
 * A residual is ln(time / time of the line). Some paths have two or three ways for the same size,
 * as TCP with its delayed acknowledgements and windows; a mean is then what never happens, so
 * residuals are told as a mixture of up to three lognormals too, whose number the BIC chooses.
 */
#ifndef VHPCSIM_RESIDUAL_H
#define VHPCSIM_RESIDUAL_H

#include "calibration/fit/segment.h"

enum { RESIDUAL_QUANTILES = 19, MIXTURE_COMPONENTS = 3 };

/* Lognormals side by side, by rising median. */
struct mixture {
    int n;                             /* 1..MIXTURE_COMPONENTS; 0: there was nothing to fit */
    double share[MIXTURE_COMPONENTS];  /* sum 1 */
    double median[MIXTURE_COMPONENTS]; /* of the ratio time / line */
    double spread[MIXTURE_COMPONENTS]; /* relative standard deviation */
};

struct residual {
    int n;         /* repetitions of all visits in this piece */
    double spread; /* relative standard deviation of a repetition, robust: that of the lognormal
                      with these quartiles; 0 where n < 2 */
    double quantile[RESIDUAL_QUANTILES]; /* 5 %, 10 %, ..., 95 % of time / line; NAN where n is 0 */
    struct mixture mixture;
};

/* Tells residuals of a series of `segments`, by piece. Returns 0 or -ENOMEM. */
int residuals_tell(const struct segments *segments, int series, const struct visit_series *visits,
                   struct residual residuals[SEGMENT_PIECES]);

/*
 * Fits a mixture to `n` logarithms of ratios, by expectation and maximisation from their quantiles
 * (no random start: the same numbers in any order give the same mixture but for rounding). Two
 * components must each have 5 % of the numbers. Returns 0 or -ENOMEM.
 */
int mixture_fit(int n, const double logarithms[], struct mixture *mixture);

/* Probability that a ratio is at most `ratio` > 0. */
double mixture_below(const struct mixture *mixture, double ratio);

#endif
