/*
 * dgemm_fit.h - how long a matrix multiply takes, as a polynomial of its shape.
 *
 * T = mnk MNK + mn MN + mk MK + nk NK + call for C (M x N) += A (M x K) B (K x N): the multiply
 * itself, and copies of each matrix into the library's own layout. A rate alone errs by 10 to 30 %
 * for the thin matrices of HPL's update (Cornebize and Legrand, doi:10.1177/1094342021990738).
 * Terms are not negative; errors are relative, and count by the fourth root of the time that a call
 * takes: programs spend theirs in long ones, and libraries have other kernels for the shortest,
 * whose number would rule. Shapes far off the others pull with less weight (Huber), as a library
 * changes its kernel with the shape.
 */
#ifndef VHPCSIM_DGEMM_FIT_H
#define VHPCSIM_DGEMM_FIT_H

#include "resample.h"

#include <stdbool.h>

enum dgemm_term { DGEMM_MNK, DGEMM_MN, DGEMM_MK, DGEMM_NK, DGEMM_CALL, N_DGEMM_TERMS };

/* Median of a visit. */
struct dgemm_point {
    double m, n, k; /* >= 1 */
    double time_s;  /* > 0 */
    int group;      /* visits of one number err together */
    int launch;     /* and so do those of a launch */
};

struct dgemm_fit {
    struct estimate term_s[N_DGEMM_TERMS]; /* as struct dgemm_polynomial has them */
    bool is_bound[N_DGEMM_TERMS];          /* kept at 0 */
    struct estimate rate_flops;            /* 2 MNK / T for matrices without bounds: 2 / mnk */
    double error_p50, error_p95;           /* relative, of the shapes' medians it was fitted to */
    int n_shapes;
};

/*
 * Returns 0; -EINVAL where a number is not finite, a time not > 0 or a dimension < 1; -EDOM where
 * shapes do not determine the five terms (all cubes, fewer than five, one thickness) or show no
 * multiply at all. Writes the
 * result on success alone.
 */
int dgemm_fit(int n_points, const struct dgemm_point point[], const struct resampling *how,
              struct dgemm_fit *result);

/* Seconds of one call under the fit. */
double dgemm_fit_time_s(const struct dgemm_fit *fit, double m, double n, double k);

/* Multiplies of fewer multiply-adds take microseconds, and kernels of their own in many libraries.
 */
#define DGEMM_LEAST_BLOCKED 1e6

/* Relative errors of predicted medians of shapes that were left out of the fit, of those of
 * DGEMM_LEAST_BLOCKED and more. */
struct dgemm_held_out {
    double error_p50, error_p95;
    int n_shapes; /* >= 1 */
};

/*
 * Deals shapes to `n_folds` >= 2 folds at random, fits without each and predicts it. Errors as of
 * dgemm_fit(), -EINVAL too where n_folds < 2, -EDOM where all shapes are small.
 */
int dgemm_hold_out(int n_points, const struct dgemm_point point[], int n_folds, uint64_t seed,
                   struct dgemm_held_out *result);

#endif
