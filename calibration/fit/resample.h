/*
 * resample.h - intervals of fitted numbers, by fitting again to what another measurement might
 * have been.
 *
 * Repetitions of one visit, and visits of one block, err together: taken for independent they give
 * intervals that are too narrow. So whole groups are drawn, with replacement, and a group that was
 * drawn twice weighs twice: a fit sees its own observations, with other weights.
 *
 * Few groups make the bootstrap's percentiles too narrow, as a normal distribution is narrower than
 * Student's. The percentiles are moved outward by just that (Hesterberg 2015, section 4.3.2,
 * doi:10.1080/00031305.2015.1089789, "expanded percentile interval"). With eight groups and more 92
 * to 97 of 100 intervals hold the truth, with five 88.
 */
#ifndef VHPCSIM_RESAMPLE_H
#define VHPCSIM_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

/* A number, and where it lies in 95 of 100 measurements like this one. */
struct estimate {
    double value;
    double ci95_lo, ci95_hi; /* NAN where nothing tells: fewer than two groups, or nothing drawn */
};

/* How often to draw; the same seed draws the same. */
struct resampling {
    int n_draws; /* 0: no intervals; 200 and more give an interval two digits */
    uint64_t seed;
};

/*
 * Fits parameters to observations of which `weight[i]` >= 0 copies are there. Returns 0, or a
 * negative errno where these weights leave nothing to fit; such draws are left out.
 */
typedef int resample_fit(const void *observations, const double weight[], double parameter[]);

/*
 * Fits all `n` observations, then those of drawn groups. `group[i]` is any number: equal ones are
 * one group; NULL: each observation is a group. Writes `n_parameters` estimates; the value is that
 * of all observations, and an interval never leaves it out.
 *
 * Returns 0; what the fit of all observations returned, then nothing is written; -ENOMEM. Where
 * more than a tenth of all draws cannot be fitted, intervals are NAN. Cost: n_draws + 1 fits.
 */
int resample_estimates(int n, const int group[], resample_fit *fit, const void *observations,
                       int n_parameters, const struct resampling *how, struct estimate estimate[]);

/*
 * Median of `n` observations of which there are weight[i] copies: the mean of the two in the middle
 * where copies are even in number. `order` sorts them: value[order[0]] <= value[order[1]] ...
 * NAN where nothing weighs anything.
 */
double weighted_median(int n, const size_t order[], const double value[], const double weight[]);

/* An estimate without interval. */
struct estimate estimate_alone(double value);

#endif
