/*
 * Many simulations in workers: order, number at once, failures, interruption.
 */
#include "sim/engine/pool.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { N_TASKS = 23 };

/* Counters that children share with us. */
struct shared {
    int n_running;
    int most_running;
};

struct experiment {
    struct shared *shared;
    int n_done;
    int stop_after; /* deliveries; 0: never */
    double elapsed_s[N_TASKS];
    char bytes[N_TASKS][64];
    volatile sig_atomic_t interrupted;
};

static struct experiment experiment_new(void)
{
    struct experiment experiment = {0};
    experiment.shared = mmap(NULL, sizeof *experiment.shared, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(experiment.shared != MAP_FAILED);
    return experiment;
}

/* Task i takes longer the smaller i is, so that tasks end out of order. */
static int work(void *context, int index, struct outcome *outcome, char *error, size_t error_size)
{
    struct shared *shared = ((struct experiment *)context)->shared;
    const int n = __atomic_add_fetch(&shared->n_running, 1, __ATOMIC_SEQ_CST);
    if (n > shared->most_running)
        shared->most_running = n;
    usleep((useconds_t)(500 * (N_TASKS - index)));
    __atomic_sub_fetch(&shared->n_running, 1, __ATOMIC_SEQ_CST);
    if (index == 5) {
        snprintf(error, error_size, "task five does not like it");
        return -EDEADLK;
    }
    if (index == 7)
        abort();
    outcome->elapsed_s = 1.5 * index;
    outcome->n_ranks = index;
    outcome->traffic = calloc((size_t)index + 1, sizeof *outcome->traffic);
    for (int i = 0; i < index; i++)
        outcome->traffic[i].n_sends = (uint64_t)(100 * index + i);
    return 0;
}

static bool done(void *context, int index, int status, const struct outcome *outcome,
                 const char *error)
{
    struct experiment *experiment = context;
    assert_int_equal(index, experiment->n_done++);
    if (index == 5) {
        assert_int_equal(status, -EDEADLK);
        assert_string_equal(error, "task five does not like it");
    } else if (index == 7) {
        assert_int_equal(status, -EIO);
        assert_non_null(strstr(error, "signal 6"));
    } else {
        assert_int_equal(status, 0);
        assert_int_equal(outcome->n_ranks, index);
        for (int i = 0; i < index; i++)
            assert_int_equal(outcome->traffic[i].n_sends, 100 * index + i);
        experiment->elapsed_s[index] = outcome->elapsed_s;
    }
    return experiment->n_done != experiment->stop_after;
}

static void no_child_is_left(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void outcomes_come_in_order_from_any_number_of_workers(void **state)
{
    (void)state;
    for (int n_workers = 1; n_workers <= 9; n_workers += 4) {
        struct experiment experiment = experiment_new();
        const struct pool_options options = {.n_workers = n_workers};
        assert_int_equal(pool_run(N_TASKS, &options, work, done, &experiment), 0);
        assert_int_equal(experiment.n_done, N_TASKS);
        assert_true(experiment.shared->most_running <= n_workers);
        assert_true(experiment.elapsed_s[22] == 33.0);
        no_child_is_left();
    }
}

static void a_pool_stops_when_told_so(void **state)
{
    (void)state;
    struct experiment experiment = experiment_new();
    const struct pool_options options = {.n_workers = 3};
    experiment.stop_after = 4;
    assert_int_equal(pool_run(N_TASKS, &options, work, done, &experiment), 0);
    assert_int_equal(experiment.n_done, 4);
    no_child_is_left();
}

static bool interrupt_after_two(void *context, int index, int status, const struct outcome *outcome,
                                const char *error)
{
    (void)index;
    (void)status;
    (void)outcome;
    (void)error;
    struct experiment *experiment = context;
    if (++experiment->n_done == 2) /* others may be delivered before the pool looks */
        experiment->interrupted = 1;
    return true;
}

static void an_interrupt_ends_all_workers(void **state)
{
    (void)state;
    struct experiment experiment = experiment_new();
    const struct pool_options options = {.n_workers = 2, .interrupted = &experiment.interrupted};
    assert_int_equal(pool_run(N_TASKS, &options, work, interrupt_after_two, &experiment), -EINTR);
    assert_true(experiment.n_done < N_TASKS);
    no_child_is_left();
}

static void no_task_is_no_error(void **state)
{
    (void)state;
    const struct pool_options options = {.n_workers = 2};
    assert_int_equal(pool_run(0, &options, work, done, NULL), 0);
}

static int chatter(void *context, int index, struct outcome *outcome, char *error,
                   size_t error_size)
{
    (void)context;
    (void)index;
    (void)outcome;
    (void)error;
    (void)error_size;
    for (int i = 0; i < 100000; i++)
        printf("line %d of very many\n", i);
    printf("[node:rank:(3) 1.25] [root/CRITICAL] the reason\n->  0# 0x1234 in somewhere\n");
    fflush(stdout);
    _exit(4);
}

static bool hear_reason(void *context, int index, int status, const struct outcome *outcome,
                        const char *error)
{
    (void)index;
    (void)outcome;
    assert_int_equal(status, -EIO);
    snprintf(context, 256, "%s", error);
    return true;
}

static void much_output_neither_blocks_a_worker_nor_hides_the_reason(void **state)
{
    (void)state;
    char error[256] = "";
    const struct pool_options options = {.n_workers = 1};
    assert_int_equal(pool_run(1, &options, chatter, hear_reason, error), 0);
    assert_string_equal(error, "the simulation ended with status 4: the reason");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_come_in_order_from_any_number_of_workers),
        cmocka_unit_test(a_pool_stops_when_told_so),
        cmocka_unit_test(an_interrupt_ends_all_workers),
        cmocka_unit_test(no_task_is_no_error),
        cmocka_unit_test(much_output_neither_blocks_a_worker_nor_hides_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
