#include "predict.h"

#include "progress.h"
#include "sim/engine/pool.h"
#include "sim/input/scenario_json.h"
#include "validity.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Replication number of the run without draws. */
enum { CENTRAL = -1 };

/* Everything that the simulations of one prediction share, in the order in which they run:
 * the central run, the draws, then the counterfactuals. */
struct prediction {
    const struct scenario *scenario;
    const struct engine *engine;
    int n_active; /* cores with ranks on the fullest node */
    int n_draws;
    struct deal deal; /* with a step >= 1 */
    bool explains;
    int n_counterfactuals;
    const struct counterfactual *counterfactuals[MAX_COUNTERFACTUALS];
    struct result *result;
    struct progress progress;
    int status; /* of the first simulation that failed */
    char *error;
    size_t error_size;
};

/* Which one simulation number `index`, behind the draws, is. */
static const struct counterfactual *counterfactual_at(const struct prediction *prediction,
                                                      int index)
{
    return prediction->counterfactuals[index - 1 - prediction->n_draws];
}

/* The replication that simulation number `index`, which is a draw, makes. */
static int replication_at(const struct prediction *prediction, int index)
{
    return prediction->deal.first + (index - 1) * prediction->deal.step;
}

/* --- in the worker: one simulation ----------------------------------------- */

static int simulate(const struct prediction *prediction, const struct scenario *scenario,
                    int replication, struct outcome *outcome, char *error, size_t error_size)
{
    const struct engine_options options = {0};
    struct platform platform;
    struct program program;

    int status = platform_init(&platform, scenario, replication);
    if (status != 0)
        return status;
    status = scenario->workload->program_new(scenario->workload_spec, platform.n_ranks, &program);
    if (status == 0) {
        status = prediction->engine->run(&platform, &program, &options, outcome, error, error_size);
        scenario->workload->program_free(&program);
    }
    platform_release(&platform);
    return status;
}

static int simulate_draw(const struct prediction *prediction, int replication,
                         struct outcome *outcome, char *error, size_t error_size)
{
    struct scenario *drawn = scenario_draw(prediction->scenario, replication);
    if (drawn == NULL)
        return -ENOMEM;
    const int status = simulate(prediction, drawn, replication, outcome, error, error_size);
    scenario_free(drawn);
    return status;
}

static int run_task(void *context, int index, struct outcome *outcome, char *error,
                    size_t error_size)
{
    const struct prediction *prediction = context;

    if (index == 0)
        return simulate(prediction, prediction->scenario, CENTRAL, outcome, error, error_size);
    if (index <= prediction->n_draws)
        return simulate_draw(prediction, replication_at(prediction, index), outcome, error,
                             error_size);
    const struct scenario without =
        counterfactual_of(prediction->scenario, counterfactual_at(prediction, index));
    return simulate(prediction, &without, CENTRAL, outcome, error, error_size);
}

/* --- in this process: what an outcome means -------------------------------- */

/* The workload's metrics and time_s; returns how many. */
static int metrics_of(const struct scenario *scenario, const struct outcome *outcome,
                      struct metric metrics[MAX_RESULT_METRICS])
{
    int n = scenario->workload->metrics(scenario->workload_spec, outcome, metrics);
    assert(n >= 0 && n <= WORKLOAD_MAX_METRICS);
    metrics[n++] = (struct metric){.name = "time_s",
                                   .unit = "s",
                                   .value = outcome->elapsed_s,
                                   .more_is_better = false,
                                   .digits = 3};
    return n;
}

static void keep_central(struct prediction *prediction, const struct outcome *outcome, int n,
                         const struct metric metrics[])
{
    struct result *result = prediction->result;
    result->n_metrics = n;
    for (int i = 0; i < n; i++)
        result->metrics[i].metric = metrics[i];
    result->central = *outcome;
    result->central.traffic = NULL; /* the pool's, and not asked for */
}

static void keep_draw(struct result *result, int at, const struct outcome *outcome, int n,
                      const struct metric metrics[])
{
    for (int i = 0; i < n; i++)
        result->samples[i * result->n_draws + at] = metrics[i].value;
    memcpy(result->draw_cpu_s[at], outcome->host_cpu_s, sizeof outcome->host_cpu_s);
}

static void keep_gain(struct prediction *prediction, const struct counterfactual *counterfactual,
                      int n, const struct metric metrics[])
{
    struct result *result = prediction->result;
    struct gain gain = {
        .counterfactual = counterfactual,
        .allowed = counterfactual_cost_range(prediction->scenario, counterfactual),
    };

    assert(n == result->n_metrics);
    for (int i = 0; i < n; i++)
        gain.values[i] = metrics[i].value;
    if (counterfactual == counterfactual_native) {
        result->has_native = true;
        result->native = gain;
    }
    if (prediction->explains)
        result->gains[result->n_gains++] = gain;
}

/* Numbers may each be in range and together be beyond what a double tells apart: a second in the
 * age of the universe. What comes of that must not become a number in a report. */
static bool are_finite(int n, const struct metric metrics[], char *reason, size_t size)
{
    for (int i = 0; i < n; i++) {
        if (!isfinite(metrics[i].value)) {
            snprintf(reason, size,
                     "%s is not a finite number: the scenario has numbers too far apart",
                     metrics[i].name);
            return false;
        }
    }
    return true;
}

/* Which simulation number `index` is, for a message. */
static void name_task(const struct prediction *prediction, int index, char *name, size_t size)
{
    if (index == 0)
        snprintf(name, size, "the central run");
    else if (index <= prediction->n_draws)
        snprintf(name, size, "draw %d", replication_at(prediction, index));
    else
        snprintf(name, size, "the run with %s made native",
                 counterfactual_at(prediction, index)->name);
}

static bool stop_with(struct prediction *prediction, int status, int index, const char *reason)
{
    char name[64];
    name_task(prediction, index, name, sizeof name);
    prediction->status = status;
    snprintf(prediction->error, prediction->error_size, "%s failed: %s", name,
             reason[0] != '\0' ? reason : strerror(-status));
    return false;
}

static bool take_outcome(void *context, int index, int status, const struct outcome *outcome,
                         const char *error)
{
    struct prediction *prediction = context;
    struct metric metrics[MAX_RESULT_METRICS];
    char reason[160];

    if (status != 0)
        return stop_with(prediction, status, index, error);
    const int n = metrics_of(prediction->scenario, outcome, metrics);
    if (!are_finite(n, metrics, reason, sizeof reason))
        return stop_with(prediction, -EDOM, index, reason);

    if (index == 0)
        keep_central(prediction, outcome, n, metrics);
    else if (index <= prediction->n_draws)
        keep_draw(prediction->result, index - 1, outcome, n, metrics);
    else
        keep_gain(prediction, counterfactual_at(prediction, index), n, metrics);
    progress_update(&prediction->progress, index + 1);
    return true;
}

/* --- which simulations ----------------------------------------------------- */

static int survey_platform(const struct scenario *scenario, struct prediction *prediction)
{
    struct platform platform;
    const int status = platform_init(&platform, scenario, CENTRAL);
    if (status != 0)
        return status;
    for (int node = 0; node < platform.n_nodes; node++)
        if (platform.n_ranks_on_node[node] > prediction->n_active)
            prediction->n_active = platform.n_ranks_on_node[node];
    if (prediction->n_active > platform.n_cores) /* ranks then take turns */
        prediction->n_active = platform.n_cores;
    platform_release(&platform);
    return 0;
}

/* The run without virtualization tells what the technology costs, so it is not left out just
 * because nobody asks for explanations. */
static void choose_counterfactuals(struct prediction *prediction,
                                   const struct predict_options *options)
{
    for (const struct counterfactual *c = counterfactuals; c->name != NULL; c++)
        if ((prediction->explains || (c == counterfactual_native && !options->skips_native)) &&
            c->concerns(prediction->scenario))
            prediction->counterfactuals[prediction->n_counterfactuals++] = c;
}

/* Without draws, the central run stands for them. */
static int summarize_draws(struct result *result)
{
    const size_t n = result->n_draws > 0 ? (size_t)result->n_draws : 1;
    double *sorted = malloc(n * sizeof *sorted);
    if (sorted == NULL)
        return -ENOMEM;
    for (int i = 0; i < result->n_metrics; i++) {
        const double *samples = result_samples(result, i);
        memcpy(sorted, samples ? samples : &result->metrics[i].metric.value, n * sizeof *sorted);
        result->metrics[i].draws = summarize(n, sorted);
    }
    free(sorted);
    return 0;
}

/* --- what must be said beside the numbers ---------------------------------- */

/* Below this, P10 and P90 lie between the two outermost draws of each side. */
enum { FEW_DRAWS = 10 };

static void warn_of_interval(struct result *result)
{
    const struct summary *draws = &result_main_metric(result)->draws;

    if (result->n_draws == 0)
        warnings_add(&result->warnings, WARNING_NOTE, "run.replications",
                     "give 10 and more to get an interval",
                     "one replication runs every parameter at its value, so P10, P50 and P90 are "
                     "the same number");
    else if (draws->p10 == draws->p90)
        warnings_add(&result->warnings, WARNING_NOTE, "",
                     "give uncertain parameters a ci95 and nodes a spread where they are known",
                     "P10 = P90: nothing on which this result depends has an interval");
    else if (result->n_draws < FEW_DRAWS)
        warnings_add(&result->warnings, WARNING_NOTE, "run.replications", "give 10 and more",
                     "P10 and P90 of %d draws are between the outermost draws and too near to "
                     "each other",
                     result->n_draws);
}

/* --- together -------------------------------------------------------------- */

static int count_dealt(const struct run_spec *run, const struct deal *deal)
{
    assert(deal->first >= 0 && deal->first < run->replications);
    return (run->replications - deal->first + deal->step - 1) / deal->step;
}

static int prediction_init(struct prediction *prediction, const struct scenario *scenario,
                           const struct predict_options *options)
{
    const struct run_spec *run = &scenario->run;
    prediction->engine = engine_by_name(run->engine);
    assert(prediction->engine != NULL);
    prediction->deal = options->deal.step > 0 ? options->deal : (struct deal){0, 1};
    prediction->n_draws = run->replications > 1 ? count_dealt(run, &prediction->deal) : 0;
    prediction->explains = options->explains;
    choose_counterfactuals(prediction, options);
    prediction->result->n_draws = prediction->n_draws;
    prediction->result->samples =
        calloc((size_t)prediction->n_draws * MAX_RESULT_METRICS + 1, sizeof(double));
    prediction->result->draw_cpu_s =
        calloc((size_t)prediction->n_draws + 1, sizeof *prediction->result->draw_cpu_s);
    if (prediction->result->samples == NULL || prediction->result->draw_cpu_s == NULL)
        return -ENOMEM;
    return survey_platform(scenario, prediction);
}

static int run_simulations(struct prediction *prediction, const struct predict_options *options)
{
    const struct pool_options pool = {.n_workers = options->n_workers,
                                      .interrupted = options->interrupted};
    const int n_tasks = 1 + prediction->n_draws + prediction->n_counterfactuals;

    progress_init(&prediction->progress, options->shows_progress, options->label, n_tasks);
    int status = pool_run(n_tasks, &pool, run_task, take_outcome, prediction);
    progress_end(&prediction->progress);
    if (status != 0)
        snprintf(prediction->error, prediction->error_size, "cannot run the simulations: %s",
                 strerror(-status));
    return status != 0 ? status : prediction->status;
}

static int describe(const struct prediction *prediction)
{
    const struct scenario *scenario = prediction->scenario;
    struct result *result = prediction->result;

    result->title = scenario->title;
    result->explains = prediction->explains;
    result->workload = scenario->workload->name;
    result->is_native = scenario->virtualization.technology.kind == VIRT_NATIVE;
    result->provenance = (struct provenance){
        .node = scenario->cluster.node.name,
        .link = scenario->cluster.link.name,
        .mpi = scenario->mpi.name,
        .technology = scenario->virtualization.technology.name,
        .engine = prediction->engine->name,
        .seed = scenario->run.seed,
        .replications = scenario->run.replications,
        .scenario = scenario_resolved_json(scenario),
    };
    scenario_hash(scenario, result->provenance.scenario_hash);
    validity_warn(scenario,
                  &(struct usage){.largest_message_B = result->central.largest_message_B,
                                  .n_active = prediction->n_active},
                  &result->warnings);
    warn_of_interval(result);
    return result->provenance.scenario == NULL || result->warnings.out_of_memory ? -ENOMEM : 0;
}

int predict(const struct scenario *scenario, const struct predict_options *options,
            struct result *result, char *error, size_t error_size)
{
    struct result found = {0};
    struct prediction prediction = {
        .scenario = scenario, .result = &found, .error = error, .error_size = error_size};

    snprintf(error, error_size, "%s", strerror(ENOMEM));
    int status = prediction_init(&prediction, scenario, options);
    if (status == 0)
        status = run_simulations(&prediction, options);
    if (status == 0)
        status = summarize_draws(&found);
    if (status == 0)
        status = describe(&prediction);
    if (status == 0)
        *result = found;
    else
        result_release(&found);
    return status;
}

int predict_metrics(const struct scenario *scenario, struct metric metrics[MAX_RESULT_METRICS])
{
    static const struct record once = {.n = 1, .sum = 1.0, .min = 1.0, .max = 1.0};
    struct outcome *outcome = calloc(1, sizeof *outcome); /* too large for a stack */

    if (outcome == NULL)
        return -ENOMEM;
    outcome->elapsed_s = 1.0;
    outcome->n_ranks = platform_rank_count(scenario);
    for (int i = 0; i < RECORD_SLOTS; i++)
        outcome->records[i] = once;
    const int n = metrics_of(scenario, outcome, metrics);
    free(outcome);
    return n;
}
