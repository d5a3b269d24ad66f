/*
 * npb_size.h - how large the NPB problems of each class are.
 *
 * Source: NPB 3.3.1, sys/setparams.c and IS/is.c; class F, and class E of IS, from NPB 3.4. IS
 * stops at class E: NPB defines no class F for it.
 */
#ifndef VHPCSIM_NPB_SIZE_H
#define VHPCSIM_NPB_SIZE_H

#include "npb.h"

/* Log 2 of EP's pairs of random numbers. */
int npb_ep_log_pairs(enum npb_class class);

struct npb_is_size {
    int log_keys;    /* log 2 of how many keys */
    int log_max_key; /* log 2 of their range */
    int log_buckets;
    int key_B; /* 8 bytes from class D up: the keys' number exceeds 31 bits */
};
struct npb_is_size npb_is_size(enum npb_class class);

struct npb_ft_size {
    int nx, ny, nz; /* powers of two */
};
struct npb_ft_size npb_ft_size(enum npb_class class);

struct npb_cg_size {
    int n_rows;
    int nonzer; /* NPB's name: nonzeros of each of the sparse vectors that make up the matrix */
};
struct npb_cg_size npb_cg_size(enum npb_class class);

/* Nonzeros of the matrix as NPB's operation count estimates them: n_rows x nonzer x (nonzer + 1).
 * Class A has 0.3 % more. */
double npb_cg_nonzeros(enum npb_class class);

/* Log 2 of the edge of MG's finest grid, which is also its number of levels. */
int npb_mg_levels(enum npb_class class);

/* Grid points along each edge, boundaries included. */
int npb_bt_edge(enum npb_class class);
int npb_sp_edge(enum npb_class class);
int npb_lu_edge(enum npb_class class);

#endif
