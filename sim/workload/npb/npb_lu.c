/*
 * npb_lu.c - LU: symmetric successive over-relaxation of the Navier-Stokes equations.
 *
 * The grid is cut into pencils: x and y over a two-dimensional grid of ranks, all of z to each. A
 * lower triangular solution sweeps the planes from the first to the last; on each, a rank waits
 * for its neighbours to the north and to the west, solves, and sends on to the south and to the
 * east. An upper triangular one comes back. So computing moves as a wavefront through the ranks,
 * and each plane costs each rank up to four short messages, which nothing overlaps. Then the right
 * hand side is built anew, for which neighbours exchange two whole planes of their pencils.
 *
 * Left out: initial values, the solution's error and the surface integral take no time but their
 * messages', being outside of the timed part; copies of pencils' edges to and from messages.
 */
#include "npb_region.h"
#include "npb_size.h"
#include "npb_walk.h"

#include "sim/workload/shared.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { N_EQUATIONS = 5, ROW_B = N_EQUATIONS * MPI_DOUBLE_B };
enum { MIN_EXTENT = 3 }; /* of a pencil, in points */

/* Where a message comes from is its tag: who receives from the north expects FROM_NORTH. */
enum { FROM_SOUTH = 1, FROM_NORTH, FROM_EAST, FROM_WEST };
enum { NOBODY = -1 };

/* What a rank computes, each in one go. */
enum lu_work {
    WORK_SCALE, /* residual times the time step */
    WORK_JACLD, /* one plane's lower Jacobians */
    WORK_BLTS,  /* one plane's lower triangular solution */
    WORK_JACU,
    WORK_BUTS,
    WORK_UPDATE,
    WORK_RHS_START, /* the right hand side; then along each axis, x and y once planes are there */
    WORK_RHS_X,
    WORK_RHS_Y,
    WORK_RHS_Z,
    WORK_NORM,
    N_LU_WORKS
};
static const struct {
    const char *region;
    bool is_by_plane;
} lu_works[N_LU_WORKS] = {
    [WORK_SCALE] = {"ssor.scale", false},
    [WORK_JACLD] = {"jacld", true},
    [WORK_BLTS] = {"blts", true},
    [WORK_JACU] = {"jacu", true},
    [WORK_BUTS] = {"buts", true},
    [WORK_UPDATE] = {"ssor.add", false},
    [WORK_RHS_START] = {"rhs.start", false},
    [WORK_RHS_X] = {"rhs.x", false},
    [WORK_RHS_Y] = {"rhs.y", false},
    [WORK_RHS_Z] = {"rhs.z", false},
    [WORK_NORM] = {"l2norm", false},
};

struct lu_plan {
    struct npb_case problem; /* first, as npb_walk() wants it */
    int n;                   /* points along each axis */
    int x_ranks, y_ranks;
    struct npb_region regions[N_LU_WORKS];
};

/* A rank's part of one axis. */
struct lu_extent {
    int first, n; /* points: `first` is the number of those before it */
    int n_inner;  /* of them, those that do not lie on the boundary of the grid */
};

struct lu_state {
    struct npb_timer timer;
    int north, south, west, east; /* ranks, or NOBODY */
    struct lu_extent x, y;
    struct work works[N_LU_WORKS];
};

/* --- the process grid --------------------------------------------------------------------- */

/* The ranks along x: the fewest that are at least as many, and at most twice as many, as along y.
 * 0: `n_ranks` has no such factors. Cost: up to 0.4 sqrt(n_ranks). */
static int lu_x_ranks(int n_ranks)
{
    for (int x = (int)ceil(sqrt(n_ranks)); (long)x * x <= 2L * n_ranks; x++)
        if (n_ranks % x == 0)
            return x;
    return 0;
}

static struct lu_extent lu_extent(int n, int n_parts, int part)
{
    const int rest = n % n_parts;
    const int size = n / n_parts + (part < rest);
    const int at_ends = (part == 0) + (part == n_parts - 1);

    return (struct lu_extent){
        .first = part * (n / n_parts) + (part < rest ? part : rest),
        .n = size,
        .n_inner = size - at_ends,
    };
}

static void lu_begin(const void *plan_, struct rank *rank, void *state_)
{
    const struct lu_plan *plan = plan_;
    struct lu_state *state = state_;
    const int me = rank_number(rank);
    const int row = me % plan->x_ranks, column = me / plan->x_ranks;
    const double n_inner = plan->n - 2;

    state->north = row > 0 ? me - 1 : NOBODY;
    state->south = row + 1 < plan->x_ranks ? me + 1 : NOBODY;
    state->west = column > 0 ? me - plan->x_ranks : NOBODY;
    state->east = column + 1 < plan->y_ranks ? me + plan->x_ranks : NOBODY;
    state->x = lu_extent(plan->n, plan->x_ranks, row);
    state->y = lu_extent(plan->n, plan->y_ranks, column);

    const double share = state->x.n_inner * (double)state->y.n_inner / (n_inner * n_inner);
    for (int i = 0; i < N_LU_WORKS; i++) {
        const struct work work = npb_region_work(&plan->regions[i], share);
        state->works[i] = work_part(&work, lu_works[i].is_by_plane ? 1.0 / n_inner : 1.0);
    }
}

/* --- messages ----------------------------------------------------------------------------- */

static void lu_send(struct rank *rank, int to, int tag, uint64_t size_B)
{
    if (to != NOBODY)
        rank_send(rank, rank_world(rank), to, tag, size_B);
}

static void lu_receive(struct rank *rank, int from, int tag, uint64_t size_B)
{
    if (from != NOBODY)
        rank_recv(rank, rank_world(rank), from, tag, size_B, NULL);
}

/* One way of a trade between neighbours: the receive is posted first, so none waits for ever. */
static void lu_shift(struct rank *rank, int from, int to, int tag, uint64_t size_B)
{
    struct comm *world = rank_world(rank);
    struct request *request = NULL;

    if (from != NOBODY)
        request = rank_irecv(rank, world, from, tag, size_B);
    lu_send(rank, to, tag, size_B);
    if (from != NOBODY)
        rank_wait(rank, request, NULL);
}

/* exchange_3: the two outermost planes, to each side. */
static void trade_with_north_and_south(const struct lu_plan *plan, const struct lu_state *state,
                                       struct rank *rank)
{
    const uint64_t size_B = 2 * ROW_B * (uint64_t)state->y.n * (uint64_t)plan->n;

    lu_shift(rank, state->north, state->south, FROM_NORTH, size_B);
    lu_shift(rank, state->south, state->north, FROM_SOUTH, size_B);
}

static void trade_with_east_and_west(const struct lu_plan *plan, const struct lu_state *state,
                                     struct rank *rank)
{
    const uint64_t size_B = 2 * ROW_B * (uint64_t)state->x.n * (uint64_t)plan->n;

    lu_shift(rank, state->west, state->east, FROM_WEST, size_B);
    lu_shift(rank, state->east, state->west, FROM_EAST, size_B);
}

/* --- one iteration ------------------------------------------------------------------------ */

static void lu_sweep_down(const struct lu_plan *plan, const struct lu_state *state,
                          struct rank *rank)
{
    const uint64_t y_edge_B = ROW_B * (uint64_t)state->y.n_inner;
    const uint64_t x_edge_B = ROW_B * (uint64_t)state->x.n_inner;

    for (int plane = 1; plane < plan->n - 1; plane++) {
        rank_compute(rank, &state->works[WORK_JACLD]);
        lu_receive(rank, state->north, FROM_NORTH, y_edge_B);
        lu_receive(rank, state->west, FROM_WEST, x_edge_B);
        rank_compute(rank, &state->works[WORK_BLTS]);
        lu_send(rank, state->south, FROM_NORTH, y_edge_B);
        lu_send(rank, state->east, FROM_WEST, x_edge_B);
    }
}

static void lu_sweep_up(const struct lu_plan *plan, const struct lu_state *state, struct rank *rank)
{
    const uint64_t y_edge_B = ROW_B * (uint64_t)state->y.n_inner;
    const uint64_t x_edge_B = ROW_B * (uint64_t)state->x.n_inner;

    for (int plane = plan->n - 2; plane > 0; plane--) {
        rank_compute(rank, &state->works[WORK_JACU]);
        lu_receive(rank, state->south, FROM_SOUTH, y_edge_B);
        lu_receive(rank, state->east, FROM_EAST, x_edge_B);
        rank_compute(rank, &state->works[WORK_BUTS]);
        lu_send(rank, state->north, FROM_SOUTH, y_edge_B);
        lu_send(rank, state->west, FROM_EAST, x_edge_B);
    }
}

static void lu_right_hand_side(const struct lu_plan *plan, const struct lu_state *state,
                               struct rank *rank)
{
    rank_compute(rank, &state->works[WORK_RHS_START]);
    trade_with_north_and_south(plan, state, rank);
    rank_compute(rank, &state->works[WORK_RHS_X]);
    trade_with_east_and_west(plan, state, rank);
    rank_compute(rank, &state->works[WORK_RHS_Y]);
    rank_compute(rank, &state->works[WORK_RHS_Z]);
}

static void lu_norm(const struct lu_state *state, struct rank *rank)
{
    rank_compute(rank, &state->works[WORK_NORM]);
    rank_allreduce(rank, rank_world(rank), ROW_B);
}

/* The norms of the corrections and of the residuals are asked for in the last iteration only. */
static void lu_iterate(const struct lu_plan *plan, const struct lu_state *state, struct rank *rank,
                       bool with_norms)
{
    rank_compute(rank, &state->works[WORK_SCALE]);
    lu_sweep_down(plan, state, rank);
    lu_sweep_up(plan, state, rank);
    rank_compute(rank, &state->works[WORK_UPDATE]);
    if (with_norms)
        lu_norm(state, rank);
    lu_right_hand_side(plan, state, rank);
    if (with_norms)
        lu_norm(state, rank);
}

/* The residual that the iterations begin with. */
static void lu_first_residual(const struct lu_plan *plan, const struct lu_state *state,
                              struct rank *rank)
{
    lu_right_hand_side(plan, state, rank);
    lu_norm(state, rank);
    rank_barrier(rank, rank_world(rank));
}

/* --- phases ------------------------------------------------------------------------------- */

/* Intervals and formats of reports, time step, relaxation factor, five tolerances, the grid, and
 * whether to time in detail. */
static void lu_broadcast_inputs(struct rank *rank)
{
    static const uint64_t sizes_B[] = {
        MPI_INT_B, MPI_INT_B, MPI_INT_B, MPI_DOUBLE_B, MPI_DOUBLE_B,
        ROW_B,     MPI_INT_B, MPI_INT_B, MPI_INT_B,    MPI_INT_B,
    };

    for (size_t i = 0; i < sizeof sizes_B / sizeof sizes_B[0]; i++)
        rank_bcast(rank, rank_world(rank), 0, sizes_B[i]);
}

static void lu_start_part(const void *plan_, long iteration, struct rank *rank, void *state_)
{
    const struct lu_plan *plan = plan_;
    struct lu_state *state = state_;
    (void)iteration;

    lu_broadcast_inputs(rank);
    trade_with_north_and_south(plan, state, rank); /* for the forcing term */
    trade_with_east_and_west(plan, state, rank);

    /* One iteration touches all data. */
    lu_first_residual(plan, state, rank);
    lu_iterate(plan, state, rank, plan->problem.n_iterations == 1);
    rank_allreduce(rank, rank_world(rank), MPI_DOUBLE_B);

    lu_first_residual(plan, state, rank);
    npb_timer_start(&state->timer, rank);
}

static void lu_iteration_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct lu_plan *plan = plan_;
    lu_iterate(plan, state, rank, iteration == plan->problem.n_iterations);
}

/* For each face of the grid that the rank has a part of, a line of values along z goes one rank
 * on. */
static void lu_shift_lines(const struct lu_plan *plan, struct rank *rank, int n_lines, int from,
                           int to, int tag)
{
    const uint64_t size_B = MPI_DOUBLE_B * (uint64_t)plan->n;

    for (int i = 0; i < n_lines; i++) {
        lu_receive(rank, from, tag, size_B);
        lu_send(rank, to, tag, size_B);
    }
}

/* pintgr: the surface integral, in three parts with a sum each. */
static void lu_surface_integral(const struct lu_plan *plan, const struct lu_state *state,
                                struct rank *rank)
{
    const int n_x_faces = (state->north == NOBODY) + (state->south == NOBODY);
    const int n_y_faces = (state->west == NOBODY) + (state->east == NOBODY);
    const uint64_t x_lines_B = 2 * MPI_DOUBLE_B * (uint64_t)state->x.n;
    const uint64_t y_lines_B = 2 * MPI_DOUBLE_B * (uint64_t)(state->y.n + 2);
    struct comm *world = rank_world(rank);

    lu_receive(rank, state->east, FROM_EAST, x_lines_B);
    lu_send(rank, state->west, FROM_EAST, x_lines_B);
    lu_receive(rank, state->south, FROM_SOUTH, y_lines_B);
    lu_send(rank, state->north, FROM_SOUTH, y_lines_B);
    rank_allreduce(rank, world, MPI_DOUBLE_B);

    lu_shift_lines(plan, rank, n_y_faces, state->south, state->north, FROM_SOUTH);
    rank_allreduce(rank, world, MPI_DOUBLE_B);

    lu_shift_lines(plan, rank, n_x_faces, state->east, state->west, FROM_EAST);
    rank_allreduce(rank, world, MPI_DOUBLE_B);
}

static void lu_end_part(const void *plan, long iteration, struct rank *rank, void *state_)
{
    const struct lu_state *state = state_;
    (void)iteration;

    npb_timer_stop(&state->timer, rank);
    rank_allreduce(rank, rank_world(rank), MPI_DOUBLE_B); /* the slowest's time */
    rank_allreduce(rank, rank_world(rank), ROW_B);        /* the solution's error */
    lu_surface_integral(plan, state, rank);
}

static const struct phase lu_phases[N_NPB_PHASES] = {
    [NPB_START] = {.name = "first residual and an untimed iteration", .part = lu_start_part},
    [NPB_ITERATION] = {.name = "iteration", .part = lu_iteration_part},
    [NPB_END] = {.name = "verification", .part = lu_end_part},
};

/* --- the benchmark's rules ---------------------------------------------------------------- */

static int lu_program_new(const struct npb_case *problem, int n_ranks, struct program *program)
{
    struct npb_region regions[NPB_MAX_REGIONS];
    const int n_regions = npb_regions(&npb_lu, problem->class, regions);
    struct lu_plan *plan = calloc(1, sizeof *plan);

    if (!plan)
        return -ENOMEM;
    plan->problem = *problem;
    plan->n = npb_lu_edge(problem->class);
    plan->x_ranks = lu_x_ranks(n_ranks);
    assert(plan->x_ranks > 0 && "a number of ranks that LU runs on");
    plan->y_ranks = n_ranks / plan->x_ranks;
    for (int i = 0; i < N_LU_WORKS; i++)
        plan->regions[i] = *npb_region_find(n_regions, regions, lu_works[i].region);
    *program = npb_walk(lu_phases, plan, n_ranks, sizeof(struct lu_state));
    program->begin = lu_begin;
    return 0;
}

static bool lu_runs_on(enum npb_class class, int n_ranks)
{
    const int most = npb_lu_edge(class) / MIN_EXTENT; /* ranks along an axis */
    if (n_ranks > (long)most * most)
        return false;
    const int x_ranks = lu_x_ranks(n_ranks);
    return x_ranks > 0 && x_ranks <= most;
}

static struct npb_size lu_size(enum npb_class class)
{
    const double n = npb_lu_edge(class);
    return (struct npb_size){{n, n, n}};
}

static int lu_iterations(enum npb_class class)
{
    static const int iterations[N_NPB_CLASSES] = {50, 300, 250, 250, 250, 300, 300, 300};
    return iterations[class];
}

/* The program's constants have single precision, up to NPB 3.3 the whole formula, and its results
 * show it. */
static double lu_mop(const struct npb_case *problem)
{
    const double n = npb_lu_edge(problem->class);
    const float m = (float)n;

    if (problem->class == NPB_F)
        return 1e-6 * problem->n_iterations *
               (1984.77f * n * n * n - 10923.3f * n * n + 27770.9f * n - 144010.0f);
    const float per_iteration =
        1984.77f * m * m * m - 10923.3f * (m * m) + 27770.9f * (3.0f * m) / 3.0f - 144010.0f;
    return (double)((float)problem->n_iterations * per_iteration) / 1e6;
}

/*
 * The solution, its residual and the forcing term with two ghost points to each side of x and y,
 * the fluxes with one; four blocks of 5 x 5 for each point of a plane; and two messages.
 */
static double lu_memory_B(const struct npb_case *problem, int n_ranks)
{
    const int n = npb_lu_edge(problem->class), x_ranks = lu_x_ranks(n_ranks);
    assert(x_ranks > 0 && "a number of ranks that LU runs on");
    const int y_ranks = n_ranks / x_ranks;
    const double nx = ceil((double)n / x_ranks), ny = ceil((double)n / y_ranks);
    const double fields = (3.0 * (nx + 4) * (ny + 4) + (nx + 2) * (ny + 2)) * n;
    const double jacobians = 4.0 * N_EQUATIONS * nx * ny;
    const double messages = 2.0 * 2.0 * ny * n;

    return ROW_B * (fields + jacobians + messages);
}

const struct npb_kernel npb_lu = {
    .name = "lu",
    .help = "a wavefront through pencils of a grid: many short messages, each waited for",
    .operation = "floating point",
    .last_class = NPB_F,
    .rank_rule = "a product of two factors, one at most twice the other, which leave each rank "
                 "three points",
    .runs_on = lu_runs_on,
    .size = lu_size,
    .default_iterations = lu_iterations,
    .mop = lu_mop,
    .memory_B = lu_memory_B,
    .program_new = lu_program_new,
};
