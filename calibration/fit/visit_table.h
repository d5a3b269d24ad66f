/*
 * visit_table.h - visits in rows of one size and one launch, for who draws them again.
 */
#ifndef VHPCSIM_VISIT_TABLE_H
#define VHPCSIM_VISIT_TABLE_H

#include "calibration/fit/visits.h"

/* One visit, by its median. */
struct visit_median {
    double size_B;
    int launch;
    int order; /* in which it was given */
    double median_s;
};

/* Visits by size, then launch, then order. Size i has those from first[i] to first[i + 1] - 1. */
struct visit_table {
    int n_visits, n_sizes;
    struct visit_median *visits;
    int *first; /* n_sizes + 1 */
};

/* Returns 0, or -EINVAL or -ENOMEM as visits_locate(). The table is the caller's to release. */
int visit_table_init(const struct visit_series *series, struct visit_table *table);
void visit_table_release(struct visit_table *table);

/*
 * Relative standard deviation of single visits at each size, robust, from those of it and of
 * `reach` sizes on both sides: `spread` has n_sizes. NAN where none of them has two visits.
 * Returns 0 or -ENOMEM.
 */
int visit_table_spread(const struct visit_table *table, int reach, double spread[]);

/* Variance of a median, in those of a mean of as many normal samples: pi / 2. */
#define MEDIAN_VARIANCE 1.5707963267948966

/* Standard deviation of a normal distribution, in medians of absolute deviations. */
#define DEVIATION_PER_MAD 1.482602218505602

#endif
