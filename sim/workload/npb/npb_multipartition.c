#include "npb_multipartition.h"

#include "npb_walk.h"
#include "sim/workload/shared.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_VARIABLES = 5, POINT_B = N_VARIABLES * MPI_DOUBLE_B };
enum { N_LAYERS_OF_FACES = 2, COPIED_TIMES = 2 }; /* copied: read once, written once */
enum { MIN_CELL = 3 };                            /* points along an edge */
enum { TAG_FACES = 2000, TAG_FORWARD = 3000, TAG_BACKWARD = 4000 }; /* plus the axis */
enum { N_FACES = 2 * N_AXES };

static const char *const rhs_regions[] = {"rhs.start",         "rhs.x",    "rhs.y", "rhs.z",
                                          "rhs.z_dissipation", "rhs.scale"};
enum { N_RHS_REGIONS = sizeof rhs_regions / sizeof rhs_regions[0] };
static const char *const solve_regions[N_AXES] = {"x_solve", "y_solve", "z_solve"};

struct multipartition_plan {
    struct npb_case problem; /* first, as npb_walk() wants it */
    const struct multipartition_kernel *kernel;
    struct multipartition grid;
    struct npb_region rhs[N_RHS_REGIONS];
    struct npb_region before_solves, solve[N_AXES], after_solve[N_AXES], add; /* no name: none */
};

/* What a rank needs at every iteration. */
struct multipartition_state {
    struct npb_timer timer;
    double share;              /* of the grid's inner points */
    int neighbours[N_AXES][2]; /* before, after */
    uint64_t faces_B[N_AXES][2];
};

/* --- the partition ------------------------------------------------------------------------ */

static int wrap(int i, int p)
{
    return (i % p + p) % p;
}

/* A rank's cell number c, its cell in slice c across z, is one further in x and one back in y than
 * its cell c - 1. */
struct cell multipartition_cell(const struct multipartition *grid, int rank, int axis, int slice)
{
    const int p = grid->p;
    const int x = rank % p, y = rank / p; /* of its cell in the first slice across z */
    const int z = axis == 0 ? wrap(slice - x, p) : axis == 1 ? wrap(y - slice, p) : slice;
    struct cell cell = {.place = {wrap(x + z, p), wrap(y - z, p), z}};

    for (int i = 0; i < N_AXES; i++) {
        const int at_ends = (cell.place[i] == 0) + (cell.place[i] == p - 1);
        cell.points[i] = grid->n / p + (cell.place[i] < grid->n % p);
        cell.inner[i] = cell.points[i] - at_ends;
    }
    return cell;
}

int multipartition_neighbour(const struct multipartition *grid, int rank, int axis, int step)
{
    const int p = grid->p;
    const int x = rank % p, y = rank / p;

    /* One up in z is, in the first slice, one back in x and one further in y. */
    const int to_x = axis == 0 ? x + step : axis == 1 ? x : x - step;
    const int to_y = axis == 0 ? y : y + step;
    return wrap(to_x, p) + p * wrap(to_y, p);
}

uint64_t multipartition_faces_B(const struct multipartition *grid, int rank, int axis, int step)
{
    const int outermost = step > 0 ? grid->p - 1 : 0;
    uint64_t n_points = 0;

    for (int slice = 0; slice < grid->p; slice++) {
        const struct cell cell = multipartition_cell(grid, rank, axis, slice);
        if (slice != outermost)
            n_points += (uint64_t)cell.points[(axis + 1) % N_AXES] *
                        (uint64_t)cell.points[(axis + 2) % N_AXES];
    }
    return n_points * N_LAYERS_OF_FACES * POINT_B;
}

static double inner_share(const struct multipartition *grid, const struct cell *cell)
{
    const double points = (double)cell->inner[0] * cell->inner[1] * cell->inner[2];
    return points / pow(grid->n - 2, N_AXES);
}

static void multipartition_begin(const void *plan_, struct rank *rank, void *state_)
{
    const struct multipartition_plan *plan = plan_;
    struct multipartition_state *state = state_;
    const int me = rank_number(rank);

    for (int axis = 0; axis < N_AXES; axis++) {
        for (int side = 0; side < 2; side++) {
            const int step = side == 0 ? -1 : 1;
            state->neighbours[axis][side] = multipartition_neighbour(&plan->grid, me, axis, step);
            state->faces_B[axis][side] = multipartition_faces_B(&plan->grid, me, axis, step);
        }
    }
    for (int slice = 0; slice < plan->grid.p; slice++) {
        const struct cell cell = multipartition_cell(&plan->grid, me, N_AXES - 1, slice);
        state->share += inner_share(&plan->grid, &cell);
    }
}

/* --- computing ---------------------------------------------------------------------------- */

static void compute_share(struct rank *rank, const struct npb_region *region, double share)
{
    if (region->name[0] == '\0')
        return;
    const struct work work = npb_region_work(region, share);
    rank_compute(rank, &work);
}

static void compute_rhs(const struct multipartition_plan *plan, double share, struct rank *rank)
{
    for (int i = 0; i < N_RHS_REGIONS; i++)
        compute_share(rank, &plan->rhs[i], share);
}

static void solve_cell(const struct multipartition_plan *plan, const struct solve_part *part,
                       const struct cell *cell, int axis, struct rank *rank)
{
    const double share = inner_share(&plan->grid, cell);
    const double points = (double)cell->inner[0] * cell->inner[1] * cell->inner[2];
    struct work work = npb_region_work(&plan->solve[axis], share * part->flops_share);

    work.bytes = part->words * MPI_DOUBLE_B * points;
    work.reused_B = plan->solve[axis].resident_B * share * plan->grid.p; /* all cells of the rank */
    if (part->words > 0.0)
        rank_compute(rank, &work);
}

static void finish_cell(const struct multipartition_plan *plan, const struct cell *cell, int axis,
                        struct rank *rank)
{
    compute_share(rank, &plan->after_solve[axis], inner_share(&plan->grid, cell));
}

/* --- faces -------------------------------------------------------------------------------- */

/* Copies all faces to or from the messages. */
static void copy_messages(const struct multipartition_state *state, struct rank *rank)
{
    uint64_t size_B = 0;

    for (int axis = 0; axis < N_AXES; axis++)
        size_B += state->faces_B[axis][0] + state->faces_B[axis][1];
    const struct work work = work_of(WORK_MEMORY, 0.0, COPIED_TIMES * (double)size_B);
    rank_compute(rank, &work);
}

/* What leaves on one side comes in on the other: a message's tag is the side that it leaves on. */
static int faces_tag(int axis, int side)
{
    return TAG_FACES + 2 * axis + side;
}

static void exchange_faces(const struct multipartition_state *state, struct rank *rank)
{
    struct comm *world = rank_world(rank);
    struct request *requests[2 * N_FACES];
    int n = 0;

    for (int axis = 0; axis < N_AXES; axis++)
        for (int side = 1; side >= 0; side--)
            requests[n++] = rank_irecv(rank, world, state->neighbours[axis][side],
                                       faces_tag(axis, 1 - side), state->faces_B[axis][side]);
    for (int axis = 0; axis < N_AXES; axis++)
        for (int side = 1; side >= 0; side--)
            requests[n++] = rank_isend(rank, world, state->neighbours[axis][side],
                                       faces_tag(axis, side), state->faces_B[axis][side]);
    rank_wait_all(rank, n, requests);
}

static void copy_faces(const struct multipartition_plan *plan,
                       const struct multipartition_state *state, struct rank *rank)
{
    if (plan->grid.p > 1) {
        copy_messages(state, rank);
        exchange_faces(state, rank);
        copy_messages(state, rank);
    }
    compute_rhs(plan, state->share, rank);
}

/* --- sweeps ------------------------------------------------------------------------------- */

static void sweep_forward(const struct multipartition_plan *plan,
                          const struct multipartition_state *state, int axis, struct rank *rank)
{
    const struct multipartition_kernel *kernel = plan->kernel;
    struct comm *world = rank_world(rank);
    struct request *requests[2]; /* the receive, and the send of the stage before */

    for (int slice = 0; slice < plan->grid.p; slice++) {
        const struct cell cell = multipartition_cell(&plan->grid, rank_number(rank), axis, slice);
        const uint64_t size_B = kernel->forward_B(&plan->grid, &cell, axis);

        if (slice > 0)
            requests[0] =
                rank_irecv(rank, world, state->neighbours[axis][0], TAG_FORWARD + axis, size_B);
        solve_cell(plan, &kernel->overlapped, &cell, axis, rank);
        if (slice > 0)
            rank_wait_all(rank, 2, requests);
        solve_cell(plan, &kernel->elimination, &cell, axis, rank);
        if (slice < plan->grid.p - 1)
            requests[1] =
                rank_isend(rank, world, state->neighbours[axis][1], TAG_FORWARD + axis, size_B);
    }
}

static void sweep_backward(const struct multipartition_plan *plan,
                           const struct multipartition_state *state, int axis, struct rank *rank)
{
    const struct multipartition_kernel *kernel = plan->kernel;
    struct comm *world = rank_world(rank);
    struct request *requests[2];
    struct cell cell = {0};

    for (int slice = plan->grid.p - 1; slice >= 0; slice--) {
        const struct cell last = cell;
        cell = multipartition_cell(&plan->grid, rank_number(rank), axis, slice);
        const uint64_t size_B = kernel->backward_B(&plan->grid, &cell, axis);

        if (slice < plan->grid.p - 1) {
            requests[0] =
                rank_irecv(rank, world, state->neighbours[axis][1], TAG_BACKWARD + axis, size_B);
            finish_cell(plan, &last, axis, rank);
            rank_wait_all(rank, 2, requests);
        }
        solve_cell(plan, &kernel->substitution, &cell, axis, rank);
        if (slice > 0)
            requests[1] =
                rank_isend(rank, world, state->neighbours[axis][0], TAG_BACKWARD + axis, size_B);
    }
    finish_cell(plan, &cell, axis, rank);
}

static void iterate(const struct multipartition_plan *plan,
                    const struct multipartition_state *state, struct rank *rank)
{
    copy_faces(plan, state, rank);
    compute_share(rank, &plan->before_solves, state->share);
    for (int axis = 0; axis < N_AXES; axis++) {
        sweep_forward(plan, state, axis, rank);
        sweep_backward(plan, state, axis, rank);
    }
    compute_share(rank, &plan->add, state->share);
}

/* --- phases ------------------------------------------------------------------------------- */

static void start_part(const void *plan_, long iteration, struct rank *rank, void *state_)
{
    const struct multipartition_plan *plan = plan_;
    struct multipartition_state *state = state_;
    (void)iteration;

    rank_split(rank, rank_world(rank), 0, rank_number(rank)); /* nobody is left out */
    for (const uint64_t *input_B = plan->kernel->inputs_B; *input_B > 0; input_B++)
        rank_bcast(rank, rank_world(rank), 0, *input_B);
    iterate(plan, state, rank); /* touches all data */
    rank_barrier(rank, rank_world(rank));
    npb_timer_start(&state->timer, rank);
}

static void iteration_part(const void *plan, long iteration, struct rank *rank, void *state)
{
    (void)iteration;
    iterate(plan, state, rank);
}

static void end_part(const void *plan, long iteration, struct rank *rank, void *state_)
{
    const struct multipartition_state *state = state_;
    struct comm *world = rank_world(rank);
    (void)iteration;

    npb_timer_stop(&state->timer, rank);
    rank_allreduce(rank, world, POINT_B); /* the solution's error */
    copy_faces(plan, state, rank);
    rank_allreduce(rank, world, POINT_B);      /* the residual */
    rank_reduce(rank, world, 0, MPI_DOUBLE_B); /* the slowest's time */
    rank_barrier(rank, world);
}

static const struct phase multipartition_phases[N_NPB_PHASES] = {
    [NPB_START] = {.name = "an untimed iteration", .part = start_part},
    [NPB_ITERATION] = {.name = "iteration", .part = iteration_part},
    [NPB_END] = {.name = "verification", .part = end_part},
};

/* --- the program -------------------------------------------------------------------------- */

static void find_regions(struct multipartition_plan *plan)
{
    const struct multipartition_kernel *kernel = plan->kernel;
    struct npb_region regions[NPB_MAX_REGIONS];
    const int n = npb_regions(kernel->row, plan->problem.class, regions);

    for (int i = 0; i < N_RHS_REGIONS; i++)
        plan->rhs[i] = *npb_region_find(n, regions, rhs_regions[i]);
    if (kernel->before_solves)
        plan->before_solves = *npb_region_find(n, regions, kernel->before_solves);
    for (int axis = 0; axis < N_AXES; axis++) {
        plan->solve[axis] = *npb_region_find(n, regions, solve_regions[axis]);
        if (kernel->after_solve[axis])
            plan->after_solve[axis] = *npb_region_find(n, regions, kernel->after_solve[axis]);
    }
    plan->add = *npb_region_find(n, regions, "add");
}

int multipartition_program_new(const struct multipartition_kernel *kernel,
                               const struct npb_case *problem, int n_ranks, struct program *program)
{
    struct multipartition_plan *plan = calloc(1, sizeof *plan);

    if (!plan)
        return -ENOMEM;
    plan->problem = *problem;
    plan->kernel = kernel;
    plan->grid = multipartition_of(kernel->edge(problem->class), n_ranks);
    find_regions(plan);
    *program = npb_walk(multipartition_phases, plan, n_ranks, sizeof(struct multipartition_state));
    program->begin = multipartition_begin;
    return 0;
}

struct multipartition multipartition_of(int n, int n_ranks)
{
    return (struct multipartition){.n = n, .p = (int)lround(sqrt(n_ranks))};
}

bool multipartition_runs_on(int n, int n_ranks)
{
    const struct multipartition grid = multipartition_of(n, n_ranks);
    return (long)grid.p * grid.p == n_ranks && n / grid.p >= MIN_CELL;
}

int multipartition_array_edge(const struct multipartition *grid)
{
    return grid->n / grid->p + 1;
}
