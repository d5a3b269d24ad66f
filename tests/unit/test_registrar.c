/* Who pays for a registration, and when bytes may flow. */
#include "sim/engine/registrar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

#define assert_close(actual, expected) assert_int_equal(gsl_fcmp((actual), (expected), 1e-12), 0)

static const struct stack_cost cost = {.native_s = 0.3, .guest_s = 0.7};
static const struct buffer_key panel = {.partner = 3, .tag = 7, .size_B = 65536};
static const struct buffer_key border = {.partner = 4, .tag = 7, .size_B = 65536};

static double take_s(struct registrar *registrar, const struct registered *registered)
{
    const struct stack_cost taken = registrar_take_cost(registrar, registered);
    return stack_cost_s(&taken);
}

static void a_rank_registers_one_buffer_after_the_other(void **state)
{
    (void)state;
    struct registrar registrar = {0};
    assert_close(registrar_use(&registrar, panel, &cost, 2.5).ready_s, 3.5);
    assert_close(registrar_use(&registrar, border, &cost, 3.1).ready_s, 4.5);
    assert_close(registrar_use(&registrar, panel, &cost, 9.2).ready_s, 10.2);
}

/* The second message finds the first one's buffer half registered, the third finds it ready. */
static void messages_under_way_share_a_buffer(void **state)
{
    (void)state;
    struct registrar registrar = {0};
    assert_close(registrar_use(&registrar, panel, &cost, 2.5).ready_s, 3.5);
    assert_close(registrar_use(&registrar, panel, &cost, 3.1).ready_s, 3.5);
    assert_close(registrar_use(&registrar, panel, &cost, 4.7).ready_s, 4.7);
    for (int i = 0; i < 3; i++)
        registrar_end(&registrar, panel);
    assert_close(registrar_use(&registrar, panel, &cost, 5.0).ready_s, 6.0);
}

/* Whichever message is asked for first, each registration is paid for once. */
static void every_registration_is_paid_for_once(void **state)
{
    (void)state;
    struct registrar registrar = {0};
    const struct registered first = registrar_use(&registrar, panel, &cost, 2.5);
    const struct registered second = registrar_use(&registrar, border, &cost, 2.6);
    const struct registered third = registrar_use(&registrar, panel, &cost, 9.0);
    assert_close(take_s(&registrar, &second), 2.0);
    assert_true(take_s(&registrar, &first) == 0.0);
    assert_close(take_s(&registrar, &third), 1.0);
    assert_close(registrar.booked.guest_s, 3 * 0.7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rank_registers_one_buffer_after_the_other),
        cmocka_unit_test(messages_under_way_share_a_buffer),
        cmocka_unit_test(every_registration_is_paid_for_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
