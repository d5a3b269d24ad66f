/*
 * field.h - the one table per kind of document that drives everything about it.
 *
 * A row says a key's name, kind, unit, range, default, help and where its value goes in a
 * structure. Parsing, diagnostics, --set, `explain`, JSON Schema, the manual page and the
 * drawing of uncertain parameters all walk the same rows.
 */
#ifndef VHPCSIM_FIELD_H
#define VHPCSIM_FIELD_H

#include "diagnostic.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

enum field_kind {
    FIELD_TEXT,       /* char *, owned by the document */
    FIELD_CHOICE,     /* int: index into `choices` */
    FIELD_BOOL,       /* bool */
    FIELD_COUNT,      /* int: whole number without unit */
    FIELD_LONG,       /* long: whole number without unit, for sizes beyond int */
    FIELD_COUNTS,     /* list of whole numbers: int[max_items] at `offset`, their number (int) at
                         `count_offset` */
    FIELD_QUANTITY,   /* double in SI units of `dimension` */
    FIELD_PARAMETER,  /* struct parameter, in SI units of `dimension` */
    FIELD_GROUP,      /* nested mapping: rows of `fields`, their offsets relative to `offset` */
    FIELD_PROFILE,    /* profile document of kind `document`, its structure embedded at `offset`:
                         a shipped name, a path, or a mapping with `profile:` and overrides */
    FIELD_VARIANT,    /* mapping whose `kind:` is one of `variants`: pointer to its row at `offset`,
                         and at `count_offset` the void * to its spec (heap, the structure's own) */
    FIELD_VARIANTS,   /* list of such mappings: struct variant_list, its specs on the heap */
    FIELD_EXPRESSION, /* struct expression: a quantity of `dimension` that may depend on variables;
                         the range is that of its values */
    FIELD_VARIABLES,  /* mapping of free names to numbers: struct variables, the document's own;
                         expressions of rows below in the table, and below those, know them */
    FIELD_TEXTS,      /* list of texts: struct text_list, the document's own */
    FIELD_TEXT_LISTS, /* list of lists of texts: struct item_list of struct text_list, the
                         document's own */
    FIELD_PIECES,     /* list of at most `max_items` mappings with the keys `fields`, each of which
                         holds from one size on: their structures of `item_size_B` side by side at
                         `offset`, their number (int) at `count_offset`. The first row is the
                         quantity at which a piece begins: the first piece at the least that the
                         row allows, each later one above the one before */
    FIELD_LIST        /* list of mappings with the keys `fields`: struct item_list, the document's
                         own; of documents alone, as no draw, hash or copy walks into one */
};

struct text_list {
    int n;
    const char **items;
};

struct item_list {
    int n;
    void *items; /* n structures of `item_size_B` bytes */
};

enum dimension {
    DIMENSION_NONE,          /* plain number */
    DIMENSION_TIME,          /* s */
    DIMENSION_BYTES,         /* B: kB and KiB kept apart */
    DIMENSION_BANDWIDTH,     /* B/s: bits and bytes kept apart */
    DIMENSION_RATE,          /* flop/s */
    DIMENSION_WORK,          /* flop */
    DIMENSION_FREQUENCY,     /* Hz */
    DIMENSION_TIME_PER_BYTE, /* s/B */
    N_DIMENSIONS
};

struct variant_set;

struct field {
    const char *key; /* NULL ends a table */
    enum field_kind kind;
    enum dimension dimension;
    enum dimension valid_dimension; /* FIELD_PARAMETER: of `valid: [lo, hi]` */
    double min, max;                /* inclusive; both 0: no range beyond finite */
    bool min_is_excluded;           /* `min` itself is not allowed ("must be above 0") */
    const char *fallback; /* default as a user would write it; "@key": the value of that other key
                             of the same group, which stands above; NULL: the key is required; ""
                             of a quantity: it may be left out and is NAN then */
    const char *help;     /* one sentence; what it is and which way it works */
    size_t offset;
    size_t count_offset;        /* FIELD_COUNTS, FIELD_PIECES; FIELD_VARIANT: of the pointer to the
                                   spec */
    int max_items;              /* FIELD_COUNTS, FIELD_PIECES */
    const char *const *choices; /* FIELD_CHOICE: NULL-terminated */
    const struct field *fields; /* FIELD_GROUP, FIELD_PIECES, FIELD_LIST */
    size_t item_size_B;         /* FIELD_PIECES, FIELD_LIST */
    const char *document;       /* FIELD_PROFILE: "node", "link", "mpi", "technology" */
    const struct variant_set *variants; /* FIELD_VARIANT, FIELD_VARIANTS */
};

/* What most rows say about their range. */
#define FIELD_FROM_0  .min = 0.0, .max = INFINITY
#define FIELD_ABOVE_0 .min = 0.0, .max = INFINITY, .min_is_excluded = true

#endif
