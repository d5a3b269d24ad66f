/*
 * hpl_exchange.h - what HPL's parts share: kinds of work, and the patterns in which the
 * processes of a row or a column exchange messages.
 *
 * Patterns are among members 0..size-1, numbered from the one that has the data, and work for any
 * size, powers of two or not.
 */
#ifndef VHPCSIM_HPL_EXCHANGE_H
#define VHPCSIM_HPL_EXCHANGE_H

#include "hpl_plan.h"
#include "sim/workload/shared.h"

/* Messages are told apart by their pair of ranks and their order, as in HPL; tags name the part. */
enum hpl_tag { HPL_TAG_COLUMN = 1001, HPL_TAG_PANEL = 2001, HPL_TAG_SOLVE = 3001 };

/* Work bound by memory: BLAS 1 and 2, copies. Nothing when both are 0. */
void hpl_compute_memory(const struct hpl_process *process, double flops, double bytes);

/* C(m x n) += A(m x k) B(k x n); nothing when empty. */
void hpl_compute_dgemm(const struct hpl_process *process, double m, double n, double k);

/* A triangular solve with `order` unknowns and `n` right-hand sides: n order^2 flops. */
void hpl_compute_dtrsm(const struct hpl_process *process, double order, double n);

enum { HPL_CACHE_LINE_B = 64 };

/* An element of a row of a column-major matrix sits alone in its cache line. */
enum { HPL_SCATTERED_B = HPL_CACHE_LINE_B + MPI_DOUBLE_B, HPL_COPIED_B = 2 * MPI_DOUBLE_B };

/* The largest power of two that is at most `x` >= 1. */
int hpl_power_of_two(int x);

/*
 * Exchange by halves (hypercube) in a process column. Member 0 has something for
 * everybody, the *offer* (its current row, or U); everybody has something for it, the
 * *answer* (a candidate for the pivot, or the pivot rows). ip2 is the largest power of two that is
 * at most `size`.
 *
 *   FOLD    members from ip2 on hand their answers to member - ip2; ip2 itself gets the offer
 *   HALVES  members below ip2 exchange with member ^ 2^k, k = 0, 1, ...; who has the offer
 *           passes it on
 *   SPREAD  the offer goes from ip2 down a binary tree to the members above it
 *   UNFOLD  members below size - ip2 hand the result to member + ip2
 */
enum hpl_stage { HPL_FOLD, HPL_HALVES, HPL_SPREAD, HPL_UNFOLD };
enum hpl_cargo { HPL_NOTHING, HPL_OFFER, HPL_ANSWER };

struct hpl_step {
    enum hpl_stage stage;
    int span; /* HALVES: 2^k, the members that each side speaks for */
    int peer; /* member */
    enum hpl_cargo send, receive;
};
enum { HPL_MAX_STEPS = 18 };

/* Fills `steps` with what `member` does, in order; returns how many. */
int hpl_exchange_steps(int member, int size, struct hpl_step steps[HPL_MAX_STEPS]);

/* Sends and receives at once with one partner; a side of 0 bytes has no message. */
void hpl_exchange_with(const struct hpl_process *process, int peer_rank, uint64_t send_B,
                       uint64_t receive_B);

/*
 * Step `step` (0..size-2) of rolling blocks around a ring until everybody has them all: neighbours
 * exchange in pairs, the pairs alternate, so each link works in both directions.
 */
struct hpl_roll {
    int peer;    /* member */
    int send;    /* block that goes to it */
    int receive; /* block that comes from it */
};
struct hpl_roll hpl_roll_step(int member, int size, int step);

#endif
