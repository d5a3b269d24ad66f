/*
 * memory_transpose.c - a matrix added to the transpose of another, both beyond all caches, as
 * PTRANS does on each rank. Parameter of a node: strided_extra (raw.h).
 */
#include "kernel_memory.h"
#include "machine.h"
#include "repeat.h"
#include "workspace.h"

#include <math.h>

static const double guess_Bps = 5e9; /* for time tables alone */

struct matrices {
    int n;
    double *a, *c;
};

static void transpose_matrices(void *data, long n)
{
    const struct matrices *m = data;
    for (long i = 0; i < n; i++)
        transpose_add(m->n, m->a, m->c);
}

/* No power of two, as then a column's elements meet in few places of each cache. */
static int order_of(double matrix_B)
{
    return (int)sqrt(matrix_B / sizeof(double)) / 16 * 16 + 8;
}

static void plan_transpose(const struct measure *measure, const struct plan_request *request,
                           struct plan *plan)
{
    if (measure->is_simulated)
        return;
    const double n = order_of(machine_of(measure)->beyond_B / 2.0);
    const struct raw_cell cell = {
        .operation = RAW_TRANSPOSE, .size_B = n * n * sizeof(double), .argument = {n * n}};
    repeat_plan(measure, request->thoroughness, plan, cell, 4.0 * cell.size_B / guess_Bps);
}

static int transpose_of_team(const struct measure *measure, const struct raw_cell *cell,
                             const struct team *team, struct visit *visit)
{
    const size_t n = (size_t)cell->argument[0];
    struct matrices matrices = {.n = (int)sqrt(cell->argument[0]),
                                .a = workspace_of(WORKSPACE_ARRAYS, 2 * n * sizeof(double))};
    if (!matrices.a)
        return MPI_ERR_NO_MEM;
    matrices.c = matrices.a + n;
    for (size_t i = 0; i < 2 * n; i++)
        matrices.a[i] = 2.385;
    return repeat_work(measure, team, transpose_matrices, &matrices, visit);
}

const struct operation operation_transpose = {
    .kind = RAW_TRANSPOSE,
    .help = "a matrix added to the transpose of another, as PTRANS does on each rank",
    .plan = plan_transpose,
    .visit = repeat_visit,
    .of_team = transpose_of_team,
};
