/*
 * hpl.h - High-Performance Linpack: what a scenario says about it.
 *
 * HPL solves one dense N x N system by LU factorization with row pivoting. The N x (N + 1)
 * matrix (the right-hand side is its last column) lies block-cyclically, in NB x NB blocks, on a
 * P x Q grid of processes. What is simulated is HPL 2.x's timed region, HPL_pdgesv: each
 * message that it sends, with its size, and the work between them. Setting up the matrix and
 * checking the residual are left out, as they are in HPL's own time.
 *
 * The choices are HPL's, in the order of the codes in its input file HPL.dat.
 */
#ifndef VHPCSIM_HPL_H
#define VHPCSIM_HPL_H

#include "sim/workload/workload.h"

enum hpl_order { HPL_ROW_MAJOR, HPL_COLUMN_MAJOR };
enum hpl_looking { HPL_LEFT, HPL_CROUT, HPL_RIGHT };
enum hpl_broadcast {
    HPL_1RING,
    HPL_1RING_MODIFIED,
    HPL_2RING,
    HPL_2RING_MODIFIED,
    HPL_LONG,
    HPL_LONG_MODIFIED
};
enum hpl_swap { HPL_BINARY_EXCHANGE, HPL_SPREAD_ROLL, HPL_SWAP_MIX };

enum { HPL_MAX_NB = 8192, HPL_MAX_GRID = 32767 };

struct hpl_spec {
    long n;             /* order of the system, >= 1 */
    int nb;             /* columns of a panel, 1..HPL_MAX_NB */
    int p, q;           /* rows and columns of the process grid, 1..HPL_MAX_GRID */
    int order;          /* enum hpl_order: which way ranks fill the grid */
    int pfact;          /* enum hpl_looking: columns of the innermost block */
    int nbmin;          /* the recursion stops at blocks of so many columns, >= 1 */
    int ndiv;           /* parts that the recursion cuts a block into, >= 2 */
    int rfact;          /* enum hpl_looking: blocks of the recursion */
    int broadcast;      /* enum hpl_broadcast */
    int depth;          /* panels of look-ahead, >= 0; a grid of one column has none */
    int swap;           /* enum hpl_swap */
    int swap_threshold; /* mix: spread-roll above so many local columns */
    bool equilibration; /* spread-roll: even out the rows before they roll */
};

/* The choices' words in a scenario, by their codes; NULL at the end. */
extern const char *const hpl_order_names[],
    *const hpl_looking_names[], *const hpl_broadcast_names[], *const hpl_swap_names[];

extern const struct field hpl_fields[]; /* its rows are those of hpl_rows.inc */

/* Reports grids larger than the scenario's ranks, matrices larger than its memory, and what is
 * legal but unwise. */
void hpl_check(const void *spec, const struct scenario *scenario, struct diagnostics *diagnostics);

/* HPL's own count of the work, 2/3 N^3 + 3/2 N^2 flops, over its own time. */
double hpl_gflops(long n, double elapsed_s);

/* The inverse: the time of a run of that rate. */
double hpl_time_s(long n, double gflops);

/*
 * Prints the block of xhpl's output that begins with "T/V" and what follows it; HPL 2.3's format.
 * The residual is not checked, as with a threshold of 0 in HPL.dat.
 */
void hpl_print(const void *spec, const struct scenario *scenario, int n,
               const struct metric metrics[], FILE *out);

/* HPL's letters for enum hpl_looking and enum hpl_order. */
char hpl_looking_letter(int looking);
char hpl_order_letter(int order);

extern const struct workload workload_hpl;

#endif
