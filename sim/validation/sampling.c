#include "sampling.h"

#include "sim/input/scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void sampling_raise_draws(const struct case_document *document)
{
    int n = 0;
    for (int i = 0; i < document->runs.n; i++) {
        const int n_alternatives = case_run_at(document, i)->n_alternatives;
        if (n_alternatives > 1 && n < LEAST_DRAWS_OF_ALTERNATIVE * n_alternatives)
            n = LEAST_DRAWS_OF_ALTERNATIVE * n_alternatives;
    }
    for (int i = 0; i < document->runs.n; i++) {
        const struct case_run *run = case_run_at(document, i);
        for (int a = 0; a < run->n_alternatives; a++)
            if (run->scenarios[a]->run.replications < n)
                run->scenarios[a]->run.replications = n;
    }
}

/* One alternative of a run. */
static int sample_one(const struct case_run *run, int index, const struct predict_options *options,
                      struct samples **samples, char *error, size_t error_size)
{
    struct result result = {0};
    struct predict_options own = *options;
    char label[120];
    own.deal = (struct deal){index, run->n_alternatives};
    own.explains = options->explains && index == 0;
    if (run->n_alternatives > 1 && options->label) {
        snprintf(label, sizeof label, "%salternative %d of %d: ", options->label, index + 1,
                 run->n_alternatives);
        own.label = label;
    }
    const int status = predict(run->scenarios[index], &own, &result, error, error_size);
    if (status != 0)
        return status;
    *samples = samples_of_result(&result);
    result_release(&result);
    snprintf(error, error_size, "%s", strerror(ENOMEM));
    return *samples ? 0 : -ENOMEM;
}

int sampling_run(const struct case_run *run, const struct predict_options *options,
                 struct samples **samples, char *error, size_t error_size)
{
    const int n = run->n_alternatives;
    struct samples *joined = NULL, **parts = calloc((size_t)n, sizeof(struct samples *));
    int status = parts ? 0 : -ENOMEM;
    snprintf(error, error_size, "%s", strerror(ENOMEM));
    for (int i = 0; status == 0 && i < n; i++)
        status = sample_one(run, i, options, &parts[i], error, error_size);
    if (status == 0) {
        const int replications = run->scenarios[0]->run.replications;
        joined =
            n > 1 ? samples_join(n, (const struct samples *const *)parts, replications) : parts[0];
        status = joined ? 0 : -ENOMEM;
    }
    for (int i = 0; parts && i < n; i++)
        if (parts[i] != joined)
            samples_free(parts[i]);
    free(parts);
    if (status == 0)
        *samples = joined;
    return status;
}
