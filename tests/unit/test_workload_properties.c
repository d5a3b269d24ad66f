/*
 * What holds for every workload: a better machine is never slower, whatever runs on it.
 */
#include "benchmark.h"
#include "workload_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of clocks that are sums of thousands of steps. */
static const double rounding = 1e-9;

static void quicken_latency(struct scenario *scenario)
{
    scenario->cluster.link.latency_s.value /= 3.7;
}

static void widen_links(struct scenario *scenario)
{
    scenario->cluster.link.bandwidth_Bps.value *= 3.7;
}

static void quicken_cores(struct scenario *scenario)
{
    struct node_profile *node = &scenario->cluster.node;
    for (int class = 0; class < N_WORK_CLASS; class ++) {
        node->rate_flops[class].alone.value *= 3.7;
        node->rate_flops[class].full_node.value *= 3.7;
    }
}

static const struct {
    const char *name;
    void (*make)(struct scenario *scenario);
} improvements[] = {{"a lower latency of links", quicken_latency},
                    {"a higher bandwidth of links", widen_links},
                    {"a higher rate of cores", quicken_cores}};
enum { N_IMPROVEMENTS = sizeof improvements / sizeof *improvements };

/* The run's time and its answer, in a form that is better when it is less. */
struct cost {
    double time_s, answer;
};

static struct cost cost_of(const struct scenario *scenario)
{
    struct metric metrics[WORKLOAD_MAX_METRICS];
    struct outcome outcome = benchmark_run(scenario, scenario->workload, scenario->workload_spec);
    const int n = scenario->workload->metrics(scenario->workload_spec, &outcome, metrics);

    assert_true(n > 0);
    for (int i = 0; i < n; i++)
        if (!isfinite(metrics[i].value) || metrics[i].value < 0.0)
            fail_msg("%s: %s is %g", scenario->workload->name, metrics[i].name, metrics[i].value);
    const struct cost cost = {outcome.elapsed_s, metrics[0].more_is_better ? 1.0 / metrics[0].value
                                                                           : metrics[0].value};
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

static void expect_no_more(const struct workload_case *c, const char *improvement, const char *what,
                           double before, double after)
{
    if (after > before * (1.0 + rounding + slack_of(c)))
        fail_msg("%s {%s}: with %s, %s rises from %.10g to %.10g", c->kind, c->keys, improvement,
                 what, before, after);
}

static void no_workload_takes_longer_on_a_better_machine(void **state)
{
    (void)state;
    workload_cases_expect_all();
    for (const struct workload_case *c = workload_cases; c->kind; c++) {
        struct scenario *scenario = workload_case_read(c);
        const struct cost before = cost_of(scenario);
        scenario_free(scenario);
        for (int i = 0; i < N_IMPROVEMENTS; i++) {
            scenario = workload_case_read(c);
            improvements[i].make(scenario);
            const struct cost after = cost_of(scenario);
            expect_no_more(c, improvements[i].name, "time_s", before.time_s, after.time_s);
            expect_no_more(c, improvements[i].name, "the answer", before.answer, after.answer);
            scenario_free(scenario);
        }
    }
}

/*
 * Two nodes of two cores under each edge switch: a rank's neighbours on the natural ring are on its
 * node, or at most one link of the core switch away from it. Many loops wear off that ranks come
 * late from the reduction before.
 */
static void random_rings_are_never_faster_than_the_natural_one_on_a_tree(void **state)
{
    (void)state;
    for (int n_nodes = 4; n_nodes <= 8; n_nodes += 4)
        for (int oversubscription = 1; oversubscription <= 4; oversubscription += 3) {
            const struct workload_case ring = {
                "ring", "latency_loops: 50, latency_rings: 5, bandwidth_rings: 3", n_nodes, 0};
            struct scenario *scenario = workload_case_read(&ring);
            scenario->cluster.topology = (struct topology){.kind = TOPOLOGY_TREE,
                                                           .n_nodes_per_switch = 2,
                                                           .oversubscription = oversubscription};
            const struct workload *w = scenario->workload;
            const void *spec = scenario->workload_spec;
            struct outcome outcome = benchmark_run(scenario, w, spec);
            assert_true(benchmark_metric(w, spec, &outcome, "ring_latency_us") >=
                        benchmark_metric(w, spec, &outcome, "natural_ring_latency_us") *
                            (1.0 - rounding));
            assert_true(benchmark_metric(w, spec, &outcome, "ring_bandwidth_GBps") <=
                        benchmark_metric(w, spec, &outcome, "natural_ring_bandwidth_GBps") *
                            (1.0 + rounding));
            outcome_release(&outcome);
            scenario_free(scenario);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_workload_takes_longer_on_a_better_machine),
        cmocka_unit_test(random_rings_are_never_faster_than_the_natural_one_on_a_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
