/*
 * npb_sp.c - SP: the Navier-Stokes equations by scalar systems with five diagonals along every line
 * of three directions.
 *
 * Fewer operations than BT for about as many bytes. A rank builds a cell's systems while it waits
 * for the cell before it, and changes the basis of a finished cell while it waits on the way back.
 */
#include "npb_multipartition.h"
#include "npb_size.h"

#include "sim/workload/shared.h"

#include <math.h>

/* Of each line that leaves a cell, for two points: two diagonals of three systems and five right
 * hand sides go forward; five solutions go back. */
enum { FORWARD_B = 22 * MPI_DOUBLE_B, BACKWARD_B = 10 * MPI_DOUBLE_B };

static uint64_t inner_face(const struct cell *cell, int axis)
{
    return (uint64_t)cell->inner[(axis + 1) % N_AXES] * (uint64_t)cell->inner[(axis + 2) % N_AXES];
}

static uint64_t sp_forward_B(const struct multipartition *grid, const struct cell *cell, int axis)
{
    (void)grid;
    return inner_face(cell, axis) * FORWARD_B;
}

static uint64_t sp_backward_B(const struct multipartition *grid, const struct cell *cell, int axis)
{
    (void)grid;
    return inner_face(cell, axis) * BACKWARD_B;
}

/* Iterations, time step, the grid, whether to time in detail. */
static const uint64_t sp_inputs_B[] = {MPI_INT_B, MPI_DOUBLE_B, 3 * MPI_INT_B, MPI_INT_B, 0};

/*
 * Of the 108 flops of a point, lhsx does 30: it reads 3 derived variables and writes the 15
 * diagonals of three systems. The elimination does 58, updates the diagonals and the right hand
 * side; the substitution 20, reads two diagonals of each system and updates the right hand side.
 */
static const struct multipartition_kernel sp = {
    .row = &npb_sp,
    .edge = npb_sp_edge,
    .inputs_B = sp_inputs_B,
    .before_solves = "txinvr",
    .after_solve = {"ninvr", "pinvr", "tzetar"},
    .overlapped = {.flops_share = 30.0 / 108.0, .words = 3 + 15},
    .elimination = {.flops_share = 58.0 / 108.0, .words = 30 + 10},
    .substitution = {.flops_share = 20.0 / 108.0, .words = 6 + 10},
    .forward_B = sp_forward_B,
    .backward_B = sp_backward_B,
};

static int sp_program_new(const struct npb_case *problem, int n_ranks, struct program *program)
{
    return multipartition_program_new(&sp, problem, n_ranks, program);
}

static bool sp_runs_on(enum npb_class class, int n_ranks)
{
    return multipartition_runs_on(npb_sp_edge(class), n_ranks);
}

static struct npb_size sp_size(enum npb_class class)
{
    const double n = npb_sp_edge(class);
    return (struct npb_size){{n, n, n}};
}

static int sp_iterations(enum npb_class class)
{
    static const int iterations[N_NPB_CLASSES] = {100, 400, 400, 400, 400, 500, 500, 500};
    return iterations[class];
}

/* The program's constants have single precision, up to NPB 3.3 the whole formula, and its results
 * show it. */
static double sp_mop(const struct npb_case *problem)
{
    const double n = npb_sp_edge(problem->class);
    const float m = (float)n;

    if (problem->class == NPB_F)
        return 1e-6 * problem->n_iterations *
               (881.174f * n * n * n - 4683.91f * n * n + 11484.5f * n - 19272.4f);
    const float per_iteration =
        881.174f * (m * m * m) - 4683.91f * (m * m) + 11484.5f * m - 19272.4f;
    return (double)(per_iteration * (float)problem->n_iterations) / 1e6;
}

/* Of each cell: the solution with four layers around it, eight derived variables with two; right
 * hand side, forcing term and diagonals, whose x and y extents are made odd; and two message
 * buffers. */
static double sp_memory_B(const struct npb_case *problem, int n_ranks)
{
    const struct multipartition grid = multipartition_of(npb_sp_edge(problem->class), n_ranks);
    const double edge = multipartition_array_edge(&grid);
    const double odd = 2 * floor(edge / 2) + 1;
    const double cell = 5 * (odd + 4) * (odd + 4) * (edge + 4) + 8 * pow(edge + 2, 3) +
                        (5 + 5 + 15) * odd * odd * edge;
    const double buffer = 120 * edge * edge * (grid.p - 1) + 1;

    return MPI_DOUBLE_B * (grid.p * cell + 2 * buffer);
}

const struct npb_kernel npb_sp = {
    .name = "sp",
    .help = "scalar systems along three axes: less computing than BT, as many bytes",
    .operation = "floating point",
    .last_class = NPB_F,
    .rank_rule = "a square that leaves each cell three points along an edge",
    .runs_on = sp_runs_on,
    .size = sp_size,
    .default_iterations = sp_iterations,
    .mop = sp_mop,
    .memory_B = sp_memory_B,
    .program_new = sp_program_new,
};
