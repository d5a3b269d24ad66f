/* Bags of numbers: each number once, whoever takes it. */
#include "sim/engine/bag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void every_number_is_taken_once_and_then_the_bag_is_empty(void **state)
{
    (void)state;
    struct bags bags = {NULL};
    for (long i = 0; i < 5; i++)
        assert_int_equal(bags_take(&bags, 7, 5, 3), i);
    for (int i = 0; i < 2; i++)
        assert_int_equal(bags_take(&bags, 7, 5, 3), -1);
    assert_non_null(bags.first);
    bags_release(&bags);
}

static void a_bag_is_forgotten_when_all_found_it_empty(void **state)
{
    (void)state;
    struct bags bags = {NULL};
    assert_int_equal(bags_take(&bags, 7, 1, 2), 0);
    assert_int_equal(bags_take(&bags, 7, 1, 2), -1);
    assert_int_equal(bags_take(&bags, 7, 1, 2), -1);
    assert_null(bags.first);
    assert_int_equal(bags_take(&bags, 7, 1, 2), 0);
    bags_release(&bags);
}

static void bags_do_not_mix(void **state)
{
    (void)state;
    struct bags bags = {NULL};
    assert_int_equal(bags_take(&bags, 3, 2, 1), 0);
    assert_int_equal(bags_take(&bags, 4, 2, 1), 0);
    assert_int_equal(bags_take(&bags, 5, 0, 1), -1);
    assert_int_equal(bags_take(&bags, 3, 2, 1), 1);
    assert_int_equal(bags_take(&bags, 3, 2, 1), -1);
    assert_int_equal(bags_take(&bags, 4, 2, 1), 1);
    assert_int_equal(bags_take(&bags, 4, 2, 1), -1);
    assert_null(bags.first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_is_taken_once_and_then_the_bag_is_empty),
        cmocka_unit_test(a_bag_is_forgotten_when_all_found_it_empty),
        cmocka_unit_test(bags_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
