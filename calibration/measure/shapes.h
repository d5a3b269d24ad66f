/*
 * shapes.h - which matrices a node multiplies: what HPL does to its panels and trailing matrix, and
 * what lies around.
 */
#ifndef VHPC_SHAPES_H
#define VHPC_SHAPES_H

#include "calibration/measure/thoroughness.h"

struct shape {
    int m, n, k;
};

enum { MOST_SHAPES = 96, SHAPES_WORDS = 1 << 24 };

/*
 * Shapes for C (m x n) += A (m x k) B (k x n), about equally many of each kind:
 * - squares, evenly on a logarithmic scale;
 * - updates: k is a block size of 32 to 256, C large and of any form;
 * - large ones, likewise, of the longest that time allows;
 * - panels: tall A, few columns;
 * - rows: few rows, wide B;
 * - tiny ones.
 * They come from a list that depends on the seed alone, of which is left out what a core of
 * `rate_flops` would take too long for, or has more than SHAPES_WORDS or `most_words` words in all:
 * machines alike have the same ones, others some in common. Returns how many.
 */
int shapes_choose(unsigned long seed, enum thoroughness thoroughness, double rate_flops,
                  double most_words, struct shape shapes[MOST_SHAPES]);

double shape_flops(const struct shape *shape);
double shape_words(const struct shape *shape);

#endif
