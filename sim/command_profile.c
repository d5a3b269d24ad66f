#include "command_profile.h"

#include "command.h"
#include "command_scenario.h"
#include "sim/input/text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static int part_of(const struct profile *profile)
{
    for (int part = 0; part < N_FIT_PARTS; part++)
        if (strcmp(fit_part_names[part], profile->kind->name) == 0)
            return part;
    return -1;
}

static int read_to_its_place(const char *program, const char *option, const char *name,
                             struct profile *profiles[N_FIT_PARTS])
{
    struct profile *profile;
    const int code = command_read_profile(program, name, &profile);
    if (code != EXIT_DONE)
        return code;
    const int part = part_of(profile);
    if (part >= 0 && !profiles[part]) {
        profiles[part] = profile;
        return EXIT_DONE;
    }
    fprintf(stderr, "%s: %s %s: one %s profile is enough\n", program, option, name,
            profile->kind->name);
    profile_free(profile);
    return EXIT_USAGE;
}

static int read_folder(const char *program, const char *option, const char *folder,
                       struct profile *profiles[N_FIT_PARTS])
{
    int n = 0, code = EXIT_DONE;
    for (int part = 0; part < N_FIT_PARTS && code == EXIT_DONE; part++) {
        char path[PATH_MAX];
        const int length = snprintf(path, sizeof path, "%s/%s.yaml", folder, fit_part_names[part]);
        if (length >= (int)sizeof path || access(path, F_OK) != 0)
            continue;
        code = read_to_its_place(program, option, path, profiles);
        n++;
    }
    if (n > 0)
        return code;
    fprintf(stderr, "%s: there is no node.yaml, link.yaml, mpi.yaml or technology.yaml in %s\n",
            program, folder);
    return EXIT_CANNOT_READ;
}

static bool is_folder(const char *name)
{
    struct stat found;
    return stat(name, &found) == 0 && S_ISDIR(found.st_mode);
}

int command_read_profiles(const char *program, const char *option, int n, const char *const names[],
                          struct profile *profiles[N_FIT_PARTS])
{
    int code = EXIT_DONE;
    for (int i = 0; i < n && code == EXIT_DONE; i++)
        code = is_folder(names[i]) ? read_folder(program, option, names[i], profiles)
                                   : read_to_its_place(program, option, names[i], profiles);
    return code;
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
