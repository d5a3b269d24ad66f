#include "benchmark.h"
#include "diagnosed.h"
#include "engine_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct scenario benchmark_cluster(int n_nodes, int n_cores)
{
    struct scenario scenario = {.cluster.n_nodes = n_nodes};
    struct node_profile *node = &scenario.cluster.node;
    struct link_profile *link = &scenario.cluster.link;
    struct mpi_profile *mpi = &scenario.mpi;

    node->n_sockets = 1;
    node->n_cores_per_socket = n_cores;
    node->memory_B = 8e9;
    for (int c = 0; c < N_WORK_CLASS; c++)
        node->rate_flops[c].alone = node->rate_flops[c].full_node =
            parameter_exact(c == WORK_DGEMM ? 2.385e9 : 1e12);
    node->memory_bandwidth_one_Bps = parameter_exact(3.1e9);
    node->memory_bandwidth_all_Bps = parameter_exact(4.7e9);
    link->bandwidth_Bps = parameter_exact(118e6);
    link->latency_s = parameter_exact(41e-6);
    link->mtu_B = 1500;
    mpi->eager_threshold_B = mpi->local_eager_threshold_B = 64e3;
    mpi->send_message_s = parameter_exact(7.3e-6);
    mpi->recv_message_s = parameter_exact(9.1e-6);
    mpi->local_latency_s = parameter_exact(0.9e-6);
    mpi->local_bandwidth_Bps = parameter_exact(1.3e9);
    return scenario;
}

struct scenario *expect_scenario(const char *text)
{
    static const char *const no_settings[3];
    char *said;
    struct scenario *scenario = read_scenario(text, no_settings, &said);
    if (!scenario)
        fail_msg("%s", said);
    free(said);
    return scenario;
}

struct outcome benchmark_run(const struct scenario *scenario, const struct workload *workload,
                             const void *spec)
{
    const struct engine_options options = {.keep_traffic = true};
    struct platform platform;
    struct program program;
    struct outcome outcome;
    char error[256] = "";

    assert_int_equal(platform_init(&platform, scenario, -1), 0);
    assert_int_equal(workload->program_new(spec, platform.n_ranks, &program), 0);
    if (engine_run(engines[0], &platform, &program, &options, &outcome, error, sizeof error) < 0)
        fail_msg("%s: %s", workload->name, error);
    workload->program_free(&program);
    platform_release(&platform);
    return outcome;
}

double benchmark_metric(const struct workload *workload, const void *spec,
                        const struct outcome *outcome, const char *name)
{
    struct metric metrics[WORKLOAD_MAX_METRICS];
    const int n = workload->metrics(spec, outcome, metrics);

    for (int i = 0; i < n; i++)
        if (strcmp(metrics[i].name, name) == 0)
            return metrics[i].value;
    fail_msg("%s has no metric %s", workload->name, name);
    return NAN;
}

double benchmark(const struct scenario *scenario, const struct workload *workload, const void *spec,
                 const char *name)
{
    struct outcome outcome = benchmark_run(scenario, workload, spec);
    const double value = benchmark_metric(workload, spec, &outcome, name);

    outcome_release(&outcome);
    return value;
}

void benchmark_expect_print(const struct workload *workload, const void *spec,
                            const struct scenario *scenario, int n, const struct metric metrics[],
                            const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    workload->print(spec, scenario, n, metrics, out);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}
