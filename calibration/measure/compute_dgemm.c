/*
 * compute_dgemm.c - matrix multiplication by the BLAS that the program is linked with, one thread a
 * rank, on random numbers (what is in the matrices changes their speed).
 *
 * The shapes of shapes.h, each by one rank of a host alone and by all of its ranks at once. A of
 * m x k, B of k x n and C of m x n are stored by columns without gaps, as HPL stores its panels; no
 * operand is transposed. Parameters of a node: dgemm_polynomial, rates.dgemm, node_spread,
 * call_spread (raw.h).
 */
#include "machine.h"
#include "repeat.h"
#include "shapes.h"
#include "workspace.h"

#include <cblas.h>

static const double matrices_part = 0.25; /* of the memory that a rank may fill */

struct product {
    struct shape shape;
    double *a, *b, *c;
};

static void multiply(void *data, long n)
{
    const struct product *p = data;
    for (long i = 0; i < n; i++)
        cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, p->shape.m, p->shape.n, p->shape.k,
                    1.0, p->a, p->shape.m, p->b, p->shape.k, 1.0, p->c, p->shape.m);
}

static void plan_dgemm(const struct measure *measure, const struct plan_request *request,
                       struct plan *plan)
{
    struct shape shapes[MOST_SHAPES];
    if (measure->is_simulated)
        return;
    const struct machine *machine = machine_of(measure);
    const int n = shapes_choose(measure->seed, request->thoroughness, machine->rate_flops,
                                matrices_part * machine->rank_memory_B / sizeof(double), shapes);
    for (int i = 0; i < n; i++) {
        const struct raw_cell cell = {.operation = RAW_DGEMM,
                                      .size_B = sizeof(double) * shape_words(&shapes[i]),
                                      .argument = {shapes[i].m, shapes[i].n, shapes[i].k}};
        /* How many are at work between one and all is for fewer cells to tell. */
        repeat_plan(measure, QUICK, plan, cell, shape_flops(&shapes[i]) / machine->rate_flops);
    }
}

static int dgemm_of_team(const struct measure *measure, const struct raw_cell *cell,
                         const struct team *team, struct visit *visit)
{
    const struct shape shape = {(int)cell->argument[0], (int)cell->argument[1],
                                (int)cell->argument[2]};
    double *numbers = workspace_random((size_t)shape_words(&shape));
    if (!numbers)
        return MPI_ERR_NO_MEM;
    struct product product = {.shape = shape, .a = numbers};
    product.b = product.a + (size_t)shape.m * (size_t)shape.k;
    product.c = product.b + (size_t)shape.k * (size_t)shape.n;
    return repeat_work(measure, team, multiply, &product, visit);
}

const struct operation operation_dgemm = {
    .kind = RAW_DGEMM,
    .help = "matrix multiplication of many shapes, by one rank of a host and by all",
    .plan = plan_dgemm,
    .visit = repeat_visit,
    .of_team = dgemm_of_team,
};
