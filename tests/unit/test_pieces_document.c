/* Pieces by message size in documents: settings, draws, what a result keeps of them, and ranges. */
#include "diagnosed.h"

#include "sim/input/scenario_json.h"
#include "sim/result/counterfactual.h"
#include "sim/result/validity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char virtualization[] =
    "virtualization: {technology: kvm-0.11-passthrough-infiniband, vms_per_node: 1}";

#define STACK "send_byte: 0.1 ns/B, recv_message: 2 us, recv_byte: 0.2 ns/B"
#define SIZES                                                                                      \
    "mpi.sizes=["                                                                                  \
    "{from: 0 B, send_message: {value: 3 us, ci95: [2 us, 4 us], valid: [0 B, 1 kB]}, " STACK "}," \
    "{from: 1 kB, send_message: {value: 5 us, ci95: [4 us, 7 us], valid: [1 kB, 64 kB]}, " STACK   \
    ", latency: {value: 10 us, ci95: [5 us, 20 us]}, spread: 0.1}]"

static struct scenario *scenario_with(const char *const settings[])
{
    char *text = toy_scenario(virtualization, ""), *said;
    struct scenario *scenario = read_scenario(text, settings, &said);
    if (!scenario)
        fail_msg("%s", said);
    free(text);
    free(said);
    return scenario;
}

static void expect_said(const char *const settings[], const char *expected)
{
    char *text = toy_scenario(virtualization, ""), *said;
    struct scenario *scenario = read_scenario(text, settings, &said);
    if (scenario || !strstr(said, expected))
        fail_msg("expected \"%s\", got \"%s\"", expected, said);
    free(text);
    free(said);
}

/* --- settings ------------------------------------------------------------------------------ */

static void a_setting_changes_one_key_of_a_shipped_profiles_piece(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(SET("virtualization.technology.sizes.1.slowdown=2.5",
                                                  "virtualization.technology.sizes.2.spread=0.3"));
    const struct message_pieces *sizes = &scenario->virtualization.technology.sizes;
    assert_int_equal(sizes->n, 3);
    assert_true(sizes->items[1].from_B == 8192.0);
    assert_true(sizes->items[1].slowdown.value == 2.5);
    assert_true(sizes->items[1].slowdown.ci95_hi == 2.5); /* no interval around another value */
    assert_true(sizes->items[1].latency_s.value == 1e-5);
    assert_true(sizes->items[2].spread.value == 0.3);
    scenario_free(scenario);
}

static void a_setting_changes_an_entry_that_another_setting_made(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(SET(SIZES, "mpi.sizes.1.from=2 kB"));
    assert_true(scenario->mpi.sizes.items[1].from_B == 2000.0);
    assert_true(scenario->mpi.sizes.items[1].send_message_s.ci95_hi == 7e-6);
    scenario_free(scenario);
    scenario = scenario_with(SET(SIZES, "mpi.sizes=[]"));
    assert_int_equal(scenario->mpi.sizes.n, 0);
    scenario_free(scenario);
}

static void settings_of_pieces_are_refused_where_they_are_wrong(void **state)
{
    (void)state;
    expect_said(SET(SIZES, "mpi.sizes.2.from=2 kB"),
                "--set:2:11: error: \"2\" is none of the 2 entries of this list\n");
    expect_said(SET("virtualization.technology.sizes.3.spread=0.1"),
                "error: sizes takes a list, or has no entry of this number\n");
    expect_said(SET("virtualization.technology.sizes.1.slodown=2"),
                "--set:1:35: error: unknown key \"slodown\"\n");
    expect_said(SET("virtualization.technology.sizes.1.from=2 MiB"),
                "not above the one before, which begins at 2 MiB\n");
    expect_said(SET("mpi.sizes=[{from: 0 B}]"),
                "error: missing key \"mpi.sizes.0.send_message\"\n");
    expect_said(SET("virtualization.technology.sizes.1.slowdown=0.9"),
                "error: 0.9 is out of range: slowdown must be from 1 to 1000\n");
}

static void the_local_threshold_is_the_other_one_where_nobody_says(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(SET("mpi.eager_threshold=23850 B"));
    assert_true(scenario->mpi.local_eager_threshold_B == 23850.0);
    scenario_free(scenario);
    scenario =
        scenario_with(SET("mpi.eager_threshold=23850 B", "mpi.local_eager_threshold=4096 B"));
    assert_true(scenario->mpi.local_eager_threshold_B == 4096.0);
    scenario_free(scenario);
}

/* --- draws and results --------------------------------------------------------------------- */

static void each_parameter_of_a_piece_is_drawn_by_a_stream_of_its_own(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(SET(SIZES));
    struct scenario *fewer = scenario_with(SET(SIZES, "mpi.sizes.1.latency=10 us"));
    for (int i = 0; i < 20; i++) {
        struct scenario *a = scenario_draw(scenario, i), *b = scenario_draw(fewer, i);
        const struct message_piece *drawn = a->mpi.sizes.items, *other = b->mpi.sizes.items;
        assert_true(drawn[1].send_message_s.value == other[1].send_message_s.value);
        assert_true(drawn[1].latency_s.value != 1e-5 && other[1].latency_s.value == 1e-5);
        assert_true(drawn[0].send_message_s.value != 3e-6);
        /* 3 and 5 us, each moved by as much, would stay in proportion. */
        assert_true(drawn[0].send_message_s.value / 3e-6 != drawn[1].send_message_s.value / 5e-6);
        assert_true(drawn[1].from_B == 1000.0 && drawn[1].spread.value == 0.1);
        scenario_free(a);
        scenario_free(b);
    }
    scenario_free(scenario);
    scenario_free(fewer);
}

static void a_scenarios_hash_knows_its_pieces(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "mpi.sizes.1.from=1001 B", "mpi.sizes.1.spread=0.2",
        "mpi.sizes.0.send_message={value: 3 us, ci95: [2 us, 4 us]}", "mpi.sizes=[]",
        "mpi.local_eager_threshold=1 B"};
    char base[17], changed[17];
    struct scenario *scenario = scenario_with(SET(SIZES));
    scenario_hash(scenario, base);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct scenario *other = scenario_with(SET(SIZES, changes[i]));
        scenario_hash(other, changed);
        assert_string_not_equal(base, changed);
        scenario_free(other);
    }
    scenario_free(scenario);
}

static void the_resolved_scenario_lists_its_pieces(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(SET(SIZES));
    json_t *json = scenario_resolved_json(scenario);
    const json_t *sizes = json_object_get(json_object_get(json, "mpi"), "sizes");
    assert_int_equal(json_array_size(sizes), 2);
    const json_t *latency = json_object_get(json_array_get(sizes, 1), "latency");
    assert_true(json_number_value(json_object_get(latency, "value")) == 1e-5);
    assert_int_equal(json_array_size(json_object_get(latency, "ci95")), 2);
    json_decref(json);
    scenario_free(scenario);
}

/* --- ranges -------------------------------------------------------------------------------- */

static int n_doubts(const struct scenario *scenario, double largest_B, const char *key)
{
    const struct usage usage = {.largest_message_B = largest_B, .n_active = 1};
    struct warnings warnings = {0};
    int n = 0;
    validity_warn(scenario, &usage, &warnings);
    for (int i = 0; i < warnings.n; i++)
        n += strncmp(warnings.items[i].place, key, strlen(key)) == 0;
    warnings_release(&warnings);
    return n;
}

/* 64 kB is beyond what the first piece was measured with, and no message of it. */
static void a_piece_is_doubted_by_the_messages_that_are_its_own(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(SET(SIZES));
    assert_int_equal(n_doubts(scenario, 500.0, "mpi.sizes"), 0);
    assert_int_equal(n_doubts(scenario, 64000.0, "mpi.sizes"), 0);
    assert_int_equal(n_doubts(scenario, 64001.0, "mpi.sizes.1.send_message"), 1);
    assert_int_equal(n_doubts(scenario, 64001.0, "mpi.sizes.0"), 0);
    scenario_free(scenario);
}

/* Where all messages have pieces, nobody pays what the profile says of the others. */
static void what_pieces_take_the_place_of_is_not_doubted(void **state)
{
    (void)state;
    static const char narrow[] = "mpi.send_message={value: 3 us, valid: [1 B, 1 kB]}";
    static const char local[] = "mpi.local_sizes=[{from: 0 B, send_message: 1 us, " STACK "}]";
    struct scenario *without = scenario_with(SET(narrow));
    struct scenario *between = scenario_with(SET(narrow, SIZES));
    struct scenario *all = scenario_with(SET(narrow, SIZES, local));
    assert_int_equal(n_doubts(without, 9e3, "mpi.send_message"), 1);
    assert_int_equal(n_doubts(between, 9e3, "mpi.send_message"), 1);
    assert_int_equal(n_doubts(all, 9e3, "mpi.send_message"), 0);
    scenario_free(without);
    scenario_free(between);
    scenario_free(all);
}

/* The shipped profile's latency may be 0.1 to 10 times what it is; its slowdown adds 0.2 to 6 times
 * the half that it adds. */
static void counterfactuals_find_the_ranges_of_pieces(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(NULL);
    const struct counterfactual *sizes = counterfactuals;
    while (strcmp(sizes->name, "sizes") != 0)
        sizes++;
    assert_true(sizes->concerns(scenario));
    const struct cost_range range = counterfactual_cost_range(scenario, sizes);
    assert_true(range.lo > 0.0999 && range.lo < 0.1001);
    assert_true(range.hi > 9.999 && range.hi < 10.001);
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_setting_changes_one_key_of_a_shipped_profiles_piece),
        cmocka_unit_test(a_setting_changes_an_entry_that_another_setting_made),
        cmocka_unit_test(settings_of_pieces_are_refused_where_they_are_wrong),
        cmocka_unit_test(the_local_threshold_is_the_other_one_where_nobody_says),
        cmocka_unit_test(each_parameter_of_a_piece_is_drawn_by_a_stream_of_its_own),
        cmocka_unit_test(a_scenarios_hash_knows_its_pieces),
        cmocka_unit_test(the_resolved_scenario_lists_its_pieces),
        cmocka_unit_test(a_piece_is_doubted_by_the_messages_that_are_its_own),
        cmocka_unit_test(what_pieces_take_the_place_of_is_not_doubted),
        cmocka_unit_test(counterfactuals_find_the_ranges_of_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
