/*
 * What a core of this machine does by class of work, and what memory gives it, as `key=value`
 * settings of a node profile. CPU time counts, not the clock on the wall; the best of some runs.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_RUNS = 5, N_STREAMED = 20000000, N_CACHED = 1000, N_PASSES = 20000 };

static double *a, *b, *c;
static volatile double sink;

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void triad(void)
{
    for (long i = 0; i < N_STREAMED; i++)
        a[i] = b[i] + 3.0 * c[i];
}

/* Five flops a point. */
static void stencil(void)
{
    for (int pass = 0; pass < N_PASSES; pass++) {
        for (long i = 1; i < N_CACHED - 1; i++)
            a[i] = a[i] + 0.5 * b[i] + 0.25 * (c[i - 1] + c[i + 1]);
        __asm__ volatile("" ::"r"(a) : "memory");
    }
}

/* Each addition waits for the last. */
static void chain(void)
{
    double sum = 0.0;
    for (int pass = 0; pass < N_PASSES; pass++)
        for (long i = 0; i < N_CACHED; i++)
            sum += b[i] * c[i];
    sink = sum;
}

/* A load, a shift and an increment in a table of 1024 counters. */
static void count(void)
{
    uint32_t *counters = (uint32_t *)a;
    const uint32_t *keys = (const uint32_t *)b;
    for (int pass = 0; pass < N_PASSES; pass++)
        for (long i = 0; i < N_CACHED; i++)
            counters[keys[i] >> 22]++;
}

static double rate(void (*kernel)(void), double n_operations)
{
    double best_s = 1e9;
    for (int run = 0; run < N_RUNS; run++) {
        const double start_s = cpu_s();
        kernel();
        const double s = cpu_s() - start_s;
        best_s = s < best_s ? s : best_s;
    }
    return n_operations / best_s * 1e-9;
}

int main(void)
{
    const double n_cached = (double)N_CACHED * N_PASSES;
    a = malloc(N_STREAMED * sizeof *a);
    b = malloc(N_STREAMED * sizeof *b);
    c = malloc(N_STREAMED * sizeof *c);
    if (!a || !b || !c)
        return EXIT_FAILURE;
    for (long i = 0; i < N_STREAMED; i++)
        a[i] = b[i] = c[i] = 1.0;
    printf("memory_bandwidth.one=%.3g GB/s\n", rate(triad, 24.0 * N_STREAMED));
    printf("rates.memory.alone=%.3g Gflop/s\n", rate(stencil, 5.0 * n_cached));
    const double chain_Gflops = rate(chain, 2.0 * n_cached);
    printf("rates.scalar.alone=%.3g Gflop/s\n", chain_Gflops);
    printf("rates.integer.alone=%.3g Gflop/s\n", rate(count, 3.0 * n_cached));
    return EXIT_SUCCESS;
}
