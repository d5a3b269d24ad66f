/* Validation documents, samples and the journal: what is read, kept and taken again. */
#include "sim/validation/validate.h"

#include "diagnosed.h"
#include "sim/config.h"
#include "sim/result/predict.h"
#include "sim/validation/journal.h"
#include "workload_cases.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

static const char cases[] =
    "schema: vhpcsim-validation/1\n"
    "paper: TEST26\n"
    "runs:\n"
    "  - name: small\n"
    "    system: bare\n"
    "    scenario: " VHPCSIM_SOURCE_DIR "/tests/cli/inputs/native.yaml\n"
    "    set: [workload.n=240, cluster.nodes=2, workload.p=2, workload.q=2]\n"
    "    results:\n"
    "      - {metric: hpl_gflops, published: 2.385, unit: GFLOPS, tolerance: 17 %}\n"
    "      - {metric: time_s, unit: s}\n"
    "  - name: smaller\n"
    "    system: bare\n"
    "    scenario: " VHPCSIM_SOURCE_DIR "/tests/cli/inputs/native.yaml\n"
    "    set: [workload.n=120, cluster.nodes=2, workload.p=2, workload.q=2]\n"
    "    results:\n"
    "      - {metric: time_s, over: small, published: 0.31, unit: ratio, role: input}\n"
    "      - {metric: time_s, over: small, published: -0.5, unit: percent, relation: at_least}\n";

static const char *const settings[] = {"run.replications=6", "run.seed=3"};
enum { N_SETTINGS = sizeof settings / sizeof settings[0] };

static struct case_document *read_cases_with(const char *text, int n_settings,
                                             const char *const given[])
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct case_document *document = NULL;
    const int error = case_document_read_text("cases.yaml", text, strlen(text), n_settings, given,
                                              diagnostics, &document);
    char *said = diagnosed(diagnostics);
    assert_string_equal(said, "");
    assert_int_equal(error, 0);
    free(said);
    diagnostics_free(diagnostics);
    return document;
}

static struct case_document *read_cases(const char *text)
{
    return read_cases_with(text, N_SETTINGS, settings);
}

static void a_document_is_read_with_its_scenarios_and_defaults(void **state)
{
    (void)state;
    struct case_document *document = read_cases(cases);
    const struct case_run *small = case_run_named(document, "small");
    const struct case_result *gflops = case_result_at(small, 0), *time = case_result_at(small, 1);

    assert_int_equal(document->runs.n, 2);
    assert_ptr_equal(small, case_run_at(document, 0));
    assert_null(case_run_named(document, "large"));
    assert_true(gflops->published == 2.385 && gflops->tolerance == 0.17);
    assert_true(gflops->uncertainty == 0.0 && gflops->relation == RELATION_EQUALS);
    assert_true(isnan(time->published) && isnan(time->tolerance));
    assert_string_equal(time->over, "");
    assert_int_equal(case_result_at(case_run_at(document, 1), 0)->role, ROLE_INPUT);
    assert_int_equal(small->scenarios[0]->cluster.n_nodes, 2);
    case_document_free(document);
}

static int run(struct validation *validation, struct journal *journal)
{
    const struct validation_options options = {.n_workers = 2, .journal = journal};
    char error[512];
    const int status = validation_run(validation, &options, error, sizeof error);
    if (status != 0)
        fprintf(stderr, "%s\n", error);
    return status;
}

static struct validation validation_of(const char *text)
{
    struct validation validation = {0};
    assert_int_equal(validation_add(&validation, read_cases(text)), 0);
    return validation;
}

/* Draw by draw: the quotients' median is not the quotient of the medians. */
static void runs_are_compared_draw_by_draw(void **state)
{
    (void)state;
    struct validation validation = validation_of(cases);
    assert_int_equal(run(&validation, NULL), 0);
    assert_int_equal(validation.n_rows, 4);

    const struct metric *metric;
    double ratios[6];
    const double *time_s = samples_find(validation.runs[1].samples, "time_s", &metric);
    const double *base_s = samples_find(validation.runs[0].samples, "time_s", &metric);
    for (int i = 0; i < 6; i++)
        ratios[i] = time_s[i] / base_s[i];
    const struct summary expected = summarize(6, ratios);
    const struct validation_row *ratio = &validation.rows[2], *percent = &validation.rows[3];
    gsl_test_rel(ratio->predicted.p50, expected.p50, 1e-12, "median of the quotients");
    gsl_test_rel(ratio->predicted.p95, expected.p95, 1e-12, "P95 of the quotients");
    gsl_test_rel(percent->predicted.p05, 100.0 * (expected.p05 - 1.0), 1e-9, "P5 in percent");
    assert_false(ratio->scored.counts);
    assert_true(validation.rows[0].scored.counts && !validation.rows[1].has_measured);
    assert_int_equal(validation.all.n, 2);
    assert_int_equal(validation.n_papers, 1);
    assert_int_equal(gsl_test_summary(), 0);
    validation_release(&validation);
}

static void a_row_is_off_when_its_error_is_beyond_the_tolerance(void **state)
{
    (void)state;
    struct validation validation = validation_of(cases);
    assert_int_equal(run(&validation, NULL), 0);
    const struct validation_row *row = &validation.rows[0];
    assert_true(row->is_within_tolerance == (fabs(row->scored.error) <= 0.17));
    assert_int_equal(validation_count_failures(&validation), !row->is_within_tolerance);
    gsl_test_rel(row->scored.error, row->predicted.p50 / 2.385 - 1.0, 1e-12, "relative");
    assert_int_equal(gsl_test_summary(), 0);
    validation_release(&validation);
}

static bool is_second(const struct case_document *document, const struct case_run *run, void *user)
{
    (void)user;
    return run == case_run_at(document, 1);
}

static void what_an_asked_run_is_compared_with_runs_but_is_not_shown(void **state)
{
    (void)state;
    struct validation validation = validation_of(cases);
    assert_int_equal(validation_ask(&validation, is_second, NULL), 1);
    assert_int_equal(run(&validation, NULL), 0);
    assert_int_equal(validation.n_rows, 2);
    assert_true(validation.runs[0].is_needed && validation.runs[0].samples != NULL);
    assert_ptr_equal(validation_run_of(&validation, &validation.rows[0]), &validation.runs[1]);
    validation_release(&validation);
}

static const char alternatives[] =
    "schema: vhpcsim-validation/1\n"
    "paper: TEST26\n"
    "runs:\n"
    "  - name: open\n"
    "    system: bare\n"
    "    scenario: " VHPCSIM_SOURCE_DIR "/tests/cli/inputs/native.yaml\n"
    "    set: [cluster.nodes=2, workload.p=2, workload.q=2]\n"
    "    either: [[workload.n=120], [workload.n=240], [workload.n=360]]\n"
    "    results:\n"
    "      - {metric: time_s, unit: s}\n"
    "  - name: open-too\n"
    "    system: bare\n"
    "    scenario: " VHPCSIM_SOURCE_DIR "/tests/cli/inputs/native.yaml\n"
    "    set: [cluster.nodes=4, workload.p=2, workload.q=2]\n"
    "    either: [[workload.n=120], [workload.n=240], [workload.n=360]]\n"
    "    results:\n"
    "      - {metric: time_s, over: open, unit: ratio}\n"
    "  - name: known\n"
    "    system: bare\n"
    "    scenario: " VHPCSIM_SOURCE_DIR "/tests/cli/inputs/native.yaml\n"
    "    set: [cluster.nodes=2, workload.p=2, workload.q=2, workload.n=240]\n"
    "    results:\n"
    "      - {metric: time_s, over: open, unit: ratio}\n";

static const double *times_of(const struct validation *validation, int run)
{
    const struct metric *metric;
    return samples_find(validation->runs[run].samples, "time_s", &metric);
}

/* Draw n is of alternative n % 3, and the same as that of a run that has this alternative alone:
 * "known" is the second one. Small matrices are done sooner. */
static void draws_are_dealt_over_alternatives_in_turn(void **state)
{
    (void)state;
    struct validation validation = validation_of(alternatives);
    assert_int_equal(run(&validation, NULL), 0);
    const double *open = times_of(&validation, 0), *known = times_of(&validation, 2);

    assert_int_equal(validation.runs[0].samples->n_draws, 6);
    assert_int_equal(validation.rows[0].predicted.n, 6);
    assert_true(open[1] == known[1] && open[4] == known[4]);
    assert_true(open[0] < open[1] && open[1] < open[2]);
    assert_true(open[3] < open[4] && open[4] < open[5]);
    validation_release(&validation);
}

/* The same matrices take the same time on the first two of four nodes, whichever of the three it
 * is; "known" is as slow as the second alternative, slower than the first, faster than the last. */
static void runs_are_compared_alternative_by_alternative(void **state)
{
    (void)state;
    struct validation validation = validation_of(alternatives);
    assert_int_equal(run(&validation, NULL), 0);
    const struct summary *same = &validation.rows[1].predicted,
                         *one = &validation.rows[2].predicted;

    assert_true(same->p05 == 1.0 && same->p95 == 1.0);
    gsl_test_rel(one->p50, 1.0, 1e-12, "the second alternative lies in the middle");
    assert_true(one->p05 < 0.9 && one->p95 > 1.1);
    assert_int_equal(gsl_test_summary(), 0);
    validation_release(&validation);
}

static void every_alternative_has_two_draws_however_few_were_asked(void **state)
{
    (void)state;
    static const char *const one_draw = "run.replications=1";
    struct validation validation = {0};
    struct case_document *document = read_cases_with(alternatives, 1, &one_draw);
    assert_int_equal(validation_add(&validation, document), 0);
    assert_int_equal(run(&validation, NULL), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(validation.runs[i].samples->n_draws, 6);
    validation_release(&validation);
}

/* The file of the journal, empty. */
static char *new_file(void)
{
    char *path = strdup("/tmp/test_validation.XXXXXX");
    const int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    return path;
}

static void a_journal_gives_back_every_bit_of_what_it_took(void **state)
{
    (void)state;
    char *path = new_file();
    struct journal *journal;
    struct validation first = validation_of(cases), second = validation_of(cases);

    assert_int_equal(journal_open(path, &journal), 0);
    assert_int_equal(run(&first, journal), 0);
    assert_false(first.runs[0].is_from_journal);
    journal_close(journal);
    assert_int_equal(journal_open(path, &journal), 0);
    assert_int_equal(run(&second, journal), 0);
    journal_close(journal);
    for (int i = 0; i < 2; i++) {
        const struct samples *a = first.runs[i].samples, *b = second.runs[i].samples;
        assert_true(second.runs[i].is_from_journal);
        assert_int_equal(a->n_metrics, b->n_metrics);
        assert_memory_equal(a->values, b->values,
                            (size_t)(a->n_metrics * a->n_draws) * sizeof *a->values);
        for (int m = 0; m < a->n_metrics; m++)
            assert_true(a->metrics[m].value == b->metrics[m].value &&
                        a->metrics[m].digits == b->metrics[m].digits);
    }
    validation_release(&first);
    validation_release(&second);
    unlink(path);
    free(path);
}

static void append(const char *path, const char *text)
{
    FILE *out = fopen(path, "a");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static void a_journal_skips_what_is_broken_and_what_others_wrote(void **state)
{
    (void)state;
    char *path = new_file();
    struct journal *journal;
    struct validation validation = validation_of(cases);
    int n_of_others, n_broken;

    append(path, "{\"schema\": \"vhpcsim-journal/1\", \"program\": \"0\", \"scenario\": \"0\"}\n"
                 "[1, 2]\nno JSON\n\n{\"schema\": \"vhpcsim-jour");
    assert_int_equal(journal_open(path, &journal), 0);
    journal_count_skipped(journal, &n_of_others, &n_broken);
    assert_int_equal(n_of_others, 1);
    assert_int_equal(n_broken, 4);
    assert_null(journal_find(journal, validation.runs[0].run, false));
    assert_int_equal(run(&validation, journal), 0);
    journal_close(journal);

    /* What was appended begins on a line of its own, and has no counterfactuals. */
    assert_int_equal(journal_open(path, &journal), 0);
    struct samples *found = journal_find(journal, validation.runs[0].run, false);
    assert_non_null(found);
    samples_free(found);
    assert_null(journal_find(journal, validation.runs[0].run, true));
    journal_close(journal);
    assert_true(journal_open("/nowhere/journal", &journal) == -ENOENT);
    validation_release(&validation);
    unlink(path);
    free(path);
}

/* As of a run without draws, but what should be one warning is `warning`. */
static struct samples *samples_with_warning(const struct scenario *scenario, const char *warning)
{
    static const char format[] =
        "{\"metrics\": [{\"name\": \"hpl_gflops\", \"central\": 2.385, \"draws\": [2.385]},"
        "{\"name\": \"time_s\", \"central\": 0.31, \"draws\": [0.31]},"
        "{\"name\": \"host_cpu_guest\", \"central\": 91.7, \"draws\": [91.7]},"
        "{\"name\": \"host_cpu_hypervisor\", \"central\": 2.2, \"draws\": [2.2]},"
        "{\"name\": \"host_cpu_backend\", \"central\": 6.1, \"draws\": [6.1]}],"
        "\"warnings\": [%s]}";
    char *text = NULL;
    assert_true(asprintf(&text, format, warning) > 0);
    json_t *json = json_loads(text, 0, NULL);
    assert_non_null(json);
    struct samples *samples = samples_of_json(scenario, json);
    json_decref(json);
    free(text);
    return samples;
}

static void samples_whose_warnings_are_no_texts_are_none(void **state)
{
    (void)state;
    struct case_document *document = read_cases(cases);
    const struct scenario *scenario = case_run_at(document, 0)->scenarios[0];
    struct samples *samples = samples_with_warning(scenario, "\"ranks: too many\"");

    assert_non_null(samples);
    assert_int_equal(samples->n_metrics, 5);
    samples_free(samples);
    assert_null(samples_with_warning(scenario, "17"));
    assert_null(samples_with_warning(scenario, "\"ranks: too many\", {\"a\": 1}"));
    case_document_free(document);
}

/* A document is checked against these names before anything runs. */
static void the_metrics_of_every_workload_are_known_before_it_runs(void **state)
{
    (void)state;
    static struct metric known[MAX_RESULT_METRICS];
    const struct predict_options options = {.n_workers = 2, .skips_native = true};
    char error[512];
    for (const struct workload_case *c = workload_cases; c->kind; c++) {
        struct scenario *scenario = workload_case_read(c);
        struct result result = {0};
        scenario->run.replications = 1;
        const int n = predict_metrics(scenario, known);
        assert_int_equal(predict(scenario, &options, &result, error, sizeof error), 0);
        for (int i = 0; i < result.n_metrics; i++) {
            const struct metric *metric = &result.metrics[i].metric;
            const struct metric *same = metric_find(n, known, metric->name);
            if (!same || strcmp(same->unit, metric->unit) != 0)
                fail_msg("%s: %s was not known", c->kind, metric->name);
        }
        result_release(&result);
        scenario_free(scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_read_with_its_scenarios_and_defaults),
        cmocka_unit_test(runs_are_compared_draw_by_draw),
        cmocka_unit_test(a_row_is_off_when_its_error_is_beyond_the_tolerance),
        cmocka_unit_test(draws_are_dealt_over_alternatives_in_turn),
        cmocka_unit_test(runs_are_compared_alternative_by_alternative),
        cmocka_unit_test(every_alternative_has_two_draws_however_few_were_asked),
        cmocka_unit_test(what_an_asked_run_is_compared_with_runs_but_is_not_shown),
        cmocka_unit_test(a_journal_gives_back_every_bit_of_what_it_took),
        cmocka_unit_test(a_journal_skips_what_is_broken_and_what_others_wrote),
        cmocka_unit_test(samples_whose_warnings_are_no_texts_are_none),
        cmocka_unit_test(the_metrics_of_every_workload_are_known_before_it_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
