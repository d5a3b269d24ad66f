#include "field_read.h"

#include "document.h"
#include "field_describe.h"
#include "field_expression.h"
#include "field_pieces.h"
#include "field_value.h"
#include "suggest.h"
#include "variant.h"
#include "yaml_tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_VARIANTS = 64 };

void field_refuse_word(struct reading *reading, struct place place, const char *what,
                       const char *word, size_t n, const char *const words[])
{
    char hint[FIELD_TEXT_B];
    int length = snprintf(hint, sizeof hint, "expected ");
    for (size_t i = 0; i < n && length < (int)sizeof hint; i++)
        length += snprintf(hint + length, sizeof hint - (size_t)length, "%s%s",
                           i == 0       ? ""
                           : i + 1 == n ? " or "
                                        : ", ",
                           words[i]);
    const char *near = suggest(word, n, words);
    if (near && length < (int)sizeof hint)
        snprintf(hint + length, sizeof hint - (size_t)length, "; did you mean \"%s\"?", near);
    diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place, hint, "unknown %s \"%.60s\"", what,
                    word);
}

void field_refuse_key(struct reading *reading, const struct field fields[], struct place place,
                      const char *key)
{
    char hint[FIELD_TEXT_B] = "";
    const char *near = field_suggest(fields, key);
    if (near)
        snprintf(hint, sizeof hint, "did you mean \"%s\"?", near);
    else
        for (const struct field *field = fields; field->key; field++) {
            const size_t length = strlen(hint);
            snprintf(hint + length, sizeof hint - length, "%s%s",
                     field == fields ? "the keys here are " : ", ", field->key);
        }
    diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place, hint, "unknown key \"%.60s\"",
                    key);
}

static void refuse_unknown_keys(struct reading *reading, const struct field fields[],
                                const struct tree *map)
{
    for (int i = 0; i < map->n_entries; i++) {
        const struct tree_entry *entry = &map->entries[i];
        if (!field_find(fields, entry->key) && entry->value->kind != TREE_INVALID)
            field_refuse_key(reading, fields, entry->key_place, entry->key);
    }
}

bool field_is_map(struct reading *reading, const struct field *field, const struct tree *tree)
{
    if (tree->kind == TREE_SCALAR || tree->kind == TREE_LIST) {
        char message[160];
        snprintf(message, sizeof message, "%s takes a mapping of keys to values", field->key);
        field_refuse(reading, field, tree->place, message);
    }
    return tree->kind == TREE_MAP;
}

static void read_profile(struct reading *reading, const struct field *field,
                         const struct tree *tree, const char *path, void *base)
{
    const struct document_kind *kind = document_kind_by_name(field->document);
    struct reading inner = *reading;
    const struct tree *map = document_open_profile(&inner, field, tree);
    if (map)
        field_read(&inner, kind->fields, map, path, (char *)base + field->offset);
}

/* --- variants ------------------------------------------------------------------ */

const struct field field_kind = {
    .key = "kind", .kind = FIELD_TEXT, .help = "Which of them; it says what other keys there are."};
const struct field field_file = {
    .key = "file",
    .kind = FIELD_TEXT,
    .fallback = "",
    .help = "Input file of the real program to start from; the other keys here go over it."};

static void refuse_kind(struct reading *reading, const struct variant_set *set, struct place place,
                        const char *name)
{
    const char *names[MAX_VARIANTS];
    struct variant variant;
    size_t n = 0;
    for (; set->at(n, &variant); n++) {
        assert(n < MAX_VARIANTS);
        names[n] = variant.name;
    }
    field_refuse_word(reading, place, set->what, name, n, names);
}

/* The mapping without the keys that are none of the table's. */
static struct tree *own_keys(struct reading *reading, const struct variant *variant,
                             const struct tree *map)
{
    struct tree *rest = tree_new(reading->arena, TREE_MAP, map->place);
    for (int i = 0; rest && i < map->n_entries; i++) {
        const char *key = map->entries[i].key;
        const bool is_file = variant->read_file && strcmp(key, field_file.key) == 0;
        if (!is_file && strcmp(key, field_kind.key) != 0)
            tree_append(reading->arena, rest, key, map->entries[i].key_place,
                        map->entries[i].value);
    }
    return rest;
}

/* True, with a report, where a key is meant to be `file`; what the file would say is not missing
 * then. */
static bool mistypes_file(struct reading *reading, const struct variant *variant,
                          const struct tree *map)
{
    for (int i = 0; i < map->n_entries; i++) {
        const char *key = map->entries[i].key;
        const bool is_own = field_find(variant->fields, key) || strcmp(key, field_kind.key) == 0;
        if (!is_own && !field_suggest(variant->fields, key) && suggest(key, 1, &field_file.key)) {
            diagnostics_add(reading->diagnostics, SEVERITY_ERROR, map->entries[i].key_place,
                            "did you mean \"file\"?", "unknown key \"%.60s\"", key);
            return true;
        }
    }
    return false;
}

/* The variant's keys: those of the file that it names, under those of the scenario. */
static const struct tree *variant_keys(struct reading *reading, const struct variant *variant,
                                       const struct tree *map)
{
    const struct tree *rest = own_keys(reading, variant, map);
    const struct tree_entry *entry = variant->read_file ? tree_find(map, field_file.key) : NULL;
    if (rest && !entry && variant->read_file && mistypes_file(reading, variant, map))
        return NULL;
    if (!rest || !entry)
        return rest;
    char *text;
    size_t length;
    const char *file = field_scalar(reading, &field_file, entry->value)
                           ? document_open_file(reading, entry->value, &text, &length)
                           : NULL;
    const struct tree *base = file ? variant->read_file(reading, file, text, length) : NULL;
    return base ? tree_merge(reading->arena, base, rest) : NULL;
}

/* The variant that the mapping names; false after diagnostics. */
static bool read_kind(struct reading *reading, const struct field *field, const struct tree *map,
                      struct variant *variant)
{
    const struct tree_entry *kind = tree_find(map, field_kind.key);
    if (!kind) {
        field_refuse(reading, field, map->place, "missing key \"kind\"");
        return false;
    }
    const char *name = field_scalar(reading, &field_kind, kind->value);
    if (!name || variant_named(field->variants, name, variant))
        return name != NULL;
    refuse_kind(reading, field->variants, kind->value->place, name);
    return false;
}

/* One mapping; what it fills in is {NULL, NULL} when there is nothing to release. */
static struct variant_value read_one(struct reading *reading, const struct field *field,
                                     const struct tree *tree, const char *path)
{
    struct variant_value value = {NULL, NULL};
    struct variant variant;
    const bool is_known =
        field_is_map(reading, field, tree) && read_kind(reading, field, tree, &variant);
    const struct tree *keys = is_known ? variant_keys(reading, &variant, tree) : NULL;
    if (!keys)
        return value;
    value = (struct variant_value){variant.row, calloc(1, variant.spec_size)};
    if (value.spec)
        field_read(reading, variant.fields, keys, path, value.spec);
    else
        reading->arena->failed = true;
    return value;
}

/* True when `tree` is a list that may stand here; else says why not. */
static bool is_good_list(struct reading *reading, const struct field *field,
                         const struct tree *tree)
{
    char message[160];
    if (tree->kind == TREE_INVALID)
        return false;
    if (tree->kind != TREE_LIST)
        snprintf(message, sizeof message, "%s takes a list", field->key);
    else if (tree->n_entries == 0)
        snprintf(message, sizeof message, "%s is empty", field->key);
    else if (reading->depth == VARIANT_MAX_DEPTH)
        snprintf(message, sizeof message, "%s inside %s: more than %d levels", field->key,
                 field->key, VARIANT_MAX_DEPTH);
    else
        return true;
    field_refuse(reading, field, tree->place, message);
    return false;
}

static void read_list(struct reading *reading, const struct field *field, const struct tree *tree,
                      const char *path, struct variant_list *list)
{
    if (!is_good_list(reading, field, tree))
        return;
    list->values = calloc((size_t)tree->n_entries, sizeof *list->values);
    if (!list->values) {
        reading->arena->failed = true;
        return;
    }
    list->n = tree->n_entries;
    struct reading inner = *reading;
    inner.depth++;
    for (int i = 0; i < list->n; i++) {
        const struct tree *item = tree->entries[i].value;
        const char *key = arena_format(reading->arena, "%s.%d", path, i);
        if (!key)
            return;
        diagnostics_note_key(reading->diagnostics, key, item->place);
        list->values[i] = read_one(&inner, field, item, key);
    }
}

/* --- lists of texts and mappings -------------------------------------------------- */

/* Notes the key of entry `index` of the list at `path`; NULL without memory. */
static const char *note_item(struct reading *reading, const char *path, int index,
                             struct place place)
{
    const char *key = arena_format(reading->arena, "%s.%d", path, index);
    if (key)
        diagnostics_note_key(reading->diagnostics, key, place);
    return key;
}

/* The place of a text is that of its first character, behind the quote. */
static const char *read_text_item(struct reading *reading, const struct field *field,
                                  const struct tree *tree, const char *path, int index)
{
    struct place place = tree->place;
    place.column += tree->is_quoted;
    const char *text = field_scalar(reading, field, tree);
    const bool is_noted = note_item(reading, path, index, place) != NULL;
    return text && is_noted ? arena_copy(reading->arena, text, strlen(text)) : "";
}

static void read_texts(struct reading *reading, const struct field *field, const struct tree *tree,
                       const char *path, struct text_list *list)
{
    if (tree->kind == TREE_LIST) {
        const size_t room_B = ((size_t)tree->n_entries + 1) * sizeof *list->items;
        list->items = arena_alloc(reading->arena, room_B);
        for (int i = 0; list->items && i < tree->n_entries; i++, list->n++)
            list->items[i] = read_text_item(reading, field, tree->entries[i].value, path, i);
    } else if (tree->kind != TREE_INVALID) {
        field_refuse(reading, field, tree->place, "a list of texts is expected");
    }
}

static void read_text_lists(struct reading *reading, const struct field *field,
                            const struct tree *tree, const char *path, struct item_list *list)
{
    if (tree->kind != TREE_LIST) {
        if (tree->kind != TREE_INVALID)
            field_refuse(reading, field, tree->place, "a list of lists of texts is expected");
        return;
    }
    struct text_list *items =
        arena_alloc(reading->arena, ((size_t)tree->n_entries + 1) * sizeof *items);
    if (!items)
        return;
    *list = (struct item_list){tree->n_entries, items};
    for (int i = 0; i < list->n; i++) {
        const struct tree *item = tree->entries[i].value;
        const char *key = note_item(reading, path, i, item->place);
        if (key)
            read_texts(reading, field, item, key, &items[i]);
    }
}

static void read_items(struct reading *reading, const struct field *field, const struct tree *tree,
                       const char *path, struct item_list *list)
{
    if (!is_good_list(reading, field, tree))
        return;
    char *items = arena_alloc(reading->arena, (size_t)tree->n_entries * field->item_size_B);
    if (!items)
        return;
    *list = (struct item_list){tree->n_entries, items};
    for (int i = 0; i < list->n; i++) {
        const struct tree *item = tree->entries[i].value;
        const char *key = note_item(reading, path, i, item->place);
        if (!key)
            return;
        if (field_is_map(reading, field, item))
            field_read(reading, field->fields, item, key, items + (size_t)i * field->item_size_B);
    }
}

static void read_field(struct reading *reading, const struct field *field, const struct tree *tree,
                       const char *path, void *base)
{
    switch (field->kind) {
    case FIELD_GROUP:
        if (field_is_map(reading, field, tree))
            field_read(reading, field->fields, tree, path, (char *)base + field->offset);
        break;
    case FIELD_PROFILE:
        read_profile(reading, field, tree, path, base);
        break;
    case FIELD_VARIANT:
        variant_set(field, base, read_one(reading, field, tree, path));
        break;
    case FIELD_VARIANTS:
        read_list(reading, field, tree, path, (void *)((char *)base + field->offset));
        break;
    case FIELD_TEXTS:
        read_texts(reading, field, tree, path, (void *)((char *)base + field->offset));
        break;
    case FIELD_TEXT_LISTS:
        read_text_lists(reading, field, tree, path, (void *)((char *)base + field->offset));
        break;
    case FIELD_LIST:
        read_items(reading, field, tree, path, (void *)((char *)base + field->offset));
        break;
    case FIELD_PIECES:
        field_read_pieces(reading, field, tree, path, base);
        break;
    case FIELD_VARIABLES:
        field_read_variables(reading, field, tree, path, (void *)((char *)base + field->offset));
        break;
    default:
        field_read_value(reading, field, tree, base);
        break;
    }
}

/* The tree of a default, as if the user had written it at `place`. */
static const struct tree *fallback_tree(struct reading *reading, const struct field *field,
                                        struct place place)
{
    if (field->kind == FIELD_GROUP)
        return tree_new(reading->arena, TREE_MAP, place);
    assert(field->fallback);
    const bool is_flow = field->kind == FIELD_COUNTS || field->kind == FIELD_VARIABLES ||
                         field->kind == FIELD_TEXTS || field->kind == FIELD_TEXT_LISTS ||
                         field->kind == FIELD_PIECES;
    if (is_flow) {
        const struct tree *list = yaml_read(reading->arena, reading->diagnostics, place,
                                            field->fallback, strlen(field->fallback));
        assert(list || reading->arena->failed);
        return list;
    }
    struct tree *scalar = tree_new_scalar(reading->arena, field->fallback, place);
    if (scalar)
        scalar->is_quoted = scalar->is_default = true; /* an empty text is a value here */
    return scalar;
}

static void copy_sibling(const struct field fields[], const struct field *field, void *base)
{
    const struct field *sibling = field_find(fields, field->fallback + 1);
    assert(sibling && sibling < field && sibling->kind == field->kind);
    memcpy((char *)base + field->offset, (char *)base + sibling->offset, field_size_B(field));
}

/* True when the mapping has a key that was refused and may be what `field` misses: a mistyped one,
 * or a merge key. */
static bool is_missed_otherwise(const struct field fields[], const struct field *field,
                                const struct tree *map)
{
    for (int i = 0; i < map->n_entries; i++) {
        const char *key = map->entries[i].key;
        if (strcmp(key, yaml_merge_key) == 0)
            return true;
        const char *near = field_find(fields, key) ? NULL : field_suggest(fields, key);
        if (near && strcmp(near, field->key) == 0)
            return true;
    }
    return false;
}

static void refuse_missing(struct reading *reading, const struct field *field, struct place place,
                           const char *path)
{
    char expected[FIELD_TEXT_B], hint[2 * FIELD_TEXT_B];
    field_describe_expected(field, expected);
    snprintf(hint, sizeof hint, "%s (%s)", field->help, expected);
    diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place, hint, "missing key \"%s\"", path);
}

static void read_missing(struct reading *reading, const struct field fields[],
                         const struct field *field, const struct tree *map, const char *path,
                         void *base)
{
    if (field_is_required(field)) {
        if (!is_missed_otherwise(fields, field, map))
            refuse_missing(reading, field, map->place, path);
    } else if (field->fallback && field->fallback[0] == '@') {
        copy_sibling(fields, field, base);
    } else if (field->kind == FIELD_QUANTITY && field->fallback && field->fallback[0] == '\0') {
        *(double *)(void *)((char *)base + field->offset) = NAN;
    } else {
        const struct tree *tree = fallback_tree(reading, field, map->place);
        if (tree)
            read_field(reading, field, tree, path, base);
    }
}

void field_read(struct reading *reading, const struct field fields[], const struct tree *map,
                const char *path, void *base)
{
    assert(map->kind == TREE_MAP);
    refuse_unknown_keys(reading, fields, map);
    for (const struct field *field = fields; field->key; field++) {
        const char *key =
            arena_format(reading->arena, "%s%s%s", path, path[0] == '\0' ? "" : ".", field->key);
        if (!key)
            return;
        const struct tree_entry *entry = tree_find(map, field->key);
        if (entry) {
            diagnostics_note_key(reading->diagnostics, key, entry->value->place);
            read_field(reading, field, entry->value, key, base);
        } else {
            read_missing(reading, fields, field, map, key, base);
        }
    }
}
