/*
 * profile_change.h - how one profile differs from another, parameter by parameter, in the light of
 * how well each is known.
 *
 * Two parameters whose values differ need not have moved: their intervals may be wider than that.
 * And two that do not differ significantly need not be the same. So there are three answers, by the
 * same two tests as in equivalence.h, on what the 95 % intervals say of both values' errors: ratios
 * of values above 0, differences of others.
 */
#ifndef VHPCSIM_PROFILE_CHANGE_H
#define VHPCSIM_PROFILE_CHANGE_H

#include "models/parameter.h"
#include "sim/input/profile_document.h"

enum change_verdict {
    CHANGE_NONE,   /* the same number, or the same word */
    CHANGE_WITHIN, /* the 90 % interval of the ratio lies within the margin */
    CHANGE_MOVED,  /* the 95 % interval leaves out 1; of what has no interval: beyond the margin */
    CHANGE_UNDECIDED, /* intervals are too wide to tell */
    CHANGE_APPEARED,  /* the second alone has it: a piece more */
    CHANGE_VANISHED,  /* the first alone has it */
    N_CHANGE_VERDICTS
};
extern const char *const change_verdict_names[N_CHANGE_VERDICTS + 1]; /* NULL at the end */

struct profile_change {
    char *path; /* "backend.packet" */
    const struct field *field;
    const void *first, *second; /* values in the profiles; NULL where one has none; borrowed */
    double ratio;               /* second / first; NAN unless both are numbers above 0 */
    double ratio_lo, ratio_hi;  /* its 95 % interval */
    enum change_verdict verdict;
};

struct profile_changes {
    int n;
    struct profile_change
        *items; /* in the order of the first profile, then what only the second has */
    int n_of[N_CHANGE_VERDICTS];
};

/*
 * Compares two profiles of one kind, which must outlive the list. `margin` > 0: 0.03 allows 3 %.
 * Names, titles and sources are left out. Returns 0 or -ENOMEM; release it in both cases.
 */
int profile_changes_init(struct profile_changes *changes, const struct profile *first,
                         const struct profile *second, double margin);
void profile_changes_release(struct profile_changes *changes);

/*
 * Adds a row without a verdict to the list, which is zeroed or has been made above. `path` is
 * copied. Returns the row, which is valid until the next one, or NULL without memory.
 */
struct profile_change *profile_changes_add(struct profile_changes *changes, const char *path,
                                           const struct field *field, const void *first,
                                           const void *second);

/* The verdict on two parameters, and in `change` the ratio and its interval. */
enum change_verdict parameter_change(const struct parameter *first, const struct parameter *second,
                                     double margin, struct profile_change *change);

#endif
