/* Blocks of visits: all cells where there is time, fair shares where there is not. */
#include "calibration/measure/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

enum { N = 40 };

#define assert_close(actual, expected) assert_int_equal(gsl_fcmp((actual), (expected), 1e-12), 0)

/* Cell i is guessed to take first_s * ratio^i. */
static struct schedule *planned(double first_s, double ratio, int n_blocks)
{
    struct plan plan = {0};
    for (int i = 0; i < N; i++) {
        const struct raw_cell cell = {.operation = i < N / 2 ? RAW_SEND : RAW_RECV, .size_B = i};
        plan_add(&plan, &cell, first_s * pow(ratio, i));
    }
    struct schedule *schedule = schedule_new(&plan, n_blocks, 7, 1);
    plan_release(&plan);
    return schedule;
}

/* A machine on which cell i takes slowness times the guess. Returns what the whole took; counts the
 * visits of each cell and the blocks. */
static double run(struct schedule *schedule, double slowness, double budget_s, int visits[],
                  int *n_blocks)
{
    double guess_s[N], spent_s = 0.0;
    int places[N], n;
    memset(visits, 0, N * sizeof *visits);
    for (int i = 0; i < N; i++)
        guess_s[i] = schedule_expected_s(schedule, i);
    *n_blocks = 0;
    while ((n = schedule_block(schedule, *n_blocks, budget_s - spent_s, places)) > 0) {
        for (int i = 0; i < n; i++) {
            if (schedule_expected_s(schedule, places[i]) > budget_s - spent_s)
                continue;
            const double took_s = slowness * guess_s[places[i]];
            schedule_note(schedule, places[i], took_s, took_s);
            spent_s += took_s;
            visits[places[i]]++;
        }
        (*n_blocks)++;
        assert_true(*n_blocks < 100000);
    }
    return spent_s;
}

static void a_block_has_every_cell_once_in_an_order_of_its_own(void **state)
{
    (void)state;
    struct schedule *schedule = planned(0.011, 1.0, 10);
    int places[N], before[N] = {0};
    for (int block = 0; block < 3; block++) {
        bool is_there[N] = {false};
        assert_int_equal(schedule_block(schedule, block, 1e6, places), N);
        for (int i = 0; i < N; i++) {
            assert_false(is_there[places[i]]);
            is_there[places[i]] = true;
        }
        assert_true(memcmp(places, before, sizeof places) != 0);
        memcpy(before, places, sizeof places);
    }
    schedule_free(schedule);
}

static void the_same_seed_gives_the_same_order(void **state)
{
    (void)state;
    int places[2][N];
    for (int k = 0; k < 2; k++) {
        struct schedule *schedule = planned(0.5e-3, 1.2, 10);
        schedule_block(schedule, 0, 1e6, places[k]);
        schedule_block(schedule, 1, 1e6, places[k]);
        schedule_free(schedule);
    }
    assert_memory_equal(places[0], places[1], sizeof places[0]);
}

static void with_time_enough_all_cells_are_visited_in_all_blocks(void **state)
{
    (void)state;
    int visits[N], n_blocks;
    struct schedule *schedule = planned(0.010, 1.0, 10);
    /* 40 cells of 12 ms: 12 blocks and a half of 0.48 s. */
    const double spent_s = run(schedule, 1.0, 6.0, visits, &n_blocks);
    assert_int_equal(n_blocks, 12);
    assert_close(spent_s, 12 * N * 0.012);
    for (int i = 0; i < N; i++)
        assert_int_equal(visits[i], 12);
    schedule_free(schedule);
}

/* Whatever the machine: a guest may be hundreds of times slower than guessed. Where it is so slow
 * that a single visit decides, that one may go over. */
static void the_budget_holds_on_slow_machines(void **state)
{
    (void)state;
    for (double slowness = 1.0; slowness < 500.0; slowness *= 3.7) {
        int visits[N], n_blocks;
        struct schedule *schedule = planned(0.3e-3, 1.2, 10);
        const double spent_s = run(schedule, slowness, 100.0, visits, &n_blocks);
        assert_true(spent_s <= 103.0);
        assert_true(n_blocks >= 10 || slowness > 60.0);
        assert_true(spent_s > 80.0 || slowness < 10.0);
        schedule_free(schedule);
    }
}

/* Long cells are in fewer blocks, and none in more than a shorter one but for where credit began.
 */
static void long_cells_are_visited_less_often_and_short_ones_always(void **state)
{
    (void)state;
    int visits[N], n_blocks;
    struct schedule *schedule = planned(1e-3, 1.25, 10);
    const double spent_s = run(schedule, 1.0, 20.0, visits, &n_blocks);
    assert_true(spent_s > 15.0 && spent_s <= 20.0);
    for (int i = 0; i < N / 3; i++)
        assert_int_equal(visits[i], n_blocks);
    for (int i = 1; i < N; i++)
        assert_true(visits[i] <= visits[i - 1] + 1);
    assert_true(visits[N - 1] < n_blocks / 2);
    schedule_free(schedule);
}

static void short_cells_come_first_as_long_as_the_machine_is_not_known(void **state)
{
    (void)state;
    struct schedule *schedule = planned(1e-3, 1.25, 10);
    int places[N];
    const int n = schedule_block(schedule, 0, 1e6, places);
    int class_before = 0;
    for (int i = 0; i < n; i++) {
        const double expected_s = schedule_expected_s(schedule, places[i]);
        const int class = expected_s > 1.0 ? 2 : expected_s > 0.01;
        assert_true(class >= class_before);
        class_before = class;
    }
    schedule_free(schedule);
}

/* Guess 2.385 ms and 2 ms beside; a visit that took 8.77 ms makes other cells of the operation
 * twice as long, and by default those of the others. */
static void guesses_are_corrected_by_visits(void **state)
{
    (void)state;
    struct schedule *schedule = planned(2.385e-3, 1.0, 10);
    assert_close(schedule_expected_s(schedule, 3), 4.385e-3);
    schedule_note(schedule, 3, 8.77e-3, 1e-3);
    assert_close(schedule_expected_s(schedule, 3), 8.77e-3);
    assert_close(schedule_expected_s(schedule, 4), 8.77e-3);
    assert_close(schedule_expected_s(schedule, N - 1), 8.77e-3);
    schedule_note(schedule, N - 2, 13.155e-3, 1e-3);
    assert_close(schedule_expected_s(schedule, N - 1), 13.155e-3);
    assert_close(schedule_expected_s(schedule, 4), 8.77e-3);
    schedule_free(schedule);
}

/* Of ten values the second and the ninth enclose the median with 97.9 % (Conover, Practical
 * nonparametric statistics, table A3): (9.5 - 2) / 2 / 5.5. Of five none do with 95 %. */
static void precision_is_that_of_order_statistics(void **state)
{
    (void)state;
    double ten[] = {9.5, 1, 3, 4, 2, 5, 6, 7, 8, 20};
    assert_close(median_precision(ten, 10), 0.5 * (9.5 - 2.0) / 5.5);
    double five[] = {1, 1, 1, 1, 1};
    assert_true(isinf(median_precision(five, 5)));
    double six[] = {1, 2, 2, 2, 2, 1.5};
    assert_close(median_precision(six, 6), 0.25);
    double *many = calloc(20000, sizeof *many);
    for (int i = 0; i < 20000; i++)
        many[i] = 1.0 + i / 20000.0;
    assert_true(fabs(median_precision(many, 20000) - 0.98 * sqrt(20000) / 20000 / 1.5) < 1e-4);
    free(many);
}

static void converged_is_the_part_of_cells_that_are_known(void **state)
{
    (void)state;
    struct schedule *schedule = planned(1e-3, 1.0, 10);
    for (int i = 0; i < N / 4; i++)
        for (int k = 0; k < 10; k++)
            schedule_note(schedule, i, 1e-3, 1.0 + 1e-3 * (k % 5));
    assert_close(schedule_converged(schedule, 0.02), 0.25);
    assert_close(schedule_converged(schedule, 1e-6), 0.0);
    assert_int_equal(schedule_n_unvisited(schedule), N - N / 4);
    assert_int_equal(schedule_n_silent(schedule), 0);
    schedule_note(schedule, N - 1, 1e-3, 0.0);
    assert_int_equal(schedule_n_unvisited(schedule), N - N / 4 - 1);
    assert_int_equal(schedule_n_silent(schedule), 1);
    schedule_free(schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_has_every_cell_once_in_an_order_of_its_own),
        cmocka_unit_test(the_same_seed_gives_the_same_order),
        cmocka_unit_test(with_time_enough_all_cells_are_visited_in_all_blocks),
        cmocka_unit_test(the_budget_holds_on_slow_machines),
        cmocka_unit_test(long_cells_are_visited_less_often_and_short_ones_always),
        cmocka_unit_test(short_cells_come_first_as_long_as_the_machine_is_not_known),
        cmocka_unit_test(guesses_are_corrected_by_visits),
        cmocka_unit_test(precision_is_that_of_order_statistics),
        cmocka_unit_test(converged_is_the_part_of_cells_that_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
