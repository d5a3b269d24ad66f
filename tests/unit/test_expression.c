/* Formulas with units: what they are worth, and what is said of wrong ones, and where. */
#include "sim/input/expression.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* 7 ranks, n is 59, and passes of a repetition. */
static const struct scope toy = {
    .n = 4, .names = {"p", "n", "block_size", "i"}, .values = {7.0, 59.0, 2.5, 0.0}};

static double value_of(enum dimension dimension, const char *text)
{
    struct expression expression;
    struct unit_problem problem;
    if (!expression_parse(dimension, text, &toy, &expression, &problem))
        fail_msg("%s: %s", text, problem.message);
    double value;
    expression_evaluate(&expression, &toy, 1, &value);
    return value;
}

static void a_formula_is_worth_what_a_pocket_calculator_says(void **state)
{
    (void)state;
    assert_true(value_of(DIMENSION_NONE, "n*3+p") == 184.0);
    assert_true(value_of(DIMENSION_NONE, "-n+2^3^2/block_size") == -59.0 + 512.0 / 2.5);
    assert_true(value_of(DIMENSION_NONE, "ceil(n/p)") == 9.0);
    assert_true(value_of(DIMENSION_NONE, "floor(n/p)+min(n, p, 3)+max(p,block_size)") == 18.0);
    assert_true(value_of(DIMENSION_NONE, "n>p ? 41 : 43") == 41.0);
    assert_true(value_of(DIMENSION_NONE, "n == 59 && p != 8") == 1.0);
    assert_true(value_of(DIMENSION_NONE, "log2(8)+cbrt(27)+abs(-4)+sqrt(49)") == 17.0);
}

static void a_unit_scales_what_stands_before_it(void **state)
{
    (void)state;
    assert_true(value_of(DIMENSION_BYTES, "n*8 B") == 472.0);
    assert_true(value_of(DIMENSION_BYTES, "n*p KiB") == 59.0 * 7.0 * 1024.0);
    assert_true(value_of(DIMENSION_BYTES, "(n + 1) / 4 kB") == 15e3);
    assert_true(value_of(DIMENSION_WORK, "1e9/p flop") == 1e9 / 7.0);
    assert_true(value_of(DIMENSION_TIME, "n*2 us") == 59.0 * 2.0 * 1e-6);
}

static void a_plain_quantity_is_an_expression(void **state)
{
    (void)state;
    assert_true(value_of(DIMENSION_BYTES, "64 KiB") == 65536.0);
    assert_true(value_of(DIMENSION_BYTES, "64KiB") == 65536.0);
    assert_true(value_of(DIMENSION_WORK, "2.5e3 Mflop") == 2.5e9);
    assert_true(value_of(DIMENSION_NONE, "17") == 17.0);
    assert_true(value_of(DIMENSION_NONE, "5 %") == 0.05);
    struct expression expression;
    struct unit_problem problem;
    assert_true(expression_parse(DIMENSION_BYTES, "64 KiB", &toy, &expression, &problem));
    assert_true(expression.is_plain && expression.value == 65536.0);
}

static void steps_are_counted_where_the_formula_asks_for_them(void **state)
{
    (void)state;
    struct expression expression;
    struct unit_problem problem;
    double values[4];
    assert_true(expression_parse(DIMENSION_BYTES, "(n-i*p)*8 B", &toy, &expression, &problem));
    assert_true(expression.uses_step);
    expression_evaluate(&expression, &toy, 4, values);
    for (int i = 0; i < 4; i++)
        assert_true(values[i] == (59.0 - 7.0 * i) * 8.0);
    assert_true(expression_parse(DIMENSION_BYTES, "n*8 B", &toy, &expression, &problem));
    assert_false(expression.uses_step);
}

static void what_is_no_finite_number_is_told_by_its_value(void **state)
{
    (void)state;
    assert_true(isinf(value_of(DIMENSION_BYTES, "n/(p-7) B")));
    assert_true(isnan(value_of(DIMENSION_BYTES, "sqrt(p-n) B")));
    assert_true(value_of(DIMENSION_BYTES, "p-n B") == -52.0);
    assert_true(isinf(value_of(DIMENSION_NONE, "n^(n^n)")));
}

static void wrong_formulas_are_refused_at_what_is_wrong_in_them(void **state)
{
    (void)state;
    static const struct {
        enum dimension dimension;
        const char *text;
        size_t at_B;
        const char *message, *hint;
    } cases[] = {
        {DIMENSION_BYTES, "n/q*8 B", 2, "unknown variable \"q\"", "a formula may use p, n,"},
        {DIMENSION_BYTES, "n*blok_size B", 2, "unknown variable \"blok_size\"",
         "did you mean \"block_size\"?"},
        {DIMENSION_NONE, "cel(n/p)", 0, "unknown variable \"cel\"", "did you mean \"ceil\"?"},
        {DIMENSION_BYTES, "n/ B", 1, "the formula is not complete", ""},
        {DIMENSION_BYTES, "(n B", 1, "the formula is not complete", ""},
        {DIMENSION_BYTES, "n) B", 1, "\")\" cannot stand here", ""},
        {DIMENSION_BYTES, "n p B", 2, "\"p\" cannot stand here", ""},
        {DIMENSION_BYTES, "n=5 B", 1, "\"=\" cannot stand here", "equality is written as =="},
        {DIMENSION_NONE, "\"n\"+1", 0, "\"\"\" cannot stand here", ""},
        {DIMENSION_NONE, "n,p", 0, "these are 2 formulas", "a comma stands between"},
        {DIMENSION_NONE, "ceil(n, p)", 9, "ceil has too many arguments", ""},
        {DIMENSION_NONE, "n ? 1", 0, "the formula is not complete", ""},
        {DIMENSION_BYTES, "n*8", 3, "a size needs a unit", "such as 4 GiB"},
        {DIMENSION_BYTES, "n", 1, "a size needs a unit", ""},
        {DIMENSION_BYTES, "n*8 KB", 4, "unknown unit \"KB\" of a size", "kB is 1000 bytes"},
        {DIMENSION_BYTES, "n*8 flop", 4, "unknown unit \"flop\" of a size", ""},
        {DIMENSION_BYTES, "64 KB", 3, "unknown unit \"KB\" of a size", "kB is 1000 bytes"},
        {DIMENSION_BYTES, "64", 2, "a size needs a unit", ""},
        {DIMENSION_BYTES, "nan B", 0, "unknown variable \"nan\"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct expression expression;
        struct unit_problem problem = {0};
        if (expression_parse(cases[i].dimension, cases[i].text, &toy, &expression, &problem))
            fail_msg("%s was accepted", cases[i].text);
        if (strcmp(problem.message, cases[i].message) != 0 || problem.at_B != cases[i].at_B ||
            !strstr(problem.hint, cases[i].hint))
            fail_msg("%s: at %zu: %s (%s)", cases[i].text, problem.at_B, problem.message,
                     problem.hint);
    }
}

static void a_formula_as_long_as_a_page_is_refused(void **state)
{
    (void)state;
    char text[1001];
    memset(text, '-', 1000);
    snprintf(text + 990, 11, "%s", "n B");
    for (int i = 0; i < 990; i++)
        text[i] = i % 2 ? '+' : 'n';
    struct expression expression;
    struct unit_problem problem;
    assert_false(expression_parse(DIMENSION_BYTES, text, &toy, &expression, &problem));
    assert_string_equal(problem.message, "the formula has more than 400 bytes");
}

static void names_with_a_meaning_are_none_for_variables(void **state)
{
    (void)state;
    assert_null(scope_refuses("n"));
    assert_null(scope_refuses("block_size2"));
    static const char *const refused[] = {
        "p", "i", "min", "2n", "", "a-b", "\xc3\xa9", "a_name_that_is_much_too_long_for_one"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_non_null(scope_refuses(refused[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_formula_is_worth_what_a_pocket_calculator_says),
        cmocka_unit_test(a_unit_scales_what_stands_before_it),
        cmocka_unit_test(a_plain_quantity_is_an_expression),
        cmocka_unit_test(steps_are_counted_where_the_formula_asks_for_them),
        cmocka_unit_test(what_is_no_finite_number_is_told_by_its_value),
        cmocka_unit_test(wrong_formulas_are_refused_at_what_is_wrong_in_them),
        cmocka_unit_test(a_formula_as_long_as_a_page_is_refused),
        cmocka_unit_test(names_with_a_meaning_are_none_for_variables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
