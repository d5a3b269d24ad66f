/*
 * npb_is.h - how IS's keys are dealt to ranks.
 */
#ifndef VHPCSIM_NPB_IS_H
#define VHPCSIM_NPB_IS_H

#include "npb.h"

#include <stdint.h>

/* What one rank gets of the keys. */
struct npb_is_run {
    uint64_t n_keys; /* from each rank */
    int n_buckets;   /* whose keys they are: neighbours */
};

/*
 * Sets runs[i] for each of `n_ranks` ranks: as many keys as their distribution expects, rounded so
 * that they sum to a rank's keys. As buckets are not cut, some ranks get more than others, and
 * where there are hardly more buckets than ranks, some get none.
 */
void npb_is_deal_keys(enum npb_class class, int n_ranks, struct npb_is_run runs[]);

#endif
