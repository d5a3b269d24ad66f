/*
 * pool.h - runs many independent simulations in forked workers, a few at a time.
 *
 * Every task gets a fresh child process, so that no simulation sees what another one left
 * behind; outcomes are delivered in the order of the tasks. The results are therefore the same
 * whatever the number of workers is.
 */
#ifndef VHPCSIM_POOL_H
#define VHPCSIM_POOL_H

#include "engine.h"

#include <signal.h>

/*
 * Runs task `index` and fills `outcome` (zeroed before). Returns 0, or a negative errno with the
 * reason, one sentence, in `error`. It runs in a child process: what it changes in memory is
 * seen by nobody else, it need not free anything, and whatever kills it becomes an error.
 */
typedef int pool_work(void *context, int index, struct outcome *outcome, char *error,
                      size_t error_size);

/*
 * Hears of task `index`, in this process, in the order 0, 1, 2, ...; `status` is 0 or a negative
 * errno with the reason in `error`. `outcome` is the pool's, valid until the call returns.
 * Returns false to stop: no later task is delivered.
 */
typedef bool pool_done(void *context, int index, int status, const struct outcome *outcome,
                       const char *error);

struct pool_options {
    int n_workers; /* at once, 1 and more; 0: one per processor */
    /* Becomes non-zero, by a signal handler, to stop everything; NULL: never. */
    const volatile sig_atomic_t *interrupted;
};

/*
 * Runs tasks 0..n_tasks-1. Returns 0 when all were delivered or `done` said stop, -EINTR when
 * interrupted, -ENOMEM, -EAGAIN (no more processes) or -EMFILE when the system refuses. No
 * child is left when it returns; none outlives this process either.
 */
int pool_run(int n_tasks, const struct pool_options *options, pool_work *work, pool_done *done,
             void *context);

#endif
