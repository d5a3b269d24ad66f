/*
 * launch_effect.h - what launches of the program differ by (of bootstrap.c alone).
 *
 * A launch gives ranks other cores, pages and connections, which then stay: all its visits share
 * them. They are as much faster or slower at all sizes, or in one piece, or only in its slope; the
 * first is told apart from the noise of visits best, as all points of a series know of it.
 */
#ifndef VHPCSIM_LAUNCH_EFFECT_H
#define VHPCSIM_LAUNCH_EFFECT_H

#include "calibration/fit/visit_sample.h"

/* Of one line: standard errors of the mean over launches, beyond what visits explain; 0 where
 * there is one launch. */
struct launch_effect {
    int n_launches; /* that have points of the line */
    double error[N_LINE_NUMBERS];
};

struct launch_effects {
    struct launch_effect line[SEGMENT_SERIES][SEGMENT_PIECES];
};

/* Takes the visits of one launch after the other; those of the last are then taken. Returns 0 or
 * -ENOMEM. */
int launch_effects_find(struct visit_sample *sample, struct launch_effects *effects);

#endif
