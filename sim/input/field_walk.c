#include "field_walk.h"

#include "document.h"

#include "sim/workload/workload.h"

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

static void walk_variant(const struct field *field, const void *base, void *twin, const char *path,
                         field_visitor *visitor, void *user)
{
    const struct workload *workload = *(const struct workload *const *)field_at(field, base);
    const void *spec = *(void *const *)((const char *)base + field->count_offset);
    void *const *twin_spec = twin_at(field->count_offset, twin);
    field_walk(workload->fields, spec, twin_spec ? *twin_spec : NULL, path, visitor, user);
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
            walk_variant(field, base, twin, inner, visitor, user);
        else
            visitor(&visit, user);
    }
}
