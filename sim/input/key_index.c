#include "key_index.h"

#include "document.h"
#include "field_read.h"
#include "scenario.h"
#include "variant.h"

#include "sim/workload/workload.h"

#include <errno.h>
#include <string.h>

static void add(struct key_index *index, struct arena *arena, const char *path,
                const struct field *field)
{
    if (!path || key_index_find(index, path)) /* "mpi.wait" is a scenario's and a profile's */
        return;
    if (index->n == index->n_room) {
        const size_t n_room = index->n_room > 0 ? 2 * index->n_room : 64;
        struct key_entry *grown = arena_alloc(arena, n_room * sizeof *grown);
        if (!grown)
            return;
        if (index->n > 0)
            memcpy(grown, index->entries, index->n * sizeof *grown);
        index->entries = grown;
        index->n_room = n_room;
    }
    index->entries[index->n++] = (struct key_entry){path, field->key, field};
}

static void add_table(struct key_index *index, struct arena *arena, const char *prefix,
                      const struct field fields[])
{
    for (const struct field *field = fields; field->key; field++) {
        const char *path = arena_format(arena, "%s%s", prefix, field->key);
        add(index, arena, path, field);
        const bool is_list = field->kind == FIELD_LIST || field->kind == FIELD_PIECES;
        const struct field *below = is_list ? field->fields : document_fields_below(field);
        const char *inner = path && below ? arena_format(arena, "%s.", path) : NULL;
        if (inner)
            add_table(index, arena, inner, below);
    }
}

/* A kind is as good as a group: its keys stand below its name. */
static void add_kind(struct key_index *index, struct arena *arena, const char *path,
                     const struct variant *variant)
{
    struct field *row = arena_alloc(arena, sizeof *row);
    const char *prefix = path ? arena_format(arena, "%s.", path) : NULL;
    if (!row || !prefix)
        return;
    *row = (struct field){.key = variant->name,
                          .kind = FIELD_GROUP,
                          .fields = variant->fields,
                          .help = variant->help};
    add(index, arena, path, row);
    add_table(index, arena, prefix, variant->fields);
}

/* The kinds of a list of phases, such as "pattern.phases.ring". Lists in those are of the same. */
static void add_kinds(struct key_index *index, struct arena *arena, const char *prefix,
                      const struct field *field)
{
    struct variant variant;
    for (size_t i = 0; field->variants->at(i, &variant); i++) {
        const char *path = arena_format(arena, "%s%s.%s", prefix, field->key, variant.name);
        add_kind(index, arena, path, &variant);
    }
}

static const struct field workload_kind = {
    .key = "kind", .kind = FIELD_TEXT, .help = "Which workload; see `vhpcsim list workloads`."};

static void add_workload(struct key_index *index, struct arena *arena,
                         const struct workload *workload)
{
    add(index, arena, arena_format(arena, "%s.kind", workload->name), &workload_kind);
    if (workload->read_file)
        add(index, arena, arena_format(arena, "%s.file", workload->name), &field_file);
    const char *prefix = arena_format(arena, "%s.", workload->name);
    if (!prefix)
        return;
    add_table(index, arena, prefix, workload->fields);
    for (const struct field *field = workload->fields; field->key; field++)
        if (field->kind == FIELD_VARIANTS)
            add_kinds(index, arena, prefix, field);
}

int key_index_init(struct key_index *index, struct arena *arena)
{
    *index = (struct key_index){NULL, 0, 0};
    add_table(index, arena, "", scenario_fields);
    for (size_t i = 0; workloads[i]; i++)
        add_workload(index, arena, workloads[i]);
    for (const struct document_kind *kind = document_kinds; kind->name; kind++) {
        const char *prefix = kind != document_kinds ? arena_format(arena, "%s.", kind->name) : NULL;
        if (prefix)
            add_table(index, arena, prefix, kind->fields);
    }
    return arena->failed ? -ENOMEM : 0;
}

const struct key_entry *key_index_find(const struct key_index *index, const char *path)
{
    for (size_t i = 0; i < index->n; i++)
        if (strcmp(index->entries[i].path, path) == 0)
            return &index->entries[i];
    return NULL;
}

void key_index_each_below(const struct key_index *index, const char *path, key_visitor *visitor,
                          void *user)
{
    const size_t length = strlen(path);
    for (size_t i = 0; i < index->n; i++) {
        const char *inner = index->entries[i].path;
        if (strncmp(inner, path, length) == 0 && inner[length] == '.' &&
            !strchr(inner + length + 1, '.'))
            visitor(&index->entries[i], user);
    }
}
