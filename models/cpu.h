/*
 * cpu.h - how long work takes on a core or a vCPU.
 *
 * Work is flops of a class, bytes of memory traffic, and random accesses to memory. Time is the
 * longest of the three (roofline): flops at the class's rate, bytes at this rank's share of the
 * node's memory bandwidth, accesses at the node's memory latency. A guest then keeps part of that
 * speed. Left out: caches shared between ranks, frequency changes, NUMA distance.
 */
#ifndef VHPCSIM_CPU_H
#define VHPCSIM_CPU_H

#include "profile.h"

struct work {
    enum work_class class;
    double flops;      /* >= 0 */
    double bytes;      /* memory traffic, >= 0 */
    double n_accesses; /* to random places beyond all caches, >= 0; their bytes are in `bytes` */
    double n_at_once; /* accesses that the program lets be under way at once; up to 1: one by one */
    double m, n, k;   /* shape of a matrix multiply; 0 where the work is none */
};

/* `flops` and `bytes` of class `class`. */
struct work work_of(enum work_class class, double flops, double bytes);

/*
 * `n_updates` read-modify-writes of words at random in a table beyond all caches, of which the
 * program offers `n_at_once` at a time, and `flops` of class integer: each update moves a cache
 * line in and out.
 */
struct work work_updates(double n_updates, double n_at_once, double flops);

/* Work of `class` that takes a core `native_s` while the others idle. */
struct work work_lasting(const struct node_profile *node, enum work_class class, double native_s);

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
 * Returns the time of `work`. Falls or stays when a rate, a bandwidth, an
 * efficiency or the number of accesses at once rises, or latency falls; additive in what binds.
 * Cost: a few divisions.
 */
struct compute_cost cpu_cost(const struct node_profile *node, const struct virt_profile *virt,
                             const struct core_load *load, const struct work *work);

double compute_cost_total_s(const struct compute_cost *cost);

#endif
