#include "variant.h"

#include "document.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool variant_named(const struct variant_set *set, const char *name, struct variant *variant)
{
    for (size_t i = 0; set->at(i, variant); i++)
        if (strcmp(variant->name, name) == 0)
            return true;
    return false;
}

void variant_of_row(const struct variant_set *set, const void *row, struct variant *variant)
{
    bool is_one = false;
    for (size_t i = 0; !is_one && set->at(i, variant); i++)
        is_one = variant->row == row;
    assert(is_one);
}

struct variant_value variant_get(const struct field *field, const void *base)
{
    struct variant_value value; /* the members' own types are those of the owner's table */
    memcpy(&value.row, (const char *)base + field->offset, sizeof value.row);
    memcpy(&value.spec, (const char *)base + field->count_offset, sizeof value.spec);
    return value;
}

void variant_set(const struct field *field, void *base, struct variant_value value)
{
    memcpy((char *)base + field->offset, &value.row, sizeof value.row);
    memcpy((char *)base + field->count_offset, &value.spec, sizeof value.spec);
}

/* --- copies ---------------------------------------------------------------------- */

static bool copy_spec(const struct variant_set *set, struct variant_value *value)
{
    struct variant variant;
    variant_of_row(set, value->row, &variant);
    void *copy = malloc(variant.spec_size);
    if (copy)
        memcpy(copy, value->spec, variant.spec_size);
    value->spec = copy;
    return copy && variants_copy(variant.fields, copy);
}

static bool copy_list(const struct variant_set *set, struct variant_list *list)
{
    const struct variant_list old = *list;
    list->values = calloc((size_t)old.n + 1, sizeof *list->values);
    list->n = list->values ? old.n : 0;
    bool is_whole = list->values != NULL;
    for (int i = 0; i < list->n; i++) {
        list->values[i] = old.values[i];
        is_whole &= copy_spec(set, &list->values[i]);
    }
    return is_whole;
}

bool variants_copy(const struct field fields[], void *base)
{
    bool is_whole = true;
    for (const struct field *field = fields; field->key; field++) {
        void *at = (char *)base + field->offset;
        const struct field *below = document_fields_below(field);
        if (below) {
            is_whole &= variants_copy(below, at);
        } else if (field->kind == FIELD_VARIANT) {
            struct variant_value value = variant_get(field, base);
            is_whole &= copy_spec(field->variants, &value);
            variant_set(field, base, value);
        } else if (field->kind == FIELD_VARIANTS) {
            is_whole &= copy_list(field->variants, at);
        }
    }
    return is_whole;
}

/* --- release ---------------------------------------------------------------------- */

static void release_spec(const struct variant_set *set, struct variant_value *value)
{
    struct variant variant;
    if (!value->spec)
        return;
    variant_of_row(set, value->row, &variant);
    variants_release(variant.fields, value->spec);
    free(value->spec);
    value->spec = NULL;
}

static void release_list(const struct variant_set *set, struct variant_list *list)
{
    for (int i = 0; i < list->n; i++)
        release_spec(set, &list->values[i]);
    free(list->values);
    *list = (struct variant_list){0, NULL};
}

void variants_release(const struct field fields[], void *base)
{
    for (const struct field *field = fields; field->key; field++) {
        void *at = (char *)base + field->offset;
        const struct field *below = document_fields_below(field);
        if (below) {
            variants_release(below, at);
        } else if (field->kind == FIELD_VARIANT) {
            struct variant_value value = variant_get(field, base);
            release_spec(field->variants, &value);
            variant_set(field, base, value);
        } else if (field->kind == FIELD_VARIANTS) {
            release_list(field->variants, at);
        }
    }
}
