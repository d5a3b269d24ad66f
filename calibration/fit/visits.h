/*
 * visits.h - what was measured again and again, by size: the data under every fit.
 *
 * The unit of replication is a visit: a few repetitions at one size, one behind the other. They
 * share what the machine did at that moment, so they are no independent samples; visits are,
 * within a launch of the program, and launches are of each other. The location of a size is
 * therefore the median over its visits of the median of a visit: what single repetitions, or
 * single visits, do to it ends where half of them do it.
 */
#ifndef VHPCSIM_VISITS_H
#define VHPCSIM_VISITS_H

/* One visit. Its times are borrowed from whoever read them. */
struct timed_visit {
    double size_B;         /* >= 0 */
    int launch;            /* any number that tells launches apart */
    int n;                 /* repetitions, >= 1 */
    const double *times_s; /* each > 0 */
};

/* All visits of one operation on one path, in any order. */
struct visit_series {
    int n;
    const struct timed_visit *visits;
};

/* A size and where its time lies. */
struct segment_point {
    double size_B; /* >= 0 */
    double time_s; /* > 0 */
    double weight; /* > 0: the inverse of the relative variance of time_s, or of what is
                      proportional to it */
};

/* Points of one operation by rising size, each size once. Whoever made them owns them. */
struct segment_series {
    int n;
    struct segment_point *points;
};

/* Median of `n` >= 1 numbers, of an even number of them the mean of the two in the middle. Changes
 * their order. Cost: linear. */
double median_of(int n, double values[]);

/*
 * Locates every size of a series. A point's weight is the inverse of the relative variance of its
 * location, which the visits of it and of the eight sizes next to it tell (medians of absolute
 * deviations; a floor of (0.5 %)^2 is added, as no two sizes are that much alike). Where sizes lie
 * more than twice as far from the lines between their neighbours as that explains, it is the
 * inverse of the square of that distance, in the median of 17 sizes: some paths have a time for
 * each size that is none of their noise.
 *
 * Returns 0, or -EINVAL where there is no visit, or a size or time is no number, infinite,
 * negative, or a time zero; -ENOMEM. *located then belongs to the caller: located_release().
 */
int visits_locate(const struct visit_series *visits, struct segment_series *located);
void located_release(struct segment_series *located);

/*
 * How well a measurement predicts itself: the visits of each size are dealt into two halves, in
 * turn; the floor is the median over sizes of the relative difference of the halves' locations,
 * |ln(first / second)|. NAN where no size has two visits. No model does better on new data from
 * half as many visits, and the target of held-out errors is therefore told in its multiples.
 */
double visits_noise_floor(const struct visit_series *visits);

/* The same of the 95th percentile over sizes: where sizes have two times each, as on TCP, halves of
 * the visits often fall on different ones, and no model of one time per size does better. */
double visits_noise_tail(const struct visit_series *visits);

#endif
