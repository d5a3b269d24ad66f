/*
 * counterfactual.h - the same scenario with one layer made native: what would it win?
 *
 * Layers share time (a message that waits for a backend also makes its partner wait), so
 * the time attributed to a layer is not what one would win without it. The run without it
 * tells that; gains of several layers do not add up.
 */
#ifndef VHPCSIM_COUNTERFACTUAL_H
#define VHPCSIM_COUNTERFACTUAL_H

#include "sim/input/scenario.h"

#include <stdbool.h>

enum { MAX_COUNTERFACTUALS = 32 };

struct counterfactual {
    const char *name; /* "backend" */
    const char *help; /* what is made native or ideal, for a table */
    /* True when the scenario has what this takes away, so that taking it away can change a run. */
    bool (*concerns)(const struct scenario *scenario);
    /* Takes it away. Touches numbers only, never a string or the workload. */
    void (*apply)(struct scenario *scenario);
};

/* Ends with a row whose name is NULL; the last row before it makes the whole scenario native. */
extern const struct counterfactual counterfactuals[];
extern const struct counterfactual *const counterfactual_native;

/*
 * A copy of `scenario` with the counterfactual applied, for as many ranks. The copy borrows
 * everything from `scenario`, which must outlive it; it is never freed by itself.
 */
struct scenario counterfactual_of(const struct scenario *scenario,
                                  const struct counterfactual *counterfactual);

/* Between which factors the cost of a layer lies; 1 is what it is. lo <= 1 <= hi. */
struct cost_range {
    double lo, hi;
};

/*
 * What the cost that the counterfactual takes away may be within the 95 % intervals of the
 * parameters that make it, as factors of that cost: from the smallest to the largest that one
 * of them alone allows. 1 to 1 where none has an interval. Left out: a parameter which now costs
 * nothing but may cost something, of which no factor makes anything.
 */
struct cost_range counterfactual_cost_range(const struct scenario *scenario,
                                            const struct counterfactual *counterfactual);

#endif
