/*
 * Page walks of guests: what models/paging.h promises, and where computing meets them.
 */
#include "models/cpu.h"
#include "models/paging.h"

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

/* An access takes 93.7 ns; of these, walks of small pages 41.3 and of huge ones 7.9. */
static struct node_profile node(void)
{
    struct node_profile n = {.n_sockets = 1, .n_cores_per_socket = 2};
    for (int c = 0; c < N_WORK_CLASS; c++)
        n.rate_flops[c] = (struct core_rate){exact(8.348e9), exact(8.348e9)};
    n.memory_bandwidth_one_Bps = exact(3.866e9);
    n.memory_bandwidth_all_Bps = exact(7.732e9);
    n.memory_latency_s = exact(93.7e-9);
    n.page_walk = (struct page_walk){exact(41.3e-9), exact(7.9e-9), exact(0.0)};
    n.accesses_at_once = exact(4.0);
    return n;
}

static struct virt_profile guest(double nested_walk)
{
    struct virt_profile v = {.kind = VIRT_HYPERVISOR, .nested_walk = exact(nested_walk)};
    const struct efficiency full = {exact(1.0), exact(1.0), exact(1.0)};
    for (int c = 0; c < N_WORK_CLASS; c++)
        v.efficiency[c] = full;
    v.access_efficiency = full;
    return v;
}

static double guest_latency_s(const struct node_profile *n, const struct virt_profile *v, bool huge)
{
    return paging_in_guest(n, v, huge).latency_s;
}

/* 93.7 - 41.3 + 2.3 x 41.3, and 93.7 - 41.3 + 2.3 x 7.9. */
static void a_guest_walks_its_pages_in_place_of_the_node(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct virt_profile v = guest(2.3);
    assert_close(guest_latency_s(&n, &v, false), 147.39e-9);
    assert_close(guest_latency_s(&n, &v, true), 70.57e-9);
}

static void one_table_and_small_pages_are_the_nodes_own(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct virt_profile one_table = guest(1.0), untold = guest(0.0);
    assert_close(guest_latency_s(&n, &one_table, false), 93.7e-9);
    assert_close(guest_latency_s(&n, &untold, false), 93.7e-9);
}

static void a_node_that_tells_no_walks_knows_no_difference(void **state)
{
    (void)state;
    struct node_profile n = node();
    n.page_walk = (struct page_walk){exact(0.0), exact(0.0), exact(0.0)};
    const struct virt_profile v = guest(24.0);
    assert_true(guest_latency_s(&n, &v, false) == 93.7e-9);
    assert_true(guest_latency_s(&n, &v, true) == 93.7e-9);
}

/* 1e-20 s is rounding: walks are taken out of the latency and put back. */
static void more_tables_and_longer_walks_never_help(void **state)
{
    (void)state;
    for (double walk_s = 0.0; walk_s < 200e-9; walk_s += 7.3e-9)
        for (double nested = 1.0; nested < 24.0; nested += 1.7) {
            struct node_profile n = node(), longer = node();
            n.page_walk = (struct page_walk){exact(walk_s), exact(7.9e-9), exact(0.0)};
            longer.page_walk = (struct page_walk){exact(1.1 * walk_s), exact(7.9e-9), exact(0.0)};
            const struct virt_profile v = guest(nested), more = guest(1.2 * nested);
            const double latency_s = guest_latency_s(&n, &v, false);
            assert_true(guest_latency_s(&n, &more, false) >= latency_s);
            assert_true(guest_latency_s(&n, &more, true) >= guest_latency_s(&n, &v, true));
            assert_true(guest_latency_s(&longer, &v, false) >= latency_s - 1e-20);
        }
}

/* Whatever a draw makes of the two walks. */
static void huge_pages_are_never_slower(void **state)
{
    (void)state;
    for (double small_s = 0.0; small_s < 200e-9; small_s += 13.7e-9)
        for (double huge_s = 0.0; huge_s < 200e-9; huge_s += 11.9e-9) {
            struct node_profile n = node();
            n.page_walk = (struct page_walk){exact(small_s), exact(huge_s), exact(0.0)};
            const struct virt_profile v = guest(2.3);
            const double huge_latency_s = guest_latency_s(&n, &v, true);
            assert_true(huge_latency_s <= guest_latency_s(&n, &v, false));
            assert_true(huge_latency_s >= 0.0);
        }
}

/* 1e6 accesses one by one; lookups beyond caches of nothing, four under way at once. */
static void accesses_and_lookups_take_the_guests_walks_and_memory_is_to_blame(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct virt_profile v = guest(2.3);
    const struct core_load small = {.n_cores = 2, .n_active = 1, .n_vcpus = 1};
    struct core_load huge = small;
    huge.has_huge_pages = true;
    const struct work accesses = {.class = WORK_INTEGER, .n_accesses = 1e6, .n_at_once = 1.0};
    const struct compute_cost one_by_one = cpu_cost(&n, &v, &small, &accesses);
    assert_close(one_by_one.native_s, 93.7e-3);
    assert_close(one_by_one.memory_overhead_s, 53.69e-3);
    assert_close(cpu_cost(&n, &v, &huge, &accesses).memory_overhead_s, -23.13e-3);
    const struct work lookups = {.class = WORK_MEMORY, .n_lookups = 1e6, .table_B = 3e9};
    const struct compute_cost at_once = cpu_cost(&n, &v, &small, &lookups);
    assert_close(at_once.native_s, 93.7e-3 / 4);
    assert_close(at_once.memory_overhead_s, 53.69e-3 / 4);
}

/*
 * Of 4 accesses at once the core has two walks under way: 41.3 / 2 = 20.65 ns on the bare node,
 * less than 93.7 / 4 = 23.425; 2.3 times as much in the guest, more than 147.39 / 4; 9.085 with
 * huge pages, less than 70.57 / 4.
 */
static void walks_limit_what_has_many_accesses_at_once(void **state)
{
    (void)state;
    struct node_profile n = node();
    n.page_walk.at_once = exact(2.0);
    const struct virt_profile v = guest(2.3);
    const struct core_load small = {.n_cores = 2, .n_active = 1, .n_vcpus = 1};
    struct core_load huge = small;
    huge.has_huge_pages = true;
    const struct work accesses = {.class = WORK_INTEGER, .n_accesses = 1e6, .n_at_once = 128.0};
    const struct compute_cost cost = cpu_cost(&n, &v, &small, &accesses);
    assert_close(cost.native_s, 23.425e-3);
    assert_close(compute_cost_total_s(&cost), 47.495e-3);
    const struct compute_cost huge_cost = cpu_cost(&n, &v, &huge, &accesses);
    assert_close(compute_cost_total_s(&huge_cost), 70.57e-3 / 4);
}

static void the_bare_node_and_streams_know_nothing_of_it(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct virt_profile nested = guest(2.3), one_table = guest(1.0);
    const struct core_load bare = {.n_cores = 2, .n_active = 1};
    const struct core_load in_guest = {.n_cores = 2, .n_active = 1, .n_vcpus = 1};
    const struct work accesses = work_updates(1e6, 1.0, 0.0);
    const struct work stream = work_of(WORK_MEMORY, 1e6, 1e9);
    const struct compute_cost native = cpu_cost(&n, &nested, &bare, &accesses);
    const struct compute_cost streaming = cpu_cost(&n, &nested, &in_guest, &stream);
    const struct compute_cost plain = cpu_cost(&n, &one_table, &in_guest, &stream);
    assert_true(compute_cost_total_s(&native) == 93.7e-3);
    assert_true(compute_cost_total_s(&streaming) == compute_cost_total_s(&plain));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guest_walks_its_pages_in_place_of_the_node),
        cmocka_unit_test(one_table_and_small_pages_are_the_nodes_own),
        cmocka_unit_test(a_node_that_tells_no_walks_knows_no_difference),
        cmocka_unit_test(more_tables_and_longer_walks_never_help),
        cmocka_unit_test(huge_pages_are_never_slower),
        cmocka_unit_test(accesses_and_lookups_take_the_guests_walks_and_memory_is_to_blame),
        cmocka_unit_test(walks_limit_what_has_many_accesses_at_once),
        cmocka_unit_test(the_bare_node_and_streams_know_nothing_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
