/*
 * drift.h - whether a machine still is what its profiles say, in the light of a short probe.
 *
 * The probe is fitted as any measurement, and parameters that both sides have measured are compared
 * one by one (profile_change.h). Some numbers of a fit mean little alone: pieces by message size
 * begin elsewhere where other sizes were measured, and their latency, the link's, and the terms of
 * a polynomial trade places. What these say together is compared instead: each time that the probe
 * has measured with the time that the stored profiles tell for the same message or matrix. The
 * middle of these ratios over a range of sizes is how far the range has moved; what a stored curve
 * misses at some size is part of its interval, as neighbours miss it elsewhere. Profiles do not say
 * how well a whole curve is known, so a stored one counts as known as well as the probe's.
 *
 * Of a hundred parameters that did not move, five leave their 95 % intervals. Here something has
 * moved where it did so beyond the margin, and beyond what one in twenty probes of an unchanged
 * machine would show anywhere (C. E. Bonferroni's inequality).
 *
 * Left out: what guests add (a probe is of one side), and messages under load.
 */
#ifndef VHPCSIM_CALIBRATION_DRIFT_H
#define VHPCSIM_CALIBRATION_DRIFT_H

#include "fitted.h"
#include "profile_change.h"

struct drift {
    struct arena arena;
    struct profile_changes changes; /* of what was probed; paths begin with the part: "node." */
    int n_unprobed;
    const char **unprobed; /* paths of what the stored profiles have measured, and the probe not */
};

/*
 * Compares stored profiles, `stored` by part (NULL: there is none; a technology is not looked at),
 * with what was fitted to a probe. Both are borrowed until the release. `margin` > 0: 0.03 allows
 * 3 %. Returns 0 or -ENOMEM; release it in both cases. `changes.n` is 0 where nothing is common.
 */
int drift_init(struct drift *drift, const struct profile *const stored[N_FIT_PARTS],
               const struct fitted *probe, double margin);
void drift_release(struct drift *drift);

/* drift_curves.c: adds what curves say. Returns 0 or -ENOMEM. */
int drift_add_curves(struct drift *drift, const struct profile *const stored[N_FIT_PARTS],
                     const struct fitted *probe);

/* Adds a path, which must outlive the drift. Returns 0 or -ENOMEM. */
int drift_add_unprobed(struct drift *drift, const char *path);

#endif
