/* Two hand-made results side by side. */
#include "sim/result/comparison_print.h"

#include "sim/result/result_json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

enum { N_DRAWS = 3 };

static void set_metric(struct result *result, int i, const char *name, bool more_is_better,
                       double central, const double draws[N_DRAWS])
{
    struct metric *metric = &result->metrics[i].metric;
    double sorted[N_DRAWS];

    *metric = (struct metric){
        .unit = "u", .value = central, .more_is_better = more_is_better, .digits = 4};
    snprintf(metric->name, sizeof metric->name, "%s", name);
    memcpy(&result->samples[(size_t)i * N_DRAWS], draws, sizeof sorted);
    memcpy(sorted, draws, sizeof sorted);
    result->metrics[i].draws = summarize(N_DRAWS, sorted);
}

/* 10 s of native HPL: 8 s computing, 2 s waiting. */
static struct result native_result(void)
{
    struct result result = {.title = "bare nodes",
                            .workload = "hpl",
                            .is_native = true,
                            .n_metrics = 2,
                            .n_draws = N_DRAWS,
                            .samples = calloc(2 * N_DRAWS, sizeof(double)),
                            .provenance = {.technology = "native"}};
    set_metric(&result, 0, "hpl_gflops", true, 100.0, (const double[]){80.0, 100.0, 120.0});
    set_metric(&result, 1, "time_s", false, 10.0, (const double[]){12.5, 10.0, 1000.0 / 120.0});
    result.central.elapsed_s = 10.0;
    result.central.layer_s[LAYER_COMPUTE] = 8.0;
    result.central.layer_s[LAYER_WAIT] = 2.0;
    return result;
}

/* In guests it takes 25 s: 9 s more in the backend, 1 s of steal, 5 s more waiting. In every draw
 * the guests reach 0.4 of native, but for 0.41 in the last. */
static struct result guest_result(void)
{
    struct result result = native_result();
    result.title = "guests";
    result.is_native = false;
    result.provenance.technology = "kvm-77-e1000";
    set_metric(&result, 0, "hpl_gflops", true, 40.0, (const double[]){32.0, 40.0, 49.2});
    set_metric(&result, 1, "time_s", false, 25.0, (const double[]){31.25, 25.0, 1000.0 / 49.2});
    result.central.elapsed_s = 25.0;
    result.central.layer_s[LAYER_BACKEND] = 9.0;
    result.central.layer_s[LAYER_STEAL] = 1.0;
    result.central.layer_s[LAYER_WAIT] = 7.0;
    result.n_gains = 1;
    /* Without the first thing it would take 16 s. */
    result.gains[0] = (struct gain){.counterfactual = &counterfactuals[0], .values = {62.5, 16.0}};
    return result;
}

static struct comparison compared(const struct result *first, const struct result *second)
{
    struct comparison comparison;
    assert_int_equal(comparison_init(&comparison, first, second), 0);
    return comparison;
}

static void draws_are_compared_pair_by_pair(void **state)
{
    (void)state;
    struct result first = native_result(), second = guest_result();
    const struct comparison comparison = compared(&first, &second);
    const struct metric_pair *pair = comparison_main(&comparison);

    assert_int_equal(comparison.n_pairs, 2);
    gsl_test_rel(pair->ratio, 0.4, 1e-12, "40 / 100");
    /* 0.4, 0.4, 0.41: although each side's own draws differ by half. P10 and P90 lie between. */
    gsl_test_rel(pair->ratios.p50, 0.4, 1e-12, "P50");
    gsl_test_rel(pair->ratios.p10, 0.4, 1e-12, "P10");
    gsl_test_rel(pair->ratios.p90, 0.408, 1e-12, "0.4 + 0.8 x 0.01");
    gsl_test_rel(comparison.pairs[1].ratio, 2.5, 1e-12, "25 / 10");
    gsl_test_rel(comparison_speed(&first.metrics[1].metric, 2.5), 0.4, 1e-12, "as a speed");
    assert_int_equal(gsl_test_summary(), 0);
    result_release(&first);
    result_release(&second);
}

static void what_is_lost_is_told_by_layer_and_sums_up(void **state)
{
    (void)state;
    struct result first = native_result(), second = guest_result();
    const struct comparison comparison = compared(&first, &second);
    double sum = 0.0;

    for (int i = 0; i < N_LAYERS; i++)
        sum += comparison_layer_share(&comparison, (enum layer)i);
    gsl_test_rel(comparison.lost_s, 15.0, 1e-12, "25 - 10");
    gsl_test_rel(comparison_layer_share(&comparison, LAYER_BACKEND), 0.6, 1e-12, "9 / 15");
    gsl_test_rel(comparison_layer_share(&comparison, LAYER_WAIT), 1.0 / 3.0, 1e-12, "5 / 15");
    gsl_test_rel(sum, 1.0, 1e-12, "all");
    assert_int_equal(comparison.largest_loss, LAYER_BACKEND);
    assert_int_equal(gsl_test_summary(), 0);

    char *answer = comparison_answer(&comparison);
    assert_string_equal(answer, "HPL keeps 40 % (P10 40, P90 41) of native speed; beyond computing "
                                "and waiting, the largest loss is backend (60 % of it).");
    free(answer);
    result_release(&first);
    result_release(&second);
}

static void a_counterfactual_closes_its_part_of_the_gap(void **state)
{
    (void)state;
    struct result first = native_result(), second = guest_result();
    const struct comparison comparison = compared(&first, &second);
    const struct gain nothing = {.values = {40.0, 25.0}}, all = {.values = {100.0, 10.0}};

    /* In times of 100 units of work: 2.5 now, 1.0 native, 1.6 without the layer. */
    gsl_test_rel(comparison_gap_share(&comparison, &second.gains[0]), 0.6, 1e-12, "0.9 / 1.5");
    gsl_test_abs(comparison_gap_share(&comparison, &nothing), 0.0, 1e-12, "nothing");
    gsl_test_rel(comparison_gap_share(&comparison, &all), 1.0, 1e-12, "all");
    assert_int_equal(gsl_test_summary(), 0);
    result_release(&first);
    result_release(&second);
}

static void a_second_that_is_faster_has_lost_nothing(void **state)
{
    (void)state;
    struct result first = guest_result(), second = native_result();
    const struct comparison comparison = compared(&first, &second);
    char *answer = comparison_answer(&comparison);

    assert_true(isnan(comparison_layer_share(&comparison, LAYER_BACKEND)));
    assert_true(isnan(comparison_gap_share(&comparison, &first.gains[0])));
    assert_string_equal(answer, "HPL reaches 250 % (P10 245, P90 250) of the first's speed.");
    free(answer);
    result_release(&first);
    result_release(&second);
}

static void results_without_a_common_metric_are_compared_by_their_time(void **state)
{
    (void)state;
    struct result first = native_result(), second = guest_result();
    snprintf(second.metrics[0].metric.name, sizeof second.metrics[0].metric.name, "ep_mops");
    const struct comparison comparison = compared(&first, &second);
    assert_int_equal(comparison.n_pairs, 1);
    assert_string_equal(comparison_first(&comparison, comparison_main(&comparison))->metric.name,
                        "time_s");
    result_release(&first);
    result_release(&second);
}

static void what_takes_no_time_has_no_ratio_and_stays_json(void **state)
{
    (void)state;
    struct result first = native_result(), second = guest_result();
    static const double none[N_DRAWS];
    set_metric(&first, 1, "time_s", false, 0.0, none);
    const struct comparison comparison = compared(&first, &second);
    const struct metric_pair *pair = &comparison.pairs[1];

    assert_true(!isfinite(pair->ratio));
    assert_int_equal(pair->ratios.n, 0);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    comparison_csv_print(&comparison, out);
    fclose(out);
    assert_non_null(strstr(text, "\r\ntime_s,u,0,25,,,,,0\r\n"));
    free(text);
    result_release(&first);
    result_release(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_are_compared_pair_by_pair),
        cmocka_unit_test(what_is_lost_is_told_by_layer_and_sums_up),
        cmocka_unit_test(a_counterfactual_closes_its_part_of_the_gap),
        cmocka_unit_test(a_second_that_is_faster_has_lost_nothing),
        cmocka_unit_test(results_without_a_common_metric_are_compared_by_their_time),
        cmocka_unit_test(what_takes_no_time_has_no_ratio_and_stays_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
