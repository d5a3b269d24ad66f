#include "validate_json.h"

#include "diagnosis_print.h"
#include "sim/config.h"
#include "sim/input/scenario.h"
#include "sim/result/json_value.h"

#include <math.h>

#include <gsl/gsl_version.h>

static json_t *text_or_null(const char *text)
{
    return text[0] != '\0' ? json_value_text(text) : json_null();
}

static json_t *predicted_json(const struct validation_row *row, int n_alternatives)
{
    const struct summary *draws = &row->predicted;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:i}", "p05", json_value_number(draws->p05),
                     "p50", json_value_number(draws->p50), "p95", json_value_number(draws->p95),
                     "mean", json_value_number(draws->mean), "central",
                     json_value_number(row->central), "n", (json_int_t)draws->n, "n_alternatives",
                     n_alternatives);
}

/* null where nothing is known of the model's error; the upper end is null where it is infinite. */
static json_t *model_interval_json(const struct validation_row *row)
{
    if (!row->scored.has_model_interval)
        return json_null();
    return json_pack("{s:o, s:o}", "lo", json_value_number_or_null(row->model.lo), "hi",
                     json_value_number_or_null(row->model.hi));
}

/* What the comparison with a measured value says; null where there is none. */
static void set_score(json_t **json, const struct validation_row *row)
{
    const bool has = row->has_measured;
    json_value_set(json, "error", has ? json_value_number(row->scored.error) : json_null());
    json_value_set(json, "in_interval",
                   has ? json_boolean(row->scored.is_in_interval) : json_null());
    json_value_set(json, "in_model_interval",
                   has && row->scored.has_model_interval
                       ? json_boolean(row->scored.is_in_model_interval)
                       : json_null());
    json_value_set(json, "tolerance", json_value_number_or_null(row->result->tolerance));
    json_value_set(json, "within_tolerance",
                   has ? json_boolean(row->is_within_tolerance) : json_null());
}

static json_t *case_json(const struct validation *validation, const struct validation_row *row)
{
    const struct validation_run *run = validation_run_of(validation, row);
    const struct case_result *result = row->result;
    json_t *json = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "paper",
        json_value_text(run->document->paper), "file", json_value_text(run->document->file), "run",
        json_value_text(run->run->name), "system", json_value_text(run->run->system),
        "configuration", json_value_text(run->run->configuration), "metric",
        json_value_text(result->metric), "over", text_or_null(result->over), "unit",
        json_value_text(result->unit), "published", json_value_number_or_null(result->published));
    json_value_set(&json, "uncertainty", json_value_number(result->uncertainty));
    json_value_set(&json, "relation", json_string(relation_names[result->relation]));
    json_value_set(&json, "role", json_string(role_names[result->role]));
    json_value_set(&json, "predicted", predicted_json(row, run->run->n_alternatives));
    json_value_set(&json, "model_interval", model_interval_json(row));
    set_score(&json, row);
    json_value_set(&json, "where", text_or_null(result->where));
    json_value_set(&json, "row", text_or_null(result->row));
    json_value_set(&json, "note", text_or_null(result->note));
    if (row->has_diagnosis)
        json_value_set(&json, "diagnosis", diagnosis_json(&row->diagnosis));
    return json;
}

static json_t *summary_json(const struct score_summary *score)
{
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:i, s:i, s:o}", "n", score->n,
                     "median_abs_error", json_value_number_or_null(score->median_abs_error),
                     "mean_abs_error", json_value_number_or_null(score->mean_abs_error),
                     "p90_abs_error", json_value_number_or_null(score->p90_abs_error),
                     "worst_abs_error", json_value_number_or_null(score->worst_abs_error),
                     "in_interval_share", json_value_number_or_null(score->in_interval_share),
                     "n_with_model_interval", score->n_with_model_interval,
                     "in_model_interval_share",
                     json_value_number_or_null(score->in_model_interval_share), "n_pairs",
                     score->n_pairs, "n_pairs_right", score->n_pairs_right, "ordering_share",
                     json_value_number_or_null(score->ordering_share));
}

static json_t *papers_json(const struct validation *validation)
{
    json_t *json = json_object();
    for (int i = 0; i < validation->n_papers; i++)
        json_value_set(&json, validation->papers[i].paper,
                       summary_json(&validation->papers[i].score));
    return json;
}

static json_t *settings_json(const struct text_list *settings)
{
    json_t *json = json_array();
    for (int i = 0; i < settings->n; i++)
        json_value_append(&json, json_value_text(settings->items[i]));
    return json;
}

static json_t *either_json(const struct case_run *run)
{
    json_t *json = json_array();
    for (int i = 0; i < run->either.n; i++) {
        const struct text_list alternative = case_run_alternative(run, i);
        json_value_append(&json, settings_json(&alternative));
    }
    return json;
}

/* Enough to run it again by `vhpcsim run`. */
static json_t *run_json(const struct validation *validation, const struct validation_run *run)
{
    char hash[17];
    case_run_hash(run->run, hash);
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:s, s:O}", "file", json_value_text(run->document->file), "run",
        json_value_text(run->run->name), "scenario", json_value_text(run->run->scenario_path),
        "set", settings_json(&run->run->settings), "either", either_json(run->run), "scenario_hash",
        hash, "warnings", validation->runs[run->same_as].samples->warnings);
}

static json_t *provenance_json(const struct validation *validation,
                               const struct validation_origin *origin)
{
    json_t *json =
        json_pack("{s:{s:s, s:s}, s:s, s:s, s:I, s:i}", "tool", "name", "vhpcsim", "version",
                  VHPCSIM_VERSION, "simgrid", VHPCSIM_SIMGRID_VERSION, "gsl", gsl_version, "seed",
                  (json_int_t)validation->seed, "replications", validation->n_replications);
    if (origin == NULL)
        return json;
    json_value_set(&json, "command_line", json_value_text(origin->command_line));
    json_value_set(&json, "host", json_value_text(origin->host));
    json_value_set(&json, "wall_s", json_value_number(origin->wall_s));
    return json;
}

json_t *validate_json(const struct validation *validation, const struct validation_origin *origin)
{
    json_t *cases = json_array(), *runs = json_array();
    for (int i = 0; i < validation->n_rows; i++)
        json_value_append(&cases, case_json(validation, &validation->rows[i]));
    for (int i = 0; i < validation->n_runs; i++)
        if (validation->runs[i].is_needed)
            json_value_append(&runs, run_json(validation, &validation->runs[i]));
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "schema", VALIDATION_RESULT_SCHEMA, "cases",
                     cases, "summary", summary_json(&validation->all), "by_paper",
                     papers_json(validation), "runs", runs, "provenance",
                     provenance_json(validation, origin));
}
