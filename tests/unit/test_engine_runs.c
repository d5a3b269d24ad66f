/*
 * What a whole run promises: the same bytes again, and errors that say what went wrong.
 */
#include "toy_cluster.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* --- what must not depend on anything ---------------------------------------------- */

/* A bit of everything, in an order that noise moves. */
static void mix(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    const int n = comm_size(world), me = rank_number(rank);
    for (int i = 0; i < 20; i++) {
        const struct work some = work_of(WORK_DGEMM, 1e6 * (1 + (me + i) % 5), 0.0);
        rank_compute(rank, &some);
        rank_sendrecv(rank, world, (me + 1) % n, i, (uint64_t)(1000 << (i % 8)), (me + n - 1) % n,
                      i, 1000000, NULL);
        if (i % 5 == 4)
            rank_allreduce(rank, world, 800);
    }
}

static void the_same_run_gives_the_same_bytes(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(3, 2, BACKEND_PER_NODE);
    platform.node.call_spread = parameter_exact(0.1);
    struct outcome first = toy_run(&platform, mix, NULL);
    struct outcome second = toy_run(&platform, mix, NULL);
    assert_memory_equal(first.layer_s, second.layer_s, sizeof first.layer_s);
    assert_memory_equal(first.host_cpu_s, second.host_cpu_s, sizeof first.host_cpu_s);
    assert_memory_equal(first.traffic, second.traffic, 6 * sizeof *first.traffic);
    platform.seed++;
    struct outcome other = toy_run(&platform, mix, NULL);
    assert_true(other.elapsed_s != first.elapsed_s);
    outcome_release(&first);
    outcome_release(&second);
    outcome_release(&other);
    platform_release(&platform);
}

/* --- failures ---------------------------------------------------------------------- */

static void wait_for_each_other(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    if (rank_number(rank) == 0)
        rank_recv(rank, world, 1, 42, 1, NULL);
    if (rank_number(rank) == 1)
        rank_ssend(rank, world, 0, 43, 1);
    if (rank_number(rank) == 2)
        rank_barrier(rank, world);
}

static void a_deadlock_names_who_waits_for_what(void **state)
{
    (void)state;
    char error[1024];
    struct platform platform = toy_native(3, 1);
    assert_int_equal(toy_fail(&platform, wait_for_each_other, NULL, error, sizeof error), -EDEADLK);
    assert_non_null(strstr(error, "rank 0 waits for a message from rank 1 with tag 42"));
    assert_non_null(strstr(error, "rank 1 waits for rank 0 to receive tag 43"));
    assert_non_null(strstr(error, "rank 2 waits in a collective"));
    platform_release(&platform);
}

static void crash(struct rank *rank, void *argument)
{
    (void)rank;
    (void)argument;
    fprintf(stderr, "[d0:r:(3) 0.1] ./exception.cpp:48: [xbt/CRITICAL] the roof is on fire\n");
    fprintf(stderr, "[d0:r:(3) 0.1] ./exception.cpp:75: [xbt/CRITICAL] Current backtrace:\n");
    fprintf(stderr, "  -> 0# here\n");
    abort();
}

static void leave(struct rank *rank, void *argument)
{
    (void)rank;
    (void)argument;
    printf("nothing to see here\n");
    fflush(stdout);
    _exit(3);
}

static void a_death_in_the_worker_is_an_error_here(void **state)
{
    (void)state;
    char error[1024];
    struct platform platform = toy_native(2, 1);
    assert_int_equal(toy_fail(&platform, crash, NULL, error, sizeof error), -EIO);
    assert_non_null(strstr(error, "signal 6"));
    if (!strstr(error, "): the roof is on fire"))
        fail_msg("no reason in: %s", error);
    assert_int_equal(toy_fail(&platform, leave, NULL, error, sizeof error), -EIO);
    assert_non_null(strstr(error, "status 3"));
    platform_release(&platform);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_run_gives_the_same_bytes),
        cmocka_unit_test(a_deadlock_names_who_waits_for_what),
        cmocka_unit_test(a_death_in_the_worker_is_an_error_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) || gsl_test_summary();
}
