#include "profile_document.h"

#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Fills `profile` from the text; what is wrong is in the diagnostics. */
static void fill(struct profile *profile, const char *file, const char *text, size_t length,
                 struct diagnostics *diagnostics)
{
    struct reading reading = {.arena = &profile->arena, .diagnostics = diagnostics};
    const struct tree *map = document_open(&reading, &profile->kind, file, text, length);
    if (!map)
        return;
    if (!profile->kind->folder) {
        diagnostics_add(diagnostics, SEVERITY_ERROR, map->place, NULL,
                        "this is a %s where a profile is expected", profile->kind->name);
        return;
    }
    profile->values = arena_alloc(&profile->arena, profile->kind->size_B);
    if (profile->values)
        field_read(&reading, profile->kind->fields, map, "", profile->values);
}

int profile_read_text(const struct document_kind *kind, const char *file, const char *text,
                      size_t length, struct diagnostics *diagnostics, struct profile **profile)
{
    struct profile *read = calloc(1, sizeof *read);
    if (!read)
        return -ENOMEM;
    read->kind = kind;
    const char *name = arena_copy(&read->arena, file, strlen(file));
    if (name)
        fill(read, name, text, length, diagnostics);

    const bool has_errors = diagnostics_count(diagnostics, SEVERITY_ERROR) > 0;
    const int error = read->arena.failed ? -ENOMEM : has_errors ? -EINVAL : 0;
    if (error)
        profile_free(read);
    else
        *profile = read;
    return error;
}

int profile_read_shipped(const struct document_kind *kind, const char *name,
                         struct diagnostics *diagnostics, struct profile **profile)
{
    if (strchr(name, '/'))
        return -ENOENT;
    struct arena arena = {NULL, false};
    char *text;
    size_t length;
    const char *path = document_shipped_path(&arena, kind, name);
    int error = path ? text_read_file(&arena, path, &text, &length) : -ENOMEM;
    if (!error)
        error = profile_read_text(kind, path, text, length, diagnostics, profile);
    arena_release(&arena);
    return error;
}

void profile_free(struct profile *profile)
{
    if (!profile)
        return;
    arena_release(&profile->arena);
    free(profile);
}
