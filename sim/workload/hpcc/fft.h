/*
 * fft.h - HPCC's FFT: a one-dimensional transform of a complex vector, over all ranks or alone.
 *
 * MPI (MPIFFT): the vector of n elements, seen as a cube of nx x ny x nz, is transformed along each
 * of its sides in turn. Between them, and before and after, data are reordered, and three times
 * all ranks exchange all data (MPI_Alltoall): before the transform along z, after it, and at the
 * end to give back the natural order. The inverse transform follows, whose time does not count.
 * Star: every rank transforms a vector of its own at once; single: one rank does.
 *
 * Sizes: MPIFFT takes the largest power of two of ranks, P, and L elements per rank and rank, the
 * largest power of two of which four vectors of P L fit the memory; n = P^2 L. A local vector is
 * the largest power of two of which two fit.
 *
 * Follows MPIFFT, FFTE's pzfft1d and zfft1d in HPCC 1.5.0 as it is built by default (sizes are
 * powers of two, no FFTW). Left out: filling the vectors and checking the result, which are not
 * timed, and tables of sines. Single runs on a random rank there, on rank 0 here, and its results
 * need no broadcast.
 *
 * Work is 5 n log2 n flops, shared among the three sides by their logarithms, as HPCC counts it:
 * the rate of class fft is such flops a second, twiddle factors in it. Memory traffic is counted as
 * STREAM does, 16 B an element read and 16 B written each time that it passes through the caches.
 */
#ifndef VHPCSIM_WORKLOAD_FFT_H
#define VHPCSIM_WORKLOAD_FFT_H

#include "sim/workload/shared.h"
#include "sim/workload/workload.h"

struct fft_spec {
    enum ranks_at_work ranks;
    double hpl_memory_B; /* of a process, see rules.h */
};

/* Ranks that MPIFFT uses, out of `n_ranks`; 1 or `n_ranks` for a local transform. */
int fft_n_computing(const struct fft_spec *spec, int n_ranks);

/* Elements of the vector, or of each vector where every rank has its own. */
int64_t fft_n_elements(const struct fft_spec *spec, int n_ranks);

/*
 * Metrics: fft_gflops, of all ranks together for mpi, else the mean over ranks; fft_time_s, for mpi
 * of rank 0, as HPCC counts it; for star and single fft_min_gflops and fft_max_gflops.
 */
extern const struct workload workload_fft;

#endif
