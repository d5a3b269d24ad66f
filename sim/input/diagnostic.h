/*
 * diagnostic.h - what is wrong with the user's input, and where.
 *
 *     cluster.yaml:12:17: error: unknown unit "Gbits"
 *       12 |     bandwidth: 1 Gbits/s
 *          |                ^
 *          = expected a bandwidth, such as 1 Gbit/s or 125 MB/s; did you mean "Gbit/s"?
 *
 * All errors of all documents are collected and printed once, sorted by document and place. The
 * same message at the same place is kept once, and no more than DIAGNOSTICS_MAX in all. Control
 * characters in messages and source lines are printed as \x1b, so that no document can speak to the
 * terminal.
 */
#ifndef VHPCSIM_DIAGNOSTIC_H
#define VHPCSIM_DIAGNOSTIC_H

#include <stddef.h>
#include <stdio.h>

enum { DIAGNOSTICS_MAX = 200 };

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

/* A place in a named text. Lines and columns count from 1; 0 means the text as a whole. */
struct place {
    const char *file; /* as the user named it; "--set" for command-line settings; borrowed */
    int line;
    int column; /* in characters, not bytes */
};

struct diagnostics; /* the collection; owned by the caller */

struct diagnostics *diagnostics_new(void);
void diagnostics_free(struct diagnostics *diagnostics);

/* Adds one. `hint` says what was expected or suggests a fix; NULL or "" leaves it out. Texts are
 * copied. Without memory for it, it only counts. */
void diagnostics_add(struct diagnostics *diagnostics, enum severity severity, struct place place,
                     const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * The same at a key of the scenario: `key` is a path such as "workload.p". The place is where
 * the scenario, a profile that it includes, or --set gave that value; where nobody gave it, the
 * place of the nearest enclosing key.
 */
void diagnostics_add_key(struct diagnostics *diagnostics, enum severity severity, const char *key,
                         const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * Tells the collection the text behind the places in `file`, for their source lines; copied. Files
 * are printed in the order in which their texts came.
 */
void diagnostics_add_text(struct diagnostics *diagnostics, const char *file, const char *text,
                          size_t length);

/* Tells the collection where the value of `key` stands, for diagnostics_add_key; copied. */
void diagnostics_note_key(struct diagnostics *diagnostics, const char *key, struct place place);

/* The place that was noted for `key`, or for the nearest key that encloses it. Its file is the
 * collection's. */
struct place diagnostics_place_of(const struct diagnostics *diagnostics, const char *key);

/* Where an error of another collection stands in this one. */
typedef struct place diagnostic_move(struct place place, void *user);

/*
 * Adds the errors of the collection `from` at the places that `move` makes of theirs, and the texts
 * behind them, but that of the file `moved`: what moves from there must stand in another.
 */
void diagnostics_add_all(struct diagnostics *diagnostics, const struct diagnostics *from,
                         const char *moved, diagnostic_move *move, void *user);

/* How many there were, those included that were one too many to keep. */
int diagnostics_count(const struct diagnostics *diagnostics, enum severity severity);

/* One of the collection as diagnostics_each shows it; borrowed for the length of the call. */
struct diagnostic {
    enum severity severity;
    struct place place;
    const char *message;
    const char *hint; /* "" when there is none */
};
typedef void diagnostic_visit(const struct diagnostic *diagnostic, void *user);

/* Calls `visit` with each diagnostic of `severity`, in the order of printing. */
void diagnostics_each(const struct diagnostics *diagnostics, enum severity severity,
                      diagnostic_visit *visit, void *user);

/* Prints all with source line and caret; `color` for terminals. */
void diagnostics_print(const struct diagnostics *diagnostics, FILE *out, int color);

#endif
