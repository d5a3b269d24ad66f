/*
 * A detour of 50 us, 250 times a second, put into a loop that reads its clock: target frequency
 * within 1 %, length within 5 %.
 *
 * usage: calibration_t6         of 20 simulated loops, and of one on this machine, whose detours
 * are a timer's signals
 */
#include "calibration/fit/detour_fit.h"
#include "calibration/measure/detour.h"
#include "models/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LOOPS = 10, MOST = 1 << 19 };

static const double FREQUENCY_HZ = 250.0, LENGTH_S = 50e-6, WATCHED_S = 5.0;
static const struct resampling HOW = {200, 1};

static struct detour seen[MOST];
static double start_s[MOST], length_s[MOST];

/* The record that a rank would write of its watch. */
static struct raw_detours record_of(const struct detour_watch *watch, double observed_s)
{
    for (size_t i = 0; i < watch->n; i++) {
        start_s[i] = watch->detours[i].start_s;
        length_s[i] = watch->detours[i].length_s;
    }
    return (struct raw_detours){.launch = 1,
                                .observed_s = observed_s,
                                .quantum_s = watch->quantum_s,
                                .threshold_s = watch->threshold_s,
                                .n_shorter = watch->n_shorter,
                                .shorter_s = watch->shorter_s,
                                .stolen_s = NAN,
                                .n = (int)watch->n,
                                .start_s = start_s,
                                .length_s = length_s};
}

static void fit(const struct raw_detours *record, struct detour_fit *result)
{
    if (detours_fit(1, record, &HOW, result) < 0) {
        fprintf(stderr, "calibration_t6: a record that cannot be fitted\n");
        exit(1);
    }
}

/* When the next tick, and the next detour of a daemon (40 a second of 4 us), begin. */
struct causes {
    double tick_s, daemon_s;
    bool is_regular;
    struct random_stream stream;
};

static double exponential(struct causes *causes, double rate_Hz)
{
    return -log(random_uniform(&causes->stream)) / rate_Hz;
}

/* Length of a detour that begins before `now_s`; 0: none does. */
static double detour_before(struct causes *causes, double now_s)
{
    if (causes->tick_s <= now_s) {
        causes->tick_s +=
            causes->is_regular ? 1.0 / FREQUENCY_HZ : exponential(causes, FREQUENCY_HZ);
        return LENGTH_S * random_lognormal(&causes->stream, 0.02);
    }
    if (causes->daemon_s <= now_s) {
        causes->daemon_s = now_s + exponential(causes, 40.0);
        return 4e-6 * random_lognormal(&causes->stream, 0.6);
    }
    return 0.0;
}

/* Looks take 60 ns and up to a tenth more; the clock counts in steps of 10 ns. */
static void watch_simulated(uint64_t loop, bool is_regular, struct detour_fit *result)
{
    struct causes causes = {.is_regular = is_regular,
                            .stream = random_stream_for(loop, "loop", is_regular)};
    struct detour_watch watch = {.detours = seen, .most = MOST};
    double now_s = 0.0;
    causes.tick_s = random_uniform(&causes.stream) / FREQUENCY_HZ;
    causes.daemon_s = exponential(&causes, 40.0);
    detour_begin(&watch, 60e-9, 0.0);
    uint64_t step = loop + 1;
    while (now_s < WATCHED_S) {
        step = step * 6364136223846793005u + 1442695040888963407u;
        now_s += 60e-9 + 6e-9 * (double)(step >> 40) * 0x1p-24;
        if (causes.tick_s <= now_s || causes.daemon_s <= now_s)
            now_s += detour_before(&causes, now_s);
        detour_look(&watch, floor(now_s * 1e8) * 1e-8);
    }
    const struct raw_detours record = record_of(&watch, now_s);
    fit(&record, result);
}

static void simulated(void)
{
    double worst_Hz = 0.0, worst_s = 0.0, total_Hz = 0.0, model_s = 0.0;
    int n_told = 0, n_covered = 0, n_random = 0;
    for (int loop = 0; loop < LOOPS; loop++) {
        struct detour_fit result;
        watch_simulated((uint64_t)loop, true, &result);
        const struct detour_source *source = &result.source[0];
        n_told += source->is_periodic && result.n_sources == 2;
        worst_Hz = fmax(worst_Hz, fabs(source->frequency_Hz.value / FREQUENCY_HZ - 1.0));
        worst_s = fmax(worst_s, fabs(source->length_s / LENGTH_S - 1.0));
        n_covered += source->frequency_Hz.ci95_lo <= FREQUENCY_HZ &&
                     FREQUENCY_HZ <= source->frequency_Hz.ci95_hi;
        total_Hz = fmax(total_Hz, fabs(result.frequency_Hz.value / (FREQUENCY_HZ + 40.0) - 1.0));
        model_s =
            fmax(model_s, fabs(result.length_s.value / ((250 * 50e-6 + 40 * 4e-6) / 290) - 1.0));
        watch_simulated((uint64_t)loop, false, &result);
        for (int i = 0; i < result.n_sources; i++)
            n_random += !result.source[i].is_periodic && result.n_sources == 1;
    }
    printf("%d simulated loops of %g s, 250 Hz of 50 us among 40 Hz of 4 us\n", LOOPS, WATCHED_S);
    printf("  ticks told from the rest: %d of %d; of random ones none taken for ticks: %d of %d\n",
           n_told, LOOPS, n_random, LOOPS);
    printf("  their frequency, worst error %.4f %%, interval holds it %d of %d\n", 100.0 * worst_Hz,
           n_covered, LOOPS);
    printf("  their length, worst error %.2f %%\n", 100.0 * worst_s);
    printf("  all detours: frequency, worst error %.2f %%; mean length %.2f %%\n", 100.0 * total_Hz,
           100.0 * model_s);
}

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

/* The watch of vhpc-measure; the loop that looks takes its own core away. */
static void real(void)
{
    static double gaps_s[20001];
    double last_s = now();
    for (size_t i = 0; i < sizeof gaps_s / sizeof gaps_s[0]; i++) {
        const double next_s = now();
        gaps_s[i] = next_s - last_s;
        last_s = next_s;
    }
    const double quantum_s = detour_quantum_s(sizeof gaps_s / sizeof gaps_s[0], gaps_s);
    struct detour_watch watch = {.detours = seen, .most = MOST};
    const double begin_s = now();
    double tick_s = begin_s + 1e-3;
    detour_begin(&watch, quantum_s, begin_s);
    while (watch.last_s - begin_s < WATCHED_S) {
        if (watch.last_s >= tick_s) {
            while (now() - watch.last_s < LENGTH_S)
                ;
            while (tick_s <= watch.last_s + LENGTH_S) /* those that fell into another detour */
                tick_s += 1.0 / FREQUENCY_HZ;
        }
        detour_look(&watch, now());
    }
    const struct raw_detours record = record_of(&watch, watch.last_s - begin_s);
    struct detour_fit result;
    fit(&record, &result);
    printf("this machine, %g s, a look takes %.0f ns, %.1f %% lost\n", WATCHED_S, 1e9 * quantum_s,
           100.0 * result.lost.value);
    for (int i = 0; i < result.n_sources; i++)
        printf("  %s: %.3f Hz (%.3f to %.3f), median %.2f us, mean %.2f us, %.1f %% of the loss\n",
               result.source[i].is_periodic ? "periodic" : "random",
               result.source[i].frequency_Hz.value, result.source[i].frequency_Hz.ci95_lo,
               result.source[i].frequency_Hz.ci95_hi, 1e6 * result.source[i].median_s,
               1e6 * result.source[i].length_s, 100.0 * result.source[i].share);
}

int main(void)
{
    simulated();
    real();
    return 0;
}
