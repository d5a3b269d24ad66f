/*
 * hpl_matrix.h - the matrix that HPL 2.x solves, as far as its pivots go.
 */
#ifndef VHPCSIM_HPL_MATRIX_H
#define VHPCSIM_HPL_MATRIX_H

/*
 * Factors HPL's random N x N matrix in the plainest way and sets pivots[j] to the row that is
 * swapped with row j in column j. Returns 0 or -ENOMEM. Cost: 2/3 N^3 flops, 8 N^2 bytes.
 */
int hpl_matrix_pivots(long n, long pivots[]);

#endif
