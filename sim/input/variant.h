/*
 * variant.h - mappings whose key `kind` says which other keys they have: workloads, and the phases
 * that a workload may be composed of.
 */
#ifndef VHPCSIM_VARIANT_H
#define VHPCSIM_VARIANT_H

#include "field.h"

struct reading;
struct tree;

/* One kind. */
struct variant {
    const void *row; /* of the owner's table: what reading stores */
    const char *name;
    const char *help;           /* one line */
    const struct field *fields; /* of its keys beside `kind` */
    size_t spec_size;           /* bytes of the structure that they fill */
    /* Reads the file that its key `file` names, as workload.h says; NULL: there is no such key. */
    struct tree *(*read_file)(struct reading *reading, const char *file, const char *text,
                              size_t length);
};

/* All that may stand at one place. */
struct variant_set {
    const char *what;    /* "workload" */
    const char *example; /* of a whole mapping */
    /* Fills `variant` with kind number `index`; false behind the last. */
    bool (*at)(size_t index, struct variant *variant);
};

/* A mapping that was read: what FIELD_VARIANT fills in two parts, and FIELD_VARIANTS in a list. */
struct variant_value {
    const void *row;
    void *spec; /* spec_size bytes on the heap */
};
struct variant_list {
    int n;
    struct variant_value *values; /* n entries on the heap; NULL when n is 0 */
};

/* Lists may stand in each other: this many of them. */
enum { VARIANT_MAX_DEPTH = 8 };

/* Fill `variant` with the kind of that name (false: there is none), or that stores that row. */
bool variant_named(const struct variant_set *set, const char *name, struct variant *variant);
void variant_of_row(const struct variant_set *set, const void *row, struct variant *variant);

/* The value of a FIELD_VARIANT in the structure at `base`. */
struct variant_value variant_get(const struct field *field, const void *base);
void variant_set(const struct field *field, void *base, struct variant_value value);

/*
 * Gives the variants of the structure at `base`, a copy of another structure byte by byte,
 * specs of their own. False without memory: what could not be copied is then NULL or a list of
 * none, and variants_release() does for the rest.
 */
bool variants_copy(const struct field fields[], void *base);

/* Frees the specs of all variants in the structure at `base`, which may be filled in part. */
void variants_release(const struct field fields[], void *base);

#endif
