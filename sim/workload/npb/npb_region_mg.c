/*
 * npb_region_mg.c - MG counted, level by level of its grids: 27-point stencils that stream three
 * planes through the caches.
 *
 * Level k has 2^k points along an edge and a layer of copies around them. A V-cycle restricts the
 * residual down to level 1, solves there, and corrects, level by level, up to the finest.
 */
#include "npb_region_parts.h"

#include "npb_size.h"

#include <math.h>

static double points(int level)
{
    return ldexp(1.0, 3 * level);
}

/*
 * One loop nest over planes of a level; `flops` and `words` (arrays read and written) of each
 * point. In a cache, stencils are bound by the loads of nine rows and of the sums along them, more
 * than one a flop: compiled loops as those of class fft, not vector loops as those of class memory.
 */
static struct npb_region nest(const char *name, int level, double n_planes, double flops,
                              double words)
{
    const double n = points(level);
    /* u and r of this level and the coarser ones, and v of the finest, are all about alike. */
    struct npb_region region = {.class = flops > 0 ? WORK_FFT : WORK_MEMORY,
                                .flops = flops * n,
                                .bytes = words * WORD_B * n,
                                .resident_B = 3 * WORD_B * n,
                                .n_slices = n_planes,
                                .n_passes = 1};
    snprintf(region.name, sizeof region.name, "%s.%d", name, level);
    return region;
}

/* Both sides of the three pairs of faces, each point read and written. */
static struct npb_region copy_faces(int level, int n_passes)
{
    const double edge = ldexp(1.0, level) + 2;
    struct npb_region region = nest("comm3", level, edge, 0, 0);
    region.bytes = 3 * 2 * 2 * WORD_B * edge * edge;
    region.n_passes = n_passes;
    return region;
}

int npb_mg_regions(enum npb_class class, struct npb_region regions[])
{
    const int finest = npb_mg_levels(class);
    int n = 0;

    /* Down. Of each coarse point: 24 flops (two sums along planes are shared by neighbours), 8 fine
     * points read and one written. */
    for (int k = finest - 1; k >= 1; k--)
        regions[n++] = nest("rprj3", k, ldexp(1.0, k), 24, 8 + 1);
    /* Up. interp: of each coarse point 23 flops, which is read, and 8 fine points updated. resid:
     * 15 flops, reads u and the right-hand side, writes r. psinv: 16 flops, reads r, updates u. */
    for (int k = 1; k <= finest; k++) {
        if (k < finest)
            regions[n++] = nest("zero3", k, ldexp(1.0, k), 0, 1);
        if (k > 1) {
            regions[n++] = nest("interp", k, ldexp(1.0, k - 1) + 1, 23.0 / 8, 1.0 / 8 + 2);
            regions[n++] = nest("resid", k, ldexp(1.0, k), 15, 2 + 1);
        }
        regions[n++] = nest("psinv", k, ldexp(1.0, k), 16, 2 + 1);
        regions[n++] = copy_faces(k, k == 1 ? 2 : 3);
    }
    /* After the V-cycle the residual of the finest grid again, and once before the first. */
    struct npb_region *last = &regions[n - 3];
    last->n_passes = 2;
    last->n_once = 1;
    regions[n - 1].n_once = 1;
    /* Square, sum and maximum: chains. */
    regions[n] = nest("norm2u3", finest, ldexp(1.0, finest), 3, 1);
    regions[n].class = WORK_SCALAR;
    regions[n].n_passes = 0;
    regions[n++].n_once = 2;
    return n;
}
