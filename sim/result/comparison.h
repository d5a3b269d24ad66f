/*
 * comparison.h - two results side by side: how the second differs from the first, and by which
 * layers.
 *
 * Where both took as many draws from the same seed, draws of the same number are compared with each
 * other: what moves both alike (a parameter that they share, the speed of a node) cancels out,
 * so the interval of the ratio is narrower than those of its parts would make it.
 */
#ifndef VHPCSIM_COMPARISON_H
#define VHPCSIM_COMPARISON_H

#include "result.h"

#define COMPARISON_SCHEMA "vhpcsim-comparison/1"

/* A metric that both results have. */
struct metric_pair {
    int first, second; /* its numbers in the two results */
    double ratio;      /* second over first, of the central runs; not finite where the first is 0 */
    struct summary ratios; /* of the draws, pair by pair; n is 0 where one of them is not finite */
};

struct comparison {
    const struct result *first, *second;          /* borrowed */
    int n_pairs;                                  /* >= 1: time_s is always one */
    struct metric_pair pairs[MAX_RESULT_METRICS]; /* as the first result has them */
    double lost_s;           /* second's elapsed time less the first's; < 0 where it is faster */
    enum layer largest_loss; /* that adds most to the second's time, waiting aside; LAYER_COMPUTE if
                                none adds anything */
};

/*
 * Compares two results, which must outlive the comparison. Both have as many draws from the same
 * seed. Returns 0 or -ENOMEM.
 */
int comparison_init(struct comparison *comparison, const struct result *first,
                    const struct result *second);

/* The metric that answers the question: the first that both have. Of its two sides: */
const struct metric_pair *comparison_main(const struct comparison *comparison);
const struct metric_summary *comparison_first(const struct comparison *comparison,
                                              const struct metric_pair *pair);
const struct metric_summary *comparison_second(const struct comparison *comparison,
                                               const struct metric_pair *pair);

/* The second's part of the first's speed in a metric whose ratio is `ratio`: 0.48 is about half as
 * fast. */
double comparison_speed(const struct metric *metric, double ratio);

/* Part of the time lost that is in this layer; NAN where nothing is lost. */
double comparison_layer_share(const struct comparison *comparison, enum layer layer);

/*
 * Part of the gap between the two results, as times of the main metric, that the second wins
 * when the layer of `gain` (of the second) is made native; NAN where the second is not slower.
 * Parts do not add up: layers hide behind each other.
 */
double comparison_gap_share(const struct comparison *comparison, const struct gain *gain);

/*
 * "HPL keeps 48 % of native speed (P10 45, P90 52); the largest loss is backend (61 % of the time
 * lost)." The caller frees it; NULL when out of memory.
 */
char *comparison_answer(const struct comparison *comparison);

#endif
