/*
 * What is refused or remarked, and that a sound machine is left in peace.
 */
#include "calibration/measure/remarks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Four cores of two threads, one of which each is the other's number plus four. */
static const char sound[] =
    "{'host': {'name': 'n1', 'kernel': '6.1'},"
    " 'cpu': {'model': 'x', 'cores': ['0,4', '1,5', '2,6', '3,7'],"
    "         'frequency': {'governors': ['performance']}},"
    " 'clock': {'current': 'tsc', 'available': 'tsc hpet'},"
    " 'cores': {'n_usable': 8, 'usable': '0-7'}, 'limits': {},"
    " 'memory': {'available_B': 8000000000, 'swap_total_B': 4096, 'swap_free_B': 4096},"
    " 'load': {'busy': [], 'others_cores': 0.02, 'stolen_cores': 0.0},"
    " 'thermal': {'zones': [{'type': 'x86_pkg_temp', 'celsius': 41.5}], 'times_throttled': 0}}";

static const char two_ranks[] =
    "[{'domain': 0, 'cores': '0', 'core': 0}, {'domain': 0, 'cores': '1', 'core': 1}]";

static json_t *parse(const char *text)
{
    char *copy = strdup(text);
    for (char *at = copy; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    json_t *value = json_loads(copy, 0, NULL);
    assert_non_null(value);
    free(copy);
    return value;
}

/* Codes of what is said, each with "!" where it refuses. */
static void write_codes(json_t *remarks, char *codes, size_t size)
{
    size_t i, used = 0;
    const json_t *remark;
    codes[0] = '\0';
    json_array_foreach(remarks, i, remark)
    {
        const char *kind = json_string_value(json_object_get(remark, "remark"));
        used += (size_t)snprintf(codes + used, size - used, "%s%s%s", i ? " " : "",
                                 json_string_value(json_object_get(remark, "code")),
                                 strcmp(kind, "refused") == 0 ? "!" : "");
        assert_true(strlen(json_string_value(json_object_get(remark, "text"))) > 0);
        assert_true(strlen(json_string_value(json_object_get(remark, "why"))) > 0);
        assert_true(strlen(json_string_value(json_object_get(remark, "advice"))) > 0);
    }
}

/* The sound machine with one part changed, and these ranks. */
static void expect(const char *change, const char *ranks_text, const char *expected)
{
    char codes[512];
    json_t *machine = parse(sound), *changed = parse(change), *ranks = parse(ranks_text);
    json_object_update(machine, changed);
    json_t *domains = json_pack("[o]", machine);
    json_t *remarks = remarks_find(domains, ranks);
    write_codes(remarks, codes, sizeof codes);
    assert_string_equal(codes, expected);
    assert_int_equal(remarks_refuse(remarks), strchr(expected, '!') != NULL);
    json_decref(remarks);
    json_decref(domains);
    json_decref(changed);
    json_decref(ranks);
}

static void a_sound_machine_with_bound_ranks_is_left_in_peace(void **state)
{
    (void)state;
    expect("{}", two_ranks, "");
    /* A rank that may use both threads of its core is bound to a core. */
    expect("{}", "[{'domain': 0, 'cores': '0,4'}, {'domain': 0, 'cores': '1,5'}]", "");
}

static void more_ranks_than_cores_are_refused(void **state)
{
    (void)state;
    const char one[] = "{'cores': {'n_usable': 1, 'usable': '2'}}";
    expect(one, "[{'domain': 0, 'cores': '2'}, {'domain': 0, 'cores': '2'}]", "oversubscribed!");
    expect(one, "[{'domain': 0, 'cores': '2'}]", "");
    expect("{}", "[{'domain': 0, 'cores': '3'}, {'domain': 0, 'cores': '3'}]", "shared-thread!");
}

static void ranks_on_threads_of_one_core_are_remarked(void **state)
{
    (void)state;
    expect("{}", "[{'domain': 0, 'cores': '2'}, {'domain': 0, 'cores': '6'}]", "shared-core");
    expect("{'cores': {'n_usable': 2, 'usable': '2,6'}}",
           "[{'domain': 0, 'cores': '2'}, {'domain': 0, 'cores': '6'}]", "shared-core");
    /* The same numbers in two operating systems are two cores. */
    expect("{}", "[{'domain': 0, 'cores': '2'}, {'domain': 1, 'cores': '2'}]", "");
}

static void free_ranks_are_remarked_where_they_could_move(void **state)
{
    (void)state;
    expect("{}", "[{'domain': 0, 'cores': '0-7'}, {'domain': 0, 'cores': '1'}]", "no-pinning");
    expect("{'cores': {'n_usable': 1, 'usable': '0'}}", "[{'domain': 0, 'cores': '0'}]", "");
}

static void a_quota_is_refused_below_the_ranks_and_remarked_below_the_cores(void **state)
{
    (void)state;
    expect("{'limits': {'cpu_cores': 1.5}}", two_ranks, "quota-below-ranks!");
    expect("{'limits': {'cpu_cores': 2.5}}", two_ranks, "quota-below-cores");
    expect("{'limits': {'cpu_cores': 8.0}}", two_ranks, "");
}

static void what_makes_numbers_worse_is_remarked(void **state)
{
    (void)state;
    expect("{'clock': {'current': 'hpet', 'available': 'hpet acpi_pm'}}", two_ranks, "slow-clock");
    expect("{'clock': {'current': 'kvm-clock'}}", two_ranks, "");
    expect("{'load': {'busy': [{'name': 'stress', 'cores': 1.9}], 'others_cores': 1.9}}", two_ranks,
           "other-load");
    expect("{'load': {'stolen_cores': 0.31}}", two_ranks, "stolen-time");
    expect("{'cpu': {'frequency': {'governors': ['performance', 'powersave']}}}", two_ranks,
           "governor");
    expect("{'memory': {'available_B': 8000000000, 'swap_total_B': 9000000, 'swap_free_B': 0}}",
           two_ranks, "swap-in-use");
    expect("{'memory': {'available_B': 100000000}}", two_ranks, "little-memory");
    expect("{'thermal': {'zones': [{'type': 'x', 'celsius': 91.0}], 'times_throttled': 3}}",
           two_ranks, "throttled hot");
    expect("{'virtualization': {'stack': [{'type': 'hypervisor', 'kind': 'qemu-tcg'}]}}", two_ranks,
           "emulated");
    expect("{'virtualization': {'stack': [{'type': 'hypervisor', 'kind': 'kvm'}]}}", two_ranks, "");
}

static void a_machine_that_tells_nothing_is_not_refused(void **state)
{
    (void)state;
    json_t *domains = parse("[{}]"), *ranks = parse("[{'domain': 0}, {'domain': 0}]");
    json_t *remarks = remarks_find(domains, ranks);
    assert_int_equal(json_array_size(remarks), 0);
    json_decref(remarks);
    json_decref(ranks);
    json_decref(domains);
}

static void the_program_that_takes_most_is_named(void **state)
{
    (void)state;
    json_t *domains = parse("[{'load': {'busy': [{'name': 'sshd', 'cores': 0.06}, {'name': 'hpl', "
                            "'cores': 1.72}], 'others_cores': 1.78}}]");
    json_t *ranks = json_array();
    json_t *remarks = remarks_find(domains, ranks);
    assert_string_equal(json_string_value(json_object_get(json_array_get(remarks, 0), "text")),
                        "other programs take 1.8 cores, most of them hpl");
    json_decref(remarks);
    json_decref(ranks);
    json_decref(domains);
}

static void hosts_of_two_kinds_are_remarked_by_name(void **state)
{
    (void)state;
    json_t *a = parse(sound), *b = parse(sound);
    json_object_set_new(json_object_get(b, "host"), "name", json_string("n2"));
    json_object_set_new(json_object_get(b, "cpu"), "model", json_string("y"));
    json_t *domains = json_pack("[o, o]", a, b);
    json_t *ranks = parse("[{'domain': 0, 'cores': '1'}, {'domain': 1, 'cores': '1'}]");
    json_t *remarks = remarks_find(domains, ranks);
    assert_int_equal(json_array_size(remarks), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(remarks, 0), "text")),
                        "n1 and n2 differ in cpu.model");
    json_decref(remarks);
    json_decref(ranks);
    json_decref(domains);
}

static void refusals_are_printed_with_why_and_what_to_do(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    json_t *remarks = parse("[{'remark': 'refused', 'code': 'x', 'text': '3 ranks on 2 cores', "
                            "'why': 'they wait', 'advice': 'start 2'}]");
    remarks_print(file, remarks, false);
    fclose(file);
    assert_string_equal(text, "refused: 3 ranks on 2 cores\n    why: they wait\n    do:  start 2\n"
                              "Nothing was measured; --force measures all the same, and says so in "
                              "the file.\n");
    free(text);
    json_decref(remarks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_machine_with_bound_ranks_is_left_in_peace),
        cmocka_unit_test(more_ranks_than_cores_are_refused),
        cmocka_unit_test(ranks_on_threads_of_one_core_are_remarked),
        cmocka_unit_test(free_ranks_are_remarked_where_they_could_move),
        cmocka_unit_test(a_quota_is_refused_below_the_ranks_and_remarked_below_the_cores),
        cmocka_unit_test(what_makes_numbers_worse_is_remarked),
        cmocka_unit_test(a_machine_that_tells_nothing_is_not_refused),
        cmocka_unit_test(the_program_that_takes_most_is_named),
        cmocka_unit_test(hosts_of_two_kinds_are_remarked_by_name),
        cmocka_unit_test(refusals_are_printed_with_why_and_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
