/* vCPUs that nothing pins: values by hand and the properties of the header. */
#include "models/cpu.h"
#include "models/floating.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

#define assert_close(actual, expected) assert_int_equal(gsl_fcmp((actual), (expected), 1e-12), 0)

static struct floating floating(double migrations_Hz, double away, double doubled)
{
    return (struct floating){.migrations_Hz = parameter_exact(migrations_Hz),
                             .away = parameter_exact(away),
                             .doubled = parameter_exact(doubled)};
}

static void memory_is_near_by_chance_alone(void **state)
{
    (void)state;
    const struct floating anywhere = floating(0.0, 1.0, 0.0), at_times = floating(0.0, 0.37, 0.0);
    assert_close(floating_remote(&anywhere, 4, 0.0), 0.75);
    assert_close(floating_remote(&at_times, 4, 0.0), 0.37 * 0.75);
    assert_close(floating_remote(&at_times, 4, 0.6), 0.6);
    assert_true(floating_remote(&anywhere, 1, 0.0) == 0.0);
}

/* 7 migrations a second, each 2.5 MB at 10 GB/s: 1.75 ms of a second. */
static void each_migration_fills_the_caches_anew(void **state)
{
    (void)state;
    const struct floating f = floating(7.0, 0.0, 0.0);
    assert_close(floating_refill_s(&f, 2.5e6, 1e10, 3.0), 3 * 1.75e-3);
    assert_true(floating_refill_s(&f, 0.0, 1e10, 3.0) == 0.0);
}

/* Half a core for a tenth of the time: 0.95 of the speed, and on a half full node 0.975. */
static void a_doubled_vcpu_has_half_a_core(void **state)
{
    (void)state;
    const struct floating f = floating(0.0, 0.0, 0.1);
    assert_close(3.0 + floating_doubled_s(&f, 1.0, 3.0), 3.0 / 0.95);
    assert_close(3.0 + floating_doubled_s(&f, 0.5, 3.0), 3.0 / 0.975);
    assert_true(floating_doubled_s(&f, 0.0, 3.0) == 0.0);
}

/* --- in a guest ------------------------------------------------------------------------- */

static struct node_profile node(int n_sockets)
{
    struct node_profile n = {.n_sockets = n_sockets, .n_cores_per_socket = 8 / n_sockets};
    for (int c = 0; c < N_WORK_CLASS; c++)
        n.rate_flops[c] = (struct core_rate){parameter_exact(8.3e9), parameter_exact(7.9e9)};
    n.memory_bandwidth_one_Bps = parameter_exact(9.7e9);
    n.memory_bandwidth_all_Bps = parameter_exact(31e9);
    n.remote_slowdown = parameter_exact(1.57);
    n.memory_latency_s = parameter_exact(83e-9);
    n.accesses_at_once = parameter_exact(10.0);
    n.cache.core_B = 262144.0;
    n.cache.socket_B = 8388608.0;
    return n;
}

static struct virt_profile technology(struct floating f, enum virt_numa numa)
{
    struct virt_profile v = {.kind = VIRT_HYPERVISOR, .numa = numa, .floating = f};
    for (int c = 0; c < N_WORK_CLASS; c++)
        v.efficiency[c] = (struct efficiency){parameter_exact(0.97), parameter_exact(0.95),
                                              parameter_exact(0.93)};
    v.access_efficiency = v.efficiency[0];
    return v;
}

/* A guest of four vCPUs on one socket of a full node. */
static double cost_s(const struct node_profile *n, const struct virt_profile *v,
                     const struct work *work, bool is_floating)
{
    const struct core_load load = {.n_cores = 8,
                                   .n_active = 8,
                                   .n_vcpus = 4,
                                   .n_on_core = 1,
                                   .n_on_socket = n->n_cores_per_socket,
                                   .n_sockets = 1,
                                   .n_sockets_of_guest = 1,
                                   .is_floating = is_floating};
    const struct compute_cost cost = cpu_cost(n, v, &load, work);
    return compute_cost_total_s(&cost);
}

static const struct work works[] = {
    {.class = WORK_DGEMM, .flops = 1e9},
    {.class = WORK_MEMORY, .flops = 1e6, .bytes = 1e9},
    {.class = WORK_INTEGER, .flops = 1e6, .n_accesses = 1e6, .n_at_once = 3.0},
};

static void a_floating_guest_is_never_faster(void **state)
{
    (void)state;
    for (int numa = NUMA_HIDDEN; numa <= NUMA_EXPOSED; numa++)
        for (int n_sockets = 1; n_sockets <= 4; n_sockets *= 2)
            for (double x = 0.0; x <= 1.0; x += 0.125)
                for (int i = 0; i < 3; i++) {
                    const struct node_profile n = node(n_sockets);
                    const struct virt_profile v = technology(floating(100.0 * x, x, x), numa);
                    const double pinned_s = cost_s(&n, &v, &works[i], false);
                    assert_true(cost_s(&n, &v, &works[i], true) >= pinned_s);
                }
}

static void one_socket_without_migrations_loses_nothing(void **state)
{
    (void)state;
    const struct node_profile n = node(1);
    const struct virt_profile v = technology(floating(0.0, 1.0, 0.0), NUMA_HIDDEN);
    for (int i = 0; i < 3; i++)
        assert_true(cost_s(&n, &v, &works[i], true) == cost_s(&n, &v, &works[i], false));
}

/* On two sockets half of all accesses take 1.57 times as long; a guest that sees its sockets is no
 * better off, as it is not where it thinks. */
static void accesses_at_random_go_to_both_sockets(void **state)
{
    (void)state;
    const struct node_profile n = node(2);
    for (int numa = NUMA_HIDDEN; numa <= NUMA_EXPOSED; numa++) {
        const struct virt_profile v = technology(floating(0.0, 1.0, 0.0), numa);
        assert_close(cost_s(&n, &v, &works[2], true), cost_s(&n, &v, &works[2], false) * 1.285);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_near_by_chance_alone),
        cmocka_unit_test(each_migration_fills_the_caches_anew),
        cmocka_unit_test(a_doubled_vcpu_has_half_a_core),
        cmocka_unit_test(a_floating_guest_is_never_faster),
        cmocka_unit_test(one_socket_without_migrations_loses_nothing),
        cmocka_unit_test(accesses_at_random_go_to_both_sockets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
