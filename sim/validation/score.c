#include "score.h"

#include "sim/result/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* What the error is relative to: the measured value, or 100 points. */
static double scale_of(const struct measured *measured)
{
    return measured->is_percent ? 100.0 : measured->value;
}

double score_error(const struct measured *measured, double predicted)
{
    const double lowest = measured->value - measured->uncertainty;
    const double highest = measured->value + measured->uncertainty;

    if (predicted > highest && measured->relation != RELATION_AT_LEAST)
        return (predicted - highest) / scale_of(measured);
    if (predicted < lowest && measured->relation != RELATION_AT_MOST)
        return (predicted - lowest) / scale_of(measured);
    return 0.0;
}

bool score_is_in(const struct measured *measured, double lo, double hi)
{
    const bool may_be_lower = measured->relation == RELATION_AT_MOST;
    const bool may_be_higher = measured->relation == RELATION_AT_LEAST;
    return (may_be_higher || lo <= measured->value + measured->uncertainty) &&
           (may_be_lower || hi >= measured->value - measured->uncertainty);
}

static bool is_pair(const struct scored *a, const struct scored *b)
{
    const double distance = fabs(a->measured.value - b->measured.value);
    return a->group == b->group && (a->counts || b->counts) &&
           a->measured.relation == RELATION_EQUALS && b->measured.relation == RELATION_EQUALS &&
           distance > a->measured.uncertainty + b->measured.uncertainty;
}

static bool is_right_pair(const struct scored *a, const struct scored *b)
{
    return a->measured.value < b->measured.value ? a->predicted < b->predicted
                                                 : a->predicted > b->predicted;
}

static void count_pairs(int n, const struct scored values[], struct score_summary *summary)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            if (is_pair(&values[i], &values[j])) {
                summary->n_pairs++;
                summary->n_pairs_right += is_right_pair(&values[i], &values[j]);
            }
    summary->ordering_share =
        summary->n_pairs > 0 ? (double)summary->n_pairs_right / summary->n_pairs : NAN;
}

int score_summarize(int n, const struct scored values[], struct score_summary *summary)
{
    double *errors = malloc(((size_t)n + 1) * sizeof *errors);
    if (errors == NULL)
        return -ENOMEM;

    *summary = (struct score_summary){.median_abs_error = NAN,
                                      .mean_abs_error = NAN,
                                      .p90_abs_error = NAN,
                                      .worst_abs_error = NAN,
                                      .in_interval_share = NAN,
                                      .in_model_interval_share = NAN};
    for (int i = 0; i < n; i++)
        if (values[i].counts) {
            errors[summary->n++] = fabs(values[i].error);
            summary->n_in_interval += values[i].is_in_interval;
            summary->n_with_model_interval += values[i].has_model_interval;
            summary->n_in_model_interval += values[i].is_in_model_interval;
        }
    if (summary->n > 0) {
        const struct summary found = summarize((size_t)summary->n, errors);
        summary->median_abs_error = found.p50;
        summary->mean_abs_error = found.mean;
        summary->p90_abs_error = found.p90;
        summary->worst_abs_error = errors[summary->n - 1]; /* summarize() sorts */
        summary->in_interval_share = (double)summary->n_in_interval / summary->n;
    }
    if (summary->n_with_model_interval > 0)
        summary->in_model_interval_share =
            (double)summary->n_in_model_interval / summary->n_with_model_interval;
    count_pairs(n, values, summary);
    free(errors);
    return 0;
}
