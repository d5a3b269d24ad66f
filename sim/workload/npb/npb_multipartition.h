/*
 * npb_multipartition.h - the MPI program of BT and SP: implicit sweeps along x, y and z over a
 * multi-partitioned grid.
 *
 * The grid is cut into p x p x p cells for p^2 ranks. Each rank has p of them, on a diagonal, so
 * that every slice of cells across any axis has one cell of every rank: in a sweep, all ranks work
 * at every stage, each on another line of cells, and pass a face of results to the same neighbour
 * at every stage.
 *
 * One iteration: ranks exchange the faces of their cells with six neighbours and compute the right
 * hand side; along each axis, they eliminate from the first slice to the last and substitute back;
 * they add the result to the solution.
 *
 * Source: NPB 3.3.1, BT and SP: make_set.f, copy_faces.f, [xyz]_solve.f. The program's three
 * communicators hold the ranks of the world in their order, so that the world stands for them. Left
 * out: the computing of initial values, forcing term and error norm, outside of the timed part.
 */
#ifndef VHPCSIM_NPB_MULTIPARTITION_H
#define VHPCSIM_NPB_MULTIPARTITION_H

#include "npb_region.h"

enum { N_AXES = 3 };

/* A grid of n^3 points as p^3 cells on p^2 ranks. */
struct multipartition {
    int n, p;
};

/* A cell: p^3 have a place, counted from 0 along each axis. */
struct cell {
    int place[N_AXES];
    int points[N_AXES];
    int inner[N_AXES]; /* of the points, those that are not on the boundary of the grid */
};

/* The only cell that `rank` has in slice `slice` (0..p-1) across `axis`. */
struct cell multipartition_cell(const struct multipartition *grid, int rank, int axis, int slice);

/* Who has the cells next to the rank's along `axis`, one rank for all of them; `step` is 1 or
 * -1. */
int multipartition_neighbour(const struct multipartition *grid, int rank, int axis, int step);

/* Bytes that copy_faces sends to that neighbour: two layers of each face inside of the grid. */
uint64_t multipartition_faces_B(const struct multipartition *grid, int rank, int axis, int step);

/* Part of the solution along an axis: of its region's flops, and double words of each point that
 * the MPI program reads and writes. */
struct solve_part {
    double flops_share;
    double words;
};

/* What sets BT or SP apart. */
struct multipartition_kernel {
    const struct npb_kernel *row;
    int (*edge)(enum npb_class class);
    const uint64_t *inputs_B; /* that rank 0 broadcasts at the start, one by one; 0 ends them */

    /* Regions; NULL where there is none. */
    const char *before_solves;
    const char *after_solve[N_AXES]; /* ends each cell of an axis, and overlaps the next message */

    struct solve_part overlapped; /* what a cell needs before, and waits for no message */
    struct solve_part elimination, substitution;

    /* Bytes of the face of `cell` that goes on, forward and backward. */
    uint64_t (*forward_B)(const struct multipartition *grid, const struct cell *cell, int axis);
    uint64_t (*backward_B)(const struct multipartition *grid, const struct cell *cell, int axis);
};

/* The program on `n_ranks`, a square. Returns 0 or -ENOMEM. `kernel` must outlive it. */
int multipartition_program_new(const struct multipartition_kernel *kernel,
                               const struct npb_case *problem, int n_ranks,
                               struct program *program);

/* The grid of n^3 points for `n_ranks`, a square. */
struct multipartition multipartition_of(int n, int n_ranks);

/* True when `n_ranks` is a square and every cell has the three points that the program needs. */
bool multipartition_runs_on(int n, int n_ranks);

/* Points along an edge of the arrays that the program has for any cell. */
int multipartition_array_edge(const struct multipartition *grid);

#endif
