/*
 * kernel_pairs.h - pairs of Gaussian deviates by acceptance and rejection, as NPB's EP draws them:
 * scalar floating point in chains, with square roots and logarithms.
 */
#ifndef VHPC_KERNEL_PAIRS_H
#define VHPC_KERNEL_PAIRS_H

enum { N_ANNULI = 10 };

struct pairs {
    double sum_x, sum_y;
    int n_accepted;
    int counts[N_ANNULI]; /* by the larger of both, rounded down */
};

/* The first `n` pairs of the linear congruence 5^13 modulo 2^46 (D. Bailey and others, The NAS
 * Parallel Benchmarks, RNR-94-007), always from the same start. */
void pairs_draw(int n, struct pairs *pairs);

/*
 * Operations as the simulator's EP counts them: 5 of each random number, 8 of each pair, 31 of an
 * accepted one, of which 20 are a logarithm.
 */
double pairs_operations(int n, int n_accepted);

#endif
