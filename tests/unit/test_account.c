/*
 * Who is said to have taken a rank's time.
 */
#include "sim/engine/account.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* A few operations in double precision. */
static const double ROUNDING = 1e-13;

static double sum_of(const double layer_s[])
{
    double sum_s = 0.0;
    for (int i = 0; i < N_LAYERS; i++)
        sum_s += layer_s[i];
    return sum_s;
}

static void check(const struct ledger *ledger, double end_s)
{
    gsl_test_rel(ledger->now_s, end_s, ROUNDING, "the ledger's clock");
    gsl_test_rel(sum_of(ledger->layer_s), ledger->now_s, ROUNDING, "its layers");
}

/*
 * The message starts at 2.5 and takes 4 until 6.5; alone it would take 0.7 of backend and 1.7 of
 * wire. A rank that waits from 1.25 waits 1.25, then sees all of it: 4 - 2.4 is contention.
 */
static void a_wait_is_for_the_partner_then_for_the_message(void **state)
{
    (void)state;
    struct ledger ledger = {0};
    const struct passage passage = {.start_s = 2.5, .backend_s = 0.7, .wire_s = 1.7};
    ledger_book(&ledger, LAYER_COMPUTE, 1.25);
    ledger_book_passage(&ledger, &passage, 6.5);
    check(&ledger, 6.5);
    gsl_test_rel(ledger.layer_s[LAYER_WAIT], 1.25, ROUNDING, "wait");
    gsl_test_rel(ledger.layer_s[LAYER_BACKEND], 0.7, ROUNDING, "backend");
    gsl_test_rel(ledger.layer_s[LAYER_WIRE], 1.7, ROUNDING, "wire");
    gsl_test_rel(ledger.layer_s[LAYER_CONTENTION], 1.6, ROUNDING, "contention");
}

/* The same message for a rank that comes at 5.5: it sees a quarter of each part. */
static void who_comes_late_sees_a_share_of_every_part(void **state)
{
    (void)state;
    struct ledger ledger = {0};
    const struct passage passage = {.start_s = 2.5, .backend_s = 0.7, .wire_s = 1.7};
    ledger_book(&ledger, LAYER_COMPUTE, 5.5);
    ledger_book_passage(&ledger, &passage, 6.5);
    check(&ledger, 6.5);
    gsl_test_abs(ledger.layer_s[LAYER_WAIT], 0.0, ROUNDING, "wait");
    gsl_test_rel(ledger.layer_s[LAYER_BACKEND], 0.175, ROUNDING, "backend");
    gsl_test_rel(ledger.layer_s[LAYER_WIRE], 0.425, ROUNDING, "wire");
    gsl_test_rel(ledger.layer_s[LAYER_CONTENTION], 0.4, ROUNDING, "contention");
}

static void who_comes_after_the_end_waits_for_nothing(void **state)
{
    (void)state;
    struct ledger ledger = {0};
    const struct passage passage = {.start_s = 2.5, .backend_s = 0.7, .wire_s = 1.7};
    ledger_book(&ledger, LAYER_COMPUTE, 6.75);
    ledger_book_passage(&ledger, &passage, 6.5);
    check(&ledger, 6.75);
}

/* Whatever the times, nothing is lost and no layer but overheads is below zero. */
static void the_parts_of_every_wait_add_up(void **state)
{
    (void)state;
    for (double now_s = 0.0; now_s < 3.0; now_s += 0.37)
        for (double start_s = 0.0; start_s < 3.0; start_s += 0.41)
            for (double takes_s = 0.0; takes_s < 3.0; takes_s += 0.43)
                for (double idle_s = 0.0; idle_s < 3.0; idle_s += 0.47) {
                    struct ledger ledger = {0};
                    const struct passage passage = {
                        .start_s = start_s, .backend_s = 0.3 * idle_s, .wire_s = 0.7 * idle_s};
                    ledger_book(&ledger, LAYER_COMPUTE, now_s);
                    ledger_book_passage(&ledger, &passage, start_s + takes_s);
                    assert_true(fabs(ledger.now_s - fmax(now_s, start_s + takes_s)) < 1e-12);
                    assert_true(fabs(sum_of(ledger.layer_s) - ledger.now_s) < 1e-12);
                    for (int i = 0; i < N_LAYERS; i++)
                        assert_true(ledger.layer_s[i] >= -1e-12);
                }
}

/* The last comes at 3.5; from there to 5.5 the parts have the proportions 1 : 2 : 3 : 4. */
static void a_collective_is_waiting_then_its_typical_message(void **state)
{
    (void)state;
    struct ledger ledger = {0};
    const struct stack_cost stack = {.native_s = 0.1, .guest_s = 0.2};
    const struct passage typical = {.backend_s = 0.3, .wire_s = 0.4};
    ledger_book(&ledger, LAYER_COMPUTE, 1.25);
    ledger_book_collective(&ledger, 3.5, &stack, &typical, 5.5);
    check(&ledger, 5.5);
    gsl_test_rel(ledger.layer_s[LAYER_WAIT], 2.25, ROUNDING, "wait");
    gsl_test_rel(ledger.layer_s[LAYER_NATIVE_STACK], 0.2, ROUNDING, "native stack");
    gsl_test_rel(ledger.layer_s[LAYER_GUEST_STACK], 0.4, ROUNDING, "guest stack");
    gsl_test_rel(ledger.layer_s[LAYER_BACKEND], 0.6, ROUNDING, "backend");
    gsl_test_rel(ledger.layer_s[LAYER_WIRE], 0.8, ROUNDING, "wire");
}

/* Two ranks on three cores: 5 s and 3 s of work, one of which is the guest's overhead. */
static void the_mean_rank_waits_for_the_slowest(void **state)
{
    (void)state;
    struct ledger slow = {0}, fast = {0};
    const struct ledger *const ledgers[] = {&slow, &fast};
    struct outcome outcome = {0};
    ledger_book(&slow, LAYER_COMPUTE, 5.0);
    ledger_book(&fast, LAYER_COMPUTE, 2.0);
    ledger_book(&fast, LAYER_CPU_OVERHEAD, 1.0);
    account_close(
        ledgers, 2,
        &(struct host_use){.n_cores = 3.0, .backend_cpu_s = 0.75, .hypervisor_share = 0.4},
        &outcome);
    gsl_test_rel(outcome.elapsed_s, 5.0, ROUNDING, "elapsed");
    gsl_test_rel(outcome.layer_s[LAYER_COMPUTE], 3.5, ROUNDING, "compute");
    gsl_test_rel(outcome.layer_s[LAYER_CPU_OVERHEAD], 0.5, ROUNDING, "overhead");
    gsl_test_rel(outcome.layer_s[LAYER_WAIT], 1.0, ROUNDING, "wait");
    gsl_test_rel(outcome.host_cpu_s[CPU_GUEST], 7.0, ROUNDING, "guest");
    gsl_test_rel(outcome.host_cpu_s[CPU_HYPERVISOR], 1.0 + 0.3, ROUNDING, "hypervisor");
    gsl_test_rel(outcome.host_cpu_s[CPU_BACKEND], 0.45, ROUNDING, "backend");
    gsl_test_rel(outcome.host_cpu_s[CPU_IDLE], 6.25, ROUNDING, "idle");
}

/* Of 5 s that a rank waits on its one core, its guest's stack works in 1.5, the hypervisor in 0.5.
 */
static void what_a_stack_does_while_its_rank_waits_keeps_the_core_busy(void **state)
{
    (void)state;
    struct ledger ledger = {.exit_s = 0.5, .overlapped_s = 2.0};
    const struct ledger *const ledgers[] = {&ledger};
    struct outcome outcome = {0};
    ledger_book(&ledger, LAYER_WIRE, 5.0);
    account_close(ledgers, 1, &(struct host_use){.n_cores = 1.0}, &outcome);
    gsl_test_rel(outcome.layer_s[LAYER_WIRE], 5.0, ROUNDING, "wire");
    gsl_test_rel(outcome.host_cpu_s[CPU_GUEST], 1.5, ROUNDING, "guest");
    gsl_test_rel(outcome.host_cpu_s[CPU_HYPERVISOR], 0.5, ROUNDING, "hypervisor");
    gsl_test_rel(outcome.host_cpu_s[CPU_IDLE], 3.0, ROUNDING, "idle");
}

static void a_record_keeps_count_sum_and_extremes(void **state)
{
    (void)state;
    struct record record = {0};
    record_add(&record, -2.5);
    record_add(&record, 7.25);
    record_add(&record, 1.5);
    assert_int_equal(record.n, 3);
    gsl_test_rel(record.sum, 6.25, ROUNDING, "sum");
    gsl_test_rel(record.min, -2.5, ROUNDING, "min");
    gsl_test_rel(record.max, 7.25, ROUNDING, "max");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_is_for_the_partner_then_for_the_message),
        cmocka_unit_test(who_comes_late_sees_a_share_of_every_part),
        cmocka_unit_test(who_comes_after_the_end_waits_for_nothing),
        cmocka_unit_test(the_parts_of_every_wait_add_up),
        cmocka_unit_test(a_collective_is_waiting_then_its_typical_message),
        cmocka_unit_test(the_mean_rank_waits_for_the_slowest),
        cmocka_unit_test(what_a_stack_does_while_its_rank_waits_keeps_the_core_busy),
        cmocka_unit_test(a_record_keeps_count_sum_and_extremes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) || gsl_test_summary();
}
