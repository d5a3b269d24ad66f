/*
 * test_text.c - characters of texts.
 */
#include "sim/input/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_copy_has_whole_characters_alone(void **state)
{
    (void)state;
    char text[8];

    text_copy(text, sizeof text, "a\xc3\xb6\xe2\x82\xac", 2); /* a, o with dots, euro */
    assert_string_equal(text, "a\xc3\xb6");
    text_copy(text, sizeof text, "a\xc3\xb6\xe2\x82\xac", 9);
    assert_string_equal(text, "a\xc3\xb6\xe2\x82\xac");
    text_copy(text, 6, "a\xc3\xb6\xe2\x82\xac", 9); /* no room for the last byte and the end */
    assert_string_equal(text, "a\xc3\xb6");
    text_copy(text, 1, "a", 1);
    assert_string_equal(text, "");
}

static void a_copy_may_be_of_itself_and_of_what_is_no_text(void **state)
{
    (void)state;
    char text[8] = "pq\xffrs";

    text_copy(text, sizeof text, text, 3);
    assert_string_equal(text, "pq\xff");
    text_copy(text, sizeof text, text, 0);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_has_whole_characters_alone),
        cmocka_unit_test(a_copy_may_be_of_itself_and_of_what_is_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
