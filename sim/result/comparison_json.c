#include "comparison_print.h"

#include "json_value.h"
#include "result_csv.h"
#include "result_json.h"

#include <math.h>
#include <stdlib.h>

/* --- JSON ------------------------------------------------------------------ */

static json_t *ratio_json(const struct metric_pair *pair)
{
    const struct summary *ratios = &pair->ratios;
    json_t *json = json_pack("{s:o, s:I}", "central", json_value_number_or_null(pair->ratio), "n",
                             (json_int_t)ratios->n);
    if (ratios->n == 0)
        return json;
    json_value_set(&json, "p10", json_value_number(ratios->p10));
    json_value_set(&json, "p50", json_value_number(ratios->p50));
    json_value_set(&json, "p90", json_value_number(ratios->p90));
    json_value_set(&json, "mean", json_value_number(ratios->mean));
    return json;
}

static json_t *pair_json(const struct comparison *comparison, const struct metric_pair *pair)
{
    const struct metric_summary *first = comparison_first(comparison, pair);
    const struct metric_summary *second = comparison_second(comparison, pair);
    return json_pack("{s:s, s:b, s:o, s:o, s:o}", "unit", first->metric.unit, "more_is_better",
                     first->metric.more_is_better, "first", json_value_number(first->draws.p50),
                     "second", json_value_number(second->draws.p50), "ratio", ratio_json(pair));
}

static json_t *metrics_json(const struct comparison *comparison)
{
    json_t *metrics = json_object();
    for (int i = 0; i < comparison->n_pairs; i++) {
        const struct metric_pair *pair = &comparison->pairs[i];
        json_value_set(&metrics, comparison_first(comparison, pair)->metric.name,
                       pair_json(comparison, pair));
    }
    return metrics;
}

static json_t *layers_json(const struct comparison *comparison)
{
    json_t *layers = json_object();
    for (int i = 0; i < N_LAYERS; i++) {
        const double first_s = comparison->first->central.layer_s[i];
        const double second_s = comparison->second->central.layer_s[i];
        const double share = comparison_layer_share(comparison, (enum layer)i);
        json_value_set(&layers, layer_names[i],
                       json_pack("{s:o, s:o, s:o, s:o}", "first_s", json_value_number(first_s),
                                 "second_s", json_value_number(second_s), "added_s",
                                 json_value_number(second_s - first_s), "share_of_loss",
                                 json_value_number_or_null(share)));
    }
    return layers;
}

static json_t *gains_json(const struct comparison *comparison)
{
    const struct metric_pair *pair = comparison_main(comparison);
    json_t *gains = json_array();
    for (int i = 0; i < comparison->second->n_gains; i++) {
        const struct gain *gain = &comparison->second->gains[i];
        const double share = comparison_gap_share(comparison, gain);
        json_value_append(&gains,
                          json_pack("{s:s, s:s, s:s, s:o, s:o}", "made_native",
                                    gain->counterfactual->name, "help", gain->counterfactual->help,
                                    "metric", comparison_second(comparison, pair)->metric.name,
                                    "value", json_value_number(gain->values[pair->second]),
                                    "share_of_gap", json_value_number_or_null(share)));
    }
    return gains;
}

json_t *comparison_json(const struct comparison *comparison, bool reproducible)
{
    char *answer = comparison_answer(comparison);
    json_t *json = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "schema", COMPARISON_SCHEMA,
                             "answer", answer, "metrics", metrics_json(comparison), "layers",
                             layers_json(comparison), "counterfactuals", gains_json(comparison),
                             "first", result_json(comparison->first, reproducible), "second",
                             result_json(comparison->second, reproducible));
    free(answer);
    return json;
}

/* --- CSV ------------------------------------------------------------------- */

static void print_number(double value, FILE *out)
{
    fputc(',', out);
    if (isfinite(value))
        fprintf(out, "%.*g", RESULT_DIGITS, value);
}

void comparison_csv_print(const struct comparison *comparison, FILE *out)
{
    fputs("metric,unit,first_p50,second_p50,ratio_p10,ratio_p50,ratio_p90,ratio_central,n\r\n",
          out);
    for (int i = 0; i < comparison->n_pairs; i++) {
        const struct metric_pair *pair = &comparison->pairs[i];
        const struct metric_summary *first = comparison_first(comparison, pair);
        const bool has_ratios = pair->ratios.n > 0;

        csv_field_print(first->metric.name, out);
        fputc(',', out);
        csv_field_print(first->metric.unit, out);
        print_number(first->draws.p50, out);
        print_number(comparison_second(comparison, pair)->draws.p50, out);
        print_number(has_ratios ? pair->ratios.p10 : NAN, out);
        print_number(has_ratios ? pair->ratios.p50 : NAN, out);
        print_number(has_ratios ? pair->ratios.p90 : NAN, out);
        print_number(pair->ratio, out);
        fprintf(out, ",%zu\r\n", pair->ratios.n);
    }
}
