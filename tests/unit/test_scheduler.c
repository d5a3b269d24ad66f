/* Turns of ranks and vCPUs beyond the cores: values by hand and the properties of the header. */
#include "models/scheduler.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

#define assert_close(actual, expected) assert_int_equal(gsl_fcmp((actual), (expected), 1e-12), 0)

static struct scheduler_profile scheduler(double slice_s, double boost)
{
    return (struct scheduler_profile){.slice_s = parameter_exact(slice_s),
                                      .boost = parameter_exact(boost)};
}

static void nobody_waits_while_a_core_is_free(void **state)
{
    (void)state;
    const struct scheduler_profile s = scheduler(0.0237, 0.31);
    for (int n_cores = 1; n_cores <= 64; n_cores *= 2)
        for (int n_others = 0; n_others < n_cores; n_others++)
            for (int wait = MPI_WAIT_BLOCKS; wait <= MPI_WAIT_POLLS; wait++) {
                const struct run_queue queue = {n_cores, n_others};
                assert_true(scheduler_turn(&s, &queue, wait, 0.97).wait_s == 0.0);
                assert_true(scheduler_mean_wait_s(&s, &queue, wait) == 0.0);
            }
}

/*
 * Five poll on two cores: a cycle is 2.5 slices of 30 ms. At 0.3 of it, 0.75 slices in, the rank
 * runs for 7.5 ms more; at 0.6, 1.5 slices in, it waits for the last one and then has a whole one.
 */
static void a_rank_that_polls_is_off_while_others_have_their_slices(void **state)
{
    (void)state;
    const struct scheduler_profile s = scheduler(0.03, 0.0);
    const struct run_queue queue = {.n_cores = 2, .n_others = 4};
    const struct turn on = scheduler_turn(&s, &queue, MPI_WAIT_POLLS, 0.3);
    assert_true(on.wait_s == 0.0);
    assert_close(on.runs_s, 0.0075);
    const struct turn off = scheduler_turn(&s, &queue, MPI_WAIT_POLLS, 0.6);
    assert_close(off.wait_s, 0.03);
    assert_close(off.runs_s, 0.03);
    /* Off for 1.5 of 2.5 slices, and then half of the 45 ms on average. */
    assert_close(scheduler_mean_wait_s(&s, &queue, MPI_WAIT_POLLS), 0.6 * 0.0225);
}

/*
 * Six others on two cores: three before it, of which one is in its slice of 30 ms. A fifth of
 * all wake-ups is boosted; at 0.6, halfway through the rest, 2.5 slices are left.
 */
static void a_rank_that_blocks_is_boosted_or_queues(void **state)
{
    (void)state;
    const struct scheduler_profile s = scheduler(0.03, 0.2);
    const struct run_queue queue = {.n_cores = 2, .n_others = 6};
    assert_true(scheduler_turn(&s, &queue, MPI_WAIT_BLOCKS, 0.19).wait_s == 0.0);
    assert_close(scheduler_turn(&s, &queue, MPI_WAIT_BLOCKS, 0.6).wait_s, 0.075);
    assert_true(scheduler_turn(&s, &queue, MPI_WAIT_BLOCKS, 0.6).runs_s == 0.0);
    assert_close(scheduler_mean_wait_s(&s, &queue, MPI_WAIT_BLOCKS), 0.8 * 0.075);
}

static void always_boosted_is_never_late(void **state)
{
    (void)state;
    const struct scheduler_profile s = scheduler(0.03, 1.0);
    const struct run_queue queue = {.n_cores = 3, .n_others = 17};
    for (int i = 0; i <= 100; i++)
        assert_true(scheduler_turn(&s, &queue, MPI_WAIT_BLOCKS, i / 100.0).wait_s == 0.0);
}

/* The integral of wait_s over the chances, by 10^5 midpoints, one of which has the jump. */
static void the_mean_is_that_of_all_chances(void **state)
{
    (void)state;
    enum { N = 100000 };
    const struct scheduler_profile s = scheduler(0.0237, 0.31);
    const struct run_queue queues[] = {{1, 1}, {1, 3}, {7, 9}, {8, 31}};
    for (int i = 0; i < 4; i++)
        for (int wait = MPI_WAIT_BLOCKS; wait <= MPI_WAIT_POLLS; wait++) {
            double sum_s = 0.0;
            for (int k = 0; k < N; k++)
                sum_s += scheduler_turn(&s, &queues[i], wait, (k + 0.5) / N).wait_s;
            const double mean_s = scheduler_mean_wait_s(&s, &queues[i], wait);
            assert_int_equal(gsl_fcmp(sum_s / N, mean_s, 1e-4), 0);
        }
}

static void waits_rise_with_load_and_slices_and_fall_with_cores_and_boost(void **state)
{
    (void)state;
    const struct scheduler_profile s = scheduler(0.0237, 0.31);
    const struct scheduler_profile longer = scheduler(0.0311, 0.31);
    const struct scheduler_profile boosted = scheduler(0.0237, 0.44);
    for (int wait = MPI_WAIT_BLOCKS; wait <= MPI_WAIT_POLLS; wait++)
        for (int n_others = 0; n_others <= 40; n_others++)
            for (int n_cores = 1; n_cores <= 9; n_cores++) {
                const struct run_queue queue = {n_cores, n_others};
                const struct run_queue fuller = {n_cores, n_others + 1};
                const struct run_queue wider = {n_cores + 1, n_others};
                const double mean_s = scheduler_mean_wait_s(&s, &queue, wait);
                assert_true(scheduler_mean_wait_s(&s, &fuller, wait) >= mean_s);
                assert_true(scheduler_mean_wait_s(&s, &wider, wait) <= mean_s);
                assert_true(scheduler_mean_wait_s(&longer, &queue, wait) >= mean_s);
                assert_true(scheduler_mean_wait_s(&boosted, &queue, wait) <= mean_s);
            }
}

static void slices_of_no_length_make_nobody_wait(void **state)
{
    (void)state;
    const struct scheduler_profile s = scheduler(0.0, 0.31);
    const struct run_queue queue = {.n_cores = 2, .n_others = 9};
    for (int wait = MPI_WAIT_BLOCKS; wait <= MPI_WAIT_POLLS; wait++)
        for (double chance = 0.0; chance < 1.0; chance += 0.01)
            assert_true(scheduler_turn(&s, &queue, wait, chance).wait_s == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_waits_while_a_core_is_free),
        cmocka_unit_test(a_rank_that_polls_is_off_while_others_have_their_slices),
        cmocka_unit_test(a_rank_that_blocks_is_boosted_or_queues),
        cmocka_unit_test(always_boosted_is_never_late),
        cmocka_unit_test(the_mean_is_that_of_all_chances),
        cmocka_unit_test(waits_rise_with_load_and_slices_and_fall_with_cores_and_boost),
        cmocka_unit_test(slices_of_no_length_make_nobody_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
