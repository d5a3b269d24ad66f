/*
 * ptrans.h - HPCC's PTRANS: a matrix is transposed and added to another, A' + C.
 *
 * Both N x N matrices are dealt in NB x NB blocks over a P x Q process grid. Blocks whose row
 * numbers agree modulo L, the least common multiple of P and Q, and whose column numbers do so
 * too, travel together: a process packs L/P x L/Q such classes one after the other, trades each
 * with a pair of processes in one MPI_Sendrecv and adds what came to C. A class that stays is
 * added in place. Every message has the size of the largest class, ceil(N / NB / L)^2 blocks,
 * and goes in parts of 100 MB. Ranks are dealt to the grid at random, anew in each repetition, and
 * the slowest repetition counts.
 *
 * Follows pdtrans and its driver in HPCC 1.5.0 (PUMMA: Choi, Dongarra, Walker, Parallel Computing
 * 21, 1995). Left out: generating the matrices and checking the result, which are not timed.
 *
 * Work on elements is memory traffic as STREAM counts it: 16 B an element packed, 24 B an element
 * added. Packing, and adding in place, read along columns and write along rows, which costs cache
 * and TLB misses beyond that: the node's `strided_extra_B` an element. One process alone tells its
 * value, as 8 B of metric are 24 B and the extra there.
 */
#ifndef VHPCSIM_WORKLOAD_PTRANS_H
#define VHPCSIM_WORKLOAD_PTRANS_H

#include "sim/workload/workload.h"

struct ptrans_spec {
    int n;             /* order of the matrices; HPCC takes half of HPL's */
    int nb;            /* order of a block */
    int p, q;          /* rows and columns of the process grid */
    int n_repetitions; /* each with another random grid */
    long grid_seed;    /* of the random grids */
};

/* What a process does in one step: a class of its blocks goes, another comes. */
struct ptrans_trade {
    int to;                /* place in the grid, column + row Q */
    int from;              /* the same; the process itself where the class stays */
    double sent_elements;  /* of A that are packed */
    double added_elements; /* of C to which what came is added */
};

/* What the process at `place` (0..PQ-1) does in step `index` (0..L/P L/Q - 1). */
struct ptrans_trade ptrans_trade_at(const struct ptrans_spec *spec, int place, int index);

/* How many classes each process trades, and the size of the message of each. */
int ptrans_n_trades(const struct ptrans_spec *spec);
double ptrans_message_B(const struct ptrans_spec *spec);

/*
 * Metrics: ptrans_GBps, 8 N^2 bytes by the slowest repetition's slowest process; ptrans_s, that
 * time.
 */
extern const struct workload workload_ptrans;

#endif
