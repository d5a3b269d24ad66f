#include "comparison.h"

#include "result_table.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- metrics --------------------------------------------------------------- */

static int find_metric(const struct result *result, const char *name)
{
    for (int i = 0; i < result->n_metrics; i++)
        if (strcmp(result->metrics[i].metric.name, name) == 0)
            return i;
    return -1;
}

/* The ratios of draws, which stay empty where one of them is not finite. */
static struct summary summarize_ratios(const struct result *first, const struct result *second,
                                       const struct metric_pair *pair, double ratios[])
{
    const double *base = result_samples(first, pair->first);
    const double *other = result_samples(second, pair->second);
    const size_t n = first->n_draws > 0 ? (size_t)first->n_draws : 1;

    for (size_t i = 0; i < n; i++) {
        ratios[i] = base != NULL ? other[i] / base[i] : pair->ratio;
        if (!isfinite(ratios[i]))
            return (struct summary){0};
    }
    return summarize(n, ratios);
}

static void find_pairs(struct comparison *comparison, double ratios[])
{
    const struct result *first = comparison->first, *second = comparison->second;

    for (int i = 0; i < first->n_metrics; i++) {
        const struct metric *metric = &first->metrics[i].metric;
        const int other = find_metric(second, metric->name);
        if (other < 0)
            continue;
        struct metric_pair *pair = &comparison->pairs[comparison->n_pairs++];
        *pair = (struct metric_pair){
            .first = i,
            .second = other,
            .ratio = second->metrics[other].metric.value / metric->value,
        };
        pair->ratios = summarize_ratios(first, second, pair, ratios);
    }
    assert(comparison->n_pairs >= 1);
}

/* --- layers ---------------------------------------------------------------- */

static double added_s(const struct comparison *comparison, enum layer layer)
{
    return comparison->second->central.layer_s[layer] - comparison->first->central.layer_s[layer];
}

static enum layer largest_loss(const struct comparison *comparison)
{
    enum layer largest = LAYER_COMPUTE;
    double most_s = 0.0;

    for (int i = 0; i < N_LAYERS; i++) {
        const enum layer layer = (enum layer)i;
        if (layer != LAYER_WAIT && added_s(comparison, layer) > most_s) {
            largest = layer;
            most_s = added_s(comparison, layer);
        }
    }
    return largest;
}

double comparison_layer_share(const struct comparison *comparison, enum layer layer)
{
    return comparison->lost_s > 0.0 ? added_s(comparison, layer) / comparison->lost_s : NAN;
}

/* --- together -------------------------------------------------------------- */

int comparison_init(struct comparison *comparison, const struct result *first,
                    const struct result *second)
{
    assert(first->n_draws == second->n_draws);

    double *ratios = calloc((size_t)first->n_draws + 1, sizeof *ratios);
    if (ratios == NULL)
        return -ENOMEM;
    *comparison = (struct comparison){
        .first = first,
        .second = second,
        .lost_s = second->central.elapsed_s - first->central.elapsed_s,
    };
    find_pairs(comparison, ratios);
    comparison->largest_loss = largest_loss(comparison);
    free(ratios);
    return 0;
}

const struct metric_pair *comparison_main(const struct comparison *comparison)
{
    return &comparison->pairs[0];
}

const struct metric_summary *comparison_first(const struct comparison *comparison,
                                              const struct metric_pair *pair)
{
    return &comparison->first->metrics[pair->first];
}

const struct metric_summary *comparison_second(const struct comparison *comparison,
                                               const struct metric_pair *pair)
{
    return &comparison->second->metrics[pair->second];
}

double comparison_speed(const struct metric *metric, double ratio)
{
    return metric->more_is_better ? ratio : 1.0 / ratio;
}

/* What is proportional to time in a metric's value. */
static double time_of(const struct metric *metric, double value)
{
    return metric->more_is_better ? 1.0 / value : value;
}

double comparison_gap_share(const struct comparison *comparison, const struct gain *gain)
{
    const struct metric_pair *pair = comparison_main(comparison);
    const struct metric *first = &comparison_first(comparison, pair)->metric;
    const struct metric *second = &comparison_second(comparison, pair)->metric;
    const double now = time_of(second, second->value);
    const double gap = now - time_of(first, first->value);
    const double share = (now - time_of(second, gain->values[pair->second])) / gap;
    return gap > 0.0 && isfinite(share) ? share : NAN;
}

/* --- the answer ------------------------------------------------------------ */

/* P10 and P90 of the speed; that of a time runs the other way. */
static void print_interval(const struct metric *metric, const struct summary *ratios, FILE *out)
{
    const double one = 100.0 * comparison_speed(metric, ratios->p10);
    const double other = 100.0 * comparison_speed(metric, ratios->p90);
    fprintf(out, " (P10 %.0f, P90 %.0f)", fmin(one, other), fmax(one, other));
}

static void print_answer(const struct comparison *comparison, FILE *out)
{
    const struct metric_pair *pair = comparison_main(comparison);
    const struct metric *metric = &comparison_first(comparison, pair)->metric;
    const bool has_interval = comparison->first->n_draws > 0 && pair->ratios.n > 0;
    const double ratio = has_interval ? pair->ratios.p50 : pair->ratio;
    const double speed = comparison_speed(metric, ratio);

    result_name_print(comparison->second->workload, out);
    if (isfinite(speed)) {
        fprintf(out, " %s %.0f %%", speed < 1.0 ? "keeps" : "reaches", 100.0 * speed);
        if (has_interval)
            print_interval(metric, &pair->ratios, out);
        fprintf(out, " of %s", comparison->first->is_native ? "native speed" : "the first's speed");
    } else {
        fprintf(out, " takes no time in one of the two");
    }
    if (comparison->lost_s > 0.0 && comparison->largest_loss != LAYER_COMPUTE)
        fprintf(out, "; beyond computing and waiting, the largest loss is %s (%.0f %% of it)",
                layer_names[comparison->largest_loss],
                100.0 * comparison_layer_share(comparison, comparison->largest_loss));
    fputc('.', out);
}

char *comparison_answer(const struct comparison *comparison)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    print_answer(comparison, out);
    return fclose(out) == 0 ? text : NULL;
}
