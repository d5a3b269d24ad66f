/*
 * field_walk.h - visits every value of a structure that a field table describes.
 */
#ifndef VHPCSIM_FIELD_WALK_H
#define VHPCSIM_FIELD_WALK_H

#include "field.h"

/* One leaf (no group, profile, variant or list of such), in the order of the tables. The kind of a
 * variant is a leaf of its own row, a text, whose `base` is no structure of a table. */
struct field_visit {
    const struct field *fields; /* its table */
    const struct field *field;  /* its row */
    const char *path;           /* "cluster.node.rates.dgemm.alone"; valid during the
                                   visit */
    const void *base;           /* structure of its table */
    void *twin;                 /* the same in the second structure; NULL without one */
    double from, to;            /* of the piece (FIELD_PIECES) that it belongs to: it holds where
                                   from <= size < to; -INFINITY and INFINITY elsewhere */
};
typedef void field_visitor(const struct field_visit *visit, void *user);

/*
 * Visits the values of the structure at `base` and, beside it, of a second one of the same
 * shape, with lists of the same length, at `twin` (NULL: none). `path` is put before all paths; ""
 * for a scenario.
 */
void field_walk(const struct field fields[], const void *base, void *twin, const char *path,
                field_visitor *visitor, void *user);

/* The value of a leaf in its structure. */
const void *field_at(const struct field *field, const void *base);

#endif
