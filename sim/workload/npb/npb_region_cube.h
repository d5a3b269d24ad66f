/*
 * npb_region_cube.h - what BT, SP and LU share: loop nests over a cube of n points along an edge,
 * and the right-hand side of the Navier-Stokes equations on it.
 */
#ifndef VHPCSIM_NPB_REGION_CUBE_H
#define VHPCSIM_NPB_REGION_CUBE_H

#include "npb_region_parts.h"

/* A cube, its memory and its regions, as they are counted. */
struct cube {
    double n;          /* points along an edge */
    double inner;      /* of them, not on a boundary: n - 2 */
    double resident_B; /* all arrays that an iteration walks */
    struct npb_region *regions;
    int n_regions;
};

/* `n_words` are the doubles that the program keeps of each point. */
struct cube cube_of(int edge, int n_words, struct npb_region regions[]);

/*
 * Adds a nest over the inner planes: `flops` in all, `words` read and written of each of the cube's
 * points.
 */
struct npb_region *cube_add(struct cube *cube, const char *name, enum work_class class,
                            double flops, double words);

/* Flops of the fourth-order dissipation along one direction: of each of 5 variables, 6 and 8 near
 * either boundary and 9 between. */
double cube_dissipation_flops(const struct cube *cube);

/* compute_rhs as BT and SP have it; they differ in what they derive from the variables first. */
void cube_add_rhs(struct cube *cube, double flops_derived, double words_derived);

#endif
