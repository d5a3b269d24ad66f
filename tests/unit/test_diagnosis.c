/* Which layer would have to change for a prediction to meet what was measured. */
#include "sim/validation/diagnosis.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

static struct metric time_metric(double value)
{
    return (struct metric){.name = "time_s", .unit = "s", .value = value, .digits = 3};
}

static struct metric rate_metric(double value)
{
    return (struct metric){.name = "hpl_gflops",
                           .unit = "GFLOPS",
                           .value = value,
                           .more_is_better = true,
                           .digits = 4};
}

static void expect_text(char *text, const char *expected)
{
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

/* 10 s, of which backend costs 4 and wire 2; 11.2 s were measured: 1.2 s are missing. */
static const struct suspect backend = {"backend", 6.0, {0.6, 2.1}};
static const struct suspect wire = {"wire", 8.0, {0.9, 1.2}};

static void the_missing_time_is_sought_in_each_layer(void **state)
{
    (void)state;
    const struct metric metric = time_metric(10.0);
    const struct suspect suspects[] = {wire, backend};
    const struct diagnosis diagnosis = diagnose(&metric, 11.2, 2, suspects);

    gsl_test_rel(diagnosis.slowdown, 1.12, 1e-12, "11.2 / 10");
    assert_int_equal(diagnosis.n, 2);
    assert_string_equal(diagnosis.explanations[0].name, "backend");
    gsl_test_rel(diagnosis.explanations[0].scale, 1.3, 1e-12, "(4 + 1.2) / 4");
    assert_true(diagnosis.explanations[0].is_allowed);
    assert_string_equal(diagnosis.explanations[1].name, "wire");
    gsl_test_rel(diagnosis.explanations[1].scale, 1.6, 1e-12, "(2 + 1.2) / 2");
    assert_false(diagnosis.explanations[1].is_allowed);
    assert_int_equal(gsl_test_summary(), 0);
    expect_text(
        explanation_text(&diagnosis.explanations[0]),
        "backend would have to cost 1.30 times as much (its parameters allow 0.60 to 2.10)");
    expect_text(explanation_text(&diagnosis.explanations[1]),
                "wire would have to cost 1.60 times as much (its parameters allow only 0.90 to "
                "1.20)");
    expect_text(diagnosis_text(&diagnosis),
                "measured 1.12 times as slow as predicted: backend would have to cost 1.30 times "
                "as much (its parameters allow 0.60 to 2.10)");
}

static void a_rate_counts_as_the_time_that_it_takes(void **state)
{
    (void)state;
    /* The same with 100 units of work: 10 s, 6 s and 11.2 s become rates. */
    const struct metric metric = rate_metric(100.0 / 10.0);
    const struct suspect suspect = {"backend", 100.0 / 6.0, {0.6, 2.1}};
    const struct diagnosis diagnosis = diagnose(&metric, 100.0 / 11.2, 1, &suspect);

    gsl_test_rel(diagnosis.slowdown, 1.12, 1e-12, "slowdown");
    gsl_test_rel(diagnosis.explanations[0].scale, 1.3, 1e-12, "scale");
    assert_int_equal(gsl_test_summary(), 0);
}

static void what_is_allowed_comes_before_what_changes_less(void **state)
{
    (void)state;
    const struct metric metric = time_metric(10.0);
    const struct suspect exact_cpu = {"cpu", 1.0, {1.0, 1.0}};
    const struct suspect suspects[] = {exact_cpu, backend};
    const struct diagnosis diagnosis = diagnose(&metric, 11.2, 2, suspects);

    assert_string_equal(diagnosis.explanations[0].name, "backend");
    gsl_test_rel(diagnosis.explanations[1].scale, 10.2 / 9.0, 1e-12, "cpu");
    assert_int_equal(gsl_test_summary(), 0);
    expect_text(explanation_text(&diagnosis.explanations[1]),
                "cpu would have to cost 1.13 times as much (its parameters have no interval)");
}

static void a_layer_that_costs_nothing_or_too_little_explains_nothing(void **state)
{
    (void)state;
    const struct metric metric = time_metric(10.0);
    const struct suspect idle = {"idle", 10.0, {0.1, 9.0}}, helps = {"helps", 10.5, {0.1, 9.0}};
    const struct suspect suspects[] = {idle, helps, wire};

    /* 7.5 s were measured: even without its 2 s of wire it takes 8. */
    const struct diagnosis diagnosis = diagnose(&metric, 7.5, 3, suspects);
    assert_int_equal(diagnosis.n, 0);
    assert_false(diagnosis_is_within_intervals(&diagnosis));
    expect_text(diagnosis_text(&diagnosis),
                "measured 1.33 times as fast as predicted: no layer of the model explains it");

    /* At 8 s the wire would be free, which is said and stands last. */
    const struct suspect with_backend[] = {wire, backend};
    const struct diagnosis free_wire = diagnose(&metric, 8.0, 2, with_backend);
    assert_int_equal(free_wire.n, 2);
    assert_string_equal(free_wire.explanations[1].name, "wire");
    expect_text(explanation_text(&free_wire.explanations[1]),
                "wire would have to cost nothing (its parameters allow only 0.90 to 1.20)");
}

static void an_interval_without_an_end_is_told_by_its_beginning(void **state)
{
    (void)state;
    const struct metric metric = time_metric(10.0);
    const struct suspect open = {"open", 6.0, {0.6, INFINITY}};
    const struct diagnosis diagnosis = diagnose(&metric, 11.2, 1, &open);

    expect_text(explanation_text(&diagnosis.explanations[0]),
                "open would have to cost 1.30 times as much (its parameters allow 0.60 and more)");
}

static void a_gap_that_no_interval_covers_is_told_so(void **state)
{
    (void)state;
    const struct metric metric = time_metric(10.0);
    const struct diagnosis diagnosis = diagnose(&metric, 20.0, 1, &backend);

    assert_false(diagnosis_is_within_intervals(&diagnosis));
    expect_text(diagnosis_text(&diagnosis),
                "measured 2.00 times as slow as predicted: no layer explains it within its "
                "parameters' intervals; backend would have to cost 3.50 times as much (its "
                "parameters allow only 0.60 to 2.10)");
}

static void nothing_is_to_be_explained_where_the_prediction_is_right(void **state)
{
    (void)state;
    const struct metric metric = rate_metric(81.4);
    const struct suspect suspects[] = {{"backend", 169.8, {0.6, 2.1}}, {"cpu", 85.2, {1.0, 1.0}}};
    const struct diagnosis diagnosis = diagnose(&metric, 81.4, 2, suspects);

    for (int i = 0; i < diagnosis.n; i++)
        gsl_test_rel(diagnosis.explanations[i].scale, 1.0, 1e-12, "no change");
    assert_int_equal(gsl_test_summary(), 0);
    expect_text(diagnosis_text(&diagnosis), "measured as predicted");
}

/* Layers that do not hide behind each other: time is the sum of their costs. */
enum { N_LAYERS_OF_SUM = 5 };
static const double cost_s[N_LAYERS_OF_SUM] = {2.385, 0.71, 11.3, 0.043, 5.19};
static const char *const sum_names[N_LAYERS_OF_SUM] = {"a", "b", "c", "d", "e"};

static const struct explanation *explanation_by(const struct diagnosis *diagnosis, const char *name)
{
    for (int i = 0; i < diagnosis->n; i++)
        if (diagnosis->explanations[i].name == name)
            return &diagnosis->explanations[i];
    return NULL;
}

static void a_gap_made_by_one_layer_is_found_in_it_with_the_scale_that_made_it(void **state)
{
    (void)state;
    double total_s = 0.0;
    for (int i = 0; i < N_LAYERS_OF_SUM; i++)
        total_s += cost_s[i];
    const struct metric metric = time_metric(total_s);

    for (int changed = 0; changed < N_LAYERS_OF_SUM; changed++)
        for (double scale = 0.07; scale < 30.0; scale *= 1.9) {
            struct suspect suspects[N_LAYERS_OF_SUM];
            for (int i = 0; i < N_LAYERS_OF_SUM; i++)
                suspects[i] = (struct suspect){sum_names[i], total_s - cost_s[i],
                                               i == changed ? (struct cost_range){0.05, 30.0}
                                                            : (struct cost_range){1.0, 1.0}};
            const double measured_s = total_s + (scale - 1.0) * cost_s[changed];
            const struct diagnosis diagnosis =
                diagnose(&metric, measured_s, N_LAYERS_OF_SUM, suspects);
            /* Of all, its parameters alone allow it, so it is first. */
            assert_ptr_equal(diagnosis.explanations[0].name, sum_names[changed]);
            gsl_test_rel(diagnosis.explanations[0].scale, scale, 1e-9, "what made it");
        }
    assert_int_equal(gsl_test_summary(), 0);
}

static void among_equally_uncertain_layers_the_largest_changes_least_and_is_first(void **state)
{
    (void)state;
    struct suspect suspects[N_LAYERS_OF_SUM];
    double total_s = 0.0;
    for (int i = 0; i < N_LAYERS_OF_SUM; i++)
        total_s += cost_s[i];
    for (int i = 0; i < N_LAYERS_OF_SUM; i++)
        suspects[i] = (struct suspect){sum_names[i], total_s - cost_s[i], {0.0, INFINITY}};
    const struct metric metric = time_metric(total_s);

    for (double missing_s = 0.1; missing_s < 100.0; missing_s *= 2.7) {
        const struct diagnosis diagnosis =
            diagnose(&metric, total_s + missing_s, N_LAYERS_OF_SUM, suspects);
        assert_int_equal(diagnosis.n, N_LAYERS_OF_SUM);
        assert_ptr_equal(diagnosis.explanations[0].name, "c"); /* 11.3 s */
        for (int i = 1; i < diagnosis.n; i++)
            assert_true(diagnosis.explanations[i - 1].scale < diagnosis.explanations[i].scale);
    }
    const struct diagnosis faster = diagnose(&metric, total_s - 0.5, N_LAYERS_OF_SUM, suspects);
    assert_null(explanation_by(&faster, "d")); /* its 0.043 s are too little */
    assert_int_equal(faster.n, N_LAYERS_OF_SUM - 1);
}

static void a_result_is_diagnosed_by_its_counterfactuals_but_for_the_native_run(void **state)
{
    (void)state;
    struct result result = {.n_metrics = 2, .n_gains = 2};
    result.metrics[0].metric = rate_metric(25.0);
    result.metrics[1].metric = time_metric(10.0);
    result.gains[0] = (struct gain){
        .counterfactual = &counterfactuals[0], .allowed = {0.6, 2.1}, .values = {50.0, 6.0}};
    result.gains[1] = (struct gain){.counterfactual = counterfactual_native, .values = {75.0, 3.0}};

    const struct diagnosis by_time = diagnose_result(&result, 1, 11.2);
    assert_int_equal(by_time.n, 1);
    assert_string_equal(by_time.explanations[0].name, counterfactuals[0].name);
    gsl_test_rel(by_time.explanations[0].scale, 1.3, 1e-12, "(11.2 - 6) / (10 - 6)");
    const struct diagnosis by_rate = diagnose_result(&result, 0, 20.0);
    gsl_test_rel(by_rate.explanations[0].scale, 1.5, 1e-12, "(1/20 - 1/50) / (1/25 - 1/50)");
    assert_int_equal(gsl_test_summary(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_missing_time_is_sought_in_each_layer),
        cmocka_unit_test(a_rate_counts_as_the_time_that_it_takes),
        cmocka_unit_test(what_is_allowed_comes_before_what_changes_less),
        cmocka_unit_test(a_layer_that_costs_nothing_or_too_little_explains_nothing),
        cmocka_unit_test(an_interval_without_an_end_is_told_by_its_beginning),
        cmocka_unit_test(a_gap_that_no_interval_covers_is_told_so),
        cmocka_unit_test(nothing_is_to_be_explained_where_the_prediction_is_right),
        cmocka_unit_test(a_gap_made_by_one_layer_is_found_in_it_with_the_scale_that_made_it),
        cmocka_unit_test(among_equally_uncertain_layers_the_largest_changes_least_and_is_first),
        cmocka_unit_test(a_result_is_diagnosed_by_its_counterfactuals_but_for_the_native_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
