/*
 * worker.h - one simulation in a child process, and what comes back from it.
 *
 * The child gets its own output streams: whatever it prints is kept, and the useful line of it
 * explains its death. It dies with its parent.
 */
#ifndef VHPCSIM_WORKER_H
#define VHPCSIM_WORKER_H

#include "pool.h"

#include <sys/types.h>

enum { WORKER_ERROR_SIZE = 1024, WORKER_OUTPUT_SIZE = 8192 };

struct worker {
    pid_t pid;     /* 0: none */
    int result_fd; /* -1 once it was read to its end */
    int output_fd;
    char *result; /* bytes that came so far, owned */
    size_t result_size;
    char output[WORKER_OUTPUT_SIZE]; /* the last that it printed */
    size_t output_size;
};

/* What a worker ended with. */
struct worker_report {
    int status; /* 0 or a negative errno */
    struct outcome outcome;
    char error[WORKER_ERROR_SIZE];
};

/* Forks a child that runs task `index`. Returns 0 or a negative errno. */
int worker_start(struct worker *worker, pool_work *work, void *context, int index);

/*
 * Reads what `fd` (one of the worker's two) has to say. Returns 0, or a negative errno. The
 * descriptor is closed and becomes -1 at its end.
 */
int worker_read(struct worker *worker, int *fd);

bool worker_has_ended(const struct worker *worker); /* both streams did */

/* Collects the child and its report; outcome_release() the outcome when the status is 0. */
void worker_finish(struct worker *worker, struct worker_report *report);

/* Ends the child, whatever it does. Does nothing where there is none. */
void worker_kill(struct worker *worker);

#endif
