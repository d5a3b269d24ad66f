/*
 * The NPB kernels on grids: MG, LU, BT and SP.
 */
#include "sim/workload/npb/npb.h"
#include "tests/counter/rank_counter.h"

#include "sim/workload/shared.h"

#include <gsl/gsl_test.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct npb_kernel *const kernels[] = {&npb_mg, &npb_lu, &npb_bt, &npb_sp};
enum { N_KERNELS = sizeof kernels / sizeof kernels[0] };

/* What a run of so many timed iterations sends and computes. Release the counter. */
static struct counter count(const struct npb_kernel *kernel, enum npb_class class, int n_ranks,
                            int n_iterations, bool sends_wait)
{
    const struct npb_case problem = npb_case_of(kernel, class, n_iterations);
    const struct counter_options options = {.sends_wait = sends_wait};
    struct program program;
    struct counter counter;

    assert_true(kernel->runs_on(class, n_ranks));
    assert_int_equal(kernel->program_new(&problem, n_ranks, &program), 0);
    const int status = count_program(&program, n_ranks, &options, &counter);
    if (status != 0)
        fail_msg("%s.%s on %d ranks: %d", kernel->name, npb_class_names[class], n_ranks, status);
    program_free_plan(&program);
    return counter;
}

static void every_message_is_received(void **state)
{
    (void)state;
    for (int k = 0; k < N_KERNELS; k++) {
        for (int class = NPB_S; class <= NPB_C; class ++) {
            for (int n_ranks = 1; n_ranks <= 64; n_ranks++) {
                if (!kernels[k]->runs_on(class, n_ranks))
                    continue;
                struct counter counter =
                    count(kernels[k], class, n_ranks, 1, (n_ranks + class) % 2 == 0);
                assert_int_equal(counter.n_left_over, 0);
                assert_int_equal(counter.n_wrong_sizes, 0);
                counter_release(&counter);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_received),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
