/*
 * noise.h - what a core's detours take from the rank that runs on it.
 *
 * Now and then a core leaves its rank for something else: a timer tick, an interrupt, a daemon, a
 * hypervisor that runs its own threads. Such detours hardly show in one rank's time. Where ranks
 * wait for each other, though, each step is as long as the unluckiest of them makes it, which costs
 * more the more ranks there are and the longer a single detour lasts (F. Petrini, D. Kerbyson,
 * S. Pakin, SC 2003). None of that is in here: it comes from every rank's own draws.
 *
 * Detours come independently of each other, so many in a second of work, and their lengths are
 * lognormal. Left out: that ticks come at regular times (only where in a tick a rank's work begins
 * is random), detours that hit all cores at the same moment, and caches that they leave cold.
 */
#ifndef VHPCSIM_NOISE_H
#define VHPCSIM_NOISE_H

#include "profile.h"
#include "random.h"

/* Seconds of detours in a second of work, on average. */
double noise_share(const struct noise_profile *noise);

/*
 * Draws the seconds that detours take while a core does `work_s` >= 0 seconds of work: the sum of
 * as many lengths as a Poisson number of mean rate x work says.
 *
 * Its mean is noise_share() x work_s, its variance that x length x (1 + spread^2). Work cut in two
 * loses as much in distribution as in one go. Zero where there is no noise or no work; nothing is
 * then drawn from the stream. Cost: a number for each detour, and one in all where there are so
 * many that a gamma distribution of the same mean and variance does: more than 16 (1 + spread^2),
 * which bounds its relative deviation by a quarter. At spread 1 the third moments agree too;
 * beyond, the rare long sums of the many are a little shorter than they should be.
 */
double noise_taken_s(const struct noise_profile *noise, double work_s,
                     struct random_stream *stream);

/*
 * Draws what is left of a detour that is under way when what a rank waited for, `waited_s` >= 0
 * seconds without one at the start, has come; 0 where none is. A detour that ends before costs a
 * waiting rank nothing. Never drawn where there is no noise or no wait; rises to a mean of half of
 * noise_share() x length x (1 + spread^2) / (1 + noise_share()) for long waits.
 */
double noise_left_s(const struct noise_profile *noise, double waited_s,
                    struct random_stream *stream);

#endif
