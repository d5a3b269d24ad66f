/*
 * score.h - how far predictions are from what was measured: pure arithmetic.
 *
 * The error of a prediction is relative, predicted / measured - 1, and counts beyond the range
 * that the source prints: 150 to 170 is measured 160 with an uncertainty of 10, a prediction of 178
 * has the error (178 - 170) / 160. A share or a change in percent is its own scale, and may be 0 (a
 * slowdown of 0 %): there the error is the difference in points over 100, so 12 % instead of 17 %
 * is 0.05.
 * Where the source says "at most", only more is an error; where it says "at least", only less.
 */
#ifndef VHPCSIM_SCORE_H
#define VHPCSIM_SCORE_H

#include "cases.h"

#include <stdbool.h>

/* What a source says of a value. */
struct measured {
    double value; /* above 0, but for percent */
    double uncertainty;
    enum relation relation;
    bool is_percent;
};

/* The signed error, positive where too much is predicted. All arguments are finite. */
double score_error(const struct measured *measured, double predicted);

/* True when what was measured, its uncertainty and relation included, meets [lo, hi]. */
bool score_is_in(const struct measured *measured, double lo, double hi);

/* One value that was measured and predicted. */
struct scored {
    int group;   /* values of one group may be put in order: see score_summarize */
    bool counts; /* it is predicted, not an input */
    struct measured measured;
    double predicted; /* median of the draws */
    double error;
    bool is_in_interval;
    bool has_model_interval; /* see model_interval.h */
    bool is_in_model_interval;
};

struct score_summary {
    int n; /* values that count; without one, the numbers up to the share are NAN */
    double median_abs_error, mean_abs_error, p90_abs_error, worst_abs_error;
    int n_in_interval;
    double in_interval_share;
    int n_with_model_interval, n_in_model_interval;
    double in_model_interval_share; /* of those with one; NAN without any */
    int n_pairs, n_pairs_right;
    double ordering_share; /* NAN without pairs */
};

/*
 * Summarizes `n` >= 0 values. Pairs are of one group, at least one of the two counts, the source
 * says of both what they are (not at most or at least), and they differ by more than their
 * uncertainties; a pair is right when the predictions differ in the same direction. Quantiles as in
 * statistics.h. Cost: quadratic. Returns 0 or -ENOMEM.
 */
int score_summarize(int n, const struct scored values[], struct score_summary *summary);

#endif
