/*
 * npb.h - the NAS Parallel Benchmarks: what their kernels have in common.
 *
 * A kernel is one file that ends in its row, `const struct npb_kernel npb_x`. Two workloads run
 * them: `npb` as the MPI programs of NPB 3.3 do it, `npb_omp` as its OpenMP programs do, threads
 * on one node. Both take their computing from npb_region.h.
 *
 * Sizes, iterations and operation counts: D. Bailey et al., The NAS Parallel Benchmarks, RNR-94-007
 * (1994), and the class tables of NPB 3.3.1 and 3.4 (class F).
 */
#ifndef VHPCSIM_NPB_H
#define VHPCSIM_NPB_H

#include "sim/workload/workload.h"

enum npb_class { NPB_S, NPB_W, NPB_A, NPB_B, NPB_C, NPB_D, NPB_E, NPB_F, N_NPB_CLASSES };
extern const char *const npb_class_names[N_NPB_CLASSES + 1]; /* "S", "W", ...; NULL at the end */

/* One problem to solve. */
struct npb_case {
    enum npb_class class;
    int n_iterations; /* timed; the class's own unless the scenario says otherwise */
};

struct npb_kernel {
    const char *name; /* "cg" */
    const char *help; /* one line */
    const char
        *rank_rule; /* "a power of two": which numbers of ranks it runs on, to end a sentence */
    bool (*runs_on)(enum npb_class class, int n_ranks);
    int (*default_iterations)(enum npb_class class);
    /* Million operations of the timed part, as NPB prints them ("Mop/s total" times seconds). */
    double (*mop)(const struct npb_case *problem);
    double (*memory_B)(const struct npb_case *problem, int n_ranks); /* that each rank allocates */
    /*
     * Makes the MPI program, untimed start and timed part, which brackets its time with
     * npb_timer_start() and npb_timer_stop(). Returns 0 or -ENOMEM; program_free_plan() releases.
     */
    int (*program_new)(const struct npb_case *problem, int n_ranks, struct program *program);
};
extern const struct npb_kernel npb_ep, npb_mg, npb_cg, npb_ft, npb_is, npb_bt, npb_sp, npb_lu;
extern const struct npb_kernel *const npb_kernels[]; /* NULL at the end */

/* A rank's timer, which stands first in the state of every kernel's ranks. */
struct npb_timer {
    double start_s;
};
void npb_timer_start(struct npb_timer *timer, const struct rank *rank);
void npb_timer_stop(const struct npb_timer *timer, struct rank *rank); /* records its time */

/*
 * Metrics of `npb`: npb_mops (Mop/s total, the slowest rank's time counts), npb_mops_per_rank,
 * npb_s (the timed part).
 */
extern const struct workload workload_npb;

#endif
