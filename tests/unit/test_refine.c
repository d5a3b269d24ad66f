/* Where times jump, sizes between are added until the jump is known to 1 %. */
#include "calibration/measure/refine.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Of a library that sends eagerly up to 4040 B, which costs less, as half round trips are. */
static double time_of(double size_B)
{
    return size_B <= 4040.0 ? 0.31e-6 + 0.07e-9 * size_B : 1.87e-6 + 0.11e-9 * size_B;
}

static int powers(struct timed_size sizes[])
{
    int n = 0;
    for (double size_B = 1.0; size_B <= 1048576.0; size_B *= 2.0, n++)
        sizes[n] = (struct timed_size){size_B, time_of(size_B)};
    return n;
}

static void a_jump_is_bisected_down_to_one_percent(void **state)
{
    (void)state;
    struct timed_size sizes[100];
    double middles_B[REFINE_MIDDLES];
    int n = powers(sizes), n_rounds = 0, n_middles;

    for (; (n_middles = refine_sizes(n, sizes, middles_B)) > 0; n_rounds++) {
        assert_int_equal(n_middles, 1);
        sizes[n++] = (struct timed_size){middles_B[0], time_of(middles_B[0])};
    }
    /* 2048 to 4096 is a factor of 2: log2(ln 2 / ln 1.01) = 6.1 halvings. */
    assert_in_range(n_rounds, 6, 7);
    for (int i = 0; i + 1 < n; i++)
        if (sizes[i].size_B <= 4040.0 && sizes[i + 1].size_B > 4040.0)
            assert_true(sizes[i + 1].size_B <= 1.01 * sizes[i].size_B);
}

static void lines_bends_and_their_noise_have_no_jump(void **state)
{
    (void)state;
    struct timed_size sizes[] = {{0, 2e-6},    {1, 2.1e-6},  {64, 2e-6},      {128, 2.05e-6},
                                 {1024, 3e-6}, {2048, 6e-6}, {4096, 12.9e-6}, {4097, 12e-6}};
    double middles_B[REFINE_MIDDLES];
    assert_int_equal(refine_sizes(8, sizes, middles_B), 0);
}

static void a_fall_is_a_jump_too(void **state)
{
    (void)state;
    struct timed_size sizes[] = {{800, 5e-6}, {200, 9e-6}, {100, 8e-6}};
    double middles_B[REFINE_MIDDLES];
    assert_int_equal(refine_sizes(3, sizes, middles_B), 1);
    assert_true(middles_B[0] == 400.0); /* sqrt(200 800) */
}

static void one_time_that_is_wrong_is_no_jump(void **state)
{
    (void)state;
    double middles_B[REFINE_MIDDLES];
    for (int wrong = 1; wrong < 9; wrong++) {
        for (double factor = 0.1; factor < 10.0; factor *= 1.7) {
            struct timed_size sizes[10];
            for (int i = 0; i < 10; i++)
                sizes[i] = (struct timed_size){100.0 * pow(1.3, i), 7e-6};
            sizes[wrong].time_s *= factor;
            assert_int_equal(refine_sizes(10, sizes, middles_B), 0);
        }
    }
}

static void the_largest_jumps_come_first(void **state)
{
    (void)state;
    struct timed_size sizes[14];
    double middles_B[REFINE_MIDDLES];
    int n = 0;
    /* Each 16 times as large; between the pairs of 4^i and 2 4^i, jumps of 1.2, 1.3, ... more. */
    double time_s = 1e-6;
    for (int i = 0; i < 7; i++) {
        const double size_B = 16.0 * pow(16.0, i);
        sizes[n++] = (struct timed_size){size_B, time_s};
        time_s *= 2.0 * (1.2 + 0.1 * i);
        sizes[n++] = (struct timed_size){2.0 * size_B, time_s};
    }
    assert_int_equal(refine_sizes(n, sizes, middles_B), REFINE_MIDDLES);
    for (int i = 0; i < REFINE_MIDDLES; i++)
        assert_true(middles_B[i] == floor(M_SQRT2 * 16.0 * pow(16.0, 6 - i)));
}

static void cells_are_added_to_plan_and_schedule_for_pingpong_alone(void **state)
{
    (void)state;
    struct plan plan = {0};
    for (double size_B = 1.0; size_B <= 65536.0; size_B *= 2.0) {
        const struct raw_cell cell = {.operation = RAW_PINGPONG, .size_B = size_B, .partner = 1};
        const struct raw_cell other = {.operation = RAW_SEND, .size_B = size_B, .partner = 1};
        plan_add(&plan, &cell, 2.385e-3);
        plan_add(&plan, &other, 2.385e-3);
    }
    const int n_planned = plan.n;
    struct schedule *schedule = schedule_new(&plan, 10, 7, 1);
    for (int block = 0; block < 9; block++) {
        for (int i = 0; i < plan.n; i++)
            schedule_note(schedule, i, 1e-3, time_of(plan.cells[i].cell.size_B));
        refine_plan(&plan, n_planned, schedule);
    }
    assert_in_range(plan.n, n_planned + 6, n_planned + 7);
    for (int i = n_planned; i < plan.n; i++) {
        assert_int_equal(plan.cells[i].cell.operation, RAW_PINGPONG);
        assert_int_equal(plan.cells[i].cell.partner, 1);
        assert_true(plan.cells[i].cell.size_B > 2048.0 && plan.cells[i].cell.size_B < 4096.0);
    }
    schedule_free(schedule);
    plan_release(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jump_is_bisected_down_to_one_percent),
        cmocka_unit_test(lines_bends_and_their_noise_have_no_jump),
        cmocka_unit_test(a_fall_is_a_jump_too),
        cmocka_unit_test(one_time_that_is_wrong_is_no_jump),
        cmocka_unit_test(the_largest_jumps_come_first),
        cmocka_unit_test(cells_are_added_to_plan_and_schedule_for_pingpong_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
