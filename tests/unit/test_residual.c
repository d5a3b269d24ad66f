/* What lines do not tell: spreads and mixtures of known origin come back. */
#include "calibration/fit/residual.h"

#include "models/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

enum { MOST = 4000 };

/* Logarithms of which the first `n_first` are of one lognormal, the others of another. */
static void draw(int n, int n_first, const double median[2], const double deviation[2],
                 double logarithms[])
{
    struct random_stream stream = random_stream_for(1, "mixture", 0);
    for (int i = 0; i < n; i++) {
        const int which = i >= n_first;
        logarithms[i] = log(median[which]) + deviation[which] * random_normal(&stream);
    }
}

static void one_lognormal_is_one_component(void **state)
{
    (void)state;
    double logarithms[MOST];
    draw(MOST, MOST, (double[]){1.037, 1.0}, (double[]){0.0713, 1.0}, logarithms);
    struct mixture mixture;
    assert_int_equal(mixture_fit(MOST, logarithms, &mixture), 0);
    assert_int_equal(mixture.n, 1);
    gsl_test_rel(mixture.median[0], 1.037, 0.005, "median");
    gsl_test_rel(mixture.spread[0], sqrt(expm1(0.0713 * 0.0713)), 0.05, "spread");
    assert_true(mixture.share[0] == 1.0);
    assert_int_equal(gsl_test_summary(), 0);
}

static void two_ways_of_a_message_are_two_components(void **state)
{
    (void)state;
    double logarithms[MOST];
    draw(MOST, 1480, (double[]){0.614, 1.27}, (double[]){0.05, 0.08}, logarithms);
    struct mixture mixture;
    assert_int_equal(mixture_fit(MOST, logarithms, &mixture), 0);
    assert_int_equal(mixture.n, 2);
    gsl_test_rel(mixture.share[0], 0.37, 0.03, "share");
    gsl_test_rel(mixture.median[0], 0.614, 0.01, "fast");
    gsl_test_rel(mixture.median[1], 1.27, 0.01, "slow");
    gsl_test_rel(mixture.spread[1], sqrt(expm1(0.08 * 0.08)), 0.1, "spread of the slow");
    gsl_test_rel(mixture_below(&mixture, 0.9), 0.37, 0.03, "between");
    assert_int_equal(gsl_test_summary(), 0);
}

static void the_order_of_numbers_is_nothing_to_a_mixture(void **state)
{
    (void)state;
    double forward[MOST], backward[MOST];
    draw(MOST, 2500, (double[]){1.0, 2.4}, (double[]){0.1, 0.1}, forward);
    for (int i = 0; i < MOST; i++)
        backward[i] = forward[MOST - 1 - i];
    struct mixture first, second;
    assert_int_equal(mixture_fit(MOST, forward, &first), 0);
    assert_int_equal(mixture_fit(MOST, backward, &second), 0);
    assert_memory_equal(&first, &second, sizeof first);
}

static void a_mixture_is_a_distribution(void **state)
{
    (void)state;
    double logarithms[MOST];
    draw(MOST, 1000, (double[]){1.0, 3.1}, (double[]){0.2, 0.1}, logarithms);
    struct mixture mixture;
    assert_int_equal(mixture_fit(MOST, logarithms, &mixture), 0);
    double shares = 0.0;
    for (int c = 0; c < mixture.n; c++) {
        shares += mixture.share[c];
        assert_true(mixture.share[c] >= 0.05 && mixture.spread[c] > 0.0);
        assert_true(c == 0 || mixture.median[c] > mixture.median[c - 1]);
    }
    gsl_test_rel(shares, 1.0, 1e-9, "shares");
    double last = 0.0;
    for (double ratio = 0.01; ratio < 100.0; ratio *= 1.1) {
        const double below = mixture_below(&mixture, ratio);
        assert_true(last <= below && below <= 1.0 + 1e-12);
        last = below;
    }
    gsl_test_rel(last, 1.0, 1e-9, "all");
    assert_int_equal(gsl_test_summary(), 0);
}

static void few_or_equal_numbers_are_one_component(void **state)
{
    (void)state;
    struct mixture mixture;
    assert_int_equal(mixture_fit(0, NULL, &mixture), 0);
    assert_int_equal(mixture.n, 0);
    const double logarithms[30] = {0.0};
    for (int n = 1; n <= 30; n++) {
        assert_int_equal(mixture_fit(n, logarithms, &mixture), 0);
        assert_int_equal(mixture.n, 1);
        gsl_test_rel(mixture.median[0], 1.0, 1e-9, "median of %d", n);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/* Ratios 0.90, 0.91, ..., 1.10 to a line of 2 us + 1 ns/B: quartiles 0.95 and 1.05; P5 0.91. */
static void residuals_of_a_piece_are_told_by_quantiles(void **state)
{
    (void)state;
    struct segments segments = {.n_pieces = 2, .n_series = 1};
    segments.from_B[1] = 5000.0;
    segments.line[0][0] = (struct segment_line){2e-6, 1e-9, 5};
    double times_s[21];
    for (int i = 0; i < 21; i++)
        times_s[i] = (0.90 + 0.01 * i) * 3e-6;
    const struct timed_visit visit = {1000.0, 1, 21, times_s};
    struct residual residuals[SEGMENT_PIECES];
    assert_int_equal(residuals_tell(&segments, 0, &(struct visit_series){1, &visit}, residuals), 0);
    assert_int_equal(residuals[0].n, 21);
    gsl_test_rel(residuals[0].quantile[0], 0.91, 1e-9, "P5");
    gsl_test_rel(residuals[0].quantile[9], 1.0, 1e-9, "P50");
    gsl_test_rel(residuals[0].quantile[18], 1.09, 1e-9, "P95");
    const double deviation = log(1.05 / 0.95) / 1.3489795003921634;
    gsl_test_rel(residuals[0].spread, sqrt(expm1(deviation * deviation)), 1e-9, "spread");
    assert_int_equal(residuals[1].n, 0);
    assert_true(isnan(residuals[1].quantile[9]) && residuals[1].spread == 0.0);
    assert_int_equal(gsl_test_summary(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_lognormal_is_one_component),
        cmocka_unit_test(two_ways_of_a_message_are_two_components),
        cmocka_unit_test(the_order_of_numbers_is_nothing_to_a_mixture),
        cmocka_unit_test(a_mixture_is_a_distribution),
        cmocka_unit_test(few_or_equal_numbers_are_one_component),
        cmocka_unit_test(residuals_of_a_piece_are_told_by_quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
