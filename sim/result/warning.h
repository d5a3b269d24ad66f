/*
 * warning.h - what a user must know to trust a result: what, why, what to do.
 */
#ifndef VHPCSIM_WARNING_H
#define VHPCSIM_WARNING_H

#include <stdbool.h>
#include <stdio.h>

enum warning_kind {
    WARNING_NOTE,    /* worth knowing: nothing is wrong */
    WARNING_DOUBTFUL /* the result may be off; an error with --strict */
};
extern const char *const warning_kind_names[]; /* "note", "warning" */

struct warning {
    enum warning_kind kind;
    char *place;   /* a key of the scenario, or file:line:column; "" when it is about the run */
    char *message; /* what and why, one sentence without a full stop */
    char *hint;    /* what to do; "" when there is nothing */
};

/* A list of warnings in the order in which they were added; `{0}` is an empty one. */
struct warnings {
    struct warning *items; /* owned, as are the texts */
    int n;
    bool out_of_memory; /* one was lost: the result must not be shown as whole */
};

/* Adds one; texts are copied, `place` and `hint` may be NULL. What stands there already, word for
 * word at the same place, is not added again. */
void warnings_add(struct warnings *warnings, enum warning_kind kind, const char *place,
                  const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* How many there are of a kind. */
int warnings_count(const struct warnings *warnings, enum warning_kind kind);
void warnings_release(struct warnings *warnings);

#endif
