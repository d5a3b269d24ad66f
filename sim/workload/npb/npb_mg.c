/*
 * npb_mg.c - MG: V-cycles of a multigrid solver on a periodic cube.
 *
 * Levels are grids of 2^level points along each axis, dealt to a three-dimensional grid of ranks.
 * After each operator a rank exchanges faces with two neighbours along each axis, one axis after
 * the other, so that edges and corners come along. On coarse levels there are fewer points than
 * ranks: then some ranks hold nothing, neighbours are 2, 4, ... ranks away, and on the way up
 * those who hold the coarse grid give to those who join in.
 *
 * Faces pass through buffers, which the program zeroes to their full size, a fine grid's, before
 * each message; on coarse levels that is most of the memory traffic. Left out: the computing of the
 * initial charges, outside of the timed part.
 */
#include "npb_region.h"
#include "npb_size.h"
#include "npb_walk.h"

#include "sim/workload/shared.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_AXES = 3, MAX_LEVELS = 12, COARSEST = 1 };
enum { BEFORE, AFTER, N_SIDES }; /* directions -1 and +1 along an axis */
enum { N_CHARGES = 10 };         /* of each sign */
enum { COPIED_TIMES = 2, COPIED_B = COPIED_TIMES * MPI_DOUBLE_B }; /* read and written */

/* What a rank computes on a level. */
enum mg_work {
    WORK_RPRJ3,  /* restricts from the level above to this one */
    WORK_ZERO3,  /* begins the correction */
    WORK_INTERP, /* adds the interpolation from the level below */
    WORK_RESID,
    WORK_PSINV, /* smooths */
    N_MG_WORKS
};
static const struct {
    const char *region;
    bool is_on_finest, is_on_coarsest;
} mg_works[N_MG_WORKS] = {
    [WORK_RPRJ3] = {"rprj3", false, true},   [WORK_ZERO3] = {"zero3", false, true},
    [WORK_INTERP] = {"interp", true, false}, [WORK_RESID] = {"resid", true, false},
    [WORK_PSINV] = {"psinv", true, true},
};

struct mg_plan {
    struct npb_case problem; /* first, as npb_walk() wants it */
    int n_ranks;
    int finest;       /* level */
    int grid[N_AXES]; /* of ranks */
    struct npb_region regions[MAX_LEVELS + 1][N_MG_WORKS];
    struct npb_region norm;
};

/* A level as one rank sees it. */
struct mg_level {
    bool is_empty;      /* the rank holds no point of it */
    int points[N_AXES]; /* that it holds along each axis, its neighbours' left out */
    int neighbours[N_AXES][N_SIDES];
    bool takes[N_AXES], gives[N_AXES]; /* on the way up, along the axis */
    struct work works[N_MG_WORKS];
};

struct mg_state {
    struct npb_timer timer;
    struct mg_level levels[MAX_LEVELS + 1];
    struct work norm;
};

static int log2_of(int n)
{
    int log = 0;
    while (n >> (log + 1))
        log++;
    return log;
}

/* --- who holds what ----------------------------------------------------------------------- */

static void mg_grid(int n_ranks, int grid[N_AXES])
{
    const int log = log2_of(n_ranks);

    grid[0] = 1 << log / 3;
    grid[1] = 1 << (log - log / 3) / 2;
    grid[2] = n_ranks / (grid[0] * grid[1]);
}

/* Points of part number `part` of `n` that are dealt to `n_parts`, which repeat for ever. */
static int dealt(int n, int n_parts, int part)
{
    return (int)((part + 1L) * n / n_parts - (long)part * n / n_parts);
}

/* Fills one axis of all levels, from the finest down, for place number `at` of `n_places`. */
static void lay_out_axis(int finest, int axis, int n_places, int at, int stride_in_ranks, int me,
                         struct mg_level levels[])
{
    int ahead = 1; /* places to the next rank that holds points */

    for (int level = finest; level >= COARSEST; level--) {
        const int points = dealt(1 << level, n_places, at);
        const int next_points = dealt(1 << level, n_places, at + ahead);

        if (points == 0 || next_points == 0)
            ahead *= 2;
        if (level < finest) {
            levels[level + 1].gives[axis] = next_points == 0 && points == 1;
            levels[level + 1].takes[axis] = next_points == 1 && points == 0;
        }
        levels[level].points[axis] = points;
        levels[level].is_empty |= points == 0;
        const int after = (at + ahead) % n_places, before = (at - ahead + n_places) % n_places;
        levels[level].neighbours[axis][AFTER] = me + (after - at) * stride_in_ranks;
        levels[level].neighbours[axis][BEFORE] = me + (before - at) * stride_in_ranks;
    }
}

/* Points of the level that the rank holds, as part of all. */
static double share_of(const struct mg_level *level, int number)
{
    const double points = (double)level->points[0] * level->points[1] * level->points[2];
    return ldexp(points, -N_AXES * number);
}

static void mg_begin(const void *plan_, struct rank *rank, void *state_)
{
    const struct mg_plan *plan = plan_;
    struct mg_state *state = state_;
    const int me = rank_number(rank);
    int stride = 1;

    for (int axis = 0; axis < N_AXES; axis++) {
        lay_out_axis(plan->finest, axis, plan->grid[axis], me / stride % plan->grid[axis], stride,
                     me, state->levels);
        stride *= plan->grid[axis];
    }
    for (int number = COARSEST; number <= plan->finest; number++) {
        struct mg_level *level = &state->levels[number];
        for (int i = 0; i < N_MG_WORKS; i++)
            level->works[i] = npb_region_work(&plan->regions[number][i], share_of(level, number));
    }
    state->norm =
        npb_region_work(&plan->norm, share_of(&state->levels[plan->finest], plan->finest));
}

/* --- faces -------------------------------------------------------------------------------- */

/* Points of a face across `axis`: with the neighbours' points along the axes of which
 * `with_ghosts` says so. */
static uint64_t face_points(const struct mg_level *level, int axis, const bool with_ghosts[N_AXES])
{
    uint64_t n = 1;

    for (int other = 0; other < N_AXES; other++)
        if (other != axis)
            n *= (uint64_t)(level->points[other] + (with_ghosts[other] ? 2 : 0));
    return n;
}

/* Along the axes before, the neighbours' points are already there and are sent on. */
static uint64_t exchanged_points(const struct mg_level *level, int axis)
{
    return face_points(level, axis, (const bool[N_AXES]){axis > 0, axis > 1, false});
}

/* Who joins in gets one face from its neighbour after it, and two from that before it. */
static uint64_t given_points(const struct mg_level *level, int axis, int side)
{
    return (side == AFTER ? 2 : 1) *
           face_points(level, axis, (const bool[N_AXES]){true, true, true});
}

static int mg_tag(int axis, int side)
{
    return 100 * (10 * (axis + 1) + (side == AFTER ? 3 : 1));
}

static int opposite(int side)
{
    return side == AFTER ? BEFORE : AFTER;
}

static void pass_through_memory(struct rank *rank, double bytes)
{
    const struct work work = work_of(WORK_MEMORY, 0.0, bytes);
    rank_compute(rank, &work);
}

/* Numbers in one of the four buffers: two faces of the largest part that a rank may hold. */
static double buffer_size(int finest, int n_ranks)
{
    const double edge = ldexp(1.0, finest - log2_of(n_ranks) / 3) + 2;
    return 2.0 * edge * edge;
}

static double buffer_B(const struct mg_plan *plan)
{
    return MPI_DOUBLE_B * buffer_size(plan->finest, plan->n_ranks);
}

/* Messages that go in direction `side` come from the other side. */
static struct request *mg_ready(const struct mg_plan *plan, const struct mg_level *level,
                                struct rank *rank, int axis, int side, uint64_t points)
{
    pass_through_memory(rank, buffer_B(plan));
    return rank_irecv(rank, rank_world(rank), level->neighbours[axis][opposite(side)],
                      mg_tag(axis, side), points * MPI_DOUBLE_B);
}

static void mg_give(const struct mg_level *level, struct rank *rank, int axis, int side,
                    uint64_t points)
{
    pass_through_memory(rank, (double)points * COPIED_B);
    rank_send(rank, rank_world(rank), level->neighbours[axis][side], mg_tag(axis, side),
              points * MPI_DOUBLE_B);
}

static void mg_take(struct rank *rank, struct request *request, uint64_t points)
{
    rank_wait(rank, request, NULL);
    pass_through_memory(rank, (double)points * COPIED_B);
}

/*
 * With one rank, faces pass through the same buffers: two are zeroed and filled, the other two get
 * all of them, and are read. comm3_ex does no more than the copy between the buffers.
 */
static void copy_own_buffers(const struct mg_plan *plan, struct rank *rank)
{
    pass_through_memory(rank, 2 * COPIED_TIMES * buffer_B(plan));
}

static void copy_own_faces(const struct mg_plan *plan, struct rank *rank, uint64_t points)
{
    pass_through_memory(rank, 2 * buffer_B(plan) + 4.0 * (double)points * COPIED_B);
    copy_own_buffers(plan, rank);
}

/* comm3 */
static void mg_exchange(const struct mg_plan *plan, const struct mg_level *level, struct rank *rank)
{
    if (level->is_empty)
        return;
    for (int axis = 0; axis < N_AXES; axis++) {
        const uint64_t points = exchanged_points(level, axis);
        if (plan->n_ranks == 1) {
            copy_own_faces(plan, rank, points);
            continue;
        }
        struct request *down = mg_ready(plan, level, rank, axis, BEFORE, points);
        struct request *up = mg_ready(plan, level, rank, axis, AFTER, points);
        mg_give(level, rank, axis, AFTER, points);
        mg_give(level, rank, axis, BEFORE, points);
        mg_take(rank, down, points);
        mg_take(rank, up, points);
    }
}

static void take_faces(const struct mg_plan *plan, const struct mg_level *level, struct rank *rank,
                       int axis)
{
    const uint64_t one = given_points(level, axis, BEFORE), two = given_points(level, axis, AFTER);
    struct request *down = mg_ready(plan, level, rank, axis, BEFORE, one);
    struct request *up = mg_ready(plan, level, rank, axis, AFTER, two);

    mg_take(rank, down, one);
    mg_take(rank, up, two);
}

/* comm3_ex */
static void mg_expand(const struct mg_plan *plan, const struct mg_level *level, struct rank *rank)
{
    for (int axis = 0; axis < N_AXES; axis++) {
        if (plan->n_ranks == 1)
            copy_own_buffers(plan, rank);
        if (level->takes[axis])
            take_faces(plan, level, rank, axis);
        if (level->gives[axis]) {
            mg_give(level, rank, axis, AFTER, given_points(level, axis, AFTER));
            mg_give(level, rank, axis, BEFORE, given_points(level, axis, BEFORE));
        }
    }
}

/* --- the V-cycle -------------------------------------------------------------------------- */

static void mg_compute(const struct mg_level *level, struct rank *rank, enum mg_work work)
{
    if (!level->is_empty)
        rank_compute(rank, &level->works[work]);
}

static void mg_apply(const struct mg_plan *plan, const struct mg_state *state, struct rank *rank,
                     int number, enum mg_work work)
{
    const struct mg_level *level = &state->levels[number];

    mg_compute(level, rank, work);
    if (work == WORK_INTERP)
        mg_expand(plan, level, rank);
    else
        mg_exchange(plan, level, rank);
}

static void mg_cycle(const struct mg_plan *plan, const struct mg_state *state, struct rank *rank)
{
    for (int level = plan->finest - 1; level >= COARSEST; level--)
        mg_apply(plan, state, rank, level, WORK_RPRJ3);
    mg_compute(&state->levels[COARSEST], rank, WORK_ZERO3);
    mg_apply(plan, state, rank, COARSEST, WORK_PSINV);
    for (int level = COARSEST + 1; level <= plan->finest; level++) {
        mg_compute(&state->levels[level], rank, WORK_ZERO3); /* none on the finest */
        mg_apply(plan, state, rank, level, WORK_INTERP);
        mg_apply(plan, state, rank, level, WORK_RESID);
        mg_apply(plan, state, rank, level, WORK_PSINV);
    }
    mg_apply(plan, state, rank, plan->finest, WORK_RESID);
}

/* Largest value and sum of squares. */
static void mg_norm(const struct mg_state *state, struct rank *rank)
{
    rank_compute(rank, &state->norm);
    rank_allreduce(rank, rank_world(rank), MPI_DOUBLE_B);
    rank_allreduce(rank, rank_world(rank), MPI_DOUBLE_B);
}

static void mg_first_residual(const struct mg_plan *plan, const struct mg_state *state,
                              struct rank *rank)
{
    mg_apply(plan, state, rank, plan->finest, WORK_RESID);
    mg_norm(state, rank);
}

/* --- phases ------------------------------------------------------------------------------- */

/* zran3: all agree on the points of the largest and of the smallest random numbers, one by one. */
static void place_charges(const struct mg_plan *plan, const struct mg_state *state,
                          struct rank *rank)
{
    struct comm *world = rank_world(rank);
    const uint64_t place_B = 4 * MPI_INT_B;

    rank_barrier(rank, world);
    for (int i = 0; i < 2 * N_CHARGES; i++) {
        rank_allreduce(rank, world, MPI_DOUBLE_B);
        rank_allreduce(rank, world, place_B);
    }
    rank_barrier(rank, world);
    mg_exchange(plan, &state->levels[plan->finest], rank);
}

/* Levels, iterations, the grid's three extents, eight switches, and whether to time in detail. */
static void mg_broadcast_inputs(struct rank *rank)
{
    static const int counts[] = {1, 1, 1, 1, 1, 8, 1};

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        rank_bcast(rank, rank_world(rank), 0, (uint64_t)counts[i] * MPI_INT_B);
}

static void mg_start_part(const void *plan_, long iteration, struct rank *rank, void *state_)
{
    const struct mg_plan *plan = plan_;
    struct mg_state *state = state_;
    (void)iteration;

    rank_barrier(rank, rank_world(rank));
    mg_broadcast_inputs(rank);
    place_charges(plan, state, rank);
    mg_norm(state, rank);
    mg_first_residual(plan, state, rank);
    mg_cycle(plan, state, rank); /* touches all data */
    place_charges(plan, state, rank);
    rank_barrier(rank, rank_world(rank));

    npb_timer_start(&state->timer, rank);
    mg_first_residual(plan, state, rank);
}

static void mg_cycle_part(const void *plan, long iteration, struct rank *rank, void *state)
{
    (void)iteration;
    mg_cycle(plan, state, rank);
}

static void mg_end_part(const void *plan, long iteration, struct rank *rank, void *state_)
{
    const struct mg_state *state = state_;
    (void)plan, (void)iteration;

    mg_norm(state, rank);
    npb_timer_stop(&state->timer, rank);
    rank_reduce(rank, rank_world(rank), 0, MPI_DOUBLE_B); /* the slowest's time */
}

static const struct phase mg_phases[N_NPB_PHASES] = {
    [NPB_START] = {.name = "charges, an untimed cycle and the first residual",
                   .part = mg_start_part},
    [NPB_ITERATION] = {.name = "V-cycle and residual", .part = mg_cycle_part},
    [NPB_END] = {.name = "norm", .part = mg_end_part},
};

/* --- the benchmark's rules ---------------------------------------------------------------- */

/* Work that a level does not have stays zero. */
static void find_regions(struct mg_plan *plan)
{
    struct npb_region regions[NPB_MAX_REGIONS];
    const int n = npb_regions(&npb_mg, plan->problem.class, regions);
    char name[sizeof regions[0].name];

    for (int level = COARSEST; level <= plan->finest; level++) {
        for (int i = 0; i < N_MG_WORKS; i++) {
            if ((level == plan->finest && !mg_works[i].is_on_finest) ||
                (level == COARSEST && !mg_works[i].is_on_coarsest))
                continue;
            snprintf(name, sizeof name, "%s.%d", mg_works[i].region, level);
            plan->regions[level][i] = *npb_region_find(n, regions, name);
        }
    }
    snprintf(name, sizeof name, "norm2u3.%d", plan->finest);
    plan->norm = *npb_region_find(n, regions, name);
}

static int mg_program_new(const struct npb_case *problem, int n_ranks, struct program *program)
{
    struct mg_plan *plan = calloc(1, sizeof *plan);

    if (!plan)
        return -ENOMEM;
    plan->problem = *problem;
    plan->n_ranks = n_ranks;
    plan->finest = npb_mg_levels(problem->class);
    mg_grid(n_ranks, plan->grid);
    find_regions(plan);
    *program = npb_walk(mg_phases, plan, n_ranks, sizeof(struct mg_state));
    program->begin = mg_begin;
    return 0;
}

/* The last axis has the most ranks; each must hold a point of the finest level. */
static bool mg_runs_on(enum npb_class class, int n_ranks)
{
    return npb_is_power_of_two(n_ranks) && (log2_of(n_ranks) + 2) / 3 <= npb_mg_levels(class);
}

static struct npb_size mg_size(enum npb_class class)
{
    const double n = ldexp(1.0, npb_mg_levels(class));
    return (struct npb_size){{n, n, n}};
}

static int mg_iterations(enum npb_class class)
{
    static const int iterations[N_NPB_CLASSES] = {4, 4, 4, 20, 20, 50, 50, 50};
    return iterations[class];
}

/* 58 operations for each point of the finest level. */
static double mg_mop(const struct npb_case *problem)
{
    return 58.0 * ldexp(1.0, N_AXES * npb_mg_levels(problem->class)) * problem->n_iterations * 1e-6;
}

/* The solution, the right hand side, which is kept on the finest level only, the residual, and four
 * buffers. A cube's levels are 8/7 of the finest one, and their neighbours' points come on top. */
static double mg_memory_B(const struct npb_case *problem, int n_ranks)
{
    const int finest = npb_mg_levels(problem->class);
    int grid[N_AXES];
    double fine = 1.0;

    mg_grid(n_ranks, grid);
    for (int axis = 0; axis < N_AXES; axis++)
        fine *= 2 + ldexp(1.0, finest) / grid[axis];
    const int log_edge = finest - log2_of(n_ranks) / 3;
    const double edge = 2 + ldexp(1.0, log_edge);
    const double levels = 8.0 * (fine + edge * edge + 5 * edge + 14 * finest - 7 * log_edge) / 7.0;
    return MPI_DOUBLE_B * (2 * levels + fine + 4 * buffer_size(finest, n_ranks));
}

const struct npb_kernel npb_mg = {
    .name = "mg",
    .help = "multigrid V-cycles on a cube: memory bandwidth, and faces of all sizes",
    .operation = "floating point",
    .last_class = NPB_F,
    .rank_rule = "a power of two",
    .runs_on = mg_runs_on,
    .size = mg_size,
    .default_iterations = mg_iterations,
    .mop = mg_mop,
    .memory_B = mg_memory_B,
    .program_new = mg_program_new,
};
