/*
 * progress.h - tells a waiting person on a terminal how far a long run is.
 *
 * One line on stderr, rewritten in place, only if stderr is a terminal and only after a second:
 * short runs and logs stay clean.
 */
#ifndef VHPCSIM_PROGRESS_H
#define VHPCSIM_PROGRESS_H

#include <stdbool.h>

struct progress {
    bool is_shown; /* a person is looking */
    const char *label;
    int n_total;    /* simulations to run */
    double start_s; /* monotonic clock */
};

/* Uses SIGALRM and its timer until progress_end(): the first simulation may take long. One at a
 * time in a process. `label` (borrowed; NULL: none) stands before what is shown. */
void progress_init(struct progress *progress, bool is_wanted, const char *label, int n_total);

/* `n_done` simulations are done. */
void progress_update(struct progress *progress, int n_done);

/* Clears the line. */
void progress_end(struct progress *progress);

/* Seconds on a clock that never jumps. */
double monotonic_s(void);

/*
 * The line itself: "7 of 21 simulations, about 34 s left", behind the label. `elapsed_s` is the
 * time that the first `n_done` took; nothing is said of the time left before the first is done.
 */
void progress_text(char *text, unsigned long size, const char *label, int n_done, int n_total,
                   double elapsed_s);

#endif
