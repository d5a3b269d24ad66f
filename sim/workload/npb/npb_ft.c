/*
 * npb_ft.c - FT: a three-dimensional FFT forward once, and back in each iteration.
 *
 * How the grid is dealt decides how it is transposed. One rank needs no transposition (0D). Up to
 * as many ranks as planes hold whole planes: one alltoall among all between the FFTs along y and z
 * (1D). More ranks hold pencils: an alltoall among n_z ranks between x and y, and one among the
 * others between y and z (2D). Before each alltoall the rank sorts its points by where they go,
 * after it by where they belong.
 *
 * Set-up and the first FFT run twice, untimed and timed: all data are touched before the clock
 * starts.
 */
#include "npb_region.h"
#include "npb_size.h"
#include "npb_walk.h"

#include "sim/workload/shared.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

enum { POINT_B = 2 * MPI_DOUBLE_B };

enum ft_work {
    WORK_INDEX_MAP,
    WORK_INITIAL,
    WORK_EVOLVE,
    WORK_FFT_X,
    WORK_FFT_Y,
    WORK_FFT_Z,
    WORK_SORT,   /* by where points go */
    WORK_GATHER, /* by where they belong */
    WORK_CHECKSUM,
    N_FT_WORKS
};
static const char *const ft_regions[N_FT_WORKS] = {
    [WORK_INDEX_MAP] = "compute_indexmap",
    [WORK_INITIAL] = "initial_conditions",
    [WORK_EVOLVE] = "evolve",
    [WORK_FFT_X] = "fft_x",
    [WORK_FFT_Y] = "fft_y",
    [WORK_FFT_Z] = "fft_z",
    [WORK_SORT] = "transpose_local",
    [WORK_GATHER] = "transpose_finish",
    [WORK_CHECKSUM] = "checksum",
};

struct ft_plan {
    struct npb_case problem; /* first, as npb_walk() wants it */
    int p1, p2;              /* grid of ranks */
    double points_per_rank;
    struct work works[N_FT_WORKS]; /* of one rank */
};

struct ft_state {
    struct npb_timer timer;
    struct comm *row;    /* p2 ranks; NULL until set up */
    struct comm *column; /* p1 ranks */
};

/* --- what a rank does ------------------------------------------------------------------------ */

static void ft_compute(const struct ft_plan *plan, struct rank *rank, enum ft_work work)
{
    rank_compute(rank, &plan->works[work]);
}

static void ft_transpose(const struct ft_plan *plan, struct rank *rank, struct comm *comm)
{
    const double block_B = plan->points_per_rank / comm_size(comm) * POINT_B;

    ft_compute(plan, rank, WORK_SORT);
    rank_alltoall(rank, comm, (uint64_t)block_B);
    ft_compute(plan, rank, WORK_GATHER);
}

/* Planes need no transposition between x and y. */
static void ft_transpose_x_y(const struct ft_plan *plan, const struct ft_state *state,
                             struct rank *rank)
{
    if (plan->p1 > 1)
        ft_transpose(plan, rank, state->column);
}

static void ft_transpose_y_z(const struct ft_plan *plan, const struct ft_state *state,
                             struct rank *rank)
{
    if (plan->p1 * plan->p2 > 1)
        ft_transpose(plan, rank, state->row);
}

static void ft_forward(const struct ft_plan *plan, const struct ft_state *state, struct rank *rank)
{
    ft_compute(plan, rank, WORK_FFT_X);
    ft_transpose_x_y(plan, state, rank);
    ft_compute(plan, rank, WORK_FFT_Y);
    ft_transpose_y_z(plan, state, rank);
    ft_compute(plan, rank, WORK_FFT_Z);
}

static void ft_back(const struct ft_plan *plan, const struct ft_state *state, struct rank *rank)
{
    ft_compute(plan, rank, WORK_FFT_Z);
    ft_transpose_y_z(plan, state, rank);
    ft_compute(plan, rank, WORK_FFT_Y);
    ft_transpose_x_y(plan, state, rank);
    ft_compute(plan, rank, WORK_FFT_X);
}

static void ft_first_fft(const struct ft_plan *plan, const struct ft_state *state,
                         struct rank *rank)
{
    ft_compute(plan, rank, WORK_INDEX_MAP);
    ft_compute(plan, rank, WORK_INITIAL);
    ft_forward(plan, state, rank);
}

/* The grid of ranks, the layout, iterations and whether to time in detail. */
static void ft_broadcast_inputs(struct rank *rank)
{
    for (int i = 0; i < 5; i++)
        rank_bcast(rank, rank_world(rank), 0, MPI_INT_B);
}

static void ft_start_part(const void *plan_, long iteration, struct rank *rank, void *state_)
{
    const struct ft_plan *plan = plan_;
    struct ft_state *state = state_;
    struct comm *world = rank_world(rank);
    const int row = rank_number(rank) / plan->p2, column = rank_number(rank) % plan->p2;
    (void)iteration;

    ft_broadcast_inputs(rank);
    state->row = rank_split(rank, world, row, column);
    state->column = rank_split(rank, world, column, row);
    ft_first_fft(plan, state, rank);
    rank_barrier(rank, world);
    npb_timer_start(&state->timer, rank);
    ft_first_fft(plan, state, rank);
}

static void ft_iteration_part(const void *plan_, long iteration, struct rank *rank, void *state_)
{
    const struct ft_plan *plan = plan_;
    const struct ft_state *state = state_;
    (void)iteration;

    ft_compute(plan, rank, WORK_EVOLVE);
    ft_back(plan, state, rank);
    ft_compute(plan, rank, WORK_CHECKSUM);
    rank_reduce(rank, rank_world(rank), 0, POINT_B);
}

static void ft_end_part(const void *plan, long iteration, struct rank *rank, void *state_)
{
    const struct ft_state *state = state_;
    (void)plan, (void)iteration;

    npb_timer_stop(&state->timer, rank);
}

static const struct phase ft_phases[N_NPB_PHASES] = {
    [NPB_START] = {.name = "set-up and first FFT, twice", .part = ft_start_part},
    [NPB_ITERATION] = {.name = "evolution and FFT back", .part = ft_iteration_part},
    [NPB_END] = {.name = "end", .part = ft_end_part},
};

/* --- the benchmark's rules -------------------------------------------------------------------- */

static double ft_points(enum npb_class class)
{
    const struct npb_ft_size size = npb_ft_size(class);
    return (double)size.nx * size.ny * size.nz;
}

static void ft_find_works(struct ft_plan *plan, int n_ranks)
{
    struct npb_region regions[NPB_MAX_REGIONS];
    const int n = npb_regions(&npb_ft, plan->problem.class, regions);

    for (int i = 0; i < N_FT_WORKS; i++)
        plan->works[i] = npb_region_work(npb_region_find(n, regions, ft_regions[i]), 1.0 / n_ranks);
}

static int ft_program_new(const struct npb_case *problem, int n_ranks, struct program *program)
{
    struct ft_plan *plan = calloc(1, sizeof *plan);

    if (!plan)
        return -ENOMEM;
    const int n_z = npb_ft_size(problem->class).nz;
    plan->problem = *problem;
    plan->p1 = n_ranks <= n_z ? 1 : n_z;
    plan->p2 = n_ranks / plan->p1;
    plan->points_per_rank = ft_points(problem->class) / n_ranks;
    ft_find_works(plan, n_ranks);
    *program = npb_walk(ft_phases, plan, n_ranks, sizeof(struct ft_state));
    return 0;
}

/*
 * z is the shortest axis of each class. MPI counts the points of a block in an int, and SMPI its
 * doubles: class E on four ranks would run in the real program, with 200 GB for each.
 */
static bool ft_runs_on(enum npb_class class, int n_ranks)
{
    const struct npb_ft_size size = npb_ft_size(class);
    const double n_doubles = 2.0 * size.nx * size.ny * size.nz / n_ranks / n_ranks;

    return npb_is_power_of_two(n_ranks) && n_ranks <= (long)size.nz * size.nz &&
           (n_ranks == 1 || n_doubles <= INT_MAX);
}

static struct npb_size ft_size(enum npb_class class)
{
    const struct npb_ft_size size = npb_ft_size(class);
    return (struct npb_size){{size.nx, size.ny, size.nz}};
}

static int ft_iterations(enum npb_class class)
{
    static const int iterations[N_NPB_CLASSES] = {6, 6, 6, 20, 20, 25, 25, 25};
    return iterations[class];
}

/* The program's constants have single precision, and its results show it. */
static double ft_mop(const struct npb_case *problem)
{
    const double n = ft_points(problem->class), log_n = log(n);
    const double once = 14.8157f + 7.19641f * log_n;
    const double each = 5.23518f + 7.21113f * log_n;
    return 1e-6 * n * (once + each * problem->n_iterations);
}

/* Three arrays of complex numbers and the factors of the evolution. */
static double ft_memory_B(const struct npb_case *problem, int n_ranks)
{
    return (3.0 * POINT_B + MPI_DOUBLE_B) * ft_points(problem->class) / n_ranks;
}

const struct npb_kernel npb_ft = {
    .name = "ft",
    .help = "three-dimensional FFT: an all-to-all of all data in each iteration",
    .operation = "floating point",
    .last_class = NPB_F,
    .rank_rule = "a power of two up to the square of its planes, with blocks that MPI can count",
    .runs_on = ft_runs_on,
    .size = ft_size,
    .default_iterations = ft_iterations,
    .mop = ft_mop,
    .memory_B = ft_memory_B,
    .program_new = ft_program_new,
};
