/* Interrupts, IOMMU, registration and slow sizes: values worked by hand, and the properties that
 * the headers promise.
 */
#include "models/interrupt.h"
#include "models/network.h"
#include "models/registration.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

#define assert_close(actual, expected) assert_int_equal(gsl_fcmp((actual), (expected), 1e-12), 0)

static const struct host_load idle = {.n_cores = 4, .n_computing = 0};

static struct parameter exact(double value)
{
    return parameter_exact(value);
}

/* An adapter in the guest's hands on a wire of 937 MB/s whose packets of 2 KiB have no headers. */
struct world {
    struct node_profile node;
    struct link_profile link;
    struct mpi_profile mpi;
    struct virt_profile virt;
    struct network net;
};

static void world_init(struct world *w)
{
    *w = (struct world){
        .link = {.bandwidth_Bps = exact(937e6), .latency_s = exact(2.9e-6), .mtu_B = 2048},
        .mpi = {.wait = MPI_WAIT_BLOCKS,
                .eager_threshold_B = 12288,
                .send_message_s = exact(0.71e-6),
                .recv_message_s = exact(0.83e-6),
                .registration = {.threshold_B = 16384,
                                 .cost = {exact(11.3e-6), exact(0.37e-6)},
                                 .cache_hits = exact(0.25)},
                .local_latency_s = exact(0.61e-6),
                .local_bandwidth_Bps = exact(1.13e9)},
        .virt = {.kind = VIRT_HYPERVISOR,
                 .stack = {.recv_message_s = exact(0.53e-6)},
                 .backend = {.busy_factor = exact(1), .busy_smp_factor = exact(1)},
                 .interrupts = {exact(1.7e-6), exact(5), exact(3.1e-6)},
                 .iommu_page_s = exact(0.23e-6),
                 .registration = {exact(97e-6), exact(0.41e-6)},
                 .sizes = {3,
                           {{.slowdown = exact(1)},
                            {.from_B = 8192, .latency_s = exact(13.7e-6), .slowdown = exact(1.9)},
                            {.from_B = 65536, .slowdown = exact(1)}}},
                 .same_host = {.via = SAME_HOST_NETWORK,
                               .latency_s = exact(7.3e-6),
                               .bandwidth_Bps = exact(0.87e9)}}};
    w->net = (struct network){
        .node = &w->node, .link = &w->link, .mpi = &w->mpi, .virt = &w->virt, .n_vcpus = 1};
}

static double duration_s(const struct network *net, double size_B)
{
    const struct transfer t = network_transfer(net, PATH_OTHER_HOST, size_B, &idle, &idle);
    return transfer_duration_s(&t, size_B);
}

/* --- interrupts ------------------------------------------------------------------------------ */

static void one_interrupt_announces_a_short_message_and_several_packets_of_a_long_one(void **state)
{
    (void)state;
    const struct interrupts interrupts = {exact(1.7e-6), exact(5), exact(0)};
    assert_close(interrupt_count(&interrupts, 1), 1);
    assert_close(interrupt_count(&interrupts, 5), 1);
    assert_close(interrupt_count(&interrupts, 6), 2);
    assert_close(interrupt_cost_s(&interrupts, 23), 5 * 1.7e-6);
}

static void coalescing_never_costs_more(void **state)
{
    (void)state;
    for (double n_packets = 1; n_packets < 1e6; n_packets = ceil(n_packets * 1.7))
        for (double packets = 1; packets < 200; packets *= 1.3) {
            const struct interrupts fewer = {exact(1.7e-6), exact(packets * 1.3), exact(0)};
            const struct interrupts more = {exact(1.7e-6), exact(packets), exact(0)};
            assert_true(interrupt_cost_s(&fewer, n_packets) <= interrupt_cost_s(&more, n_packets));
            assert_true(interrupt_count(&fewer, n_packets) >= 1);
        }
}

/* 20 KiB are 10 packets: two interrupts, which the guest's account shows as the hypervisor's. */
static void a_receiver_exits_for_interrupts_and_a_sender_does_not(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    const struct stack_cost in = network_recv_cost(&w.net, PATH_OTHER_HOST, 20480);
    assert_close(in.exit_s, 3.4e-6);
    assert_close(in.guest_s, 3.4e-6 + 0.53e-6);
    assert_true(network_send_cost(&w.net, PATH_OTHER_HOST, 20480).exit_s == 0.0);
    assert_true(network_recv_cost(&w.net, PATH_SAME_DOMAIN, 20480).exit_s == 0.0);
    assert_close(network_recv_cost(&w.net, PATH_SAME_HOST, 20480).exit_s, 3.4e-6);
}

/* 22 packets are five interrupts, and the last fifth of bytes and exits has to wait for its
 * packets; a message that one interrupt announces comes before any of its cost. */
static void a_guest_takes_packets_while_others_arrive(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    w.virt.stack.recv_byte_s = exact(2.3e-9);
    const double packets_s = 45056 * 2.3e-9 + 5 * 1.7e-6;
    const struct stack_cost whole = network_recv_cost(&w.net, PATH_OTHER_HOST, 45056);
    assert_close(whole.guest_s, 0.53e-6 + packets_s);
    assert_close(whole.arriving_s, 0.8 * packets_s);
    assert_true(network_recv_cost(&w.net, PATH_OTHER_HOST, 10240).arriving_s == 0.0);
    assert_true(network_recv_cost(&w.net, PATH_SAME_DOMAIN, 45056).arriving_s == 0.0);
    assert_true(network_send_cost(&w.net, PATH_OTHER_HOST, 45056).arriving_s == 0.0);
}

/* The longer the vCPU was idle, the less is left, down to what comes with the last packets. */
static void who_has_waited_pays_for_the_tail_alone(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    w.virt.stack.recv_byte_s = exact(2.3e-9);
    const struct stack_cost whole = network_recv_cost(&w.net, PATH_OTHER_HOST, 45056);
    double before_s = whole.guest_s;
    for (double idle_s = 0.0; idle_s < 1e-3; idle_s = 1.3 * idle_s + 1e-6) {
        const struct stack_cost left = network_cost_after_wait(&whole, idle_s);
        assert_close(left.guest_s, whole.guest_s - fmin(idle_s, whole.arriving_s));
        assert_true(left.guest_s <= before_s);
        assert_true(left.native_s == whole.native_s && left.exit_s == whole.exit_s);
        before_s = left.guest_s;
    }
    assert_close(before_s, whole.guest_s - whole.arriving_s);
}

static void a_library_that_polls_an_adapter_takes_no_interrupt(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    const double blocked_s = duration_s(&w.net, 1000);
    w.mpi.wait = MPI_WAIT_POLLS;
    assert_true(network_recv_cost(&w.net, PATH_OTHER_HOST, 20480).exit_s == 0.0);
    assert_close(blocked_s - duration_s(&w.net, 1000), 3.1e-6);
    w.mpi.registration.threshold_B = 0; /* sockets: the kernel is told by interrupts */
    assert_close(network_recv_cost(&w.net, PATH_OTHER_HOST, 20480).exit_s, 3.4e-6);
}

/* --- IOMMU and slow sizes -------------------------------------------------------------------- */

/* 4096 B in 0.23 us are 17.8 GB/s, above the wire: each host delays the first page alone. */
static void a_fast_iommu_costs_the_first_page_on_both_sides(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    assert_close(duration_s(&w.net, 4096), 2.9e-6 + 3.1e-6 + 2 * 0.23e-6 + 4096 / 937e6);
    assert_close(network_nic_Bps(&w.net), 937e6);
}

/* 4096 B in 6.1 us are 671 MB/s. */
static void a_slow_iommu_sets_the_pace(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    w.virt.iommu_page_s = exact(6.1e-6);
    assert_close(network_nic_Bps(&w.net), 4096 / 6.1e-6);
    assert_close(duration_s(&w.net, 1 << 20), 2.9e-6 + 3.1e-6 + 258 * 6.1e-6);
    w.virt.kind = VIRT_NATIVE;
    assert_close(network_nic_Bps(&w.net), 937e6);
}

static void guests_slow_sizes_down_from_a_pieces_first_to_before_the_next_pieces(void **state)
{
    (void)state;
    struct world w, plain;
    world_init(&w);
    world_init(&plain);
    plain.virt.sizes.n = 0;
    assert_close(duration_s(&w.net, 8191), duration_s(&plain.net, 8191));
    assert_close(duration_s(&w.net, 8192),
                 duration_s(&plain.net, 8192) + 13.7e-6 + 0.9 * 8192 / 937e6);
    assert_close(duration_s(&w.net, 65535),
                 duration_s(&plain.net, 65535) + 13.7e-6 + 0.9 * 65535 / 937e6);
    assert_close(duration_s(&w.net, 65536), duration_s(&plain.net, 65536));
    const struct transfer bridge = network_transfer(&w.net, PATH_SAME_HOST, 8192, &idle, &idle);
    assert_close(transfer_duration_s(&bridge, 8192), 7.3e-6 + 8192 / 0.87e9);
}

/* --- registration ---------------------------------------------------------------------------- */

/* 20000 B are five pages, of whose registrations three quarters are paid for. */
static void each_side_registers_its_pages(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    const struct stack_cost cost = network_registration_cost(&w.net, PATH_OTHER_HOST, 20000);
    assert_close(cost.native_s, 0.75 * (11.3e-6 + 5 * 0.37e-6));
    assert_close(cost.guest_s, 0.75 * (97e-6 + 5 * 0.41e-6));
    w.virt.kind = VIRT_NATIVE;
    assert_true(network_registration_cost(&w.net, PATH_OTHER_HOST, 20000).guest_s == 0.0);
}

static void registration_begins_at_the_threshold_and_only_for_an_adapter(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    struct stack_cost cost = network_registration_cost(&w.net, PATH_OTHER_HOST, 16383);
    assert_true(stack_cost_s(&cost) == 0.0);
    cost = network_registration_cost(&w.net, PATH_OTHER_HOST, 16384);
    assert_true(stack_cost_s(&cost) > 0.0);
    cost = network_registration_cost(&w.net, PATH_SAME_DOMAIN, 16384);
    assert_true(stack_cost_s(&cost) == 0.0);
    w.mpi.eager_threshold_B = 16384;
    cost = network_registration_cost(&w.net, PATH_OTHER_HOST, 16384);
    assert_true(stack_cost_s(&cost) == 0.0);
    w.mpi.registration.threshold_B = 0;
    cost = network_registration_cost(&w.net, PATH_OTHER_HOST, 1e9);
    assert_true(stack_cost_s(&cost) == 0.0);
}

static void registration_never_falls_with_size_nor_rises_with_the_cache(void **state)
{
    (void)state;
    struct registration registration = {.cost = {exact(11.3e-6), exact(0.37e-6)}};
    for (double hits = 0.0; hits <= 0.9; hits += 0.1)
        for (double size_B = 1; size_B < 1e9; size_B *= 1.7) {
            registration.cache_hits = exact(hits);
            const double s = registration_cost_s(&registration, &registration.cost, size_B);
            assert_true(s <= registration_cost_s(&registration, &registration.cost, size_B * 1.7));
            registration.cache_hits = exact(hits + 0.1);
            assert_true(registration_cost_s(&registration, &registration.cost, size_B) < s);
        }
    registration.cache_hits = exact(1.0);
    assert_true(registration_cost_s(&registration, &registration.cost, 1e9) == 0.0);
}

/* --- guests of one host ---------------------------------------------------------------------- */

/* 1 MB needs 489 packets of 11.9 us, 5.8 ms; between guests it takes 7.3 us + 1.15 ms. */
static void backends_between_guests_work_no_longer_than_the_message_takes(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    w.virt.backend.scope = BACKEND_PER_VM;
    w.virt.backend.packet_s = exact(11.9e-6);
    w.virt.backend.cpu_share = exact(0.7);
    const double path_s = 7.3e-6 + 1e6 / 0.87e9;
    assert_close(network_backend_cpu_s(&w.net, PATH_OTHER_HOST, 1e6), 0.7 * 489 * 11.9e-6);
    assert_close(network_backend_cpu_s(&w.net, PATH_SAME_HOST, 1e6), 0.7 * path_s);
    w.virt.backend.scope = BACKEND_PER_NODE;
    assert_close(network_backend_cpu_s(&w.net, PATH_SAME_HOST, 1e6), 0.7 * 0.5 * path_s);
    w.virt.same_host.latency_s = exact(70e-6);
    assert_close(network_backend_cpu_s(&w.net, PATH_SAME_HOST, 100), 0.7 * 11.9e-6);
    assert_true(network_backend_cpu_s(&w.net, PATH_SAME_DOMAIN, 1e6) == 0.0);
}

/* A profile that says nothing of this path promises no better one than memory. */
static void guests_of_a_host_are_never_closer_than_ranks_of_one_system(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    w.virt.same_host.latency_s = exact(0);
    w.virt.same_host.bandwidth_Bps = exact(1e12);
    for (double size_B = 0; size_B < 1e8; size_B = size_B * 1.7 + 1) {
        const struct transfer between =
            network_transfer(&w.net, PATH_SAME_HOST, size_B, &idle, &idle);
        const struct transfer within =
            network_transfer(&w.net, PATH_SAME_DOMAIN, size_B, &idle, &idle);
        assert_close(transfer_duration_s(&between, size_B), transfer_duration_s(&within, size_B));
    }
}

/* --- defaults -------------------------------------------------------------------------------- */

/* With no cost of its own, a guest with the NIC in its hands is the bare node. */
static void every_mechanism_is_neutral_at_its_default(void **state)
{
    (void)state;
    struct world w, native;
    world_init(&w);
    world_init(&native);
    native.virt.kind = VIRT_NATIVE;
    w.virt.stack.recv_message_s = exact(0);
    w.virt.interrupts = (struct interrupts){exact(0), exact(1), exact(0)};
    w.virt.iommu_page_s = exact(0);
    w.virt.registration = (struct registration_cost){exact(0), exact(0)};
    w.virt.sizes.n = 0;
    for (double size_B = 0; size_B < 1e8; size_B = size_B * 1.7 + 1) {
        const struct stack_cost in = network_recv_cost(&w.net, PATH_OTHER_HOST, size_B);
        const struct stack_cost pinned = network_registration_cost(&w.net, PATH_OTHER_HOST, size_B);
        assert_true(in.guest_s == 0.0 && pinned.guest_s == 0.0);
        assert_close(duration_s(&w.net, size_B), duration_s(&native.net, size_B));
    }
}

static void duration_rises_with_size_without_pieces(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    w.virt.sizes.n = 0;
    for (double size_B = 1; size_B < 1e9; size_B *= 1.37)
        assert_true(duration_s(&w.net, size_B) <= duration_s(&w.net, size_B * 1.37));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_interrupt_announces_a_short_message_and_several_packets_of_a_long_one),
        cmocka_unit_test(coalescing_never_costs_more),
        cmocka_unit_test(a_receiver_exits_for_interrupts_and_a_sender_does_not),
        cmocka_unit_test(a_guest_takes_packets_while_others_arrive),
        cmocka_unit_test(who_has_waited_pays_for_the_tail_alone),
        cmocka_unit_test(a_library_that_polls_an_adapter_takes_no_interrupt),
        cmocka_unit_test(a_fast_iommu_costs_the_first_page_on_both_sides),
        cmocka_unit_test(a_slow_iommu_sets_the_pace),
        cmocka_unit_test(guests_slow_sizes_down_from_a_pieces_first_to_before_the_next_pieces),
        cmocka_unit_test(each_side_registers_its_pages),
        cmocka_unit_test(registration_begins_at_the_threshold_and_only_for_an_adapter),
        cmocka_unit_test(registration_never_falls_with_size_nor_rises_with_the_cache),
        cmocka_unit_test(backends_between_guests_work_no_longer_than_the_message_takes),
        cmocka_unit_test(guests_of_a_host_are_never_closer_than_ranks_of_one_system),
        cmocka_unit_test(every_mechanism_is_neutral_at_its_default),
        cmocka_unit_test(duration_rises_with_size_without_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
