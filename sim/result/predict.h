/*
 * predict.h - from a scenario to a result: which simulations, and what their outcomes mean.
 *
 * Runs the central simulation, one per draw, for a virtualized scenario the same without
 * virtualization (so that the answer can say what it costs), and on request one per
 * counterfactual. All are independent and run in the engine's pool of workers; the result is
 * the same whatever their number.
 *
 * The draws of one scenario may be made in parts, by *dealing*: draw n has the same values
 * whichever others are made beside it.
 */
#ifndef VHPCSIM_PREDICT_H
#define VHPCSIM_PREDICT_H

#include "result.h"

#include <signal.h>
#include <stdbool.h>

/* A part of a scenario's draws: `first`, `first + step` and so on; all of them where step is 0. */
struct deal {
    int first, step;
};

struct predict_options {
    int n_workers;                            /* simulations at once; 0: one per processor */
    struct deal deal;                         /* which of the draws are made */
    bool explains;                            /* run the counterfactuals */
    bool skips_native;                        /* no native run beside it, unless `explains` */
    bool shows_progress;                      /* on stderr, if it is a terminal */
    const char *label;                        /* before the progress; NULL: nothing */
    const volatile sig_atomic_t *interrupted; /* becomes non-zero to stop; NULL: never */
};

/*
 * Simulates a checked scenario and fills `result`, which then borrows texts from
 * `scenario`. Warnings about the validity of parameters and about the
 * interval are in it. Of `result->provenance`, seed, replications, engine, profiles, hash and
 * resolved scenario are filled; the caller adds what it knows of the command.
 *
 * Returns 0, or a negative errno with the reason in `error` (-EINTR: interrupted); `result` is then
 * unchanged. Cost: a simulation for each replication, the central
 * run, and each counterfactual.
 */
int predict(const struct scenario *scenario, const struct predict_options *options,
            struct result *result, char *error, size_t error_size);

/*
 * The metrics that a prediction of a checked scenario will have, without simulating anything: their
 * names, units, digits and which way is better; the values mean nothing. Of metrics that are one
 * for each stream, all that there can be. Returns how many, or -ENOMEM.
 */
int predict_metrics(const struct scenario *scenario, struct metric metrics[MAX_RESULT_METRICS]);

#endif
