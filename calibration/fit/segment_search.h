/*
 * segment_search.h - the best breakpoints for each number of pieces (of segment.c alone).
 */
#ifndef VHPCSIM_SEGMENT_SEARCH_H
#define VHPCSIM_SEGMENT_SEARCH_H

#include "calibration/fit/segment.h"

/*
 * Weighted sums over the points of a piece, kept about their means: over sizes of nine decades,
 * differences of plain sums would lose all digits.
 */
struct line_sums {
    int n;
    double weight, mean_s, mean_y;
    double ss, sy, yy; /* of deviations from the means */
};

void line_sums_add(struct line_sums *sums, double size_B, double time_s, double weight);

/* The line of least weighted squares with a, b >= 0, and those squares. Of no points all are 0. */
double line_sums_fit(const struct line_sums *sums, double *a_s, double *b_spB);

/* All series on one axis: the sizes that at least one of them has. */
struct segment_axis {
    int n_series, n_sizes;
    const struct segment_series *series;
    double *size_B;
    int *point;      /* [size x n_series + series]: number of its point, -1: none */
    double **weight; /* [series][point]: for squares of seconds */
};

/* Returns 0, -EINVAL or -ENOMEM as segments_fit(). Weights are zero. Borrows `series`. */
int segment_axis_init(int n_series, const struct segment_series series[],
                      struct segment_axis *axis);
void segment_axis_release(struct segment_axis *axis);

/* Adds all points at a size to the sums of their series. */
void segment_axis_add(const struct segment_axis *axis, int size, struct line_sums sums[]);

/* Where the pieces begin, for each number of them: first[k - 1] are the k numbers of sizes. */
struct segment_paths {
    double loss[SEGMENT_PIECES]; /* INFINITY: not possible */
    int first[SEGMENT_PIECES][SEGMENT_PIECES];
};

/* Finds them all. Returns 0 or -ENOMEM. */
int segment_search(const struct segment_axis *axis, const struct segments_options *options,
                   struct segment_paths *paths);

#endif
