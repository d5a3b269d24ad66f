#include "engine_run.h"

#include "sim/engine/pool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One simulation as the only task of a pool. */
struct single_run {
    const struct engine *engine;
    const struct platform *platform;
    const struct program *program;
    const struct engine_options *options;
    struct outcome *outcome;
    int status;
    char *error;
    size_t error_size;
};

static int run_it(void *context, int index, struct outcome *outcome, char *error, size_t error_size)
{
    (void)index;
    const struct single_run *run = context;
    return run->engine->run(run->platform, run->program, run->options, outcome, error, error_size);
}

static bool take_it(void *context, int index, int status, const struct outcome *outcome,
                    const char *error)
{
    (void)index;
    struct single_run *run = context;
    run->status = status;
    if (status < 0) {
        snprintf(run->error, run->error_size, "%s", error);
        return true;
    }
    struct outcome copy = *outcome;
    if (outcome->traffic) {
        const size_t size = (size_t)outcome->n_ranks * sizeof *copy.traffic;
        copy.traffic = malloc(size);
        if (!copy.traffic) {
            run->status = -ENOMEM;
            snprintf(run->error, run->error_size, "%s", strerror(ENOMEM));
            return true;
        }
        memcpy(copy.traffic, outcome->traffic, size);
    }
    *run->outcome = copy;
    return true;
}

int engine_run(const struct engine *engine, const struct platform *platform,
               const struct program *program, const struct engine_options *options,
               struct outcome *outcome, char *error, size_t error_size)
{
    struct single_run run = {.engine = engine,
                             .platform = platform,
                             .program = program,
                             .options = options,
                             .outcome = outcome,
                             .error = error,
                             .error_size = error_size};
    const struct pool_options one = {.n_workers = 1};
    const int status = pool_run(1, &one, run_it, take_it, &run);
    if (status == 0)
        return run.status;
    snprintf(error, error_size, "%s", strerror(-status));
    return status;
}
