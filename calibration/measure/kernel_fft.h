/*
 * kernel_fft.h - complex Fourier transforms of powers of two, as plain compiled loops: what HPCC's
 * FFTE and NPB's FT are, in place of what the best library can do.
 *
 * Short vectors: Stockham's method, radix 4, between two vectors. Long ones: a matrix whose columns
 * are transformed a few at a time in a scratch that stays in cache, multiplied by roots of unity
 * and then transformed along rows (four-step method; D. H. Bailey, FFTs in external or hierarchical
 * memory, J. Supercomputing 4, 1990, doi:10.1007/BF00162341).
 */
#ifndef VHPC_KERNEL_FFT_H
#define VHPC_KERNEL_FFT_H

struct point {
    double re, im;
};

/* exp(-2 pi i k / n) for k of 0..n - 1. */
void fft_roots(int n, struct point roots[]);

/*
 * Transforms x[0..n - 1], n a power of two, with the roots of `n_roots`, a multiple of n. Both
 * vectors are overwritten; returns the one that has the result.
 */
struct point *fft_short(int n, int n_roots, const struct point roots[], struct point x[],
                        struct point y[]);

enum { FFT_COLUMNS = 8 /* at a time */, FFT_PADDING = 4 };

/* What a transform of a long vector needs; its memory is the caller's. */
struct fft_plan {
    int rows, columns;     /* powers of two, columns not fewer, at least FFT_COLUMNS */
    struct point *roots;   /* of `columns` */
    struct point *factors; /* rows x columns, between both steps */
    struct point *scratch; /* (FFT_COLUMNS + 1) x (columns + FFT_PADDING) */
};

/* Points of memory that fft_plan_init() needs for n points beside the vectors. */
long fft_plan_points(int n);

/* A plan for n points, a power of two, at least 64, in `memory`. */
struct fft_plan fft_plan_init(int n, struct point memory[]);

/* Transforms x; `y` is a vector as long, overwritten. The result is in x. */
void fft_long(const struct fft_plan *plan, struct point x[], struct point y[]);

/* Flops as everybody counts them, 5 n log2 n. */
double fft_flops(int n);

#endif
