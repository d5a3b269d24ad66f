#include "tree.h"

#include <assert.h>
#include <string.h>

struct tree *tree_new(struct arena *arena, enum tree_kind kind, struct place place)
{
    struct tree *tree = arena_alloc(arena, sizeof *tree);
    if (tree) {
        tree->kind = kind;
        tree->place = place;
        tree->text = "";
    }
    return tree;
}

struct tree *tree_new_scalar(struct arena *arena, const char *text, struct place place)
{
    struct tree *tree = tree_new(arena, TREE_SCALAR, place);
    if (tree)
        tree->text = text;
    return tree;
}

void tree_append(struct arena *arena, struct tree *tree, const char *key, struct place key_place,
                 struct tree *value)
{
    assert(tree->kind == TREE_LIST || (tree->kind == TREE_MAP && key));
    if (!value)
        return;
    if (tree->n_entries == tree->n_room) {
        const int n_room = tree->n_room > 0 ? 2 * tree->n_room : 4;
        struct tree_entry *grown = arena_alloc(arena, (size_t)n_room * sizeof *grown);
        if (!grown)
            return;
        if (tree->n_entries > 0)
            memcpy(grown, tree->entries, (size_t)tree->n_entries * sizeof *grown);
        tree->entries = grown;
        tree->n_room = n_room;
    }
    tree->entries[tree->n_entries++] = (struct tree_entry){key, key_place, value};
}

struct tree_entry *tree_find(const struct tree *map, const char *key)
{
    for (int i = 0; i < map->n_entries; i++)
        if (strcmp(map->entries[i].key, key) == 0)
            return &map->entries[i];
    return NULL;
}

void tree_set(struct arena *arena, struct tree *map, const char *key, struct place key_place,
              struct tree *value)
{
    assert(map->kind == TREE_MAP);
    struct tree_entry *entry = tree_find(map, key);
    if (entry && value)
        *entry = (struct tree_entry){key, key_place, value};
    else
        tree_append(arena, map, key, key_place, value);
}

/* `base` as the mapping over which `over` is laid; NULL when `over` replaces it. */
static const struct tree *merge_base(struct arena *arena, const struct tree *base,
                                     const struct tree *over)
{
    if (over->kind != TREE_MAP || tree_find(over, "value"))
        return NULL;
    if (base->kind != TREE_SCALAR)
        return base->kind == TREE_MAP ? base : NULL;
    struct tree *map = tree_new(arena, TREE_MAP, base->place);
    if (map)
        tree_append(arena, map, "value", base->place, (struct tree *)base);
    return map;
}

static struct tree *merge_value(struct arena *arena, const struct tree *base, struct tree *over);

/* `list` with the entries that `over` names changed; NULL where it names what is none of them. */
static struct tree *merge_entries(struct arena *arena, const struct tree *list,
                                  const struct tree *over)
{
    struct tree *merged = tree_new(arena, TREE_LIST, list->place);
    int n_named = 0;
    for (int i = 0; merged && i < list->n_entries; i++) {
        const struct tree_entry *old = &list->entries[i];
        const char *number = arena_format(arena, "%d", i);
        const struct tree_entry *entry = number ? tree_find(over, number) : NULL;
        n_named += entry != NULL;
        tree_append(arena, merged, NULL, old->key_place,
                    entry ? merge_value(arena, old->value, entry->value) : old->value);
    }
    return n_named == over->n_entries ? merged : NULL;
}

/* What `over` makes of `base`. */
static struct tree *merge_value(struct arena *arena, const struct tree *base, struct tree *over)
{
    if (base->kind == TREE_LIST && over->kind == TREE_MAP) {
        struct tree *merged = merge_entries(arena, base, over);
        return merged ? merged : over;
    }
    const struct tree *under = merge_base(arena, base, over);
    return under ? tree_merge(arena, under, over) : over;
}

struct tree *tree_merge(struct arena *arena, const struct tree *base, const struct tree *over)
{
    assert(base->kind == TREE_MAP && over->kind == TREE_MAP);
    struct tree *merged = tree_new(arena, TREE_MAP, base->place);
    if (!merged)
        return NULL;
    for (int i = 0; i < base->n_entries; i++)
        tree_append(arena, merged, base->entries[i].key, base->entries[i].key_place,
                    base->entries[i].value);
    for (int i = 0; i < over->n_entries; i++) {
        const struct tree_entry *entry = &over->entries[i];
        const struct tree_entry *old = tree_find(base, entry->key);
        tree_set(arena, merged, entry->key, entry->key_place,
                 old ? merge_value(arena, old->value, entry->value) : entry->value);
    }
    return merged;
}
