/*
 * npb_region.h - the computing of the NPB kernels: flops and memory traffic, region by region.
 *
 * A region is what one OpenMP parallel loop nest or one MPI compute step does in one iteration,
 * summed over the whole grid: flops as NPB counts them, bytes as the arrays that the loop nest
 * streams through when they do not fit the caches, and the class of work that binds the rest.
 * Rank or thread programs take their share of it. Constants are counted from the loop nests of NPB
 * 3.3.1; each says how.
 */
#ifndef VHPCSIM_NPB_REGION_H
#define VHPCSIM_NPB_REGION_H

#include "npb.h"

/* Names are unique within a kernel; those of multigrid stand for one level of the grid each. */
struct npb_region {
    const char *name; /* "conj_grad.matvec": static */
    enum work_class class;
    double flops;      /* of one pass, all ranks together */
    double bytes;      /* of one pass, memory traffic */
    double resident_B; /* what the region touches, for caches */
    int n_passes;      /* per iteration */
};
enum { NPB_MAX_REGIONS = 64 };

/*
 * Fills `regions` with those of one timed iteration of `kernel` and returns how many. Where NPB
 * counts flops, the sum of n_passes x flops times the iterations is within 2 % of kernel->mop().
 */
int npb_regions(const struct npb_kernel *kernel, enum npb_class class,
                struct npb_region regions[NPB_MAX_REGIONS]);

/* The region called `name`; an unknown name is a bug. */
const struct npb_region *npb_region_find(int n, const struct npb_region regions[],
                                         const char *name);

/* One pass over `share` (0..1) of the region. */
struct work npb_region_work(const struct npb_region *region, double share);

#endif
