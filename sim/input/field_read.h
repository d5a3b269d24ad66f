/*
 * field_read.h - from a tree to a structure, as a field table says.
 */
#ifndef VHPCSIM_FIELD_READ_H
#define VHPCSIM_FIELD_READ_H

#include "field.h"
#include "tree.h"

struct scope;

/* What reading one document needs; the pointers are borrowed. */
struct reading {
    struct arena *arena; /* of strings and trees; its `failed` tells of missing memory */
    struct diagnostics *diagnostics;
    const char *source;        /* of parameters in `source_file` that name none; "" : unknown */
    const char *source_file;   /* NULL: `source` is nobody's */
    const struct scope *scope; /* of variables that expressions may use; NULL: none */
    int depth;                 /* lists of variants that the one at hand stands in */
};

/*
 * Fills the structure at `base` from mapping `map`, defaults included. `path` is the key path of
 * the mapping ("" at the top); the places of all keys go to the diagnostics under it. What is wrong
 * becomes diagnostics; the structure is then filled in part and must not be used, only released
 * with variants_release().
 */
void field_read(struct reading *reading, const struct field fields[], const struct tree *map,
                const char *path, void *base);

/* True when `tree` is a mapping; else reports why not. */
bool field_is_map(struct reading *reading, const struct field *field, const struct tree *tree);

/* The keys that stand beside a variant's own. */
extern const struct field field_kind, field_file;

/* Reports `message` at `place`; the hint is what `field` takes. */
void field_refuse(struct reading *reading, const struct field *field, struct place place,
                  const char *message);

/* Reports an unknown `word` where one of `n` was expected. */
void field_refuse_word(struct reading *reading, struct place place, const char *what,
                       const char *word, size_t n, const char *const words[]);

/* Reports `key`, which is none of `fields`: with the one that it may stand for, else with all. */
void field_refuse_key(struct reading *reading, const struct field fields[], struct place place,
                      const char *key);

#endif
