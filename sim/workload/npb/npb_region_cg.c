/*
 * npb_region_cg.c - CG counted: a sparse matrix times a vector, which is read at the places that
 * the matrix's column indices say, and operations on vectors.
 */
#include "npb_region_parts.h"

#include "npb_size.h"

enum { N_CG_STEPS = 25, INDEX_B = 4 };

/* Value and column index of each nonzero stream by; a row's end is read and its result written.
 * What binds in a cache is the sum, each of whose additions waits for the last. */
static struct npb_region matvec(const char *name, enum npb_class class, double resident_B)
{
    const double n_rows = npb_cg_size(class).n_rows;
    const double n_nonzeros = npb_cg_nonzeros(class);
    struct npb_region region = {.class = WORK_SCALAR,
                                .flops = 2 * n_nonzeros,
                                .bytes =
                                    (WORD_B + INDEX_B) * n_nonzeros + (INDEX_B + WORD_B) * n_rows,
                                .accesses = n_nonzeros,
                                .table_B = WORD_B * n_rows,
                                .resident_B = resident_B,
                                .n_slices = n_rows};
    snprintf(region.name, sizeof region.name, "%s", name);
    return region;
}

static struct npb_region on_vectors(const char *name, enum npb_class class, double flops,
                                    double n_words, double resident_B)
{
    const double n_rows = npb_cg_size(class).n_rows;
    struct npb_region region = {.class = WORK_MEMORY,
                                .flops = flops * n_rows,
                                .bytes = WORD_B * n_words * n_rows,
                                .resident_B = resident_B,
                                .n_slices = n_rows};
    snprintf(region.name, sizeof region.name, "%s", name);
    return region;
}

int npb_cg_regions(enum npb_class class, struct npb_region regions[])
{
    const double vector_B = (double)WORD_B * npb_cg_size(class).n_rows;
    const double matrix_B = (WORD_B + INDEX_B) * npb_cg_nonzeros(class);
    const double all_B = matrix_B + 5 * vector_B;
    int n = 0;

    /* q, z, r, p from x; r.r; then 25 steps of q = A p, p.q, z and r and r.r, p; then |x - A z|;
     * then x.z, z.z and x = z / |z|. Words: arrays read and arrays written. */
    regions[n++] = on_vectors("conj_grad.start", class, 0, 1 + 4, all_B);
    regions[n++] = on_vectors("conj_grad.rho", class, 2, 1, all_B);
    regions[n++] = matvec("conj_grad.matvec", class, all_B);
    regions[n++] = on_vectors("conj_grad.p_dot_q", class, 2, 2, all_B);
    regions[n++] = on_vectors("conj_grad.update_z_r", class, 6, 4 + 2, all_B);
    regions[n++] = on_vectors("conj_grad.update_p", class, 2, 2 + 1, all_B);
    regions[n++] = matvec("conj_grad.residual", class, all_B);
    regions[n++] = on_vectors("conj_grad.norm", class, 3, 2, all_B);
    regions[n++] = on_vectors("norms", class, 4, 2, all_B);
    regions[n++] = on_vectors("normalize", class, 1, 1 + 1, all_B);
    /* Sums over all rows are such chains too. */
    regions[1].class = regions[3].class = regions[7].class = regions[8].class = WORK_SCALAR;
    for (int i = 0; i < n; i++)
        regions[i].n_passes = i >= 2 && i <= 5 ? N_CG_STEPS : 1;
    return n;
}
