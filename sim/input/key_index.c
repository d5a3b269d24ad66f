#include "key_index.h"

#include "document.h"
#include "field_read.h"
#include "scenario.h"

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
        const struct field *below = document_fields_below(field);
        const char *inner = path && below ? arena_format(arena, "%s.", path) : NULL;
        if (inner)
            add_table(index, arena, inner, below);
    }
}

static void add_workload(struct key_index *index, struct arena *arena,
                         const struct workload *workload)
{
    add(index, arena, arena_format(arena, "%s.kind", workload->name), &field_workload_kind);
    if (workload->read_file)
        add(index, arena, arena_format(arena, "%s.file", workload->name), &field_workload_file);
    const char *prefix = arena_format(arena, "%s.", workload->name);
    if (prefix)
        add_table(index, arena, prefix, workload->fields);
}

int key_index_init(struct key_index *index, struct arena *arena)
{
    *index = (struct key_index){NULL, 0, 0};
    add_table(index, arena, "", scenario_fields);
    for (size_t i = 0; workloads[i]; i++)
        add_workload(index, arena, workloads[i]);
    for (const struct document_kind *kind = document_kinds; kind->name; kind++) {
        const char *prefix = kind->folder ? arena_format(arena, "%s.", kind->name) : NULL;
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
