/* The backends' work as a fluid: worked by hand, and against a naive server in small steps. */
#include "sim/engine/backlog.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

#define assert_close(actual, expected) assert_int_equal(gsl_fcmp((actual), (expected), 1e-12), 0)

/* 0.7 s arrive at 1.3 and 0.4 s at 1.5, when 0.5 s are left: one backend is done at 2.4. */
static void work_runs_out_at_one_second_a_second(void **state)
{
    (void)state;
    struct backlog b = {0};
    backlog_add(&b, 1.0, 1.3, 0.7);
    assert_close(backlog_done_s(&b, 1.0, 1.5), 0.2);
    backlog_add(&b, 1.0, 1.5, 0.4);
    assert_close(backlog_done_s(&b, 1.0, 2.1), 0.8);
    assert_close(backlog_done_s(&b, 1.0, 2.4), 1.1);
    assert_close(backlog_done_s(&b, 1.0, 9.0), 1.1);
}

/* A backend that uses 0.8 of a core. */
static void work_runs_out_at_the_rate_of_the_backend(void **state)
{
    (void)state;
    struct backlog b = {0};
    backlog_add(&b, 0.8, 0.25, 1.5);
    assert_close(backlog_done_s(&b, 0.8, 0.75), 0.4);
    assert_close(backlog_done_s(&b, 0.8, 3.25), 1.5);
}

/* Work arrives every 0.37 s; the naive server takes steps of 1 ms. */
static void it_agrees_with_a_server_in_small_steps(void **state)
{
    (void)state;
    const double step_s = 1e-3;
    struct backlog b = {0};
    double waiting_s = 0.0, done_s = 0.0;
    for (int i = 0; i < 5000; i++) {
        if (i % 370 == 0) {
            const double work_s = 0.11 * (1 + i / 370 % 5);
            backlog_add(&b, 1.0, i * step_s, work_s);
            waiting_s += work_s;
        }
        const double now_done_s = fmin(waiting_s, step_s);
        waiting_s -= now_done_s;
        done_s += now_done_s;
        assert_true(fabs(backlog_done_s(&b, 1.0, (i + 1) * step_s) - done_s) < 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_runs_out_at_one_second_a_second),
        cmocka_unit_test(work_runs_out_at_the_rate_of_the_backend),
        cmocka_unit_test(it_agrees_with_a_server_in_small_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
