/*
 * npb_bt.c - BT: the Navier-Stokes equations by systems of 5 x 5 blocks along every line of three
 * directions.
 *
 * A cell passes on a block and a vector for each line that leaves it, and gets a vector back. The
 * program sends its arrays' whole faces, whatever the cell's size. What a rank receives it waits
 * for: nothing overlaps.
 */
#include "npb_multipartition.h"
#include "npb_size.h"

#include "sim/workload/shared.h"

#include <math.h>

enum { VECTOR_B = 5 * MPI_DOUBLE_B, BLOCK_B = 5 * VECTOR_B };

static uint64_t face_of_arrays(const struct multipartition *grid)
{
    const uint64_t edge = (uint64_t)multipartition_array_edge(grid);
    return edge * edge;
}

static uint64_t bt_forward_B(const struct multipartition *grid, const struct cell *cell, int axis)
{
    (void)cell, (void)axis;
    return face_of_arrays(grid) * (BLOCK_B + VECTOR_B);
}

static uint64_t bt_backward_B(const struct multipartition *grid, const struct cell *cell, int axis)
{
    (void)cell, (void)axis;
    return face_of_arrays(grid) * VECTOR_B;
}

/* Iterations, time step, the grid, two intervals of output, whether to time in detail. */
static const uint64_t bt_inputs_B[] = {
    MPI_INT_B, MPI_DOUBLE_B, 3 * MPI_INT_B, MPI_INT_B, MPI_INT_B, MPI_INT_B, 0};

/*
 * Of the 1025 flops of a point, x_solve_cell does all but the 50 of the substitution. It reads 5
 * variables and 3 derived ones, updates the right hand side and keeps a block of 25 numbers, which
 * the substitution reads.
 */
static const struct multipartition_kernel bt = {
    .row = &npb_bt,
    .edge = npb_bt_edge,
    .inputs_B = bt_inputs_B,
    .elimination = {.flops_share = 975.0 / 1025.0, .words = 5 + 3 + 10 + 25},
    .substitution = {.flops_share = 50.0 / 1025.0, .words = 10 + 25},
    .forward_B = bt_forward_B,
    .backward_B = bt_backward_B,
};

static int bt_program_new(const struct npb_case *problem, int n_ranks, struct program *program)
{
    return multipartition_program_new(&bt, problem, n_ranks, program);
}

static bool bt_runs_on(enum npb_class class, int n_ranks)
{
    return multipartition_runs_on(npb_bt_edge(class), n_ranks);
}

static struct npb_size bt_size(enum npb_class class)
{
    const double n = npb_bt_edge(class);
    return (struct npb_size){{n, n, n}};
}

static int bt_iterations(enum npb_class class)
{
    static const int iterations[N_NPB_CLASSES] = {60, 200, 200, 200, 200, 250, 250, 250};
    return iterations[class];
}

/* The program's constants have single precision, up to NPB 3.3 also their product with the
 * iterations, and its results show it. */
static double bt_mop(const struct npb_case *problem)
{
    const double n = npb_bt_edge(problem->class);
    const double mega_iterations = problem->class == NPB_F
                                       ? 1e-6 * problem->n_iterations
                                       : (double)(1e-6f * (float)problem->n_iterations);
    return mega_iterations * (3478.8f * n * n * n - 17655.7f * n * n + 28023.7f * n);
}

/* Of each cell: six derived variables, forcing term, solution, right hand side and blocks, with 2,
 * 0, 4, 1 and 1 layers around them, and a face of the substitution; and two message buffers. */
static double bt_memory_B(const struct npb_case *problem, int n_ranks)
{
    const struct multipartition grid = multipartition_of(npb_bt_edge(problem->class), n_ranks);
    const double edge = multipartition_array_edge(&grid);
    const double cell = 6 * pow(edge + 2, 3) + 5 * pow(edge, 3) + 5 * pow(edge + 4, 3) +
                        (5 + 25) * pow(edge + 1, 3) + 5 * pow(edge + 1, 2);
    const double buffer = 60 * edge * edge * (grid.p - 1) + 1;

    return MPI_DOUBLE_B * (grid.p * cell + 2 * buffer);
}

const struct npb_kernel npb_bt = {
    .name = "bt",
    .help = "systems of 5 x 5 blocks along three axes: much computing, long messages",
    .operation = "floating point",
    .last_class = NPB_F,
    .rank_rule = "a square that leaves each cell three points along an edge",
    .runs_on = bt_runs_on,
    .size = bt_size,
    .default_iterations = bt_iterations,
    .mop = bt_mop,
    .memory_B = bt_memory_B,
    .program_new = bt_program_new,
};
