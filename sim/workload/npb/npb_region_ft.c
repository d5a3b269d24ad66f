/*
 * npb_region_ft.c - FT counted: three passes of one-dimensional FFTs, each of which reads and
 * writes the whole array once, as blocks of 32 lines are worked on in a cache.
 */
#include "npb_region_parts.h"

#include "npb_size.h"

#include <math.h>

enum { N_SETUP_OPERATIONS = 8, N_CHECKSUM_POINTS = 1024 };

/* A pass over all points. */
static struct npb_region pass(const char *name, enum work_class work, double n_points, double flops,
                              double bytes, double n_slices)
{
    struct npb_region region = {.class = work,
                                .flops = flops * n_points,
                                .bytes = bytes * n_points,
                                .resident_B = (2 * COMPLEX_B + WORD_B) * n_points,
                                .n_slices = n_slices};
    snprintf(region.name, sizeof region.name, "%s", name);
    return region;
}

/* A butterfly of two points is a complex addition, subtraction and multiplication, 10 flops; there
 * are log2(n) stages: 5 log2(n) for each point. */
static struct npb_region fft_along(const char *name, double n_points, int n_along, double n_slices)
{
    struct npb_region region =
        pass(name, WORK_FFT, n_points, 5 * log2(n_along), 2 * COMPLEX_B, n_slices);
    region.n_passes = region.n_once = 1;
    return region;
}

int npb_ft_regions(enum npb_class class, struct npb_region regions[])
{
    const struct npb_ft_size size = npb_ft_size(class);
    const double n_points = (double)size.nx * size.ny * size.nz;
    int n = 0;

    /* An exponential of the squared distance to the origin. */
    regions[n] = pass("compute_indexmap", WORK_SCALAR, n_points, N_SETUP_OPERATIONS + N_FLOPS_LOG,
                      WORD_B, size.nz);
    regions[n++].n_once = 1;
    /* Two random numbers, 5 operations each (see EP). */
    regions[n] = pass("initial_conditions", WORK_SCALAR, n_points, 2 * 5, COMPLEX_B, size.nz);
    regions[n++].n_once = 1;
    /* Reads u0 and the factor, writes u0 and u1; a complex number times a real one. */
    regions[n] = pass("evolve", WORK_MEMORY, n_points, 2, 3 * COMPLEX_B + WORD_B, size.nz);
    regions[n++].n_passes = 1;
    regions[n] = fft_along("fft_z", n_points, size.nz, size.ny);
    regions[n++].scattered = 1; /* dealt along y, all else along z */
    regions[n++] = fft_along("fft_y", n_points, size.ny, size.nz);
    regions[n++] = fft_along("fft_x", n_points, size.nx, size.nz);
    regions[n++] = (struct npb_region){.name = "checksum",
                                       .class = WORK_SCALAR,
                                       .flops = 2 * N_CHECKSUM_POINTS,
                                       .accesses = N_CHECKSUM_POINTS,
                                       .table_B = COMPLEX_B * n_points,
                                       .n_slices = N_CHECKSUM_POINTS,
                                       .n_passes = 1};
    /* What the MPI program does before and after its all-to-all: copies. */
    regions[n++] = pass("transpose_local", WORK_MEMORY, n_points, 0, 2 * COMPLEX_B, size.nz);
    regions[n++] = pass("transpose_finish", WORK_MEMORY, n_points, 0, 2 * COMPLEX_B, size.nz);
    return n;
}
