/* Counterfactuals: nothing that one takes away may have helped, and nothing else changes. */
#include "sim/result/counterfactual.h"

#include "models/cpu.h"
#include "models/network.h"
#include "models/noise.h"
#include "models/storage.h"
#include "models/tenants.h"
#include "sim/workload/workload.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

static struct efficiency efficiency_of(double value)
{
    const struct parameter p = parameter_exact(value);
    return (struct efficiency){p, p, p};
}

/* Messages of 8 KiB to 1 MiB cost something everywhere. */
static struct message_pieces costly_pieces(double slowdown)
{
    const struct message_piece plain = {.slowdown = parameter_exact(1.0)};
    struct message_pieces pieces = {3, {plain, plain, plain}};
    pieces.items[2].from_B = 1048576.0;
    pieces.items[1] = (struct message_piece){.from_B = 8192.0,
                                             .send_message_s = parameter_exact(1.7e-6),
                                             .recv_byte_s = parameter_exact(1.1e-10),
                                             .latency_s = parameter_exact(5.9e-6),
                                             .slowdown = parameter_exact(slowdown),
                                             .spread = parameter_exact(0.21)};
    return pieces;
}

/* 16 dual-core nodes and an MPI library. */
static struct scenario costly_nodes(void)
{
    struct scenario s = {.n_ranks = 28};
    s.cluster.n_nodes = 16;
    s.cluster.node.n_sockets = 1;
    s.cluster.node.n_cores_per_socket = 2;
    s.cluster.node.memory_bandwidth_one_Bps = parameter_exact(3.866e9);
    s.cluster.node.memory_bandwidth_all_Bps = parameter_exact(3.690e9);
    s.cluster.node.memory_latency_s = parameter_exact(9.3e-8);
    s.cluster.node.page_walk =
        (struct page_walk){parameter_exact(3.1e-8), parameter_exact(7e-9), parameter_exact(0.0)};
    s.cluster.node.accesses_at_once = parameter_exact(1.0);
    s.cluster.node.network_bandwidth_Bps = parameter_exact(1.7e8);
    s.cluster.link.bandwidth_Bps = parameter_exact(1.25e8);
    s.cluster.link.latency_s = parameter_exact(5.1e-5);
    s.cluster.link.mtu_B = 1500.0;
    s.cluster.link.packet_header_B = 52.0;
    s.cluster.link.frame_overhead_B = 38.0;
    s.mpi.send_message_s = parameter_exact(4.1e-6);
    s.mpi.recv_byte_s = parameter_exact(1.9e-9);
    s.mpi.local_latency_s = parameter_exact(2.1e-5);
    s.mpi.local_bandwidth_Bps = parameter_exact(7.3e8);
    s.mpi.sizes = costly_pieces(1.2);
    s.mpi.local_sizes = costly_pieces(1.4);
    return s;
}

static void give_guests(struct scenario *s)
{
    s->virtualization.vms_per_node = 2;
    s->virtualization.vcpus = 1;

    struct virt_profile *virt = &s->virtualization.technology;
    virt->kind = VIRT_HYPERVISOR;
    for (int class = 0; class < N_WORK_CLASS; class ++) {
        s->cluster.node.rate_flops[class].alone = parameter_exact(8.348e9);
        s->cluster.node.rate_flops[class].full_node = parameter_exact(8.271e9);
        virt->efficiency[class] = efficiency_of(0.86 - 0.03 * class);
    }
    virt->access_efficiency = efficiency_of(0.842);
    virt->nested_walk = parameter_exact(2.3);
    s->cluster.node.mitigation =
        (struct mitigation_profile){parameter_exact(1.7e-7), parameter_exact(6.1e-7)};
    s->mpi.kernel_entries = (struct kernel_entries){parameter_exact(1.0), parameter_exact(3.0)};
    virt->exits = (struct exits){parameter_exact(1.0), parameter_exact(2.0), parameter_exact(1.0)};
    virt->stack = (struct guest_stack){parameter_exact(7.1e-6), parameter_exact(1.3e-9),
                                       parameter_exact(8.9e-6), parameter_exact(1.7e-9)};
    virt->backend = (struct backend){.scope = BACKEND_PER_VM,
                                     .message_s = parameter_exact(3.3e-6),
                                     .packet_s = parameter_exact(5.2e-5),
                                     .byte_s = parameter_exact(8.1e-9),
                                     .byte_smp_s = parameter_exact(2.9e-8),
                                     .latency_s = parameter_exact(2.1e-5),
                                     .cpu_share = parameter_exact(0.8),
                                     .vcpu_share = parameter_exact(0.3),
                                     .busy_factor = parameter_exact(1.45),
                                     .busy_smp_factor = parameter_exact(2.9),
                                     .wakeup_s = parameter_exact(4.7e-5)};
}

static void give_devices_and_neighbours(struct scenario *s)
{
    struct virt_profile *virt = &s->virtualization.technology;
    virt->interrupts =
        (struct interrupts){parameter_exact(2.7e-6), parameter_exact(4.0), parameter_exact(3.4e-6)};
    virt->registration = (struct registration_cost){parameter_exact(9.7e-6), parameter_exact(4e-7)};
    virt->iommu_page_s = parameter_exact(3.1e-6);
    virt->sizes = costly_pieces(1.3);
    virt->disk.request_s = parameter_exact(7.9e-5);
    virt->disk.write_amplification = parameter_exact(1.2);
    s->virtualization.disk.format = IMAGE_QCOW2;
    s->cluster.node.disk.read_Bps = parameter_exact(7.3e7);
    s->cluster.node.disk.write_Bps = parameter_exact(6.1e7);
    s->workload = workload_by_name("disk");
    s->mpi.registration.threshold_B = 16384.0;
    s->virtualization.pinning = KNOB_OFF;
    virt->floating =
        (struct floating){parameter_exact(3.1), parameter_exact(0.6), parameter_exact(0.037)};
    s->virtualization.tenants.n_cores = 1;
    s->virtualization.tenants.memory_Bps = parameter_exact(0.71e9);
    virt->same_host = (struct same_host_path){SAME_HOST_NETWORK, parameter_exact(1.1e-4),
                                              parameter_exact(8.1e7), costly_pieces(1.1)};
    s->cluster.node.noise = (struct noise_profile){parameter_exact(250.0), parameter_exact(3.1e-6),
                                                   parameter_exact(1.0)};
    virt->noise = (struct noise_profile){parameter_exact(11.0), parameter_exact(1.7e-4),
                                         parameter_exact(1.0)};
}

/* Two 1-vCPU guests on each of 16 dual-core nodes; every mechanism costs something. */
static struct scenario costly_scenario(void)
{
    struct scenario s = costly_nodes();
    give_guests(&s);
    give_devices_and_neighbours(&s);
    return s;
}

/* One 2-vCPU guest a node instead, whose ranks also send each other messages. */
static struct scenario costly_smp_scenario(void)
{
    struct scenario s = costly_scenario();
    s.virtualization.vms_per_node = 1;
    s.virtualization.vcpus = 2;
    return s;
}

enum { N_COSTLY = 2 };
static struct scenario costly(int i)
{
    return i == 0 ? costly_scenario() : costly_smp_scenario();
}

/* vCPUs and tenants take turns where they are more than cores. */
static double turns_of(const struct scenario *s)
{
    const double n_cores = s->cluster.node.n_cores_per_socket;
    const int n_vcpus = s->virtualization.vms_per_node * s->virtualization.vcpus;
    return fmax(1.0, (n_vcpus + s->virtualization.tenants.n_cores) / n_cores);
}

static double work_s(const struct scenario *original, const struct work *work)
{
    struct scenario left = *original;
    const struct scenario *s = &left;
    const struct core_load load = {.n_cores = s->cluster.node.n_cores_per_socket,
                                   .n_active = 2,
                                   .n_vcpus = s->virtualization.vcpus,
                                   .is_floating = s->virtualization.pinning == KNOB_OFF};
    tenants_take(&s->virtualization.tenants, &left.cluster.node, &left.cluster.link,
                 &left.virtualization.technology);
    const struct compute_cost cost =
        cpu_cost(&s->cluster.node, &s->virtualization.technology, &load, work);
    const bool is_native = s->virtualization.technology.kind == VIRT_NATIVE;
    const double noise = noise_share(&s->cluster.node.noise) +
                         (is_native ? 0.0 : noise_share(&s->virtualization.technology.noise));
    return compute_cost_total_s(&cost) * (1.0 + noise) * turns_of(s);
}

static double compute_s(const struct scenario *s, enum work_class class)
{
    const struct work work = work_of(class, 2.385e9, class == WORK_MEMORY ? 7.1e9 : 0.0);
    return work_s(s, &work);
}

static double updates_s(const struct scenario *s)
{
    const struct work work = work_updates(2.385e6, 1.0, 0.0);
    return work_s(s, &work);
}

static struct network network_of(const struct scenario *s)
{
    return (struct network){.node = &s->cluster.node,
                            .link = &s->cluster.link,
                            .mpi = &s->mpi,
                            .virt = &s->virtualization.technology,
                            .n_vcpus = s->virtualization.vcpus};
}

/* What vCPUs spend themselves to have a message moved. */
static double exits_s(const struct scenario *s, enum path path, double size_B)
{
    const struct network net = network_of(s);
    const struct backend *backend = &s->virtualization.technology.backend;
    if (backend->scope != BACKEND_PER_VM)
        return 0.0;
    return host_exits_s(network_backend_cpu_s(&net, path, size_B), backend->vcpu_share.value,
                        s->virtualization.vcpus);
}

/* Of a message that comes a standard deviation late. */
static double message_s(const struct scenario *s, enum path path, double size_B)
{
    const bool is_native = s->virtualization.technology.kind == VIRT_NATIVE;
    const struct host_load full = {.n_cores = 2, .n_computing = 2};
    const struct network net = network_of(s);
    /* Guests of one host become ranks of one system. */
    const enum path way = is_native && path == PATH_SAME_HOST ? PATH_SAME_DOMAIN : path;
    const struct transfer transfer = network_transfer(&net, way, size_B, &full, &full);
    const struct stack_cost send = network_send_cost(&net, way, size_B);
    const struct stack_cost recv = network_recv_cost(&net, way, size_B);
    const struct stack_cost registration = network_registration_cost(&net, way, size_B);
    return stack_cost_s(&send) + stack_cost_s(&registration) +
           transfer_duration_s(&transfer, size_B) * (1.0 + transfer.spread) + stack_cost_s(&recv);
}

/* Ten records of 1 MB, past all caches. */
static double disk_s(const struct scenario *s)
{
    const struct image_spec *image = &s->virtualization.disk;
    const struct storage storage = {.node = &s->cluster.node,
                                    .link = &s->cluster.link,
                                    .virt = &s->virtualization.technology,
                                    .format = image->format,
                                    .cache = image->cache,
                                    .snapshot = image->snapshot,
                                    .n_ranks_of_system = 1,
                                    .n_ranks_of_node = 1};
    const struct disk_access access = {
        .operation = DISK_WRITE, .record_B = 1e6, .n_records = 10.0, .is_foreign = true};
    const struct storage_cost cost = storage_cost_of(&storage, &access);
    return storage_cost_alone_s(&cost);
}

/* A bit of everything. */
static double all_s(const struct scenario *s)
{
    double sum_s = compute_s(s, WORK_DGEMM) + compute_s(s, WORK_MEMORY) + updates_s(s) +
                   exits_s(s, PATH_OTHER_HOST, 23850.0) + disk_s(s);
    for (int path = 0; path < N_PATH; path++)
        sum_s += message_s(s, (enum path)path, 23850.0);
    return sum_s;
}

/* Those that take away what the bare node has as well, and so never are through with it. */
static bool is_ideal(const struct counterfactual *c)
{
    return strcmp(c->name, "compute") == 0 || strcmp(c->name, "local") == 0 ||
           strcmp(c->name, "wire") == 0;
}

/* Those that take away what a bare node has. */
static bool is_of_the_node(const struct counterfactual *c)
{
    return is_ideal(c) || strcmp(c->name, "mpi_stack") == 0 || strcmp(c->name, "noise") == 0 ||
           strcmp(c->name, "jitter") == 0 || strcmp(c->name, "mitigations") == 0;
}

static void no_counterfactual_makes_work_or_a_message_slower(void **state)
{
    (void)state;
    for (int i = 0; i < N_COSTLY; i++) {
        const struct scenario base = costly(i);
        for (const struct counterfactual *c = counterfactuals; c->name != NULL; c++) {
            const struct scenario without = counterfactual_of(&base, c);
            for (int class = 0; class < N_WORK_CLASS; class ++)
                assert_true(compute_s(&without, (enum work_class) class) <=
                            compute_s(&base, (enum work_class) class));
            assert_true(updates_s(&without) <= updates_s(&base));
            assert_true(disk_s(&without) <= disk_s(&base));
            for (int path = 0; path < N_PATH; path++)
                for (double size_B = 0.0; size_B < 1e8; size_B = 3.7 * size_B + 1.0)
                    assert_true(message_s(&without, (enum path)path, size_B) <=
                                message_s(&base, (enum path)path, size_B) * (1.0 + 1e-12));
        }
    }
}

static void each_counterfactual_helps_something_where_it_is_concerned(void **state)
{
    (void)state;
    for (const struct counterfactual *c = counterfactuals; c->name != NULL; c++) {
        int n_concerned = 0;
        for (int i = 0; i < N_COSTLY; i++) {
            const struct scenario base = costly(i);
            const struct scenario without = counterfactual_of(&base, c);
            if (!c->concerns(&base))
                continue;
            n_concerned++;
            assert_true(all_s(&without) < all_s(&base));
        }
        assert_true(n_concerned > 0);
    }
}

static void what_was_taken_away_is_gone(void **state)
{
    (void)state;
    for (int i = 0; i < N_COSTLY; i++) {
        const struct scenario base = costly(i);
        for (const struct counterfactual *c = counterfactuals; c->name != NULL; c++) {
            const struct scenario without = counterfactual_of(&base, c);
            assert_true(is_ideal(c) || !c->concerns(&without));
        }
    }
}

static void the_original_and_the_number_of_ranks_stay(void **state)
{
    (void)state;
    const struct scenario base = costly_scenario();
    const double before_s = all_s(&base);
    for (const struct counterfactual *c = counterfactuals; c->name != NULL; c++)
        assert_int_equal(counterfactual_of(&base, c).n_ranks, 28);
    assert_true(all_s(&base) == before_s);
}

static void a_native_scenario_has_only_what_the_bare_node_has_to_lose(void **state)
{
    (void)state;
    const struct scenario base = costly_scenario();
    const struct scenario native = counterfactual_of(&base, counterfactual_native);
    for (const struct counterfactual *c = counterfactuals; c->name != NULL; c++)
        assert_int_equal(c->concerns(&native), is_of_the_node(c));
    assert_string_equal(counterfactual_native->name, "native");
    assert_int_equal(native.virtualization.vms_per_node, 0);
}

static const struct counterfactual *named(const char *name)
{
    const struct counterfactual *c = counterfactuals;
    while (strcmp(c->name, name) != 0)
        c++;
    return c;
}

static bool is_concerned(const char *name, const struct scenario *scenario)
{
    return named(name)->concerns(scenario);
}

static void only_parameters_that_these_guests_use_count(void **state)
{
    (void)state;
    struct scenario single = costly_scenario(), smp = costly_smp_scenario();
    struct scenario *const scenarios[] = {&single, &smp};

    for (int i = 0; i < 2; i++) {
        struct virt_profile *virt = &scenarios[i]->virtualization.technology;
        virt->access_efficiency = efficiency_of(1.0);
        virt->access_efficiency.smp_guest = parameter_exact(0.842);
        virt->nested_walk = parameter_exact(1.0);
        virt->backend.busy_factor = parameter_exact(1.0);
        virt->backend.wakeup_s = parameter_exact(0.0);
        virt->backend.cpu_share = parameter_exact(0.0);
    }
    assert_false(is_concerned("paging", &single));
    assert_true(is_concerned("paging", &smp));
    assert_false(is_concerned("competition", &single));
    assert_true(is_concerned("competition", &smp));
}

static void guests_that_hide_their_sockets_lose_memory_speed_only_where_they_span_them(void **state)
{
    (void)state;
    struct scenario smp = costly_smp_scenario();
    smp.virtualization.technology.efficiency[WORK_MEMORY] = efficiency_of(1.0);
    assert_false(is_concerned("memory", &smp));

    /* Two sockets of one core each under the guest's two vCPUs. */
    smp.cluster.node.n_sockets = 2;
    smp.cluster.node.n_cores_per_socket = 1;
    assert_true(is_concerned("memory", &smp));
    smp.virtualization.technology.numa = NUMA_EXPOSED;
    assert_false(is_concerned("memory", &smp));
}

/* --- what layers may cost -------------------------------------------------- */

static const char kvm[] = "schema: vhpcsim-scenario/1\n"
                          "title: two nodes\n"
                          "cluster: {nodes: 2, node: dell-pe860, link: gigabit-ethernet}\n"
                          "virtualization:\n"
                          "  technology:\n"
                          "    profile: kvm-77-e1000\n"
                          "    efficiency:\n"
                          "      dgemm: {alone: 0.9, full_node: {value: 0.8, ci95: [0.75, 0.9]}}\n"
                          "      fft: {alone: 0.9}\n"
                          "      integer: {alone: 0.9}\n"
                          "      access: {alone: {value: 0.9, ci95: [0.8, 1.1]}}\n"
                          "    backend: {packet: {value: 20 us, ci95: [17 us, 23 us]},\n"
                          "      latency: 10 us, cpu_share: 1, vcpu_share: 0, wakeup: 0 us,\n"
                          "      byte: {value: 10 ns/B, ci95: [9 ns/B, 16 ns/B]},\n"
                          "      byte_smp: {value: 10 ns/B, ci95: [1 ns/B, 99 ns/B]},\n"
                          "      busy_factor: {value: 1.5, ci95: [1.25, 2]}}\n"
                          "  vms_per_node: 2\n"
                          "  vcpus: 1\n"
                          "mpi: mpich2-1.0.5\n"
                          "workload: {kind: hpl, n: 600, nb: 50, p: 2, q: 2}\n";

static void expect_range(const struct scenario *scenario, const char *name, double lo, double hi)
{
    const struct cost_range range = counterfactual_cost_range(scenario, named(name));
    gsl_test_rel(range.lo, lo, 1e-12, "%s, least", name);
    gsl_test_rel(range.hi, hi, 1e-12, "%s, most", name);
    assert_int_equal(gsl_test_summary(), 0);
}

/* 0 B/s of a node's bus is no limit: the range then begins at no cost, and does not end nowhere. */
static void a_speed_without_a_limit_costs_nothing(void **state)
{
    (void)state;
    static const char *const settings[] = {
        "cluster.node.network_bandwidth={value: 40 MB/s, ci95: [0 B/s, 80 MB/s]}"};
    struct diagnostics *diagnostics = diagnostics_new();
    struct scenario *scenario;
    assert_int_equal(
        scenario_read_text("kvm.yaml", kvm, strlen(kvm), 1, settings, diagnostics, &scenario), 0);
    const struct cost_range range = counterfactual_cost_range(scenario, named("wire"));
    assert_true(range.lo == 0.0 && isfinite(range.hi));
    scenario_free(scenario);
    diagnostics_free(diagnostics);
}

static void a_layer_may_cost_what_the_widest_of_its_parameters_allows(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    struct scenario *scenario;
    assert_int_equal(
        scenario_read_text("kvm.yaml", kvm, strlen(kvm), 0, NULL, diagnostics, &scenario), 0);

    /* Efficiency 0.8 adds 1/0.8 - 1 = 0.25 of the native time; 0.75 adds 1/3, 0.9 adds 1/9. */
    expect_range(scenario, "cpu", 4.0 / 9.0, 4.0 / 3.0);
    /* More than native speed costs nothing; 0.9 adds 1/9, and 0.8 adds 1/4. */
    expect_range(scenario, "paging", 0.0, 9.0 / 4.0);
    /* A factor of 1.5 adds 0.5, so 1.25 adds half of that, and 2 twice as much. */
    expect_range(scenario, "competition", 0.5, 2.0);
    /* Of packets' 0.85 to 1.15 and bytes' 0.9 to 1.6. */
    expect_range(scenario, "backend", 0.85, 1.6);
    scenario_free(scenario);
    diagnostics_free(diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_counterfactual_makes_work_or_a_message_slower),
        cmocka_unit_test(each_counterfactual_helps_something_where_it_is_concerned),
        cmocka_unit_test(what_was_taken_away_is_gone),
        cmocka_unit_test(the_original_and_the_number_of_ranks_stay),
        cmocka_unit_test(a_native_scenario_has_only_what_the_bare_node_has_to_lose),
        cmocka_unit_test(only_parameters_that_these_guests_use_count),
        cmocka_unit_test(
            guests_that_hide_their_sockets_lose_memory_speed_only_where_they_span_them),
        cmocka_unit_test(a_layer_may_cost_what_the_widest_of_its_parameters_allows),
        cmocka_unit_test(a_speed_without_a_limit_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
