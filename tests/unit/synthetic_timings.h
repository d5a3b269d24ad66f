/*
 * synthetic_timings.h - timings whose truth is known: pieces, noise, visits, launches, outliers.
 *
 * A repetition takes the time of its piece times four factors: of its launch, of its visit, of
 * itself (all lognormal), and, now and then, of something that came between (a repetition 2 to 10
 * times as long, or a whole visit 1.5 to 3 times). What comes between is never short, so it moves
 * the location of a size; `truth` has the lines of locations, which is what a fit can know.
 */
#ifndef VHPCSIM_TEST_SYNTHETIC_TIMINGS_H
#define VHPCSIM_TEST_SYNTHETIC_TIMINGS_H

#include "calibration/fit/segment.h"

#include <stdbool.h>
#include <stdint.h>

enum { SYNTHETIC_REPETITIONS = 5 };

struct synthetic_truth {
    int n_pieces;
    double last_B[SEGMENT_PIECES]; /* last size of each piece but the last one */
    double a_s[SEGMENT_PIECES], b_spB[SEGMENT_PIECES];
    double largest_B;
    double noise;       /* of a repetition, relative standard deviation */
    double visit_noise; /* of a visit */
    double launch_noise;
    double outliers; /* part of repetitions; a third as many visits */
    int n_launches, n_blocks;
};

/* Data under construction. */
struct synthetic {
    struct synthetic_truth truth;
    uint64_t seed;
    double shift; /* what outliers make of the median, > 0 */
    int n, room;
    struct timed_visit *visits;
};

/*
 * Draws a truth of `n_pieces`: breakpoints between 64 B and a quarter of 4 MiB, a factor of 4 or
 * more apart, half of them at powers of two; each jumps by 5 to 100 % and changes the slope by up
 * to 2.5. Noise of repetitions is 2 to 20 %, of visits and launches less.
 */
struct synthetic_truth synthetic_truth_draw(uint64_t seed, int n_pieces);

/* Time of a message, without noise. */
double synthetic_time_s(const struct synthetic_truth *truth, double size_B);

/* Starts a data set without visits, and frees one. */
void synthetic_init(struct synthetic *synthetic, const struct synthetic_truth *truth,
                    uint64_t seed);
void synthetic_release(struct synthetic *synthetic);

/* Measures a size: all its visits. The same size always gives the same. */
void synthetic_measure(struct synthetic *synthetic, double size_B);

/* Measures sizes as a calibration does: n_random log-uniform ones, and the powers of two with
 * their neighbours. */
void synthetic_measure_sizes(struct synthetic *synthetic, int n_random);

/*
 * Whether somebody who knew all but whether there is a breakpoint behind `piece` would find it in
 * 99 of 100 such data: what one line instead of two adds to chi-square is more than its penalty by
 * so much.
 */
bool synthetic_is_visible(const struct synthetic *synthetic, int piece);

#endif
