/*
 * hpl_matrix.c - HPL fills its matrix column by column from one linear congruential stream of
 * 64 bits (HPL_pdmatgen, HPL_rand), so that it is the same on every grid.
 */
#include "hpl_matrix.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static const uint64_t seed = 100;
static const uint64_t multiplier = UINT64_C(6364136223846793005);

static void fill(size_t n, double a[])
{
    uint64_t state = seed;
    for (size_t i = 0; i < n * n; i++) {
        state = state * multiplier + 1;
        a[i] = 0.5 - (double)state * 0x1p-64;
    }
}

static size_t largest_in(const double column[], size_t first, size_t n)
{
    size_t largest = first;
    for (size_t i = first + 1; i < n; i++)
        if (fabs(column[i]) > fabs(column[largest]))
            largest = i;
    return largest;
}

static void swap_rows(size_t n, double a[], size_t row, size_t other)
{
    for (size_t j = 0; j < n; j++) {
        const double kept = a[j * n + row];
        a[j * n + row] = a[j * n + other];
        a[j * n + other] = kept;
    }
}

/* Subtracts column k, scaled, from the columns right of it. */
static void eliminate(size_t n, double a[], size_t k)
{
    double *column = a + k * n;
    for (size_t i = k + 1; i < n; i++)
        column[i] /= column[k];
    for (size_t j = k + 1; j < n; j++)
        for (size_t i = k + 1; i < n; i++)
            a[j * n + i] -= column[i] * a[j * n + k];
}

int hpl_matrix_pivots(long n, long pivots[])
{
    const size_t order = (size_t)n;
    double *a = calloc(order * order, sizeof *a);
    if (!a)
        return -ENOMEM;
    fill(order, a);
    for (size_t k = 0; k < order; k++) {
        const size_t pivot = largest_in(a + k * order, k, order);
        pivots[k] = (long)pivot;
        if (pivot != k)
            swap_rows(order, a, k, pivot);
        eliminate(order, a, k);
    }
    free(a);
    return 0;
}
