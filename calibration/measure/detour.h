/*
 * detour.h - what a rank that does nothing but look at its clock misses. Pure functions on
 * readings.
 *
 * Between two readings at least a quantum passes, which a look takes. Where more passes, several
 * quanta of it, the core did something else meanwhile: an interrupt, a daemon, another guest. How
 * long that took is the gap less the look.
 */
#ifndef VHPC_DETOUR_H
#define VHPC_DETOUR_H

#include <stddef.h>

struct detour {
    double start_s, length_s;
};

struct detour_watch {
    double quantum_s;
    double threshold_s; /* of lengths: shorter ones are looks that took longer */
    double last_s;      /* reading */
    size_t n, most;
    struct detour *detours; /* `most` of them, the caller's; those from threshold_s on */
    double n_shorter, shorter_s;
};

/*
 * The quantum of a clock that gave these n (>= 2) gaps between readings: their median, or where a
 * coarse clock shows most as 0, their mean. Sorts them.
 */
double detour_quantum_s(size_t n, double gaps_s[]);

/* Begins to watch at the reading `now_s`. */
void detour_begin(struct detour_watch *watch, double quantum_s, double now_s);

/*
 * Tells the next reading. Where there is no room for another detour nothing more is noticed:
 * whoever watches stops then.
 */
static inline void detour_look(struct detour_watch *watch, double now_s)
{
    const double length_s = now_s - watch->last_s - watch->quantum_s;

    if (length_s >= watch->threshold_s && watch->n < watch->most)
        watch->detours[watch->n++] = (struct detour){watch->last_s, length_s};
    watch->last_s = now_s;
}

/*
 * Leaves at most `most` (>= 1) detours in the list by raising the threshold, and counts what is
 * shorter instead: long ones are few, and take most of the time. Returns 0 or -ENOMEM.
 */
int detour_thin(struct detour_watch *watch, size_t most);

#endif
