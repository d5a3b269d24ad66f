#include "samples.h"

#include "sim/result/json_value.h"
#include "sim/result/predict.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_SHARES = CPU_IDLE, SHARE_DIGITS = 3 }; /* the domains before idle are busy */

bool samples_unit_is_percent(const char *unit)
{
    return strcmp(unit, "percent") == 0 || strcmp(unit, "%") == 0;
}

/* Part of the busy core time that `domain` has, in percent; 0 where nothing was busy. */
static double share(const double cpu_s[N_CPU_DOMAINS], int domain)
{
    double busy_s = 0.0;
    for (int i = 0; i < N_SHARES; i++)
        busy_s += cpu_s[i];
    return busy_s > 0.0 ? 100.0 * cpu_s[domain] / busy_s : 0.0;
}

/* The metric host_cpu_DOMAIN. Which way is better is nobody's question. */
static struct metric share_metric(int domain, double value)
{
    struct metric metric = {.unit = "%", .value = value, .digits = SHARE_DIGITS};
    snprintf(metric.name, sizeof metric.name, "host_cpu_%s", cpu_domain_names[domain]);
    return metric;
}

int sampled_metrics(const struct scenario *scenario, struct metric metrics[MAX_SAMPLED_METRICS])
{
    int n = predict_metrics(scenario, metrics);
    for (int domain = 0; n > 0 && domain < N_SHARES; domain++)
        metrics[n++] = share_metric(domain, 0.0);
    return n;
}

static struct samples *samples_new(int n_metrics, int n_draws)
{
    assert(n_metrics >= 1 && n_draws >= 1);
    struct samples *samples = calloc(1, sizeof *samples);
    if (samples == NULL)
        return NULL;
    *samples = (struct samples){
        .n_metrics = n_metrics,
        .metrics = calloc((size_t)n_metrics, sizeof *samples->metrics),
        .n_draws = n_draws,
        .values = calloc((size_t)n_metrics * (size_t)n_draws, sizeof *samples->values),
        .warnings = json_array()};
    if (samples->metrics && samples->values && samples->warnings)
        return samples;
    samples_free(samples);
    return NULL;
}

void samples_free(struct samples *samples)
{
    if (samples == NULL)
        return;
    free(samples->metrics);
    free(samples->values);
    free(samples->gains);
    json_decref(samples->warnings);
    free(samples);
}

int samples_count_explained(const struct samples *samples)
{
    return samples->n_metrics - N_SHARES;
}

/* The draws of metric number `metric`. */
static double *values_of(const struct samples *samples, int metric)
{
    return &samples->values[(size_t)metric * (size_t)samples->n_draws];
}

const double *samples_find(const struct samples *samples, const char *name,
                           const struct metric **metric)
{
    *metric = metric_find(samples->n_metrics, samples->metrics, name);
    return *metric ? values_of(samples, (int)(*metric - samples->metrics)) : NULL;
}

/* --- from a result --------------------------------------------------------------- */

static void take_metrics(struct samples *samples, const struct result *result)
{
    for (int i = 0; i < result->n_metrics; i++) {
        double *values = values_of(samples, i);
        samples->metrics[i] = result->metrics[i].metric;
        values[0] = samples->metrics[i].value;
        if (result->n_draws > 0)
            memcpy(values, result_samples(result, i), (size_t)result->n_draws * sizeof *values);
    }
}

static void take_shares(struct samples *samples, const struct result *result)
{
    for (int domain = 0; domain < N_SHARES; domain++) {
        const int at = result->n_metrics + domain;
        const double central = share(result->central.host_cpu_s, domain);
        samples->metrics[at] = share_metric(domain, central);
        values_of(samples, at)[0] = central;
        for (int draw = 0; draw < result->n_draws; draw++)
            values_of(samples, at)[draw] = share(result->draw_cpu_s[draw], domain);
    }
}

/* Notes are about the number of draws, which is the validation's. */
static bool take_warnings(struct samples *samples, const struct warnings *warnings)
{
    int status = 0;
    for (int i = 0; i < warnings->n; i++)
        if (warnings->items[i].kind == WARNING_DOUBTFUL)
            status |= json_array_append_new(
                samples->warnings,
                json_sprintf("%s: %s", warnings->items[i].place, warnings->items[i].message));
    return status == 0;
}

static bool take_gains(struct samples *samples, const struct result *result)
{
    samples->is_explained = result->explains;
    samples->n_gains = result->n_gains;
    samples->gains = calloc((size_t)result->n_gains + 1, sizeof *samples->gains);
    if (samples->gains)
        memcpy(samples->gains, result->gains, (size_t)result->n_gains * sizeof *samples->gains);
    return samples->gains != NULL;
}

struct samples *samples_of_result(const struct result *result)
{
    const int n_draws = result->n_draws > 0 ? result->n_draws : 1;
    struct samples *samples = samples_new(result->n_metrics + N_SHARES, n_draws);
    if (samples == NULL)
        return NULL;
    take_metrics(samples, result);
    take_shares(samples, result);
    if (take_warnings(samples, &result->warnings) && take_gains(samples, result))
        return samples;
    samples_free(samples);
    return NULL;
}

/* --- of several alternatives ------------------------------------------------------ */

static bool all_have(int n, const struct samples *const parts[], const char *name)
{
    const struct metric *metric;
    bool has = true;
    for (int i = 0; has && i < n; i++)
        has = samples_find(parts[i], name, &metric) != NULL;
    return has;
}

/* Metrics of the first part that all have, by their numbers in it; returns how many. */
static int common_metrics(int n, const struct samples *const parts[], int numbers[])
{
    int n_common = 0;
    for (int i = 0; i < parts[0]->n_metrics; i++)
        if (all_have(n, parts, parts[0]->metrics[i].name))
            numbers[n_common++] = i;
    return n_common;
}

static void join_metric(struct samples *joined, int at, int n, const struct samples *const parts[])
{
    const struct metric *metric;
    for (int draw = 0; draw < joined->n_draws; draw++) {
        const struct samples *part = parts[draw % n];
        assert(draw / n < part->n_draws);
        values_of(joined, at)[draw] =
            samples_find(part, joined->metrics[at].name, &metric)[draw / n];
    }
}

static bool has_text(const json_t *texts, const json_t *text)
{
    bool has = false;
    for (size_t i = 0; !has && i < json_array_size(texts); i++)
        has = json_equal(json_array_get(texts, i), text);
    return has;
}

static bool join_warnings(struct samples *joined, const struct samples *part)
{
    int status = 0;
    for (size_t i = 0; i < json_array_size(part->warnings); i++) {
        json_t *text = json_array_get(part->warnings, i);
        if (!has_text(joined->warnings, text))
            status |= json_array_append(joined->warnings, text);
    }
    return status == 0;
}

/* Gains have values of the first part's metrics, of which `numbers` are kept. */
static bool join_gains(struct samples *joined, const struct samples *first, const int numbers[])
{
    joined->is_explained = first->is_explained;
    joined->n_gains = first->n_gains;
    joined->gains = calloc((size_t)first->n_gains + 1, sizeof *joined->gains);
    for (int i = 0; joined->gains && i < first->n_gains; i++) {
        joined->gains[i] = first->gains[i];
        for (int metric = 0; metric < samples_count_explained(joined); metric++)
            joined->gains[i].values[metric] = first->gains[i].values[numbers[metric]];
    }
    return joined->gains != NULL;
}

struct samples *samples_join(int n, const struct samples *const parts[], int n_draws)
{
    int numbers[MAX_SAMPLED_METRICS];
    const int n_metrics = common_metrics(n, parts, numbers);
    struct samples *joined = samples_new(n_metrics, n_draws);
    bool is_good = joined != NULL;
    for (int i = 0; is_good && i < n_metrics; i++) {
        joined->metrics[i] = parts[0]->metrics[numbers[i]];
        join_metric(joined, i, n, parts);
    }
    for (int i = 0; is_good && i < n; i++)
        is_good = join_warnings(joined, parts[i]);
    if (is_good && join_gains(joined, parts[0], numbers))
        return joined;
    samples_free(joined);
    return NULL;
}

/* --- to JSON and back ------------------------------------------------------------ */

/* NULL where counterfactuals did not run. A range without an upper bound has null there. */
static json_t *gains_json(const struct samples *samples)
{
    json_t *gains = samples->is_explained ? json_array() : NULL;
    for (int i = 0; gains && i < samples->n_gains; i++) {
        const struct gain *gain = &samples->gains[i];
        json_t *values = json_array();
        for (int metric = 0; metric < samples_count_explained(samples); metric++)
            json_value_append(&values, json_value_number_or_null(gain->values[metric]));
        json_value_append(
            &gains, json_pack("{s:s, s:[o, o], s:o}", "made_native", gain->counterfactual->name,
                              "allowed", json_value_number(gain->allowed.lo),
                              json_value_number_or_null(gain->allowed.hi), "values", values));
    }
    return gains;
}

json_t *samples_json(const struct samples *samples)
{
    json_t *metrics = json_array();
    int status = metrics ? 0 : -1;
    for (int i = 0; status == 0 && i < samples->n_metrics; i++) {
        json_t *draws = json_array();
        for (int draw = 0; draws && draw < samples->n_draws; draw++)
            status |= json_array_append_new(draws, json_real(values_of(samples, i)[draw]));
        status |= json_array_append_new(
            metrics, json_pack("{s:s, s:f, s:o}", "name", samples->metrics[i].name, "central",
                               samples->metrics[i].value, "draws", draws));
    }
    if (status == 0)
        return json_pack("{s:o, s:O, s:o*}", "metrics", metrics, "warnings", samples->warnings,
                         "without", gains_json(samples));
    json_decref(metrics);
    return NULL;
}

/* Reads one metric; false when it is none of those that the scenario has. */
static bool read_metric(struct samples *samples, int at, const json_t *json, int n_known,
                        const struct metric known[])
{
    const char *name = json_string_value(json_object_get(json, "name"));
    const json_t *central = json_object_get(json, "central");
    const json_t *draws = json_object_get(json, "draws");
    const struct metric *metric = name ? metric_find(n_known, known, name) : NULL;
    if (!metric || !json_is_number(central) || json_array_size(draws) != (size_t)samples->n_draws)
        return false;
    samples->metrics[at] = *metric;
    samples->metrics[at].value = json_number_value(central);
    for (int draw = 0; draw < samples->n_draws; draw++) {
        const json_t *value = json_array_get(draws, (size_t)draw);
        if (!json_is_number(value))
            return false;
        values_of(samples, at)[draw] = json_number_value(value);
    }
    return true;
}

static double number_or(const json_t *json, double otherwise)
{
    return json_is_number(json) ? json_number_value(json) : otherwise;
}

static bool read_gain(const struct samples *samples, const json_t *json, struct gain *gain)
{
    const char *name = json_string_value(json_object_get(json, "made_native"));
    const json_t *allowed = json_object_get(json, "allowed");
    const json_t *values = json_object_get(json, "values");
    const struct counterfactual *c = counterfactuals;
    while (name && c->name && strcmp(c->name, name) != 0)
        c++;
    gain->counterfactual = name && c->name ? c : NULL;
    gain->allowed.lo = number_or(json_array_get(allowed, 0), 1.0);
    gain->allowed.hi = number_or(json_array_get(allowed, 1), INFINITY);
    for (int i = 0; i < samples_count_explained(samples); i++)
        gain->values[i] = number_or(json_array_get(values, (size_t)i), NAN);
    return gain->counterfactual != NULL;
}

static bool read_gains(struct samples *samples, const json_t *json)
{
    const size_t n = json_array_size(json);
    samples->is_explained = json_is_array(json);
    samples->gains = n <= MAX_COUNTERFACTUALS ? calloc(n + 1, sizeof *samples->gains) : NULL;
    bool is_good = samples->gains != NULL;
    for (size_t i = 0; is_good && i < n; i++)
        is_good = read_gain(samples, json_array_get(json, i), &samples->gains[samples->n_gains++]);
    return is_good;
}

static bool read_warnings(struct samples *samples, const json_t *json)
{
    for (size_t i = 0; i < json_array_size(json); i++)
        if (!json_is_string(json_array_get(json, i)) ||
            json_array_append(samples->warnings, json_array_get(json, i)) != 0)
            return false;
    return json_is_array(json);
}

struct samples *samples_of_json(const struct scenario *scenario, const json_t *json)
{
    struct metric known[MAX_SAMPLED_METRICS];
    const int n_known = sampled_metrics(scenario, known);
    const json_t *metrics = json_object_get(json, "metrics");
    const size_t n = json_array_size(metrics);
    const size_t n_draws = json_array_size(json_object_get(json_array_get(metrics, 0), "draws"));
    const bool is_plausible =
        n_known > 0 && n > N_SHARES && n <= (size_t)n_known && n_draws >= 1 && n_draws <= INT32_MAX;
    struct samples *samples = is_plausible ? samples_new((int)n, (int)n_draws) : NULL;
    bool is_good = samples && read_warnings(samples, json_object_get(json, "warnings"));

    for (int i = 0; is_good && i < (int)n; i++)
        is_good = read_metric(samples, i, json_array_get(metrics, (size_t)i), n_known, known);
    if (is_good && read_gains(samples, json_object_get(json, "without")))
        return samples;
    samples_free(samples);
    return NULL;
}
