/*
 * launches.h - adds to intervals what launches of the program differ by.
 *
 * A launch gives ranks other cores, pages and connections, which then stay, so its blocks err
 * together: intervals from blocks alone hold the truth in 75 of 100 measurements where launches
 * differ by half a percent. To draw launches again does not help, as there are three or so. What
 * their own fits differ by, beyond what blocks make them, is a variance of as few degrees of
 * freedom instead, and Student's distribution knows how uncertain that is.
 */
#ifndef VHPCSIM_LAUNCHES_H
#define VHPCSIM_LAUNCHES_H

#include "resample.h"

/*
 * Fits the observations of each launch alone, whose number is in `launch`, and widens the intervals
 * that resample_estimates() gave for the same fit, both sides by the root of squares (G. Zou,
 * A. Donner, Statistics in Medicine 27 (2008) 1693, doi:10.1002/sim.3095). No interval becomes
 * narrower. Nothing changes where there are fewer than two launches that can be fitted, or no
 * intervals. Returns 0 or -ENOMEM. Cost: a fit for each launch.
 */
int launches_widen(int n, const int launch[], resample_fit *fit, const void *observations,
                   int n_parameters, struct estimate estimate[]);

/*
 * resample_estimates() of groups, and then the above: for observations of several launches.
 * `launch` NULL: all of one.
 */
int launches_estimates(int n, const int group[], const int launch[], resample_fit *fit,
                       const void *observations, int n_parameters, const struct resampling *how,
                       struct estimate estimate[]);

#endif
