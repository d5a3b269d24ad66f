#include "ptrans.h"
#include "sim/workload/shared.h"

#include "models/random.h"
#include "sim/input/scenario.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { COPIED_B = 2 * MPI_DOUBLE_B, ADDED_B = 3 * MPI_DOUBLE_B };
enum { TAG_TRADE = 0 };
static const uint64_t PART_B = 12500000 * (uint64_t)MPI_DOUBLE_B; /* largest single MPI_Sendrecv */

enum { SLOT_TIME_S };
enum { NOT_IN_GRID = -1 };

struct ptrans_plan {
    struct ptrans_spec spec;
    int n_ranks;
    int *place; /* n_ranks entries per repetition: in the grid, or NOT_IN_GRID */
};

/* --- the schedule --------------------------------------------------------------------------- */

static int greatest_common_divisor(int a, int b)
{
    while (b != 0) {
        const int rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int least_common_multiple(const struct ptrans_spec *spec)
{
    return spec->p / greatest_common_divisor(spec->p, spec->q) * spec->q;
}

static int ceil_div(int a, int b)
{
    return a / b + (a % b != 0);
}

int ptrans_n_trades(const struct ptrans_spec *spec)
{
    const int lcm = least_common_multiple(spec);
    return lcm / spec->p * (lcm / spec->q);
}

double ptrans_message_B(const struct ptrans_spec *spec)
{
    const int n_blocks = ceil_div(ceil_div(spec->n, spec->nb), least_common_multiple(spec));
    const double order = (double)n_blocks * spec->nb;
    return order * order * MPI_DOUBLE_B;
}

/* The number modulo L that is `a` modulo P and `b` modulo Q, which agree modulo their gcd. */
static int class_of(const struct ptrans_spec *spec, int a, int b)
{
    int class = a;

    while (class % spec->q != b)
        class += spec->p;
    assert(class < least_common_multiple(spec));
    return class;
}

/* Rows (or columns) of the matrix that lie in blocks number `class`, class + L, class + 2 L, ... */
static double class_extent(const struct ptrans_spec *spec, int class)
{
    const long stride = (long)least_common_multiple(spec) * spec->nb;
    double extent = 0.0;

    for (long first = (long)class * spec->nb; first < spec->n; first += stride)
        extent += spec->n - first < spec->nb ? (double)(spec->n - first) : spec->nb;
    return extent;
}

/* a - b modulo m, for 0 <= a < m and b >= 0. */
static int minus_modulo(int a, int b, int m)
{
    return (a + m - b % m) % m;
}

struct ptrans_trade ptrans_trade_at(const struct ptrans_spec *spec, int place, int index)
{
    const int p = spec->p, q = spec->q;
    const int row = place / q, column = place % q;
    const int gcd = greatest_common_divisor(p, q);
    const int row_step = index % (p / gcd); /* the inner of two loops */
    const int column_step = index / (p / gcd);
    const int ahead = (column % gcd + gcd - row % gcd) % gcd;
    const int behind = (gcd - ahead) % gcd;

    const int to_row = (row + gcd * row_step + ahead) % p;
    const int to_column = minus_modulo(column, gcd * column_step + ahead, q);
    const int from_row = minus_modulo(row, gcd * row_step + behind, p);
    const int from_column = (column + gcd * column_step + behind) % q;

    return (struct ptrans_trade){
        .to = to_row * q + to_column,
        .from = from_row * q + from_column,
        .sent_elements = class_extent(spec, class_of(spec, row, to_column)) *
                         class_extent(spec, class_of(spec, to_row, column)),
        .added_elements = class_extent(spec, class_of(spec, from_row, column)) *
                          class_extent(spec, class_of(spec, row, from_column))};
}

/* --- what a rank does ----------------------------------------------------------------------- */

static void pass_along_rows(struct rank *rank, double n, double flops, double bytes)
{
    const struct work work = work_of(WORK_MEMORY, n * flops, n * bytes);
    rank_compute(rank, &work);
}

static void pass_from_columns(struct rank *rank, double n, double flops, double bytes)
{
    struct work work = work_of(WORK_MEMORY, n * flops, n * bytes);
    work.n_strided = n;
    rank_compute(rank, &work);
}

static void trade_message(struct rank *rank, struct comm *grid, const struct ptrans_trade *trade,
                          uint64_t size_B)
{
    for (uint64_t done_B = 0; done_B < size_B; done_B += PART_B) {
        const uint64_t part_B = size_B - done_B < PART_B ? size_B - done_B : PART_B;
        rank_sendrecv(rank, grid, trade->to, TAG_TRADE, part_B, trade->from, TAG_TRADE, part_B,
                      NULL);
    }
}

static void transpose(const struct ptrans_spec *spec, struct rank *rank, struct comm *grid)
{
    const int place = comm_rank(grid, rank);
    const uint64_t size_B = (uint64_t)ptrans_message_B(spec);

    for (int i = 0; i < ptrans_n_trades(spec); i++) {
        const struct ptrans_trade trade = ptrans_trade_at(spec, place, i);
        if (trade.to == place) {
            pass_from_columns(rank, trade.added_elements, 1.0, ADDED_B);
            continue;
        }
        pass_from_columns(rank, trade.sent_elements, 0.0, COPIED_B);
        trade_message(rank, grid, &trade, size_B);
        pass_along_rows(rank, trade.added_elements, 1.0, ADDED_B);
    }
}

/* All agree on a seed, make the grid and learn who is first in it; then the grid is timed. */
static void repetition_part(const void *plan_, long repetition, struct rank *rank, void *state)
{
    const struct ptrans_plan *plan = plan_;
    const int place = plan->place[repetition * plan->n_ranks + rank_number(rank)];
    struct comm *world = rank_world(rank);
    (void)state;

    rank_allreduce(rank, world, MPI_INT_B);
    struct comm *grid = rank_split(rank, world, place == NOT_IN_GRID ? -1 : 0, place);
    rank_allreduce(rank, world, MPI_INT_B);
    if (!grid)
        return;

    rank_barrier(rank, grid);
    const double start_s = rank_time_s(rank);
    transpose(&plan->spec, rank, grid);
    rank_record(rank, SLOT_TIME_S, rank_time_s(rank) - start_s);
    rank_allreduce(rank, grid, MPI_DOUBLE_B);
}

static const struct phase ptrans_phases[] = {
    {.name = "transposition on one grid", .part = repetition_part}};

/* --- the program ---------------------------------------------------------------------------- */

static bool ptrans_step(const void *plan_, long index, struct step *step)
{
    const struct ptrans_plan *plan = plan_;

    *step = (struct step){0, index};
    return index < plan->spec.n_repetitions;
}

/* Swaps each rank with a random one; the first P Q of the result stand in the grid row by row. */
static void deal_places(int n_ranks, int n_places, struct random_stream stream, int rank_at[],
                        int place[])
{
    for (int i = 0; i < n_ranks; i++)
        rank_at[i] = i;
    for (int i = 0; i < n_ranks; i++) {
        const int other = (int)(random_uniform(&stream) * n_ranks);
        const int rank = rank_at[other];
        rank_at[other] = rank_at[i];
        rank_at[i] = rank;
    }
    for (int i = 0; i < n_ranks; i++)
        place[rank_at[i]] = i < n_places ? i : NOT_IN_GRID;
}

static int deal_grids(struct ptrans_plan *plan)
{
    const struct ptrans_spec *spec = &plan->spec;
    const size_t n_ranks = (size_t)plan->n_ranks;
    int *rank_at = calloc(n_ranks, sizeof(int));

    plan->place = calloc((size_t)spec->n_repetitions * n_ranks, sizeof(int));
    if (!rank_at || !plan->place) {
        free(rank_at);
        return -ENOMEM;
    }
    for (int i = 0; i < spec->n_repetitions; i++)
        deal_places(plan->n_ranks, spec->p * spec->q,
                    random_stream_for((uint64_t)spec->grid_seed, "process grid", (uint64_t)i),
                    rank_at, &plan->place[(size_t)i * n_ranks]);
    free(rank_at);
    return 0;
}

static void ptrans_program_free(struct program *program)
{
    struct ptrans_plan *plan = (struct ptrans_plan *)program->plan;

    if (plan)
        free(plan->place);
    free(plan);
    *program = (struct program){0};
}

static int ptrans_program_new(const void *spec, int n_ranks, struct program *program)
{
    struct ptrans_plan *plan = calloc(1, sizeof(struct ptrans_plan));

    *program = (struct program){.phases = ptrans_phases,
                                .n_phases = 1,
                                .plan = plan,
                                .n_ranks = n_ranks,
                                .step = ptrans_step};
    if (!plan)
        return -ENOMEM;
    plan->spec = *(const struct ptrans_spec *)spec;
    plan->n_ranks = n_ranks;
    if (deal_grids(plan) < 0) {
        ptrans_program_free(program);
        return -ENOMEM;
    }
    return 0;
}

/* --- scenario and results ------------------------------------------------------------------- */

/* A and C, each dealt in whole blocks, and two messages. */
static double memory_of_rank_B(const struct ptrans_spec *spec)
{
    const double rows = (double)ceil_div(ceil_div(spec->n, spec->nb), spec->p) * spec->nb;
    const double columns = (double)ceil_div(ceil_div(spec->n, spec->nb), spec->q) * spec->nb;
    return 2.0 * rows * columns * MPI_DOUBLE_B + 2.0 * ptrans_message_B(spec);
}

static void ptrans_check(const void *spec_, const struct scenario *scenario,
                         struct diagnostics *diagnostics)
{
    const struct ptrans_spec *spec = spec_;

    if (check_grid(scenario, diagnostics, spec->p, spec->q))
        check_rank_memory(scenario, diagnostics, "workload.n", memory_of_rank_B(spec));
}

static int ptrans_metrics(const void *spec_, const struct outcome *outcome, struct metric metrics[])
{
    const struct ptrans_spec *spec = spec_;
    const double slowest_s = outcome->records[SLOT_TIME_S].max;
    const double moved_B = (double)spec->n * spec->n * MPI_DOUBLE_B;

    metrics[0] = (struct metric){"ptrans_GBps", "GB/s", moved_B / slowest_s * 1e-9, true, 3};
    metrics[1] = (struct metric){"ptrans_s", "s", slowest_s, false, 3};
    return 2;
}

static const struct field ptrans_fields[] = {
    {.key = "n",
     FIELD_COUNT_UP_TO(1e9),
     .help = "Order of the matrices; HPCC takes half of HPL's.",
     .offset = offsetof(struct ptrans_spec, n)},
    {.key = "nb",
     FIELD_COUNT_UP_TO(1e5),
     .help = "Order of a block; HPCC takes HPL's.",
     .offset = offsetof(struct ptrans_spec, nb)},
    {.key = "p",
     FIELD_COUNT_UP_TO(1e5),
     .help = "Rows of the process grid.",
     .offset = offsetof(struct ptrans_spec, p)},
    {.key = "q",
     FIELD_COUNT_UP_TO(1e5),
     .help = "Columns of the process grid.",
     .offset = offsetof(struct ptrans_spec, q)},
    {.key = "repetitions",
     FIELD_COUNT_UP_TO(1000),
     .fallback = "5",
     .help = "Transpositions, each on another random grid; the slowest counts.",
     .offset = offsetof(struct ptrans_spec, n_repetitions)},
    {.key = "grid_seed",
     FIELD_SEED,
     .fallback = "1",
     .help = "Seed of the random grids; another seed deals ranks otherwise.",
     .offset = offsetof(struct ptrans_spec, grid_seed)},
    {0}};

const struct workload workload_ptrans = {
    .name = "ptrans",
    .help = "HPCC's PTRANS: parallel matrix transposition, every process communicating at once",
    .about =
        "Transposes a distributed N x N matrix and adds it to another. The blocks of a P x Q "
        "grid travel to the place of their transpose: every process packs what it has for "
        "another one, trades it with one MPI_Sendrecv of equal size, and goes on to the next. "
        "HPCC deals the ranks to the grid at random, five times anew, and reports the "
        "slowest. The rate is 8 N^2 bytes by that time.\n"
        "It moves the whole matrix once and computes nothing, so the bandwidth of the network "
        "under load decides, as in an FFT: wires, switches with less capacity than their "
        "ports, and the backends of all guests at once. On one node it is memory bandwidth, "
        "as packing walks along columns. Virtual clusters usually lose more here than in HPL, and "
        "what they lose is bandwidth rather than latency.",
    .fields = ptrans_fields,
    .spec_size = sizeof(struct ptrans_spec),
    .check = ptrans_check,
    .program_new = ptrans_program_new,
    .program_free = ptrans_program_free,
    .metrics = ptrans_metrics,
};
