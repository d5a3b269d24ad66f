/*
 * samples.h - what one run of a validation gave, draw by draw.
 *
 * Beside the metrics of `vhpcsim run` there are host_cpu_guest, host_cpu_hypervisor and
 * host_cpu_backend, in percent: the domain's part of the core time of all nodes that is not idle,
 * in the same draw. The values of two runs with one seed may be compared draw by draw: parameters
 * that both have, such as a node's, are then the same.
 */
#ifndef VHPCSIM_SAMPLES_H
#define VHPCSIM_SAMPLES_H

#include "sim/result/result.h"

#include <jansson.h>

struct scenario;

enum { MAX_SAMPLED_METRICS = MAX_RESULT_METRICS + N_CPU_DOMAINS - 1 };

struct samples {
    int n_metrics;
    struct metric *metrics; /* with the central run's value */
    int n_draws;            /* >= 1: without draws the central run stands for one */
    double *values;         /* n_draws of each metric, by replication number */
    json_t *warnings;       /* array of texts: what must be said beside the numbers */
    bool is_explained;      /* counterfactuals ran; their gains follow */
    int n_gains;
    struct gain *gains; /* values of the first metrics, all but host_cpu_* */
};

/* How many metrics `gains` has values of. */
int samples_count_explained(const struct samples *samples);

/*
 * The metrics that a run of a checked scenario will have; the values mean nothing. Returns how
 * many, or -ENOMEM.
 */
int sampled_metrics(const struct scenario *scenario, struct metric metrics[MAX_SAMPLED_METRICS]);

/* "percent" and "%" are the same unit. */
bool samples_unit_is_percent(const char *unit);

/* Takes what a validation needs of a result. NULL: no memory. Free with samples_free(). */
struct samples *samples_of_result(const struct result *result);

/*
 * Joins the samples of `n` alternatives that n_draws draws were dealt to in turn: draw i is of
 * alternative i % n. Metrics are those that all have; their central value and the gains are the
 * first alternative's, and texts of warnings are not repeated. NULL: no memory.
 */
struct samples *samples_join(int n, const struct samples *const parts[], int n_draws);

/* The samples as a document that the caller owns; NULL: no memory. Numbers keep every bit. */
json_t *samples_json(const struct samples *samples);

/* The samples of `scenario` that samples_json() wrote. NULL: it did not, or no memory. */
struct samples *samples_of_json(const struct scenario *scenario, const json_t *json);

void samples_free(struct samples *samples);

/* The draws of the metric called `name`, and the metric in `*metric`; NULL when there is none. */
const double *samples_find(const struct samples *samples, const char *name,
                           const struct metric **metric);

#endif
