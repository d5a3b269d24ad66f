/* A hand-made result in every format: what programs read back and what people see. */
#include "sim/result/result_csv.h"
#include "sim/result/result_json.h"
#include "sim/result/result_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

static struct metric_summary summary_of(const char *name, const char *unit, bool more_is_better,
                                        double central, double p10, double p50, double p90)
{
    struct metric_summary summary = {
        .metric = {.unit = unit, .value = central, .more_is_better = more_is_better, .digits = 3},
        .draws = {.n = 20, .mean = 0.5 * (p10 + p90), .p10 = p10, .p50 = p50, .p90 = p90}};
    snprintf(summary.metric.name, sizeof summary.metric.name, "%s", name);
    return summary;
}

/* The run of ACMSE09 with two 1-vCPU KVM guests a node, roughly; layers sum to the time. */
static struct result sample_result(void)
{
    struct result result = {
        .title = "HPL on 16 nodes, \"KVM\"",
        .workload = "hpl",
        .n_metrics = 2,
        .n_draws = 20,
        .has_native = true,
        .native = {.counterfactual = counterfactual_native, .values = {169.8, 790.4}},
        .provenance = {.scenario_hash = "0123456789abcdef",
                       .node = "dell-pe860",
                       .link = "gigabit-ethernet",
                       .mpi = "mpich2-1.0.5",
                       .technology = "kvm-77-e1000",
                       .engine = "simgrid",
                       .seed = 7,
                       .replications = 20,
                       .wall_s = 2.385}};
    result.metrics[0] = summary_of("hpl_gflops", "GFLOPS", true, 81.43, 70.28, 81.12, 92.61);
    result.metrics[1] = summary_of("time_s", "s", false, 1648.3, 1449.2, 1654.6, 1909.8);
    result.central.elapsed_s = 1648.3;
    result.central.layer_s[LAYER_COMPUTE] = 579.4;
    result.central.layer_s[LAYER_CPU_OVERHEAD] = 94.6;
    result.central.layer_s[LAYER_BACKEND] = 701.2;
    result.central.layer_s[LAYER_WAIT] = 273.1;
    result.central.host_cpu_s[CPU_GUEST] = 21000.0;
    result.central.host_cpu_s[CPU_BACKEND] = 9000.0;
    result.central.host_cpu_s[CPU_IDLE] = 22745.6;
    result.central.n_messages = 90625;
    result.central.message_B = 123456789012;
    result.central.largest_message_B = 8.037e6;
    result.provenance.scenario = json_pack("{s:s}", "schema", "vhpcsim-scenario/1");
    result.provenance.scenario_path = strdup("kvm.yaml");
    result.provenance.command_line = strdup("vhpcsim run kvm.yaml");
    result.provenance.host = strdup("front\xff");
    warnings_add(&result.warnings, WARNING_DOUBTFUL, "cluster.link.latency", "measure it",
                 "measured with messages of %d B", 17);
    return result;
}

static json_t *at(json_t *json, const char *first, const char *second)
{
    json_t *found = json_object_get(json, first);
    return second ? json_object_get(found, second) : found;
}

static void the_json_text_reads_back_as_what_went_in(void **state)
{
    (void)state;
    struct result result = sample_result();
    json_t *document = result_json(&result, false);
    char *text = result_json_text(document);
    json_t *read = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(read);
    assert_string_equal(json_string_value(at(read, "schema", NULL)), "vhpcsim-result/1");
    json_t *gflops = at(read, "metrics", "hpl_gflops");
    gsl_test_rel(json_real_value(json_object_get(gflops, "p10")), 70.28, 1e-9, "p10");
    gsl_test_rel(json_real_value(json_object_get(gflops, "p90")), 92.61, 1e-9, "p90");
    gsl_test_rel(json_real_value(json_object_get(gflops, "central")), 81.43, 1e-9, "central");
    assert_int_equal(json_integer_value(json_object_get(gflops, "n")), 20);
    assert_string_equal(json_string_value(json_object_get(gflops, "unit")), "GFLOPS");
    gsl_test_rel(json_real_value(at(read, "layers", "backend")), 701.2, 1e-9, "backend");
    gsl_test_rel(json_real_value(at(read, "host_cpu", "idle")), 22745.6, 1e-9, "idle");
    assert_int_equal(json_integer_value(at(read, "traffic", "bytes")), 123456789012);
    /* 169.8 / 81.43 */
    gsl_test_rel(json_real_value(at(read, "native", "gain")), 2.085226575, 1e-9, "gain");
    json_t *warning = json_array_get(at(read, "warnings", NULL), 0);
    assert_string_equal(json_string_value(json_object_get(warning, "place")),
                        "cluster.link.latency");
    assert_int_equal(text[strlen(text) - 1], '\n');
    assert_int_equal(gsl_test_summary(), 0);
    json_decref(read);
    json_decref(document);
    free(text);
    result_release(&result);
}

static void a_reproducible_document_hides_command_host_and_wall_time(void **state)
{
    (void)state;
    static const char *const differing[] = {"command_line", "host", "wall_s", "scenario_path"};
    struct result result = sample_result();
    json_t *full = result_json(&result, false), *same = result_json(&result, true);

    for (size_t i = 0; i < sizeof differing / sizeof differing[0]; i++) {
        assert_non_null(at(full, "provenance", differing[i]));
        assert_null(at(same, "provenance", differing[i]));
        json_object_del(at(full, "provenance", NULL), differing[i]);
    }
    assert_true(json_equal(full, same));
    json_decref(full);
    json_decref(same);
    result_release(&result);
}

static void a_name_that_is_no_utf8_still_gives_json(void **state)
{
    (void)state;
    struct result result = sample_result();
    json_t *document = result_json(&result, false);
    assert_string_equal(json_string_value(at(document, "provenance", "host")), "front?");
    json_decref(document);
    result_release(&result);
}

/* Prints with `print` into memory; the caller frees. */
static char *csv_text(const struct result *result)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    result_csv_print(result, out);
    fclose(out);
    return text;
}

static char *table_text(const struct result *result)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(result_table_print(result, false, out), 0);
    fclose(out);
    return text;
}

static void csv_has_a_header_and_a_row_for_each_metric(void **state)
{
    (void)state;
    struct result result = sample_result();
    char *text = csv_text(&result);
    assert_string_equal(text, "metric,unit,p10,p50,p90,mean,central,n\r\n"
                              "hpl_gflops,GFLOPS,70.28,81.12,92.61,81.445,81.43,20\r\n"
                              "time_s,s,1449.2,1654.6,1909.8,1679.5,1648.3,20\r\n");
    free(text);
    result_release(&result);
}

static void csv_quotes_what_would_break_a_row(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field;
    } cases[] = {{"GFLOPS", "GFLOPS"},
                 {"", ""},
                 {"a,b", "\"a,b\""},
                 {"1\" disk", "\"1\"\" disk\""},
                 {"two\nlines", "\"two\nlines\""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        csv_field_print(cases[i].text, out);
        fclose(out);
        assert_string_equal(text, cases[i].field);
        free(text);
    }
}

static void the_answer_is_one_sentence_with_interval_native_share_and_largest_cost(void **state)
{
    (void)state;
    struct result result = sample_result();
    char *answer = result_answer(&result);
    /* 81.43 / 169.8 = 0.4796; 701.2 / 1648.3 = 0.4254 */
    assert_string_equal(answer,
                        "HPL reaches 81.1 GFLOPS (P10 70.3, P90 92.6), 48 % of native "
                        "speed; beyond computing and waiting, most time goes to backend (43 %).");
    free(answer);
    result_release(&result);
}

static void the_answer_says_only_what_is_known(void **state)
{
    (void)state;
    struct result result = sample_result();
    result.has_native = false;
    result.n_draws = 0;
    memset(result.central.layer_s, 0, sizeof result.central.layer_s);
    char *answer = result_answer(&result);
    assert_string_equal(answer, "HPL reaches 81.1 GFLOPS.");
    free(answer);
    result_release(&result);
}

static void the_table_fits_eighty_columns_and_leaves_out_layers_without_time(void **state)
{
    (void)state;
    struct result result = sample_result();
    warnings_add(&result.warnings, WARNING_NOTE, "run.replications",
                 "a hint that is long enough to be broken into several lines of its own, because "
                 "it goes on and on",
                 "a message that is long enough to be broken too, because it also goes on and on "
                 "and on");
    char *text = table_text(&result);

    assert_non_null(strstr(text, "backend"));
    assert_null(strstr(text, "disk"));
    assert_non_null(strstr(text, "42.5 %")); /* 701.2 of 1648.3 s */
    assert_null(strchr(text, '\033'));
    for (char *rest = text, *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        const size_t length = strlen(line);
        assert_true(length <= 80);
        assert_true(length == 0 || line[length - 1] != ' ');
    }
    free(text);
    result_release(&result);
}

static void a_gain_above_one_is_better_whichever_way_the_metric_goes(void **state)
{
    (void)state;
    const struct metric rate = {.more_is_better = true}, time = {.more_is_better = false};
    gsl_test_rel(metric_gain(&rate, 81.4, 169.8), 169.8 / 81.4, 1e-14, "rate");
    gsl_test_rel(metric_gain(&time, 1648.0, 790.0), 1648.0 / 790.0, 1e-14, "time");
    assert_int_equal(gsl_test_summary(), 0);
}

static void a_warning_is_kept_once(void **state)
{
    (void)state;
    struct warnings warnings = {0};
    for (int i = 0; i < 3; i++)
        warnings_add(&warnings, WARNING_DOUBTFUL, "a.b", NULL, "too %s", "large");
    warnings_add(&warnings, WARNING_DOUBTFUL, "a.c", NULL, "too large");
    warnings_add(&warnings, WARNING_NOTE, NULL, "hint", "by the way");
    assert_int_equal(warnings.n, 3);
    assert_int_equal(warnings_count(&warnings, WARNING_DOUBTFUL), 2);
    assert_string_equal(warnings.items[2].place, "");
    assert_false(warnings.out_of_memory);
    warnings_release(&warnings);
    assert_int_equal(warnings.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_json_text_reads_back_as_what_went_in),
        cmocka_unit_test(a_reproducible_document_hides_command_host_and_wall_time),
        cmocka_unit_test(a_name_that_is_no_utf8_still_gives_json),
        cmocka_unit_test(csv_has_a_header_and_a_row_for_each_metric),
        cmocka_unit_test(csv_quotes_what_would_break_a_row),
        cmocka_unit_test(the_answer_is_one_sentence_with_interval_native_share_and_largest_cost),
        cmocka_unit_test(the_answer_says_only_what_is_known),
        cmocka_unit_test(the_table_fits_eighty_columns_and_leaves_out_layers_without_time),
        cmocka_unit_test(a_gain_above_one_is_better_whichever_way_the_metric_goes),
        cmocka_unit_test(a_warning_is_kept_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
