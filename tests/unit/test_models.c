/* Costs of the models: single values worked by hand, and the properties that their headers promise.
 */
#include "models/cpu.h"
#include "models/memory.h"
#include "models/network.h"
#include "models/random.h"

#include <math.h>
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

/* A dual-core node with numbers that share no factor. */
static struct node_profile node(void)
{
    struct node_profile n = {.name = "n", .n_sockets = 1, .n_cores_per_socket = 2};
    for (int c = 0; c < N_WORK_CLASS; c++)
        n.rate_flops[c] = (struct core_rate){exact(8.348e9), exact(8.271e9)};
    n.memory_bandwidth_one_Bps = exact(3.866e9);
    n.memory_bandwidth_all_Bps = exact(3.690e9);
    n.dgemm = (struct dgemm_polynomial){exact(0), exact(0), exact(0), exact(0), exact(0)};
    n.memory_latency_s = exact(93.7e-9);
    n.accesses_at_once = exact(7.0);
    n.network_bandwidth_Bps = exact(0);
    return n;
}

static struct link_profile gigabit(void)
{
    return (struct link_profile){.bandwidth_Bps = exact(125e6),
                                 .latency_s = exact(23.7e-6),
                                 .mtu_B = 1500,
                                 .packet_header_B = 52,
                                 .frame_overhead_B = 38};
}

static struct mpi_profile mpi(void)
{
    return (struct mpi_profile){.send_message_s = exact(5.3e-6),
                                .send_byte_s = exact(0.11e-9),
                                .recv_message_s = exact(6.7e-6),
                                .recv_byte_s = exact(0.13e-9),
                                .local_latency_s = exact(9.1e-6),
                                .local_bandwidth_Bps = exact(566e6)};
}

static struct virt_profile guest(void)
{
    struct virt_profile v = {.kind = VIRT_HYPERVISOR};
    for (int c = 0; c < N_WORK_CLASS; c++)
        v.efficiency[c] = (struct efficiency){exact(0.92), exact(0.86), exact(0.834)};
    v.access_efficiency = (struct efficiency){exact(0.73), exact(0.71), exact(0.67)};
    v.stack = (struct guest_stack){exact(1.3e-6), exact(0), exact(2.1e-6), exact(0)};
    v.backend = (struct backend){.scope = BACKEND_PER_VM,
                                 .message_s = exact(3.1e-6),
                                 .packet_s = exact(27.7e-6),
                                 .byte_s = exact(1.9e-9),
                                 .byte_smp_s = exact(5.3e-9),
                                 .latency_s = exact(17.9e-6),
                                 .cpu_share = exact(0.83),
                                 .busy_factor = exact(1.43),
                                 .busy_smp_factor = exact(2.71),
                                 .wakeup_s = exact(11.3e-6)};
    v.same_host = (struct same_host_path){
        .via = SAME_HOST_NETWORK, .latency_s = exact(31.1e-6), .bandwidth_Bps = exact(81.0e6)};
    return v;
}

static struct virt_profile bare(void)
{
    return (struct virt_profile){
        .kind = VIRT_NATIVE, .backend = {.busy_factor = exact(1.0), .busy_smp_factor = exact(1.0)}};
}

struct world {
    struct node_profile node;
    struct link_profile link;
    struct mpi_profile mpi;
    struct virt_profile virt;
    struct network net;
};

static void world_init(struct world *w, struct virt_profile virt, int n_vcpus)
{
    *w = (struct world){.node = node(), .link = gigabit(), .mpi = mpi(), .virt = virt};
    w->net = (struct network){
        .node = &w->node, .link = &w->link, .mpi = &w->mpi, .virt = &w->virt, .n_vcpus = n_vcpus};
}

static const struct host_load idle = {.n_cores = 2, .n_computing = 0};

static double duration_s(const struct network *net, enum path path, double size_B,
                         const struct host_load *load)
{
    const struct transfer t = network_transfer(net, path, size_B, load, load);
    return transfer_duration_s(&t, size_B);
}

static void a_parameter_reaches_its_bounds_at_two_standard_deviations(void **state)
{
    (void)state;
    struct parameter p = exact(27.0);
    p.ci95_lo = 14.0;
    p.ci95_hi = 103.0;
    assert_close(parameter_at(&p, 0.0), 27.0);
    assert_close(parameter_at(&p, -1.959963984540054), 14.0);
    assert_close(parameter_at(&p, 1.959963984540054), 103.0);
    for (double z = -3.0; z < 3.0; z += 0.1)
        assert_true(parameter_at(&p, z) < parameter_at(&p, z + 0.1));
}

static void a_parameter_with_a_zero_bound_is_drawn_on_a_line(void **state)
{
    (void)state;
    struct parameter p = exact(0.0);
    p.ci95_hi = 5e-3;
    assert_close(parameter_at(&p, 1.959963984540054), 5e-3);
    assert_true(parameter_at(&p, -2.0) == 0.0);
}

/* 2 x 1000^3 flops at 8.271 Gflop/s with both cores busy, then at 86 % of it in a guest. */
static void dgemm_takes_flops_over_rate_and_the_guest_loses_its_share(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct virt_profile v = guest();
    const struct work w = work_dgemm(1000, 1000, 1000);
    const struct core_load bare = {.n_cores = 2, .n_active = 2, .n_vcpus = 0};
    const struct core_load in_guest = {.n_cores = 2, .n_active = 2, .n_vcpus = 1};

    const struct compute_cost native = cpu_cost(&n, &v, &bare, &w);
    assert_close(native.native_s, 2e9 / 8.271e9);
    assert_true(native.cpu_overhead_s == 0.0 && native.memory_overhead_s == 0.0);
    const struct compute_cost virtual = cpu_cost(&n, &v, &in_guest, &w);
    assert_close(compute_cost_total_s(&virtual), 2e9 / (8.271e9 * 0.86));
    assert_close(virtual.native_s, native.native_s);
    assert_true(virtual.memory_overhead_s == 0.0);
}

/* 24 MB at half of 3.69 GB/s; its 2 Mflop take less, so the guest's loss is memory's. */
/* 8 + (1e-20 - 8) is 0: a rate between two must not be computed so. */
static void a_full_node_has_its_own_rate_however_slow_that_is(void **state)
{
    (void)state;
    struct node_profile slow = node();
    slow.rate_flops[WORK_DGEMM] = (struct core_rate){exact(8.348e9), exact(2.385e-20)};
    const struct virt_profile v = bare();
    const struct core_load full = {.n_cores = 2, .n_active = 2};
    const struct work work = work_dgemm(3, 5, 7);
    /* 2 x 3 x 5 x 7 flops. */
    assert_close(cpu_cost(&slow, &v, &full, &work).native_s, 210 / 2.385e-20);
}

static void work_bound_by_memory_shares_the_bandwidth_of_the_node(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct virt_profile v = guest();
    const struct work w = work_of(WORK_MEMORY, 2e6, 24e6);
    const struct core_load load = {.n_cores = 2, .n_active = 2, .n_vcpus = 2};
    const struct compute_cost cost = cpu_cost(&n, &v, &load, &w);
    assert_close(cost.native_s, 24e6 / 1.845e9);
    assert_close(cost.memory_overhead_s, 24e6 / 1.845e9 * (1 / 0.834 - 1));
    assert_true(cost.cpu_overhead_s == 0.0);
}

static void memory_share_never_rises_with_more_ranks(void **state)
{
    (void)state;
    const struct node_profile n = node();
    for (int k = 1; k < 16; k++) {
        const struct memory_load one = {.n_active = k, .n_on_socket = k, .core_share = 1};
        const struct memory_load more = {.n_active = k + 1, .n_on_socket = k + 1, .core_share = 1};
        assert_true(memory_bandwidth_share_Bps(&n, &more) <= memory_bandwidth_share_Bps(&n, &one));
    }
}

/* 1e6 accesses of 93.7 ns, 4 under way at once because the program offers no more; then 7 of the
 * 128 that it offers, because the core has no more. */
static void random_accesses_take_latency_over_how_many_are_under_way(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct memory_load alone = {.n_active = 1, .n_on_socket = 1, .core_share = 1};
    assert_close(memory_access_s(&n, &alone, 1e6, 0.0), 93.7e-3);
    assert_close(memory_access_s(&n, &alone, 1e6, 4.0), 93.7e-3 / 4);
    assert_close(memory_access_s(&n, &alone, 1e6, 128.0), 93.7e-3 / 7);
}

/* 128 B an update at 1.845 GB/s are 69.4 ns: latency binds one by one, bandwidth 128 at once. */
static void updates_are_bound_by_latency_or_by_the_lines_that_they_move(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct virt_profile v = guest();
    const struct core_load load = {.n_cores = 2, .n_active = 2, .n_vcpus = 1};
    const struct work alone = work_updates(1e6, 1, 5e6), at_once = work_updates(1e6, 128, 5e6);
    const struct compute_cost latency = cpu_cost(&n, &v, &load, &alone);
    const struct compute_cost bandwidth = cpu_cost(&n, &v, &load, &at_once);
    assert_close(latency.native_s, 93.7e-3);
    assert_close(latency.memory_overhead_s, 93.7e-3 * (1 / 0.71 - 1));
    assert_close(bandwidth.native_s, 128e6 / 1.845e9);
    assert_close(bandwidth.memory_overhead_s, 128e6 / 1.845e9 * (1 / 0.86 - 1));
}

/* 1e6 elements of 24 B that cost 18.4 B more each, at 1.845 GB/s. */
static void strided_elements_move_more_than_their_bytes(void **state)
{
    (void)state;
    struct node_profile n = node();
    n.strided_extra_B = exact(18.4);
    const struct virt_profile v = guest();
    const struct core_load load = {.n_cores = 2, .n_active = 2};
    struct work work = work_of(WORK_MEMORY, 0.0, 24e6);
    work.n_strided = 1e6;
    const struct work half = work_part(&work, 0.5);
    const struct compute_cost cost = cpu_cost(&n, &v, &load, &work);
    const struct compute_cost of_half = cpu_cost(&n, &v, &load, &half);
    assert_close(cost.native_s, 42.4e6 / 1.845e9);
    assert_close(of_half.native_s, 21.2e6 / 1.845e9);
}

static void updates_never_take_longer_when_more_are_under_way_or_latency_falls(void **state)
{
    (void)state;
    const struct virt_profile v = guest();
    for (int n_vcpus = 0; n_vcpus <= 2; n_vcpus++) {
        const struct core_load load = {.n_cores = 2, .n_active = 2, .n_vcpus = n_vcpus};
        double last_s = INFINITY;
        for (double n_at_once = 1.0; n_at_once < 20.0; n_at_once *= 1.3) {
            struct node_profile slow = node();
            struct node_profile fast = node();
            fast.memory_latency_s.value *= 0.83;
            const struct work work = work_updates(1e6, n_at_once, 5e6);
            const struct compute_cost cost = cpu_cost(&slow, &v, &load, &work);
            const struct compute_cost faster = cpu_cost(&fast, &v, &load, &work);
            assert_true(compute_cost_total_s(&cost) <= last_s);
            assert_true(compute_cost_total_s(&faster) <= compute_cost_total_s(&cost));
            last_s = compute_cost_total_s(&cost);
        }
    }
}

static void work_that_lasts_takes_a_lone_core_as_long(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct virt_profile v = bare();
    const struct core_load load = {.n_cores = 2, .n_active = 1};
    for (int class = 0; class < N_WORK_CLASS; class ++) {
        const struct work work = work_lasting(&n, (enum work_class) class, 3.7e-3);
        assert_close(cpu_cost(&n, &v, &load, &work).native_s, 3.7e-3);
    }
}

static void a_calibrated_dgemm_follows_its_polynomial(void **state)
{
    (void)state;
    struct node_profile n = node();
    n.dgemm = (struct dgemm_polynomial){exact(2.3e-10), exact(1.1e-9), exact(0.7e-9), exact(0.9e-9),
                                        exact(3e-7)};
    const struct virt_profile v = {.kind = VIRT_NATIVE};
    const struct core_load load = {.n_cores = 2, .n_active = 1, .n_vcpus = 0};
    const struct work w = work_dgemm(300, 200, 50);
    const double expected_s =
        2.3e-10 * 3e6 + 1.1e-9 * 60000 + 0.7e-9 * 15000 + 0.9e-9 * 10000 + 3e-7;
    assert_close(cpu_cost(&n, &v, &load, &w).native_s, expected_s);
}

/* 1448 B of payload in 1538 B on the wire. */
static void a_native_message_takes_latency_and_its_frames_on_the_wire(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, bare(), 0);
    assert_close(network_wire_Bps(&w.link), 125e6 * 1448 / 1538);
    assert_close(duration_s(&w.net, PATH_OTHER_HOST, 14480, &idle), 23.7e-6 + 10 * 1538 / 125e6);
    assert_close(duration_s(&w.net, PATH_OTHER_HOST, 8, &idle), 23.7e-6 + (8 + 90) / 125e6);
    assert_close(duration_s(&w.net, PATH_SAME_DOMAIN, 5660, &idle), 9.1e-6 + 10e-6);
}

/* Two delays of 17.9 us; then one full service before the second backend starts, then the
 * second one's: 3.1 us a message, 27.7 us a packet, 1.9 ns a byte. The wire is faster than that. */
static void a_small_message_pays_both_backends_in_turn(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, guest(), 1);
    assert_close(duration_s(&w.net, PATH_OTHER_HOST, 8, &idle),
                 23.7e-6 + 2 * 17.9e-6 + 2 * (3.1e-6 + 27.7e-6 + 8 * 1.9e-9));
}

/* 1000 packets of 27.7 us and 1448 x 5.3 ns through a guest with two vCPUs, behind the first. */
static void a_long_message_moves_at_the_pace_of_the_backend(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, guest(), 2);
    const struct transfer t = network_transfer(&w.net, PATH_OTHER_HOST, 1448000, &idle, &idle);
    const double packet_s = 27.7e-6 + 1448 * 5.3e-9;
    assert_close(t.rate_Bps, 1448 / packet_s);
    assert_close(transfer_duration_s(&t, 1448000),
                 23.7e-6 + 2 * 17.9e-6 + (3.1e-6 + packet_s) + (3.1e-6 + 1000 * packet_s));
}

static void a_backend_slows_down_with_the_cores_that_compute(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, guest(), 1);
    const struct host_load busy = {.n_cores = 2, .n_computing = 2};
    const double packet_s = 27.7e-6 + 1448 * 1.9e-9;
    const double service_s = 3.1e-6 + 1000 * packet_s;
    const double first_s = 3.1e-6 + packet_s;
    assert_close(duration_s(&w.net, PATH_OTHER_HOST, 1448000, &busy),
                 23.7e-6 + 2 * (17.9e-6 + 11.3e-6) + 1.43 * (first_s + service_s));
    for (int n = 0; n < 3; n++) {
        const struct host_load less = {.n_cores = 2, .n_computing = n};
        const struct host_load more = {.n_cores = 2, .n_computing = n + 1};
        assert_true(duration_s(&w.net, PATH_OTHER_HOST, 5000, &less) <=
                    duration_s(&w.net, PATH_OTHER_HOST, 5000, &more));
    }
}

/* Sizes that need the same number of packets take the same time, up to rounding. */
static void duration_rises_with_size_on_every_path(void **state)
{
    (void)state;
    struct world worlds[2];
    world_init(&worlds[0], bare(), 0);
    world_init(&worlds[1], guest(), 1);
    for (int w = 0; w < 2; w++)
        for (int path = 0; path < N_PATH; path++) {
            if (w == 0 && path == PATH_SAME_HOST)
                continue; /* a bare node is one domain */
            for (double size_B = 1; size_B < 1e9; size_B *= 1.37)
                assert_true(duration_s(&worlds[w].net, path, size_B, &idle) <=
                            duration_s(&worlds[w].net, path, size_B * 1.37, &idle) * (1 + 1e-14));
        }
}

static void a_guest_is_never_faster_than_the_bare_node_on_the_wire(void **state)
{
    (void)state;
    struct world native, virtual;
    world_init(&native, bare(), 0);
    world_init(&virtual, guest(), 1);
    for (double size_B = 0; size_B < 1e9; size_B = size_B * 1.7 + 1)
        assert_true(duration_s(&virtual.net, PATH_OTHER_HOST, size_B, &idle) >
                    duration_s(&native.net, PATH_OTHER_HOST, size_B, &idle));
}

static void a_fast_backend_leaves_the_pace_to_the_wire(void **state)
{
    (void)state;
    struct world w;
    struct virt_profile v = guest();
    v.backend.packet_s = exact(1.7e-6);
    v.backend.byte_s = exact(0.0);
    world_init(&w, v, 1);
    const struct transfer t = network_transfer(&w.net, PATH_OTHER_HOST, 1448e6, &idle, &idle);
    assert_close(t.rate_Bps, network_wire_Bps(&w.link));
    assert_close(t.rate_factor, 1.0);
}

static void stacks_cost_the_guest_extra_only_on_its_way_out(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, guest(), 1);
    const struct stack_cost out = network_send_cost(&w.net, PATH_OTHER_HOST, 1000);
    assert_close(out.native_s, 5.3e-6 + 0.11e-6);
    assert_close(out.guest_s, 1.3e-6);
    assert_true(network_recv_cost(&w.net, PATH_SAME_DOMAIN, 1000).guest_s == 0.0);
}

/* On two cores one computing vCPU takes half of what traffic needs; on four it takes nothing. */
static void pressure_is_what_computing_leaves_of_two_cores(void **state)
{
    (void)state;
    const int n_cores[] = {1, 2, 2, 2, 4, 4, 4, 2};
    const int n_computing[] = {0, 0, 1, 2, 2, 3, 4, 5};
    const double pressure[] = {0.5, 0.0, 0.5, 1.0, 0.0, 0.5, 1.0, 1.0};
    for (int i = 0; i < 8; i++) {
        const struct host_load load = {.n_cores = n_cores[i], .n_computing = n_computing[i]};
        assert_close(host_pressure(&load), pressure[i]);
        assert_close(host_service_slowdown(&load, 2.9), 1.0 + 1.9 * pressure[i]);
    }
}

static void a_guest_with_several_vcpus_suffers_more_from_computing(void **state)
{
    (void)state;
    const struct host_load busy = {.n_cores = 2, .n_computing = 1};
    struct world w;
    world_init(&w, guest(), 2);
    const double packet_s = 27.7e-6 + 1448 * 5.3e-9;
    assert_close(duration_s(&w.net, PATH_OTHER_HOST, 1448, &busy),
                 23.7e-6 + 2 * (17.9e-6 + 0.5 * 11.3e-6) + 2 * 1.855 * (3.1e-6 + packet_s));
}

static void computing_vcpus_lose_what_a_fair_scheduler_gives_the_backend(void **state)
{
    (void)state;
    const struct host_load wide = {.n_cores = 4, .n_computing = 2};
    assert_true(host_stolen_s(&idle, 0.37) == 0.0);
    assert_true(host_stolen_s(&wide, 0.37) == 0.0);
    const struct host_load half = {.n_cores = 2, .n_computing = 1};
    const struct host_load full = {.n_cores = 2, .n_computing = 2};
    assert_close(host_stolen_s(&half, 0.37), 0.185);
    assert_close(host_stolen_s(&full, 0.37), 0.37);
    assert_close(host_most_stolen_s(1.58), 0.79);
    assert_true(host_exits_s(0.37, 0.0, 1) == 0.0);
    assert_close(host_exits_s(0.37, 0.6, 3), 0.074);
}

static void streams_depend_on_seed_name_and_index_alone(void **state)
{
    (void)state;
    struct random_stream a = random_stream_for(7, "node speed", 3);
    struct random_stream b = random_stream_for(7, "node speed", 3);
    struct random_stream c = random_stream_for(7, "node speed", 4);
    struct random_stream d = random_stream_for(7, "node speec", 3);
    const double first = random_uniform(&a);
    assert_true(first == random_uniform(&b));
    assert_true(first != random_uniform(&c) && first != random_uniform(&d));
    assert_true(first != random_uniform(&a));
}

/* Mean 0 +- 4 standard errors and variance 1 within 4 %, over 1e5 draws. */
static void normals_have_mean_zero_and_variance_one(void **state)
{
    (void)state;
    double sum = 0.0, sum_of_squares = 0.0;
    const int n = 100000;
    for (int i = 0; i < n; i++) {
        struct random_stream s = random_stream_for(20090319, "test", (uint64_t)i);
        const double z = random_normal(&s);
        sum += z;
        sum_of_squares += z * z;
    }
    assert_true(fabs(sum / n) < 4 / sqrt(n));
    assert_true(fabs(sum_of_squares / n - 1.0) < 0.04);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parameter_reaches_its_bounds_at_two_standard_deviations),
        cmocka_unit_test(a_parameter_with_a_zero_bound_is_drawn_on_a_line),
        cmocka_unit_test(dgemm_takes_flops_over_rate_and_the_guest_loses_its_share),
        cmocka_unit_test(a_full_node_has_its_own_rate_however_slow_that_is),
        cmocka_unit_test(work_bound_by_memory_shares_the_bandwidth_of_the_node),
        cmocka_unit_test(memory_share_never_rises_with_more_ranks),
        cmocka_unit_test(random_accesses_take_latency_over_how_many_are_under_way),
        cmocka_unit_test(updates_are_bound_by_latency_or_by_the_lines_that_they_move),
        cmocka_unit_test(strided_elements_move_more_than_their_bytes),
        cmocka_unit_test(updates_never_take_longer_when_more_are_under_way_or_latency_falls),
        cmocka_unit_test(work_that_lasts_takes_a_lone_core_as_long),
        cmocka_unit_test(a_calibrated_dgemm_follows_its_polynomial),
        cmocka_unit_test(a_native_message_takes_latency_and_its_frames_on_the_wire),
        cmocka_unit_test(a_small_message_pays_both_backends_in_turn),
        cmocka_unit_test(a_long_message_moves_at_the_pace_of_the_backend),
        cmocka_unit_test(a_backend_slows_down_with_the_cores_that_compute),
        cmocka_unit_test(duration_rises_with_size_on_every_path),
        cmocka_unit_test(a_guest_is_never_faster_than_the_bare_node_on_the_wire),
        cmocka_unit_test(a_fast_backend_leaves_the_pace_to_the_wire),
        cmocka_unit_test(stacks_cost_the_guest_extra_only_on_its_way_out),
        cmocka_unit_test(pressure_is_what_computing_leaves_of_two_cores),
        cmocka_unit_test(a_guest_with_several_vcpus_suffers_more_from_computing),
        cmocka_unit_test(computing_vcpus_lose_what_a_fair_scheduler_gives_the_backend),
        cmocka_unit_test(streams_depend_on_seed_name_and_index_alone),
        cmocka_unit_test(normals_have_mean_zero_and_variance_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
