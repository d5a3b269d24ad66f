/*
 * Every shipped profile works in a scenario, and profiles of the same kind come in the order that
 * their mechanisms demand.
 */
#include "benchmark.h"
#include "sim/input/document.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a scenario names; NULL is the default of default_system. */
struct system {
    const char *technology, *node, *link, *mpi;
};

static const struct system default_system = {"native", "dual-epyc-7543", "ethernet-25g",
                                             "open-mpi-4.1.4"};

static struct scenario *read_system(struct system system, const char *workload)
{
    const char *technology = system.technology ? system.technology : default_system.technology;
    char *text = NULL;
    const int length =
        asprintf(&text,
                 "schema: vhpcsim-scenario/1\n"
                 "cluster: {nodes: 2, node: %s, link: %s}\n"
                 "virtualization: {technology: %s%s}\n"
                 "mpi: %s\n"
                 "ranks: 2\n"
                 "mapping: cyclic\n"
                 "workload: %s\n",
                 system.node ? system.node : default_system.node,
                 system.link ? system.link : default_system.link, technology,
                 strcmp(technology, "native") == 0 ? "" : ", vms_per_node: 1, vcpus: 1",
                 system.mpi ? system.mpi : default_system.mpi, workload);
    assert_true(length > 0);
    struct scenario *scenario = expect_scenario(text);
    free(text);
    return scenario;
}

/* The answer of `workload` when `scenario` runs it. */
static double answer(const struct scenario *scenario, const char *metric)
{
    return benchmark(scenario, scenario->workload, scenario->workload_spec, metric);
}

static double answer_of(struct system system, const char *workload, const char *metric)
{
    struct scenario *scenario = read_system(system, workload);
    const double value = answer(scenario, metric);
    scenario_free(scenario);
    return value;
}

static double latency_us(struct system system)
{
    return answer_of(system, "{kind: osu, test: latency, max_size: 8 B}", "osu_latency_us");
}

static double bandwidth_MBps(struct system system)
{
    return answer_of(system, "{kind: osu, test: bw, min_size: 1 MiB, max_size: 1 MiB}",
                     "osu_bw_MBps");
}

/* --- each of them ------------------------------------------------------------ */

/* A system of defaults but for the profile `name` of `kind`. */
static struct system system_with(const struct document_kind *kind, const char *name)
{
    struct system system = {NULL, NULL, NULL, NULL};
    if (strcmp(kind->name, "technology") == 0)
        system.technology = name;
    else if (strcmp(kind->name, "node") == 0)
        system.node = name;
    else if (strcmp(kind->name, "link") == 0)
        system.link = name;
    else
        system.mpi = name;
    return system;
}

static void run_one(const struct document_kind *kind, const char *name)
{
    struct scenario *scenario =
        read_system(system_with(kind, name), "{kind: pattern, phases: [{kind: ring, size: 90 kB}, "
                                             "{kind: allreduce, size: 8 B}, "
                                             "{kind: compute, flops: 1 Mflop, bytes: 1 MB}]}");
    struct outcome outcome = benchmark_run(scenario, scenario->workload, scenario->workload_spec);
    double sum_s = 0.0;
    for (int layer = 0; layer < N_LAYERS; layer++)
        sum_s += outcome.layer_s[layer];
    if (!(outcome.elapsed_s > 0.0 && fabs(sum_s / outcome.elapsed_s - 1.0) < 1e-9))
        fail_msg("%s %s: %g s, layers %g s", kind->name, name, outcome.elapsed_s, sum_s);
    outcome_release(&outcome);
    scenario_free(scenario);
}

static void every_shipped_profile_runs_a_program(void **state)
{
    (void)state;
    for (const struct document_kind *kind = document_kinds; kind->name; kind++) {
        struct arena arena = {NULL, false};
        const char *const *names;
        const int n = kind->folder ? document_list_shipped(&arena, kind, &names) : 0;
        assert_true(!kind->folder || n > 0);
        for (int i = 0; i < n; i++)
            run_one(kind, names[i]);
        arena_release(&arena);
    }
}

/* --- their order ------------------------------------------------------------- */

#define OVER_ETHERNET(t)                                                                           \
    {                                                                                              \
        .technology = t                                                                            \
    }
#define OVER_INFINIBAND(t, l)                                                                      \
    {                                                                                              \
        .technology = t, .link = l, .mpi = "open-mpi-4.1.4-ucx"                                    \
    }
#define ON_AWS                                                                                     \
    {                                                                                              \
        "aws-nitro-efa", "ec2-c5n.18xlarge", "efa-100g", "open-mpi-4.1.4-efa"                      \
    }
#define ON_EC2(t, l)                                                                               \
    {                                                                                              \
        "ec2-" t, "ec2-" t ".8xlarge", l, "open-mpi-1.4.2"                                         \
    }

/* The less a packet passes outside the rank's own kernel, the sooner it is there. */
static void latency_rises_with_what_stands_in_the_way(void **state)
{
    (void)state;
    static const struct {
        struct system fast, slow;
    } pairs[] = {
        {OVER_ETHERNET("native"), OVER_ETHERNET("container-host-network")},
        {OVER_ETHERNET("container-host-network"), OVER_ETHERNET("container-bridge")},
        {OVER_ETHERNET("native"), OVER_ETHERNET("kvm-sr-iov")},
        {OVER_ETHERNET("kvm-sr-iov"), OVER_ETHERNET("kvm-virtio-vhost")},
        {OVER_ETHERNET("container-bridge"), OVER_ETHERNET("kvm-virtio-vhost")},
        {OVER_ETHERNET("kvm-virtio-vhost"), OVER_ETHERNET("xen-4-pvh")},
        {OVER_ETHERNET("kvm-virtio-vhost"), OVER_ETHERNET("kvm-77-e1000")},
        {OVER_ETHERNET("xen-4-pvh"), OVER_ETHERNET("xen-3-pv")},
        {OVER_INFINIBAND("native", "infiniband-edr"),
         OVER_INFINIBAND("azure-hb-sriov", "infiniband-edr")},
        {OVER_INFINIBAND("azure-hb-sriov", "infiniband-edr"),
         OVER_INFINIBAND("kvm-sr-iov-infiniband", "infiniband-edr")},
        {OVER_INFINIBAND("kvm-sr-iov-infiniband", "infiniband-edr"), ON_AWS},
        {OVER_INFINIBAND("native", "infiniband-edr"), OVER_INFINIBAND("native", "infiniband-qdr")},
        {OVER_INFINIBAND("native", "infiniband-qdr"), OVER_INFINIBAND("native", "infiniband-ddr")},
        {OVER_INFINIBAND("native", "infiniband-edr"), OVER_INFINIBAND("native", "rocev2-100g")},
        {{.link = "omni-path-100", .mpi = "open-mpi-4.1.4-psm2"}, ON_AWS},
        {ON_AWS, ON_EC2("c3", "ethernet-10g-ec2-group")},
        {ON_EC2("c3", "ethernet-10g-ec2-group"), ON_EC2("cc2", "ethernet-10g-ec2-group")},
        {ON_EC2("c3", "ethernet-10g-ec2-group"), ON_EC2("c3", "ethernet-10g-ec2")},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const double fast_us = latency_us(pairs[i].fast);
        const double slow_us = latency_us(pairs[i].slow);
        if (!(fast_us < slow_us))
            fail_msg("pair %zu: %g us is not less than %g us", i, fast_us, slow_us);
    }
}

static void each_generation_of_a_fabric_moves_more_bytes(void **state)
{
    (void)state;
    static const char *const fabrics[] = {"infiniband-sdr", "infiniband-ddr", "infiniband-qdr",
                                          "infiniband-fdr", "infiniband-edr", "infiniband-hdr"};
    double before_MBps = 0.0;
    for (size_t i = 0; i < sizeof fabrics / sizeof *fabrics; i++) {
        const struct system system = OVER_INFINIBAND("native", fabrics[i]);
        const double MBps = bandwidth_MBps(system);
        if (!(MBps > before_MBps))
            fail_msg("%s: %g MB/s after %g", fabrics[i], MBps, before_MBps);
        before_MBps = MBps;
    }
}

/* All that the profile adds has no cost at the better end of its interval. */
static void a_container_on_the_hosts_network_is_native_within_its_interval(void **state)
{
    (void)state;
    const double native_us = latency_us((struct system){.technology = "native"});
    struct scenario *scenario = read_system((struct system){.technology = "container-host-network"},
                                            "{kind: osu, test: latency, max_size: 8 B}");
    struct guest_stack *stack = &scenario->virtualization.technology.stack;
    stack->send_message_s.value = stack->send_message_s.ci95_lo;
    stack->recv_message_s.value = stack->recv_message_s.ci95_lo;
    assert_true(fabs(answer(scenario, "osu_latency_us") / native_us - 1.0) < 1e-9);
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shipped_profile_runs_a_program),
        cmocka_unit_test(latency_rises_with_what_stands_in_the_way),
        cmocka_unit_test(each_generation_of_a_fabric_moves_more_bytes),
        cmocka_unit_test(a_container_on_the_hosts_network_is_native_within_its_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
