/* Counterfactuals: nothing that one takes away may have helped, and nothing else changes. */
#include "sim/result/counterfactual.h"

#include "models/cpu.h"
#include "models/network.h"
#include "models/noise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct efficiency efficiency_of(double value)
{
    const struct parameter p = parameter_exact(value);
    return (struct efficiency){p, p, p};
}

/* Two 1-vCPU guests on each of 16 dual-core nodes; every mechanism costs something. */
static struct scenario costly_scenario(void)
{
    struct scenario s = {.n_ranks = 28};
    s.cluster.n_nodes = 16;
    s.cluster.node.n_sockets = 1;
    s.cluster.node.n_cores_per_socket = 2;
    s.cluster.node.memory_bandwidth_one_Bps = parameter_exact(3.866e9);
    s.cluster.node.memory_bandwidth_all_Bps = parameter_exact(3.690e9);
    s.cluster.node.network_bandwidth_Bps = parameter_exact(1.7e8);
    s.cluster.link.bandwidth_Bps = parameter_exact(1.25e8);
    s.cluster.link.latency_s = parameter_exact(5.1e-5);
    s.cluster.link.mtu_B = 1500.0;
    s.cluster.link.packet_header_B = 52.0;
    s.cluster.link.frame_overhead_B = 38.0;
    s.mpi.local_latency_s = parameter_exact(2.1e-5);
    s.mpi.local_bandwidth_Bps = parameter_exact(7.3e8);
    s.virtualization.vms_per_node = 2;
    s.virtualization.vcpus = 1;

    struct virt_profile *virt = &s.virtualization.technology;
    virt->kind = VIRT_HYPERVISOR;
    for (int class = 0; class < N_WORK_CLASS; class ++) {
        s.cluster.node.rate_flops[class].alone = parameter_exact(8.348e9);
        s.cluster.node.rate_flops[class].full_node = parameter_exact(8.271e9);
        virt->efficiency[class] = efficiency_of(0.86 - 0.03 * class);
    }
    virt->stack = (struct guest_stack){parameter_exact(7.1e-6), parameter_exact(1.3e-9),
                                       parameter_exact(8.9e-6), parameter_exact(1.7e-9)};
    virt->backend = (struct backend){.scope = BACKEND_PER_VM,
                                     .message_s = parameter_exact(3.3e-6),
                                     .packet_s = parameter_exact(5.2e-5),
                                     .byte_smp_s = parameter_exact(2.9e-8),
                                     .latency_s = parameter_exact(2.1e-5),
                                     .cpu_share = parameter_exact(0.8),
                                     .busy_factor = parameter_exact(1.45),
                                     .busy_smp_factor = parameter_exact(2.9),
                                     .wakeup_s = parameter_exact(4.7e-5)};
    virt->same_host = (struct same_host_path){parameter_exact(1.1e-4), parameter_exact(8.1e7)};
    s.cluster.node.noise = (struct noise_profile){parameter_exact(250.0), parameter_exact(3.1e-6),
                                                  parameter_exact(1.0)};
    virt->noise = (struct noise_profile){parameter_exact(11.0), parameter_exact(1.7e-4),
                                         parameter_exact(1.0)};
    return s;
}

static double compute_s(const struct scenario *s, enum work_class class)
{
    const struct core_load load = {.n_cores = 2, .n_active = 2, .n_vcpus = s->virtualization.vcpus};
    const struct work work = work_of(class, 2.385e9, class == WORK_MEMORY ? 7.1e9 : 0.0);
    const struct compute_cost cost =
        cpu_cost(&s->cluster.node, &s->virtualization.technology, &load, &work);
    const bool is_native = s->virtualization.technology.kind == VIRT_NATIVE;
    const double noise = noise_share(&s->cluster.node.noise) +
                         (is_native ? 0.0 : noise_share(&s->virtualization.technology.noise));
    return compute_cost_total_s(&cost) * (1.0 + noise);
}

static double message_s(const struct scenario *s, enum path path, double size_B)
{
    const bool is_native = s->virtualization.technology.kind == VIRT_NATIVE;
    const struct host_load full = {.n_cores = 2, .n_computing = 2};
    const struct network net = {.node = &s->cluster.node,
                                .link = &s->cluster.link,
                                .mpi = &s->mpi,
                                .virt = &s->virtualization.technology,
                                .n_vcpus = s->virtualization.vcpus};
    /* Guests of one host become ranks of one system. */
    const enum path way = is_native && path == PATH_SAME_HOST ? PATH_SAME_DOMAIN : path;
    const struct transfer transfer = network_transfer(&net, way, size_B, &full, &full);
    const struct stack_cost send = network_send_cost(&net, way, size_B);
    const struct stack_cost recv = network_recv_cost(&net, way, size_B);
    return send.native_s + send.guest_s + transfer_duration_s(&transfer, size_B) + recv.native_s +
           recv.guest_s;
}

static void no_counterfactual_makes_work_or_a_message_slower(void **state)
{
    (void)state;
    const struct scenario base = costly_scenario();
    for (const struct counterfactual *c = counterfactuals; c->name != NULL; c++) {
        const struct scenario without = counterfactual_of(&base, c);
        for (int class = 0; class < N_WORK_CLASS; class ++)
            assert_true(compute_s(&without, (enum work_class) class) <=
                        compute_s(&base, (enum work_class) class));
        for (int path = 0; path < N_PATH; path++)
            for (double size_B = 0.0; size_B < 1e8; size_B = 3.7 * size_B + 1.0)
                assert_true(message_s(&without, (enum path)path, size_B) <=
                            message_s(&base, (enum path)path, size_B) * (1.0 + 1e-12));
    }
}

static void each_counterfactual_helps_something_in_a_scenario_that_has_it_all(void **state)
{
    (void)state;
    const struct scenario base = costly_scenario();
    for (const struct counterfactual *c = counterfactuals; c->name != NULL; c++) {
        const struct scenario without = counterfactual_of(&base, c);
        assert_true(c->concerns(&base));
        const double before_s = compute_s(&base, WORK_DGEMM) + compute_s(&base, WORK_MEMORY) +
                                message_s(&base, PATH_OTHER_HOST, 23850.0);
        const double after_s = compute_s(&without, WORK_DGEMM) + compute_s(&without, WORK_MEMORY) +
                               message_s(&without, PATH_OTHER_HOST, 23850.0);
        assert_true(after_s < before_s);
    }
}

static void what_was_taken_away_is_gone(void **state)
{
    (void)state;
    const struct scenario base = costly_scenario();
    for (const struct counterfactual *c = counterfactuals; c->name != NULL; c++) {
        const struct scenario without = counterfactual_of(&base, c);
        const bool is_about_speed = strcmp(c->name, "cpu") == 0 || strcmp(c->name, "memory") == 0 ||
                                    strcmp(c->name, "wire") == 0;
        assert_true(is_about_speed || !c->concerns(&without));
    }
}

static void the_original_and_the_number_of_ranks_stay(void **state)
{
    (void)state;
    const struct scenario base = costly_scenario();
    const double before_s = message_s(&base, PATH_OTHER_HOST, 23850.0);
    for (const struct counterfactual *c = counterfactuals; c->name != NULL; c++)
        assert_int_equal(counterfactual_of(&base, c).n_ranks, 28);
    assert_true(message_s(&base, PATH_OTHER_HOST, 23850.0) == before_s);
}

static void a_native_scenario_has_only_its_wire_and_its_noise_to_lose(void **state)
{
    (void)state;
    const struct scenario base = costly_scenario();
    const struct scenario native = counterfactual_of(&base, counterfactual_native);
    for (const struct counterfactual *c = counterfactuals; c->name != NULL; c++)
        assert_int_equal(c->concerns(&native),
                         strcmp(c->name, "wire") == 0 || strcmp(c->name, "noise") == 0);
    assert_string_equal(counterfactual_native->name, "native");
    assert_int_equal(native.virtualization.vms_per_node, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_counterfactual_makes_work_or_a_message_slower),
        cmocka_unit_test(each_counterfactual_helps_something_in_a_scenario_that_has_it_all),
        cmocka_unit_test(what_was_taken_away_is_gone),
        cmocka_unit_test(the_original_and_the_number_of_ranks_stay),
        cmocka_unit_test(a_native_scenario_has_only_its_wire_and_its_noise_to_lose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
