/*
 * model_interval.h - an interval that knows the model's own error: pure arithmetic.
 *
 * Draws tell how well a model's parameters are known, not how good the model is. That is told by
 * how far it was from what was measured elsewhere: the bound that 90 % of other predictions kept
 * widens the interval of this one. Of a quantity the error is |ln(measured / predicted)|, so that
 * half and twice are equally wrong; of a share or change in percent it is the distance in points.
 * The two kinds are never mixed.
 *
 * The bound is that of split conformal prediction (Vovk, Gammerman, Shafer, Algorithmic Learning in
 * a Random World, 2005; quoted from memory): it holds for a new error as often as it says if that
 * is as any of those before. Errors of one paper resemble each other, so a paper must not be judged
 * by itself, and a new machine is only as near as the papers are to each other.
 */
#ifndef VHPCSIM_MODEL_INTERVAL_H
#define VHPCSIM_MODEL_INTERVAL_H

#include "score.h"
#include "sim/result/statistics.h"

/* The error of the prediction, >= 0, beyond the range that the source prints. INFINITY of a
 * quantity that is predicted as 0 or less. What a source says is a bound alone has no error to
 * learn from: `measured->relation` must be RELATION_EQUALS. */
double model_interval_error(const struct measured *measured, double predicted);

/*
 * The bound of 90 %: of n errors, which it sorts, number ceil(0.9 (n + 1)). NAN with fewer than
 * MODEL_INTERVAL_LEAST_ERRORS, of which none would do.
 */
enum { MODEL_INTERVAL_LEAST_ERRORS = 9 };
double model_interval_bound(int n, double errors[]);

struct model_interval {
    double lo, hi; /* NAN: nothing is known of the model's error */
};

/*
 * The interval of the draws, P5 to P95, and all that is nearer to their median than `bound`. The
 * bound may be INFINITY or NAN. A quantity whose median is not above 0 keeps its interval.
 */
struct model_interval model_interval_of(const struct summary *draws, bool is_percent, double bound);

#endif
