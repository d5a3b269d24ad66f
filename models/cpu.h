/*
 * cpu.h - how long work takes on a core or a vCPU.
 *
 * Work is flops of a class, bytes of memory traffic, and random accesses to memory. Time is the
 * longest of the three (roofline): flops at the class's rate, bytes at this rank's share of the
 * memory bandwidth of its socket and node, accesses at the node's memory latency. What fits caches
 * does not go to memory. Hardware threads share a core's speed. A guest then keeps part of all
 * that; where it does not see the sockets, its data lie on any of them, and its page tables are
 * walked in two dimensions (paging.h). Left out: frequency changes, and caches that ranks share or
 * contend for beyond an equal part each.
 */
#ifndef VHPCSIM_CPU_H
#define VHPCSIM_CPU_H

#include "profile.h"

#include <stdbool.h>

struct work {
    enum work_class class;
    double flops;     /* >= 0 */
    double bytes;     /* memory traffic, >= 0 */
    double reused_B;  /* what those bytes walk again and again; 0: nothing, all from memory */
    double n_lookups; /* independent reads at random places of a table */
    double table_B;   /* its size: lookups that miss the caches are accesses and move a line */
    double scattered; /* part of bytes, lookups and accesses, 0..1, whose place in the node's memory
                         nothing ties to the rank: threads that share data */
    double n_accesses; /* to random places beyond all caches, >= 0; their bytes are in `bytes` */
    double n_at_once; /* accesses that the program lets be under way at once; up to 1: one by one */
    double n_strided; /* elements that stand apart from the next one, >= 0: lines come for a part of
                         their bytes; what they read and write is in `bytes` */
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

/* CPU time of a look for messages, in a library that has to watch `n_connections` other ranks. */
double look_cost_s(const struct mpi_profile *mpi, int n_connections);

/* Work of `class` that takes a core `native_s` while the others idle. */
struct work work_lasting(const struct node_profile *node, enum work_class class, double native_s);

/* C(m x n) += A(m x k) B(k x n): 2 m n k flops, and the shape for the polynomial. */
struct work work_dgemm(double m, double n, double k);

/* `part` (0..1) of `work`, whose other parts walk the same data. */
struct work work_part(const struct work *work, double part);

/* Where a rank computes, as far as its speed depends on it. */
struct core_load {
    int n_cores;  /* of the node */
    int n_active; /* ranks of the node that take part in the run, 1..; those beyond the hardware
                     threads take turns, and what a rank waits for its turn is not ours to tell */
    int n_vcpus;  /* of the rank's guest; 0: native */
    /* Zeros are a rank alone on its core, beside all others on the only socket. */
    int n_on_core;          /* ranks placed on its core, itself included */
    int n_on_socket;        /* ranks placed on its socket, itself included */
    int n_sockets;          /* that the ranks of its operating system run on */
    int n_sockets_of_guest; /* that the guest's vCPUs, and so its memory, are on */
    bool has_huge_pages;    /* the guest's memory, in its own page tables and the host's */
    int n_beside;           /* cores of the node that are at work for others */
    bool is_floating;       /* the guest's vCPUs are not pinned to cores */
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
