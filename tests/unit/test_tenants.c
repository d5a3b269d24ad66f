/* What other customers' guests leave of a node: values by hand and the properties of the header. */
#include "models/network.h"
#include "models/tenants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

#define assert_close(actual, expected) assert_int_equal(gsl_fcmp((actual), (expected), 1e-12), 0)

/* All that a node offers its guests. */
struct offer {
    struct node_profile node;
    struct link_profile link;
    struct virt_profile virt;
};

static struct parameter exact(double value)
{
    return parameter_exact(value);
}

static struct offer whole_node(enum backend_scope scope)
{
    struct offer offer = {
        .node = {.n_sockets = 2, .n_cores_per_socket = 4},
        .link = {.bandwidth_Bps = exact(125e6), .mtu_B = 1500, .packet_header_B = 52},
        .virt = {.kind = VIRT_HYPERVISOR, .backend = {.scope = scope}},
    };
    offer.node.memory_bandwidth_one_Bps = exact(11e9);
    offer.node.memory_bandwidth_all_Bps = exact(40e9);
    offer.node.memory_bandwidth_socket_Bps = exact(20e9);
    offer.node.network_bandwidth_Bps = exact(200e6);
    offer.node.disk =
        (struct disk_profile){exact(80e6), exact(60e6), exact(1e-4), exact(9e-3), exact(6e-3)};
    offer.virt.backend.message_s = exact(3e-6);
    offer.virt.backend.packet_s = exact(7.24e-6); /* 5 ns a byte of 1448 */
    offer.virt.backend.byte_s = exact(5e-9);
    offer.virt.backend.byte_smp_s = exact(8e-9);
    offer.virt.backend.cpu_share = exact(0.9);
    return offer;
}

static void take(struct offer *offer, const struct tenants *tenants)
{
    tenants_take(tenants, &offer->node, &offer->link, &offer->virt);
}

static void tenants_get_what_they_ask_for_up_to_half(void **state)
{
    (void)state;
    assert_close(tenants_left(125e6, 31.25e6), 0.75);
    assert_close(tenants_left(125e6, 62.5e6), 0.5);
    assert_close(tenants_left(125e6, 1e12), 0.5);
    assert_true(tenants_left(0.0, 0.0) == 1.0);
}

static void tenants_without_demands_change_nothing(void **state)
{
    (void)state;
    const struct tenants computing = {.n_cores = 3};
    struct offer offer = whole_node(BACKEND_PER_NODE), whole = offer;
    take(&offer, &computing);
    assert_memory_equal(&offer, &whole, sizeof offer);
}

/* 10 of 40 GB/s are taken, so three quarters are left, and one core can use no more than them. */
static void streams_leave_the_rest_of_memory(void **state)
{
    (void)state;
    struct offer offer = whole_node(BACKEND_NONE);
    take(&offer, &(struct tenants){.memory_Bps = exact(10e9)});
    assert_close(offer.node.memory_bandwidth_all_Bps.value, 30e9);
    assert_close(offer.node.memory_bandwidth_socket_Bps.value, 15e9);
    assert_close(offer.node.memory_bandwidth_one_Bps.value, 11e9);
    offer.node.memory_bandwidth_one_Bps = exact(39e9);
    take(&offer, &(struct tenants){.memory_Bps = exact(3e9)});
    assert_close(offer.node.memory_bandwidth_one_Bps.value, 27e9);
}

/* 25 MB/s each way: a fifth of the wire, a quarter of the bus and half of a backend of 100 MB/s. */
static void traffic_leaves_the_rest_of_wire_bus_and_backend(void **state)
{
    (void)state;
    const struct tenants tenants = {.network_Bps = exact(25e6)};
    struct offer offer = whole_node(BACKEND_PER_NODE);
    take(&offer, &tenants);
    assert_close(offer.link.bandwidth_Bps.value, 100e6);
    assert_close(offer.node.network_bandwidth_Bps.value, 150e6);
    assert_close(offer.virt.backend.packet_s.value, 2.0 * 7.24e-6);
    assert_close(offer.virt.backend.byte_smp_s.value, 16e-9);
    struct offer alone = whole_node(BACKEND_PER_VM);
    take(&alone, &tenants);
    assert_close(alone.virt.backend.packet_s.value, 7.24e-6);
}

/* The same message is as much work, if slower. */
static void a_message_costs_a_shared_backend_as_much_cpu_time_as_before(void **state)
{
    (void)state;
    struct offer offer = whole_node(BACKEND_PER_NODE);
    const struct network net = {.node = &offer.node, .link = &offer.link, .virt = &offer.virt};
    const double before_s = network_backend_cpu_s(&net, PATH_OTHER_HOST, 5000.0);
    take(&offer, &(struct tenants){.network_Bps = exact(13.7e6)});
    assert_close(network_backend_cpu_s(&net, PATH_OTHER_HOST, 5000.0), before_s);
}

/* A quarter of the slower direction's 60 MB/s. */
static void files_leave_the_rest_of_the_disks_time(void **state)
{
    (void)state;
    struct offer offer = whole_node(BACKEND_NONE);
    take(&offer, &(struct tenants){.disk_Bps = exact(15e6)});
    assert_close(offer.node.disk.read_Bps.value, 60e6);
    assert_close(offer.node.disk.write_Bps.value, 45e6);
    assert_close(offer.node.disk.seek_s.value, 12e-3);
    assert_close(offer.node.disk.turn_s.value, 8e-3);
}

static void nothing_gets_faster_with_demand(void **state)
{
    (void)state;
    double last_memory_Bps = 1e30, last_wire_Bps = 1e30, last_disk_Bps = 1e30, last_packet_s = 0.0;
    for (double demand_Bps = 0.0; demand_Bps < 1e11; demand_Bps = demand_Bps * 1.7 + 1e5) {
        struct offer offer = whole_node(BACKEND_PER_NODE);
        take(&offer, &(struct tenants){.memory_Bps = exact(demand_Bps),
                                       .network_Bps = exact(demand_Bps),
                                       .disk_Bps = exact(demand_Bps)});
        assert_true(offer.node.memory_bandwidth_all_Bps.value <= last_memory_Bps);
        assert_true(offer.link.bandwidth_Bps.value <= last_wire_Bps);
        assert_true(offer.node.disk.read_Bps.value <= last_disk_Bps);
        assert_true(offer.virt.backend.packet_s.value >= last_packet_s);
        last_memory_Bps = offer.node.memory_bandwidth_all_Bps.value;
        last_wire_Bps = offer.link.bandwidth_Bps.value;
        last_disk_Bps = offer.node.disk.read_Bps.value;
        last_packet_s = offer.virt.backend.packet_s.value;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tenants_get_what_they_ask_for_up_to_half),
        cmocka_unit_test(tenants_without_demands_change_nothing),
        cmocka_unit_test(streams_leave_the_rest_of_memory),
        cmocka_unit_test(traffic_leaves_the_rest_of_wire_bus_and_backend),
        cmocka_unit_test(a_message_costs_a_shared_backend_as_much_cpu_time_as_before),
        cmocka_unit_test(files_leave_the_rest_of_the_disks_time),
        cmocka_unit_test(nothing_gets_faster_with_demand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
