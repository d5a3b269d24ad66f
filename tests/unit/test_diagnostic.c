/* Diagnostics: order, place, caret and what a document must not do to a terminal. */
#include "diagnosed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect_printed(const struct diagnostics *diagnostics, const char *expected)
{
    char *said = diagnosed(diagnostics);
    assert_string_equal(said, expected);
    free(said);
}

static void errors_are_printed_by_document_and_place_with_line_caret_and_hint(void **state)
{
    (void)state;
    struct diagnostics *d = diagnostics_new();
    static const char first[] = "nodes: 4\nmemory: 3 Gb\n", second[] = "a: b\n";
    diagnostics_add_text(d, "one.yaml", first, strlen(first));
    diagnostics_add_text(d, "alpha.yaml", second, strlen(second));
    diagnostics_add(d, SEVERITY_ERROR, (struct place){"alpha.yaml", 1, 4}, NULL, "last of %d", 3);
    diagnostics_add(d, SEVERITY_ERROR, (struct place){"one.yaml", 2, 9}, "such as 3 GB",
                    "unknown unit \"%s\"", "Gb");
    diagnostics_add(d, SEVERITY_WARNING, (struct place){"one.yaml", 1, 8}, "", "few nodes");
    diagnostics_add(d, SEVERITY_ERROR, (struct place){.file = "one.yaml"}, NULL, "as a whole");
    expect_printed(d, "one.yaml: error: as a whole\n"
                      "one.yaml:1:8: warning: few nodes\n"
                      "    1 | nodes: 4\n"
                      "      |        ^\n"
                      "one.yaml:2:9: error: unknown unit \"Gb\"\n"
                      "    2 | memory: 3 Gb\n"
                      "      |         ^\n"
                      "      = such as 3 GB\n"
                      "alpha.yaml:1:4: error: last of 3\n"
                      "    1 | a: b\n"
                      "      |    ^\n");
    assert_int_equal(diagnostics_count(d, SEVERITY_ERROR), 3);
    assert_int_equal(diagnostics_count(d, SEVERITY_WARNING), 1);
    diagnostics_free(d);
}

/* The caret stands under the x: a tab takes four columns, an umlaut one, CR LF none. */
static void the_caret_stands_under_its_character_behind_tabs_and_umlauts(void **state)
{
    (void)state;
    struct diagnostics *d = diagnostics_new();
    static const char text[] = "\t\xc3\xa4\xc3\xb6 x\r\nrest\r\n";
    diagnostics_add_text(d, "t", text, strlen(text));
    diagnostics_add(d, SEVERITY_ERROR, (struct place){"t", 1, 5}, NULL, "here");
    expect_printed(d, "t:1:5: error: here\n"
                      "    1 |     \xc3\xa4\xc3\xb6 x\n"
                      "      |        ^\n");
    diagnostics_free(d);
}

static void control_characters_and_broken_utf8_are_made_visible(void **state)
{
    (void)state;
    struct diagnostics *d = diagnostics_new();
    static const char text[] = "\x1b[31m\xff\xe2\x80\xae x\n"; /* escape, no UTF-8, right-to-left */
    diagnostics_add_text(d, "t\x07", text, strlen(text));
    diagnostics_add(d, SEVERITY_ERROR, (struct place){"t\x07", 1, 9}, "\x9b", "key \"%s\"", "\x1b");
    expect_printed(d, "t\\x07:1:9: error: key \"\\x1b\"\n"
                      "    1 | \\x1b[31m\\xff\\u202e x\n"
                      "      |                    ^\n"
                      "      = \\x9b\n");
    diagnostics_free(d);
}

static void a_long_line_is_cut_around_the_caret(void **state)
{
    (void)state;
    char text[5000];
    memset(text, 'a', sizeof text);
    text[3210] = 'X';
    text[sizeof text - 1] = '\n';
    struct diagnostics *d = diagnostics_new();
    diagnostics_add_text(d, "t", text, sizeof text);
    diagnostics_add(d, SEVERITY_ERROR, (struct place){"t", 1, 3211}, NULL, "here");
    char *said = diagnosed(d);
    char *source = strchr(said, '\n') + 1, *caret = strchr(source, '\n') + 1;
    assert_true(caret - source < 120);
    assert_int_equal(strchr(source, 'X') - source, strchr(caret, '^') - caret);
    assert_non_null(strstr(source, "| ...aaa"));
    assert_non_null(strstr(source, "aaa...\n"));
    free(said);
    diagnostics_free(d);
}

static void the_same_message_at_the_same_place_is_kept_once(void **state)
{
    (void)state;
    struct diagnostics *d = diagnostics_new();
    for (int i = 0; i < 3; i++)
        diagnostics_add(d, SEVERITY_ERROR, (struct place){"t", 4, 2}, NULL, "twice");
    assert_int_equal(diagnostics_count(d, SEVERITY_ERROR), 1);
    diagnostics_free(d);
}

static void more_than_the_maximum_are_counted_but_not_printed(void **state)
{
    (void)state;
    struct diagnostics *d = diagnostics_new();
    for (int i = 1; i <= DIAGNOSTICS_MAX + 37; i++)
        diagnostics_add(d, SEVERITY_ERROR, (struct place){"t", i, 1}, NULL, "number %d", i);
    char *said = diagnosed(d);
    assert_int_equal(diagnostics_count(d, SEVERITY_ERROR), DIAGNOSTICS_MAX + 37);
    assert_non_null(strstr(said, "and 37 more\n"));
    assert_null(strstr(said, "number 201\n"));
    free(said);
    diagnostics_free(d);
}

static void an_error_at_a_key_stands_at_its_value_or_at_the_nearest_enclosing_one(void **state)
{
    (void)state;
    struct diagnostics *d = diagnostics_new();
    static const char text[] = "workload:\n  p: 7\n";
    diagnostics_add_text(d, "t", text, strlen(text));
    diagnostics_note_key(d, "workload", (struct place){"t", 2, 3});
    diagnostics_note_key(d, "workload.p", (struct place){"t", 2, 6});
    diagnostics_add_key(d, SEVERITY_ERROR, "workload.p", NULL, "at p");
    diagnostics_add_key(d, SEVERITY_ERROR, "workload.pq.r", NULL, "at workload");
    diagnostics_add_key(d, SEVERITY_ERROR, "run.seed", NULL, "nowhere");
    char *said = diagnosed(d);
    assert_non_null(strstr(said, "t:2:6: error: at p\n"));
    assert_non_null(strstr(said, "t:2:3: error: at workload\n"));
    assert_non_null(strstr(said, "t: error: nowhere\n"));
    free(said);
    diagnostics_free(d);
}

static void check_order(const struct diagnostic *diagnostic, void *user)
{
    int *last_line = user;
    assert_int_equal(diagnostic->severity, SEVERITY_WARNING);
    assert_true(diagnostic->place.line > *last_line);
    *last_line = diagnostic->place.line;
}

static void those_of_one_severity_can_be_visited_in_order(void **state)
{
    (void)state;
    struct diagnostics *d = diagnostics_new();
    static const int lines[] = {9, 2, 5};
    for (size_t i = 0; i < 3; i++) {
        diagnostics_add(d, SEVERITY_WARNING, (struct place){"t", lines[i], 1}, NULL, "w");
        diagnostics_add(d, SEVERITY_ERROR, (struct place){"t", lines[i], 1}, NULL, "e");
    }
    int last_line = 0;
    diagnostics_each(d, SEVERITY_WARNING, check_order, &last_line);
    assert_int_equal(last_line, 9);
    diagnostics_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_printed_by_document_and_place_with_line_caret_and_hint),
        cmocka_unit_test(the_caret_stands_under_its_character_behind_tabs_and_umlauts),
        cmocka_unit_test(control_characters_and_broken_utf8_are_made_visible),
        cmocka_unit_test(a_long_line_is_cut_around_the_caret),
        cmocka_unit_test(the_same_message_at_the_same_place_is_kept_once),
        cmocka_unit_test(more_than_the_maximum_are_counted_but_not_printed),
        cmocka_unit_test(an_error_at_a_key_stands_at_its_value_or_at_the_nearest_enclosing_one),
        cmocka_unit_test(those_of_one_severity_can_be_visited_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
