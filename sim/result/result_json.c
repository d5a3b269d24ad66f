#include "result_json.h"

#include "json_value.h"
#include "result_table.h"
#include "sim/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_version.h>

static json_t *metric_json(const struct metric_summary *summary)
{
    const struct metric *metric = &summary->metric;
    const struct summary *draws = &summary->draws;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:s, s:b}", "p10",
                     json_value_number(draws->p10), "p50", json_value_number(draws->p50), "p90",
                     json_value_number(draws->p90), "mean", json_value_number(draws->mean),
                     "central", json_value_number(metric->value), "n", (json_int_t)draws->n, "unit",
                     metric->unit, "more_is_better", metric->more_is_better);
}

static json_t *metrics_json(const struct result *result)
{
    json_t *metrics = json_object();
    for (int i = 0; i < result->n_metrics; i++)
        json_value_set(&metrics, result->metrics[i].metric.name, metric_json(&result->metrics[i]));
    return metrics;
}

/* One number for each of the `n` names. */
static json_t *named_numbers_json(int n, const char *const names[], const double values[])
{
    json_t *numbers = json_object();
    for (int i = 0; i < n; i++)
        json_value_set(&numbers, names[i], json_value_number(values[i]));
    return numbers;
}

static json_t *warnings_json(const struct warnings *warnings)
{
    json_t *array = json_array();
    for (int i = 0; i < warnings->n; i++) {
        const struct warning *warning = &warnings->items[i];
        json_value_append(&array,
                          json_pack("{s:s, s:s, s:s, s:s}", "kind",
                                    warning_kind_names[warning->kind], "place", warning->place,
                                    "message", warning->message, "hint", warning->hint));
    }
    return array;
}

static json_t *traffic_json(const struct outcome *outcome)
{
    return json_pack("{s:I, s:I, s:o}", "messages", (json_int_t)outcome->n_messages, "bytes",
                     (json_int_t)outcome->message_B, "largest_message_B",
                     json_value_number(outcome->largest_message_B));
}

static json_t *collective_json(const struct collective_use *use,
                               enum collective_algorithm algorithm, bool is_two_level)
{
    const struct collective_algorithm_info *info = collective_algorithm(algorithm);
    return json_pack("{s:s, s:s, s:b, s:I, s:I, s:I, s:i, s:i}", "collective",
                     collective_names[info->collective], "algorithm", info->name, "two_level",
                     is_two_level, "calls", (json_int_t)use->n_calls, "smallest_B",
                     (json_int_t)use->smallest_B, "largest_B", (json_int_t)use->largest_B,
                     "fewest_ranks", use->fewest_ranks, "most_ranks", use->most_ranks);
}

static json_t *collectives_json(const struct outcome *outcome)
{
    json_t *json = json_array();
    for (int i = 0; i < N_COLLECTIVE_ALGORITHMS; i++)
        for (int level = 0; level < 2; level++)
            if (outcome->collectives[i][level].n_calls > 0)
                json_value_append(&json,
                                  collective_json(&outcome->collectives[i][level], i, level == 1));
    return json;
}

static json_t *gain_json(const struct result *result, const struct gain *gain)
{
    const struct metric *metric = &result_main_metric(result)->metric;
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "made_native", gain->counterfactual->name,
                     "help", gain->counterfactual->help, "metric", metric->name, "value",
                     json_value_number(gain->values[0]), "gain",
                     json_value_number_or_null(metric_gain(metric, metric->value, gain->values[0])),
                     "time_s", json_value_number(gain->values[result->n_metrics - 1]));
}

static json_t *gains_json(const struct result *result)
{
    json_t *array = json_array();
    for (int i = 0; i < result->n_gains; i++)
        json_value_append(&array, gain_json(result, &result->gains[i]));
    return array;
}

static json_t *provenance_json(const struct provenance *p, bool reproducible)
{
    json_t *json = json_pack(
        "{s:{s:s, s:s}, s:s, s:s, s:s, s:s, s:I, s:i, s:{s:s, s:s, s:s, s:s}, s:O}", "tool", "name",
        "vhpcsim", "version", VHPCSIM_VERSION, "simgrid", VHPCSIM_SIMGRID_VERSION, "gsl",
        gsl_version, "engine", p->engine, "scenario_hash", p->scenario_hash, "seed",
        (json_int_t)p->seed, "replications", p->replications, "profiles", "node", p->node, "link",
        p->link, "mpi", p->mpi, "technology", p->technology, "scenario", p->scenario);
    if (reproducible)
        return json;
    json_value_set(&json, "scenario_path", json_value_text(p->scenario_path));
    json_value_set(&json, "command_line", json_value_text(p->command_line));
    json_value_set(&json, "host", json_value_text(p->host));
    json_value_set(&json, "wall_s", json_value_number(p->wall_s));
    return json;
}

json_t *result_json(const struct result *result, bool reproducible)
{
    const struct outcome *central = &result->central;
    char *answer = result_answer(result);
    json_t *json = json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema", RESULT_SCHEMA, "title",
        result->title, "workload", result->workload, "answer", answer, "metrics",
        metrics_json(result), "layers", named_numbers_json(N_LAYERS, layer_names, central->layer_s),
        "host_cpu", named_numbers_json(N_CPU_DOMAINS, cpu_domain_names, central->host_cpu_s),
        "traffic", traffic_json(central), "collectives", collectives_json(central), "warnings",
        warnings_json(&result->warnings), "provenance",
        provenance_json(&result->provenance, reproducible));

    free(answer);
    if (result->has_native)
        json_value_set(&json, "native", gain_json(result, &result->native));
    if (result->n_gains > 0)
        json_value_set(&json, "counterfactuals", gains_json(result));
    return json;
}

char *result_json_text(const json_t *document)
{
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(RESULT_DIGITS));
    if (text == NULL)
        return NULL;
    const size_t length = strlen(text);
    char *longer = realloc(text, length + 2);
    if (longer == NULL) {
        free(text);
        return NULL;
    }
    memcpy(longer + length, "\n", 2);
    return longer;
}

int result_json_print(json_t *document, FILE *out)
{
    char *text = document ? result_json_text(document) : NULL;

    json_decref(document);
    if (text == NULL)
        return -ENOMEM;
    fputs(text, out);
    free(text);
    return 0;
}
