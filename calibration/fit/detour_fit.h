/*
 * detour_fit.h - what takes a core away from its rank: how often, how long, and who.
 *
 * A program that does nothing but read its clock sees a gap where its core was away. A reading
 * itself takes a quantum, so gaps as short as that are not seen, and a reading that follows a
 * detour may be late by part of a quantum. From the gaps come the three numbers of struct
 * noise_profile, corrected for what is too short to be seen where a lognormal cut at the quantum
 * describes the lengths (else they are taken as they are), and a report of the sources: timer ticks
 * come at regular times, daemons and interrupts at any time.
 *
 * The model's detours come independently, a mean number in a second of *computing*. A source that
 * ticks 250 times in a second of the clock and is away for 50 us each, comes 253.2 times in a
 * second of computing.
 */
#ifndef VHPCSIM_DETOUR_FIT_H
#define VHPCSIM_DETOUR_FIT_H

#include "calibration/raw/raw.h"
#include "resample.h"

#include <stdbool.h>

enum { DETOUR_SOURCES = 4 };

/* Detours that come from one cause, as far as times tell. */
struct detour_source {
    bool is_periodic;
    struct estimate frequency_Hz; /* in a second of the clock */
    double length_s;              /* mean */
    double spread;                /* relative standard deviation of lengths */
    double share;                 /* of the lost time, 0..1 */
};

struct detour_fit {
    struct estimate rate_Hz;      /* in a second of computing: noise_profile.rate_Hz */
    struct estimate length_s;     /* mean; 0 where there was none */
    struct estimate spread;       /* relative standard deviation of lengths */
    struct estimate frequency_Hz; /* in a second of the clock, unseen ones included */
    struct estimate lost;         /* part of the clock's time that detours take, 0..1 */
    double stolen_share; /* of lost time, what hypervisors own up to; NAN: they do not say */
    double unseen_share; /* of detours, what is too short to be seen, as far as known; 0..1 */
    bool is_corrected;   /* unseen ones are in the numbers above */
    int n_sources;
    struct detour_source source[DETOUR_SOURCES]; /* most lost time first; the last may be random */
    double observed_s;
    int n_seen;
};

/*
 * Takes the records of all ranks together. Returns 0, also where no detour was seen (all zero, the
 * upper end of rate_Hz being what three expected ones would be); -EINVAL where a number is not
 * finite, starts do not rise, lengths are not > 0, or observed_s or quantum_s is not > 0; -EDOM
 * where there is no record, or detours are longer than the observation; -ENOMEM. Writes the result
 * on success alone.
 */
int detours_fit(int n_records, const struct raw_detours record[], const struct resampling *how,
                struct detour_fit *result);

#endif
