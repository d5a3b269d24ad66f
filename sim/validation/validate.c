#include "validate.h"

#include "journal.h"
#include "model_error.h"
#include "sampling.h"
#include "sim/input/scenario.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- documents and runs ------------------------------------------------------------ */

void validation_release(struct validation *validation)
{
    for (int i = 0; i < validation->n_runs; i++)
        samples_free(validation->runs[i].samples);
    for (int i = 0; i < validation->n_documents; i++)
        case_document_free(validation->documents[i]);
    free(validation->documents);
    free(validation->runs);
    free(validation->rows);
    free(validation->papers);
    *validation = (struct validation){0};
}

int validation_add(struct validation *validation, struct case_document *document)
{
    const size_t n_documents = (size_t)validation->n_documents + 1;
    const size_t n_runs = (size_t)validation->n_runs + (size_t)document->runs.n;
    struct case_document **documents =
        reallocarray(validation->documents, n_documents, sizeof *documents);
    if (documents == NULL)
        return -ENOMEM;
    validation->documents = documents;
    struct validation_run *runs = reallocarray(validation->runs, n_runs + 1, sizeof *runs);
    if (runs == NULL)
        return -ENOMEM;
    validation->runs = runs;

    documents[validation->n_documents++] = document;
    for (int i = 0; i < document->runs.n; i++) {
        const struct case_run *run = case_run_at(document, i);
        const struct run_spec *spec = &run->scenarios[0]->run;
        assert(validation->n_runs == 0 || (spec->replications == validation->n_replications &&
                                           spec->seed == validation->seed));
        validation->n_replications = spec->replications;
        validation->seed = spec->seed;
        runs[validation->n_runs++] =
            (struct validation_run){.document = document, .run = run, .is_asked = true};
    }
    sampling_raise_draws(document);
    return 0;
}

int validation_ask(struct validation *validation, validation_choice *is_asked, void *user)
{
    int n = 0;
    for (int i = 0; i < validation->n_runs; i++) {
        struct validation_run *run = &validation->runs[i];
        run->is_asked = is_asked(run->document, run->run, user);
        n += run->is_asked;
    }
    return n;
}

/* The run of `document` that is called `name`. */
static struct validation_run *run_named(const struct validation *validation,
                                        const struct case_document *document, const char *name)
{
    const struct case_run *run = case_run_named(document, name);
    for (int i = 0; i < validation->n_runs; i++)
        if (validation->runs[i].run == run)
            return &validation->runs[i];
    assert(!"reading has checked the names");
    return NULL;
}

const struct validation_run *validation_run_of(const struct validation *validation,
                                               const struct validation_row *row)
{
    return &validation->runs[row->run];
}

/* What is asked needs itself and what it is compared with. */
static void find_needed(struct validation *validation)
{
    for (int i = 0; i < validation->n_runs; i++) {
        struct validation_run *run = &validation->runs[i];
        run->is_needed |= run->is_asked;
        for (int r = 0; run->is_asked && r < run->run->results.n; r++) {
            const struct case_result *result = case_result_at(run->run, r);
            if (result->over[0] != '\0')
                run_named(validation, run->document, result->over)->is_needed = true;
        }
    }
}

/* Each needed run is that of the first with the same scenarios. */
static void find_same(struct validation *validation)
{
    for (int i = 0; i < validation->n_runs; i++) {
        char hash[17], other[17];
        validation->runs[i].same_as = i;
        case_run_hash(validation->runs[i].run, hash);
        for (int j = 0; j < i && validation->runs[i].same_as == i; j++) {
            case_run_hash(validation->runs[j].run, other);
            if (validation->runs[i].is_needed && validation->runs[j].is_needed &&
                strcmp(hash, other) == 0)
                validation->runs[i].same_as = j;
        }
    }
}

static const struct samples *samples_of(const struct validation *validation,
                                        const struct validation_run *run)
{
    return validation->runs[run->same_as].samples;
}

/* --- simulating --------------------------------------------------------------------- */

/* Says which run failed, before the reason. */
static void name_run(const struct validation_run *run, const char *reason, char *error,
                     size_t error_size)
{
    snprintf(error, error_size, "%s: run \"%s\": %s", run->document->file, run->run->name, reason);
}

static int simulate(struct validation_run *run, const struct validation_options *options,
                    const char *label, char *error, size_t error_size)
{
    const struct predict_options predict_options = {.n_workers = options->n_workers,
                                                    .explains = options->explains,
                                                    .skips_native = true,
                                                    .shows_progress = options->shows_progress,
                                                    .label = label,
                                                    .interrupted = options->interrupted};
    char reason[512];
    int status = sampling_run(run->run, &predict_options, &run->samples, reason, sizeof reason);
    if (status == 0 && options->journal) {
        const int written = journal_append(options->journal, run->run, run->samples);
        status = written == 0 ? 0 : -EIO;
        snprintf(reason, sizeof reason, "cannot write the journal: %s", strerror(-written));
    }
    if (status != 0)
        name_run(run, reason, error, error_size);
    return status;
}

static bool must_run(const struct validation *validation, int index)
{
    const struct validation_run *run = &validation->runs[index];
    return run->is_needed && run->same_as == index && run->samples == NULL;
}

static int simulate_all(struct validation *validation, const struct validation_options *options,
                        char *error, size_t error_size)
{
    int n_runs = 0, n_done = 0, status = 0;
    for (int i = 0; i < validation->n_runs; i++) {
        struct validation_run *run = &validation->runs[i];
        if (must_run(validation, i) && options->journal) {
            run->samples = journal_find(options->journal, run->run, options->explains);
            run->is_from_journal = run->samples != NULL;
        }
        n_runs += must_run(validation, i);
    }
    for (int i = 0; i < validation->n_runs && status == 0; i++) {
        char label[80];
        if (!must_run(validation, i))
            continue;
        snprintf(label, sizeof label, "run %d of %d, %.40s: ", ++n_done, n_runs,
                 validation->runs[i].run->name);
        status = simulate(&validation->runs[i], options, label, error, error_size);
    }
    return status;
}

/* --- what it means -------------------------------------------------------------------- */

/* Draws of a metric of one run, and its value in the central run. */
struct prediction {
    int n;
    double central;
    double *draws; /* owned */
    int digits;
};

/* `value` as it compares with that of another run, in the unit of the result. */
static double compared(const struct case_result *result, double value, double base)
{
    if (samples_unit_is_percent(result->unit))
        return 100.0 * (value / base - 1.0);
    return case_is_quotient(result) ? value / base : value - base;
}

/* Compares with the same draws of the same metric of another run. */
static int compare(struct prediction *prediction, const struct samples *base,
                   const struct case_result *result)
{
    const struct metric *metric;
    const double *draws = samples_find(base, result->metric, &metric);
    if (draws == NULL)
        return -EDOM;
    assert(base->n_draws == prediction->n);
    prediction->central = compared(result, prediction->central, metric->value);
    bool is_finite = isfinite(prediction->central);
    for (int i = 0; i < prediction->n; i++) {
        prediction->draws[i] = compared(result, prediction->draws[i], draws[i]);
        is_finite = is_finite && isfinite(prediction->draws[i]);
    }
    return is_finite ? 0 : -EDOM;
}

/* Fills `prediction`, whose draws the caller frees in any case. Returns 0, -ENOMEM or -EDOM. */
static int predict_row(const struct validation *validation, const struct validation_run *run,
                       const struct case_result *result, struct prediction *prediction)
{
    const struct samples *samples = samples_of(validation, run);
    const struct metric *metric;
    const double *draws = samples_find(samples, result->metric, &metric);
    if (draws == NULL)
        return -EDOM;
    *prediction = (struct prediction){.n = samples->n_draws,
                                      .central = metric->value,
                                      .draws = calloc((size_t)samples->n_draws, sizeof(double)),
                                      .digits = metric->digits};
    if (prediction->draws == NULL)
        return -ENOMEM;
    memcpy(prediction->draws, draws, (size_t)samples->n_draws * sizeof *draws);
    if (result->over[0] == '\0')
        return 0;
    const struct validation_run *base = run_named(validation, run->document, result->over);
    return compare(prediction, samples_of(validation, base), result);
}

/* Values are of one group when the same paper tells the same metric in the same unit, all compared
 * with another run's or none: the number of the first such row. */
static int group_of(const struct validation *validation, int index)
{
    const struct validation_row *row = &validation->rows[index];
    const char *paper = validation_run_of(validation, row)->document->paper;
    for (int i = 0; i < index; i++) {
        const struct validation_row *other = &validation->rows[i];
        if (strcmp(validation_run_of(validation, other)->document->paper, paper) == 0 &&
            strcmp(other->result->metric, row->result->metric) == 0 &&
            strcmp(other->result->unit, row->result->unit) == 0 &&
            (other->result->over[0] == '\0') == (row->result->over[0] == '\0'))
            return i;
    }
    return index;
}

/* Shares and changes in percent have errors in points. A CPU use in percent of one core, which may
 * be several hundred, is a quantity like others. */
static bool has_error_in_points(const struct case_result *result)
{
    static const char share[] = "host_cpu_";
    return samples_unit_is_percent(result->unit) &&
           (result->over[0] != '\0' || strncmp(result->metric, share, sizeof share - 1) == 0);
}

static void score_row(struct validation_row *row, const struct case_result *result)
{
    struct scored *scored = &row->scored;
    row->has_measured = !isnan(result->published);
    row->is_within_tolerance = true;
    scored->measured.is_percent = has_error_in_points(result);
    if (!row->has_measured)
        return;
    scored->measured = (struct measured){.value = result->published,
                                         .uncertainty = result->uncertainty,
                                         .relation = (enum relation)result->relation,
                                         .is_percent = scored->measured.is_percent};
    scored->predicted = row->predicted.p50;
    scored->counts = result->role == ROLE_PREDICTED;
    scored->error = score_error(&scored->measured, scored->predicted);
    scored->is_in_interval = score_is_in(&scored->measured, row->predicted.p05, row->predicted.p95);
    if (!isnan(result->tolerance))
        row->is_within_tolerance = fabs(scored->error) <= result->tolerance;
}

/* Smaller gaps are not worth looking for a reason. */
static const double least_explained_error = 0.05;

/* What the metric itself should have been, with what the run that it is compared with predicts. */
static double wanted_value(const struct validation *validation, const struct validation_run *run,
                           const struct case_result *result)
{
    const struct metric *base;
    if (result->over[0] == '\0')
        return result->published;
    const struct validation_run *other = run_named(validation, run->document, result->over);
    if (samples_find(samples_of(validation, other), result->metric, &base) == NULL)
        return NAN;
    if (samples_unit_is_percent(result->unit))
        return base->value * (1.0 + result->published / 100.0);
    return case_is_quotient(result) ? base->value * result->published
                                    : base->value + result->published;
}

/* Only times and rates have layers that cost. */
static bool is_cost(const struct samples *samples, const struct metric *metric)
{
    return metric - samples->metrics < samples_count_explained(samples) &&
           !samples_unit_is_percent(metric->unit) && metric->value > 0.0;
}

static void explain_row(const struct validation *validation, struct validation_row *row)
{
    const struct validation_run *run = validation_run_of(validation, row);
    const struct samples *samples = samples_of(validation, run);
    struct suspect suspects[MAX_COUNTERFACTUALS];
    const struct metric *metric;
    int n = 0;

    if (!row->has_measured || !samples->is_explained ||
        fabs(row->scored.error) < least_explained_error)
        return;
    const double wanted = wanted_value(validation, run, row->result);
    if (!samples_find(samples, row->result->metric, &metric) || !is_cost(samples, metric) ||
        !(wanted > 0.0))
        return;
    for (int i = 0; i < samples->n_gains; i++) {
        const struct gain *gain = &samples->gains[i];
        if (gain->counterfactual != counterfactual_native)
            suspects[n++] =
                (struct suspect){.name = gain->counterfactual->name,
                                 .value_without = gain->values[metric - samples->metrics],
                                 .allowed = gain->allowed};
    }
    row->has_diagnosis = true;
    row->diagnosis = diagnose(metric, wanted, n, suspects);
}

static int fill_row(struct validation *validation, int run, const struct case_result *result,
                    char *error, size_t error_size)
{
    struct prediction prediction = {0};
    const int status = predict_row(validation, &validation->runs[run], result, &prediction);
    if (status == 0) {
        struct validation_row *row = &validation->rows[validation->n_rows];
        *row =
            (struct validation_row){.run = run,
                                    .result = result,
                                    .predicted = summarize((size_t)prediction.n, prediction.draws),
                                    .central = prediction.central,
                                    .digits = prediction.digits};
        row->scored.group = group_of(validation, validation->n_rows++);
        score_row(row, result);
        explain_row(validation, row);
    } else {
        char reason[200];
        snprintf(reason, sizeof reason, "%s %s%s: %s", result->metric,
                 result->over[0] ? "over " : "", result->over,
                 status == -EDOM ? "there is no such value, or one of 0 to divide by"
                                 : strerror(-status));
        name_run(&validation->runs[run], reason, error, error_size);
    }
    free(prediction.draws);
    return status;
}

static int fill_rows(struct validation *validation, char *error, size_t error_size)
{
    size_t n = 0;
    int status = 0;
    for (int i = 0; i < validation->n_runs; i++)
        n += (size_t)validation->runs[i].run->results.n;
    validation->rows = calloc(n + 1, sizeof *validation->rows);
    if (validation->rows == NULL)
        return -ENOMEM;
    for (int i = 0; i < validation->n_runs && status == 0; i++) {
        const struct validation_run *run = &validation->runs[i];
        for (int r = 0; run->is_asked && status == 0 && r < run->run->results.n; r++)
            status = fill_row(validation, i, case_result_at(run->run, r), error, error_size);
    }
    return status;
}

/* Summarizes the rows of `paper`; NULL: all. `room` has space for all rows. */
static int summarize_paper(const struct validation *validation, const char *paper,
                           struct scored room[], struct score_summary *summary)
{
    int n = 0;
    for (int i = 0; i < validation->n_rows; i++) {
        const struct validation_row *row = &validation->rows[i];
        const bool is_of_paper =
            !paper || strcmp(validation_run_of(validation, row)->document->paper, paper) == 0;
        if (row->has_measured && is_of_paper)
            room[n++] = row->scored;
    }
    return score_summarize(n, room, summary);
}

static int add_paper(struct validation *validation, const char *paper, struct scored room[])
{
    for (int i = 0; i < validation->n_papers; i++)
        if (strcmp(validation->papers[i].paper, paper) == 0)
            return 0;
    struct paper_summary *added = &validation->papers[validation->n_papers++];
    added->paper = paper;
    return summarize_paper(validation, paper, room, &added->score);
}

static int summarize_all(struct validation *validation)
{
    const size_t n = (size_t)validation->n_rows;
    struct scored *room = calloc(n + 1, sizeof *room);
    validation->papers = calloc(n + 1, sizeof *validation->papers);
    int status = room && validation->papers ? 0 : -ENOMEM;
    if (status == 0)
        status = summarize_paper(validation, NULL, room, &validation->all);
    for (int i = 0; i < validation->n_rows && status == 0; i++)
        if (validation->rows[i].has_measured)
            status = add_paper(validation,
                               validation_run_of(validation, &validation->rows[i])->document->paper,
                               room);
    free(room);
    return status;
}

int validation_run(struct validation *validation, const struct validation_options *options,
                   char *error, size_t error_size)
{
    snprintf(error, error_size, "%s", strerror(ENOMEM));
    find_needed(validation);
    find_same(validation);
    int status = simulate_all(validation, options, error, error_size);
    if (status == 0)
        status = fill_rows(validation, error, error_size);
    if (status == 0)
        status = model_error_widen(validation);
    return status == 0 ? summarize_all(validation) : status;
}

bool validation_has_models(const struct validation *validation)
{
    bool has_any = false;
    for (int i = 0; i < validation->n_rows; i++)
        has_any = has_any || validation->rows[i].scored.has_model_interval;
    return has_any;
}

int validation_count_failures(const struct validation *validation)
{
    int n = 0;
    for (int i = 0; i < validation->n_rows; i++)
        n += !validation->rows[i].is_within_tolerance;
    return n;
}
