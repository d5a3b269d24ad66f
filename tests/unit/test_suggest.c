/* Did-you-mean: distances worked by hand, and what must not be suggested. */
#include "sim/input/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void an_edit_distance_counts_insertions_deletions_replacements_and_swaps(void **state)
{
    (void)state;
    assert_int_equal(edit_distance("replications", "replications"), 0);
    assert_int_equal(edit_distance("replication", "replications"), 1);
    assert_int_equal(edit_distance("--sede", "--seed"), 1);  /* d and e swapped */
    assert_int_equal(edit_distance("kitten", "sitting"), 3); /* k/s, e/i, + g */
    assert_int_equal(edit_distance("Gbits/s", "Gbit/s"), 1);
    assert_int_equal(edit_distance("mtu", "MTU"), 0);
    assert_int_equal(edit_distance("", "four"), 4);
}

static void the_distance_is_the_same_in_both_directions(void **state)
{
    (void)state;
    static const char *const words[] = {"", "run", "runs", "urn", "explain", "schema", "list"};
    const size_t n = sizeof words / sizeof words[0];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            assert_int_equal(edit_distance(words[i], words[j]), edit_distance(words[j], words[i]));
}

static void the_nearest_candidate_is_suggested_and_nothing_when_all_are_far(void **state)
{
    (void)state;
    static const char *const commands[] = {"run", "check", "explain", "schema", "list"};
    assert_string_equal(suggest("explian", 5, commands), "explain");
    assert_string_equal(suggest("chek", 5, commands), "check");
    assert_string_equal(suggest("rum", 5, commands), "run");
    assert_null(suggest("simulate", 5, commands));
    assert_null(suggest("", 5, commands));
    assert_null(suggest("run", 0, commands));
}

static void a_word_cut_short_is_taken_for_the_one_that_it_begins(void **state)
{
    (void)state;
    static const char *const options[] = {"--help", "--seed", "--replications", "--reproducible"};
    assert_string_equal(suggest("--rep", 4, options), "--replications");
    assert_string_equal(suggest("--repro", 4, options), "--reproducible");
    assert_null(suggest("--", 4, options));
}

static void words_of_a_name_are_taken_for_the_first_name_that_has_all_of_them(void **state)
{
    (void)state;
    static const char *const names[] = {"aws-nitro-efa", "kvm-sr-iov", "kvm-virtio-vhost",
                                        "xen-4-pvh"};
    assert_string_equal(suggest("vhost-kvm", 4, names), "kvm-virtio-vhost");
    assert_string_equal(suggest("Nitro", 4, names), "aws-nitro-efa");
    assert_null(suggest("kvm-vmware", 4, names));
    assert_null(suggest("--", 4, names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edit_distance_counts_insertions_deletions_replacements_and_swaps),
        cmocka_unit_test(the_distance_is_the_same_in_both_directions),
        cmocka_unit_test(the_nearest_candidate_is_suggested_and_nothing_when_all_are_far),
        cmocka_unit_test(a_word_cut_short_is_taken_for_the_one_that_it_begins),
        cmocka_unit_test(words_of_a_name_are_taken_for_the_first_name_that_has_all_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
