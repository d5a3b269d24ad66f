/*
 * cpu.h - how long work takes on a core or a vCPU.
 *
 * Work is flops of a class and bytes of memory traffic. Time is the longer of
 * the two (roofline): flops at the class's rate, bytes at this rank's share of
 * the node's memory bandwidth. A guest then keeps part of that speed. Left out: caches shared
 * between ranks, frequency changes, NUMA distance.
 */
#ifndef VHPCSIM_CPU_H
#define VHPCSIM_CPU_H

#include "profile.h"

struct work {
    enum work_class class;
    double flops;   /* >= 0 */
    double bytes;   /* memory traffic, >= 0 */
    double m, n, k; /* shape of a matrix multiply; 0 where the work is none */
};

/* `flops` and `bytes` of class `class`. */
struct work work_of(enum work_class class, double flops, double bytes);

/* C(m x n) += A(m x k) B(k x n): 2 m n k flops, and the shape for the polynomial. */
struct work work_dgemm(double m, double n, double k);

/* Where a rank computes, as far as its speed depends on it. */
struct core_load {
    int n_cores;  /* of the node */
    int n_active; /* ranks of the node that take part in the run, 1..; also above n_cores */
    int n_vcpus;  /* of the rank's guest; 0: native */
};

/* Time of one piece of work; the parts add up to the whole. */
struct compute_cost {
    double native_s;          /* what the bare node would need */
    double cpu_overhead_s;    /* what the guest adds to work bound by the core, may be < 0 */
    double memory_overhead_s; /* what the guest adds to work bound by memory, may be < 0 */
};

/*
 * Returns the time of `work`. Falls or stays when a rate, a bandwidth or an
 * efficiency rises; additive in flops where flops bind. Cost: a few divisions.
 */
struct compute_cost cpu_cost(const struct node_profile *node, const struct virt_profile *virt,
                             const struct core_load *load, const struct work *work);

double compute_cost_total_s(const struct compute_cost *cost);

#endif
