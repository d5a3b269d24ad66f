/*
 * segment.h - the time of a message against its size, as a few straight pieces.
 *
 * A library sends short messages one way and long ones another, so time against size is a line
 * only between the sizes where it changes its mind, and jumps there. Each piece is a line of its
 * own, y = a + b s with a >= 0 and b >= 0, joined to its neighbours by nothing. What operations on
 * one path have in common is where the pieces begin: several series share their breakpoints and
 * have lines of their own.
 *
 * The fit minimises the sum over all points of
 *     weight x ((y - a - b s) / expected y)^2
 * exactly, over all breakpoints at once, by dynamic programming (R. Bellman, CACM 4 (1961) 284,
 * doi:10.1145/366573.366611). The expected y is that of the last round, not the measured one, which
 * would draw lines down; in the first round it is a running median. A point far from its
 * neighbours on both sides weighs less (Huber). The number of pieces is the one of the least
 * modified BIC (N. Zhang, D. Siegmund, Biometrics 63 (2007) 22,
 * doi:10.1111/j.1541-0420.2006.00662.x, taken from means to lines), and then the smallest that
 * predicts left-out points as well as that one does within one standard error of the difference.
 *
 * Left out: that pieces meet, that a path has two ways at the same size (residual.h tells).
 * Cost: O(n^2 (series + pieces)) for n different sizes, a tenth of a second for 1000. Of more than
 * 2000 sizes only as many are looked at as beginnings of pieces.
 */
#ifndef VHPCSIM_SEGMENT_H
#define VHPCSIM_SEGMENT_H

#include "calibration/fit/visits.h"

#include <stdbool.h>

enum { SEGMENT_PIECES = 12, SEGMENT_SERIES = 16 }; /* at most */

struct segments_options {
    int max_pieces; /* 1..SEGMENT_PIECES */
    int min_sizes;  /* >= 2: so many sizes at least one series has in each piece */
    /* Sizes, rising, behind which the library is known to change its way: the last of each. A
     * breakpoint between whose two sizes one lies is there. */
    int n_thresholds;
    const double *thresholds_B;
    bool are_forced; /* and each of them is one, where min_sizes allow it */
};

/* Twelve pieces, five sizes, no thresholds. */
extern const struct segments_options segments_defaults;

/* One piece of one series. */
struct segment_line {
    double a_s;   /* >= 0 */
    double b_spB; /* seconds a byte, >= 0 */
    int n;        /* points it was fitted to; 0: the series has none here, and a and b are those of
                     the nearest piece that has */
};

/* Pieces of all series. A plain value. */
struct segments {
    int n_pieces, n_series;
    /* A message of size s is of the last piece with from_B <= s; the first begins at 0. What is
     * known of a breakpoint is that below_B was still of the piece before, and above_B of this:
     * below_B < from_B <= above_B. from_B is above_B where nothing lies between, one more than a
     * known threshold there, or else their geometric mean. */
    double from_B[SEGMENT_PIECES];
    double below_B[SEGMENT_PIECES], above_B[SEGMENT_PIECES];
    bool is_forced[SEGMENT_PIECES]; /* a threshold that the options forced to be one */
    struct segment_line line[SEGMENT_SERIES][SEGMENT_PIECES];
    double validity_B[2];        /* smallest and largest size of all series */
    double loss[SEGMENT_PIECES]; /* least sum with one, two, ... pieces: never rises; NAN where so
                                    many are not possible */
};

/*
 * Fits 1..SEGMENT_SERIES series of at least one point each. Returns 0; -EINVAL where a series is
 * empty, sizes do not rise, or a number is none, infinite, negative, or a time or weight zero;
 * -ENOMEM. *segments is set only on success.
 *
 * Where time is scaled by a factor, so are a and b, and nothing else changes.
 */
int segments_fit(int n_series, const struct segment_series series[],
                 const struct segments_options *options, struct segments *segments);

/* Piece of a message of size_B >= 0, and its time in a series. */
int segments_piece(const struct segments *segments, double size_B);
double segments_time_s(const struct segments *segments, int series, double size_B);

/*
 * The size at which one more measurement tells most about breakpoint `piece` (1..n_pieces-1): the
 * geometric middle, a whole number, of the sizes on its two sides. 0 where they are within
 * `relative` of each other, or next to each other: nothing is left to find.
 */
double segments_bisect_B(const struct segments *segments, int piece, double relative);

/* How well fits predict sizes that they have not seen. */
struct hold_out {
    int n;           /* held-out points, of all series */
    double p50, p95; /* of |ln(measured / predicted)| */
    double floor;    /* visits_noise_floor(), median over series; NAN: nothing tells */
    int n_pieces;    /* of the fit with most of them */
};

/*
 * Leaves out every `every`-th size (>= 2) of each series, fits the others, and predicts them; then
 * those next to them, until each size but a series' first and last was predicted once. Returns 0,
 * -EINVAL as segments_fit(), -ERANGE where no size is left to predict, or -ENOMEM.
 */
int segments_hold_out(int n_series, const struct visit_series series[],
                      const struct segments_options *options, int every, struct hold_out *hold_out);

#endif
