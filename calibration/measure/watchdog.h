/*
 * watchdog.h - ends a run that hangs: MPI waits for ever for a rank that is dead or stopped.
 *
 * A thread of rank 0 that sleeps while another waits in MPI. When what is under way takes
 * longer than it may, or the process shall end and what is under way does not, the thread says
 * which ranks are to blame, writes the end of the launch, and aborts all ranks. Under a simulator
 * there is none: time stands still there while a process hangs.
 */
#ifndef VHPC_WATCHDOG_H
#define VHPC_WATCHDOG_H

#include "calibration/measure/crew.h"
#include "calibration/measure/places.h"
#include "calibration/measure/recorder.h"

#include <signal.h>

struct watchdog;

/*
 * Before there is a file, and before ranks know each other: where they have not all come `limit_s`
 * from now, the process says so and ends, and mpirun ends the others. Call it ahead of MPI_Init,
 * and watchdog_all_came() when all have been heard of.
 */
void watchdog_await_all(double limit_s);
void watchdog_all_came(void);

/* What it looks at; borrowed. */
struct watched {
    const struct crew *crew;
    const struct places *places;
    struct recorder *recorder;
    const volatile sig_atomic_t *is_interrupted;
    double (*spent_s)(void); /* of the launch */
};

/* NULL: there is none here. The functions below then do nothing. */
struct watchdog *watchdog_new(const struct watched *watched);
void watchdog_free(struct watchdog *watchdog);

/* From now on `limit_s` are left for what `doing` says ("cell 7, pingpong of 1024 B"; copied).
 * `is_visit`: ranks answer behind it, so that those that have not are known. */
void watchdog_expect(struct watchdog *watchdog, double limit_s, bool is_visit, const char *doing);

/* Nothing is expected. */
void watchdog_rest(struct watchdog *watchdog);

/*
 * What there is to say of ranks that rank 0 waits for: of its own operating system those that are
 * stopped or gone and, where there are none, all that have not answered.
 */
void watchdog_blame(const struct watched *watched, bool is_visit, char text[], size_t size);

#endif
