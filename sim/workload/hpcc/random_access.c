#include "random_access.h"

#include "random_access_parts.h"
#include "rules.h"

#include "sim/input/scenario.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { UPDATES_PER_WORD = 4, TRIAL_PART = 100, STREAMS_AT_ONCE = 128 };

/* `original` ends with a message from every rank to every other. */
enum { MOST_RANKS_ORIGINAL = 4096 };

/* Of a sample. Fewer updates than SAMPLE_UPDATES are mostly the filling and emptying of buckets. */
enum { SAMPLE_MESSAGES = 128, SAMPLE_UPDATES = 4096, SAMPLE_ROUNDS = 32 };
enum { LEAST_SAMPLE = 2 * LOOK_AHEAD }; /* half of it still fills the buckets once */

enum { SLOT_RATE, SLOT_TIME_S, SLOT_TRIAL_S, SLOT_TRIAL_RATE, SLOT_UPDATES_S };

/* --- how many updates ------------------------------------------------------------------------- */

/* In the steady state buckets hold from 0 to twice 1024 / (n_ranks - 1); the fullest is sent. */
static int64_t default_sample(enum random_access_algorithm algorithm, int n_ranks)
{
    if (algorithm == RANDOM_ACCESS_SANDIA)
        return SAMPLE_ROUNDS * LOOK_AHEAD;
    const int64_t message = n_ranks > 2 ? 2 * LOOK_AHEAD / (n_ranks - 1) : LOOK_AHEAD;
    const int64_t sample = SAMPLE_MESSAGES * message;
    return sample > SAMPLE_UPDATES ? sample : SAMPLE_UPDATES;
}

static struct random_access_plan plan_of(const struct random_access_spec *spec, int n_ranks)
{
    struct random_access_plan plan = {.spec = *spec, .table.n_ranks = n_ranks};

    plan.table.n_words = hpcc_table_words(spec->hpl_memory_B, n_ranks);
    plan.sample = spec->sample > 0 ? spec->sample : default_sample(spec->algorithm, n_ranks);
    if (plan.sample < LEAST_SAMPLE)
        plan.sample = LEAST_SAMPLE;
    plan.is_sampled = UPDATES_PER_WORD * update_table_words(&plan.table, 0) > plan.sample;
    return plan;
}

/* Those of a rank in the timed part. `sandia` rounds down to rounds, and where ranks are no power
 * of two does one round more, so that all have the same. */
static int64_t updates_of(const struct random_access_plan *plan, int rank)
{
    const int n_ranks = plan->table.n_ranks;

    if (plan->is_sampled)
        return plan->sample;
    if (plan->spec.algorithm == RANDOM_ACCESS_SANDIA && plan->table.n_words % n_ranks != 0)
        return UPDATES_PER_WORD * plan->table.n_words / n_ranks + LOOK_AHEAD;
    return UPDATES_PER_WORD * update_table_words(&plan->table, rank);
}

/* Those that are timed before: HPCC's trial, or half of a sample; 0: none. */
static int64_t trial_updates_of(const struct random_access_plan *plan, int rank)
{
    if (plan->is_sampled)
        return plan->sample / 2;
    if (plan->spec.algorithm == RANDOM_ACCESS_SANDIA)
        return 0;
    return UPDATES_PER_WORD * update_table_words(&plan->table, rank) / TRIAL_PART;
}

/* --- what a rank does --------------------------------------------------------------------------
 */

void random_access_apply(struct rank *rank, int64_t n_updates)
{
    const double n = (double)n_updates;
    const struct work work = work_updates(n, n, n * APPLY_OPS);
    rank_compute(rank, &work);
}

static double run_updates(const struct random_access_plan *plan, struct rank *rank,
                          struct random_access_state *state, int64_t n)
{
    const double start_s = rank_time_s(rank);

    if (plan->spec.algorithm == RANDOM_ACCESS_SANDIA)
        random_access_sandia(plan, rank, state, n);
    else
        random_access_original(plan, rank, state, n);
    return rank_time_s(rank) - start_s;
}

/* All have memory; all know HPL's time, for the bound; who is slowest decides for all. */
static void trial_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct random_access_plan *plan = plan_;
    const int64_t n = trial_updates_of(plan, rank_number(rank));
    const bool has_bound = plan->spec.algorithm == RANDOM_ACCESS_ORIGINAL;
    (void)iteration;

    rank_allreduce(rank, rank_world(rank), MPI_INT_B);
    if (has_bound)
        rank_allreduce(rank, rank_world(rank), MPI_DOUBLE_B);
    if (n > 0) {
        const double time_s = run_updates(plan, rank, state, n);
        rank_record(rank, SLOT_TRIAL_S, time_s);
        rank_record(rank, SLOT_TRIAL_RATE, (double)n / time_s);
    }
    if (has_bound)
        rank_allreduce(rank, rank_world(rank), WORD_B);
}

static void updates_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct random_access_plan *plan = plan_;
    const int self = rank_number(rank);
    struct comm *world = rank_world(rank);
    (void)iteration;

    rank_barrier(rank, world);
    const double start_s = rank_time_s(rank);
    rank_record(rank, SLOT_UPDATES_S, run_updates(plan, rank, state, updates_of(plan, self)));
    rank_barrier(rank, world);
    if (self == 0)
        rank_record(rank, SLOT_TIME_S, rank_time_s(rank) - start_s);
    rank_bcast(rank, world, 0, MPI_INT_B);
    rank_reduce(rank, world, 0, WORD_B);
    rank_barrier(rank, world);
}

/* 128 stretches of the stream take turns, so that their updates can be under way at once. */
static void local_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct random_access_plan *plan = plan_;
    const double n = (double)UPDATES_PER_WORD * (double)plan->table.n_words;
    const struct work work = work_updates(n, STREAMS_AT_ONCE, n * (DRAW_OPS + APPLY_OPS));
    const double start_s = rank_time_s(rank);
    (void)iteration, (void)state;

    rank_compute(rank, &work);
    rank_record(rank, SLOT_TIME_S, rank_time_s(rank) - start_s);
    rank_record(rank, SLOT_RATE, n / (rank_time_s(rank) - start_s));
}

/* --- the program ---------------------------------------------------------------------------- */

enum random_access_phase { PHASE_TRIAL, PHASE_UPDATES, PHASE_LOCAL, PHASE_REPORT };
static const struct phase random_access_phases[] = {
    [PHASE_TRIAL] = {.name = "trial updates", .part = trial_part},
    [PHASE_UPDATES] = {.name = "updates over all ranks", .part = updates_part},
    [PHASE_LOCAL] = {.name = "updates on each rank", .part = local_part},
    [PHASE_REPORT] = {.name = "rates to rank 0", .part = hpcc_report_part},
};

static bool random_access_step(const void *plan_, long index, struct step *step)
{
    const struct random_access_plan *plan = plan_;
    const int first = plan->spec.ranks == RANKS_MPI ? PHASE_TRIAL : PHASE_LOCAL;

    *step = (struct step){first + (int)index, 0};
    return index < 2;
}

static int random_access_program_new(const void *spec_, int n_ranks, struct program *program)
{
    const struct random_access_spec *spec = spec_;
    struct random_access_plan *plan = calloc(1, sizeof *plan);
    const size_t n_buckets = spec->ranks == RANKS_MPI ? (size_t)n_ranks : 0;

    if (!plan)
        return -ENOMEM;
    *plan = plan_of(spec, spec->ranks == RANKS_MPI ? n_ranks : 1);
    *program = (struct program){
        .phases = random_access_phases,
        .n_phases = (int)(sizeof random_access_phases / sizeof random_access_phases[0]),
        .plan = plan,
        .state_size = sizeof(struct random_access_state) + n_buckets * sizeof(struct update_bucket),
        .n_ranks = spec->ranks == RANKS_SINGLE ? 1 : n_ranks,
        .step = random_access_step};
    return 0;
}

/* --- scenario and results ----------------------------------------------------------------- */

static void random_access_check(const void *spec_, const struct scenario *scenario,
                                struct diagnostics *diagnostics)
{
    const struct random_access_spec *spec = spec_;

    check_rank_memory(scenario, diagnostics, "workload.hpl_memory", spec->hpl_memory_B);
    if (spec->ranks == RANKS_MPI && spec->algorithm == RANDOM_ACCESS_ORIGINAL &&
        platform_rank_count(scenario) > MOST_RANKS_ORIGINAL)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.algorithm",
                            "use algorithm: sandia",
                            "the original algorithm ends with a message from every rank to every "
                            "other, which is simulated for up to %d ranks",
                            MOST_RANKS_ORIGINAL);
}

/* The whole benchmark, from what was simulated of it. */
struct whole {
    double n_updates; /* of all ranks */
    double time_s;
};

/* Updates of a rank and their time: as simulated, and what one more or less would take. */
static struct whole whole_of(const struct random_access_plan *plan, const struct outcome *outcome)
{
    const struct record *trial = &outcome->records[SLOT_TRIAL_S];
    const double n_simulated = (double)updates_of(plan, 0);
    const double n_trial = (double)trial_updates_of(plan, 0);
    const double all = (double)UPDATES_PER_WORD * (double)plan->table.n_words;
    const double update_s = n_trial > 0.0 ? (outcome->records[SLOT_UPDATES_S].max - trial->max) /
                                                (n_simulated - n_trial)
                                          : 0.0;
    double n = plan->is_sampled ? all / plan->table.n_ranks : n_simulated;

    if (plan->spec.algorithm == RANDOM_ACCESS_ORIGINAL && n_trial > 0.0) {
        const double rate =
            plan->is_sampled ? 1.0 / update_s : outcome->records[SLOT_TRIAL_RATE].min;
        n = fmin(n, floor(plan->spec.time_bound_s * rate));
    }
    return (struct whole){.n_updates = fmin(n * plan->table.n_ranks, all),
                          .time_s =
                              outcome->records[SLOT_TIME_S].sum + (n - n_simulated) * update_s};
}

static int mpi_metrics(const struct random_access_spec *spec, const struct outcome *outcome,
                       struct metric metrics[])
{
    const struct random_access_plan plan = plan_of(spec, outcome->n_ranks);
    const struct whole whole = whole_of(&plan, outcome);

    metrics[0] = (struct metric){"gups", "GUP/s", whole.n_updates / whole.time_s * 1e-9, true, 3};
    metrics[1] = (struct metric){"gups_time_s", "s", whole.time_s, false, 3};
    metrics[2] = (struct metric){"gups_updates", "1", whole.n_updates, true, 4};
    return 3;
}

static int random_access_metrics(const void *spec_, const struct outcome *outcome,
                                 struct metric metrics[])
{
    const struct random_access_spec *spec = spec_;
    const struct record *rate = &outcome->records[SLOT_RATE];
    const struct record *time = &outcome->records[SLOT_TIME_S];

    if (spec->ranks == RANKS_MPI)
        return mpi_metrics(spec, outcome, metrics);
    metrics[0] = (struct metric){"gups", "GUP/s", rate->sum / (double)rate->n * 1e-9, true, 3};
    metrics[1] = (struct metric){"gups_time_s", "s", time->sum / (double)time->n, false, 3};
    metrics[2] = (struct metric){"min_gups", "GUP/s", rate->min * 1e-9, true, 3};
    metrics[3] = (struct metric){"max_gups", "GUP/s", rate->max * 1e-9, true, 3};
    return 4;
}

const char *const random_access_algorithm_names[] = {"original", "sandia", NULL};

static const struct field random_access_fields[] = {
    {.key = "ranks",
     .kind = FIELD_CHOICE,
     .choices = ranks_and_mpi_names,
     .fallback = "mpi",
     .help =
         "mpi: one table over all ranks; star: every rank has its own at once; single: one has, "
         "the other cores are idle.",
     .offset = offsetof(struct random_access_spec, ranks)},
    {.key = "algorithm",
     RANDOM_ACCESS_ALGORITHM,
     .offset = offsetof(struct random_access_spec, algorithm)},
    {.key = "generator",
     .kind = FIELD_CHOICE,
     .choices = update_generator_names,
     .fallback = "polynomial",
     .help = "polynomial: MPIRandomAccess; lcg: MPIRandomAccess_LCG.",
     .offset = offsetof(struct random_access_spec, generator)},
    FIELD_HPL_MEMORY(struct random_access_spec, 1024),
    {.key = "time_bound",
     .kind = FIELD_QUANTITY,
     .dimension = DIMENSION_TIME,
     FIELD_ABOVE_0,
     .fallback = "60 s",
     .help = "The original algorithm does as many updates as fit, four times the table at most.",
     .offset = offsetof(struct random_access_spec, time_bound_s)},
    {.key = "sample",
     .kind = FIELD_LONG,
     .min = 0,
     .max = 1e12,
     .fallback = "0",
     .help = "Updates of each rank that are simulated at most, the rest being as fast; 0: some 128 "
             "messages of them.",
     .offset = offsetof(struct random_access_spec, sample)},
    {0}};

const struct workload workload_random_access = {
    .name = "random_access",
    .help = "HPCC's RandomAccess: words of a table updated at random, over all ranks or on each",
    .about =
        "Updates 64-bit words at random in a table that fills the memory. On one rank the latency "
        "of "
        "memory binds, overlapped as far as the core can, and each access that misses the "
        "processor's address cache walks page tables: two levels of them in a guest. Over all "
        "ranks, a rank may hold back 1024 updates, so messages carry some 2048 / ranks words of 8 "
        "B: the cost of small messages decides, not bandwidth.\n\n"
        "That is where emulated and paravirtual networks hurt most: every packet passes the "
        "guest's "
        "stack, both backends and their wake-ups. The original algorithm also looks for messages "
        "before every single update; where that is a system call (MPI over sockets), it costs more "
        "than the update. The sandia algorithm sends 512 words to log2(ranks) partners instead.",
    .fields = random_access_fields,
    .spec_size = sizeof(struct random_access_spec),
    .check = random_access_check,
    .program_new = random_access_program_new,
    .program_free = program_free_plan,
    .metrics = random_access_metrics,
};
