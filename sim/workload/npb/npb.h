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

#include <stdbool.h>

enum npb_class { NPB_S, NPB_W, NPB_A, NPB_B, NPB_C, NPB_D, NPB_E, NPB_F, N_NPB_CLASSES };
extern const char *const npb_class_names[N_NPB_CLASSES + 1]; /* "S", "W", ...; NULL at the end */

/* One problem to solve. */
struct npb_case {
    enum npb_class class;
    int n_iterations; /* timed; the class's own unless the scenario says otherwise */
};

/* The size that NPB prints: a grid of n[0] x n[1] x n[2], or the one number n[0] when the others
 * are 0. */
struct npb_size {
    double n[3];
};

struct npb_kernel {
    const char *name;          /* "cg" */
    const char *help;          /* one line */
    const char *operation;     /* what Mop/s counts, as NPB prints it: "floating point" */
    enum npb_class last_class; /* the largest that the benchmark defines */
    const char *rank_rule;     /* "a power of two": what n_ranks must be, to end a sentence */
    /* True for the numbers of ranks that the real program runs on; n_ranks >= 1. */
    bool (*runs_on)(enum npb_class class, int n_ranks);
    struct npb_size (*size)(enum npb_class class);
    int (*default_iterations)(enum npb_class class); /* 0: the kernel has none to choose */
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
extern const char *const npb_kernel_names[];         /* of the same, NULL at the end */

/* A rank's timer, which stands first in the state of every kernel's ranks. */
struct npb_timer {
    double start_s;
};
void npb_timer_start(struct npb_timer *timer, const struct rank *rank);
void npb_timer_stop(const struct npb_timer *timer, struct rank *rank); /* records its time */

/* What a scenario says about it; stands first in the spec of either workload. */
struct npb_spec {
    int kernel;       /* index into npb_kernels and npb_kernel_names */
    int class;        /* enum npb_class */
    int n_iterations; /* timed; 0: the class's own */
};
const struct npb_kernel *npb_spec_kernel(const struct npb_spec *spec);
struct npb_case npb_spec_case(const struct npb_spec *spec); /* of a class that the kernel defines */

/* The rows of its keys. */
#define NPB_ROWS                                                                                   \
    {.key = "kernel",                                                                              \
     .kind = FIELD_CHOICE,                                                                         \
     .choices = npb_kernel_names,                                                                  \
     .help = "Which of the benchmarks.",                                                           \
     .offset = offsetof(struct npb_spec, kernel)},                                                 \
        {.key = "class",                                                                           \
         .kind = FIELD_CHOICE,                                                                     \
         .choices = npb_class_names,                                                               \
         .help = "Size of the problem: S and W are for tests and fit caches, each of A to F is "   \
                 "four to sixteen times as much work as the one before.",                          \
         .offset = offsetof(struct npb_spec, class)},                                              \
    {                                                                                              \
        .key = "iterations", .kind = FIELD_COUNT, .min = 0, .max = 1e6, .fallback = "0",           \
        .help = "Timed iterations; 0: the class's own.",                                           \
        .offset = offsetof(struct npb_spec, n_iterations)                                          \
    }

/* The problem of that class, which the kernel defines: its iterations are the class's own where
 * n_iterations is 0. */
struct npb_case npb_case_of(const struct npb_kernel *kernel, int class, int n_iterations);

/*
 * Reports a class that the kernel does not define, and returns false then; and iterations where it
 * has none to choose.
 */
bool npb_check_class(const struct npb_spec *spec, struct diagnostics *diagnostics);

/* Who runs a program, and the names by which print_results tells of them. */
struct npb_workers {
    int n;
    const char *total, *available, *mops_of_each;
};

/* Prints the lines and columns of NPB's print_results. */
void npb_print_results(const struct npb_kernel *kernel, const struct npb_case *problem,
                       const struct npb_workers *workers, double time_s, double mops, FILE *out);

/* True when n is 1, 2, 4, 8, ...: the rank rule of half the kernels. */
bool npb_is_power_of_two(int n);

/*
 * Metrics of `npb`: npb_mops (Mop/s total, the slowest rank's time counts), npb_mops_per_rank,
 * npb_s (the timed part).
 */
extern const struct workload workload_npb;

#endif
