#include "setting.h"

#include "document.h"
#include "field_describe.h"
#include "text.h"
#include "yaml_tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char setting_file[] = "--set";

void setting_add_texts(struct diagnostics *diagnostics, int n_settings,
                       const char *const settings[])
{
    size_t size = 0;
    for (int i = 0; i < n_settings; i++)
        size += strlen(settings[i]) + 1;
    char *text = malloc(size + 1);
    if (!text || n_settings == 0) {
        free(text);
        return;
    }
    /* One line a setting; a setting that has a line break itself is refused. */
    size_t at = 0;
    for (int i = 0; i < n_settings; i++) {
        const size_t length = strcspn(settings[i], "\r\n");
        memcpy(text + at, settings[i], length);
        text[at + length] = '\n';
        at += length + 1;
    }
    diagnostics_add_text(diagnostics, setting_file, text, at);
    free(text);
}

/* A setting on its way into the tree. */
struct walk {
    struct reading *reading;
    const char *setting;
    const char *equals;         /* its "=" */
    struct place place;         /* of the key at hand */
    const struct field *fields; /* that the next key is one of; NULL: keys are checked later */
    const struct field *field;  /* of `tree`; NULL at the top and where `fields` is */
    struct tree *tree;          /* mapping or list in which the next key is looked for */
};

/* Characters, as places count them, in the first `length` bytes of `text`. */
static int n_characters(const char *text, size_t length)
{
    int n = 0;
    uint32_t c;
    for (size_t at = 0; at < length; n++) {
        const size_t bytes = text_decode(text + at, length - at, &c);
        at += bytes > 0 ? bytes : 1;
    }
    return n;
}

/* What stands at a key before anything is below it: a profile's name becomes `profile:`, a plain
 * parameter becomes `value:`, in a mapping that takes more keys. A list stays one. */
static struct tree *as_map(struct walk *walk, const struct field *field, struct tree *old)
{
    if (old && (old->kind == TREE_MAP || old->kind == TREE_LIST))
        return old;
    struct arena *arena = walk->reading->arena;
    struct tree *map = tree_new(arena, TREE_MAP, old ? old->place : walk->place);
    const char *inner = !field                           ? NULL
                        : field->kind == FIELD_PROFILE   ? "profile"
                        : field->kind == FIELD_PARAMETER ? "value"
                                                         : NULL;
    if (!map || !inner)
        return map;
    if (!old && field->kind == FIELD_PROFILE && field->fallback)
        old = tree_new_scalar(arena, field->fallback, walk->place);
    tree_append(arena, map, inner, map->place, old);
    return map;
}

/* The entry of `key`: by its number in a list. NULL where there is none, after a diagnostic if it
 * cannot be made. */
static struct tree_entry *find_entry(struct walk *walk, const char *key)
{
    const struct tree *tree = walk->tree;
    if (tree->kind == TREE_MAP)
        return tree_find(tree, key);
    const size_t n_digits = strspn(key, "0123456789");
    const long index =
        n_digits > 0 && n_digits < 10 && key[n_digits] == '\0' ? strtol(key, NULL, 10) : -1;
    if (index >= 0 && index < tree->n_entries)
        return &tree->entries[index];
    diagnostics_add(walk->reading->diagnostics, SEVERITY_ERROR, walk->place,
                    "entries of a list are numbered from 0",
                    "\"%.60s\" is none of the %d entries of this list", key, tree->n_entries);
    return NULL;
}

/* Puts `value` at `key`, if that is not a place that a list does not have. */
static void put_entry(struct walk *walk, const char *key, struct tree *value)
{
    struct tree_entry *entry = walk->tree->kind == TREE_LIST ? find_entry(walk, key) : NULL;
    if (entry && value)
        entry->value = value;
    else if (walk->tree->kind == TREE_MAP)
        tree_set(walk->reading->arena, walk->tree, key, walk->place, value);
}

/* True when `key` may stand below walk->field, whose row is then in walk->field. */
static bool find_field(struct walk *walk, const char *key)
{
    const struct field *outer = walk->field;
    if (!walk->fields)
        return true;
    if (outer && outer->kind == FIELD_PROFILE && strcmp(key, "profile") == 0) {
        walk->field = NULL;
        return true;
    }
    walk->field = field_find(walk->fields, key);
    if (!walk->field)
        field_refuse_key(walk->reading, walk->fields, walk->place, key);
    return walk->field != NULL;
}

/* The table of the keys below `field`; false when it has none. */
static bool table_below(const struct field *field, const struct field **fields)
{
    *fields = NULL;
    if (!field || field->kind == FIELD_VARIANT || field->kind == FIELD_PARAMETER ||
        field->kind == FIELD_PIECES)
        return true;
    *fields = document_fields_below(field);
    return *fields != NULL;
}

/* Goes below `key`, making the mapping that it takes. */
static bool descend(struct walk *walk, const char *key)
{
    if (!find_field(walk, key))
        return false;
    if (!table_below(walk->field, &walk->fields)) {
        diagnostics_add(walk->reading->diagnostics, SEVERITY_ERROR, walk->place, NULL,
                        "%s has no keys below it", key);
        return false;
    }
    struct tree_entry *entry = find_entry(walk, key);
    if (!entry && walk->tree->kind == TREE_LIST)
        return false;
    struct tree *map = as_map(walk, walk->field, entry ? entry->value : NULL);
    if (!map)
        return false;
    put_entry(walk, key, map);
    walk->tree = map;
    return true;
}

static struct tree *read_setting_value(struct walk *walk)
{
    const char *text = walk->equals + 1;
    struct place place = walk->place;
    place.column = 1 + n_characters(walk->setting, (size_t)(text - walk->setting));
    struct tree *value =
        yaml_read(walk->reading->arena, walk->reading->diagnostics, place, text, strlen(text));
    return value ? value : tree_new_scalar(walk->reading->arena, "", place);
}

static void apply(struct walk *walk)
{
    const char *at = walk->setting;
    for (;;) {
        const size_t length = strcspn(at, ".=");
        const char *key = arena_copy(walk->reading->arena, at, length);
        const bool is_last = at[length] == '=';
        walk->place.column = 1 + n_characters(walk->setting, (size_t)(at - walk->setting));
        if (!key || (is_last ? !find_field(walk, key) : !descend(walk, key)))
            return;
        if (is_last) {
            put_entry(walk, key, read_setting_value(walk));
            return;
        }
        at += length + 1;
    }
}

void setting_apply(struct reading *reading, const struct field fields[], struct tree *root,
                   int index, const char *setting)
{
    assert(root->kind == TREE_MAP);
    struct walk walk = {.reading = reading,
                        .setting = setting,
                        .equals = strchr(setting, '='),
                        .place = {setting_file, index + 1, 1},
                        .fields = fields,
                        .tree = root};
    if (!walk.equals || strpbrk(setting, "\r\n"))
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, walk.place,
                        "such as --set cluster.nodes=32", "a setting is one line KEY=VALUE");
    else
        apply(&walk);
}
