#include "field_walk.h"

#include "document.h"
#include "field_pieces.h"
#include "variant.h"

#include <assert.h>

enum { MAX_PATH_B = 256 };

/* What all visits below a place have in common. */
struct walk {
    double from, to; /* see struct field_visit */
    field_visitor *visitor;
    void *user;
};

const void *field_at(const struct field *field, const void *base)
{
    return (const char *)base + field->offset;
}

static void *twin_at(size_t offset, void *twin)
{
    return twin ? (char *)twin + offset : NULL;
}

static void walk_fields(const struct walk *walk, const struct field fields[], const void *base,
                        void *twin, const char *path);

static void walk_variant(const struct walk *walk, const struct variant_set *set,
                         struct variant_value value, void *twin_spec, const char *path)
{
    static const struct field kind_field[] = {{.key = "kind", .kind = FIELD_TEXT}, {.key = NULL}};
    struct variant variant;
    variant_of_row(set, value.row, &variant);
    walk_fields(walk, kind_field, &variant.name, NULL, path);
    walk_fields(walk, variant.fields, value.spec, twin_spec, path);
}

/* The path of entry `index` of the list at `path`. */
static void format_item(char inner[MAX_PATH_B], const char *path, int index)
{
    const int length = snprintf(inner, MAX_PATH_B, "%s.%d", path, index);
    assert(length < MAX_PATH_B);
}

static void walk_list(const struct walk *walk, const struct field *field, const void *base,
                      void *twin, const char *path)
{
    const struct variant_list *list = field_at(field, base);
    const struct variant_list *twins = twin_at(field->offset, twin);
    for (int i = 0; i < list->n; i++) {
        char inner[MAX_PATH_B];
        format_item(inner, path, i);
        walk_variant(walk, field->variants, list->values[i], twins ? twins->values[i].spec : NULL,
                     inner);
    }
}

static void walk_pieces(const struct walk *walk, const struct field *field, const void *base,
                        void *twin, const char *path)
{
    const int n = field_pieces_count(field, base);
    assert(!twin || field_pieces_count(field, twin) == n);
    for (int i = 0; i < n; i++) {
        char inner[MAX_PATH_B];
        struct walk piece = *walk;
        const size_t offset = field_piece_offset(field, i);
        piece.from = field_piece_from(field, base, i);
        piece.to = field_piece_to(field, base, i);
        format_item(inner, path, i);
        walk_fields(&piece, field->fields, (const char *)base + offset, twin_at(offset, twin),
                    inner);
    }
}

static void walk_field(const struct walk *walk, const struct field_visit *visit)
{
    const struct field *field = visit->field, *below = document_fields_below(field);
    const void *base = visit->base;
    void *twin = visit->twin;
    if (below)
        walk_fields(walk, below, field_at(field, base), twin_at(field->offset, twin), visit->path);
    else if (field->kind == FIELD_VARIANT)
        walk_variant(walk, field->variants, variant_get(field, base),
                     twin ? variant_get(field, twin).spec : NULL, visit->path);
    else if (field->kind == FIELD_VARIANTS)
        walk_list(walk, field, base, twin, visit->path);
    else if (field->kind == FIELD_PIECES)
        walk_pieces(walk, field, base, twin, visit->path);
    else
        walk->visitor(visit, walk->user);
}

static void walk_fields(const struct walk *walk, const struct field fields[], const void *base,
                        void *twin, const char *path)
{
    for (const struct field *field = fields; field->key; field++) {
        char inner[MAX_PATH_B];
        const int length =
            snprintf(inner, sizeof inner, "%s%s%s", path, path[0] ? "." : "", field->key);
        assert(length < MAX_PATH_B);
        walk_field(walk, &(struct field_visit){.fields = fields,
                                               .field = field,
                                               .path = inner,
                                               .base = base,
                                               .twin = twin,
                                               .from = walk->from,
                                               .to = walk->to});
    }
}

void field_walk(const struct field fields[], const void *base, void *twin, const char *path,
                field_visitor *visitor, void *user)
{
    const struct walk walk = {.from = -INFINITY, .to = INFINITY, .visitor = visitor, .user = user};
    walk_fields(&walk, fields, base, twin, path);
}
