#include "workload_cases.h"

#include "benchmark.h"
#include "diagnosed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct workload_case workload_cases[] = {
    {"hpl", "n: 240, nb: 40, p: 2, q: 4", 4, 0},
    {"hpl", "n: 170, nb: 23, p: 3, q: 2, depth: 0, broadcast: 2ringM, swap: binary-exchange", 4, 0},
    {"hpcc", "n: 100, nb: 20, p: 1, q: 3, tests: {ring: false, random_access_lcg: false}", 4, 0},
    {"hpcc", "n: 90, nb: 30, p: 1, q: 2, algorithm: sandia", 2, 3},
    {"ring", "latency_rings: 3, bandwidth_rings: 2", 4, 0},
    {"pingpong", "", 3, 5},
    {"ptrans", "n: 300, nb: 20, p: 2, q: 3", 4, 0},
    {"dgemm", "n: 100", 2, 0},
    {"dgemm", "n: 100, ranks: single", 2, 0},
    {"stream", "elements: 100000", 2, 0},
    {"random_access", "hpl_memory: 64 KiB", 4, 0},
    {"random_access", "hpl_memory: 64 KiB, algorithm: sandia", 4, 7},
    {"fft", "hpl_memory: 1 MiB", 4, 0},
    {"npb", "kernel: bt, class: S, iterations: 3", 5, 9},
    {"npb", "kernel: cg, class: S, iterations: 1", 4, 8},
    {"npb", "kernel: ep, class: S", 4, 7},
    {"npb", "kernel: ft, class: S, iterations: 2", 4, 8},
    {"npb", "kernel: is, class: S, iterations: 2", 4, 8},
    {"npb", "kernel: lu, class: S, iterations: 2", 4, 8},
    {"npb", "kernel: mg, class: S, iterations: 1", 4, 8},
    {"npb", "kernel: sp, class: S, iterations: 3", 2, 4},
    {"npb_omp", "kernel: mg, class: S, speedup: true", 1, 0},
    {"npb_omp", "kernel: lu, class: S, iterations: 2", 1, 0},
    {"osu", "test: latency", 2, 2},
    {"osu", "test: bw, max_size: 64 KiB, iterations: 3, warmup: 1, window: 9", 2, 2},
    {"osu", "test: bibw, max_size: 64 KiB, iterations: 3, warmup: 1, window: 9", 2, 2},
    {"osu", "test: mbw_mr, min_size: 512 B, max_size: 4 KiB, iterations: 3, warmup: 1", 2, 0},
    {"osu", "test: multi_lat, max_size: 64 KiB, iterations: 3, warmup: 1", 2, 0},
    {"osu", "test: barrier", 4, 7},
    {"osu", "test: bcast, min_size: 1 KiB, max_size: 64 KiB, iterations: 3, warmup: 1", 4, 7},
    {"osu", "test: reduce, min_size: 1 KiB, max_size: 64 KiB, iterations: 3, warmup: 1", 4, 7},
    {"osu", "test: allreduce, min_size: 1 KiB, max_size: 64 KiB, iterations: 3, warmup: 1", 4, 7},
    {"osu", "test: allgather, min_size: 1 KiB, max_size: 64 KiB, iterations: 3, warmup: 1", 4, 7},
    {"osu", "test: alltoall, min_size: 1 KiB, max_size: 64 KiB, iterations: 3, warmup: 1", 4, 7},
    {"osu", "test: gather, min_size: 1 KiB, max_size: 64 KiB, iterations: 3, warmup: 1", 4, 7},
    {"osu", "test: scatter, min_size: 1 KiB, max_size: 64 KiB, iterations: 3, warmup: 1", 4, 7},
    {"disk", "file_size: 1 MiB", 2, 0},
    {"iperf", "amount: 4 MB", 2, 0},
    {"pattern",
     "let: {n: 600}, phases: ["
     "{kind: compute, flops: 3 Mflop}, {kind: halo2d, nx: n, ny: n, flops: n^2/p flop},"
     "{kind: halo3d, size: 70 kB}, {kind: ring, size: n/p*8 B},"
     "{kind: pipeline, blocks: 5, size: 9 kB, flops: 100 kflop}, {kind: alltoall, size: 3 kB},"
     "{kind: bsp, steps: 2, flops: 1 Mflop, size: 2 kB, variation: 0.2},"
     "{kind: bag, tasks: 30, flops: 1 Mflop, assignment: cyclic, variation: 0.3}]",
     4, 0},
    {"pattern",
     "phases: [{kind: repeat, times: 2, phases: [{kind: barrier}, {kind: bcast, size: 1 MB},"
     "{kind: reduce, size: 8 B}, {kind: allreduce, size: 2^i kB}, {kind: gather, size: 5 kB},"
     "{kind: scatter, size: 5 kB}, {kind: allgather, size: 5 kB}, {kind: io, size: 1 MB}]},"
     "{kind: sequence, phases: [{kind: master_worker, tasks: 21, flops: 5 Mflop}]}]",
     3, 0},
    {NULL, NULL, 0, 0}};

struct scenario *workload_case_read_on(const struct workload_case *c, const char *const settings[])
{
    char *text = NULL, *said;
    const int length = asprintf(&text,
                                "schema: vhpcsim-scenario/1\n"
                                "cluster: {nodes: %d, node: dell-pe860, link: gigabit-ethernet}\n"
                                "mpi: mpich2-1.0.5\n"
                                "ranks: %d\n"
                                "mapping: block\n"
                                "workload: {kind: %s, %s}\n",
                                c->n_nodes, c->n_ranks, c->kind, c->keys);
    assert_true(length > 0);
    struct scenario *scenario = read_scenario(text, settings, &said);
    if (!scenario)
        fail_msg("%s", said);
    free(said);
    free(text);
    return scenario;
}

struct scenario *workload_case_read(const struct workload_case *c)
{
    return workload_case_read_on(c, NULL);
}

void workload_cases_expect_all(void)
{
    for (int i = 0; workloads[i]; i++) {
        const struct workload_case *c = workload_cases;
        while (c->kind && strcmp(c->kind, workloads[i]->name) != 0)
            c++;
        if (!c->kind)
            fail_msg("workload %s has no case in tests/unit/workload_cases.c", workloads[i]->name);
    }
}

struct workload_cost workload_case_cost(const struct scenario *scenario)
{
    struct metric metrics[WORKLOAD_MAX_METRICS];
    struct outcome outcome = benchmark_run(scenario, scenario->workload, scenario->workload_spec);
    const int n = scenario->workload->metrics(scenario->workload_spec, &outcome, metrics);

    assert_true(n > 0);
    for (int i = 0; i < n; i++)
        if (!isfinite(metrics[i].value) || metrics[i].value < 0.0)
            fail_msg("%s: %s is %g", scenario->workload->name, metrics[i].name, metrics[i].value);
    const double answer = metrics[0].more_is_better ? 1.0 / metrics[0].value : metrics[0].value;
    const struct workload_cost cost = {outcome.elapsed_s, answer};
    outcome_release(&outcome);
    return cost;
}

/*
 * By how much of itself the cost of a case may rise on a better machine. RandomAccess sends what it
 * has when it finds that messages came, so other times make other messages; streams that start
 * closer together share the wire for longer.
 */
static double slack_of(const struct workload_case *c)
{
    const bool depends_on_times =
        strcmp(c->kind, "random_access") == 0 || strcmp(c->kind, "iperf") == 0;
    return depends_on_times ? 2e-3 : 0.0;
}

static void expect_no_more(const struct workload_case *c, const char *than, const char *what,
                           double slack, double better, double worse)
{
    static const double rounding = 1e-9; /* of clocks that are sums of thousands of steps */
    if (better > worse * (1.0 + rounding + slack))
        fail_msg("%s {%s}: %s, %s is %.10g and not at most %.10g", c->kind, c->keys, than, what,
                 better, worse);
}

void workload_case_expect_no_more(const struct workload_case *c, const char *than, double slack,
                                  struct workload_cost better, struct workload_cost worse)
{
    slack += slack_of(c);
    expect_no_more(c, than, "time_s", slack, better.time_s, worse.time_s);
    expect_no_more(c, than, "the answer", slack, better.answer, worse.answer);
}
