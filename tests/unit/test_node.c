/*
 * What a node's sockets, hardware threads and caches do to the cost of computing: values worked by
 * hand, and the promises of placement.h, memory.h and cpu.h over swept inputs.
 */
#include "models/cpu.h"
#include "models/memory.h"
#include "models/placement.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

#define assert_close(actual, expected) assert_int_equal(gsl_fcmp((actual), (expected), 1e-12), 0)

static const double ROUNDING = 1e-12;

static struct parameter exact(double value)
{
    return parameter_exact(value);
}

/* Two sockets of three cores of two threads; no two numbers share a factor. */
static struct node_profile node(void)
{
    struct node_profile n = {
        .name = "n", .n_sockets = 2, .n_cores_per_socket = 3, .n_threads_per_core = 2};
    for (int c = 0; c < N_WORK_CLASS; c++) {
        n.rate_flops[c] = (struct core_rate){exact(3.71e9), exact(3.71e9)};
        n.smt_yield[c] = exact(1.0);
    }
    n.smt_yield[WORK_SCALAR] = exact(1.46);
    n.memory_bandwidth_one_Bps = exact(11.3e9);
    n.memory_bandwidth_all_Bps = exact(38.6e9);
    n.memory_bandwidth_socket_Bps = exact(19.3e9);
    n.interconnect_Bps = exact(7.9e9);
    n.remote_slowdown = exact(1.7);
    n.memory_latency_s = exact(83.7e-9);
    n.accesses_at_once = exact(10);
    n.cache =
        (struct cache_profile){.core_B = 512e3, .socket_B = 6.6e6, .bandwidth_Bps = exact(31e9)};
    return n;
}

static const struct virt_profile bare = {.kind = VIRT_NATIVE};

/* The load of each of `n` ranks of a node without guests. */
static struct core_load load_of(const struct node_profile *n, enum placement placement, int n_ranks,
                                int rank)
{
    const struct core_place own = placement_of(n, placement, rank);
    struct core_load load = {.n_cores = n->n_sockets * n->n_cores_per_socket, .n_active = n_ranks};
    bool is_used[NODE_MAX_SOCKETS] = {false};
    for (int i = 0; i < n_ranks; i++) {
        const struct core_place other = placement_of(n, placement, i);
        load.n_on_core += other.core == own.core;
        load.n_on_socket += other.socket == own.socket;
        load.n_sockets += !is_used[other.socket];
        is_used[other.socket] = true;
    }
    return load;
}

static double time_s(const struct node_profile *n, enum placement placement, int n_ranks, int rank,
                     const struct work *work)
{
    const struct core_load load = load_of(n, placement, n_ranks, rank);
    const struct compute_cost cost = cpu_cost(n, &bare, &load, work);
    return compute_cost_total_s(&cost);
}

/* --- placement ------------------------------------------------------------------------------ */

static void spread_takes_sockets_in_turn_and_compact_one_after_the_other(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const int spread_core[] = {0, 3, 1, 4, 2, 5, 0, 3};
    for (int i = 0; i < 8; i++) {
        assert_int_equal(placement_of(&n, PLACEMENT_SPREAD, i).core, spread_core[i]);
        assert_int_equal(placement_of(&n, PLACEMENT_COMPACT, i).core, i % 6);
    }
    assert_int_equal(placement_of(&n, PLACEMENT_SPREAD, 3).socket, 1);
    assert_int_equal(placement_of(&n, PLACEMENT_COMPACT, 3).socket, 1);
    assert_int_equal(placement_of(&n, PLACEMENT_COMPACT, 2).socket, 0);
}

static void every_core_has_a_rank_before_any_has_two(void **state)
{
    (void)state;
    const struct node_profile n = node();
    for (int placement = PLACEMENT_SPREAD; placement <= PLACEMENT_COMPACT; placement++) {
        for (int n_ranks = 1; n_ranks <= node_threads(&n); n_ranks++)
            for (int rank = 0; rank < n_ranks; rank++) {
                const struct core_load load = load_of(&n, (enum placement)placement, n_ranks, rank);
                assert_true(load.n_on_core <= (n_ranks + 5) / 6);
            }
    }
}

/* Guests of three vCPUs fit a socket; of eight they do not. */
static void a_guest_that_fits_a_socket_stays_on_one(void **state)
{
    (void)state;
    const struct node_profile n = node();
    for (int guest = 0; guest < 4; guest++)
        for (int vcpu = 0; vcpu < 3; vcpu++)
            assert_int_equal(placement_of_vcpu(&n, PLACEMENT_SPREAD, guest, 3, vcpu).socket,
                             guest % 2);
    assert_int_equal(placement_of_vcpu(&n, PLACEMENT_SPREAD, 0, 8, 0).socket, 0);
    assert_int_equal(placement_of_vcpu(&n, PLACEMENT_SPREAD, 0, 8, 1).socket, 1);
    assert_int_equal(placement_of_vcpu(&n, PLACEMENT_COMPACT, 1, 2, 1).socket, 1);
}

static void places_are_on_the_node_however_many_there_are(void **state)
{
    (void)state;
    const struct node_profile n = node();
    for (int i = 0; i < 1000; i += 7) {
        for (int v = 1; v < 40; v += 3) {
            const struct core_place place = placement_of_vcpu(&n, PLACEMENT_SPREAD, i, v, i % v);
            assert_in_range(place.core, 0, 5);
            assert_int_equal(place.socket, place.core / 3);
        }
    }
}

/* --- memory --------------------------------------------------------------------------------- */

static void memory_is_shared_by_core_socket_and_node(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct memory_load alone = {.n_active = 1, .n_on_socket = 1, .core_share = 1};
    const struct memory_load compact = {.n_active = 3, .n_on_socket = 3, .core_share = 1};
    const struct memory_load spread = {.n_active = 6, .n_on_socket = 3, .core_share = 1};
    struct memory_load remote = spread;
    remote.remote = 0.5;

    assert_close(memory_bandwidth_share_Bps(&n, &alone), 11.3e9);
    assert_close(memory_bandwidth_share_Bps(&n, &compact), 19.3e9 / 3);
    assert_close(memory_bandwidth_share_Bps(&n, &spread), 38.6e9 / 6);
    assert_close(memory_bandwidth_share_Bps(&n, &remote), 7.9e9 / (0.5 * 3));
    remote = alone;
    remote.remote = 0.5;
    assert_close(memory_bandwidth_share_Bps(&n, &remote), 11.3e9 / 1.35);
    assert_close(memory_access_s(&n, &remote, 1e6, 1), 83.7e-3 * 1.35);
}

static void caches_spare_what_fits_them(void **state)
{
    (void)state;
    const struct node_profile n = node();
    assert_close(memory_cache_B(&n, 2, 3), 256e3 + 2.2e6);
    assert_true(memory_missed(2.456e6, 2.4e6) == 0.0);
    assert_close(memory_missed(2.456e6, 9.824e6), 0.75);
    for (double size_B = 1e5; size_B < 1e9; size_B *= 1.3)
        assert_true(memory_missed(2.456e6, size_B * 1.3) >= memory_missed(2.456e6, size_B));
}

/* 9.824 MB of 24 MB traffic: a rank alone has 7.112 MB of caches, which spare 0.724 of it. */
static void what_caches_hold_moves_at_their_bandwidth(void **state)
{
    (void)state;
    const struct node_profile n = node();
    struct work work = work_of(WORK_MEMORY, 0, 24e6);
    work.reused_B = 9.824e6;
    const double missed = 1 - 7.112 / 9.824;
    assert_close(time_s(&n, PLACEMENT_SPREAD, 1, 0, &work),
                 24e6 * missed / 11.3e9 + 24e6 * (1 - missed) / 31e9);
    work.reused_B = 0;
    assert_close(time_s(&n, PLACEMENT_SPREAD, 1, 0, &work), 24e6 / 11.3e9);
}

/* A table of four times the caches: 3/4 of a million lookups miss, ten at a time. */
static void lookups_beyond_the_caches_wait_for_memory(void **state)
{
    (void)state;
    const struct node_profile n = node();
    struct work work = work_of(WORK_MEMORY, 0, 0);
    work.n_lookups = 1e6;
    work.table_B = 4 * 7.112e6;
    assert_close(time_s(&n, PLACEMENT_SPREAD, 1, 0, &work), 0.75e6 * 83.7e-9 / 10);
    work.table_B = 7e6;
    assert_true(time_s(&n, PLACEMENT_SPREAD, 1, 0, &work) == 0.0);
}

/* --- hardware threads ----------------------------------------------------------------------- */

/* Two threads on a core reach 1.46 of one, so each takes 2 / 1.46 as long. */
static void hardware_threads_share_what_their_core_yields(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct work scalar = work_of(WORK_SCALAR, 1e9, 0);
    const struct work dgemm = work_of(WORK_DGEMM, 1e9, 0);
    assert_close(time_s(&n, PLACEMENT_SPREAD, 6, 0, &scalar), 1 / 3.71);
    assert_close(time_s(&n, PLACEMENT_SPREAD, 7, 0, &scalar), 1 / 3.71 * 2 / 1.46);
    assert_close(time_s(&n, PLACEMENT_SPREAD, 7, 1, &scalar), 1 / 3.71);
    assert_close(time_s(&n, PLACEMENT_SPREAD, 12, 0, &dgemm), 2 / 3.71);
}

/* --- properties ------------------------------------------------------------------------------ */

static const enum work_class classes[] = {WORK_DGEMM, WORK_MEMORY, WORK_SCALAR};

static void no_rank_is_faster_when_one_more_is_at_work(void **state)
{
    (void)state;
    const struct node_profile n = node();
    for (int placement = PLACEMENT_SPREAD; placement <= PLACEMENT_COMPACT; placement++) {
        for (double bytes = 1e6; bytes < 1e10; bytes *= 10) {
            for (int c = 0; c < 3; c++) {
                struct work work = work_of(classes[c], 1.7e8, bytes);
                work.reused_B = 9.1e6;
                for (int k = 1; k < 12; k++)
                    assert_true(time_s(&n, (enum placement)placement, k + 1, 0, &work) >=
                                time_s(&n, (enum placement)placement, k, 0, &work) *
                                    (1 - ROUNDING));
            }
        }
    }
}

/* Work per second of all ranks together, each doing its own. */
static double throughput(const struct node_profile *n, enum placement placement, int n_ranks,
                         const struct work *work)
{
    double sum = 0.0;
    for (int rank = 0; rank < n_ranks; rank++)
        sum += 1.0 / time_s(n, placement, n_ranks, rank, work);
    return sum;
}

static void one_more_rank_never_lowers_what_all_do_together(void **state)
{
    (void)state;
    struct node_profile n = node();
    n.cache =
        (struct cache_profile){0}; /* shared caches can hold two ranks' data worse than one's */
    for (int placement = PLACEMENT_SPREAD; placement <= PLACEMENT_COMPACT; placement++) {
        for (double bytes = 1e6; bytes < 1e10; bytes *= 10) {
            for (int c = 0; c < 3; c++) {
                const struct work work = work_of(classes[c], 1.7e8, bytes);
                for (int k = 1; k < 12; k++)
                    assert_true(throughput(&n, (enum placement)placement, k + 1, &work) >=
                                throughput(&n, (enum placement)placement, k, &work) *
                                    (1 - ROUNDING));
            }
        }
    }
}

static void data_that_lie_anywhere_are_never_faster_than_near_ones(void **state)
{
    (void)state;
    const struct node_profile n = node();
    for (double bytes = 1e6; bytes < 1e10; bytes *= 10) {
        for (int k = 1; k <= 12; k++) {
            const struct work near = work_of(WORK_MEMORY, 1.7e8, bytes);
            struct work anywhere = near;
            anywhere.scattered = 1.0;
            assert_true(time_s(&n, PLACEMENT_SPREAD, k, 0, &anywhere) >=
                        time_s(&n, PLACEMENT_SPREAD, k, 0, &near));
        }
    }
}

/* --- guests ----------------------------------------------------------------------------------- */

/* Its vCPUs are on two sockets, so half of its bytes are remote; the difference to the bare node
 * is memory overhead. On one socket nothing is. */
static void a_guest_that_does_not_see_its_sockets_pays_for_remote_memory(void **state)
{
    (void)state;
    const struct node_profile n = node();
    struct virt_profile guest = {.kind = VIRT_HYPERVISOR, .numa = NUMA_HIDDEN};
    for (int c = 0; c < N_WORK_CLASS; c++)
        guest.efficiency[c] = (struct efficiency){exact(1), exact(1), exact(1)};
    guest.access_efficiency = guest.efficiency[0];
    struct core_load load = {.n_cores = 6,
                             .n_active = 1,
                             .n_vcpus = 6,
                             .n_on_core = 1,
                             .n_on_socket = 1,
                             .n_sockets = 1,
                             .n_sockets_of_guest = 2};
    const struct work work = work_of(WORK_MEMORY, 0, 24e6);
    struct compute_cost cost = cpu_cost(&n, &guest, &load, &work);
    assert_close(cost.native_s, 24e6 / 11.3e9);
    assert_close(cost.memory_overhead_s, 24e6 / 11.3e9 * 0.35);
    load.n_sockets_of_guest = 1;
    cost = cpu_cost(&n, &guest, &load, &work);
    assert_true(cost.memory_overhead_s == 0.0);
    load.n_sockets_of_guest = 2;
    guest.numa = NUMA_EXPOSED;
    cost = cpu_cost(&n, &guest, &load, &work);
    assert_true(cost.memory_overhead_s == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spread_takes_sockets_in_turn_and_compact_one_after_the_other),
        cmocka_unit_test(every_core_has_a_rank_before_any_has_two),
        cmocka_unit_test(a_guest_that_fits_a_socket_stays_on_one),
        cmocka_unit_test(places_are_on_the_node_however_many_there_are),
        cmocka_unit_test(memory_is_shared_by_core_socket_and_node),
        cmocka_unit_test(caches_spare_what_fits_them),
        cmocka_unit_test(what_caches_hold_moves_at_their_bandwidth),
        cmocka_unit_test(lookups_beyond_the_caches_wait_for_memory),
        cmocka_unit_test(hardware_threads_share_what_their_core_yields),
        cmocka_unit_test(no_rank_is_faster_when_one_more_is_at_work),
        cmocka_unit_test(one_more_rank_never_lowers_what_all_do_together),
        cmocka_unit_test(data_that_lie_anywhere_are_never_faster_than_near_ones),
        cmocka_unit_test(a_guest_that_does_not_see_its_sockets_pays_for_remote_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
