/*
 * yaml_tree.h - from a YAML text to a tree, without the parts of YAML that surprise people.
 *
 * Refused, each with its place: duplicate keys, anchors, aliases, tags, merge keys, keys that are
 * not plain words, a second document, bytes that are not UTF-8, control characters, and more depth
 * or values than a person writes.
 */
#ifndef VHPCSIM_YAML_TREE_H
#define VHPCSIM_YAML_TREE_H

#include "tree.h"

enum {
    YAML_MAX_DEPTH = 20,
    YAML_MAX_VALUES = 10000,
};

/* Refused, it stays in its mapping with an invalid value: the keys that it brings are not missing.
 */
extern const char yaml_merge_key[];

/*
 * Reads the `length` bytes at `text`, which stand at `start` in `start.file` (line 1, column 1 for
 * a whole file). Returns the tree, TREE_INVALID where errors left nothing to read, or NULL without
 * memory or when the text has no value at all; then nothing was reported.
 */
struct tree *yaml_read(struct arena *arena, struct diagnostics *diagnostics, struct place start,
                       const char *text, size_t length);

#endif
