/*
 * nnls.h - least squares whose unknowns are times, rates and costs: never below zero.
 *
 * min |W (A x - b)| over x >= 0, by the active set method of Lawson and Hanson ("Solving Least
 * Squares Problems", 1974, chapter 23). The matrix is first reduced to its triangle (QR), so that
 * what follows costs nothing however many equations there are, and its columns are scaled, so
 * that unknowns may differ by any power of ten.
 *
 * Weights of 1 / b make it a fit of relative errors, which is what times from a microsecond to a
 * second need.
 */
#ifndef VHPCSIM_NNLS_H
#define VHPCSIM_NNLS_H

#include <stdbool.h>

enum { NNLS_UNKNOWNS = 16 }; /* at most */

struct nnls {
    int n_equations, n_unknowns;
    const double *matrix; /* row by row: n_equations x n_unknowns */
    const double *right;
    const double *weight; /* of each equation's residual, >= 0; NULL: all 1 */
};

struct nnls_solution {
    double x[NNLS_UNKNOWNS];      /* >= 0 */
    bool is_bound[NNLS_UNKNOWNS]; /* kept at 0: the data would rather have it negative */
    double residual;              /* |W (A x - b)| */
};

/*
 * Returns 0; -EINVAL where a number is not finite, a weight is negative or n_unknowns is not
 * 1..NNLS_UNKNOWNS; -EDOM where the equations of weight > 0 do not determine all unknowns (fewer
 * than those, a column of zeros, columns that depend on each other to 1e-10); -ENOMEM. Writes the
 * solution on success alone.
 */
int nnls(const struct nnls *problem, struct nnls_solution *solution);

#endif
