/* Quantities: what each unit is worth, and what is refused with which words. */
#include "sim/input/unit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* 2 ulp: one rounding of the number and one of the product. */
static const double two_ulp = 4.5e-16;

static void expect_quantity(enum dimension dimension, const char *text, double expected)
{
    struct unit_problem problem = {0, "", ""};
    double value = -1.0;
    if (!unit_parse(dimension, text, &value, &problem))
        fail_msg("%s: %s", text, problem.message);
    gsl_test_rel(value, expected, two_ulp, "%s", text);
    assert_int_equal(gsl_test_summary(), 0);
}

static void decimal_binary_bit_and_byte_units_are_kept_apart(void **state)
{
    (void)state;
    expect_quantity(DIMENSION_BYTES, "2.385 kB", 2385.0);
    expect_quantity(DIMENSION_BYTES, "3 KiB", 3072.0);
    expect_quantity(DIMENSION_BYTES, "1.5 GiB", 1610612736.0);
    expect_quantity(DIMENSION_BYTES, "1.5 GB", 1.5e9);
    expect_quantity(DIMENSION_BANDWIDTH, "1 Gbit/s", 125e6);
    expect_quantity(DIMENSION_BANDWIDTH, "1 GB/s", 1e9);
    expect_quantity(DIMENSION_BANDWIDTH, "1 GiB/s", 1073741824.0);
    expect_quantity(DIMENSION_BANDWIDTH, "648.3 Mbit/s", 81037500.0);
}

static void times_rates_frequencies_and_plain_numbers_become_si(void **state)
{
    (void)state;
    expect_quantity(DIMENSION_TIME, "74us", 74e-6);
    expect_quantity(DIMENSION_TIME, "74 \xc2\xb5s", 74e-6);
    expect_quantity(DIMENSION_TIME, "74 \xce\xbcs", 74e-6);
    expect_quantity(DIMENSION_TIME, "1.25 min", 75.0);
    expect_quantity(DIMENSION_TIME, "2 h", 7200.0);
    expect_quantity(DIMENSION_RATE, "8.348 Gflop/s", 8348000000.0);
    expect_quantity(DIMENSION_RATE, "8.348 GFLOPS", 8348000000.0);
    expect_quantity(DIMENSION_FREQUENCY, "2.66 GHz", 2660000000.0);
    expect_quantity(DIMENSION_TIME_PER_BYTE, "0.35 ns/B", 0.35e-9);
    expect_quantity(DIMENSION_NONE, "92.02 %", 0.9202);
    expect_quantity(DIMENSION_NONE, "-3.5e-2", -0.035);
    expect_quantity(DIMENSION_NONE, ".5", 0.5);
}

static void expect_problem(enum dimension dimension, const char *text, size_t at_B,
                           const char *message, const char *hint)
{
    struct unit_problem problem = {0, "", ""};
    double value = 7.25;
    assert_false(unit_parse(dimension, text, &value, &problem));
    assert_string_equal(problem.message, message);
    assert_int_equal(problem.at_B, at_B);
    if (!strstr(problem.hint, hint))
        fail_msg("%s: hint \"%s\" lacks \"%s\"", text, problem.hint, hint);
    assert_true(value == 7.25);
}

static void a_missing_or_unknown_unit_is_refused_with_a_suggestion(void **state)
{
    (void)state;
    expect_problem(DIMENSION_BYTES, "4q", 1, "unknown unit \"q\" of a size", "4 GiB or 1500 B");
    expect_problem(DIMENSION_BYTES, "4", 1, "a size needs a unit", "4 GiB");
    expect_problem(DIMENSION_BANDWIDTH, "1 Gbits/s", 2, "unknown unit \"Gbits/s\" of a bandwidth",
                   "did you mean \"Gbit/s\"?");
    expect_problem(DIMENSION_FREQUENCY, "2 ghz", 2, "unknown unit \"ghz\" of a frequency",
                   "did you mean \"GHz\"?");
    expect_problem(DIMENSION_TIME, "4 us extra", 2, "unknown unit \"us extra\" of a time", "");
    expect_problem(DIMENSION_TIME, "4 GiB", 2, "unknown unit \"GiB\" of a time", "74 us");
}

static void a_unit_with_two_meanings_is_refused_and_both_are_told(void **state)
{
    (void)state;
    expect_problem(DIMENSION_BYTES, "64 KB", 3, "unknown unit \"KB\" of a size",
                   "kB is 1000 bytes, KiB is 1024");
    expect_problem(DIMENSION_BANDWIDTH, "1 Gb/s", 2, "unknown unit \"Gb/s\" of a bandwidth",
                   "Gbit/s for bits, GB/s for bytes");
    expect_problem(DIMENSION_TIME, "3 m", 2, "unknown unit \"m\" of a time", "min for minutes");
}

static void only_finite_decimal_numbers_are_numbers(void **state)
{
    (void)state;
    expect_problem(DIMENSION_TIME, "nan s", 0, "\"nan s\" is not a time", "");
    expect_problem(DIMENSION_TIME, "inf s", 0, "\"inf s\" is not a time", "");
    expect_problem(DIMENSION_TIME, "", 0, "\"\" is not a time", "");
    expect_problem(DIMENSION_TIME, "- 3 s", 0, "\"- 3 s\" is not a time", "");
    expect_problem(DIMENSION_TIME, "0x10 s", 1, "unknown unit \"x10 s\" of a time", "");
    expect_problem(DIMENSION_TIME, "1e400 s", 0, "1e400 s is too large a number", "");
    expect_problem(DIMENSION_BYTES, "1e308 GB", 0, "1e308 GB is too large a number", "");
    expect_problem(DIMENSION_NONE, "1,5", 1, "unknown unit \",5\" of a number", "");
}

/* Infinite times and deadlocks came of numbers that a double holds and the world does not. */
static void what_no_machine_has_is_too_small_or_too_large(void **state)
{
    (void)state;
    expect_problem(DIMENSION_BANDWIDTH, "1e-300 B/s", 0, "1e-300 B/s is too small a number",
                   "expected a bandwidth, such as 1 Gbit/s or 125 MB/s");
    expect_problem(DIMENSION_TIME, "2.385e30 s", 0, "2.385e30 s is too large a number", "");
    expect_problem(DIMENSION_NONE, "-2.385e30", 0, "-2.385e30 is too large a number", "");
    expect_quantity(DIMENSION_TIME, "2.385e29 s", 2.385e29);
    expect_quantity(DIMENSION_TIME, "2.385e-30 s", 2.385e-30);
    expect_quantity(DIMENSION_TIME, "-0 s", 0.0);
}

static void a_formatted_quantity_is_read_back_as_the_same_value(void **state)
{
    (void)state;
    static const double mantissas[] = {1.0, 2.385, 74.0, 999.25};
    for (int d = 0; d < N_DIMENSIONS; d++)
        for (int power = -12; power <= 13; power++)
            for (size_t i = 0; i < sizeof mantissas / sizeof *mantissas; i++) {
                char text[QUANTITY_TEXT_B];
                struct unit_problem problem;
                double back;
                const double value = mantissas[i] * pow(10.0, power);
                unit_format((enum dimension)d, value, text);
                assert_true(unit_parse((enum dimension)d, text, &back, &problem));
                gsl_test_rel(back, value, 1e-5, "%s", text); /* six digits are printed */
            }
    assert_int_equal(gsl_test_summary(), 0);
}

static void whole_binary_sizes_are_printed_in_binary_units(void **state)
{
    (void)state;
    char text[QUANTITY_TEXT_B];
    unit_format(DIMENSION_BYTES, 4294967296.0, text);
    assert_string_equal(text, "4 GiB");
    unit_format(DIMENSION_BYTES, 65536.0, text);
    assert_string_equal(text, "64 KiB");
    unit_format(DIMENSION_BYTES, 1500.0, text);
    assert_string_equal(text, "1.5 kB");
    unit_format(DIMENSION_NONE, 0.0, text);
    assert_string_equal(text, "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal_binary_bit_and_byte_units_are_kept_apart),
        cmocka_unit_test(times_rates_frequencies_and_plain_numbers_become_si),
        cmocka_unit_test(a_missing_or_unknown_unit_is_refused_with_a_suggestion),
        cmocka_unit_test(a_unit_with_two_meanings_is_refused_and_both_are_told),
        cmocka_unit_test(only_finite_decimal_numbers_are_numbers),
        cmocka_unit_test(what_no_machine_has_is_too_small_or_too_large),
        cmocka_unit_test(a_formatted_quantity_is_read_back_as_the_same_value),
        cmocka_unit_test(whole_binary_sizes_are_printed_in_binary_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
