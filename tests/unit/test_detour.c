/*
 * Detours that are injected into the readings of a clock are found, as many and as long as they
 * were.
 */
#include "calibration/measure/detour.h"
#include "calibration/measure/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 200000 };

/* A clock whose look takes `look_s`, sometimes twice that, on a core that is away `length_s` at
 * every multiple of `period_s`. */
struct injected {
    double look_s, period_s, length_s;
    struct random_stream stream;
    double now_s, next_s;
};

static double look(struct injected *clock)
{
    clock->now_s += clock->look_s * (random_fraction(&clock->stream) < 0.1 ? 2.0 : 1.0);
    if (clock->now_s >= clock->next_s) {
        clock->now_s += clock->length_s;
        clock->next_s += clock->period_s;
    }
    return clock->now_s;
}

static struct injected injected_clock(double period_s, double length_s)
{
    return (struct injected){.look_s = 94.2e-9,
                             .period_s = period_s,
                             .length_s = length_s,
                             .stream = random_stream(1, "looks", 0),
                             .next_s = period_s};
}

static struct detour_watch watched(struct injected *clock, double observed_s, size_t most)
{
    double gaps_s[1001];
    struct detour_watch watch = {.most = most, .detours = calloc(most, sizeof(struct detour))};
    double last_s = look(clock);
    for (int i = 0; i < 1001; i++) {
        const double now_s = look(clock);
        gaps_s[i] = now_s - last_s;
        last_s = now_s;
    }
    detour_begin(&watch, detour_quantum_s(1001, gaps_s), last_s);
    const double start_s = last_s;
    while (watch.last_s - start_s < observed_s)
        detour_look(&watch, look(clock));
    return watch;
}

static double mean_length_s(const struct detour_watch *watch)
{
    double sum_s = 0.0;
    for (size_t i = 0; i < watch->n; i++)
        sum_s += watch->detours[i].length_s;
    return sum_s / (double)watch->n;
}

/* 250 times a second for two seconds; the last may come too late. */
static void finds_50_us_at_250_hz(void **state)
{
    struct injected clock = injected_clock(1.0 / 250.0, 50e-6);
    struct detour_watch watch = watched(&clock, 2.0, MOST);
    (void)state;

    assert_true(labs((long)watch.n - 500) <= 1);
    assert_true(fabs(mean_length_s(&watch) / 50e-6 - 1.0) < 0.01);
    for (size_t i = 1; i < watch.n; i++)
        assert_true(fabs(watch.detours[i].start_s - watch.detours[i - 1].start_s - 4e-3) < 1e-6);
    assert_true(watch.n_shorter == 0.0);
    free(watch.detours);
}

static void finds_detours_of_any_length_beyond_some_quanta(void **state)
{
    (void)state;

    for (double length_s = 1.1e-6; length_s < 5e-3; length_s *= 2.7) {
        struct injected clock = injected_clock(10e-3, length_s);
        struct detour_watch watch = watched(&clock, 0.3, MOST);
        assert_true(watch.threshold_s < length_s);
        assert_true(watch.n >= 28 && watch.n <= 30);
        assert_true(fabs(mean_length_s(&watch) - length_s) < 95e-9);
        free(watch.detours);
    }
}

static void takes_slow_looks_for_no_detours(void **state)
{
    struct injected clock = injected_clock(INFINITY, 1.0);
    struct detour_watch watch = watched(&clock, 0.05, MOST);
    (void)state;

    assert_int_equal(watch.n, 0);
    assert_true(fabs(watch.quantum_s / 94.2e-9 - 1.0) < 1e-3);
    free(watch.detours);
}

/* Two thirds of the gaps of a clock with steps of 100 ns are 0 where a look takes a third of one.
 */
static void knows_the_quantum_of_a_coarse_clock(void **state)
{
    double gaps_s[900];
    (void)state;

    for (int i = 0; i < 900; i++)
        gaps_s[i] = i % 3 == 0 ? 100e-9 : 0.0;
    assert_true(fabs(detour_quantum_s(900, gaps_s) - 100e-9 / 3.0) < 1e-15);
}

/* Lengths 1 to 1000 us in a mixed order: the list keeps the longest, the rest is counted. */
static void thins_by_length_and_counts_what_goes(void **state)
{
    enum { N = 1000 };
    struct detour detours[N];
    struct detour_watch watch = {.quantum_s = 1e-7, .most = N, .detours = detours, .n = N};
    (void)state;

    for (int i = 0; i < N; i++)
        detours[i] = (struct detour){i * 1e-2, (1 + i * 37 % N) * 1e-6};
    assert_int_equal(detour_thin(&watch, N), 0);
    assert_int_equal(watch.n, N);
    assert_int_equal(detour_thin(&watch, 300), 0);
    assert_int_equal(watch.n, 300);
    for (size_t i = 0; i < watch.n; i++) {
        assert_true(detours[i].length_s >= watch.threshold_s);
        assert_true(i == 0 || detours[i].start_s > detours[i - 1].start_s);
    }
    assert_true(fabs(watch.threshold_s - 701e-6) < 1e-12);
    assert_true(watch.n_shorter == 700.0);
    /* 1 + 2 + ... + 700 */
    assert_true(fabs(watch.shorter_s - 245350e-6) < 1e-9);
}

static void leaves_out_all_of_equal_length_rather_than_some(void **state)
{
    enum { N = 100 };
    struct detour detours[N];
    struct detour_watch watch = {.quantum_s = 1e-7, .most = N, .detours = detours, .n = N};
    (void)state;

    for (int i = 0; i < N; i++)
        detours[i] = (struct detour){i, i < 10 ? 7e-6 : 3e-6};
    assert_int_equal(detour_thin(&watch, 40), 0);
    assert_int_equal(watch.n, 10);
    assert_true(watch.n_shorter == 90.0);
    watch.n = N;
    for (int i = 0; i < N; i++)
        detours[i] = (struct detour){i, 3e-6};
    assert_int_equal(detour_thin(&watch, 40), 0);
    assert_int_equal(watch.n, 0);
    assert_true(watch.threshold_s > 3e-6);
}

/* Nothing is written beyond the room that there is. */
static void stops_noticing_when_the_room_is_full(void **state)
{
    struct injected clock = injected_clock(1e-4, 5e-6);
    struct detour_watch watch = watched(&clock, 0.01, 7);
    (void)state;

    assert_int_equal(watch.n, 7);
    free(watch.detours);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_50_us_at_250_hz),
        cmocka_unit_test(finds_detours_of_any_length_beyond_some_quanta),
        cmocka_unit_test(takes_slow_looks_for_no_detours),
        cmocka_unit_test(knows_the_quantum_of_a_coarse_clock),
        cmocka_unit_test(thins_by_length_and_counts_what_goes),
        cmocka_unit_test(leaves_out_all_of_equal_length_rather_than_some),
        cmocka_unit_test(stops_noticing_when_the_room_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
