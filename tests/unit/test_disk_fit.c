/*
 * What a request to a disk takes, from times that a known one makes.
 */
#include "calibration/fit/disk_fit.h"
#include "models/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <gsl/gsl_test.h>
#include <math.h>

enum { BLOCKS = 10, SIZES = 3, DEPTHS = 3, POINTS = BLOCKS * SIZES * DEPTHS * 4 };

static const struct resampling HOW = {100, 3};

/* Reads 171.3 MB/s, writes 153.7 MB/s, latency 83 us, 4.7 ms a seek; requests wait for each other.
 */
static double time_of(const struct disk_point *point)
{
    const double seek_s = point->is_random && !point->is_write ? 4.7e-3 : 0.0;
    const double byte_s = point->is_write ? 1.0 / 153.7e6 : 1.0 / 171.3e6;
    return point->n_under_way * (83e-6 + seek_s + byte_s * point->size_B);
}

static void draw_points(double noise, bool is_direct, struct disk_point point[])
{
    static const double size_B[SIZES] = {4096, 65536, 1048576};
    int n = 0;
    for (int block = 0; block < BLOCKS; block++) {
        struct random_stream stream = random_stream_for(7, "block", (uint64_t)block);
        for (int i = 0; i < SIZES * DEPTHS * 4; i++) {
            struct disk_point *drawn = &point[n++];
            *drawn = (struct disk_point){.is_write = i % 2 == 1,
                                         .is_random = i / 2 % 2 == 1,
                                         .is_direct = is_direct,
                                         .size_B = size_B[i / 4 % SIZES],
                                         .n_under_way = 1 << i / 4 / SIZES,
                                         .group = block};
            drawn->time_s = time_of(drawn) * random_lognormal(&stream, noise);
        }
    }
}

static void times_without_error_give_back_the_disk(void **state)
{
    (void)state;
    struct disk_point point[POINTS];
    struct disk_fit fit;
    draw_points(0.0, true, point);
    assert_int_equal(disk_fit(POINTS, point, &HOW, &fit), 0);
    gsl_test_rel(fit.read_Bps.value, 171.3e6, 1e-9, "reads");
    gsl_test_rel(fit.write_Bps.value, 153.7e6, 1e-9, "writes");
    gsl_test_rel(fit.latency_s.value, 83e-6, 1e-9, "latency");
    gsl_test_rel(fit.seek_s.value, 4.7e-3, 1e-9, "seek");
    gsl_test_abs(fit.error, 0.0, 1e-9, "error");
    assert_false(fit.is_cached);
    assert_int_equal(fit.n_depths, DEPTHS);
    for (int i = 0; i < DEPTHS; i++) {
        assert_int_equal(fit.depth[i].n_under_way, 1 << i);
        gsl_test_rel(fit.depth[i].read_Bps, 1048576 / (83e-6 + 1048576 / 171.3e6), 1e-9, "depth");
    }
    assert_int_equal(gsl_test_summary(), 0);
}

static void intervals_lie_round_the_truth(void **state)
{
    (void)state;
    struct disk_point point[POINTS];
    struct disk_fit fit;
    draw_points(0.05, true, point);
    assert_int_equal(disk_fit(POINTS, point, &HOW, &fit), 0);
    assert_true(fit.read_Bps.ci95_lo < 171.3e6 && 171.3e6 < fit.read_Bps.ci95_hi);
    assert_true(fit.write_Bps.ci95_lo < 153.7e6 && 153.7e6 < fit.write_Bps.ci95_hi);
    assert_true(fit.latency_s.ci95_lo < 83e-6 && 83e-6 < fit.latency_s.ci95_hi);
    assert_true(fit.seek_s.ci95_lo < 4.7e-3 && 4.7e-3 < fit.seek_s.ci95_hi);
    assert_true(fit.read_Bps.ci95_hi < 1.15 * fit.read_Bps.ci95_lo);
}

/* Reads that copy 5.3 GB/s and take 1.1 us come from memory, whatever the device is called. */
static void a_cache_gives_itself_away_by_its_speed(void **state)
{
    (void)state;
    enum { CACHED = 20 };
    struct disk_point point[POINTS + CACHED];
    struct disk_fit fit;
    draw_points(0.0, true, point);
    for (int i = 0; i < CACHED; i++) {
        const double size_B = 4096.0 * (1 + i);
        point[POINTS + i] = (struct disk_point){
            .size_B = size_B, .n_under_way = 1, .time_s = 1.1e-6 + size_B / 5.3e9, .group = i};
    }
    assert_int_equal(disk_fit(POINTS + CACHED, point, &HOW, &fit), 0);
    gsl_test_rel(fit.read_Bps.value, 171.3e6, 1e-9, "direct requests are taken alone");
    assert_false(fit.is_cached);

    assert_int_equal(disk_fit(CACHED, &point[POINTS], &HOW, &fit), 0);
    assert_true(fit.is_cached);
    gsl_test_rel(fit.read_Bps.value, 5.3e9, 1e-9, "all that there is");
    assert_true(isnan(fit.write_Bps.value));
    assert_int_equal(gsl_test_summary(), 0);
}

static void without_random_requests_there_is_no_seek(void **state)
{
    (void)state;
    struct disk_point point[POINTS];
    struct disk_fit fit;
    draw_points(0.0, true, point);
    int n = 0;
    for (int i = 0; i < POINTS; i++) {
        if (!point[i].is_random)
            point[n++] = point[i];
    }
    assert_int_equal(disk_fit(n, point, &HOW, &fit), 0);
    assert_true(fit.seek_s.value == 0.0);
    gsl_test_rel(fit.latency_s.value, 83e-6, 1e-9, "latency");
    assert_int_equal(gsl_test_summary(), 0);
}

static void refuses_what_tells_nothing(void **state)
{
    (void)state;
    struct disk_point point[POINTS];
    struct disk_fit fit = {.error = 7.25};
    draw_points(0.0, true, point);
    assert_int_equal(disk_fit(0, point, &HOW, &fit), -EDOM);
    assert_int_equal(disk_fit(1, point, &HOW, &fit), -EDOM);
    assert_int_equal(disk_fit(4, point, &HOW, &fit), -EDOM);
    for (int i = 0; i < POINTS; i++)
        point[i].n_under_way = 2;
    assert_int_equal(disk_fit(POINTS, point, &HOW, &fit), -EDOM);
    const double bad[] = {NAN, INFINITY, 0.0, -1.0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        draw_points(0.0, true, point);
        point[7].time_s = bad[i];
        assert_int_equal(disk_fit(POINTS, point, &HOW, &fit), -EINVAL);
        point[7].time_s = 1.0;
        point[7].size_B = bad[i];
        assert_int_equal(disk_fit(POINTS, point, &HOW, &fit), -EINVAL);
    }
    draw_points(0.0, true, point);
    point[7].n_under_way = 0;
    assert_int_equal(disk_fit(POINTS, point, &HOW, &fit), -EINVAL);
    assert_true(fit.error == 7.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_without_error_give_back_the_disk),
        cmocka_unit_test(intervals_lie_round_the_truth),
        cmocka_unit_test(a_cache_gives_itself_away_by_its_speed),
        cmocka_unit_test(without_random_requests_there_is_no_seek),
        cmocka_unit_test(refuses_what_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
