/*
 * npb_region_bt.c - BT counted: systems of 5 x 5 blocks along every line of three directions.
 */
#include "npb_region_cube.h"

#include "npb_size.h"

/*
 * Solves along one direction. Of each point of a line: 70 flops make the Jacobians, 240 the blocks
 * of the system, 50 a product of matrix and vector, 250 one of matrices, 365 the elimination of a
 * block, 50 the substitution; the last block takes 140. A line's blocks, 225 words a point, stay in
 * a cache.
 */
static struct npb_region *add_solve(struct cube *cube, const char *name)
{
    const double flops_of_line =
        70 * cube->n + 240 * cube->inner + (50 + 250 + 365 + 50) * (cube->n - 1) + 140;

    /* Reads 5 variables and 3 derived ones, updates the right-hand side. */
    return cube_add(cube, name, WORK_FFT, flops_of_line * cube->inner * cube->inner, 5 + 3 + 10);
}

int npb_bt_regions(enum npb_class class, struct npb_region regions[])
{
    /* u, rhs and forcing of 5, and 6 derived variables */
    struct cube cube = cube_of(npb_bt_edge(class), 5 + 5 + 5 + 6, regions);

    cube_add_rhs(&cube, 12, 6);
    add_solve(&cube, "x_solve");
    add_solve(&cube, "y_solve");
    add_solve(&cube, "z_solve")->scattered = 1; /* dealt along y, all else along z */
    cube_add(&cube, "add", WORK_MEMORY, 5 * cube.inner * cube.inner * cube.inner, 10 + 5);
    return cube.n_regions;
}
