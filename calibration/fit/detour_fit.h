/*
 * detour_fit.h - what takes a core away from its rank: how often, how long, and who.
 *
 * A program that does nothing but read its clock sees a gap where its core was away. A reading
 * itself takes a quantum, and gaps of a few of those are readings that took longer, so detours
 * below a threshold are not seen. From what is seen come the three numbers of struct
 * noise_profile. Where a lognormal distribution cut at the threshold describes the lengths, what it
 * says of unseen detours is in them; else they are of the seen ones alone.
 *
 * The model's detours come independently, so many in a second of *computing*. A source that comes
 * 250 times in a second of the clock, 50 us long, comes 253.2 times in a second of computing.
 */
#ifndef VHPCSIM_DETOUR_FIT_H
#define VHPCSIM_DETOUR_FIT_H

#include "calibration/raw/raw.h"
#include "detour_sources.h"
#include "resample.h"

struct detour_fit {
    struct estimate rate_Hz;      /* in a second of computing: noise_profile.rate_Hz */
    struct estimate length_s;     /* mean; 0 where there was none */
    struct estimate spread;       /* relative standard deviation of lengths */
    struct estimate frequency_Hz; /* in a second of the clock */
    struct estimate lost;         /* part of the clock's time that detours take, 0..1 */
    double stolen_share; /* of the lost time, what hypervisors own up to, 0..1; NAN: they do not
                            say, or nothing was lost */
    double unseen_share; /* of all detours, 0..1; in the numbers above. 0 where lengths tell nothing
                            of it */
    double observed_s;
    double n_seen;
    int n_sources;
    struct detour_source source[DETOUR_SOURCES]; /* of the detours listed: most lost time first */
};

/*
 * Takes the records of all ranks together; what was counted, not listed, counts with its mean
 * length. Intervals come from windows, a twentieth of each record. Returns 0, also where no detour
 * was seen (all 0, the upper end of the rates being 3 / observed time); -EINVAL where a number is
 * not finite or negative, starts do not rise, or observed_s or quantum_s is not > 0; -EDOM where
 * there is no record, or detours take as long as the observation; -ENOMEM. Writes the result on
 * success alone.
 */
int detours_fit(int n_records, const struct raw_detours record[], const struct resampling *how,
                struct detour_fit *result);

#endif
