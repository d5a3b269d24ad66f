/*
 * result.h - what a run found out, before anybody prints it.
 *
 * A run simulates the scenario once with every parameter at its value and every node as its
 * profile says: the *central* run, from which layers, host CPU time and traffic are told,
 * because they then belong to one history and add up. It also simulates as many
 * *draws* as replications were asked for, each with other parameters within
 * their intervals, other node speeds and other noise; their spread is P10, P50 and P90. Without
 * draws (one replication) all three are the central value.
 */
#ifndef VHPCSIM_RESULT_H
#define VHPCSIM_RESULT_H

#include "counterfactual.h"
#include "sim/workload/workload.h"
#include "statistics.h"
#include "warning.h"

#include <jansson.h>
#include <stdbool.h>

#define RESULT_SCHEMA "vhpcsim-result/1"

/* A workload's metrics and, behind them, time_s. */
enum { MAX_RESULT_METRICS = WORKLOAD_MAX_METRICS + 1 };

struct metric_summary {
    struct metric metric; /* its `value` is the central run's */
    struct summary draws;
};

/* What one counterfactual run gave. */
struct gain {
    const struct counterfactual *counterfactual;
    struct cost_range allowed;         /* what the layer may cost: counterfactual_cost_range() */
    double values[MAX_RESULT_METRICS]; /* of the result's metrics; the last is the run's time */
};

/* Where a result comes from: enough to make it again. Texts are owned. */
struct provenance {
    char *scenario_path;
    char scenario_hash[17];
    json_t *scenario; /* every value after includes, overrides and defaults */
    const char *node, *link, *mpi, *technology; /* profile names, borrowed from the scenario */
    const char *engine;                         /* static */
    long seed;
    int replications;
    /* What differs between identical runs: */
    char *command_line;
    char *host;
    double wall_s;
};

struct result {
    const char *title;    /* borrowed from the scenario */
    const char *workload; /* static */
    bool is_native;       /* nothing is virtualized */
    int n_metrics;        /* >= 1; the last is time_s */
    struct metric_summary metrics[MAX_RESULT_METRICS];
    struct outcome central; /* owned */
    int n_draws;            /* 0: no draws */
    double *samples;        /* owned; what result_samples() tells */
    /* Core seconds of all nodes in each draw, n_draws entries as those of samples; owned. */
    double (*draw_cpu_s)[N_CPU_DOMAINS];
    struct warnings warnings;
    bool has_native; /* `native` is known; false where is_native */
    struct gain native;
    bool explains; /* the table tells more: which algorithms collectives took */
    int n_gains;   /* counterfactuals that were asked for and concern this scenario */
    struct gain gains[MAX_COUNTERFACTUALS];
    struct provenance provenance;
};

void result_release(struct result *result);

/*
 * The values of metric number `metric` in the draws, `n_draws` of them in the order of
 * replications; NULL without draws. Draws of the same number in two scenarios with the same seed
 * move a parameter that both have alike, so what the two have in common cancels out of their
 * ratio, draw by draw.
 */
const double *result_samples(const struct result *result, int metric);

/* The metric that answers the question: the workload's first, or time_s where it has none. */
const struct metric_summary *result_main_metric(const struct result *result);

/*
 * The layer that cost most in the central run beyond native compute; LAYER_COMPUTE if none
 * cost anything. Waiting for a partner does not count: it is what the partner's costs look like
 * from here.
 */
enum layer result_largest_cost(const struct result *result);

/*
 * How many times better than `base` the value `value` of a metric is; above 1 is better. Infinite
 * where something takes no time, or none is moved, that did before.
 */
double metric_gain(const struct metric *metric, double base, double value);

#endif
