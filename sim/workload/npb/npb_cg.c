/*
 * npb_cg.c - CG: the smallest eigenvalue of a sparse matrix by inverse iteration, each of which is
 * 25 steps of conjugate gradients.
 *
 * The matrix lies on a grid of ranks with as many columns as rows, or twice as many. A product with
 * a vector is summed over each row of ranks, pairwise with ranks half, a quarter, ... of the row
 * away; then each rank exchanges its part with the rank at the transposed place, which may be
 * itself. Dot products are summed over rows in the same way, 8 bytes at a time. Every message is a
 * receive, a send and a wait, and each waits for the one before.
 *
 * The matrix has a nonzero in each place of its diagonal, the others at random places: blocks on
 * the diagonal have more, 3 % with class A on 16 ranks, 12 % on 256. Blocks are as full as
 * expected; real ones scatter by another 1 % about that. Left out: the making of the matrix, before
 * the clock starts.
 */
#include "npb_region.h"
#include "npb_size.h"
#include "npb_walk.h"

#include "sim/workload/shared.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { N_CG_STEPS = 25, N_VECTORS = 5, MAX_SUMS = 16, TAG_EXCHANGE = 1 };

enum cg_work {
    WORK_START,    /* q, z, r and p from x */
    WORK_RHO,      /* r.r */
    WORK_MATVEC,   /* A p */
    WORK_P_DOT_Q,  /* p.q */
    WORK_UPDATE,   /* z, r and r.r */
    WORK_P,        /* p */
    WORK_RESIDUAL, /* A z */
    WORK_NORM,     /* |x - A z| */
    WORK_NORMS,    /* x.z and z.z */
    WORK_NORMALIZE,
    N_CG_WORKS
};
static const struct {
    const char *region;
    bool is_on_matrix; /* on the rank's block; else on its part of vectors */
} cg_works[N_CG_WORKS] = {
    [WORK_START] = {"conj_grad.start", false},
    [WORK_RHO] = {"conj_grad.rho", false},
    [WORK_MATVEC] = {"conj_grad.matvec", true},
    [WORK_P_DOT_Q] = {"conj_grad.p_dot_q", false},
    [WORK_UPDATE] = {"conj_grad.update_z_r", false},
    [WORK_P] = {"conj_grad.update_p", false},
    [WORK_RESIDUAL] = {"conj_grad.residual", true},
    [WORK_NORM] = {"conj_grad.norm", false},
    [WORK_NORMS] = {"norms", false},
    [WORK_NORMALIZE] = {"normalize", false},
};

struct cg_plan {
    struct npb_case problem; /* first, as npb_walk() wants it */
    int n_rows;              /* of the matrix */
    int p_rows, p_columns;   /* of the grid of ranks; p_columns is p_rows or twice that */
    int n_sums;              /* log 2 of p_columns: messages of a sum over a row */
    struct npb_region regions[N_CG_WORKS];
};

/* Numbers of the block that a rank sends and receives when a vector is summed. */
struct cg_sum {
    int partner;
    int n_sent, n_received;
};

struct cg_state {
    struct npb_timer timer;
    int n_rows, n_columns;        /* of the rank's block */
    struct cg_sum sums[MAX_SUMS]; /* the first is the farthest */
    int exchange_partner, n_exchanged;
    double nonzeros; /* of its block, as part of all */
    struct work works[N_CG_WORKS];
    struct work clear; /* the sums' vector */
};

/* --- who holds what --------------------------------------------------------------------------- */

/* Of `n` numbers dealt to `n_parts`, the first ones getting one more where they do not divide. */
static int part_of(int n, int n_parts, int part)
{
    return n / n_parts + (part < n % n_parts);
}

/* Of an odd number, the left one of two gets one more. */
static int half_of(int n, bool is_left)
{
    return (n + is_left) / 2;
}

/* With twice as many columns as rows, columns are halves of what a row would get. */
static int columns_of(const struct cg_plan *plan, int column)
{
    if (plan->p_columns == plan->p_rows || plan->n_rows % plan->p_columns == 0)
        return part_of(plan->n_rows, plan->p_columns, column);
    return half_of(part_of(plan->n_rows, plan->p_rows, column / 2), column % 2 == 0);
}

/* Over half a row of ranks, a row's vector is first cut in two. */
static void find_sums(const struct cg_plan *plan, int row, int column, struct cg_state *state)
{
    const bool is_square = plan->p_columns == plan->p_rows;
    const int kept = is_square ? state->n_rows : half_of(state->n_rows, column % 2 == 0);

    for (int i = 0; i < plan->n_sums; i++) {
        const bool is_nearest = i == plan->n_sums - 1;
        state->sums[i] = (struct cg_sum){
            .partner = row * plan->p_columns + (column ^ (plan->p_columns >> (i + 1))),
            .n_sent = !is_square && is_nearest ? state->n_rows - kept : kept,
            .n_received = kept};
    }
    state->n_exchanged = kept;
}

static int transposed(const struct cg_plan *plan, int me)
{
    const int p = plan->p_rows;

    if (plan->p_columns == p)
        return me % p * p + me / p;
    return 2 * (me / 2 % p * p + me / 2 / p) + me % 2;
}

static double part_of_nonzeros(const struct cg_plan *plan, const struct cg_state *state,
                               bool is_on_diagonal)
{
    const double n = plan->n_rows, n_nonzeros = npb_cg_nonzeros(plan->problem.class);
    const double block = state->n_rows / n * (state->n_columns / n);

    return ((n_nonzeros - n) * block + (is_on_diagonal ? state->n_columns : 0)) / n_nonzeros;
}

/*
 * The block is a rank's own; of vectors it has its columns' part, as the other ranks of its column
 * do. It looks up its part only, and comes back to both.
 */
static struct work cg_work_of(const struct cg_plan *plan, const struct cg_state *state, int i)
{
    const double of_rows = (double)state->n_rows / plan->n_rows;
    const double of_columns = (double)state->n_columns / plan->n_rows;
    const double share = cg_works[i].is_on_matrix ? state->nonzeros
                         : i == WORK_START        ? of_rows
                                                  : of_columns;
    const double vectors_B = (double)N_VECTORS * MPI_DOUBLE_B * plan->n_rows;
    const double matrix_B = plan->regions[i].resident_B - vectors_B;
    struct work work = npb_region_work(&plan->regions[i], share);

    work.reused_B = matrix_B * state->nonzeros + vectors_B * of_columns;
    work.table_B *= of_columns;
    return work;
}

static void find_works(const struct cg_plan *plan, struct cg_state *state)
{
    for (int i = 0; i < N_CG_WORKS; i++)
        state->works[i] = cg_work_of(plan, state, i);
    state->clear = work_of(WORK_MEMORY, 0.0, MPI_DOUBLE_B * fmax(state->n_rows, state->n_columns));
    state->clear.reused_B = state->works[WORK_MATVEC].reused_B;
}

static void cg_begin(const void *plan_, struct rank *rank, void *state_)
{
    const struct cg_plan *plan = plan_;
    struct cg_state *state = state_;
    const int me = rank_number(rank);
    const int row = me / plan->p_columns, column = me % plan->p_columns;

    state->n_rows = part_of(plan->n_rows, plan->p_rows, row);
    state->n_columns = columns_of(plan, column);
    state->exchange_partner = transposed(plan, me);
    state->nonzeros = part_of_nonzeros(plan, state, column * plan->p_rows / plan->p_columns == row);
    find_sums(plan, row, column, state);
    find_works(plan, state);
}

/* --- what a rank does ------------------------------------------------------------------------ */

static void cg_compute(const struct cg_state *state, struct rank *rank, enum cg_work work)
{
    rank_compute(rank, &state->works[work]);
}

static void cg_swap(struct rank *rank, int partner, int tag, int n_sent, int n_received)
{
    struct comm *world = rank_world(rank);
    struct request *receive =
        rank_irecv(rank, world, partner, tag, (uint64_t)n_received * MPI_DOUBLE_B);

    rank_send(rank, world, partner, tag, (uint64_t)n_sent * MPI_DOUBLE_B);
    rank_wait(rank, receive, NULL);
}

/* Sums `n` numbers over the row of ranks. */
static void cg_sum_numbers(const struct cg_plan *plan, const struct cg_state *state,
                           struct rank *rank, int n)
{
    for (int i = 0; i < plan->n_sums; i++)
        cg_swap(rank, state->sums[i].partner, i + 1, n, n);
}

/* Sums the product's parts over the row, the nearest ranks first. Each sum reads two vectors and
 * writes one. */
static void cg_sum_vectors(const struct cg_plan *plan, const struct cg_state *state,
                           struct rank *rank)
{
    for (int i = plan->n_sums - 1; i >= 0; i--) {
        const struct cg_sum *sum = &state->sums[i];
        struct work add =
            work_of(WORK_MEMORY, sum->n_received, 3.0 * MPI_DOUBLE_B * sum->n_received);
        add.reused_B = state->clear.reused_B;
        cg_swap(rank, sum->partner, i + 1, sum->n_sent, sum->n_received);
        rank_compute(rank, &add);
    }
}

/* A single rank copies instead: what the exchange does besides. */
static void cg_multiply(const struct cg_plan *plan, const struct cg_state *state, struct rank *rank,
                        enum cg_work product)
{
    cg_compute(state, rank, product);
    cg_sum_vectors(plan, state, rank);
    if (plan->n_sums > 0)
        cg_swap(rank, state->exchange_partner, TAG_EXCHANGE, state->n_exchanged, state->n_columns);
}

static void conjugate_gradients(const struct cg_plan *plan, const struct cg_state *state,
                                struct rank *rank)
{
    cg_compute(state, rank, WORK_START);
    cg_compute(state, rank, WORK_RHO);
    cg_sum_numbers(plan, state, rank, 1);
    for (int i = 0; i < N_CG_STEPS; i++) {
        cg_multiply(plan, state, rank, WORK_MATVEC);
        rank_compute(rank, &state->clear);
        cg_compute(state, rank, WORK_P_DOT_Q);
        cg_sum_numbers(plan, state, rank, 1);
        cg_compute(state, rank, WORK_UPDATE);
        cg_sum_numbers(plan, state, rank, 1);
        cg_compute(state, rank, WORK_P);
    }
    cg_multiply(plan, state, rank, WORK_RESIDUAL);
    cg_compute(state, rank, WORK_NORM);
    cg_sum_numbers(plan, state, rank, 1);
}

static void cg_iterate(const struct cg_plan *plan, const struct cg_state *state, struct rank *rank)
{
    conjugate_gradients(plan, state, rank);
    cg_compute(state, rank, WORK_NORMS);
    cg_sum_numbers(plan, state, rank, 2);
    cg_compute(state, rank, WORK_NORMALIZE);
}

static void cg_start_part(const void *plan, long iteration, struct rank *rank, void *state_)
{
    struct cg_state *state = state_;
    (void)iteration;

    rank_bcast(rank, rank_world(rank), 0, MPI_INT_B); /* whether to time in detail */
    cg_iterate(plan, state, rank);                    /* touches all data */
    rank_barrier(rank, rank_world(rank));
    npb_timer_start(&state->timer, rank);
}

static void cg_iteration_part(const void *plan, long iteration, struct rank *rank, void *state)
{
    (void)iteration;
    cg_iterate(plan, state, rank);
}

static void cg_end_part(const void *plan, long iteration, struct rank *rank, void *state_)
{
    const struct cg_state *state = state_;
    (void)plan, (void)iteration;

    npb_timer_stop(&state->timer, rank);
    rank_reduce(rank, rank_world(rank), 0, MPI_DOUBLE_B); /* the slowest's time */
}

static const struct phase cg_phases[N_NPB_PHASES] = {
    [NPB_START] = {.name = "untimed iteration", .part = cg_start_part},
    [NPB_ITERATION] = {.name = "inverse iteration", .part = cg_iteration_part},
    [NPB_END] = {.name = "end", .part = cg_end_part},
};

/* --- the benchmark's rules -------------------------------------------------------------------- */

static int cg_program_new(const struct npb_case *problem, int n_ranks, struct program *program)
{
    struct npb_region regions[NPB_MAX_REGIONS];
    struct cg_plan *plan = calloc(1, sizeof *plan);

    if (!plan)
        return -ENOMEM;
    plan->problem = *problem;
    plan->n_rows = npb_cg_size(problem->class).n_rows;
    plan->p_rows = plan->p_columns = 1;
    while (plan->p_rows * plan->p_columns < n_ranks) {
        *(plan->p_columns > plan->p_rows ? &plan->p_rows : &plan->p_columns) *= 2;
        plan->n_sums += plan->p_columns > plan->p_rows;
    }
    const int n = npb_regions(&npb_cg, problem->class, regions);
    for (int i = 0; i < N_CG_WORKS; i++)
        plan->regions[i] = *npb_region_find(n, regions, cg_works[i].region);
    *program = npb_walk(cg_phases, plan, n_ranks, sizeof(struct cg_state));
    program->begin = cg_begin;
    return 0;
}

/* Each rank needs a row and a column. */
static bool cg_runs_on(enum npb_class class, int n_ranks)
{
    const double n_columns = sqrt(2.0 * n_ranks);
    return npb_is_power_of_two(n_ranks) && n_columns <= npb_cg_size(class).n_rows &&
           n_columns <= 1 << MAX_SUMS;
}

static struct npb_size cg_size(enum npb_class class)
{
    return (struct npb_size){{npb_cg_size(class).n_rows}};
}

static int cg_iterations(enum npb_class class)
{
    static const int iterations[N_NPB_CLASSES] = {15, 15, 15, 75, 75, 100, 100, 100};
    return iterations[class];
}

/* Up to NPB 3.3, and so up to class E, the formula is computed in single precision, and its results
 * show it. */
static double cg_mop(const struct npb_case *problem)
{
    const struct npb_cg_size size = npb_cg_size(problem->class);
    const double rows = 2.0 * problem->n_iterations * size.n_rows;
    const float row_nonzeros = (float)(size.nonzer * (size.nonzer + 1));
    const float per_row = 3.0f + row_nonzeros + N_CG_STEPS * (5.0f + row_nonzeros) + 3.0f;

    if (problem->class == NPB_F)
        return 1e-6 * rows * (double)per_row;
    return (double)((float)rows * per_row) / 1e6;
}

/* Three integers and two numbers for each nonzero that there may be, for each row of the matrix a
 * number and three integers, six vectors of the rank's rows. */
static double cg_memory_B(const struct npb_case *problem, int n_ranks)
{
    const struct npb_cg_size size = npb_cg_size(problem->class);
    const double n = size.n_rows, nonzer = size.nonzer;
    const double p_rows = exp2(floor(log2(n_ranks) / 2)), p_columns = n_ranks / p_rows;
    const double n_nonzeros = n * (nonzer + 1) / n_ranks * (nonzer + 1) + nonzer +
                              n * (nonzer + 2 + floor(n_ranks / 256.0)) / p_columns;

    return n_nonzeros * (3 * MPI_INT_B + 2 * MPI_DOUBLE_B) + n * (3 * MPI_INT_B + MPI_DOUBLE_B) +
           6 * n / p_rows * MPI_DOUBLE_B;
}

const struct npb_kernel npb_cg = {
    .name = "cg",
    .help = "conjugate gradients on a sparse matrix: chains of short and middle-sized messages",
    .operation = "floating point",
    .last_class = NPB_F,
    .rank_rule = "a power of two",
    .runs_on = cg_runs_on,
    .size = cg_size,
    .default_iterations = cg_iterations,
    .mop = cg_mop,
    .memory_B = cg_memory_B,
    .program_new = cg_program_new,
};
