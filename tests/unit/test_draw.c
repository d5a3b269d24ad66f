/* Draws: reproducible, independent of each other, within range, and around the value. */
#include "diagnosed.h"

#include "sim/input/draw.h"
#include "sim/input/scenario_json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_statistics_double.h>

enum { N_DRAWS = 4000 };

static struct scenario *scenario_with(const char *const settings[])
{
    char *text = toy_scenario("virtualization: {technology: kvm-77-e1000}", ""), *said;
    struct scenario *scenario = read_scenario(text, settings, &said);
    if (!scenario)
        fail_msg("%s", said);
    free(text);
    free(said);
    return scenario;
}

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Draws a parameter of the technology's backend, at `offset` of struct backend. */
static double drawn(const struct scenario *scenario, int replication, size_t offset)
{
    struct scenario *draw = scenario_draw(scenario, replication);
    const struct backend *backend = &draw->virtualization.technology.backend;
    const struct parameter *p =
        (const struct parameter *)(const void *)((const char *)backend + offset);
    const double value = p->value;
    assert_true(p->ci95_lo == value && p->ci95_hi == value);
    scenario_free(draw);
    return value;
}

static void the_same_replication_is_the_same_draw_and_another_is_another(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(NULL);
    char first[17], again[17], other[17];
    struct scenario *a = scenario_draw(scenario, 5), *b = scenario_draw(scenario, 5);
    struct scenario *c = scenario_draw(scenario, 6);
    scenario_hash(a, first);
    scenario_hash(b, again);
    scenario_hash(c, other);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    scenario_free(scenario); /* draws may outlive the original */
    assert_string_equal(c->virtualization.technology.name, "kvm-77-e1000");
    scenario_free(a);
    scenario_free(b);
    scenario_free(c);
}

static void one_more_uncertain_parameter_moves_no_other(void **state)
{
    (void)state;
    struct scenario *few = scenario_with(NULL);
    struct scenario *more =
        scenario_with(SET("virtualization.technology.backend.message={value: 3 us, ci95: [1 us, "
                          "9 us]}"));
    for (int i = 0; i < 20; i++) {
        const size_t packet = offsetof(struct backend, packet_s);
        assert_true(drawn(few, i, packet) == drawn(more, i, packet));
        assert_true(drawn(few, i, offsetof(struct backend, message_s)) == 0.0);
        assert_true(drawn(more, i, offsetof(struct backend, message_s)) > 0.0);
    }
    scenario_free(few);
    scenario_free(more);
}

/* Of 4000 draws 3800 fall into the 95 % interval and 2000 below the value, give or take three
 * standard deviations of a binomial, sqrt(4000 p (1 - p)): 13.8 and 31.6. */
static void draws_fill_the_interval_as_it_says(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(
        SET("virtualization.technology.backend.packet={value: 52 us, ci95: [27 us, 103 us]}"));
    int n_inside = 0, n_below = 0;
    for (int i = 0; i < N_DRAWS; i++) {
        const double value = drawn(scenario, i, offsetof(struct backend, packet_s));
        n_inside += value >= 27e-6 && value <= 103e-6;
        n_below += value < 52e-6;
    }
    assert_in_range(n_inside, 3800 - 41, 3800 + 41);
    assert_in_range(n_below, 2000 - 95, 2000 + 95);
    scenario_free(scenario);
}

static void draws_stay_in_the_range_of_their_field(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(
        SET("virtualization.technology.backend.cpu_share={value: 0.8, ci95: [0.1, 1]}",
            "virtualization.technology.backend.busy_factor={value: 1, ci95: [1, 2]}",
            "virtualization.technology.backend.wakeup={value: 1 us, ci95: [0 us, 9 us]}"));
    for (int i = 0; i < N_DRAWS; i++) {
        const double share = drawn(scenario, i, offsetof(struct backend, cpu_share));
        assert_true(share > 0.0 && share <= 1.0);
        assert_true(drawn(scenario, i, offsetof(struct backend, busy_factor)) >= 1.0);
        assert_true(drawn(scenario, i, offsetof(struct backend, wakeup_s)) >= 0.0);
    }
    scenario_free(scenario);
}

static void what_defaulted_to_its_sibling_moves_with_it(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(
        SET("virtualization.technology.efficiency={fft: {alone: {value: 0.9, ci95: [0.7, 1]}}, "
            "dgemm: {alone: {value: 0.9, ci95: [0.7, 1]}, "
            "full_node: {value: 0.9, ci95: [0.6, 1]}}}"));
    int n_apart = 0;
    for (int i = 0; i < 10; i++) {
        struct scenario *draw = scenario_draw(scenario, i);
        const struct efficiency *kept = draw->virtualization.technology.efficiency;
        assert_true(kept[WORK_FFT].full_node.value == kept[WORK_FFT].alone.value);
        assert_true(kept[WORK_FFT].smp_guest.value == kept[WORK_FFT].alone.value);
        n_apart += kept[WORK_DGEMM].full_node.value != kept[WORK_DGEMM].alone.value;
        scenario_free(draw);
    }
    assert_int_equal(n_apart, 10);
    scenario_free(scenario);
}

static void different_parameters_are_drawn_independently(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(NULL);
    double packet[N_DRAWS], latency[N_DRAWS];
    for (int i = 0; i < N_DRAWS; i++) {
        packet[i] = log(drawn(scenario, i, offsetof(struct backend, packet_s)));
        latency[i] = log(drawn(scenario, i, offsetof(struct backend, latency_s)));
    }
    /* The correlation of 4000 independent pairs has a standard deviation of 0.016. */
    assert_true(fabs(gsl_stats_correlation(packet, 1, latency, 1, N_DRAWS)) < 0.05);
    scenario_free(scenario);
}

static void the_resolved_scenario_has_values_units_and_sources(void **state)
{
    (void)state;
    struct scenario *scenario =
        scenario_with(SET("virtualization.technology.backend.packet={value: "
                          "41 us, ci95: [20 us, 80 us], source: me}"));
    json_t *json = scenario_resolved_json(scenario);
    const char *unit, *source, *kind;
    double value, lo, hi, packet_B;
    int n;
    assert_int_equal(
        json_unpack(json, "{s:{s:{s:{s:{s:F,s:s,s:s,s:[F,F]}}}},s:{s:{s:{s:F}}},s:{s:s,s:i}}",
                    "virtualization", "technology", "backend", "packet", "value", &value, "unit",
                    &unit, "source", &source, "ci95", &lo, &hi, "cluster", "link", "mtu", "value",
                    &packet_B, "workload", "kind", &kind, "n", &n),
        0);
    assert_true(value == 41e-6 && lo == 20e-6 && hi == 80e-6);
    assert_string_equal(unit, "s");
    assert_string_equal(source, "me");
    assert_true(packet_B == 1500.0);
    assert_string_equal(kind, "hpl");
    assert_int_equal(n, 3000);
    json_decref(json);
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_replication_is_the_same_draw_and_another_is_another),
        cmocka_unit_test(one_more_uncertain_parameter_moves_no_other),
        cmocka_unit_test(draws_fill_the_interval_as_it_says),
        cmocka_unit_test(draws_stay_in_the_range_of_their_field),
        cmocka_unit_test(what_defaulted_to_its_sibling_moves_with_it),
        cmocka_unit_test(different_parameters_are_drawn_independently),
        cmocka_unit_test(the_resolved_scenario_has_values_units_and_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
