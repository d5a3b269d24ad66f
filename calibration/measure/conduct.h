/*
 * conduct.h - a launch from its first block to its end: rank 0 leads, the others follow.
 */
#ifndef VHPC_CONDUCT_H
#define VHPC_CONDUCT_H

#include "calibration/measure/crew.h"
#include "calibration/measure/options.h"
#include "calibration/measure/plan.h"
#include "calibration/measure/recorder.h"
#include "calibration/measure/watchdog.h"

#include <signal.h>

/* What rank 0 leads with; borrowed. */
struct conductor {
    const struct measure *measure;
    const struct options *options;
    struct plan *plan; /* cells have the numbers of the file; some are added under FULL: refine.h */
    struct crew *crew;
    struct recorder *recorder;
    struct watchdog *watchdog;
    const struct places *places;
    const volatile sig_atomic_t *is_interrupted;
    double precision;        /* of medians, that is enough */
    double (*spent_s)(void); /* of the budget */
};

/* Leads from block to block, and writes the end of the launch. Returns the exit status; other ranks
 * have been told to stop then, but for a status of 1, after which nobody can be spoken to. */
int conduct(const struct conductor *conductor);

/* The part of the other ranks. Returns 0 or an MPI error class. */
int follow(const struct measure *measure, struct crew *crew,
           const volatile sig_atomic_t *is_interrupted);

/* How long a launch of so many seconds may measure: what is left over is for its end. */
double conduct_budget_s(double budget_s);

#endif
