/* Quantiles against hand-worked values and a naive oracle; digits as a reader expects them. */
#include "sim/result/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* Position (n - 1) f between order statistics, by its definition. */
static double oracle(size_t n, const double sorted[], double fraction)
{
    const double position = (double)(n - 1) * fraction;
    const size_t below = (size_t)position;
    if (below + 1 >= n)
        return sorted[n - 1];
    return sorted[below] + (position - (double)below) * (sorted[below + 1] - sorted[below]);
}

/* Sorted: 23.85, 25.2, 71.3, 81.4, 118.1. P10 lies at 0.4 between the first two:
 * 23.85 + 0.4 x 1.35 = 24.39; P90 at 3.6: 81.4 + 0.6 x 36.7 = 103.42. */
static void five_samples_give_the_quantiles_worked_by_hand(void **state)
{
    (void)state;
    double samples[] = {81.4, 25.2, 118.1, 23.85, 71.3};
    const struct summary summary = summarize(5, samples);

    gsl_test_rel(summary.p10, 24.39, 1e-12, "P10");
    gsl_test_rel(summary.p50, 71.3, 1e-12, "P50");
    gsl_test_rel(summary.p90, 103.42, 1e-12, "P90");
    gsl_test_rel(summary.mean, (81.4 + 25.2 + 118.1 + 23.85 + 71.3) / 5.0, 1e-12, "mean");
    assert_int_equal(summary.n, 5);
    assert_int_equal(gsl_test_summary(), 0);
}

static void one_sample_is_all_its_quantiles(void **state)
{
    (void)state;
    double sample[] = {7.913};
    const struct summary summary = summarize(1, sample);
    assert_true(summary.p10 == 7.913 && summary.p50 == 7.913 && summary.p90 == 7.913);
}

static void quantiles_are_ordered_inside_the_samples_and_equal_the_oracle(void **state)
{
    (void)state;
    double samples[40];
    for (size_t n = 1; n <= 40; n++) {
        for (size_t i = 0; i < n; i++)
            samples[i] = 100.0 * sin(2.385 * (double)(i * i + n)) + 3.1;
        const struct summary summary = summarize(n, samples); /* sorts them */
        assert_true(samples[0] <= summary.p10 && summary.p10 <= summary.p50);
        assert_true(summary.p50 <= summary.p90 && summary.p90 <= samples[n - 1]);
        gsl_test_rel(summary.p10, oracle(n, samples, 0.1), 1e-9, "P10 of %zu", n);
        gsl_test_rel(summary.p50, oracle(n, samples, 0.5), 1e-9, "P50 of %zu", n);
        gsl_test_rel(summary.p90, oracle(n, samples, 0.9), 1e-9, "P90 of %zu", n);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

static void numbers_show_the_digits_asked_for(void **state)
{
    (void)state;
    static const struct {
        double value;
        int digits;
        const char *text;
    } cases[] = {
        {81.437, 3, "81.4"},
        {0.0038216, 3, "0.00382"},
        {5327.6, 3, "5330"},
        {9.96, 2, "10"},
        {99.96, 3, "100"},
        {0.99996, 4, "1.000"},
        {-2.385, 2, "-2.4"},
        {0.0, 3, "0.00"},
        {3.8216e-9, 3, "3.82e-09"},
        {7.2e12, 2, "7.2e+12"},
        {170, 1, "200"},
        {0.00012345, 2, "0.00012"},
        {123456789.0, 4, "123500000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];
        format_digits(text, sizeof text, cases[i].value, cases[i].digits);
        assert_string_equal(text, cases[i].text);
    }
}

static void a_shown_number_is_within_half_of_its_last_digit(void **state)
{
    (void)state;
    for (double value = 1.7e-7; value < 1e12; value *= 3.17)
        for (int digits = 1; digits <= 9; digits++) {
            char text[32];
            format_digits(text, sizeof text, value, digits);
            const double error = fabs(strtod(text, NULL) - value) / value;
            assert_true(error <= 0.5 * pow(10.0, 1 - digits) * (1.0 + 1e-9));
        }
}

static void shares_show_a_tenth_of_a_percent_and_no_absurd_digits(void **state)
{
    (void)state;
    static const struct {
        double part;
        const char *text;
    } cases[] = {
        {0.23854, "23.9 %"},       {-0.0004, "0.0 %"}, {-0.0238, "-2.4 %"}, {74.31, "7431.0 %"},
        {2.3854e27, "2.39e+29 %"}, {NAN, "-"},         {-INFINITY, "-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];
        format_percent(text, sizeof text, cases[i].part);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_samples_give_the_quantiles_worked_by_hand),
        cmocka_unit_test(one_sample_is_all_its_quantiles),
        cmocka_unit_test(quantiles_are_ordered_inside_the_samples_and_equal_the_oracle),
        cmocka_unit_test(numbers_show_the_digits_asked_for),
        cmocka_unit_test(a_shown_number_is_within_half_of_its_last_digit),
        cmocka_unit_test(shares_show_a_tenth_of_a_percent_and_no_absurd_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
