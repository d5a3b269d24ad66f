#include "synthetic_timings.h"

#include "calibration/fit/segment_search.h"
#include "models/random.h"

#include <assert.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

static double between(struct random_stream *stream, double low, double high)
{
    return low + (high - low) * random_uniform(stream);
}

static double log_between(struct random_stream *stream, double low, double high)
{
    return exp(between(stream, log(low), log(high)));
}

/* --- truth ----------------------------------------------------------------------------------- */

static void draw_breaks(struct random_stream *stream, struct synthetic_truth *truth)
{
    const int n = truth->n_pieces - 1;
    for (bool is_apart = false; !is_apart;) {
        for (int i = 0; i < n; i++) {
            const double size_B = log_between(stream, 64.0, truth->largest_B / 4.0);
            truth->last_B[i] =
                random_uniform(stream) < 0.5 ? exp2(round(log2(size_B))) : floor(size_B);
        }
        gsl_sort(truth->last_B, 1, (size_t)n);
        is_apart = true;
        for (int i = 1; i < n; i++)
            is_apart = is_apart && truth->last_B[i] >= 4.0 * truth->last_B[i - 1];
    }
}

static void draw_lines(struct random_stream *stream, struct synthetic_truth *truth)
{
    truth->a_s[0] = log_between(stream, 0.5e-6, 50e-6);
    truth->b_spB[0] = 1.0 / log_between(stream, 0.1e9, 10e9);
    for (int i = 1; i < truth->n_pieces; i++) {
        const double break_B = truth->last_B[i - 1];
        const double before_s = truth->a_s[i - 1] + truth->b_spB[i - 1] * break_B;
        const double after_s = before_s * (1.0 + log_between(stream, 0.05, 1.0));
        const double slope = truth->b_spB[i - 1] * log_between(stream, 0.4, 2.5);
        truth->b_spB[i] = fmin(slope, after_s / break_B);
        truth->a_s[i] = fmax(0.0, after_s - truth->b_spB[i] * break_B);
    }
}

struct synthetic_truth synthetic_truth_draw(uint64_t seed, int n_pieces)
{
    struct random_stream stream = random_stream_for(seed, "synthetic truth", 0);
    struct synthetic_truth truth = {.n_pieces = n_pieces,
                                    .largest_B = 4194304.0,
                                    .noise = log_between(&stream, 0.02, 0.2),
                                    .n_launches = 3,
                                    .n_blocks = 10};
    truth.visit_noise = truth.noise * between(&stream, 0.2, 0.8);
    truth.launch_noise = between(&stream, 0.0, 0.01);
    truth.outliers = between(&stream, 0.0, 0.05);
    draw_breaks(&stream, &truth);
    draw_lines(&stream, &truth);
    return truth;
}

static int piece_of(const struct synthetic_truth *truth, double size_B)
{
    int piece = 0;
    while (piece + 1 < truth->n_pieces && size_B > truth->last_B[piece])
        piece++;
    return piece;
}

double synthetic_time_s(const struct synthetic_truth *truth, double size_B)
{
    const int piece = piece_of(truth, size_B);
    return truth->a_s[piece] + truth->b_spB[piece] * size_B;
}

/* --- measuring ------------------------------------------------------------------------------- */

/* Lognormal of median 1. */
static double factor(struct random_stream *stream, double spread)
{
    return exp(sqrt(log1p(spread * spread)) * random_normal(stream));
}

static void draw_visit(struct random_stream *stream, const struct synthetic_truth *truth,
                       double times_s[SYNTHETIC_REPETITIONS])
{
    double visit = factor(stream, truth->visit_noise);
    if (random_uniform(stream) < truth->outliers / 3.0)
        visit *= between(stream, 1.5, 3.0);
    for (int i = 0; i < SYNTHETIC_REPETITIONS; i++) {
        times_s[i] = visit * factor(stream, truth->noise);
        if (random_uniform(stream) < truth->outliers)
            times_s[i] *= between(stream, 2.0, 10.0);
    }
}

/* The median over a great many visits, of which single ones are off by a thousandth. */
static double median_visit(const struct synthetic_truth *truth)
{
    enum { VISITS = 40001 };
    static double medians[VISITS];
    struct random_stream stream = random_stream_for(1, "synthetic shift", 0);
    for (int i = 0; i < VISITS; i++) {
        double times[SYNTHETIC_REPETITIONS];
        draw_visit(&stream, truth, times);
        medians[i] = median_of(SYNTHETIC_REPETITIONS, times);
    }
    return median_of(VISITS, medians);
}

void synthetic_init(struct synthetic *synthetic, const struct synthetic_truth *truth, uint64_t seed)
{
    *synthetic = (struct synthetic){.truth = *truth, .seed = seed, .shift = median_visit(truth)};
}

void synthetic_release(struct synthetic *synthetic)
{
    for (int i = 0; i < synthetic->n; i++)
        free((double *)synthetic->visits[i].times_s);
    free(synthetic->visits);
    *synthetic = (struct synthetic){0};
}

void synthetic_measure(struct synthetic *synthetic, double size_B)
{
    const struct synthetic_truth *truth = &synthetic->truth;
    const int n = truth->n_launches * truth->n_blocks;
    if (synthetic->n + n > synthetic->room) {
        synthetic->room = 2 * (synthetic->n + n);
        synthetic->visits =
            realloc(synthetic->visits, (size_t)synthetic->room * sizeof *synthetic->visits);
        assert(synthetic->visits);
    }
    struct random_stream stream =
        random_stream_for(synthetic->seed, "synthetic visits", (uint64_t)size_B);
    for (int i = 0; i < n; i++) {
        const int launch = i / truth->n_blocks;
        struct random_stream of_launch =
            random_stream_for(synthetic->seed, "synthetic launch", (uint64_t)launch);
        const double scale = synthetic_time_s(truth, size_B) / synthetic->shift *
                             factor(&of_launch, truth->launch_noise);
        double *times_s = calloc(SYNTHETIC_REPETITIONS, sizeof *times_s);
        assert(times_s);
        draw_visit(&stream, truth, times_s);
        for (int k = 0; k < SYNTHETIC_REPETITIONS; k++)
            times_s[k] *= scale;
        synthetic->visits[synthetic->n++] = (struct timed_visit){
            .size_B = size_B, .launch = launch + 1, .n = SYNTHETIC_REPETITIONS, .times_s = times_s};
    }
}

void synthetic_measure_sizes(struct synthetic *synthetic, int n_random)
{
    struct random_stream stream = random_stream_for(synthetic->seed, "synthetic sizes", 0);
    const double largest_B = synthetic->truth.largest_B;
    double *sizes_B = calloc((size_t)n_random + 3 * 64, sizeof *sizes_B);
    assert(sizes_B);
    int n = 0;
    for (int i = 0; i < n_random; i++)
        sizes_B[n++] = floor(log_between(&stream, 1.0, largest_B));
    for (double power_B = 1.0; power_B <= largest_B; power_B *= 2.0)
        for (double near_B = power_B - 1.0; near_B <= power_B + 1.0; near_B += 1.0)
            sizes_B[n++] = near_B;
    gsl_sort(sizes_B, 1, (size_t)n);
    for (int i = 0; i < n; i++)
        if (i == 0 || sizes_B[i] != sizes_B[i - 1])
            synthetic_measure(synthetic, sizes_B[i]);
    free(sizes_B);
}

/* --- what can be seen ------------------------------------------------------------------------ */

static double location_variance(const struct synthetic_truth *truth)
{
    const double of_visit = truth->visit_noise * truth->visit_noise +
                            M_PI_2 * truth->noise * truth->noise / SYNTHETIC_REPETITIONS;
    return M_PI_2 * of_visit / (truth->n_launches * truth->n_blocks);
}

bool synthetic_is_visible(const struct synthetic *synthetic, int piece)
{
    static const double POWER_99 = 2.3263478740408408; /* quantile of the normal distribution */
    const struct synthetic_truth *truth = &synthetic->truth;
    struct line_sums sums = {0};
    double last_B = -1.0;
    int n_sizes = 0;
    for (int i = 0; i < synthetic->n; i++) {
        const double size_B = synthetic->visits[i].size_B;
        if (size_B == last_B)
            continue;
        last_B = size_B;
        n_sizes++;
        const double time_s = synthetic_time_s(truth, size_B);
        const int at = piece_of(truth, size_B);
        if (at == piece || at == piece + 1)
            line_sums_add(&sums, size_B, time_s,
                          1.0 / (time_s * time_s * location_variance(truth)));
    }
    double a_s, b_spB;
    const double added = line_sums_fit(&sums, &a_s, &b_spB);
    /* Of segment.h: two numbers of a line, and the place of a breakpoint. */
    const double penalty = 2.0 * log(sums.n / 2.0) + 2.0 * log(n_sizes);
    return sqrt(added) >= sqrt(penalty) + POWER_99;
}
