/*
 * The noise model, from what a loop that reads its clock sees of detours put in.
 */
#include "calibration/fit/detour_fit.h"
#include "models/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct resampling HOW = {200, 3};

enum { MOST = 60000 };

/* A record of its own memory; detours are put in, then sorted. */
struct watch {
    struct raw_detours record;
    double start_s[MOST], length_s[MOST];
};

static void begin(struct watch *watch, double observed_s, double quantum_s)
{
    watch->record = (struct raw_detours){.launch = 1,
                                         .observed_s = observed_s,
                                         .quantum_s = quantum_s,
                                         .threshold_s = 8.0 * quantum_s,
                                         .stolen_s = NAN,
                                         .start_s = watch->start_s,
                                         .length_s = watch->length_s};
}

/* What the loop sees of a detour: its start at the last reading, the gap less a quantum, nothing
 * below the threshold. */
static void put(struct watch *watch, double start_s, double length_s)
{
    struct raw_detours *record = &watch->record;
    const double read_s = floor(start_s / record->quantum_s) * record->quantum_s;
    if (length_s < record->threshold_s || start_s >= record->observed_s)
        return;
    assert_true(record->n < MOST);
    watch->start_s[record->n] = 100.0 + read_s;
    watch->length_s[record->n] = length_s;
    record->n++;
}

static int by_time(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (x[0] > y[0]) - (x[0] < y[0]);
}

static void sort(struct watch *watch)
{
    const int n = watch->record.n;
    double(*pair)[2] = calloc((size_t)n + 1, sizeof *pair);
    int n_kept = 0;
    for (int i = 0; i < n; i++) {
        pair[i][0] = watch->start_s[i];
        pair[i][1] = watch->length_s[i];
    }
    qsort(pair, (size_t)n, sizeof *pair, by_time);
    for (int i = 0; i < n; i++) {
        if (n_kept > 0 && pair[i][0] <= watch->start_s[n_kept - 1])
            continue;
        watch->start_s[n_kept] = pair[i][0];
        watch->length_s[n_kept++] = pair[i][1];
    }
    watch->record.n = n_kept;
    free(pair);
}

static void put_ticks(struct watch *watch, double frequency_Hz, double length_s, double jitter_s,
                      uint64_t seed)
{
    struct random_stream stream = random_stream_for(seed, "ticks", 0);
    const double phase_s = random_uniform(&stream) / frequency_Hz;
    for (int i = 0; i < watch->record.observed_s * frequency_Hz - 1; i++)
        put(watch, phase_s + i / frequency_Hz + jitter_s * random_uniform(&stream),
            length_s * random_lognormal(&stream, 0.05));
}

static void put_random(struct watch *watch, double frequency_Hz, double length_s, double spread,
                       uint64_t seed)
{
    struct random_stream stream = random_stream_for(seed, "random", 0);
    double at_s = 0.0;
    while (at_s < watch->record.observed_s) {
        at_s -= log(random_uniform(&stream)) / frequency_Hz;
        put(watch, at_s, length_s * random_lognormal(&stream, spread));
    }
}

/* Four detours in 2 s of 10, 20, 20 and 30 us: mean 20 us, variance 50 us^2, computing 1.99992 s.
 */
static void numbers_are_those_worked_by_hand(void **state)
{
    (void)state;
    double start_s[] = {5.1, 5.5, 6.0, 6.9}, length_s[] = {10e-6, 20e-6, 20e-6, 30e-6};
    const struct raw_detours record = {1, 0, 2.0, 1e-7, 1e-6, 0, 0, 20e-6, 4, start_s, length_s};
    struct detour_fit fit;
    assert_int_equal(detours_fit(1, &record, &HOW, &fit), 0);
    gsl_test_rel(fit.frequency_Hz.value, 2.0, 1e-6, "frequency");
    gsl_test_rel(fit.rate_Hz.value, 4.0 / 1.99992, 1e-6, "rate");
    gsl_test_rel(fit.length_s.value, 20e-6, 1e-6, "length");
    gsl_test_rel(fit.spread.value, sqrt(50.0) / 20.0, 1e-6, "spread");
    gsl_test_rel(fit.lost.value, 40e-6, 1e-6, "lost");
    gsl_test_rel(fit.stolen_share, 0.25, 1e-6, "stolen");
    assert_int_equal(gsl_test_summary(), 0);
}

static void a_tick_of_250_Hz_and_50_us_is_found(void **state)
{
    (void)state;
    static struct watch watch;
    struct detour_fit fit;
    begin(&watch, 5.0, 60e-9);
    put_ticks(&watch, 250.0, 50e-6, 5e-6, 1);
    sort(&watch);
    assert_int_equal(detours_fit(1, &watch.record, &HOW, &fit), 0);
    gsl_test_rel(fit.frequency_Hz.value, 250.0, 0.002, "in a second of the clock");
    gsl_test_rel(fit.rate_Hz.value, 250.0 / (1.0 - 0.0125), 0.002, "of computing");
    gsl_test_rel(fit.length_s.value, 50e-6, 0.01, "length");
    gsl_test_rel(fit.spread.value, 0.05, 0.1, "spread");
    assert_int_equal(fit.n_sources, 1);
    assert_true(fit.source[0].is_periodic);
    gsl_test_rel(fit.source[0].frequency_Hz.value, 250.0, 1e-5, "source");
    assert_true(fit.source[0].frequency_Hz.ci95_lo < 250.0);
    assert_true(fit.source[0].frequency_Hz.ci95_hi > 250.0);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Ticks of 50 us on two cores, another timer, and daemons at any time. */
static void sources_are_told_apart(void **state)
{
    (void)state;
    static struct watch watch[2];
    struct detour_fit fit;
    for (int i = 0; i < 2; i++) {
        begin(&watch[i], 5.0, 60e-9);
        put_ticks(&watch[i], 250.0, 50e-6, 5e-6, (uint64_t)i);
        put_ticks(&watch[i], 37.3, 15e-6, 5e-6, (uint64_t)(10 + i));
        put_random(&watch[i], 60.0, 9e-6, 0.5, (uint64_t)i);
        sort(&watch[i]);
    }
    const struct raw_detours record[] = {watch[0].record, watch[1].record};
    assert_int_equal(detours_fit(2, record, &HOW, &fit), 0);
    assert_int_equal(fit.n_sources, 3);
    assert_true(fit.source[0].is_periodic);
    gsl_test_rel(fit.source[0].frequency_Hz.value, 250.0, 1e-4, "ticks");
    gsl_test_rel(fit.source[0].length_s, 50e-6, 0.05, "their length");
    gsl_test_rel(fit.source[0].median_s, 50e-6, 0.01, "most lengths");
    bool is_timer_found = false, is_rest_found = false;
    for (int i = 1; i < 3; i++) {
        const struct detour_source *source = &fit.source[i];
        if (source->is_periodic) {
            is_timer_found = true;
            gsl_test_rel(source->frequency_Hz.value, 37.3, 1e-3, "the other timer");
        } else {
            is_rest_found = true;
            gsl_test_rel(source->frequency_Hz.value, 60.0 * 0.86, 0.15, "what is left over");
        }
    }
    assert_true(is_timer_found && is_rest_found);
    gsl_test_rel(fit.source[0].share + fit.source[1].share + fit.source[2].share, 1.0, 1e-12,
                 "shares");
    assert_int_equal(gsl_test_summary(), 0);
}

static void what_comes_at_any_time_has_no_period(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        static struct watch watch;
        struct detour_fit fit;
        begin(&watch, 5.0, 60e-9);
        put_random(&watch, 250.0, 50e-6, 0.3, seed);
        sort(&watch);
        assert_int_equal(detours_fit(1, &watch.record, &HOW, &fit), 0);
        assert_int_equal(fit.n_sources, 1);
        assert_false(fit.source[0].is_periodic);
        gsl_test_rel(fit.frequency_Hz.value, 250.0, 0.1, "frequency");
        gsl_test_rel(fit.length_s.value, 50e-6, 0.05, "length");
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/* A fifth of the lengths is below the threshold of 8 us: with a spread of 0.8 the lognormal's
 * parameters are mu = ln 18 us - sigma^2 / 2 and sigma^2 = ln 1.64. */
static void detours_below_the_threshold_are_made_up_for(void **state)
{
    (void)state;
    static struct watch watch;
    struct detour_fit fit;
    begin(&watch, 20.0, 1e-6);
    put_random(&watch, 200.0, 18e-6, 0.8, 3);
    sort(&watch);
    const double sigma = sqrt(log(1.64)), mu = log(18e-6) - sigma * sigma / 2.0;
    const double unseen = 0.5 * erfc((mu - log(8e-6)) / sigma / sqrt(2.0));
    assert_true(unseen > 0.1 && watch.record.n < 0.92 * 20 * 200);
    assert_int_equal(detours_fit(1, &watch.record, &HOW, &fit), 0);
    gsl_test_rel(fit.unseen_share, unseen, 0.25, "unseen");
    gsl_test_rel(fit.frequency_Hz.value, 200.0, 0.06, "frequency");
    gsl_test_rel(fit.length_s.value, 18e-6, 0.06, "length");
    gsl_test_rel(fit.spread.value, 0.8, 0.08, "spread");
    assert_int_equal(gsl_test_summary(), 0);
}

/* Two kinds of detours are no lognormal: what is seen stands as it is. */
static void lengths_that_follow_no_distribution_stay_as_they_are(void **state)
{
    (void)state;
    static struct watch watch;
    struct detour_fit fit;
    begin(&watch, 5.0, 60e-9);
    put_random(&watch, 300.0, 2e-6, 0.1, 1);
    put_random(&watch, 100.0, 500e-6, 0.1, 2);
    sort(&watch);
    double sum_s = 0.0;
    for (int i = 0; i < watch.record.n; i++)
        sum_s += watch.length_s[i];
    assert_int_equal(detours_fit(1, &watch.record, &HOW, &fit), 0);
    assert_true(fit.unseen_share == 0.0);
    gsl_test_rel(fit.length_s.value, sum_s / watch.record.n, 1e-9, "mean of what is seen");
    gsl_test_rel(fit.lost.value, sum_s / 5.0, 1e-9, "lost");
    assert_int_equal(gsl_test_summary(), 0);
}

static void intervals_hold_rate_and_length(void **state)
{
    (void)state;
    enum { TRIALS = 60 };
    int n_rate = 0, n_length = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        static struct watch watch[2];
        struct detour_fit fit;
        for (int i = 0; i < 2; i++) {
            begin(&watch[i], 5.0, 60e-9);
            put_random(&watch[i], 80.0, 20e-6, 0.6, (uint64_t)(5000 + 2 * trial + i));
            sort(&watch[i]);
        }
        const struct raw_detours record[] = {watch[0].record, watch[1].record};
        assert_int_equal(detours_fit(2, record, &HOW, &fit), 0);
        n_rate += fit.frequency_Hz.ci95_lo <= 80.0 && 80.0 <= fit.frequency_Hz.ci95_hi;
        n_length += fit.length_s.ci95_lo <= 20e-6 && 20e-6 <= fit.length_s.ci95_hi;
    }
    assert_true(n_rate >= 0.85 * TRIALS && n_length >= 0.85 * TRIALS);
}

/* The list may be thinned: what is counted instead takes as much time. */
static void counted_detours_weigh_like_listed_ones(void **state)
{
    (void)state;
    static struct watch watch;
    struct detour_fit all, thinned;
    begin(&watch, 5.0, 60e-9);
    put_random(&watch, 300.0, 2e-6, 0.1, 1);
    put_random(&watch, 100.0, 500e-6, 0.1, 2);
    sort(&watch);
    assert_int_equal(detours_fit(1, &watch.record, &HOW, &all), 0);
    struct raw_detours *record = &watch.record;
    int n_kept = 0;
    for (int i = 0; i < record->n; i++) {
        if (record->length_s[i] < 50e-6) {
            record->n_shorter += 1.0;
            record->shorter_s += record->length_s[i];
            continue;
        }
        record->start_s[n_kept] = record->start_s[i];
        record->length_s[n_kept++] = record->length_s[i];
    }
    record->n = n_kept;
    record->threshold_s = 50e-6;
    assert_int_equal(detours_fit(1, record, &HOW, &thinned), 0);
    gsl_test_rel(thinned.rate_Hz.value, all.rate_Hz.value, 1e-9, "rate");
    gsl_test_rel(thinned.length_s.value, all.length_s.value, 1e-9, "length");
    gsl_test_rel(thinned.spread.value, all.spread.value, 1e-3, "spread");
    assert_int_equal(gsl_test_summary(), 0);
}

static void a_quiet_core_has_an_upper_bound(void **state)
{
    (void)state;
    const struct raw_detours record = {1, 0, 2.5, 1e-7, 1e-6, 0, 0, NAN, 0, NULL, NULL};
    struct detour_fit fit;
    assert_int_equal(detours_fit(1, &record, &HOW, &fit), 0);
    assert_true(fit.rate_Hz.value == 0.0 && fit.length_s.value == 0.0 && fit.n_sources == 0);
    gsl_test_rel(fit.rate_Hz.ci95_hi, 1.2, 1e-12, "three in 2.5 s");
    assert_int_equal(gsl_test_summary(), 0);
}

static void refuses_what_cannot_be(void **state)
{
    (void)state;
    double start_s[] = {5.1, 5.5}, length_s[] = {10e-6, 20e-6};
    const struct raw_detours good = {1, 0, 2.0, 1e-7, 1e-6, 0, 0, NAN, 2, start_s, length_s};
    struct detour_fit fit = {.n_seen = 7.25};
    assert_int_equal(detours_fit(0, &good, &HOW, &fit), -EDOM);
    struct raw_detours bad[8];
    for (int i = 0; i < 8; i++)
        bad[i] = good;
    bad[0].observed_s = 0.0;
    bad[1].observed_s = NAN;
    bad[2].quantum_s = 0.0;
    bad[3].threshold_s = INFINITY;
    bad[4].n_shorter = -1.0;
    bad[5].shorter_s = NAN;
    bad[6].stolen_s = -1.0;
    bad[7].n = -1;
    for (int i = 0; i < 8; i++)
        assert_int_equal(detours_fit(1, &bad[i], &HOW, &fit), -EINVAL);
    start_s[1] = 5.1;
    assert_int_equal(detours_fit(1, &good, &HOW, &fit), -EINVAL);
    start_s[1] = NAN;
    assert_int_equal(detours_fit(1, &good, &HOW, &fit), -EINVAL);
    start_s[1] = 5.5;
    length_s[0] = 0.0;
    assert_int_equal(detours_fit(1, &good, &HOW, &fit), -EINVAL);
    length_s[0] = 2.5;
    assert_int_equal(detours_fit(1, &good, &HOW, &fit), -EDOM);
    assert_true(fit.n_seen == 7.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_worked_by_hand),
        cmocka_unit_test(a_tick_of_250_Hz_and_50_us_is_found),
        cmocka_unit_test(sources_are_told_apart),
        cmocka_unit_test(what_comes_at_any_time_has_no_period),
        cmocka_unit_test(detours_below_the_threshold_are_made_up_for),
        cmocka_unit_test(lengths_that_follow_no_distribution_stay_as_they_are),
        cmocka_unit_test(intervals_hold_rate_and_length),
        cmocka_unit_test(counted_detours_weigh_like_listed_ones),
        cmocka_unit_test(a_quiet_core_has_an_upper_bound),
        cmocka_unit_test(refuses_what_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
