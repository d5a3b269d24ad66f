/*
 * diagnosis.h - which layer would have to change, and by how much, for a prediction to meet what
 * was measured.
 *
 * A counterfactual tells what a metric would be without one layer. If that layer cost s times as
 * much and all else stayed, the metric's time would be T0 + s (T - T0): T as predicted, T0 without
 * the layer. The s at which this is the measured time is what the layer would have to
 * cost. Whether it can is up to its parameters' 95 % intervals.
 *
 * Several layers can explain one gap, and one number cannot tell them apart: an explanation is
 * where to look, not what happened. Left out: that a layer hides behind others the less, the more
 * it costs, so a large s is an extrapolation; and mechanisms that the model does not have.
 */
#ifndef VHPCSIM_DIAGNOSIS_H
#define VHPCSIM_DIAGNOSIS_H

#include "sim/result/result.h"

#include <stdbool.h>
#include <stdio.h>

/* A layer that may be to blame. */
struct suspect {
    const char *name;          /* of its counterfactual; static */
    double value_without;      /* the metric when the layer costs nothing */
    struct cost_range allowed; /* what its cost may be within its parameters' intervals, in units of
                                  what it is */
};

struct explanation {
    const char *name;
    double scale; /* that the layer's cost would have to be multiplied by, >= 0 and finite */
    struct cost_range allowed;
    bool is_allowed; /* `scale` lies in `allowed` */
};

struct diagnosis {
    double slowdown; /* measured over predicted, as times: above 1 is slower than predicted */
    int n;           /* explanations, of one layer each */
    struct explanation explanations[MAX_COUNTERFACTUALS];
};

/*
 * Explains why `metric`, predicted as its `value`, was measured as `measured`; both > 0. A metric
 * of which more is better is a rate, whose time is its inverse; any other is a time itself.
 *
 * Explanations that are allowed come first, and of these and of the others those that change least
 * (|log scale|), then those that stand first in `suspects`. A layer is left out where no scale
 * >= 0 meets the measured value: it costs nothing or helps, or all that is wrong is more than its
 * cost. n <= MAX_COUNTERFACTUALS. Where measured = predicted, all scales are 1.
 */
struct diagnosis diagnose(const struct metric *metric, double measured, int n,
                          const struct suspect suspects[]);

/*
 * The same for metric number `metric` of a result with counterfactuals (predict_options.explains);
 * without them nothing explains anything.
 */
struct diagnosis diagnose_result(const struct result *result, int metric, double measured);

/* True when the prediction is right to the digits that a sentence tells. */
bool diagnosis_is_none(const struct diagnosis *diagnosis);

/* True when changing one layer within its parameters' intervals meets the measured value. */
bool diagnosis_is_within_intervals(const struct diagnosis *diagnosis);

/*
 * "backend would have to cost 1.8 times as much (its parameters allow 0.6 to 2.1)". The caller
 * frees it; NULL when out of memory.
 */
char *explanation_text(const struct explanation *explanation);

/*
 * "measured 1.4 times as slow as predicted: " and the first explanation, or what is to be said when
 * there is none or it is not allowed. The caller frees it; NULL when out of memory.
 */
char *diagnosis_text(const struct diagnosis *diagnosis);

#endif
