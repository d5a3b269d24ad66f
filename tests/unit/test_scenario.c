/* Scenarios as a whole: references, overrides, settings, checks between keys. */
#include "diagnosed.h"

#include "sim/config.h"
#include "sim/workload/hpl/hpl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Reads the toy scenario with these parts and settings put in; it must be accepted in silence. */
static struct scenario *accept(const char *virtualization, const char *rest,
                               const char *const settings[])
{
    char *text = toy_scenario(virtualization, rest), *said;
    struct scenario *scenario = read_scenario(text, settings, &said);
    if (!scenario || said[0] != '\0')
        fail_msg("%s", said);
    free(text);
    free(said);
    return scenario;
}

/* The same must print `expected`; it is refused when that is an error. */
static void expect_said(const char *virtualization, const char *rest, const char *const settings[],
                        const char *expected)
{
    char *text = toy_scenario(virtualization, rest), *said;
    struct scenario *scenario = read_scenario(text, settings, &said);
    if (!strstr(said, expected))
        fail_msg("expected \"%s\", got \"%s\"", expected, said);
    assert_true((scenario == NULL) == (strstr(said, ": error: ") != NULL));
    scenario_free(scenario);
    free(text);
    free(said);
}

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char kvm[] = "virtualization: {technology: kvm-77-e1000}";

static void a_native_scenario_has_one_rank_on_each_core(void **state)
{
    (void)state;
    struct scenario *scenario = accept("", "", NULL);
    assert_int_equal(scenario->n_ranks, 8); /* 4 nodes of 2 cores */
    assert_int_equal(scenario->virtualization.technology.kind, VIRT_NATIVE);
    assert_int_equal(scenario->virtualization.vms_per_node, 0);
    assert_true(scenario->cluster.node.rate_flops[WORK_DGEMM].alone.value == 8.348e9);
    assert_string_equal(scenario->workload->name, "hpl");
    const struct hpl_spec *hpl = scenario->workload_spec;
    assert_int_equal(hpl->n, 3000);
    scenario_free(scenario);
}

/* One guest with all cores, and the memory that the host's overhead of 32 MiB leaves of 4 GiB. */
static void guests_share_what_the_document_leaves_open(void **state)
{
    (void)state;
    struct scenario *scenario = accept(kvm, "", NULL);
    assert_int_equal(scenario->virtualization.vms_per_node, 1);
    assert_int_equal(scenario->virtualization.vcpus, 2);
    assert_true(scenario->virtualization.memory_B == (4096.0 - 32.0) * 1048576.0);
    scenario_free(scenario);
}

static void profile_fields_can_be_overridden_in_the_document(void **state)
{
    (void)state;
    struct scenario *scenario =
        accept("virtualization:\n"
               "  technology: {profile: kvm-77-e1000, backend: {packet: 41 us},\n"
               "    efficiency: {fft: {alone: {source: me}}}}",
               "", NULL);
    const struct virt_profile *kvm_profile = &scenario->virtualization.technology;
    assert_true(kvm_profile->backend.packet_s.value == 41e-6);
    assert_true(kvm_profile->backend.packet_s.ci95_hi == 41e-6);
    assert_string_equal(kvm_profile->backend.packet_s.source, "");
    assert_true(kvm_profile->backend.byte_smp_s.value == 78e-9);
    assert_true(kvm_profile->efficiency[WORK_FFT].alone.value == 0.474);
    assert_string_equal(kvm_profile->efficiency[WORK_FFT].alone.source, "me");
    scenario_free(scenario);
}

static void settings_reach_everything_that_a_document_can_say(void **state)
{
    (void)state;
    struct scenario *scenario =
        accept(kvm, "",
               SET("cluster.nodes=9", "workload.nb=64", "run.seed=77", "title=a b",
                   "cluster.node.memory=8 GiB", "cluster.link.latency.ci95=[10 us, 150 us]",
                   "virtualization.technology.backend.busy_factor=2.5",
                   "cluster.topology={kind: torus, sizes: [3, 4]}",
                   "mpi={profile: mpich2-1.0.5, wait: polls}"));
    assert_int_equal(scenario->cluster.n_nodes, 9);
    assert_int_equal(scenario->run.seed, 77);
    assert_string_equal(scenario->title, "a b");
    assert_true(scenario->cluster.node.memory_B == 8589934592.0);
    assert_true(scenario->cluster.link.latency_s.ci95_lo == 10e-6);
    assert_true(scenario->virtualization.technology.backend.busy_factor.value == 2.5);
    assert_int_equal(scenario->cluster.topology.kind, TOPOLOGY_TORUS);
    assert_int_equal(scenario->cluster.topology.down[1], 4);
    assert_int_equal(scenario->mpi.wait, MPI_WAIT_POLLS);
    assert_int_equal(((const struct hpl_spec *)scenario->workload_spec)->nb, 64);
    scenario_free(scenario);
}

static void a_later_setting_goes_over_an_earlier_one(void **state)
{
    (void)state;
    struct scenario *scenario =
        accept("", "", SET("cluster.nodes=9", "cluster.node=dell-pe860", "cluster.nodes=5"));
    assert_int_equal(scenario->cluster.n_nodes, 5);
    scenario_free(scenario);
}

static void wrong_settings_are_refused_in_their_own_text(void **state)
{
    (void)state;
    expect_said("", "", SET("run.seed=3", "cluster.node.memroy=8 GiB"),
                "--set:2:14: error: unknown key \"memroy\"\n"
                "    2 | cluster.node.memroy=8 GiB\n"
                "      |              ^\n"
                "      = did you mean \"memory\"?\n");
    expect_said("", "", SET("cluster.node.memory=8 Gb"),
                "--set:1:23: error: unknown unit \"Gb\" of a size\n");
    expect_said("", "", SET("workload.nbb=8"), "--set:1:10: error: unknown key \"nbb\"\n");
    expect_said("", "", SET("cluster.nodes.x=8"), "--set:1:9: error: nodes has no keys below it\n");
    expect_said("", "", SET("cluster.nodes"), "error: a setting is one line KEY=VALUE\n");
    expect_said("", "", SET("cluster.nodes=4\n5"), "error: a setting is one line KEY=VALUE\n");
    expect_said("", "", SET("cluster.nodes="), "--set:1:15: error: nodes has no value\n");
    expect_said("", "", SET("cluster.nodes=[1"), "--set:1:17: error: did not find expected");
    expect_said("", "", SET("cluster.nodes=&a 4"),
                "--set:1:15: error: anchors are not supported\n");
    expect_said("", "", SET("=4"), "--set:1:1: error: unknown key \"\"\n");
}

/* A path is relative to the document; these are absolute, as the test's document is no file. */
static void profiles_and_hpl_dat_can_be_given_by_path(void **state)
{
    (void)state;
    struct scenario *scenario =
        accept("", "",
               SET("cluster.node=" VHPCSIM_SOURCE_DIR "/models/profiles/nodes/dell-pe860.yaml",
                   "workload={kind: hpl, file: " VHPCSIM_SOURCE_DIR
                   "/tests/unit/one.dat, depth: 0, n: 4000}"));
    const struct hpl_spec *hpl = scenario->workload_spec;
    assert_string_equal(scenario->cluster.node.name, "dell-pe860");
    assert_int_equal(hpl->nb, 120);
    assert_int_equal(hpl->broadcast, HPL_2RING_MODIFIED);
    assert_int_equal(hpl->n, 4000);
    assert_int_equal(hpl->depth, 0);
    scenario_free(scenario);
    expect_said("", "",
                SET("cluster.node=" VHPCSIM_SOURCE_DIR "/models/profiles/mpi/mpich2-1.0.5.yaml"),
                "mpich2-1.0.5.yaml:1:9: error: this is a mpi document where a node is expected\n");
    expect_said("", "",
                SET("workload={kind: hpl, file: " VHPCSIM_SOURCE_DIR "/tests/unit/several.dat}"),
                "several.dat:22:1: warning: of 6 broadcasts only the first is simulated\n");
    expect_said("", "", SET("workload={kind: ring, file: x}"),
                "--set:1:23: error: unknown key \"file\"\n");
}

static void wrong_references_are_refused_where_they_stand(void **state)
{
    (void)state;
    expect_said("", "", SET("cluster.node=dell-pe680"),
                "--set:1:14: error: unknown node profile \"dell-pe680\"\n");
    expect_said("", "", SET("cluster.node=dell-pe680"),
                "did you mean \"dell-pe860\"? `vhpcsim list nodes` shows which there are\n");
    expect_said("", "", SET("cluster.node=gigabit-ethernet"),
                "error: \"gigabit-ethernet\" is a link profile where a node profile is expected\n");
    expect_said("", "", SET("cluster.node=./none.yaml"),
                "error: cannot read ./none.yaml: No such file or directory\n");
    expect_said("", "", SET("cluster.node=/dev/null"), "error: /dev/null is no regular file\n");
    expect_said("", "", SET("cluster.node={memory: 3 GiB}"), "error: missing key \"profile\"\n");
    expect_said("virtualization: {technology: {profile: native, kindd: native}}", "", NULL,
                "s.yaml:7:48: error: unknown key \"kindd\"\n");
    expect_said("", "", SET("workload.kind=hpll"),
                "--set:1:15: error: unknown workload \"hpll\"\n");
    expect_said("", "", SET("run.engine=simgird"), "error: unknown engine \"simgird\"\n");
}

static void guests_must_fit_their_node(void **state)
{
    (void)state;
    expect_said(kvm, "", SET("virtualization.vms_per_node=3", "virtualization.memory=2 GiB"),
                "--set:2:23: error: 3 guests a node need 6240 MiB, overhead included, and a node "
                "has 4 GiB\n");
    expect_said(kvm, "", SET("virtualization.vms_per_node=128"), /* 128 x 32 MiB is all of it */
                "--set:1:29: error: 128 guests a node need 4 GiB");
    expect_said(kvm, "", SET("virtualization.vms_per_node=2", "virtualization.vcpus=2"),
                "warning: 2 guests of 2 vCPUs overcommit a node of 2 cores\n");
    expect_said(kvm, "", SET("virtualization.vcpus=4"),
                "warning: a guest has 4 vCPUs on a node of 2 cores\n");
    expect_said("virtualization: {vcpus: 2}", "", NULL,
                "s.yaml:7:25: error: there are no guests with technology native\n");
}

static void ranks_and_nodes_must_find_room(void **state)
{
    (void)state;
    expect_said("", "ranks: 9", NULL, "s.yaml:9:8: warning: 9 ranks on 8 cores\n");
    expect_said("", "ranks: 20", SET("workload.p=7", "workload.q=4"),
                "--set:1:12: error: a process grid of 7 x 4 needs 28 ranks, the scenario has 20\n");
    expect_said("", "", SET("cluster.topology={kind: torus, sizes: [3, 1]}"),
                "s.yaml:3:10: error: 4 nodes do not fit a torus with room for 3\n");
    expect_said("", "", SET("cluster.topology.kind=torus"), "error: a torus needs sizes\n");
    expect_said("", "", SET("cluster.topology.kind=tree"),
                "error: a tree needs nodes_per_switch\n");
}

static void what_has_no_effect_is_warned_of(void **state)
{
    (void)state;
    expect_said("", "", SET("virtualization.technology.backend.packet=3 us"),
                "--set:1:27: warning: the costs of a backend of scope none have no effect\n");
    expect_said("", "", SET("cluster.node.dgemm_polynomial={mn: 3 ns}"),
                "--set:1:31: warning: a polynomial without mnk has no effect\n");
    expect_said("", "", SET("cluster.link.mtu=64 B", "cluster.link.packet_header=64 B"),
                "--set:2:28: error: the headers leave no room in a packet\n");
}

static void documents_of_another_kind_and_empty_ones_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", "s.yaml:1:1: error: the document is empty: expected a scenario document, which begins "
             "with \"schema: vhpcsim-scenario/1\"\n"},
        {"- 1\n", "s.yaml:1:1: error: no mapping: expected a scenario document"},
        {"schema: vhpcsim-node/1\n",
         "s.yaml:1:9: error: this is a node document where a scenario is expected\n"},
        {"schema: vhpcsim-scenario/9\n", "error: unknown schema \"vhpcsim-scenario/9\"\n"},
        {"title: x\n", "s.yaml:1:1: error: missing line \"schema: vhpcsim-scenario/1\"\n"},
        {"schema: [1]\n", "s.yaml:1:9: error: schema takes one value, not a list\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *said;
        assert_null(read_scenario(cases[i].text, NULL, &said));
        if (!strstr(said, cases[i].expected))
            fail_msg("expected \"%s\", got \"%s\"", cases[i].expected, said);
        free(said);
    }
}

static void a_missing_part_is_told_once_and_nothing_follows_from_it(void **state)
{
    (void)state;
    char *said;
    assert_null(read_scenario("schema: vhpcsim-scenario/1\ncluster: {nodes: 4, node: nope}\n", NULL,
                              &said));
    assert_non_null(strstr(said, "error: missing key \"cluster.link\"\n"));
    assert_non_null(strstr(said, "error: unknown node profile \"nope\"\n"));
    assert_non_null(strstr(said, "error: missing key \"mpi\"\n"));
    assert_non_null(strstr(said, "error: missing key \"workload\"\n"));
    assert_null(strstr(said, "dgemm"));
    free(said);
}

static void the_hash_is_of_values_and_not_of_their_spelling(void **state)
{
    (void)state;
    char base[17], same[17], other[17];
    struct scenario *scenario = accept(kvm, "", SET("virtualization.memory=1 GiB"));
    scenario_hash(scenario, base);
    scenario_free(scenario);
    scenario = accept("virtualization: {memory: 1024 MiB, technology: {profile: kvm-77-e1000}}", "",
                      SET("run.seed=1"));
    scenario_hash(scenario, same);
    scenario_free(scenario);
    scenario = accept(kvm, "", SET("virtualization.memory=1 GiB", "workload.depth=0"));
    scenario_hash(scenario, other);
    scenario_free(scenario);
    assert_int_equal(strlen(base), 16);
    assert_string_equal(base, same);
    assert_string_not_equal(base, other);
}

/* --- knobs -------------------------------------------------------------------------------------
 */

static void hardware_threads_are_the_nodes_until_they_are_switched_off(void **state)
{
    (void)state;
    const char *const node = "cluster.node=dual-xeon-e5-2670";
    const struct {
        const char *setting;
        int n_threads;
    } cases[] = {{"cluster.smt=node", 2}, {"cluster.smt=on", 2}, {"cluster.smt=off", 1}};
    for (int i = 0; i < 3; i++) {
        struct scenario *scenario = accept("", "", SET(node, cases[i].setting));
        assert_int_equal(scenario->cluster.node.n_threads_per_core, cases[i].n_threads);
        scenario_free(scenario);
    }
    expect_said("", "", SET("cluster.smt=off"), "");
}

static void hardware_threads_that_a_node_lacks_cannot_be_switched_on(void **state)
{
    (void)state;
    expect_said("", "", SET("cluster.smt=on"),
                "error: a core of node dell-pe860 has one hardware thread");
}

static void huge_pages_are_refused_without_guests_and_doubted_without_page_walks(void **state)
{
    (void)state;
    const char *const huge = "virtualization.huge_pages=on";
    const char *const walk = "cluster.node.page_walk={small: 40 ns, huge: 8 ns}";
    expect_said("", "", SET(huge), "error: there are no guests with technology native");
    expect_said(kvm, "", SET(huge), "warning: huge pages have no effect: of node dell-pe860");
    struct scenario *scenario = accept(kvm, "", SET(huge, walk));
    assert_int_equal(scenario->virtualization.huge_pages, KNOB_ON);
    scenario_free(scenario);
}

static void mitigations_cost_nothing_until_they_are_switched_on(void **state)
{
    (void)state;
    const char *const node = "cluster.node=dual-xeon-e5-2670";
    const char *const on = "cluster.mitigations=on";
    struct scenario *without = accept("", "", SET(node)), *with = accept("", "", SET(node, on));
    assert_true(without->cluster.node.mitigation.kernel_entry_s.value == 0.0);
    assert_true(with->cluster.node.mitigation.kernel_entry_s.value == 0.14e-6);
    scenario_free(without);
    scenario_free(with);
    expect_said("", "", SET(on), "warning: mitigations have no effect: of node dell-pe860");
}

static void a_page_walk_is_part_of_an_access_and_counts_once(void **state)
{
    (void)state;
    expect_said("", "", SET("cluster.node.page_walk.small=101 ns"),
                "error: a page walk takes longer than the access that it is part of");
    expect_said(kvm, "", SET("virtualization.technology.nested_walk=2"),
                "warning: nested_walk and efficiency.access both slow accesses at random down");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_native_scenario_has_one_rank_on_each_core),
        cmocka_unit_test(guests_share_what_the_document_leaves_open),
        cmocka_unit_test(profile_fields_can_be_overridden_in_the_document),
        cmocka_unit_test(settings_reach_everything_that_a_document_can_say),
        cmocka_unit_test(a_later_setting_goes_over_an_earlier_one),
        cmocka_unit_test(wrong_settings_are_refused_in_their_own_text),
        cmocka_unit_test(profiles_and_hpl_dat_can_be_given_by_path),
        cmocka_unit_test(wrong_references_are_refused_where_they_stand),
        cmocka_unit_test(guests_must_fit_their_node),
        cmocka_unit_test(ranks_and_nodes_must_find_room),
        cmocka_unit_test(what_has_no_effect_is_warned_of),
        cmocka_unit_test(documents_of_another_kind_and_empty_ones_are_told_apart),
        cmocka_unit_test(a_missing_part_is_told_once_and_nothing_follows_from_it),
        cmocka_unit_test(the_hash_is_of_values_and_not_of_their_spelling),
        cmocka_unit_test(hardware_threads_are_the_nodes_until_they_are_switched_off),
        cmocka_unit_test(hardware_threads_that_a_node_lacks_cannot_be_switched_on),
        cmocka_unit_test(huge_pages_are_refused_without_guests_and_doubted_without_page_walks),
        cmocka_unit_test(mitigations_cost_nothing_until_they_are_switched_on),
        cmocka_unit_test(a_page_walk_is_part_of_an_access_and_counts_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
