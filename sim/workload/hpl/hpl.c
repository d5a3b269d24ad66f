/*
 * hpl.c - HPL as a program of phases.
 *
 * Without look-ahead panel k is factored, broadcast, and applied to the columns right of it. With
 * a look-ahead of d panels the owner of panel k first brings only that panel's columns up to
 * date, factors it and sends it off; while it travels, panel k - d is applied to everything
 * right of panel k. The walk is a row of *stages*, one per panel and d more:
 *
 *   stage m   for t = 0..d-1: panel m-d+t onto panel m's columns (its owners only)
 *             factor panel m; begin its broadcast
 *             the bulk: panel m-d onto the columns right of panel m
 *
 * The first d stages have no look-ahead and apply panel m to panels m+1..d-1 only; the last d
 * stages apply what is left to the right-hand side. Back substitution follows, one step per block.
 */
#include "hpl.h"

#include "hpl_parts.h"

#include "sim/input/hpldat.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum hpl_phase { PHASE_FACTOR, PHASE_BROADCAST, PHASE_SWAP, PHASE_UPDATE, PHASE_SOLVE, N_PHASES };

/* --- where a step is in the walk ------------------------------------------- */

/* Swaps and updates: a stage has d + 1 slots, of which the last is the bulk. */
struct slot {
    long stage;
    int number;
    bool is_bulk;
};

static struct slot slot_of(const struct hpl_plan *plan, long iteration)
{
    const int n_slots = plan->spec.depth + 1;
    const int number = (int)(iteration % n_slots);
    return (struct slot){
        .stage = iteration / n_slots, .number = number, .is_bulk = number == n_slots - 1};
}

static bool is_fill(const struct hpl_plan *plan, long stage)
{
    return stage < plan->spec.depth;
}

static bool is_drain(const struct hpl_plan *plan, long stage)
{
    return stage >= plan->n_panels;
}

/* Global columns first..end-1 of a slot's piece. */
static void columns_of(const struct hpl_plan *plan, const struct slot *slot, long *first, long *end)
{
    const struct hpl_spec *spec = &plan->spec;
    const long n = spec->n, nb = spec->nb;
    const long after = (slot->stage + 1) * nb < n ? (slot->stage + 1) * nb : n;

    *first = after;
    *end = n + 1;
    if (!slot->is_bulk) {
        *first = slot->stage * nb;
        *end = after;
    } else if (is_fill(plan, slot->stage)) {
        *end = spec->depth * nb < n ? spec->depth * nb : n;
    } else if (is_drain(plan, slot->stage)) {
        *first = n;
    }
}

static struct hpl_piece piece_of(const struct hpl_plan *plan, const struct hpl_process *process,
                                 const struct slot *slot)
{
    const struct hpl_spec *spec = &plan->spec;
    const bool is_fill_bulk = slot->is_bulk && is_fill(plan, slot->stage);
    const long behind = slot->is_bulk ? spec->depth : spec->depth - slot->number;
    long first, end;

    columns_of(plan, slot, &first, &end);
    return (struct hpl_piece){
        .panel = hpl_panel_of(plan, process, is_fill_bulk ? slot->stage : slot->stage - behind),
        .n_columns = hpl_local_between(first, end, spec->nb, process->col, spec->q)};
}

static bool owns_stage(const struct hpl_plan *plan, long stage, int rank)
{
    int row, col;
    hpl_place(plan, rank, &row, &col);
    return !is_drain(plan, stage) && stage % plan->spec.q == col;
}

/* --- phases ------------------------------------------------------------------ */

static bool has_factor_part(const void *context, long stage, int rank)
{
    return owns_stage(context, stage, rank);
}

static void factor_part(const void *context, long stage, struct rank *rank, void *state)
{
    const struct hpl_process process = hpl_process_of(context, rank, state);
    hpl_factor_panel(context, &process, stage);
}

static bool has_broadcast_part(const void *context, long stage, int rank)
{
    const struct hpl_plan *plan = context;
    (void)rank;
    return plan->spec.q > 1 && !is_drain(plan, stage);
}

static void broadcast_part(const void *context, long stage, struct rank *rank, void *state)
{
    const struct hpl_plan *plan = context;
    const struct hpl_process process = hpl_process_of(plan, rank, state);
    hpl_broadcast_begin(plan, &process, stage);
    if (plan->spec.depth == 0 || is_fill(plan, stage))
        hpl_broadcast_finish(plan, &process);
}

static bool has_update_part(const void *context, long iteration, int rank)
{
    const struct hpl_plan *plan = context;
    const struct slot slot = slot_of(plan, iteration);
    return slot.is_bulk || (!is_fill(plan, slot.stage) && owns_stage(plan, slot.stage, rank));
}

static bool has_swap_part(const void *context, long iteration, int rank)
{
    const struct hpl_plan *plan = context;
    return plan->spec.p > 1 && has_update_part(plan, iteration, rank);
}

static void swap_part(const void *context, long iteration, struct rank *rank, void *state)
{
    const struct hpl_process process = hpl_process_of(context, rank, state);
    const struct slot slot = slot_of(context, iteration);
    const struct hpl_piece piece = piece_of(context, &process, &slot);
    hpl_swap_rows(context, &process, &piece);
}

static void update_part(const void *context, long iteration, struct rank *rank, void *state)
{
    const struct hpl_process process = hpl_process_of(context, rank, state);
    const struct slot slot = slot_of(context, iteration);
    const struct hpl_piece piece = piece_of(context, &process, &slot);
    hpl_update(context, &process, &piece);
}

static void solve_part(const void *context, long block, struct rank *rank, void *state)
{
    const struct hpl_process process = hpl_process_of(context, rank, state);
    hpl_solve_block(context, &process, block);
}

static const struct phase phases[N_PHASES] = {
    [PHASE_FACTOR] = {.name = "panel factorization",
                      .has_part = has_factor_part,
                      .part = factor_part},
    [PHASE_BROADCAST] = {.name = "broadcast",
                         .has_part = has_broadcast_part,
                         .part = broadcast_part},
    [PHASE_SWAP] = {.name = "row swap", .has_part = has_swap_part, .part = swap_part},
    [PHASE_UPDATE] = {.name = "update", .has_part = has_update_part, .part = update_part},
    [PHASE_SOLVE] = {.name = "back substitution", .part = solve_part},
};

/* --- the walk ------------------------------------------------------------------ */

/* Look-ahead swaps and updates, factorization, broadcast, bulk swap and update. */
static int steps_per_stage(const struct hpl_plan *plan)
{
    return 2 * (plan->spec.depth + 1) + 2;
}

static long n_stages(const struct hpl_plan *plan)
{
    return plan->n_panels + plan->spec.depth;
}

static struct step stage_step(const struct hpl_plan *plan, long stage, int number)
{
    const int depth = plan->spec.depth;
    const long first_slot = stage * (depth + 1);

    if (number < 2 * depth)
        return (struct step){.phase = number % 2 == 0 ? PHASE_SWAP : PHASE_UPDATE,
                             .iteration = first_slot + number / 2};
    switch (number - 2 * depth) {
    case 0:
        return (struct step){.phase = PHASE_FACTOR, .iteration = stage};
    case 1:
        return (struct step){.phase = PHASE_BROADCAST, .iteration = stage};
    case 2:
        return (struct step){.phase = PHASE_SWAP, .iteration = first_slot + depth};
    default:
        return (struct step){.phase = PHASE_UPDATE, .iteration = first_slot + depth};
    }
}

static bool step_at(const void *context, long index, struct step *step)
{
    const struct hpl_plan *plan = context;
    const int per_stage = steps_per_stage(plan);
    const long block = index - n_stages(plan) * per_stage;

    if (block >= plan->n_panels)
        return false;
    *step = block >= 0 ? (struct step){.phase = PHASE_SOLVE, .iteration = block}
                       : stage_step(plan, index / per_stage, (int)(index % per_stage));
    return true;
}

int hpl_program_init(struct program *program, const struct hpl_spec *spec, const long *pivots)
{
    struct hpl_plan *plan = malloc(sizeof *plan);
    if (!plan)
        return -ENOMEM;
    const int status = hpl_plan_init(plan, spec, pivots);
    if (status != 0) {
        free(plan);
        return status;
    }
    *program = (struct program){.phases = phases,
                                .n_phases = N_PHASES,
                                .plan = plan,
                                .state_size = sizeof(struct hpl_state),
                                .n_ranks = spec->p * spec->q,
                                .step = step_at};
    return 0;
}

static int program_new(const void *spec, int n_ranks, struct program *program)
{
    const struct hpl_spec *hpl = spec;
    assert(hpl->p * hpl->q <= n_ranks);
    (void)n_ranks;
    return hpl_program_init(program, hpl, NULL);
}

static void program_free(struct program *program)
{
    struct hpl_plan *plan = (struct hpl_plan *)program->plan;
    if (plan)
        hpl_plan_release(plan);
    free(plan);
    program->plan = NULL;
}

double hpl_gflops(long n, double elapsed_s)
{
    const double order = (double)n;
    return order / 1e9 * (order / elapsed_s) * (2.0 / 3.0 * order + 3.0 / 2.0);
}

static int metrics(const void *spec, const struct outcome *outcome, struct metric metric[])
{
    const struct hpl_spec *hpl = spec;
    metric[0] = (struct metric){.name = "hpl_gflops",
                                .unit = "GFLOPS",
                                .value = hpl_gflops(hpl->n, outcome->elapsed_s),
                                .more_is_better = true,
                                .digits = 4};
    return 1;
}

const struct workload workload_hpl = {
    .name = "hpl",
    .help = "High-Performance Linpack 2.x: LU factorization of a dense N x N system",
    .about = "Solves a dense system of N linear equations by LU factorization with row pivoting: "
             "2/3 N^3 flops on 8 N^2 bytes. The matrix lies in NB x NB blocks on a P x Q grid of "
             "processes. Panel after panel, one process column factors NB columns, broadcasts them "
             "along the rows of the grid, all swap rows within their columns, and then update what "
             "lies to the right by matrix multiplication. Every message and every piece of work of "
             "HPL 2.x is simulated, with its look-ahead; a file HPL.dat can be read as it is.\n"
             "Flops grow as N^3 and messages as N^2, so that a large matrix measures the cores "
             "(what a guest keeps of DGEMM) and a small one the network. Broadcasts and swaps are "
             "long messages: the bandwidth of the wire, and of the backends that copy guests' "
             "packets, counts more than latency. Where ranks take all cores, backends and ranks "
             "take them from each other: that is why a cluster can lose half of its rate to guests "
             "that lose a few per cent of DGEMM. Try --explain, and another nb, p and q, which "
             "shift the "
             "balance.",
    .fields = hpl_fields,
    .spec_size = sizeof(struct hpl_spec),
    .read_file = hpldat_read,
    .check = hpl_check,
    .program_new = program_new,
    .program_free = program_free,
    .metrics = metrics,
    .print = hpl_print,
};
