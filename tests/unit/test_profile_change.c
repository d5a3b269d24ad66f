/*
 * Verdicts on two parameters, with errors worked by hand: an interval of +-10 % is a standard error
 * of ln(1.1 / 0.9) / 3.92 = 0.0512.
 */
#include "calibration/fit/profile_change.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const double margin = 0.03;

static struct parameter known(double value, double lo, double hi)
{
    struct parameter p = parameter_exact(value);
    p.ci95_lo = lo;
    p.ci95_hi = hi;
    return p;
}

static enum change_verdict verdict(struct parameter a, struct parameter b)
{
    struct profile_change change;
    return parameter_change(&a, &b, margin, &change);
}

static void exact_numbers_differ_by_the_margin(void **state)
{
    (void)state;
    assert_int_equal(verdict(parameter_exact(2.385), parameter_exact(2.385)), CHANGE_NONE);
    assert_int_equal(verdict(parameter_exact(2.385), parameter_exact(2.385 * 1.029)),
                     CHANGE_WITHIN);
    assert_int_equal(verdict(parameter_exact(2.385), parameter_exact(2.385 * 1.031)), CHANGE_MOVED);
    assert_int_equal(verdict(parameter_exact(0.0), parameter_exact(0.0)), CHANGE_NONE);
    assert_int_equal(verdict(parameter_exact(0.0), parameter_exact(1e-6)), CHANGE_MOVED);
}

/* Both +-10 %: the difference of logarithms has an error of 0.0724, so 0.142 is significant. */
static void wide_intervals_leave_it_undecided(void **state)
{
    (void)state;
    const struct parameter first = known(10.0, 9.0, 11.0);
    assert_int_equal(verdict(first, first), CHANGE_NONE);
    assert_int_equal(verdict(first, known(10.1, 9.09, 11.11)), CHANGE_UNDECIDED);
    assert_int_equal(verdict(first, known(11.4, 10.26, 12.54)), CHANGE_UNDECIDED);
    assert_int_equal(verdict(first, known(11.6, 10.44, 12.76)), CHANGE_MOVED);
}

/* An interval of +-0.5 % is an error of 0.00255: 2 % are within 3 %, and significant all the same.
 */
static void narrow_intervals_show_that_nothing_moved(void **state)
{
    (void)state;
    struct profile_change change;
    const struct parameter first = known(10.0, 9.95, 10.05), second = known(10.2, 10.149, 10.251);
    assert_int_equal(parameter_change(&first, &second, margin, &change), CHANGE_WITHIN);
    assert_true(fabs(change.ratio - 1.02) < 1e-12);
    assert_true(change.ratio_lo > 1.01 && change.ratio_lo < 1.02 && change.ratio_hi < 1.03);
}

static void the_verdict_does_not_depend_on_the_order(void **state)
{
    (void)state;
    for (double factor = 0.7; factor < 1.4; factor += 0.013) {
        for (double width = 0.001; width < 0.3; width *= 1.7) {
            const struct parameter a = known(2.385, 2.385 / (1.0 + width), 2.385 * (1.0 + width));
            const struct parameter b =
                known(a.value * factor, a.ci95_lo * factor, a.ci95_hi * factor);
            assert_int_equal(verdict(a, b), verdict(b, a));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_numbers_differ_by_the_margin),
        cmocka_unit_test(wide_intervals_leave_it_undecided),
        cmocka_unit_test(narrow_intervals_show_that_nothing_moved),
        cmocka_unit_test(the_verdict_does_not_depend_on_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
