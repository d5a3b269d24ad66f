/*
 * dgemm.h - HPCC's DGEMM: how fast ranks multiply matrices of their own.
 *
 * Star (embarrassingly parallel): every rank multiplies two N x N matrices at once with all the
 * others. Single: one rank does, and the other cores are idle. No messages but the results.
 *
 * Follows HPCC 1.5.0, whose single run picks a random rank; here it is rank 0. Left out: filling
 * the matrices and checking the product, which are not timed.
 */
#ifndef VHPCSIM_WORKLOAD_DGEMM_H
#define VHPCSIM_WORKLOAD_DGEMM_H

#include "sim/workload/shared.h"
#include "sim/workload/workload.h"

struct dgemm_spec {
    enum ranks_at_work ranks;
    int n; /* order of the matrices; HPCC: (HPL's N^2 / (3 P Q) + 1/4)^(1/2) - 1/2, rounded down */
};

/* Metrics: dgemm_gflops, mean over the ranks at work; dgemm_min_gflops; dgemm_max_gflops. */
extern const struct workload workload_dgemm;

#endif
