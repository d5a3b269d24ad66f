#include "pattern.h"

#include "plan.h"
#include "sim/workload/shared.h"

#include "sim/input/scenario.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum {
    SLOT_TIME_S,
    SLOT_COMPUTE_S,
    SLOT_DISK_S,
    SLOT_NAME_S, /* in the phases of each name, and the computing in them */
    SLOT_NAME_COMPUTE_S = SLOT_NAME_S + PATTERN_MAX_NAMES,
    N_SLOTS = SLOT_NAME_COMPUTE_S + PATTERN_MAX_NAMES
};
static_assert((int)N_SLOTS <= (int)RECORD_SLOTS, "two slots for every name");

struct rank_state {
    double compute_s;
    double disk_s;
    double name_s[PATTERN_MAX_NAMES];
    double name_compute_s[PATTERN_MAX_NAMES];
};

/* --- what a rank does -------------------------------------------------------------------- */

static void pattern_part(const void *plan_, long index, struct rank *rank, void *state_)
{
    const struct pattern_plan *plan = plan_;
    struct rank_state *state = state_;
    const struct pattern_step step = pattern_plan_step(plan, index);
    const struct pattern_node *node = &plan->nodes[step.node];
    const struct turn turn = {.rank = rank,
                              .world = rank_world(rank),
                              .number = rank_number(rank),
                              .n_ranks = plan->n_ranks,
                              .step = step.pass,
                              .index = index,
                              .phase = step.node,
                              .seed = plan->seed,
                              .compute_s = &state->compute_s,
                              .disk_s = &state->disk_s};
    const double start_s = rank_time_s(rank), computed_s = state->compute_s;
    node->kind->part(node->spec, &turn);
    for (int i = 0; i < plan->n_names; i++) {
        if (!(node->names >> i & 1))
            continue;
        state->name_s[i] += rank_time_s(rank) - start_s;
        state->name_compute_s[i] += state->compute_s - computed_s;
    }
}

static void pattern_end(const void *plan_, struct rank *rank, void *state_)
{
    const struct pattern_plan *plan = plan_;
    const struct rank_state *state = state_;
    rank_record(rank, SLOT_TIME_S, rank_time_s(rank));
    rank_record(rank, SLOT_COMPUTE_S, state->compute_s);
    rank_record(rank, SLOT_DISK_S, state->disk_s);
    for (int i = 0; i < plan->n_names; i++) {
        rank_record(rank, SLOT_NAME_S + i, state->name_s[i]);
        rank_record(rank, SLOT_NAME_COMPUTE_S + i, state->name_compute_s[i]);
    }
}

/* --- the program --------------------------------------------------------------------------- */

static bool pattern_step(const void *plan_, long index, struct step *step)
{
    const struct pattern_plan *plan = plan_;
    if (index >= plan->nodes[0].n_steps)
        return false;
    *step = (struct step){pattern_plan_step(plan, index).node, index};
    return true;
}

static void pattern_program_free(struct program *program)
{
    struct pattern_plan *plan = (struct pattern_plan *)program->plan;
    if (plan)
        pattern_plan_release(plan);
    free(plan);
    *program = (struct program){0};
}

static int pattern_program_new(const void *spec, int n_ranks, struct program *program)
{
    *program = (struct program){0};
    struct pattern_plan *plan = malloc(sizeof *plan);
    if (!plan)
        return -ENOMEM;
    const int error = pattern_plan_init(plan, spec, n_ranks, NULL, NULL);
    assert(error != -EINVAL && "it has been checked");
    *program = (struct program){.phases = plan->phases,
                                .n_phases = plan->n_nodes,
                                .plan = plan,
                                .state_size = sizeof(struct rank_state),
                                .n_ranks = n_ranks,
                                .end = pattern_end,
                                .step = pattern_step};
    for (int i = 0; i < plan->n_nodes && !error; i++)
        plan->phases[i].part = pattern_part;
    if (error)
        pattern_program_free(program);
    return error;
}

/* --- scenario and results -------------------------------------------------------------------- */

static void pattern_check(const void *spec, const struct scenario *scenario,
                          struct diagnostics *diagnostics)
{
    const struct storage storage = platform_scenario_storage(scenario);
    struct pattern_plan plan;
    pattern_plan_init(&plan, spec, platform_rank_count(scenario), &storage, diagnostics);
    pattern_plan_release(&plan);
}

static double mean(const struct record *record)
{
    return record->n > 0 ? record->sum / (double)record->n : 0.0;
}

/* Of the ranks' time, in percent, what went neither into computing nor into disks. */
static double communication(const struct outcome *outcome)
{
    const struct record *records = outcome->records;
    const double busy_s = mean(&records[SLOT_COMPUTE_S]) + mean(&records[SLOT_DISK_S]);
    const double all_s = mean(&records[SLOT_TIME_S]);
    return all_s > 0.0 ? 100.0 * (1.0 - busy_s / all_s) : 0.0;
}

/* Ranks that compute the same differ by the rounding of their sums. */
static const double rounding = 1e-9;

/* How much more than the mean the rank that computes most computes, in percent. */
static double imbalance(const struct record *compute)
{
    const double excess = compute->max > 0.0 ? compute->max / mean(compute) - 1.0 : 0.0;
    return excess > rounding ? 100.0 * excess : 0.0;
}

static struct metric named(const char *name, const char *what, const char *unit, double value)
{
    struct metric metric = {"", unit, value, false, 4};
    const int length = snprintf(metric.name, sizeof metric.name, "phase_%s_%s", name, what);
    assert(length < (int)sizeof metric.name);
    return metric;
}

/* A count is known to its last digit. */
static int digits_of(uint64_t count)
{
    int n = 1;
    for (; count > 9; count /= 10)
        n++;
    return n;
}

static int pattern_metrics(const void *spec, const struct outcome *outcome, struct metric metrics[])
{
    const char *names[PATTERN_MAX_NAMES];
    const int n_names = pattern_names(spec, names);
    int n = 0;
    metrics[n++] = (struct metric){"pattern_s", "s", outcome->records[SLOT_TIME_S].max, false, 4};
    metrics[n++] = (struct metric){"pattern_messages", "messages", (double)outcome->n_messages,
                                   false, digits_of(outcome->n_messages)};
    metrics[n++] = (struct metric){"pattern_MB", "MB", (double)outcome->message_B * 1e-6, false, 4};
    metrics[n++] = (struct metric){"pattern_communication", "%", communication(outcome), false, 3};
    metrics[n++] = (struct metric){"pattern_imbalance", "%",
                                   imbalance(&outcome->records[SLOT_COMPUTE_S]), false, 3};
    for (int i = 0; i < n_names; i++) {
        const struct record *records = &outcome->records[i];
        metrics[n++] = named(names[i], "s", "s", mean(&records[SLOT_NAME_S]));
        metrics[n++] = named(names[i], "imbalance", "%", imbalance(&records[SLOT_NAME_COMPUTE_S]));
    }
    return n;
}

static bool uses_disk(const void *spec)
{
    return pattern_uses_disk(spec);
}

static const struct field pattern_fields[] = {
    {.key = "let",
     .kind = FIELD_VARIABLES,
     .fallback = "{}",
     .help = "Variables for expressions, each a number; it may depend on p, the number of ranks, "
             "and on those above.",
     .offset = offsetof(struct pattern_spec, let)},
    {.key = "phases",
     .kind = FIELD_VARIANTS,
     .variants = &pattern_kinds,
     .help = "What the ranks do, one after the other; each phase has a kind.",
     .offset = offsetof(struct pattern_spec, phases)},
    {.key = "pattern_seed",
     FIELD_SEED,
     .fallback = "1",
     .help = "Seed of work that varies; another seed draws other work.",
     .offset = offsetof(struct pattern_spec, seed)},
    {0}};

const struct workload workload_pattern = {
    .name = "pattern",
    .help = "a composition of phases: halo, ring, wavefront, all-to-all, tasks, supersteps, loops",
    .about =
        "Phases that follow each other, in loops where they are to: exchange of halos on a 2-D or "
        "3-D grid of processes, rings, wavefronts, collective operations, tasks from a master or "
        "from a bag, bulk-synchronous steps, computing and disk. Sizes are quantities or formulas "
        "of the number of ranks p, of the pass i of a loop and of variables. It is for the "
        "question whether a code of yours suits a cluster before there is a port of it: give each "
        "phase what it computes and sends.\n\n"
        "What dominates follows from the pattern. Halos of a few kilobytes and wavefronts live by "
        "latency, so that a guest's network stack and its backend's cost of a message count, and "
        "more so where every core of the node computes and leaves none to the backend. All-to-all "
        "and large halos live by bandwidth, which the guests of a node share. Steps that end in a "
        "barrier take as long as the slowest rank: uneven work, and whatever delays one vCPU, "
        "delays all. A bag of independent tasks pays for the CPU alone, which guests hardly lose.",
    .fields = pattern_fields,
    .spec_size = sizeof(struct pattern_spec),
    .uses_disk = uses_disk,
    .check = pattern_check,
    .program_new = pattern_program_new,
    .program_free = pattern_program_free,
    .metrics = pattern_metrics,
};
