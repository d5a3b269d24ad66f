#include "npb_region_cube.h"

struct cube cube_of(int edge, int n_words, struct npb_region regions[])
{
    const double n = edge;
    return (struct cube){.n = n,
                         .inner = n - 2,
                         .resident_B = n_words * (double)WORD_B * n * n * n,
                         .regions = regions};
}

struct npb_region *cube_add(struct cube *cube, const char *name, enum work_class class,
                            double flops, double words)
{
    struct npb_region *region = &cube->regions[cube->n_regions++];

    *region = (struct npb_region){.class = class,
                                  .flops = flops,
                                  .bytes = words * WORD_B * cube->n * cube->n * cube->n,
                                  .resident_B = cube->resident_B,
                                  .n_slices = cube->inner,
                                  .n_passes = 1};
    snprintf(region->name, sizeof region->name, "%s", name);
    return region;
}

double cube_dissipation_flops(const struct cube *cube)
{
    return 5 * (6 + 8 + 9 * (cube->n - 6) + 8 + 6) * cube->inner * cube->inner;
}

void cube_add_rhs(struct cube *cube, double flops_derived, double words_derived)
{
    const double n_points = cube->n * cube->n * cube->n;
    const double n_inner = cube->inner * cube->inner * cube->inner;
    const double dissipation = cube_dissipation_flops(cube);
    const double flux = 95 * n_inner;

    /* Reads 5 variables and derives others; copies the forcing term to the right-hand side. */
    cube_add(cube, "rhs.start", WORK_MEMORY, flops_derived * n_points, 5 + words_derived + 10)
        ->n_slices = cube->n;
    /* Along each direction: 95 flops of fluxes; 5 variables and 6 derived ones read, 5 sums
     * updated. Along z dissipation is a nest of its own. */
    cube_add(cube, "rhs.x", WORK_FFT, flux + dissipation, 5 + 6 + 10);
    cube_add(cube, "rhs.y", WORK_FFT, flux + dissipation, 5 + 6 + 10);
    cube_add(cube, "rhs.z", WORK_FFT, flux, 5 + 6 + 10);
    cube_add(cube, "rhs.z_dissipation", WORK_FFT, dissipation, 5 + 10);
    cube_add(cube, "rhs.scale", WORK_MEMORY, 5 * n_inner, 10);
}
