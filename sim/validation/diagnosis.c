#include "diagnosis.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Nearer than this to the prediction, two digits tell no difference. */
static const double least_told_gap = 0.005;

/* What is proportional to time in a metric's value. */
static double time_of(const struct metric *metric, double value)
{
    return metric->more_is_better ? 1.0 / value : value;
}

/* Whether some scale >= 0 of this layer meets the measured value; it is then in `explanation`. */
static bool explains(const struct metric *metric, double measured, const struct suspect *suspect,
                     struct explanation *explanation)
{
    const double without = time_of(metric, suspect->value_without);
    const double cost = time_of(metric, metric->value) - without;
    const double scale = (time_of(metric, measured) - without) / cost;

    if (!(cost > 0.0) || !isfinite(scale) || scale < 0.0)
        return false;
    *explanation = (struct explanation){
        .name = suspect->name,
        .scale = scale,
        .allowed = suspect->allowed,
        .is_allowed = suspect->allowed.lo <= scale && scale <= suspect->allowed.hi,
    };
    return true;
}

static bool comes_before(const struct explanation *a, const struct explanation *b)
{
    if (a->is_allowed != b->is_allowed)
        return a->is_allowed;
    return fabs(log(a->scale)) < fabs(log(b->scale));
}

/* Behind all that it does not come before, so that equals keep their order. */
static void insert(struct diagnosis *diagnosis, const struct explanation *explanation)
{
    int at = diagnosis->n++;
    for (; at > 0 && comes_before(explanation, &diagnosis->explanations[at - 1]); at--)
        diagnosis->explanations[at] = diagnosis->explanations[at - 1];
    diagnosis->explanations[at] = *explanation;
}

struct diagnosis diagnose(const struct metric *metric, double measured, int n,
                          const struct suspect suspects[])
{
    struct diagnosis diagnosis = {0};
    struct explanation explanation;

    assert(metric->value > 0.0 && measured > 0.0 && isfinite(measured));
    assert(n >= 0 && n <= MAX_COUNTERFACTUALS);
    diagnosis.slowdown = time_of(metric, measured) / time_of(metric, metric->value);
    for (int i = 0; i < n; i++)
        if (explains(metric, measured, &suspects[i], &explanation))
            insert(&diagnosis, &explanation);
    return diagnosis;
}

struct diagnosis diagnose_result(const struct result *result, int metric, double measured)
{
    struct suspect suspects[MAX_COUNTERFACTUALS];
    int n = 0;

    assert(metric >= 0 && metric < result->n_metrics);
    for (int i = 0; i < result->n_gains; i++) {
        const struct gain *gain = &result->gains[i];
        if (gain->counterfactual != counterfactual_native)
            suspects[n++] = (struct suspect){.name = gain->counterfactual->name,
                                             .value_without = gain->values[metric],
                                             .allowed = gain->allowed};
    }
    return diagnose(&result->metrics[metric].metric, measured, n, suspects);
}

bool diagnosis_is_none(const struct diagnosis *diagnosis)
{
    return fabs(diagnosis->slowdown - 1.0) < least_told_gap;
}

bool diagnosis_is_within_intervals(const struct diagnosis *diagnosis)
{
    return diagnosis->n > 0 && diagnosis->explanations[0].is_allowed;
}

/* --- words ----------------------------------------------------------------- */

/* Hundredths tell a gap of a few percent; of a large factor they are too many. */
static void print_factor(double factor, FILE *out)
{
    enum { DIGITS = 3 };
    char number[32];

    if (factor < 1.0) {
        fprintf(out, "%.2f", factor);
        return;
    }
    format_digits(number, sizeof number, factor, DIGITS);
    fprintf(out, "%s", number);
}

static void print_allowed(const struct explanation *explanation, FILE *out)
{
    const struct cost_range *allowed = &explanation->allowed;

    if (allowed->lo == allowed->hi) {
        fprintf(out, "its parameters have no interval");
        return;
    }
    fprintf(out, explanation->is_allowed ? "its parameters allow " : "its parameters allow only ");
    print_factor(allowed->lo, out);
    if (isfinite(allowed->hi)) {
        fprintf(out, " to ");
        print_factor(allowed->hi, out);
    } else {
        fprintf(out, " and more");
    }
}

static void print_explanation(const struct explanation *explanation, FILE *out)
{
    fprintf(out, "%s would have to cost ", explanation->name);
    if (explanation->scale == 0.0) {
        fprintf(out, "nothing");
    } else {
        print_factor(explanation->scale, out);
        fprintf(out, " times as much");
    }
    fprintf(out, " (");
    print_allowed(explanation, out);
    fputc(')', out);
}

static void print_diagnosis(const struct diagnosis *diagnosis, FILE *out)
{
    const double slowdown = diagnosis->slowdown;

    if (diagnosis_is_none(diagnosis)) {
        fprintf(out, "measured as predicted");
        return;
    }
    fprintf(out, "measured ");
    print_factor(slowdown > 1.0 ? slowdown : 1.0 / slowdown, out);
    fprintf(out,
            slowdown > 1.0 ? " times as slow as predicted: " : " times as fast as predicted: ");
    if (diagnosis->n == 0) {
        fprintf(out, "no layer of the model explains it");
        return;
    }
    if (!diagnosis_is_within_intervals(diagnosis))
        fprintf(out, "no layer explains it within its parameters' intervals; ");
    print_explanation(&diagnosis->explanations[0], out);
}

char *explanation_text(const struct explanation *explanation)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    print_explanation(explanation, out);
    return fclose(out) == 0 ? text : NULL;
}

char *diagnosis_text(const struct diagnosis *diagnosis)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    print_diagnosis(diagnosis, out);
    return fclose(out) == 0 ? text : NULL;
}
