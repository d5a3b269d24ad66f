/*
 * npb_region_sp.c - SP counted: five scalar systems with five diagonals along every line of three
 * directions.
 */
#include "npb_region_cube.h"

#include "npb_size.h"

/*
 * Solves along one direction. Of each point of a line: 9 flops for the largest eigenvalue, 8 for
 * the diagonals, 5 for dissipation, 8 for the two other systems, 26 and 32 for the eliminations, 20
 * for the substitutions; 66 more for the rows at both ends. A plane's diagonals, 15 words a point,
 * stay in a cache.
 */
static struct npb_region *add_solve(struct cube *cube, const char *name)
{
    const double flops_of_line =
        9 * cube->n + (8 + 8 + 26 + 32 + 20) * cube->inner + 5 * (cube->n - 6) + 66;

    /* Reads 3 derived variables, updates the right-hand side. */
    return cube_add(cube, name, WORK_FFT, flops_of_line * cube->inner * cube->inner, 3 + 10);
}

int npb_sp_regions(enum npb_class class, struct npb_region regions[])
{
    /* u, rhs and forcing of 5, and 7 derived variables */
    struct cube cube = cube_of(npb_sp_edge(class), 5 + 5 + 5 + 7, regions);
    const double n_inner = cube.inner * cube.inner * cube.inner;

    cube_add_rhs(&cube, 16, 7);
    /* Changes of basis between the solves: of each point a 5 x 5 matrix with few entries. */
    cube_add(&cube, "txinvr", WORK_MEMORY, 27 * n_inner, 6 + 10);
    add_solve(&cube, "x_solve");
    cube_add(&cube, "ninvr", WORK_MEMORY, 7 * n_inner, 10);
    add_solve(&cube, "y_solve");
    cube_add(&cube, "pinvr", WORK_MEMORY, 7 * n_inner, 10);
    add_solve(&cube, "z_solve")->scattered = 1; /* dealt along y, all else along z */
    cube_add(&cube, "tzetar", WORK_MEMORY, 27 * n_inner, 5 + 5 + 10);
    cube_add(&cube, "add", WORK_MEMORY, 5 * n_inner, 10 + 5);
    return cube.n_regions;
}
