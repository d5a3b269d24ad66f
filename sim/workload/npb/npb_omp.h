/*
 * npb_omp.h - the NAS Parallel Benchmarks as OpenMP programs: threads that share one node's, or one
 * guest's, memory.
 */
#ifndef VHPCSIM_NPB_OMP_H
#define VHPCSIM_NPB_OMP_H

#include "npb.h"

/* What a scenario says about it. */
struct npb_omp_spec {
    struct npb_spec npb;
    int n_threads;                      /* 0: one on each core or vCPU */
    struct parameter synchronization_s; /* of two threads */
    bool compares;                      /* with one thread */
};

/* Share of a loop of `n_slices` iterations that a static schedule gives to thread `number` (0..) of
 * `n_threads`: whole iterations, one more to the first threads where they do not divide. */
double npb_omp_share(double n_slices, int n_threads, int number);

/*
 * Metrics of `npb_omp`: npb_mops (Mop/s total), npb_s (the timed part), and with `speedup` also
 * npb_speedup (time of one thread over that) and npb_efficiency (that over the threads).
 */
extern const struct workload workload_npb_omp;

#endif
