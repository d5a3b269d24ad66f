/*
 * saturation.h - what k cores get together of something that they share.
 *
 * Memory bandwidth of a socket grows with the cores that use it until its channels are full. How it
 * bends depends on the machine, so several laws are fitted to the relative error of B(k), the total
 * of k = 1..P ranks, and the one with the least corrected information criterion (AICc) is taken;
 * leaving out each k in turn tells how well the law predicts a k that nobody measured. Two
 * different k, as on two cores, leave no law to choose: there the medians are taken as they are,
 * and more ranks than the most are not said to get more.
 *
 * Rates of a core beside others that are at work (clock, shared caches, hardware threads) follow
 * from the same data: B(k) / k.
 */
#ifndef VHPCSIM_SATURATION_H
#define VHPCSIM_SATURATION_H

#include "resample.h"

enum saturation_law {
    SATURATION_FLAT,       /* B = cap: one core fills it */
    SATURATION_LINEAR,     /* B = k one: nothing is shared */
    SATURATION_CAP,        /* B = min(k one, cap) */
    SATURATION_HYPERBOLIC, /* 1 / B = (1 / one - 1 / cap) / k + 1 / cap */
    SATURATION_KNEE,       /* B = ((k one)^-p + cap^-p)^(-1/p), p >= 1: roofline with soft knee */
    SATURATION_RETROGRADE, /* hyperbolic + c k in 1 / B: more cores than fill it get less (Gunther)
                            */
    N_SATURATION_LAWS
};
extern const char *const saturation_law_names[N_SATURATION_LAWS + 1]; /* "flat", ..., NULL */

/* Median of a visit. */
struct saturation_point {
    int n_active; /* ranks at work, >= 1 */
    double total; /* what they got together, > 0: B/s, or flop/s */
    int group;    /* visits of one number err together */
    int launch;   /* and so do those of a launch */
};

/* A law with numbers in it. */
struct saturation_curve {
    enum saturation_law law;
    double one;   /* initial slope: of one core that is alone, but for the flat law */
    double cap;   /* limit for many cores; INFINITY: none */
    double shape; /* p of the knee, c of the retrograde one; 0 else */
};

struct saturation_fit {
    struct saturation_curve curve;
    struct estimate one;            /* total of one rank under the curve; of up to two different k,
                                       as measured */
    struct estimate all;            /* total of n_all ranks, the same */
    double aicc[N_SATURATION_LAWS]; /* INFINITY: too few different k for that law */
    double leave_one_out;     /* relative error of the totals at a k that was left out, median over
                                 k; NAN: fewer than three different k */
    double leave_one_out_max; /* the largest */
    double error;             /* relative, root mean square */
};

/*
 * `n_all` >= 1 is the number of cores that share. Laws with as many numbers as there are different
 * k are allowed, as visits tell the error, laws with more are not. Returns 0; -EINVAL where a total
 * is not finite or not > 0, n_active < 1 or n_all < 1; -EDOM where there are no points; -ENOMEM.
 * Writes the result on success alone.
 */
int saturation_fit(int n, const struct saturation_point point[], int n_all,
                   const struct resampling *how, struct saturation_fit *result);

/* Total of `n_active` ranks, 1 and more. */
double saturation_total(const struct saturation_curve *curve, double n_active);

/* Rate of each of `n_active` cores. */
struct active_rate {
    struct estimate alone;     /* of one core */
    struct estimate full_node; /* of each of n_all; NAN where nobody measured more than one */
};

/*
 * Rates of one core and of each of `n_all`, of totals as above: the median of visits where they
 * were measured, of the curve where n_all was not. Errors as of saturation_fit(), and -EDOM where
 * one core was never alone.
 */
int active_rate_fit(int n, const struct saturation_point point[], int n_all,
                    const struct resampling *how, struct active_rate *result);

#endif
