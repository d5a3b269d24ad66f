#include "pool.h"

#include "worker.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

/* How often to look for an interrupt that came just before the wait. */
enum { INTERRUPT_CHECK_MS = 200 };

struct pool {
    int n_tasks;
    int n_workers;
    const volatile sig_atomic_t *interrupted;
    pool_work *work;
    pool_done *done;
    void *context;
    struct worker *workers;
    int *task_of_worker;           /* -1: free */
    struct worker_report *reports; /* of task t at t % window */
    bool *has_report;
    int window;
    int next_to_start;
    int next_to_deliver;
    bool is_stopped;
    struct pollfd *polls;
};

static int default_n_workers(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (int)n : 1;
}

static int pool_init(struct pool *pool)
{
    const size_t n = (size_t)pool->n_workers;
    /* Tasks that may be finished before an earlier one is: bounds the memory for reports. */
    pool->window = 4 * pool->n_workers;
    pool->workers = calloc(n, sizeof *pool->workers);
    pool->task_of_worker = calloc(n, sizeof *pool->task_of_worker);
    pool->reports = calloc((size_t)pool->window, sizeof *pool->reports);
    pool->has_report = calloc((size_t)pool->window, sizeof *pool->has_report);
    pool->polls = calloc(2 * n, sizeof *pool->polls);
    if (!pool->workers || !pool->task_of_worker || !pool->reports || !pool->has_report ||
        !pool->polls)
        return -ENOMEM;
    for (int i = 0; i < pool->n_workers; i++)
        pool->task_of_worker[i] = -1;
    return 0;
}

static void pool_release(struct pool *pool)
{
    for (int i = 0; pool->workers && i < pool->n_workers; i++)
        worker_kill(&pool->workers[i]);
    for (int i = 0; pool->has_report && i < pool->window; i++)
        if (pool->has_report[i])
            outcome_release(&pool->reports[i].outcome);
    free(pool->workers);
    free(pool->task_of_worker);
    free(pool->reports);
    free(pool->has_report);
    free(pool->polls);
}

static int start_tasks(struct pool *pool)
{
    for (int i = 0; i < pool->n_workers; i++) {
        const bool is_room = pool->next_to_start < pool->n_tasks &&
                             pool->next_to_start < pool->next_to_deliver + pool->window;
        if (!is_room || pool->task_of_worker[i] >= 0)
            continue;
        const int status =
            worker_start(&pool->workers[i], pool->work, pool->context, pool->next_to_start);
        if (status < 0)
            return status;
        pool->task_of_worker[i] = pool->next_to_start++;
    }
    return 0;
}

static int wait_for_workers(struct pool *pool)
{
    for (int i = 0; i < pool->n_workers; i++) {
        const struct worker *worker = &pool->workers[i];
        const bool runs = pool->task_of_worker[i] >= 0;
        pool->polls[2 * i] = (struct pollfd){.fd = runs ? worker->result_fd : -1, .events = POLLIN};
        pool->polls[2 * i + 1] =
            (struct pollfd){.fd = runs ? worker->output_fd : -1, .events = POLLIN};
    }
    const nfds_t n = (nfds_t)(2 * pool->n_workers);
    if (poll(pool->polls, n, pool->interrupted ? INTERRUPT_CHECK_MS : -1) < 0 && errno != EINTR)
        return -errno;
    return pool->interrupted && *pool->interrupted ? -EINTR : 0;
}

static int read_worker(struct pool *pool, int i)
{
    struct worker *worker = &pool->workers[i];
    int status = 0;
    if (pool->polls[2 * i].revents)
        status = worker_read(worker, &worker->result_fd);
    if (status == 0 && pool->polls[2 * i + 1].revents)
        status = worker_read(worker, &worker->output_fd);
    if (status < 0 || !worker_has_ended(worker))
        return status;
    const int slot = pool->task_of_worker[i] % pool->window;
    worker_finish(worker, &pool->reports[slot]);
    pool->has_report[slot] = true;
    pool->task_of_worker[i] = -1;
    return 0;
}

static int read_workers(struct pool *pool)
{
    for (int i = 0; i < pool->n_workers; i++) {
        const int status = pool->task_of_worker[i] >= 0 ? read_worker(pool, i) : 0;
        if (status < 0)
            return status;
    }
    return 0;
}

static void deliver(struct pool *pool)
{
    while (!pool->is_stopped && pool->has_report[pool->next_to_deliver % pool->window]) {
        const int slot = pool->next_to_deliver % pool->window;
        struct worker_report *report = &pool->reports[slot];
        pool->is_stopped = !pool->done(pool->context, pool->next_to_deliver, report->status,
                                       &report->outcome, report->error);
        outcome_release(&report->outcome);
        pool->has_report[slot] = false;
        pool->next_to_deliver++;
    }
}

int pool_run(int n_tasks, const struct pool_options *options, pool_work *work, pool_done *done,
             void *context)
{
    assert(n_tasks >= 0 && options->n_workers >= 0);

    struct pool pool = {.n_tasks = n_tasks,
                        .n_workers = options->n_workers ? options->n_workers : default_n_workers(),
                        .interrupted = options->interrupted,
                        .work = work,
                        .done = done,
                        .context = context};
    int status = pool_init(&pool);
    while (status == 0 && !pool.is_stopped && pool.next_to_deliver < n_tasks) {
        status = start_tasks(&pool);
        if (status == 0)
            status = wait_for_workers(&pool);
        if (status == 0)
            status = read_workers(&pool);
        if (status == 0)
            deliver(&pool);
    }
    pool_release(&pool);
    return status;
}
