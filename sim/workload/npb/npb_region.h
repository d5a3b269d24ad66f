/*
 * npb_region.h - the computing of the NPB kernels: flops and memory traffic, region by region.
 *
 * A region is what one loop nest of NPB 3.3.1's OpenMP programs does from fork or barrier to
 * barrier, which is also one compute step of its MPI programs, summed over the whole grid. Rank and
 * thread programs take their share of it.
 *
 * How it is counted, from the loop nests:
 * - flops as written, with the extents of the loops; operations on constants of the run alone
 *   (dt * tx1) and changes of sign do not count, as compilers take them out of the loop. Division
 *   and square root count one, a logarithm or an exponential N_FLOPS_LOG.
 * - bytes as STREAM counts them, so that its bandwidth fits: each array that the nest walks counts
 *   once per element and direction, read and written twice. Neighbours in a stencil and scratch of
 *   one line or plane come from caches.
 * - accesses to a table at random places, beside the streams.
 */
#ifndef VHPCSIM_NPB_REGION_H
#define VHPCSIM_NPB_REGION_H

#include "npb.h"

struct npb_region {
    char name[24];         /* unique within a kernel; levels of MG's grid count from 1, coarsest,
                              as in "resid.8" */
    enum work_class class; /* what binds where memory does not */
    double flops;          /* of one pass, all ranks together; integer operations in IS */
    double bytes;          /* of one pass, memory traffic */
    double accesses;       /* of one pass, reads and updates at random places of a table */
    double table_B;        /* size of that table */
    double resident_B;     /* what it comes back to next time: if that fits the caches, bytes do */
    double n_slices;       /* iterations of the loop that OpenMP deals to threads */
    double n_planes;       /* steps in which threads follow each other as a pipeline; 0: none */
    double scattered;      /* part of the bytes, 0..1, that other threads touched first: threads
                              alone care */
    int n_passes;          /* per iteration of the OpenMP program; 0: only the MPI program has it */
    int n_once;            /* passes in the timed part before and after the iterations */
};
enum {
    NPB_MAX_REGIONS = 96,
    N_FLOPS_LOG = 20 /* a logarithm or an exponential: range reduction and a polynomial of about
                        degree 7, of multiplications and additions each */
};

/*
 * Fills `regions` with those of `kernel` in the order in which one iteration walks them and returns
 * how many. Where NPB counts flops, the sum over n_once + n_passes x iterations is near
 * kernel->mop(): CG, FT and BT within 2 %; MG 8 % above it where 4 iterations do not hide the first
 * residual, which it leaves out; SP 5 to 12 % (smallest grid) and LU 12 to 15 % below, whose
 * formulas count some operations on constants.
 */
int npb_regions(const struct npb_kernel *kernel, enum npb_class class,
                struct npb_region regions[NPB_MAX_REGIONS]);

/* The region called `name`; an unknown name is a bug. */
const struct npb_region *npb_region_find(int n, const struct npb_region regions[],
                                         const char *name);

/*
 * One pass of a rank that holds `share` (0..1) of the region, and comes back to that much. The
 * table is the whole one: where the rank looks up a part of it alone, set table_B of the work. A
 * pass in steps is work_part() of it.
 */
struct work npb_region_work(const struct npb_region *region, double share);

#endif
