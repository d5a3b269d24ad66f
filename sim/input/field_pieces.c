#include "field_pieces.h"

#include "unit.h"

#include <assert.h>

int field_pieces_count(const struct field *field, const void *base)
{
    return *(const int *)(const void *)((const char *)base + field->count_offset);
}

size_t field_piece_offset(const struct field *field, int index)
{
    assert(index >= 0 && index < field->max_items);

    return field->offset + (size_t)index * field->item_size_B;
}

double field_piece_from(const struct field *field, const void *base, int index)
{
    const struct field *from = field->fields;
    const char *piece = (const char *)base + field_piece_offset(field, index);
    assert(from->kind == FIELD_QUANTITY);
    return *(const double *)(const void *)(piece + from->offset);
}

double field_piece_to(const struct field *field, const void *base, int index)
{
    return index + 1 < field_pieces_count(field, base) ? field_piece_from(field, base, index + 1)
                                                       : INFINITY;
}

static bool is_good_list(struct reading *reading, const struct field *field,
                         const struct tree *tree)
{
    char message[160];
    if (tree->kind == TREE_INVALID)
        return false;
    if (tree->kind == TREE_MAP) /* laid over no list, or over one that is too short */
        snprintf(message, sizeof message, "%s takes a list, or has no entry of this number",
                 field->key);
    else if (tree->kind != TREE_LIST)
        snprintf(message, sizeof message, "%s takes a list", field->key);
    else if (tree->n_entries > field->max_items)
        snprintf(message, sizeof message, "%s has %d entries, more than %d", field->key,
                 tree->n_entries, field->max_items);
    else
        return true;
    field_refuse(reading, field, tree->place, message);
    return false;
}

/* False without memory. */
static bool read_piece(struct reading *reading, const struct field *field, const struct tree *item,
                       const char *path, int index, void *base)
{
    const char *key = arena_format(reading->arena, "%s.%d", path, index);
    if (!key)
        return false;
    diagnostics_note_key(reading->diagnostics, key, item->place);
    if (field_is_map(reading, field, item))
        field_read(reading, field->fields, item, key,
                   (char *)base + field_piece_offset(field, index));
    return true;
}

static void refuse_from(struct reading *reading, const struct field *field, const struct tree *item,
                        const char *hint, const char *what, const double bounds[2])
{
    const struct field *from = field->fields;
    char value[QUANTITY_TEXT_B], bound[QUANTITY_TEXT_B];
    unit_format(from->dimension, bounds[0], value);
    unit_format(from->dimension, bounds[1], bound);
    diagnostics_add(reading->diagnostics, SEVERITY_ERROR, tree_find(item, from->key)->value->place,
                    hint, "an entry of %s begins at %s, %s %s", field->key, value, what, bound);
}

/* Of pieces that could all be read. */
static void check_order(struct reading *reading, const struct field *field, const struct tree *list,
                        const void *base)
{
    for (int i = 0; i < list->n_entries; i++) {
        const struct tree *item = list->entries[i].value;
        const double from = field_piece_from(field, base, i);
        const double before = i > 0 ? field_piece_from(field, base, i - 1) : field->fields->min;
        if (i == 0 && from != before)
            refuse_from(reading, field, item, "the entries cover all sizes: the first is the least",
                        "the first not at", (const double[]){from, before});
        if (i > 0 && from <= before)
            refuse_from(reading, field, item, "sort them by `from`, each size once",
                        "not above the one before, which begins at",
                        (const double[]){from, before});
    }
}

void field_read_pieces(struct reading *reading, const struct field *field, const struct tree *tree,
                       const char *path, void *base)
{
    int *n = (int *)(void *)((char *)base + field->count_offset);
    const int n_errors = diagnostics_count(reading->diagnostics, SEVERITY_ERROR);
    *n = 0;
    if (!is_good_list(reading, field, tree))
        return;
    for (int i = 0; i < tree->n_entries; i++, (*n)++)
        if (!read_piece(reading, field, tree->entries[i].value, path, i, base))
            return;
    if (diagnostics_count(reading->diagnostics, SEVERITY_ERROR) == n_errors)
        check_order(reading, field, tree, base);
}
