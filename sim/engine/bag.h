/*
 * bag.h - numbers that several ranks take from a bag, each number once: what rank_take() needs.
 */
#ifndef VHPCSIM_BAG_H
#define VHPCSIM_BAG_H

#include <stdint.h>

struct bag;

/* The bags that somebody has taken from and not everybody has found empty. */
struct bags {
    struct bag *first;
};

/*
 * The next of the numbers 0 to n - 1 in bag `number`, or -1. When `n_takers` have been told -1, the
 * bag is forgotten, and its number can be used anew. -ENOMEM (below -1) without memory.
 */
long bags_take(struct bags *bags, uint64_t number, long n, int n_takers);

void bags_release(struct bags *bags);

#endif
