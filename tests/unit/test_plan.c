/* What a launch visits: sizes of messages, cells, and how often tiny things are repeated. */
#include "calibration/measure/clock.h"
#include "calibration/measure/plan.h"
#include "calibration/measure/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

extern const struct operation operation_pingpong, operation_send;

static bool has(const double *sizes_B, int n, double size_B)
{
    for (int i = 0; i < n; i++)
        if (sizes_B[i] == size_B)
            return true;
    return false;
}

static void sizes_rise_from_one_byte_to_the_largest_message(void **state)
{
    (void)state;
    static const double largest_B[] = {1.0, 2.0, 3.0, 1000.0, 65536.0, 16777217.0};
    for (size_t k = 0; k < sizeof largest_B / sizeof largest_B[0]; k++) {
        const struct plan_request request = {
            .thoroughness = FULL, .largest_message_B = largest_B[k], .n_sizes = 60};
        int n;
        double *sizes_B = plan_message_sizes(7, &request, &n);
        assert_true(sizes_B[0] == 1.0 && sizes_B[n - 1] == largest_B[k]);
        for (int i = 1; i < n; i++) {
            assert_true(sizes_B[i] > sizes_B[i - 1]);
            assert_true(sizes_B[i] == floor(sizes_B[i]));
        }
        free(sizes_B);
    }
}

static void powers_of_two_have_their_neighbours_unless_it_shall_be_quick(void **state)
{
    (void)state;
    for (int thoroughness = QUICK; thoroughness <= FULL; thoroughness++) {
        const struct plan_request request = {.thoroughness = (enum thoroughness)thoroughness,
                                             .largest_message_B = 1 << 20};
        int n;
        double *sizes_B = plan_message_sizes(7, &request, &n);
        for (double power_B = 4.0; power_B < 1 << 20; power_B *= 2.0) {
            assert_true(has(sizes_B, n, power_B));
            assert_int_equal(has(sizes_B, n, power_B - 1.0), thoroughness != QUICK);
            assert_int_equal(has(sizes_B, n, power_B + 1.0), thoroughness != QUICK);
        }
        free(sizes_B);
    }
}

/* A size in each of 60 equal parts of the logarithmic scale, other ones with another seed. */
static void random_sizes_leave_no_gap_and_depend_on_the_seed_alone(void **state)
{
    (void)state;
    const struct plan_request request = {
        .thoroughness = QUICK, .largest_message_B = 1 << 24, .n_sizes = 60};
    int n[3];
    double *sizes_B[3];
    for (unsigned long k = 0; k < 3; k++)
        sizes_B[k] = plan_message_sizes(k < 2 ? 7 : 8, &request, &n[k]);
    assert_int_equal(n[0], n[1]);
    assert_memory_equal(sizes_B[0], sizes_B[1], (size_t)n[0] * sizeof(double));
    assert_true(n[2] != n[0] || memcmp(sizes_B[0], sizes_B[2], (size_t)n[0] * sizeof(double)) != 0);
    for (int i = 1; i < n[0]; i++)
        assert_true(sizes_B[0][i] <= 2.0 * sizes_B[0][i - 1]);
    assert_true(n[0] > 70 && n[0] <= 60 + 25);
    for (int k = 0; k < 3; k++)
        free(sizes_B[k]);
}

/* Whether an operation of two ranks that share a domain is planned at a size. */
static bool is_planned(const struct operation *operation, const struct plan_request *request,
                       double size_B)
{
    static const int same[2] = {0, 0};
    const struct measure measure = {.n_ranks = 2, .domain = same, .host = same, .seed = 7};
    struct plan plan = {0};
    bool is_found = false;
    operation->plan(&measure, request, &plan);
    for (int i = 0; i < plan.n; i++)
        is_found = is_found || plan.cells[i].cell.size_B == size_B;
    plan_release(&plan);
    return is_found;
}

static void both_sides_of_a_threshold_are_measured(void **state)
{
    (void)state;
    static const struct raw_threshold thresholds[] = {
        {.method = "semantic", .path = RAW_SAME_DOMAIN, .from_B = 4040.0, .to_B = 4090.0},
        {.method = "semantic", .path = RAW_OTHER_HOST, .from_B = 2385.0, .to_B = 2386.0},
        {.method = "mpi_t", .path = RAW_SAME_DOMAIN, .from_B = 777.0, .to_B = 999.0}};
    const struct plan_request request = {.thoroughness = QUICK,
                                         .largest_message_B = 4091.0,
                                         .n_thresholds = 3,
                                         .thresholds = thresholds};
    static const double sizes_B[] = {4040.0, 4090.0, 3976.0, 4039.0, 4041.0, 4104.0,
                                     4026.0, 4089.0, 4091.0, 4154.0, 2385.0, 777.0};
    for (int i = 0; i < 12; i++) {
        const bool is_near = i < 10 && sizes_B[i] <= 4091.0;
        assert_int_equal(is_planned(&operation_pingpong, &request, sizes_B[i]), is_near);
        /* An operation of less weight has only the two sides, and the largest message. */
        assert_int_equal(is_planned(&operation_send, &request, sizes_B[i]),
                         i < 2 || sizes_B[i] == 4091.0);
    }
}

static void a_cell_is_planned_once(void **state)
{
    (void)state;
    struct plan plan = {0};
    struct raw_cell cell = {.operation = RAW_SEND, .size_B = 731.0, .partner = 1};
    plan_add(&plan, &cell, 0.375);
    plan_add(&plan, &cell, 0.5);
    cell.load = RAW_BUSY;
    plan_add(&plan, &cell, 0.625);
    assert_int_equal(plan.n, 2);
    assert_true(plan.cells[0].expected_s == 0.375 && plan.cells[1].expected_s == 0.625);
    assert_int_equal(plan.cells[1].cell.number, 1);
    plan_release(&plan);
    assert_int_equal(plan.n, 0);
}

/* Of what takes 2 us, 12.5 and so 13 make 25 us, a thousand times the 25 ns of a look. */
static void a_batch_is_a_thousand_times_the_look_at_the_clock(void **state)
{
    (void)state;
    assert_int_equal(clock_batch(2e-6, 25e-9), 13);
    assert_int_equal(clock_batch(1.0, 25e-9), 1);
    assert_int_equal(clock_batch(3e-9, 0.0), 1);
    assert_int_equal(clock_batch(1e-30, 25e-9), 1000000);
    assert_int_equal(clock_batch(0.0, 25e-9), 1000000);
}

static void the_clock_goes_on_and_its_quality_is_plausible(void **state)
{
    (void)state;
    const double begin_s = clock_now_s();
    clock_sleep(0.02);
    const double passed_s = clock_now_s() - begin_s;
    /* Sleep is by the clock that is slewed, by 500 parts in a million at most. */
    assert_true(passed_s >= 0.0199);
    const struct clock_quality quality = clock_measure();
    assert_true(quality.resolution_s > 0.0 && quality.resolution_s < 1e-2);
    assert_true(quality.overhead_s > 0.0 && quality.overhead_s < 1e-3);
}

/* The mean of n uniform numbers is within 5 standard deviations sqrt(1/12n) of 1/2. */
static void random_numbers_fill_their_range_evenly(void **state)
{
    (void)state;
    enum { DRAWS = 100000, SIDES = 6 };
    struct random_stream stream = random_stream(7, "test", 0), other = random_stream(7, "test", 1);
    int counts[SIDES] = {0};
    double sum = 0.0;
    assert_true(random_bits(&stream) != random_bits(&other));
    for (int i = 0; i < DRAWS; i++) {
        const double fraction = random_fraction(&stream);
        assert_true(fraction >= 0.0 && fraction < 1.0);
        sum += fraction;
        counts[random_below(&stream, SIDES)]++;
    }
    assert_true(fabs(sum / DRAWS - 0.5) < 5.0 * sqrt(1.0 / 12.0 / DRAWS));
    for (int i = 0; i < SIDES; i++)
        assert_true(fabs(counts[i] - DRAWS / 6.0) < 5.0 * sqrt(DRAWS * 5.0 / 36.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_rise_from_one_byte_to_the_largest_message),
        cmocka_unit_test(powers_of_two_have_their_neighbours_unless_it_shall_be_quick),
        cmocka_unit_test(random_sizes_leave_no_gap_and_depend_on_the_seed_alone),
        cmocka_unit_test(both_sides_of_a_threshold_are_measured),
        cmocka_unit_test(a_cell_is_planned_once),
        cmocka_unit_test(a_batch_is_a_thousand_times_the_look_at_the_clock),
        cmocka_unit_test(the_clock_goes_on_and_its_quality_is_plausible),
        cmocka_unit_test(random_numbers_fill_their_range_evenly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
