/*
 * npb_is.h - how IS's keys are dealt to ranks.
 */
#ifndef VHPCSIM_NPB_IS_H
#define VHPCSIM_NPB_IS_H

#include "npb.h"

#include <stdint.h>

/*
 * Sets n_keys[i], for each of `n_ranks` ranks, to the number of keys that every rank has for rank
 * i: as many as the distribution of keys expects, rounded so that they sum to a rank's keys. A rank
 * has whole buckets, so some have more than others, and with as many ranks as buckets some none.
 */
void npb_is_deal_keys(enum npb_class class, int n_ranks, uint64_t n_keys[]);

#endif
