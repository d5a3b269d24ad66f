/*
 * key_index.h - every key of every document and workload, by its path.
 *
 * Paths are those of a scenario ("cluster.node.memory"), of a profile document by its kind
 * ("node.memory", "validation.runs.name") and of a workload by its name ("hpl.nb"). Scenario paths
 * come first.
 */
#ifndef VHPCSIM_KEY_INDEX_H
#define VHPCSIM_KEY_INDEX_H

#include "arena.h"
#include "field.h"

struct key_entry {
    const char *path;
    const char *key; /* its last part */
    const struct field *field;
};

struct key_index {
    struct key_entry *entries;
    size_t n;
    size_t n_room;
};

/* Fills the index; paths and entries live in the arena. Returns 0 or -ENOMEM. */
int key_index_init(struct key_index *index, struct arena *arena);

/* The entry of exactly this path; NULL when there is none. */
const struct key_entry *key_index_find(const struct key_index *index, const char *path);

/* Visits the rows below a group, profile or workload: all entries one level below `path`. */
typedef void key_visitor(const struct key_entry *entry, void *user);
void key_index_each_below(const struct key_index *index, const char *path, key_visitor *visitor,
                          void *user);

#endif
