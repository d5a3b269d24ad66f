/*
 * Where ranks run, which way their messages take, how fast nodes are drawn.
 */
#include "models/cpu.h"
#include "sim/input/scenario.h"
#include "sim/platform/platform.h"

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* A few operations in double precision. */
static const double ROUNDING = 1e-14;

/* 3 nodes of 2 sockets x 2 cores; native, one rank a core. */
static struct scenario native_scenario(void)
{
    struct scenario scenario = {0};

    scenario.cluster.n_nodes = 3;
    scenario.cluster.node.n_sockets = 2;
    scenario.cluster.node.n_cores_per_socket = 2;
    scenario.run.seed = 20091;
    return scenario;
}

/* The same 3 nodes, each with `vms_per_node` guests of `vcpus`. */
static struct scenario virtual_scenario(int vms_per_node, int vcpus)
{
    struct scenario scenario = native_scenario();

    scenario.virtualization.technology.kind = VIRT_HYPERVISOR;
    scenario.virtualization.vms_per_node = vms_per_node;
    scenario.virtualization.vcpus = vcpus;
    return scenario;
}

static struct platform platform_of(const struct scenario *scenario, int replication)
{
    struct platform platform;

    assert_int_equal(platform_init(&platform, scenario, replication), 0);
    platform_check(&platform);
    return platform;
}

static void assert_domains(const struct platform *platform, int n, const int expected[])
{
    assert_int_equal(platform->n_ranks, n);
    assert_memory_equal(platform->domain_of_rank, expected, (size_t)n * sizeof(int));
}

static void native_nodes_are_domains_with_all_their_cores(void **state)
{
    (void)state;
    struct scenario scenario = native_scenario();
    struct platform platform = platform_of(&scenario, -1);
    const struct network net = platform_network(&platform);

    assert_int_equal(platform.n_domains_per_node, 1);
    assert_int_equal(platform.n_vcpus, 0);
    assert_domains(&platform, 12, (const int[]){0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2});
    assert_int_equal(net.n_vcpus, 0);
    assert_ptr_equal(net.node, &platform.node);
    platform_release(&platform);
}

static void block_mapping_fills_one_guest_after_the_other(void **state)
{
    (void)state;
    struct scenario scenario = virtual_scenario(2, 2);
    scenario.n_ranks = 7;
    struct platform platform = platform_of(&scenario, -1);
    const struct network net = platform_network(&platform);

    assert_domains(&platform, 7, (const int[]){0, 0, 1, 1, 2, 2, 3});
    assert_memory_equal(platform.n_ranks_on_node, ((const int[]){4, 3, 0}), 3 * sizeof(int));
    assert_int_equal(net.n_vcpus, 2);
    platform_release(&platform);
}

static void cyclic_mapping_deals_one_rank_to_each_guest_in_turn(void **state)
{
    (void)state;
    struct scenario scenario = virtual_scenario(2, 2);
    scenario.mapping = MAPPING_CYCLIC;
    scenario.n_ranks = 8;
    struct platform platform = platform_of(&scenario, -1);

    assert_domains(&platform, 8, (const int[]){0, 1, 2, 3, 4, 5, 0, 1});
    assert_memory_equal(platform.n_ranks_on_node, ((const int[]){4, 2, 2}), 3 * sizeof(int));
    platform_release(&platform);
}

/* 7 ranks on 3 one-vCPU guests: a guest's equal share, rounded up, is 3. */
static void block_mapping_shares_ranks_that_have_no_vcpu_of_their_own(void **state)
{
    (void)state;
    struct scenario scenario = virtual_scenario(1, 1);
    scenario.n_ranks = 7;
    struct platform platform = platform_of(&scenario, -1);

    assert_domains(&platform, 7, (const int[]){0, 0, 0, 1, 1, 1, 2});
    platform_release(&platform);
}

static void both_mappings_agree_with_one_rank_a_domain(void **state)
{
    (void)state;
    for (int vms = 1; vms <= 4; vms++) {
        struct scenario scenario = virtual_scenario(vms, 1);
        struct platform block = platform_of(&scenario, -1);
        scenario.mapping = MAPPING_CYCLIC;
        struct platform cyclic = platform_of(&scenario, -1);

        assert_domains(&cyclic, 3 * vms, block.domain_of_rank);
        platform_release(&block);
        platform_release(&cyclic);
    }
}

static void a_scenario_without_a_number_of_ranks_has_one_per_core(void **state)
{
    (void)state;
    struct scenario native = native_scenario();
    struct scenario guests = virtual_scenario(3, 5);

    assert_int_equal(platform_rank_count(&native), 12);
    assert_int_equal(platform_rank_count(&guests), 45);
    guests.n_ranks = 28;
    assert_int_equal(platform_rank_count(&guests), 28);
}

/* 16 GB a node: four ranks on a bare node have 4 GB each; two 2-vCPU guests of (16 - 2 x 0.5) / 2 =
 * 7.5 GB give each of their ranks 3.75 GB, and cyclic mapping of 6 ranks leaves one a guest. */
static void ranks_share_their_domains_memory(void **state)
{
    (void)state;
    struct scenario native = native_scenario();
    struct scenario guests = virtual_scenario(2, 2);

    native.cluster.node.memory_B = guests.cluster.node.memory_B = 16e9;
    guests.virtualization.technology.memory_overhead_B = 0.5e9;
    gsl_test_rel(platform_rank_memory_B(&native), 4e9, ROUNDING, "bare node");
    gsl_test_rel(platform_rank_memory_B(&guests), 3.75e9, ROUNDING, "what the host has left");
    guests.n_ranks = 6;
    guests.mapping = MAPPING_CYCLIC;
    gsl_test_rel(platform_rank_memory_B(&guests), 7.5e9, ROUNDING, "one rank a guest");
    guests.virtualization.memory_B = 2.385e9;
    gsl_test_rel(platform_rank_memory_B(&guests), 2.385e9, ROUNDING, "as the scenario says");
    native.n_ranks = 3;
    gsl_test_rel(platform_rank_memory_B(&native), 16e9 / 3, ROUNDING, "fewer ranks than cores");
    assert_int_equal(gsl_test_summary(), 0);
}

static int largest(const int values[], int n)
{
    int max = INT_MIN;

    for (int i = 0; i < n; i++)
        max = values[i] > max ? values[i] : max;
    return max;
}

/* platform_init's own check counts ranks again; here: no vCPU has two ranks while one has none. */
static void no_mapping_overfills_a_node_while_ranks_fit(void **state)
{
    (void)state;
    for (int vms = 1; vms <= 3; vms++) {
        for (int vcpus = 1; vcpus <= 4; vcpus++) {
            for (int n_ranks = 1; n_ranks <= 3 * vms * vcpus; n_ranks++) {
                struct scenario scenario = virtual_scenario(vms, vcpus);
                scenario.n_ranks = n_ranks;
                scenario.mapping = n_ranks % 2 ? MAPPING_BLOCK : MAPPING_CYCLIC;
                struct platform platform = platform_of(&scenario, -1);

                assert_true(largest(platform.n_ranks_on_node, 3) <= vms * vcpus);
                platform_release(&platform);
            }
        }
    }
}

static void a_message_takes_the_shortest_way_that_its_ends_share(void **state)
{
    (void)state;
    struct scenario scenario = virtual_scenario(2, 2); /* domains 0 and 1 on node 0 */
    struct platform platform = platform_of(&scenario, -1);

    assert_int_equal(platform_path(&platform, 0, 1), PATH_SAME_HOST);
    assert_int_equal(platform_path(&platform, 1, 2), PATH_OTHER_HOST);
    for (int from = 0; from < 6; from++) {
        assert_int_equal(platform_path(&platform, from, from), PATH_SAME_DOMAIN);
        for (int to = 0; to < 6; to++)
            assert_int_equal(platform_path(&platform, from, to),
                             platform_path(&platform, to, from));
    }
    platform_release(&platform);
}

static void nodes_run_exactly_as_the_profile_says_without_draws(void **state)
{
    (void)state;
    struct scenario scenario = native_scenario();
    scenario.cluster.node.node_spread = parameter_exact(0.0417);
    struct platform platform = platform_of(&scenario, -1);

    for (int node = 0; node < 3; node++)
        assert_true(platform.node_speed[node] == 1.0);
    platform_release(&platform);

    scenario.cluster.node.node_spread = parameter_exact(0.0);
    platform = platform_of(&scenario, 5);
    for (int node = 0; node < 3; node++)
        assert_true(platform.node_speed[node] == 1.0);
    platform_release(&platform);
}

/* Of 10^4 draws, the mean lies within 5 standard errors (0.05 spread) of 1, the relative standard
 * deviation within 5 of its own, 5 / sqrt(2 x 10^4) = 3.5 %, more with a lognormal's heavier tail.
 */
static void drawn_nodes_have_the_profiles_mean_speed_and_spread(void **state)
{
    (void)state;
    enum { N_NODES = 10000 };
    const double spread = 0.0831;
    struct scenario scenario = native_scenario();
    scenario.cluster.n_nodes = N_NODES;
    scenario.n_ranks = 1;
    scenario.cluster.node.node_spread = parameter_exact(spread);
    struct platform platform = platform_of(&scenario, 0);
    double sum = 0.0, squares = 0.0;

    for (int node = 0; node < N_NODES; node++) {
        sum += platform.node_speed[node];
        squares += platform.node_speed[node] * platform.node_speed[node];
    }
    const double mean = sum / N_NODES;
    assert_true(fabs(mean - 1.0) < 0.05 * spread);
    assert_true(fabs(sqrt(squares / N_NODES - mean * mean) / spread - 1.0) < 0.04);
    platform_release(&platform);
}

static void a_nodes_draw_depends_on_seed_and_replication_alone(void **state)
{
    (void)state;
    struct scenario scenario = native_scenario();
    scenario.cluster.node.node_spread = parameter_exact(0.0417);
    struct platform first = platform_of(&scenario, 0);
    struct platform second = platform_of(&scenario, 1);
    scenario.cluster.n_nodes = 7; /* more nodes move none of the others */
    struct platform larger = platform_of(&scenario, 0);
    scenario.run.seed++;
    struct platform reseeded = platform_of(&scenario, 0);

    assert_memory_equal(first.node_speed, larger.node_speed, 3 * sizeof(double));
    assert_true(first.seed == larger.seed);
    for (int node = 0; node < 3; node++) {
        assert_true(first.node_speed[node] != second.node_speed[node]);
        assert_true(first.node_speed[node] != reseeded.node_speed[node]);
    }
    platform_release(&first);
    platform_release(&second);
    platform_release(&larger);
    platform_release(&reseeded);
}

static const struct topology torus = {.kind = TOPOLOGY_TORUS, .n_dimensions = 3, .down = {5, 3, 7}};
static const struct topology dragonfly = {.kind = TOPOLOGY_DRAGONFLY,
                                          .n_groups = 3,
                                          .n_chassis = 4,
                                          .n_routers = 5,
                                          .n_nodes_per_router = 2};

static void the_topology_says_how_many_nodes_fit(void **state)
{
    (void)state;
    const struct topology fat_tree = {
        .kind = TOPOLOGY_FAT_TREE, .n_dimensions = 2, .down = {18, 11}, .up = {1, 9}};
    const struct topology vast = {
        .kind = TOPOLOGY_TORUS, .n_dimensions = 4, .down = {50021, 50023, 3, 2}};

    assert_int_equal(topology_capacity(&fat_tree), 198);
    assert_int_equal(topology_capacity(&torus), 105);
    assert_int_equal(topology_capacity(&dragonfly), 120);
    assert_int_equal(topology_capacity(&vast), INT_MAX);
    assert_int_equal(topology_most_groups(&dragonfly), 20);
    assert_int_equal(topology_most_groups(&torus), INT_MAX);
    assert_int_equal(topology_capacity(&(struct topology){.kind = TOPOLOGY_SWITCH}), INT_MAX);
    assert_int_equal(topology_capacity(&(struct topology){.kind = TOPOLOGY_TREE}), INT_MAX);
}

static void the_topology_says_how_many_links_it_takes(void **state)
{
    (void)state;
    /* 18 x 11 nodes with one link each to 11 edge switches, whose 9 parents have 2 links to each.
     */
    const struct topology fat_tree = {.kind = TOPOLOGY_FAT_TREE,
                                      .n_dimensions = 2,
                                      .down = {18, 11},
                                      .up = {1, 9},
                                      .parallel = {1, 2}};

    assert_true(topology_links(&fat_tree) == 198 + 198);
    assert_true(topology_links(&torus) == 3 * 105);
    /* 10 pairs of routers in each of 12 chassis, 6 pairs of chassis at each of 15 places, 3 pairs
     * of groups, 120 nodes. */
    assert_true(topology_links(&dragonfly) == 120 + 90 + 3 + 120);
    assert_true(topology_links(&(struct topology){.kind = TOPOLOGY_SWITCH}) == 0);
    assert_true(topology_links(&(struct topology){.kind = TOPOLOGY_TREE}) == 0);
}

static void only_guests_can_have_huge_pages(void **state)
{
    (void)state;
    struct scenario scenarios[] = {virtual_scenario(1, 2), virtual_scenario(1, 2),
                                   native_scenario()};
    scenarios[0].virtualization.huge_pages = KNOB_ON;
    scenarios[2].virtualization.huge_pages = KNOB_ON;
    for (int i = 0; i < 3; i++) {
        struct platform platform = platform_of(&scenarios[i], -1);
        struct core_load loads[12];
        assert_int_equal(platform_core_loads(&platform, platform.n_ranks, loads), 0);
        assert_int_equal(loads[platform.n_ranks - 1].has_huge_pages, i == 0);
        platform_release(&platform);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(native_nodes_are_domains_with_all_their_cores),
        cmocka_unit_test(block_mapping_fills_one_guest_after_the_other),
        cmocka_unit_test(cyclic_mapping_deals_one_rank_to_each_guest_in_turn),
        cmocka_unit_test(block_mapping_shares_ranks_that_have_no_vcpu_of_their_own),
        cmocka_unit_test(both_mappings_agree_with_one_rank_a_domain),
        cmocka_unit_test(a_scenario_without_a_number_of_ranks_has_one_per_core),
        cmocka_unit_test(ranks_share_their_domains_memory),
        cmocka_unit_test(no_mapping_overfills_a_node_while_ranks_fit),
        cmocka_unit_test(a_message_takes_the_shortest_way_that_its_ends_share),
        cmocka_unit_test(nodes_run_exactly_as_the_profile_says_without_draws),
        cmocka_unit_test(drawn_nodes_have_the_profiles_mean_speed_and_spread),
        cmocka_unit_test(a_nodes_draw_depends_on_seed_and_replication_alone),
        cmocka_unit_test(the_topology_says_how_many_nodes_fit),
        cmocka_unit_test(the_topology_says_how_many_links_it_takes),
        cmocka_unit_test(only_guests_can_have_huge_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
