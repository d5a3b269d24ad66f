/*
 * kind.h - the contract of a kind of phase.
 *
 * A kind is one row, `const struct pattern_kind pattern_x`, in a file with what a rank does in it.
 * The rows stand in the table in kind.c; nothing else knows them by name. A phase has a
 * specification, which its row's fields fill; before a run, it is completed: expressions have
 * values for every step and what was left open is chosen.
 */
#ifndef VHPCSIM_PATTERN_KIND_H
#define VHPCSIM_PATTERN_KIND_H

#include "models/storage.h"
#include "sim/engine/program.h"
#include "sim/input/expression.h"
#include "sim/input/variant.h"

struct pattern_check;

/* What one rank knows when its turn in a phase comes. */
struct turn {
    struct rank *rank;
    struct comm *world;
    int number;  /* of the rank */
    int n_ranks; /* in the world */
    long step;   /* pass of the innermost repetition: for expression_at() */
    long index;  /* of this step in the whole walk: no two are the same */
    long phase;  /* number of the phase in the tree: the same in all its passes */
    uint64_t seed;
    double *compute_s; /* where the rank adds up its computing */
    double *disk_s;    /* and its waiting for disks */
};

/* Every specification begins with it. */
struct phase_common {
    char *name; /* "": its time is not told apart */
};

struct pattern_kind {
    const char *name;
    const char *help; /* one or two sentences: what it does, what limits it */
    const struct field *fields;
    size_t spec_size;
    bool is_compound; /* struct compound: its phases are walked, the rest here is NULL */
    bool uses_disk;   /* it reads or writes files */
    /* Chooses what was left open, and reports what does not fit the ranks; NULL: neither. */
    void (*complete)(void *spec, struct pattern_check *check);
    /* About how many messages, collective calls and pieces of work all ranks together make. */
    double (*operations)(const void *spec, int n_ranks, long step);
    void (*part)(const void *spec, const struct turn *turn);
};
extern const struct variant_set pattern_kinds; /* all kinds, for field tables */

/* Phases that are walked one after the other, `times` times. */
struct compound {
    struct phase_common common;
    struct expression times; /* text NULL: once */
    struct variant_list phases;
};

/* Whom a phase is completed for. */
struct pattern_check {
    struct diagnostics *diagnostics; /* NULL: all has been checked before */
    const struct storage *storage;   /* of the ranks; NULL: as before */
    int n_ranks;
    long n_passes;    /* in which expressions of the phase may differ: 1 where none does */
    const char *path; /* of the phase: "workload.phases.0" */
    bool has_failed;
};

/* Reports at key `key` of the phase; "" is the phase itself. */
void pattern_refuse(struct pattern_check *check, const char *key, const char *hint,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* --- rows that many kinds have ------------------------------------------------------------- */

#define PHASE_NAME                                                                                 \
    {                                                                                              \
        .key = "name", .kind = FIELD_TEXT, .fallback = "",                                         \
        .help =                                                                                    \
            "Name under which the result tells time and imbalance of this phase: phase_NAME_s.",   \
        .offset = offsetof(struct phase_common, name)                                              \
    }
/* MPI counts the bytes of a message in an int. */
#define PHASE_SIZE(type, member)                                                                   \
    .kind = FIELD_EXPRESSION, .dimension = DIMENSION_BYTES, .min = 0.0, .max = 2147483647.0,       \
    .offset = offsetof(type, member)
#define PHASE_COUNT(type, member, least, most)                                                     \
    .kind = FIELD_EXPRESSION, .min = (least), .max = (most), .offset = offsetof(type, member)

#endif
