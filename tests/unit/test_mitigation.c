/*
 * Mitigations of processors' leaks: what they add to a message, and to which alone.
 */
#include "models/mitigation.h"
#include "models/network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

#define assert_close(actual, expected) assert_int_equal(gsl_fcmp((actual), (expected), 1e-12), 0)

static struct parameter exact(double value)
{
    return parameter_exact(value);
}

/* Entries into a kernel take 0.17 us longer, exits 0.61 us; packets carry 1448 B. */
struct cluster {
    struct node_profile node;
    struct link_profile link;
    struct mpi_profile mpi;
    struct virt_profile virt;
    struct network net;
};

static void cluster_init(struct cluster *c, enum virt_kind kind)
{
    *c = (struct cluster){
        .node.mitigation = {exact(0.17e-6), exact(0.61e-6)},
        .link = {.bandwidth_Bps = exact(125e6), .mtu_B = 1500.0, .packet_header_B = 52.0},
        .mpi = {.wait = MPI_WAIT_BLOCKS,
                .send_message_s = exact(5.3e-6),
                .recv_message_s = exact(6.7e-6),
                .kernel_entries = {exact(1.0), exact(3.0)}},
        .virt = {.kind = kind,
                 .stack = {exact(1.3e-6), exact(0.0), exact(2.1e-6), exact(0.0)},
                 .interrupts = {.packets = exact(4.0)},
                 .exits = {exact(2.0), exact(5.0), exact(1.5)}},
    };
    c->net = (struct network){.node = &c->node,
                              .link = &c->link,
                              .mpi = &c->mpi,
                              .virt = &c->virt,
                              .n_vcpus = kind == VIRT_NATIVE ? 0 : 1};
}

static void a_bare_node_pays_for_entries_into_its_kernel_alone(void **state)
{
    (void)state;
    struct cluster c;
    cluster_init(&c, VIRT_NATIVE);
    const struct stack_cost send = network_send_cost(&c.net, PATH_OTHER_HOST, 15000.0);
    const struct stack_cost recv = network_recv_cost(&c.net, PATH_OTHER_HOST, 15000.0);
    assert_close(send.native_s, 5.3e-6 + 0.17e-6);
    assert_close(recv.native_s, 6.7e-6 + 0.51e-6);
    assert_true(send.guest_s == 0.0 && recv.guest_s == 0.0);
}

/* 15000 B are 11 packets and, four to one, 3 interrupts: 2 + 55 exits, and 55 + 4.5. */
static void a_guest_pays_for_its_exits_too(void **state)
{
    (void)state;
    struct cluster c;
    cluster_init(&c, VIRT_HYPERVISOR);
    const enum path paths[] = {PATH_OTHER_HOST, PATH_SAME_HOST};
    for (int i = 0; i < 2; i++) {
        const struct stack_cost send = network_send_cost(&c.net, paths[i], 15000.0);
        const struct stack_cost recv = network_recv_cost(&c.net, paths[i], 15000.0);
        assert_close(send.native_s, 5.3e-6 + 0.17e-6);
        assert_close(recv.native_s, 6.7e-6 + 0.51e-6);
        assert_close(send.guest_s, 1.3e-6 + 57.0 * 0.61e-6);
        assert_close(recv.guest_s, 2.1e-6 + 59.5 * 0.61e-6);
        assert_close(send.exit_s, 57.0 * 0.61e-6);
        assert_close(recv.exit_s, 59.5 * 0.61e-6);
    }
}

static void containers_share_a_kernel_and_never_exit(void **state)
{
    (void)state;
    struct cluster c;
    cluster_init(&c, VIRT_CONTAINER);
    const struct stack_cost send = network_send_cost(&c.net, PATH_OTHER_HOST, 15000.0);
    assert_close(send.native_s, 5.3e-6 + 0.17e-6);
    assert_close(send.guest_s, 1.3e-6);
}

static void messages_within_a_system_stay_out_of_kernels(void **state)
{
    (void)state;
    struct cluster c;
    cluster_init(&c, VIRT_HYPERVISOR);
    const struct stack_cost send = network_send_cost(&c.net, PATH_SAME_DOMAIN, 15000.0);
    const struct stack_cost recv = network_recv_cost(&c.net, PATH_SAME_DOMAIN, 15000.0);
    assert_true(send.native_s == 5.3e-6 && send.guest_s == 0.0);
    assert_true(recv.native_s == 6.7e-6 && recv.guest_s == 0.0);
}

/* A library past the kernel, which polls: neither entries nor interrupts, but a packet may exit. */
static void libraries_past_the_kernel_enter_it_never(void **state)
{
    (void)state;
    struct cluster c;
    cluster_init(&c, VIRT_HYPERVISOR);
    c.mpi.wait = MPI_WAIT_POLLS;
    c.mpi.registration.threshold_B = 16384.0;
    c.mpi.kernel_entries = (struct kernel_entries){exact(0.0), exact(0.0)};
    c.virt.exits = (struct exits){exact(0.0), exact(0.0), exact(1.5)};
    const struct stack_cost recv = network_recv_cost(&c.net, PATH_OTHER_HOST, 15000.0);
    assert_true(recv.native_s == 6.7e-6 && recv.guest_s == 2.1e-6);
}

static void without_costs_nothing_is_added(void **state)
{
    (void)state;
    struct cluster c;
    cluster_init(&c, VIRT_HYPERVISOR);
    c.node.mitigation = (struct mitigation_profile){exact(0.0), exact(0.0)};
    for (double size_B = 0.0; size_B < 1e8; size_B = 3.7 * size_B + 1.0) {
        assert_true(network_send_cost(&c.net, PATH_OTHER_HOST, size_B).native_s == 5.3e-6);
        assert_true(network_recv_cost(&c.net, PATH_OTHER_HOST, size_B).guest_s == 2.1e-6);
    }
}

static void larger_messages_never_cost_less(void **state)
{
    (void)state;
    struct cluster c;
    cluster_init(&c, VIRT_HYPERVISOR);
    double before_s = 0.0;
    for (double size_B = 0.0; size_B < 1e8; size_B = 1.7 * size_B + 1.0) {
        const struct stack_cost recv = network_recv_cost(&c.net, PATH_OTHER_HOST, size_B);
        assert_true(stack_cost_s(&recv) >= before_s);
        before_s = stack_cost_s(&recv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bare_node_pays_for_entries_into_its_kernel_alone),
        cmocka_unit_test(a_guest_pays_for_its_exits_too),
        cmocka_unit_test(containers_share_a_kernel_and_never_exit),
        cmocka_unit_test(messages_within_a_system_stay_out_of_kernels),
        cmocka_unit_test(libraries_past_the_kernel_enter_it_never),
        cmocka_unit_test(without_costs_nothing_is_added),
        cmocka_unit_test(larger_messages_never_cost_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
