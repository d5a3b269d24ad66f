/* Visits: located by medians of medians, weighed by what they and their neighbours tell. */
#include "calibration/fit/visits.h"

#include "synthetic_timings.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

static struct segment_series locate(int n, const struct timed_visit visits[])
{
    struct segment_series located;
    assert_int_equal(visits_locate(&(struct visit_series){n, visits}, &located), 0);
    return located;
}

/* Medians of visits are 2, 6 and 3 us at 8 B, whose median is 3; 4 and 5 us at 16 B: 4.5. */
static void a_location_is_the_median_of_medians_by_rising_size(void **state)
{
    (void)state;
    const double a[] = {1e-6, 2e-6, 9e-6}, b[] = {6e-6}, c[] = {3e-6, 2.9e-6, 77.0};
    const double d[] = {4e-6}, e[] = {5e-6};
    const struct timed_visit visits[] = {
        {16.0, 1, 1, d}, {8.0, 1, 3, a}, {8.0, 2, 1, b}, {16.0, 2, 1, e}, {8.0, 1, 3, c}};
    struct segment_series located = locate(5, visits);
    assert_int_equal(located.n, 2);
    assert_true(located.points[0].size_B == 8.0 && located.points[1].size_B == 16.0);
    gsl_test_rel(located.points[0].time_s, 3e-6, 1e-12, "8 B");
    gsl_test_rel(located.points[1].time_s, 4.5e-6, 1e-12, "16 B");
    located_release(&located);
    assert_int_equal(gsl_test_summary(), 0);
}

static struct synthetic measured(double noise, int n_blocks)
{
    struct synthetic_truth truth = synthetic_truth_draw(3, 1);
    truth.noise = noise;
    truth.visit_noise = noise / 2.0;
    truth.launch_noise = truth.outliers = 0.0;
    truth.n_blocks = n_blocks;
    struct synthetic data;
    synthetic_init(&data, &truth, 5);
    synthetic_measure_sizes(&data, 40);
    return data;
}

static double median_weight(int n, const struct timed_visit visits[])
{
    struct segment_series located = locate(n, visits);
    double weights[512];
    for (int i = 0; i < located.n; i++)
        weights[i] = located.points[i].weight;
    const double weight = median_of(located.n, weights);
    located_release(&located);
    return weight;
}

/* Noise of visits is 0.05, of their medians' own repetitions 0.1 sqrt(pi / 2 / 5) = 0.056: 0.075 in
 * all, over 30 visits 0.075 sqrt(pi / 2 / 30) = 0.0172, with unevenness 0.0179. */
static void a_weight_is_the_inverse_variance_of_its_location(void **state)
{
    (void)state;
    struct synthetic data = measured(0.1, 10);
    gsl_test_rel(1.0 / sqrt(median_weight(data.n, data.visits)), 0.0179, 0.1, "deviation");
    synthetic_release(&data);
    assert_int_equal(gsl_test_summary(), 0);
}

static void more_visits_weigh_more_and_noise_less(void **state)
{
    (void)state;
    double last = INFINITY;
    for (double noise = 0.02; noise < 0.3; noise *= 2.0) {
        struct synthetic few = measured(noise, 3), many = measured(noise, 12);
        const double of_many = median_weight(many.n, many.visits);
        assert_true(median_weight(few.n, few.visits) < of_many);
        assert_true(of_many < last);
        last = of_many;
        synthetic_release(&few);
        synthetic_release(&many);
    }
}

/* Visits agree to a thousandth, neighbouring sizes to a fifth: as with alignment and windows. */
static void sizes_that_agree_with_themselves_but_not_with_each_other_weigh_little(void **state)
{
    (void)state;
    double times_s[80];
    struct timed_visit visits[80];
    for (int i = 0; i < 80; i++) {
        times_s[i] = 5e-6 * (1.0 + (i / 2 % 2 ? 0.2 : 0.0) + (i % 2 ? 0.001 : 0.0));
        visits[i] = (struct timed_visit){1000.0 + floor(i / 2.0), 1, 1, &times_s[i]};
    }
    assert_true(1.0 / sqrt(median_weight(80, visits)) > 0.05);
}

static void the_floor_is_how_well_half_of_the_visits_predict_the_other(void **state)
{
    (void)state;
    /* 8 B: 2 against 2.2 us; 16 B: 3 against 3; 32 B: 4 against 5; 64 B has one visit. */
    const double times_s[] = {2e-6, 2.2e-6, 3e-6, 3e-6, 4e-6, 5e-6, 1.0};
    struct timed_visit visits[7];
    for (int i = 0; i < 7; i++)
        visits[i] = (struct timed_visit){8.0 * exp2(floor(i / 2.0)), 1, 1, &times_s[i]};
    const struct visit_series series = {7, visits};
    gsl_test_rel(visits_noise_floor(&series), log(1.1), 1e-9, "floor");
    /* Of 0, ln 1.1 and ln 1.25 it lies at 1.9 from the least. */
    gsl_test_rel(visits_noise_tail(&series), 0.1 * log(1.1) + 0.9 * log(1.25), 1e-9, "tail");
    assert_true(isnan(visits_noise_floor(&(struct visit_series){1, visits})));
    assert_int_equal(gsl_test_summary(), 0);
}

static void what_is_no_visit_is_refused(void **state)
{
    (void)state;
    static const double good[] = {1e-6}, zero[] = {0.0}, negative[] = {-1e-6};
    const double none[] = {NAN}, endless[] = {INFINITY};
    const struct timed_visit bad[] = {
        {8.0, 1, 1, zero}, {8.0, 1, 1, negative}, {8.0, 1, 1, none},      {8.0, 1, 1, endless},
        {NAN, 1, 1, good}, {-1.0, 1, 1, good},    {INFINITY, 1, 1, good}, {8.0, 1, 0, good}};
    struct segment_series located;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct visit_series series = {1, &bad[i]};
        assert_int_equal(visits_locate(&series, &located), -EINVAL);
        assert_true(isnan(visits_noise_floor(&series)));
    }
    assert_int_equal(visits_locate(&(struct visit_series){0, NULL}, &located), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_location_is_the_median_of_medians_by_rising_size),
        cmocka_unit_test(a_weight_is_the_inverse_variance_of_its_location),
        cmocka_unit_test(more_visits_weigh_more_and_noise_less),
        cmocka_unit_test(sizes_that_agree_with_themselves_but_not_with_each_other_weigh_little),
        cmocka_unit_test(the_floor_is_how_well_half_of_the_visits_predict_the_other),
        cmocka_unit_test(what_is_no_visit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
