/*
 * What holds for every workload: a better machine is never slower, whatever runs on it.
 */
#include "benchmark.h"
#include "workload_cases.h"

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
} improvements[] = {{"with a lower latency of links", quicken_latency},
                    {"with a higher bandwidth of links", widen_links},
                    {"with a higher rate of cores", quicken_cores}};
enum { N_IMPROVEMENTS = sizeof improvements / sizeof *improvements };

static void no_workload_takes_longer_on_a_better_machine(void **state)
{
    (void)state;
    workload_cases_expect_all();
    for (const struct workload_case *c = workload_cases; c->kind; c++) {
        struct scenario *scenario = workload_case_read(c);
        const struct workload_cost before = workload_case_cost(scenario);
        scenario_free(scenario);
        for (int i = 0; i < N_IMPROVEMENTS; i++) {
            scenario = workload_case_read(c);
            improvements[i].make(scenario);
            const struct workload_cost after = workload_case_cost(scenario);
            workload_case_expect_no_more(c, improvements[i].name, 0.0, after, before);
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
