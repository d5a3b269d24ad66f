/*
 * detour_sources.h - who takes a core away: what ticks, and what comes at any time.
 *
 * Timers come at regular times. Their frequency shows as a peak in the spectrum of the times at
 * which detours began, and in all multiples of it; the lowest strong one is the source. Ranks tick
 * at phases of their own. Detours within a twentieth of a period from a tick are the source's, and
 * are taken out before the next one is looked for; what is left over comes at random.
 *
 * A source is told where at least ten of its ticks passed, every other tick that could be was seen
 * and it ticks less than 2 kHz.
 */
#ifndef VHPCSIM_DETOUR_SOURCES_H
#define VHPCSIM_DETOUR_SOURCES_H

#include "calibration/raw/raw.h"
#include "resample.h"

#include <stdbool.h>

enum { DETOUR_SOURCES = 4 }; /* the last place is for what is left over */

/* Detours of one cause, as far as times tell. */
struct detour_source {
    bool is_periodic;
    struct estimate frequency_Hz; /* in a second of the clock, of one core */
    double length_s;              /* mean */
    double median_s; /* of lengths: what is left of it where other detours fall together with it */
    double spread;   /* relative standard deviation of lengths */
    double share;    /* of the time that listed detours took, 0..1 */
};

/*
 * Finds up to DETOUR_SOURCES sources, most lost time first, in valid records (detours_fit() says
 * which are). Returns how many, 0 where there are no detours; -ENOMEM.
 */
int detour_sources(int n_records, const struct raw_detours record[],
                   struct detour_source source[DETOUR_SOURCES]);

#endif
