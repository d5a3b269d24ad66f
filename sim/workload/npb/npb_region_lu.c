/*
 * npb_region_lu.c - LU counted: symmetric successive over-relaxation, whose lower and upper
 * triangular solves walk the planes in order and, within a plane, follow a diagonal front.
 */
#include "npb_region_cube.h"

#include "npb_size.h"

/* Words of a point of the four 5 x 5 blocks that the solves of one plane take. */
enum { BLOCK_WORDS = 4 * 25 };

/* Along one direction: 11 flops of each point for the fluxes, 34 of each pair for the viscous ones,
 * 15 and 37 for their differences; 5 variables and 2 derived ones read, the residual updated. */
static struct npb_region *add_fluxes(struct cube *cube, const char *name)
{
    const double n_lines = cube->inner * cube->inner;
    const double flops_of_line = 11 * cube->n + 34 * (cube->n - 1) + (15 + 37) * cube->inner;

    return cube_add(cube, name, WORK_FFT, flops_of_line * n_lines + cube_dissipation_flops(cube),
                    5 + 2 + 10);
}

/*
 * The Jacobian blocks of every plane and the solve with them: `words` beside the blocks. A plane's
 * blocks are overwritten by the next plane's: they decide whether the traffic is one of caches, the
 * rest is a tenth.
 */
static void add_plane(struct cube *cube, const char *name, double flops, double words)
{
    struct npb_region *region =
        cube_add(cube, name, WORK_FFT, flops * cube->inner * cube->inner * cube->inner, words);
    region->resident_B = BLOCK_WORDS * (double)WORD_B * cube->inner * cube->inner;
    region->n_planes = cube->inner;
    region->scattered = 1 - BLOCK_WORDS / words; /* dealt along y, u was touched along z */
}

int npb_lu_regions(enum npb_class class, struct npb_region regions[])
{
    /* u, residual and forcing of 5, and 2 derived variables */
    struct cube cube = cube_of(npb_lu_edge(class), 5 + 5 + 5 + 2, regions);
    const double n_points = cube.n * cube.n * cube.n;
    const double n_inner = cube.inner * cube.inner * cube.inner;

    cube_add(&cube, "ssor.scale", WORK_MEMORY, 5 * n_inner, 10);
    add_plane(&cube, "jacld", 370, 5 + 2 + BLOCK_WORDS);
    add_plane(&cube, "blts", 279, 10 + BLOCK_WORDS);
    add_plane(&cube, "jacu", 370, 5 + 2 + BLOCK_WORDS);
    add_plane(&cube, "buts", 279, 10 + BLOCK_WORDS);
    cube_add(&cube, "ssor.add", WORK_MEMORY, 10 * n_inner, 10 + 5);
    /* Minus the forcing term to the residual; 2 derived variables. */
    cube_add(&cube, "rhs.start", WORK_MEMORY, 8 * n_points, 5 + 5 + 5 + 2)->n_slices = cube.n;
    add_fluxes(&cube, "rhs.x");
    add_fluxes(&cube, "rhs.y");
    add_fluxes(&cube, "rhs.z")->scattered = 1; /* dealt along y, u was touched along z */
    /* After the last iteration: of the correction and of the residual. */
    struct npb_region *norm = cube_add(&cube, "l2norm", WORK_MEMORY, 10 * n_inner, 5);
    norm->n_passes = 0;
    norm->n_once = 2;
    return cube.n_regions;
}
