#include "grid.h"

#include <assert.h>
#include <stdio.h>

/* The largest divisor of `n` that is at most its root. */
static int divisor_near_root(int n)
{
    int found = 1;
    for (int i = 1; (long)i * i <= n; i++)
        if (n % i == 0)
            found = i;
    return found;
}

static struct process_grid rectangle(int n_ranks)
{
    const int smaller = divisor_near_root(n_ranks);
    return (struct process_grid){2, {n_ranks / smaller, smaller}};
}

static struct process_grid box(int n_ranks)
{
    struct process_grid best = {3, {n_ranks, 1, 1}};
    for (int depth = 1; (long)depth * depth * depth <= n_ranks; depth++) {
        if (n_ranks % depth != 0)
            continue;
        const struct process_grid face = rectangle(n_ranks / depth);
        const long sum = (long)face.extent[0] + face.extent[1] + depth;
        if (face.extent[1] >= depth && sum < (long)best.extent[0] + best.extent[1] + best.extent[2])
            best = (struct process_grid){3, {face.extent[0], face.extent[1], depth}};
    }
    return best;
}

struct process_grid grid_choose(int n_ranks, int n_dimensions)
{
    assert(n_ranks >= 1 && n_dimensions >= 1 && n_dimensions <= GRID_MAX_DIMENSIONS);
    if (n_dimensions == 1)
        return (struct process_grid){1, {n_ranks}};
    return n_dimensions == 2 ? rectangle(n_ranks) : box(n_ranks);
}

static void describe(const struct process_grid *grid, char text[64])
{
    int length = 0;
    for (int i = 0; i < grid->n_dimensions; i++)
        length += snprintf(text + length, 64 - (size_t)length, "%s%d", i > 0 ? " x " : "",
                           grid->extent[i]);
}

void grid_complete(struct process_grid *grid, int n_dimensions, struct pattern_check *check)
{
    const struct process_grid chosen = grid_choose(check->n_ranks, n_dimensions);
    char has[64], could[64], hint[128];
    describe(&chosen, could);
    snprintf(hint, sizeof hint, "leave it out to get %s", could);
    if (grid->n_dimensions == 0) {
        *grid = chosen;
        return;
    }
    if (grid->n_dimensions != n_dimensions) {
        pattern_refuse(check, "grid", hint, "a grid of %d dimension%s has %d number%s",
                       n_dimensions, n_dimensions > 1 ? "s" : "", n_dimensions,
                       n_dimensions > 1 ? "s" : "");
        return;
    }
    double size = 1.0;
    for (int i = 0; i < n_dimensions; i++)
        size *= grid->extent[i];
    if (size == (double)check->n_ranks)
        return;
    describe(grid, has);
    pattern_refuse(check, "grid", hint, "a grid of %s has %.0f processes, the scenario %d ranks",
                   has, size, check->n_ranks);
}

/* Ranks from one place to the next along `dimension`. */
static int stride_of(const struct process_grid *grid, int dimension)
{
    int stride = 1;
    for (int i = dimension + 1; i < grid->n_dimensions; i++)
        stride *= grid->extent[i];
    return stride;
}

int grid_coordinate(const struct process_grid *grid, int rank, int dimension)
{
    return rank / stride_of(grid, dimension) % grid->extent[dimension];
}

int grid_neighbour(const struct process_grid *grid, int rank, int dimension, int distance,
                   bool is_periodic)
{
    const int extent = grid->extent[dimension];
    const int here = grid_coordinate(grid, rank, dimension);
    const int there = here + distance;
    if (!is_periodic && (there < 0 || there >= extent))
        return GRID_NOBODY;
    return rank + ((there + extent) % extent - here) * stride_of(grid, dimension);
}
