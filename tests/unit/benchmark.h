/*
 * benchmark.h - runs a workload on a small native cluster with round numbers, for its tests.
 *
 * Wires have no header bytes, so that an eager message takes exactly send CPU + latency + size /
 * bandwidth + receive CPU on an idle network.
 */
#ifndef VHPCSIM_TEST_BENCHMARK_H
#define VHPCSIM_TEST_BENCHMARK_H

#include "sim/input/scenario.h"
#include "sim/workload/workload.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/*
 * Nodes of `n_cores` cores: 2.385 GFLOPS a core in dgemm, 3.1 GB/s to one core and 4.7 GB/s to
 * all, 8 GB; 118 MB/s and 41 us of wire; 7.3 us of CPU to send a message and 9.1 us to receive it.
 */
struct scenario benchmark_cluster(int n_nodes, int n_cores);

/* Reads `text` as a scenario; fails the test, with what was said, where it is not in order. Free
 * with scenario_free. */
struct scenario *expect_scenario(const char *text);

/* Runs `workload` with `spec`; outcome.traffic is kept. Release the outcome. */
struct outcome benchmark_run(const struct scenario *scenario, const struct workload *workload,
                             const void *spec);

/* The metric `name` of a finished run. */
double benchmark_metric(const struct workload *workload, const void *spec,
                        const struct outcome *outcome, const char *name);

/* Both in one go. */
double benchmark(const struct scenario *scenario, const struct workload *workload, const void *spec,
                 const char *name);

/* Fails unless workload->print says `expected` of these metrics. */
void benchmark_expect_print(const struct workload *workload, const void *spec,
                            const struct scenario *scenario, int n, const struct metric metrics[],
                            const char *expected);

#endif
