/*
 * What vhpc-measure times on a node does what it says, and is as much as is counted.
 */
#include "calibration/measure/extent.h"
#include "calibration/measure/kernel_fft.h"
#include "calibration/measure/kernel_memory.h"
#include "calibration/measure/kernel_pairs.h"
#include "calibration/measure/kernel_sort.h"
#include "calibration/measure/random.h"
#include "calibration/measure/shapes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- Fourier transforms ------------------------------------------------------------------- */

static void draw_points(int n, struct point points[])
{
    struct random_stream stream = random_stream(7, "points", (unsigned long)n);
    for (int i = 0; i < n; i++)
        points[i] = (struct point){random_fraction(&stream) - 0.5, random_fraction(&stream) - 0.5};
}

/* One sum after the other. */
static struct point naive_transform(int n, const struct point x[], int k)
{
    struct point sum = {0.0, 0.0};
    for (int j = 0; j < n; j++) {
        const double angle = -2.0 * M_PI * (double)((long)j * k % n) / n;
        sum.re += x[j].re * cos(angle) - x[j].im * sin(angle);
        sum.im += x[j].re * sin(angle) + x[j].im * cos(angle);
    }
    return sum;
}

static void assert_near(struct point a, struct point b, int n)
{
    assert_true(hypot(a.re - b.re, a.im - b.im) < 1e-13 * n);
}

static void short_transforms_are_those_of_the_definition(void **state)
{
    enum { MOST = 1 << 9 };
    struct point start[MOST], x[MOST], y[MOST], roots[MOST];
    (void)state;

    for (int n = 1; n <= MOST; n *= 2) {
        draw_points(n, start);
        memcpy(x, start, sizeof start);
        fft_roots(n, roots);
        const struct point *done = fft_short(n, n, roots, x, y);
        for (int k = 0; k < n; k++)
            assert_near(done[k], naive_transform(n, start, k), n);
    }
}

static void long_transforms_are_those_of_the_definition(void **state)
{
    (void)state;

    for (int n = 64; n <= 1 << 13; n *= 2) {
        struct point *start = calloc((size_t)n, sizeof *start);
        struct point *x = calloc((size_t)n, sizeof *x), *y = calloc((size_t)n, sizeof *y);
        struct point *memory = calloc((size_t)fft_plan_points(n), sizeof *memory);
        draw_points(n, start);
        memcpy(x, start, (size_t)n * sizeof *x);
        const struct fft_plan plan = fft_plan_init(n, memory);
        assert_int_equal(plan.rows * plan.columns, n);
        fft_long(&plan, x, y);
        for (int k = 0; k < n; k += n / 64 + 1)
            assert_near(x[k], naive_transform(n, start, k), n);
        free(memory);
        free(y);
        free(x);
        free(start);
    }
}

/* --- sorting, pairs ----------------------------------------------------------------------- */

static void ranks_of_keys_are_those_of_counting(void **state)
{
    enum { N = 5000 };
    uint32_t keys[N], in_buckets[N];
    (void)state;

    sort_draw_keys(11, N, keys);
    struct sort sort = {.n = N, .keys = keys, .in_buckets = in_buckets};
    sort_rank_keys(&sort);
    for (uint32_t key = 0; key < SORT_RANGE; key += 37) {
        int n_up_to = 0;
        for (int i = 0; i < N; i++)
            n_up_to += keys[i] <= key;
        assert_int_equal(sort.counts[key], n_up_to);
    }
    assert_int_equal(sort.counts[SORT_RANGE - 1], N);
}

/* A circle has pi/4 of its square, and the sum of both variances of deviates is 2. */
static void pairs_are_accepted_as_often_as_a_circle_is_large(void **state)
{
    enum { N = 1 << 16 };
    struct pairs pairs;
    int n_counted = 0;
    (void)state;

    pairs_draw(N, &pairs);
    assert_true(fabs((double)pairs.n_accepted / N - M_PI_4) < 0.005);
    for (int i = 0; i < N_ANNULI; i++)
        n_counted += pairs.counts[i];
    assert_int_equal(n_counted, pairs.n_accepted);
    /* Both of a pair are below 1 with probability 0.6827^2 = 0.4661. */
    assert_true(fabs((double)pairs.counts[0] / pairs.n_accepted - 0.4661) < 0.006);
    /* Two numbers at 5 and 8 more of each of 10 pairs, 31 of each of 7 accepted: 180 + 217. */
    assert_true(pairs_operations(10, 7) == 397.0);
    /* 10 of each of 1000 keys, 2 of each of 2048 places. */
    assert_true(sort_operations(1000) == 14096.0);
}

/* --- memory ------------------------------------------------------------------------------- */

static void streams_do_what_stream_does(void **state)
{
    enum { N = 1000 };
    static uint64_t words[N];
    static double a[N], b[N], c[N];
    uint64_t sum = 0;
    (void)state;

    for (int i = 0; i < N; i++) {
        words[i] = (uint64_t)i * 0x9e3779b97f4a7c15u;
        sum += words[i];
        b[i] = i + 0.385;
        c[i] = 3.0 * i;
    }
    assert_true(stream_read(N, words) == sum);
    stream_triad(N, a, b, c, 0.5);
    assert_true(a[0] == 0.385 && a[999] == 999.385 + 0.5 * 2997.0);
    stream_copy(N, a, c);
    assert_memory_equal(a, c, sizeof a);
}

static void transposing_twice_adds_both_transposes(void **state)
{
    enum { N = 173 }; /* no multiple of a block */
    static double a[N * N], c[N * N];
    (void)state;

    for (int i = 0; i < N * N; i++)
        a[i] = i * 0.25;
    transpose_add(N, a, c);
    transpose_add(N, a, c);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            assert_true(c[i * N + j] == 2.0 * a[j * N + i]);
}

/* An update that comes twice leaves nothing. */
static void updates_at_random_can_be_undone(void **state)
{
    enum { N_WORDS = 1 << 12, N_UPDATES = 128 * 40 };
    static uint64_t table[N_WORDS];
    struct updates updates;
    int n_changed = 0;
    (void)state;

    for (int pass = 0; pass < 2; pass++) {
        updates_start(5, &updates);
        updates_apply(&updates, N_UPDATES, N_WORDS, table);
        n_changed = 0;
        for (int i = 0; i < N_WORDS; i++)
            n_changed += table[i] != 0;
        /* 5120 at random miss a word of 4096 with probability exp(-1.25) = 0.2865. */
        if (pass == 0)
            assert_true(abs(n_changed - (int)(0.7135 * N_WORDS)) < 120);
    }
    assert_int_equal(n_changed, 0);
}

static void chains_read_each_line_once_and_one_window_after_the_other(void **state)
{
    enum { N = 1 << 12 };
    static const uint64_t table[N * LINE_WORDS];
    (void)state;

    for (size_t window = 8; window <= N; window *= 8) {
        bool is_read[N] = {false};
        struct chain chain = chain_start(table, N, window);
        for (size_t i = 0; i < N; i++) {
            const size_t line = chain.first + chain.at;
            assert_int_equal(chain.first, i / window * window);
            assert_false(is_read[line]);
            is_read[line] = true;
            chain_follow(&chain, 1);
        }
        assert_true(chain.first == 0 && chain.at == 0);
    }
}

/* Where it stands after many at once is where it stands after one by one; a table that says
 * something else leads elsewhere, so it must be read. */
static void chains_depend_on_what_they_read(void **state)
{
    enum { N = 1 << 10 };
    static uint64_t table[N * LINE_WORDS];
    struct chain one_by_one = chain_start(table, N, N / 4), at_once = one_by_one;
    (void)state;

    for (int i = 0; i < 700; i++)
        chain_follow(&one_by_one, 1);
    chain_follow(&at_once, 700);
    assert_true(one_by_one.first == at_once.first && one_by_one.at == at_once.at);
    for (int i = 0; i < N * LINE_WORDS; i++)
        table[i] = 4;
    struct chain other = chain_start(table, N, N / 4);
    chain_follow(&other, 700);
    assert_true(other.first == at_once.first && other.at != at_once.at);
}

/* A prefetcher would guess lines that are next to each other, or always as far apart. */
static void chains_have_no_stride(void **state)
{
    enum { N = 1 << 14 };
    uint64_t *table = calloc(N * LINE_WORDS, sizeof *table);
    struct chain chain = chain_start(table, N, N);
    int n_near = 0, n_same_step = 0;
    long last_step = 0;
    (void)state;

    for (int i = 0; i < N; i++) {
        const long from = (long)chain.at;
        chain_follow(&chain, 1);
        const long step = (long)chain.at - from;
        n_near += labs(step) <= 2;
        n_same_step += step == last_step;
        last_step = step;
    }
    assert_true(n_near < N / 500);
    assert_true(n_same_step < N / 500);
    free(table);
}

/* --- how much ----------------------------------------------------------------------------- */

static void counts_of_ranks_rise_from_one_to_all(void **state)
{
    static const int of_24[] = {1, 2, 3, 4, 6, 8, 12, 16, 24};
    int counts[MOST_COUNTS];
    (void)state;

    for (int n_ranks = 1; n_ranks < 300; n_ranks++)
        for (int t = QUICK; t <= FULL; t++) {
            const int n = extent_rank_counts(n_ranks, (enum thoroughness)t, counts);
            assert_int_equal(counts[0], 1);
            assert_int_equal(counts[n - 1], n_ranks);
            for (int i = 1; i < n; i++)
                assert_true(counts[i] > counts[i - 1]);
        }
    assert_int_equal(extent_rank_counts(24, USUAL, counts), 9);
    assert_memory_equal(counts, of_24, sizeof of_24);
    assert_int_equal(extent_rank_counts(24, QUICK, counts), 2);
}

static void batches_reach_their_time_and_no_more(void **state)
{
    (void)state;

    for (double one_s = 1e-9; one_s < 10.0; one_s *= 1.7) {
        const long n = extent_batch(one_s, 1e-3);
        assert_true(n >= 1 && n <= 1000000);
        assert_true((double)n * one_s >= 1e-3 || n == 1000000);
        assert_true((double)(n - 1) * one_s < 1e-3);
    }
    assert_int_equal(extent_batch(0.0, 1e-3), 1000000);
    assert_int_equal(extent_repetitions(1e-4, 6), 6);
    assert_int_equal(extent_repetitions(3.7, 6), 3);
}

static void arrays_are_beyond_caches_where_memory_allows(void **state)
{
    (void)state;

    /* 4 x 33 MiB is 132 MiB, the next power of two 256. */
    assert_true(extent_beyond_caches_B(33.0 * 0x1p20, 0x1p40) == 256.0 * 0x1p20);
    assert_true(extent_beyond_caches_B(32.0 * 0x1p20, 0x1p40) == 128.0 * 0x1p20);
    assert_true(extent_beyond_caches_B(33.0 * 0x1p20, 100.0 * 0x1p20) == 64.0 * 0x1p20);
    assert_true(extent_beyond_caches_B(0x1p40, 0x1p50) == 0x1p30);
    assert_true(extent_beyond_caches_B(1000.0, 1000.0) == 0x1p20);
    assert_true(extent_power_below(4.0, 64.0) == 64.0);
    assert_true(extent_power_below(4.0, 63.9) == 16.0);
    assert_true(extent_power_below(4.0, 0.3) == 0.25);
}

/* Of 100 GiB, 10 stay free: with 12 free, 2 can be used; of 5 GiB, 1 stays free. */
static void files_leave_room_to_others(void **state)
{
    const double gib = 0x1p30;
    (void)state;

    assert_true(extent_file_B(0.5 * gib, 50.0 * gib, 100.0 * gib) == 0.5 * gib);
    assert_true(extent_file_B(4.0 * gib, 12.0 * gib, 100.0 * gib) == 2.0 * gib);
    assert_true(extent_file_B(4.0 * gib, 10.0 * gib, 100.0 * gib) == 0.0);
    assert_true(extent_file_B(4.0 * gib, 3.0 * gib, 5.0 * gib) == 2.0 * gib);
    assert_true(extent_file_B(4.0 * gib, 0.9 * gib, 5.0 * gib) == 0.0);
    /* 15 MiB of room are too few. */
    assert_true(extent_file_B(4.0 * gib, gib + 15.0 * 0x1p20, 5.0 * gib) == 0.0);
}

static void shapes_take_no_longer_than_they_may(void **state)
{
    struct shape shapes[MOST_SHAPES];
    (void)state;

    for (int t = QUICK; t <= FULL; t++)
        for (double rate_flops = 1e8; rate_flops < 2e11; rate_flops *= 4.0) {
            const int n = shapes_choose(3, (enum thoroughness)t, rate_flops, SHAPES_WORDS, shapes);
            assert_true(n >= 15 && n <= MOST_SHAPES);
            double longest_s = 0.0;
            for (int i = 0; i < n; i++) {
                assert_true(shapes[i].m >= 1 && shapes[i].n >= 1 && shapes[i].k >= 1);
                assert_true(shape_words(&shapes[i]) <= SHAPES_WORDS);
                longest_s = fmax(longest_s, shape_flops(&shapes[i]) / rate_flops);
            }
            assert_true(longest_s <= 0.25);
        }
}

static void machines_alike_have_the_same_shapes_others_some(void **state)
{
    struct shape fast[MOST_SHAPES], again[MOST_SHAPES], slow[MOST_SHAPES];
    int n_common = 0;
    (void)state;

    const int n = shapes_choose(3, USUAL, 6e10, SHAPES_WORDS, fast);
    assert_int_equal(shapes_choose(3, USUAL, 6e10, SHAPES_WORDS, again), n);
    assert_memory_equal(fast, again, (size_t)n * sizeof fast[0]);
    const int n_slow = shapes_choose(3, USUAL, 1e9, SHAPES_WORDS, slow);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n_slow; j++)
            n_common += memcmp(&fast[i], &slow[j], sizeof fast[i]) == 0;
    assert_true(n_common >= n / 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_transforms_are_those_of_the_definition),
        cmocka_unit_test(long_transforms_are_those_of_the_definition),
        cmocka_unit_test(ranks_of_keys_are_those_of_counting),
        cmocka_unit_test(pairs_are_accepted_as_often_as_a_circle_is_large),
        cmocka_unit_test(streams_do_what_stream_does),
        cmocka_unit_test(transposing_twice_adds_both_transposes),
        cmocka_unit_test(updates_at_random_can_be_undone),
        cmocka_unit_test(chains_read_each_line_once_and_one_window_after_the_other),
        cmocka_unit_test(chains_depend_on_what_they_read),
        cmocka_unit_test(chains_have_no_stride),
        cmocka_unit_test(counts_of_ranks_rise_from_one_to_all),
        cmocka_unit_test(batches_reach_their_time_and_no_more),
        cmocka_unit_test(arrays_are_beyond_caches_where_memory_allows),
        cmocka_unit_test(files_leave_room_to_others),
        cmocka_unit_test(shapes_take_no_longer_than_they_may),
        cmocka_unit_test(machines_alike_have_the_same_shapes_others_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
