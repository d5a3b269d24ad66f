/*
 * grid.h - processes in a grid of one to three dimensions, row by row as MPI_Cart_create has them:
 * the last coordinate runs fastest.
 */
#ifndef VHPCSIM_PATTERN_GRID_H
#define VHPCSIM_PATTERN_GRID_H

#include "kind.h"

enum { GRID_MAX_DIMENSIONS = 3, GRID_NOBODY = -1 };

struct process_grid {
    int n_dimensions;
    int extent[GRID_MAX_DIMENSIONS]; /* processes along each */
};

/* The grid of all `n_ranks` whose extents are nearest to each other, the largest first. */
struct process_grid grid_choose(int n_ranks, int n_dimensions);

/* Fills in a grid that was left out (no dimensions), and reports at `grid` one that does not have
 * `n_dimensions` or not all ranks. */
void grid_complete(struct process_grid *grid, int n_dimensions, struct pattern_check *check);

/* The place of `rank` along `dimension`. */
int grid_coordinate(const struct process_grid *grid, int rank, int dimension);

/* Who is `distance` (-1 or 1) along `dimension` from `rank`: at the ends, the other end where the
 * grid is periodic, else GRID_NOBODY. */
int grid_neighbour(const struct process_grid *grid, int rank, int dimension, int distance,
                   bool is_periodic);

#endif
