/*
 * equivalence.h - whether two sides are as fast as each other, or nobody knows.
 *
 * "No significant difference" is no answer: few data give it too. "No overhead" has to be shown,
 * by two one-sided tests (TOST; Schuirmann, doi:10.1007/BF01068419) that the ratio is above the
 * lower and below the upper margin: the 90 % interval lies inside. Both sides were measured in
 * alternating blocks; one number of a block is the log ratio of its medians. Blocks of one launch
 * err together, so where launches differ by more than their blocks explain, launches are what
 * counts.
 */
#ifndef VHPCSIM_EQUIVALENCE_H
#define VHPCSIM_EQUIVALENCE_H

#include "resample.h"

#define EQUIVALENCE_MARGIN 0.03 /* the words "no overhead" allow that much */

enum equivalence_verdict {
    EQUIVALENT, /* the 90 % interval lies within the margin */
    DIFFERENT,  /* the 95 % interval leaves out 1, and it is not equivalent */
    UNDECIDED
};

struct equivalence_point {
    double first_s, second_s; /* medians of one block, > 0: native and virtual, say */
    int launch;
};

struct equivalence {
    enum equivalence_verdict verdict;
    struct estimate ratio;   /* second / first, geometric mean, Student's 95 % interval */
    double ci90_lo, ci90_hi; /* what the two tests look at */
    double p_equivalent;     /* larger p of the two one-sided tests */
    double p_different;      /* of the ratio 1, two-sided */
    double degrees_of_freedom;
};

/*
 * `margin` > 0: equivalent is a ratio in (1 / (1 + margin), 1 + margin). Returns 0; -EINVAL where a
 * time is not finite or not > 0, or the margin is not > 0; -EDOM below two blocks; -ENOMEM. Writes
 * the result on success alone. Blocks that all have one ratio are equivalent or different without
 * doubt.
 */
int equivalence_test(int n, const struct equivalence_point point[], double margin,
                     struct equivalence *result);

/* "no overhead within 3 %", "overhead of 12.3 % (10.1 to 14.6 %)", "gain of ...", "undecided: ...";
 * writes at most `size` bytes. */
void equivalence_words(char *text, int size, const struct equivalence *result, double margin);

#endif
