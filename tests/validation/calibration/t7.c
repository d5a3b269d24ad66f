/*
 * An overhead of 2 us that was put into every message comes back: target, intervals that hold it in
 * 92 of 100 measurements. And what is called equivalent, different or undecided.
 *
 * usage: calibration_t7   of 400 synthetic pairs of sides: 16 sizes up to 64 KiB, 30 blocks, blocks
 *                         that differ by 2 % on each side, visits by 5 %, one of twenty up to 3
 *                         times as long
 */
#include "calibration/fit/deming.h"
#include "calibration/fit/equivalence.h"
#include "models/random.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAIRS = 400, SIZES = 16, BLOCKS = 30, POINTS = SIZES * BLOCKS };

static const struct resampling HOW = {200, 1};
static const double OVERHEAD_S = 2e-6;

static double err(struct random_stream *stream)
{
    const double tail = random_uniform(stream) < 0.05 ? 1.0 + 2.0 * random_uniform(stream) : 1.0;
    return tail * random_lognormal(stream, 0.05);
}

/* Messages take 5 to 50 us and 0.1 to 10 ns a byte natively. */
static void draw_points(uint64_t pair, double overhead_s, double factor,
                        struct paired_point point[])
{
    struct random_stream stream = random_stream_for(pair, "pair", 0);
    const double message_s = 5e-6 * pow(10.0, random_uniform(&stream));
    const double byte_s = 1e-10 * pow(100.0, random_uniform(&stream));
    for (int block = 0; block < BLOCKS; block++) {
        const double native = random_lognormal(&stream, 0.02);
        const double virtual = random_lognormal(&stream, 0.02);
        for (int i = 0; i < SIZES; i++) {
            const double size_B = pow(2.0, i + 1);
            const double native_s = message_s + byte_s * size_B;
            point[block * SIZES + i] = (struct paired_point){
                size_B, native_s * native * err(&stream),
                (overhead_s + factor * native_s) * virtual * err(&stream), block, 1};
        }
    }
}

static bool holds(const struct estimate *estimate, double truth)
{
    return estimate->ci95_lo <= truth && truth <= estimate->ci95_hi;
}

static void recover(void)
{
    static struct paired_point point[POINTS];
    int n_message = 0, n_byte = 0, n_added = 0, n_factor = 0;
    double mean_s = 0.0, square_s2 = 0.0, width_s = 0.0;
    for (int pair = 0; pair < PAIRS; pair++) {
        struct overhead overhead;
        struct deming line;
        draw_points((uint64_t)pair, OVERHEAD_S, 1.0, point);
        if (overhead_fit(POINTS, point, &HOW, &overhead) < 0 ||
            deming_fit(POINTS, point, &HOW, &line) < 0)
            abort();
        n_message += holds(&overhead.message_s, OVERHEAD_S);
        n_byte += holds(&overhead.byte_s, 0.0);
        n_added += holds(&line.added_s, OVERHEAD_S);
        n_factor += holds(&line.factor, 1.0);
        mean_s += overhead.message_s.value / PAIRS;
        square_s2 += pow(overhead.message_s.value - OVERHEAD_S, 2.0) / PAIRS;
        width_s += (overhead.message_s.ci95_hi - overhead.message_s.ci95_lo) / PAIRS;
    }
    printf("+2 us a message, %d pairs of sides\n", PAIRS);
    printf("  per message: mean %.3f us, error %.3f us, interval %.3f us wide holds it %.1f %%\n",
           1e6 * mean_s, 1e6 * sqrt(square_s2), 1e6 * width_s, 100.0 * n_message / PAIRS);
    printf("  per byte: interval holds 0 %.1f %%\n", 100.0 * n_byte / PAIRS);
    printf("  Deming regression: intervals hold the 2 us %.1f %%, the factor 1 %.1f %%\n",
           100.0 * n_added / PAIRS, 100.0 * n_factor / PAIRS);
}

static void judge(double ratio)
{
    int n[3] = {0};
    for (int pair = 0; pair < PAIRS; pair++) {
        struct equivalence_point point[BLOCKS];
        struct equivalence result;
        struct random_stream stream = random_stream_for((uint64_t)pair, "judge", 0);
        for (int block = 0; block < BLOCKS; block++)
            point[block] = (struct equivalence_point){
                20e-6 * random_lognormal(&stream, 0.03),
                20e-6 * ratio * random_lognormal(&stream, 0.03), block / (BLOCKS / 3)};
        if (equivalence_test(BLOCKS, point, EQUIVALENCE_MARGIN, &result) < 0)
            abort();
        n[result.verdict]++;
    }
    printf("  ratio %.3f: no overhead %5.1f %%, overhead or gain %5.1f %%, undecided %5.1f %%\n",
           ratio, 100.0 * n[EQUIVALENT] / PAIRS, 100.0 * n[DIFFERENT] / PAIRS,
           100.0 * n[UNDECIDED] / PAIRS);
}

int main(void)
{
    recover();
    printf("equivalence within %g %%, 3 launches of 10 blocks\n", 100.0 * EQUIVALENCE_MARGIN);
    static const double ratios[] = {1.0, 1.01, 1.02, 1.03, 1.05, 1.1};
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++)
        judge(ratios[i]);
    return 0;
}
