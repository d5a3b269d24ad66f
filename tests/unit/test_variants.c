/* Lists of mappings that say their kind: places, settings, copies, hash and JSON. */
#include "diagnosed.h"
#include "sim/input/scenario_json.h"
#include "sim/input/variant.h"
#include "sim/workload/pattern/kind.h"
#include "sim/workload/pattern/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char head[] = "schema: vhpcsim-scenario/1\n"
                           "cluster: {nodes: 2, node: dell-pe860, link: gigabit-ethernet}\n"
                           "mpi: mpich2-1.0.5\n"
                           "workload:\n"
                           "  kind: pattern\n";
static const char two_phases[] = "  let: {n: 100}\n"
                                 "  phases:\n"
                                 "    - {kind: ring, size: n*8 B}\n"
                                 "    - kind: repeat\n"
                                 "      times: 5\n"
                                 "      phases:\n"
                                 "        - {kind: bcast, size: 3 B}\n"
                                 "        - {kind: barrier}\n";

static struct scenario *read_with(const char *phases, const char *const settings[], char **said)
{
    char text[2000];
    snprintf(text, sizeof text, "%s%s", head, phases);
    return read_scenario(text, settings, said);
}

static struct scenario *accept(const char *phases, const char *const settings[])
{
    char *said;
    struct scenario *scenario = read_with(phases, settings, &said);
    if (!scenario)
        fail_msg("%s", said);
    free(said);
    return scenario;
}

static void expect_said(const char *phases, const char *const settings[], const char *expected)
{
    char *said;
    struct scenario *scenario = read_with(phases, settings, &said);
    if (scenario || !strstr(said, expected))
        fail_msg("expected \"%s\", got \"%s\"", expected, said);
    free(said);
}

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct variant_list *phases_of(const struct scenario *scenario)
{
    return &((const struct pattern_spec *)scenario->workload_spec)->phases;
}

static const char *kind_of(const struct variant_list *list, int i)
{
    return ((const struct pattern_kind *)list->values[i].row)->name;
}

static const struct compound *compound_at(const struct variant_list *list, int i)
{
    return list->values[i].spec;
}

static void a_list_keeps_the_kinds_and_their_order(void **state)
{
    (void)state;
    struct scenario *scenario = accept(two_phases, NULL);
    const struct variant_list *phases = phases_of(scenario);
    assert_int_equal(phases->n, 2);
    assert_string_equal(kind_of(phases, 0), "ring");
    assert_string_equal(kind_of(phases, 1), "repeat");
    assert_true(compound_at(phases, 1)->times.value == 5.0);
    assert_int_equal(compound_at(phases, 1)->phases.n, 2);
    assert_string_equal(kind_of(&compound_at(phases, 1)->phases, 1), "barrier");
    scenario_free(scenario);
}

static void mistakes_inside_a_list_are_told_where_they_stand(void **state)
{
    (void)state;
    expect_said("  phases:\n    - {kind: rign, size: 1 B}\n", NULL,
                "s.yaml:7:14: error: unknown phase \"rign\"\n");
    expect_said("  phases:\n    - {kind: ring, siez: 1 B}\n", NULL,
                "s.yaml:7:20: error: unknown key \"siez\"\n");
    expect_said("  phases:\n    - {kind: ring}\n", NULL,
                "s.yaml:7:7: error: missing key \"workload.phases.0.size\"\n");
    expect_said("  phases:\n    - {size: 1 B}\n", NULL,
                "s.yaml:7:7: error: missing key \"kind\"\n");
    expect_said("  phases:\n    - ring\n", NULL,
                "s.yaml:7:7: error: phases takes a mapping of keys to values\n");
    expect_said("  phases: {kind: ring}\n", NULL, "s.yaml:6:11: error: phases takes a list\n");
    expect_said("  phases: []\n", NULL, "s.yaml:6:11: error: phases is empty\n");
    expect_said("", NULL, "missing key \"workload.phases\"\n");
    expect_said("  phases:\n    - kind: repeat\n      times: 2\n      phases:\n"
                "        - {kind: ring, size: m*8 B}\n",
                NULL, "s.yaml:10:30: error: unknown variable \"m\"\n");
    expect_said("  let: {n: 3}\n  phases:\n    - {kind: ring, size: n-4 B}\n", NULL,
                "s.yaml:8:26: error: size is -1 B with p = 4, n = 3\n");
}

static void lists_in_lists_have_a_limit(void **state)
{
    (void)state;
    char text[1000] = "{kind: barrier}", outer[1000];
    for (int i = 0; i < 8; i++) {
        snprintf(outer, sizeof outer, "{kind: sequence, phases: [%.900s]}", text);
        memcpy(text, outer, sizeof text);
    }
    snprintf(outer, sizeof outer, "  phases: [%.900s]\n", text);
    expect_said(outer, NULL, "error: phases inside phases: more than 8 levels\n");
}

static void settings_reach_the_entries_of_lists(void **state)
{
    (void)state;
    struct scenario *scenario = accept(
        two_phases, SET("workload.phases.1.times=9", "workload.phases.1.phases.0.size=n B",
                        "workload.phases.0={kind: alltoall, size: 7 B}", "workload.let.n=4"));
    const struct variant_list *phases = phases_of(scenario);
    assert_string_equal(kind_of(phases, 0), "alltoall");
    assert_true(compound_at(phases, 1)->times.value == 9.0);
    assert_int_equal(phases->n, 2);
    scenario_free(scenario);

    expect_said(two_phases, SET("workload.phases.2.size=1 B"),
                "--set:1:17: error: \"2\" is none of the 2 entries of this list\n");
    expect_said(two_phases, SET("workload.phases.-1.size=1 B"),
                "error: \"-1\" is none of the 2 entries of this list\n");
    expect_said(two_phases, SET("workload.phases.1.phases.x=1"),
                "--set:1:26: error: \"x\" is none of the 2 entries of this list\n");
    expect_said(two_phases, SET("workload.phases.0.size=q B"),
                "--set:1:24: error: unknown variable \"q\"\n");
    expect_said(two_phases, SET("workload.phases.0.size=n*9 MB", "workload.let.n=1001"),
                "--set:1:24: error: size is 9.009 GB with p = 4, n = 1001\n");
}

static void a_draw_has_lists_of_its_own(void **state)
{
    (void)state;
    struct scenario *scenario = accept(two_phases, NULL);
    struct scenario *drawn = scenario_draw(scenario, 2);
    assert_non_null(drawn);
    assert_ptr_not_equal(phases_of(drawn)->values, phases_of(scenario)->values);
    assert_ptr_not_equal(compound_at(phases_of(drawn), 1)->phases.values,
                         compound_at(phases_of(scenario), 1)->phases.values);
    char before[17], after[17];
    scenario_hash(scenario, before);
    scenario_free(scenario);
    scenario_hash(drawn, after); /* nothing uncertain in lists: the same phases */
    assert_int_equal(phases_of(drawn)->n, 2);
    assert_string_equal(kind_of(&compound_at(phases_of(drawn), 1)->phases, 0), "bcast");
    scenario_free(drawn);
}

static void expect_other_hash(const char *phases, const char *const settings[], const char *base)
{
    char hex[17];
    struct scenario *scenario = accept(phases, settings);
    scenario_hash(scenario, hex);
    assert_string_not_equal(hex, base);
    scenario_free(scenario);
}

static void the_hash_knows_kinds_sizes_and_variables(void **state)
{
    (void)state;
    char base[17], same[17];
    struct scenario *scenario = accept(two_phases, NULL);
    scenario_hash(scenario, base);
    scenario_free(scenario);
    scenario = accept(two_phases, SET("workload.phases.1.times=5.0"));
    scenario_hash(scenario, same);
    scenario_free(scenario);
    assert_string_equal(same, base);
    expect_other_hash(two_phases, SET("workload.phases.1.phases.0.kind=reduce"), base);
    expect_other_hash(two_phases, SET("workload.phases.1.phases.0.size=4 B"), base);
    expect_other_hash(two_phases, SET("workload.phases.0.size=n*9 B"), base);
    expect_other_hash(two_phases, SET("workload.let.n=101"), base);
}

static void json_tells_what_was_read(void **state)
{
    (void)state;
    struct scenario *scenario = accept(two_phases, NULL);
    json_t *json = scenario_resolved_json(scenario);
    json_t *workload = json_object_get(json, "workload");
    json_t *phases = json_object_get(workload, "phases");
    json_t *first = json_array_get(phases, 0), *second = json_array_get(phases, 1);
    assert_string_equal(json_string_value(json_object_get(first, "kind")), "ring");
    assert_string_equal(json_string_value(json_object_get(first, "size")), "n*8 B");
    json_t *inner = json_array_get(json_object_get(second, "phases"), 0);
    json_t *size = json_object_get(inner, "size");
    assert_true(json_real_value(json_object_get(size, "value")) == 3.0);
    assert_non_null(json_object_get(json_object_get(workload, "let"), "n"));
    json_decref(json);
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_keeps_the_kinds_and_their_order),
        cmocka_unit_test(mistakes_inside_a_list_are_told_where_they_stand),
        cmocka_unit_test(lists_in_lists_have_a_limit),
        cmocka_unit_test(settings_reach_the_entries_of_lists),
        cmocka_unit_test(a_draw_has_lists_of_its_own),
        cmocka_unit_test(the_hash_knows_kinds_sizes_and_variables),
        cmocka_unit_test(json_tells_what_was_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
