/* Intervals with the model's own error, against values worked by hand. */
#include "sim/validation/model_error.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* ln(81.4 / 40.7) = ln 2 either way; 150 to 170 in print is 160 +- 10, and 85 is half of 170. */
static void half_and_twice_are_equally_wrong(void **state)
{
    (void)state;
    const struct measured gflops = {.value = 81.4}, range = {.value = 160.0, .uncertainty = 10.0};
    gsl_test_rel(model_interval_error(&gflops, 40.7), M_LN2, 1e-12, "half");
    gsl_test_rel(model_interval_error(&gflops, 162.8), M_LN2, 1e-12, "twice");
    gsl_test_rel(model_interval_error(&range, 340.0), M_LN2, 1e-12, "above the range");
    gsl_test_rel(model_interval_error(&range, 75.0), M_LN2, 1e-12, "below it");
    assert_true(model_interval_error(&range, 151.3) == 0.0);
    assert_true(isinf(model_interval_error(&gflops, 0.0)));
    assert_int_equal(gsl_test_summary(), 0);
}

static void percents_are_wrong_by_points(void **state)
{
    (void)state;
    const struct measured none = {.value = 0.0, .is_percent = true};
    const struct measured less = {.value = -11.0, .uncertainty = 0.5, .is_percent = true};
    gsl_test_rel(model_interval_error(&none, 3.2), 3.2, 1e-12, "no slowdown");
    gsl_test_rel(model_interval_error(&less, -14.0), 2.5, 1e-12, "beyond the range");
    assert_int_equal(gsl_test_summary(), 0);
}

/* Of 9 errors number ceil(9.0) = 9, of 10 number ceil(9.9) = 10, of 19 number ceil(18.0) = 18, of
 * 20 number ceil(18.9) = 19. The k-th smallest here is 0.37 k. */
static void the_bound_is_kept_by_nine_of_ten_and_one_more(void **state)
{
    (void)state;
    static const struct {
        int n, number;
    } expected[] = {{9, 9}, {10, 10}, {19, 18}, {20, 19}, {99, 90}};
    double errors[99];
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        for (int k = 0; k < expected[i].n; k++)
            errors[k] = 0.37 * (expected[i].n - k);
        gsl_test_rel(model_interval_bound(expected[i].n, errors), 0.37 * expected[i].number, 1e-12,
                     "%d errors", expected[i].n);
    }
    assert_true(isnan(model_interval_bound(8, errors)));
    assert_int_equal(gsl_test_summary(), 0);
}

/* Twice and half of 20 are 40 and 10; the draws reach from 8 to 23. */
static void an_interval_is_widened_where_the_draws_do_not_reach(void **state)
{
    (void)state;
    const struct summary draws = {.p05 = 8.0, .p50 = 20.0, .p95 = 23.0};
    const struct model_interval quantity = model_interval_of(&draws, false, M_LN2);
    const struct model_interval percent = model_interval_of(&draws, true, 2.5);
    gsl_test_rel(quantity.lo, 8.0, 1e-12, "the draws' own end");
    gsl_test_rel(quantity.hi, 40.0, 1e-12, "twice the median");
    gsl_test_rel(percent.lo, 8.0, 1e-12, "the draws' own end, in percent");
    gsl_test_rel(percent.hi, 23.0, 1e-12, "22.5 is within the draws");
    assert_true(isnan(model_interval_of(&draws, false, NAN).lo));
    assert_true(isinf(model_interval_of(&draws, false, INFINITY).hi));
    assert_int_equal(gsl_test_summary(), 0);
}

static void a_larger_bound_never_makes_an_interval_smaller(void **state)
{
    (void)state;
    const struct summary draws = {.p05 = 71.3, .p50 = 81.4, .p95 = 99.2};
    for (int is_percent = 0; is_percent <= 1; is_percent++) {
        struct model_interval last = model_interval_of(&draws, is_percent, 0.0);
        assert_true(last.lo == draws.p05 && last.hi == draws.p95);
        for (double bound = 0.013; bound < 40.0; bound *= 1.7) {
            const struct model_interval wider = model_interval_of(&draws, is_percent, bound);
            assert_true(wider.lo <= last.lo && wider.hi >= last.hi);
            last = wider;
        }
    }
}

enum { N_OF_A = 9, N_ROWS = N_OF_A + 3 };

/* Nine values of paper A, predicted 1.3 times too high at most; of B one value, one in percent and
 * an input. Each row is a run of its own. */
struct two_papers {
    struct case_document a, b;
    struct validation_run runs[2];
    struct validation_row rows[N_ROWS];
    struct validation validation;
};

static struct validation_row row_of(int run, double measured, double predicted)
{
    return (struct validation_row){
        .run = run,
        .has_measured = true,
        .predicted = {.n = 1, .p05 = predicted, .p50 = predicted, .p95 = predicted},
        .scored = {.counts = true, .measured = {.value = measured}, .predicted = predicted}};
}

static void fill(struct two_papers *papers)
{
    *papers = (struct two_papers){.a = {.paper = (char *)"A"}, .b = {.paper = (char *)"B"}};
    papers->runs[0].document = &papers->a;
    papers->runs[1].document = &papers->b;
    for (int i = 0; i < N_OF_A; i++)
        papers->rows[i] = row_of(0, 50.0, i == 4 ? 65.0 : 50.0 + i);
    papers->rows[N_OF_A] = row_of(1, 81.4, 40.7);
    papers->rows[N_OF_A + 1] = row_of(1, 17.0, 12.0);
    papers->rows[N_OF_A + 1].scored.measured.is_percent = true;
    papers->rows[N_OF_A + 2] = row_of(1, 10.0, 12.5);
    papers->rows[N_OF_A + 2].scored.counts = false;
    papers->validation = (struct validation){
        .n_runs = 2, .runs = papers->runs, .n_rows = N_ROWS, .rows = papers->rows};
}

/* The largest of A's nine errors, ln 1.3, bounds B's: 40.7 x 1.3 = 52.91 does not reach 81.4, and
 * 12.5 / 1.3 = 9.6 reaches 10. B's own error of ln 2 is not among them, and is too few for A. */
static void a_paper_is_judged_by_the_errors_of_the_others(void **state)
{
    (void)state;
    struct two_papers papers;
    fill(&papers);
    const struct validation_row *b = &papers.rows[N_OF_A];
    assert_int_equal(model_error_widen(&papers.validation), 0);
    gsl_test_rel(b[0].model.lo, 40.7 / 1.3, 1e-12, "lower end");
    gsl_test_rel(b[0].model.hi, 52.91, 1e-12, "upper end");
    assert_true(b[0].scored.has_model_interval && !b[0].scored.is_in_model_interval);
    assert_true(b[2].scored.is_in_model_interval);
    assert_false(b[1].scored.has_model_interval); /* nobody else has percents */
    for (int i = 0; i < N_OF_A; i++)
        assert_false(papers.rows[i].scored.has_model_interval);
    assert_true(validation_has_models(&papers.validation));
    assert_int_equal(gsl_test_summary(), 0);
}

static void inputs_and_bounds_teach_nothing_of_the_model(void **state)
{
    (void)state;
    for (int is_input = 0; is_input <= 1; is_input++) {
        struct two_papers papers;
        fill(&papers);
        if (is_input)
            papers.rows[3].scored.counts = false;
        else
            papers.rows[3].scored.measured.relation = RELATION_AT_MOST;
        assert_int_equal(model_error_widen(&papers.validation), 0);
        assert_false(validation_has_models(&papers.validation)); /* eight are too few */
    }
}

/* A's predictions are 50, 51, 52, 53, 65, 55, 56, 57 and 58 of 50, and B's is half of what it
 * should be. Sorted as factors of 50: 50 51 52 53 55 56 57 58 65 100; P90 of ten is number 10. */
static void the_error_of_all_papers_is_told_as_factors(void **state)
{
    (void)state;
    struct two_papers papers;
    struct published_error error;
    struct arena arena = {NULL, false};
    fill(&papers);
    assert_int_equal(model_error_summarize(&papers.validation, &arena, &error), 0);
    assert_int_equal(error.n, 10);
    gsl_test_rel(error.p90_factor, 2.0, 1e-12, "P90");
    gsl_test_rel(error.median_factor, sqrt(55.0 * 56.0) / 50.0, 1e-12, "median");
    assert_int_equal(error.papers.n, 2);
    assert_string_equal(error.papers.items[0], "A");
    assert_string_equal(error.papers.items[1], "B");

    papers.rows[0].scored.counts = papers.rows[1].scored.counts = false;
    assert_int_equal(model_error_summarize(&papers.validation, &arena, &error), -ENODATA);
    arena_release(&arena);
    assert_int_equal(gsl_test_summary(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_and_twice_are_equally_wrong),
        cmocka_unit_test(percents_are_wrong_by_points),
        cmocka_unit_test(the_bound_is_kept_by_nine_of_ten_and_one_more),
        cmocka_unit_test(an_interval_is_widened_where_the_draws_do_not_reach),
        cmocka_unit_test(a_larger_bound_never_makes_an_interval_smaller),
        cmocka_unit_test(a_paper_is_judged_by_the_errors_of_the_others),
        cmocka_unit_test(the_error_of_all_papers_is_told_as_factors),
        cmocka_unit_test(inputs_and_bounds_teach_nothing_of_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
