/*
 * What every workload owes to those who ask what it is.
 */
#include "sim/result/wrap.h"
#include "sim/workload/workload.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A sentence or two in each paragraph, of which there are a few. */
enum { SHORTEST_ABOUT = 200, LONGEST_ABOUT = 2000, LONGEST_HELP = 100 };

static void expect_prose(const char *name, const char *text)
{
    const size_t length = strlen(text);
    if (length < SHORTEST_ABOUT || length > LONGEST_ABOUT)
        fail_msg("%s: about has %zu characters", name, length);
    for (const char *paragraph = text; *paragraph;) {
        const size_t n = strcspn(paragraph, "\n");
        if (n > 0 && paragraph[n - 1] != '.')
            fail_msg("%s: a paragraph of about does not end with a full stop", name);
        paragraph += n + strspn(paragraph + n, "\n");
    }
    if (strstr(text, "  "))
        fail_msg("%s: two blanks in about", name);
}

static void every_workload_says_what_it_is(void **state)
{
    (void)state;
    for (int i = 0; workloads[i]; i++) {
        const struct workload *workload = workloads[i];
        const size_t help = workload->help ? strlen(workload->help) : 0;
        if (help == 0 || help > LONGEST_HELP || strchr(workload->help, '\n'))
            fail_msg("%s: help must be a line of up to %d characters", workload->name,
                     LONGEST_HELP);
        expect_prose(workload->name, workload->about ? workload->about : "");
        assert_ptr_equal(workload_by_name(workload->name), workload);
    }
}

static void every_key_of_a_workload_says_what_it_is(void **state)
{
    (void)state;
    for (int i = 0; workloads[i]; i++)
        for (const struct field *field = workloads[i]->fields; field->key; field++) {
            const char *help = field->help;
            if (!help || strlen(help) < 8 || help[strlen(help) - 1] != '.')
                fail_msg("%s.%s: help must be a sentence", workloads[i]->name, field->key);
        }
}

static void expect_wrapped(const char *text, int indent, int width, const char *expected)
{
    char *said = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&said, &size);
    assert_non_null(out);
    wrap_print(text, indent, width, out);
    fclose(out);
    assert_string_equal(said, expected);
    free(said);
}

static void prose_breaks_at_blanks_before_its_width(void **state)
{
    (void)state;
    expect_wrapped("one two three", 0, 7, "one two\nthree\n");
    expect_wrapped("one two three", 0, 6, "one\ntwo\nthree\n");
    expect_wrapped("one two three", 2, 9, "one two\n  three\n");
    expect_wrapped("much-too-long a", 2, 6, "much-too-long\n  a\n");
    expect_wrapped("", 2, 6, "\n");
}

static void a_width_is_that_of_a_terminal_alone(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(wrap_width_of(file), 80);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_workload_says_what_it_is),
        cmocka_unit_test(every_key_of_a_workload_says_what_it_is),
        cmocka_unit_test(prose_breaks_at_blanks_before_its_width),
        cmocka_unit_test(a_width_is_that_of_a_terminal_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
