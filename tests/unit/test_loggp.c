/*
 * LogGP parameters from times that known ones make.
 */
#include "calibration/fit/loggp.h"
#include "models/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <gsl/gsl_test.h>
#include <math.h>

enum { BLOCKS = 12, SIZES = 8, LENGTHS = 4, POINTS = BLOCKS * SIZES * (3 + LENGTHS) };

static const struct resampling HOW = {200, 3};

/* o_s 1.7 us + 0.11 ns/B, o_r 2.3 us + 0.17 ns/B, L 21 us, g 4.9 us, G 8.6 ns/B: a gigabit. */
static const struct loggp GIGABIT = {.send_s = {1.7e-6, 0, 0},
                                     .send_byte_s = {0.11e-9, 0, 0},
                                     .recv_s = {2.3e-6, 0, 0},
                                     .recv_byte_s = {0.17e-9, 0, 0},
                                     .latency_s = {21e-6, 0, 0},
                                     .gap_s = {4.9e-6, 0, 0},
                                     .gap_byte_s = {8.6e-9, 0, 0}};

/* Times of `truth` with relative errors of `noise` in each block, and as much in each visit. */
static int draw_points(const struct loggp *truth, double noise, uint64_t trial,
                       struct loggp_point point[])
{
    static const int lengths[LENGTHS] = {8, 16, 32, 64};
    int n = 0;
    for (int block = 0; block < BLOCKS; block++) {
        struct random_stream stream = random_stream_for(trial, "block", (uint64_t)block);
        const double effect = random_lognormal(&stream, noise);
        for (int i = 0; i < SIZES; i++) {
            const double size_B = floor(pow(2.6, i));
            for (int j = 0; j < 3 + LENGTHS; j++) {
                const enum loggp_kind kind = j < 3 ? (enum loggp_kind)j : LOGGP_STREAM;
                const int n_messages = j < 3 ? 1 : lengths[j - 3];
                const double time_s = loggp_time_s(truth, kind, size_B, n_messages);
                point[n++] =
                    (struct loggp_point){kind, size_B, n_messages,
                                         time_s * effect * random_lognormal(&stream, noise), block};
            }
        }
    }
    return n;
}

/* A send of 100 B takes 1.711 us, half a round trip of it 1.711 + 2.317 + 21.86 us, and ten in a
 * row 9 gaps of 5.76 us, the way and, empty, 25 us back. */
static void predicts_times_worked_by_hand(void **state)
{
    (void)state;
    gsl_test_rel(loggp_time_s(&GIGABIT, LOGGP_SEND, 100, 1), 1.711e-6, 1e-12, "send");
    gsl_test_rel(loggp_time_s(&GIGABIT, LOGGP_RECV, 100, 1), 2.317e-6, 1e-12, "receive");
    gsl_test_rel(loggp_time_s(&GIGABIT, LOGGP_ONE_WAY, 100, 1), 25.888e-6, 1e-12, "one way");
    gsl_test_rel(loggp_time_s(&GIGABIT, LOGGP_STREAM, 100, 10), 102.728e-6, 1e-12, "stream");
    assert_int_equal(gsl_test_summary(), 0);
}

static void times_without_error_give_back_what_made_them(void **state)
{
    (void)state;
    struct loggp_point point[POINTS];
    struct loggp result;
    const int n = draw_points(&GIGABIT, 0.0, 1, point);
    assert_int_equal(loggp_fit(n, point, &HOW, &result), 0);
    gsl_test_rel(result.send_s.value, 1.7e-6, 1e-9, "o_s");
    gsl_test_rel(result.send_byte_s.value, 0.11e-9, 1e-7, "O_s");
    gsl_test_rel(result.recv_s.value, 2.3e-6, 1e-9, "o_r");
    gsl_test_rel(result.recv_byte_s.value, 0.17e-9, 1e-7, "O_r");
    gsl_test_rel(result.latency_s.value, 21e-6, 1e-9, "L");
    gsl_test_rel(result.gap_s.value, 4.9e-6, 1e-9, "g");
    gsl_test_rel(result.gap_byte_s.value, 8.6e-9, 1e-9, "G");
    gsl_test_abs(result.error, 0.0, 1e-9, "error");
    assert_false(result.is_gap_bound || result.is_latency_bound);
    assert_int_equal(gsl_test_summary(), 0);
}

static bool holds(const struct estimate *estimate, double truth)
{
    return estimate->ci95_lo <= truth && truth <= estimate->ci95_hi;
}

static void intervals_hold_the_truth(void **state)
{
    (void)state;
    enum { TRIALS = 60 };
    int n_latency = 0, n_gap = 0, n_gap_byte = 0, n_send = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct loggp_point point[POINTS];
        struct loggp result;
        const int n = draw_points(&GIGABIT, 0.03, (uint64_t)trial, point);
        assert_int_equal(loggp_fit(n, point, &(struct resampling){100, 3}, &result), 0);
        assert_true(result.latency_s.ci95_hi < 24e-6 && result.latency_s.ci95_lo > 18e-6);
        n_latency += holds(&result.latency_s, 21e-6);
        n_gap += holds(&result.gap_s, 4.9e-6);
        n_gap_byte += holds(&result.gap_byte_s, 8.6e-9);
        n_send += holds(&result.send_s, 1.7e-6);
    }
    assert_true(n_latency >= 0.88 * TRIALS && n_gap >= 0.88 * TRIALS);
    assert_true(n_gap_byte >= 0.88 * TRIALS && n_send >= 0.88 * TRIALS);
}

/* Processors that take longer than the wire's gap of 0.4 us set the pace, 2.3 us. */
static void a_gap_below_the_overheads_is_an_upper_bound(void **state)
{
    (void)state;
    struct loggp_point point[POINTS];
    struct loggp truth = GIGABIT, result;
    truth.gap_s.value = 0.4e-6;
    truth.gap_byte_s.value = 0.01e-9;
    const int n = draw_points(&truth, 0.0, 1, point);
    assert_int_equal(loggp_fit(n, point, &HOW, &result), 0);
    assert_true(result.is_gap_bound);
    gsl_test_rel(result.gap_s.value, 2.3e-6, 1e-3, "the receiver's overhead");
    gsl_test_rel(result.latency_s.value, 21e-6, 1e-9, "L");
    gsl_test_rel(result.gap_byte_s.value, 0.01e-9, 1e-5, "G");
    assert_int_equal(gsl_test_summary(), 0);
}

static void without_streams_the_gap_is_at_most_the_larger_overhead(void **state)
{
    (void)state;
    struct loggp_point point[POINTS];
    struct loggp result;
    const int n = draw_points(&GIGABIT, 0.0, 1, point);
    int n_kept = 0;
    for (int i = 0; i < n; i++) {
        if (point[i].kind != LOGGP_STREAM)
            point[n_kept++] = point[i];
    }
    assert_int_equal(loggp_fit(n_kept, point, &HOW, &result), 0);
    assert_true(result.is_gap_bound);
    gsl_test_rel(result.gap_s.value, 2.3e-6, 1e-9, "o_r");
    gsl_test_rel(result.latency_s.value, 21e-6, 1e-9, "L");
    gsl_test_rel(result.gap_byte_s.value, 8.6e-9, 1e-9, "G");
    assert_int_equal(gsl_test_summary(), 0);
}

/* Calls of 4 us on each side of a way of 3 us: nothing is left for the latency, and no number may
 * be negative for it. */
static void a_way_shorter_than_its_calls_has_no_latency(void **state)
{
    (void)state;
    struct loggp_point point[12];
    struct loggp result;
    for (int i = 0; i < 12; i++) {
        const int size = 1 + i / 3;
        point[i] = (struct loggp_point){(enum loggp_kind)(i % 3), 10.0 * size, 1,
                                        i % 3 == LOGGP_ONE_WAY ? 3e-6 : 4e-6, i};
    }
    assert_int_equal(loggp_fit(12, point, &HOW, &result), 0);
    assert_true(result.is_latency_bound && result.latency_s.value == 0.0);
    assert_true(result.send_s.value > 0.0 && result.recv_s.value > 0.0);
}

static void refuses_what_tells_nothing(void **state)
{
    (void)state;
    struct loggp_point point[POINTS];
    struct loggp result = {.error = 7.25};
    const int n = draw_points(&GIGABIT, 0.0, 1, point);

    assert_int_equal(loggp_fit(0, point, &HOW, &result), -EDOM);
    struct loggp_point same[12];
    for (int i = 0; i < 12; i++)
        same[i] = (struct loggp_point){(enum loggp_kind)(i % 3), 64.0, 1, 4e-6, i};
    assert_int_equal(loggp_fit(12, same, &HOW, &result), -EDOM);
    for (int kind = LOGGP_SEND; kind <= LOGGP_ONE_WAY; kind++) {
        struct loggp_point without[POINTS];
        int n_kept = 0;
        for (int i = 0; i < n; i++) {
            if ((int)point[i].kind != kind)
                without[n_kept++] = point[i];
        }
        assert_int_equal(loggp_fit(n_kept, without, &HOW, &result), -EDOM);
    }
    const double bad[] = {NAN, INFINITY, 0.0, -1e-6};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        draw_points(&GIGABIT, 0.0, 1, point);
        point[5].time_s = bad[i];
        assert_int_equal(loggp_fit(n, point, &HOW, &result), -EINVAL);
    }
    draw_points(&GIGABIT, 0.0, 1, point);
    point[3].n_messages = 1;
    assert_int_equal(loggp_fit(n, point, &HOW, &result), -EINVAL);
    assert_true(result.error == 7.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predicts_times_worked_by_hand),
        cmocka_unit_test(times_without_error_give_back_what_made_them),
        cmocka_unit_test(intervals_hold_the_truth),
        cmocka_unit_test(a_gap_below_the_overheads_is_an_upper_bound),
        cmocka_unit_test(without_streams_the_gap_is_at_most_the_larger_overhead),
        cmocka_unit_test(a_way_shorter_than_its_calls_has_no_latency),
        cmocka_unit_test(refuses_what_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
