/*
 * kernel_sort.h - ranking of integer keys by buckets, as NPB's IS does it: integer and pointer work
 * in a cache.
 *
 * Keys are counted by their highest bits, go to buckets, are counted there one by one, and counts
 * are added up, so that counts[k] is how many keys are up to k.
 */
#ifndef VHPC_KERNEL_SORT_H
#define VHPC_KERNEL_SORT_H

#include <stdint.h>

enum { SORT_LOG_RANGE = 11, SORT_RANGE = 1 << SORT_LOG_RANGE, SORT_LOG_BUCKETS = 9 };

struct sort {
    int n;
    const uint32_t *keys; /* n of them, below SORT_RANGE */
    uint32_t *in_buckets; /* n */
    int32_t counts[SORT_RANGE];
    int32_t starts[1 << SORT_LOG_BUCKETS];
};

void sort_rank_keys(struct sort *sort);

/*
 * Operations as the simulator's IS counts them: of each key a load, a shift and a count; a load, a
 * shift, two for the place and a store; a load and a count; of each number in the range, clearing
 * and adding.
 */
double sort_operations(int n);

/* Keys as IS has them: sums of four uniform numbers. */
void sort_draw_keys(unsigned long seed, int n, uint32_t keys[]);

#endif
