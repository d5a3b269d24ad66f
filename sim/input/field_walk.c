#include "field_walk.h"

#include "document.h"
#include "variant.h"

#include <assert.h>

enum { MAX_PATH_B = 256 };

const void *field_at(const struct field *field, const void *base)
{
    return (const char *)base + field->offset;
}

static void *twin_at(size_t offset, void *twin)
{
    return twin ? (char *)twin + offset : NULL;
}

static void walk_variant(const struct variant_set *set, struct variant_value value, void *twin_spec,
                         const char *path, field_visitor *visitor, void *user)
{
    static const struct field kind_field[] = {{.key = "kind", .kind = FIELD_TEXT}, {.key = NULL}};
    struct variant variant;
    variant_of_row(set, value.row, &variant);
    field_walk(kind_field, &variant.name, NULL, path, visitor, user);
    field_walk(variant.fields, value.spec, twin_spec, path, visitor, user);
}

static void walk_list(const struct field *field, const void *base, void *twin, const char *path,
                      field_visitor *visitor, void *user)
{
    const struct variant_list *list = field_at(field, base);
    const struct variant_list *twins = twin_at(field->offset, twin);
    for (int i = 0; i < list->n; i++) {
        char inner[MAX_PATH_B];
        const int length = snprintf(inner, sizeof inner, "%s.%d", path, i);
        assert(length < MAX_PATH_B);
        walk_variant(field->variants, list->values[i], twins ? twins->values[i].spec : NULL, inner,
                     visitor, user);
    }
}

void field_walk(const struct field fields[], const void *base, void *twin, const char *path,
                field_visitor *visitor, void *user)
{
    for (const struct field *field = fields; field->key; field++) {
        char inner[MAX_PATH_B];
        const int length =
            snprintf(inner, sizeof inner, "%s%s%s", path, path[0] ? "." : "", field->key);
        assert(length < MAX_PATH_B);
        const struct field_visit visit = {fields, field, inner, base, twin};
        const struct field *below = document_fields_below(field);
        if (below)
            field_walk(below, field_at(field, base), twin_at(field->offset, twin), inner, visitor,
                       user);
        else if (field->kind == FIELD_VARIANT)
            walk_variant(field->variants, variant_get(field, base),
                         twin ? variant_get(field, twin).spec : NULL, inner, visitor, user);
        else if (field->kind == FIELD_VARIANTS)
            walk_list(field, base, twin, inner, visitor, user);
        else
            visitor(&visit, user);
    }
}
