/*
 * hpcc.h - the HPC Challenge suite: its tests one after the other, with sizes from HPL's N.
 *
 * As HPCC 1.5.0 does it, all tests take their sizes and their process grid from HPL's input: a
 * process has 8 N^2 / (P Q) bytes, and each test fills that memory with what it needs (see
 * hpcc_parts.h). P x Q may be smaller than the number of ranks; HPL and PTRANS then leave ranks
 * idle, the others use all. All ranks meet in a barrier before each test. The order is HPCC's:
 * RandomAccess with either generator, PTRANS, DGEMM, STREAM, FFT, ping-pong, rings, HPL; what runs
 * over all ranks, on every rank and on one, in this order (DGEMM and STREAM have no first one).
 *
 * Left out: what HPCC does between the timed parts (filling matrices, checking results), so that
 * the suite's own time is shorter than a real run. Of several problem sizes or grids in an input
 * file the first is simulated.
 */
#ifndef VHPCSIM_WORKLOAD_HPCC_H
#define VHPCSIM_WORKLOAD_HPCC_H

#include "sim/workload/hpl/hpl.h"

/* Which tests run. */
struct hpcc_tests {
    bool random_access, random_access_lcg, ptrans, dgemm, stream, fft, pingpong, ring, hpl;
};

struct hpcc_spec {
    struct hpl_spec hpl; /* first, as the rows of its keys want it */
    struct hpcc_tests tests;
    int n_clients; /* see pingpong.h */
    int algorithm; /* enum random_access_algorithm */
    long seed;     /* of the random grids and rings */
};

/*
 * Metrics: those of each test that runs, HPL's first; those of RandomAccess, DGEMM, STREAM
 * and FFT with mpi_, star_ or single_ before their names, of the other generator with lcg_ behind
 * that.
 */
extern const struct workload workload_hpcc;

#endif
