#include "command_profile.h"

#include "command.h"
#include "command_scenario.h"
#include "sim/input/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int read_file(const char *path, struct diagnostics *diagnostics, struct profile **profile)
{
    struct arena arena = {NULL, false};
    char *text;
    size_t length;
    int status = text_read_file(&arena, path, &text, &length);
    if (status == 0)
        status = profile_read_text(NULL, path, text, length, diagnostics, profile);
    arena_release(&arena);
    return status;
}

static int read_shipped(const char *name, struct diagnostics *diagnostics, struct profile **profile)
{
    int status = -ENOENT;
    for (const struct document_kind *kind = document_kinds; kind->name && status == -ENOENT;
         kind++) {
        if (kind->folder)
            status = profile_read_shipped(kind, name, diagnostics, profile);
    }
    return status;
}

int command_read_profile(const char *program, const char *name, struct profile **profile)
{
    struct diagnostics *diagnostics = diagnostics_new();
    int status = diagnostics ? -ENOENT : -ENOMEM;

    if (diagnostics && !document_is_path(name))
        status = read_shipped(name, diagnostics, profile);
    if (status == -ENOENT)
        status = read_file(name, diagnostics, profile);
    if (diagnostics)
        diagnostics_print(diagnostics, stderr, command_uses_color(stderr));
    diagnostics_free(diagnostics);
    if (status == 0 || status == -EINVAL)
        return status == 0 ? EXIT_DONE : EXIT_INVALID_INPUT;
    fprintf(stderr, "%s: cannot read %s: %s%s\n", program, name, strerror(-status),
            document_is_path(name) ? "" : "; `vhpcsim list` tells the shipped profiles");
    return EXIT_CANNOT_READ;
}

const char *command_profile_key(const struct document_kind *kind)
{
    static const struct {
        const char *kind, *key;
    } keys[] = {{"node", "cluster.node"},
                {"link", "cluster.link"},
                {"mpi", "mpi"},
                {"technology", "virtualization.technology"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].kind, kind->name) == 0)
            return keys[i].key;
    }
    return NULL;
}
