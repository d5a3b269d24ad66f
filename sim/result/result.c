#include "result.h"

#include <assert.h>
#include <stdlib.h>

void result_release(struct result *result)
{
    outcome_release(&result->central);
    free(result->samples);
    free(result->draw_cpu_s);
    warnings_release(&result->warnings);
    free(result->provenance.scenario_path);
    json_decref(result->provenance.scenario);
    free(result->provenance.command_line);
    free(result->provenance.host);
    *result = (struct result){0};
}

const double *result_samples(const struct result *result, int metric)
{
    assert(metric >= 0 && metric < result->n_metrics);
    if (result->n_draws == 0)
        return NULL;
    return &result->samples[(size_t)metric * (size_t)result->n_draws];
}

const struct metric_summary *result_main_metric(const struct result *result)
{
    return &result->metrics[0];
}

enum layer result_largest_cost(const struct result *result)
{
    enum layer largest = LAYER_COMPUTE;
    double largest_s = 0.0;

    for (int layer = 0; layer < N_LAYERS; layer++) {
        const bool is_cost = layer != LAYER_COMPUTE && layer != LAYER_WAIT;
        if (is_cost && result->central.layer_s[layer] > largest_s) {
            largest = (enum layer)layer;
            largest_s = result->central.layer_s[layer];
        }
    }
    return largest;
}

double metric_gain(const struct metric *metric, double base, double value)
{
    if (value == base) /* also where both take no time at all */
        return 1.0;
    return metric->more_is_better ? value / base : base / value;
}
