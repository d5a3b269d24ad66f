/* Which ranges a run is held against: those of mechanisms that its scenario has. */
#include "diagnosed.h"

#include "sim/result/validity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Measured up to 1 kB, in a run with messages of 9 kB. */
#define NARROW "{value: 3 us, valid: [1 B, 1 kB]}"

/* True when the run is said to leave the range of `key`. */
static bool is_doubted(const char *key, const char *const settings[])
{
    char *text = toy_scenario("virtualization: {technology: kvm-77-e1000}", ""), *said;
    struct scenario *scenario = read_scenario(text, settings, &said);
    if (!scenario)
        fail_msg("%s", said);
    const struct usage usage = {.largest_message_B = 9e3, .n_active = 1};
    struct warnings warnings = {0};
    bool found = false;
    validity_warn(scenario, &usage, &warnings);
    for (int i = 0; i < warnings.n; i++)
        found = found || strcmp(warnings.items[i].place, key) == 0;
    warnings_release(&warnings);
    scenario_free(scenario);
    free(text);
    free(said);
    return found;
}

static void a_mechanism_is_held_against_its_range_where_the_scenario_has_it(void **state)
{
    (void)state;
    const char *key = "virtualization.technology.interrupts.cost";
    assert_true(is_doubted(key, SET("virtualization.technology.interrupts.cost=" NARROW)));
    key = "virtualization.technology.iommu_page";
    assert_true(is_doubted(key, SET("virtualization.technology.iommu_page=" NARROW)));
}

static void registration_is_doubted_only_where_buffers_are_registered(void **state)
{
    (void)state;
    const char *key = "virtualization.technology.registration.call";
    const char *narrow = "virtualization.technology.registration.call=" NARROW;
    assert_false(is_doubted(key, SET(narrow)));
    assert_false(is_doubted(key, SET(narrow, "mpi.registration.threshold=4 KiB")));
    assert_true(is_doubted(
        key, SET(narrow, "mpi.registration.threshold=4 KiB", "mpi.registration.cache_hits=0.9")));
}

static void what_guests_of_a_host_pay_is_doubted_only_where_there_are_several(void **state)
{
    (void)state;
    const char *key = "virtualization.technology.same_host.latency";
    const char *narrow = "virtualization.technology.same_host.latency=" NARROW;
    const char *two = "virtualization.vms_per_node=2";
    assert_false(is_doubted(key, SET(narrow, "virtualization.vms_per_node=1")));
    assert_true(is_doubted(key, SET(narrow, two)));
    assert_false(
        is_doubted(key, SET(narrow, two, "virtualization.technology.same_host.via=shared-memory")));
}

static void a_backend_is_doubted_only_where_there_is_one(void **state)
{
    (void)state;
    const char *key = "virtualization.technology.backend.message";
    const char *narrow = "virtualization.technology.backend.message=" NARROW;
    assert_true(is_doubted(key, SET(narrow)));
    assert_false(is_doubted(key, SET(narrow, "virtualization.technology.backend.scope=none")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mechanism_is_held_against_its_range_where_the_scenario_has_it),
        cmocka_unit_test(registration_is_doubted_only_where_buffers_are_registered),
        cmocka_unit_test(what_guests_of_a_host_pay_is_doubted_only_where_there_are_several),
        cmocka_unit_test(a_backend_is_doubted_only_where_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
