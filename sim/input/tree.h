/*
 * tree.h - a YAML text as a tree in which every value knows its place.
 *
 * Nodes live in an arena. Mappings keep the order of their keys, and no key twice.
 */
#ifndef VHPCSIM_TREE_H
#define VHPCSIM_TREE_H

#include "arena.h"
#include "diagnostic.h"

enum tree_kind {
    TREE_SCALAR,
    TREE_LIST,
    TREE_MAP,
    TREE_INVALID /* an error was reported here: whoever reads it says no more */
};

struct tree_entry {
    const char *key; /* NULL in a list */
    struct place key_place;
    struct tree *value;
};

struct tree {
    enum tree_kind kind;
    struct place place;
    const char *text; /* scalar; no NUL inside */
    bool is_quoted;   /* scalar that does not stand in the source as it is */
    bool is_default;  /* nobody wrote it: the default of a field */
    struct tree_entry *entries;
    int n_entries;
    int n_room;
};

/* New nodes; NULL: no memory. */
struct tree *tree_new(struct arena *arena, enum tree_kind kind, struct place place);
struct tree *tree_new_scalar(struct arena *arena, const char *text, struct place place);

/* Appends to a list or mapping; the caller has seen to it that `key` is new. `value` may be NULL
 * after a failed allocation: nothing is added then. */
void tree_append(struct arena *arena, struct tree *tree, const char *key, struct place key_place,
                 struct tree *value);

/* The entry of a mapping; NULL when there is none. */
struct tree_entry *tree_find(const struct tree *map, const char *key);

/* Gives `key` of a mapping the value `value`, in the old place or at the end. */
void tree_set(struct arena *arena, struct tree *map, const char *key, struct place key_place,
              struct tree *value);

/*
 * A copy of mapping `base` over which the entries of mapping `over` are laid: mappings in both are
 * merged in the same way, anything else is replaced. A mapping laid over a list changes those of
 * its entries whose numbers, from 0, are its keys; one that names others replaces the list. A
 * mapping of `over` that has a key `value` (a parameter written anew) replaces the old one as a
 * whole; one that has none keeps a scalar of `base` as its `value`. NULL: no memory.
 */
struct tree *tree_merge(struct arena *arena, const struct tree *base, const struct tree *over);

#endif
