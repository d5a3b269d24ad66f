/*
 * environment_container.c - containers and namespaces between the kernel and the caller.
 *
 * Containers leave marks: files that their runtime makes, the `container` variable of their first
 * process, names in control group paths (which also tell the order of nested ones), and their
 * images' mounts. A mark may be left of an image that no longer runs in a container: then all
 * namespaces are initial ones, which is told as a doubt.
 */
#include "environment_part.h"
#include "system_file.h"

#include <stdlib.h>
#include <string.h>

struct mark {
    const char *path;
    const char *within; /* NULL: that the file is there is enough */
    const char *kind;
};

/* In the order in which they are looked for; of control group paths, that in the path decides. */
static const struct mark marks[] = {
    {"/run/secrets/kubernetes.io", NULL, "kubernetes"},
    {"/var/run/secrets/kubernetes.io", NULL, "kubernetes"},
    {"/.dockerenv", NULL, "docker"},
    {"/.dockerinit", NULL, "docker"},
    {"/proc/self/mountinfo", "/docker/containers/", "docker"},
    {"/run/.containerenv", NULL, "podman"},
    {"/proc/self/mountinfo", "/containers/storage/", "podman"},
    {"/proc/self/mountinfo", "lxcfs", "lxc"},
    {"/.singularity.d", NULL, "apptainer"},
    {"/ch/environment", NULL, "charliecloud"},
    {"/etc/sarus-release", NULL, "sarus"},
    {"/proc/sys/kernel/osrelease", "icrosoft", "wsl"},
};

/* What control groups of containers are called, and `container=` of their first process. */
static const struct mark names[] = {
    {NULL, "kubepods", "kubernetes"},
    {NULL, "cri-containerd", "containerd"},
    {NULL, "crio-", "cri-o"},
    {NULL, "docker", "docker"},
    {NULL, "libpod", "podman"},
    {NULL, "podman", "podman"},
    {NULL, "lxc", "lxc"},
    {NULL, "machine-lxc", "lxc"},
    {NULL, "systemd-nspawn", "systemd-nspawn"},
    {NULL, "garden", "garden"},
    {NULL, "wsl", "wsl"},
    {NULL, "oci", "oci"},
    {NULL, "rocket", "rkt"},
    {NULL, "rkt", "rkt"},
};

enum { N_MARKS = sizeof marks / sizeof *marks, N_NAMES = sizeof names / sizeof *names };

static bool is_within(const char *kind, const char *const list[])
{
    for (int i = 0; list[i]; i++) {
        if (strcmp(list[i], kind) == 0)
            return true;
    }
    return false;
}

/* A pod is the container that its runtime makes: one layer, not two. */
static json_t *container_layer(json_t *stack, const char *kind)
{
    static const char *const runtimes[] = {"docker", "containerd", "cri-o", "podman", NULL};
    size_t i;
    json_t *layer;
    json_array_foreach(stack, i, layer)
    {
        if (strcmp(json_string_value(json_object_get(layer, "kind")), "kubernetes") == 0 &&
            is_within(kind, runtimes)) {
            put_string(layer, "runtime", kind);
            return layer;
        }
    }
    return stack_layer(stack, "container", kind);
}

static const char *named_kind(const char *name)
{
    for (int i = 0; i < N_NAMES; i++) {
        if (strncmp(name, names[i].within, strlen(names[i].within)) == 0)
            return names[i].kind;
    }
    return NULL;
}

/* What a line begins with ("4:cpu,cpuacct:"), or a unit that runs a daemon of containers. */
static bool is_no_container(const char *part)
{
    const size_t length = strlen(part);
    return length == 0 || part[length - 1] == ':' || strstr(part, ".service");
}

/* The groups of the caller and of the first process: each part of a path may name a container, an
 * outer one first. */
static void look_at_groups(const struct environment_source *source, json_t *stack,
                           const char *process)
{
    char *text = system_text(source, "/proc/%s/cgroup", process);
    char *rest = text;
    for (char *part; (part = strsep(&rest, "/\n")) != NULL;) {
        const char *kind = is_no_container(part) ? NULL : named_kind(part);
        if (kind)
            layer_evidence(container_layer(stack, kind), "control group %s of process %s", part,
                           process);
    }
    free(text);
}

/* OpenVZ shows /proc/vz everywhere, and /proc/bc on the machine itself alone. */
static void look_for_openvz(const struct environment_source *source, json_t *stack)
{
    if (system_exists(source, "/proc/vz") && !system_exists(source, "/proc/bc"))
        layer_evidence(stack_layer(stack, "container", "openvz"), "/proc/vz without /proc/bc");
}

static void look_at_first_process(const struct environment_source *source, json_t *stack)
{
    char *told = system_text(source, "/run/systemd/container");
    if (told)
        layer_evidence(container_layer(stack, named_kind(told) ? named_kind(told) : told),
                       "/run/systemd/container is %s", told);
    free(told);

    char *variables = system_text(source, "/proc/1/environ");
    char *found = variables ? strstr(variables, "container=") : NULL;
    if (found && (found == variables || found[-1] == ' ')) {
        found += strlen("container=");
        found[strcspn(found, " ")] = '\0';
        if (*found)
            layer_evidence(container_layer(stack, named_kind(found) ? named_kind(found) : found),
                           "container=%s of process 1", found);
    }
    free(variables);
}

static void look_for_marks(const struct environment_source *source, json_t *stack)
{
    for (int i = 0; i < N_MARKS; i++) {
        const struct mark *mark = &marks[i];
        if (!mark->within) {
            if (system_exists(source, "%s", mark->path))
                layer_evidence(container_layer(stack, mark->kind), "%s", mark->path);
            continue;
        }
        char *text = system_text(source, "%s", mark->path);
        if (text && strstr(text, mark->within))
            layer_evidence(container_layer(stack, mark->kind), "%s names %s", mark->path,
                           mark->within);
        free(text);
    }
}

/* --- namespaces ----------------------------------------------------------------------------------
 */

/* Linux gives the first namespaces fixed numbers (include/linux/proc_ns.h); those of the network
 * and of mounts had none for long, so they are compared with those of process 1. */
static const struct {
    const char *name;
    unsigned long initial;
} namespaces[] = {
    {"user", 4026531837}, {"pid", 4026531836},    {"uts", 4026531838}, {"ipc", 4026531839},
    {"net", 0},           {"cgroup", 4026531835}, {"mnt", 0},
};

enum { N_NAMESPACES = sizeof namespaces / sizeof *namespaces };

/* The number in "net:[4026531833]". */
static bool namespace_number(const struct environment_source *source, const char *process,
                             const char *name, unsigned long *number)
{
    char *link = system_link(source, "/proc/%s/ns/%s", process, name);
    const char *open = link ? strchr(link, '[') : NULL;
    if (open)
        *number = strtoul(open + 1, NULL, 10);
    free(link);
    return open != NULL;
}

/* Names of the namespaces that are other than the machine's first. */
static json_t *own_namespaces(const struct environment_source *source, bool *is_known)
{
    json_t *own = json_array();
    *is_known = false;
    for (int i = 0; i < N_NAMESPACES; i++) {
        unsigned long number, initial = namespaces[i].initial;
        if (!namespace_number(source, "self", namespaces[i].name, &number))
            continue;
        *is_known = *is_known || initial != 0;
        if (initial == 0 && !namespace_number(source, "1", namespaces[i].name, &initial))
            continue;
        if (number != initial)
            json_array_append_new(own, json_string(namespaces[i].name));
    }
    return own;
}

void environment_containers(const struct environment_source *source, json_t *stack)
{
    const size_t n_machines = json_array_size(stack);
    look_at_groups(source, stack, "1");
    look_at_groups(source, stack, "self");
    look_for_openvz(source, stack);
    look_for_marks(source, stack);
    look_at_first_process(source, stack);

    bool is_known;
    json_t *own = own_namespaces(source, &is_known);
    if (json_array_size(stack) == n_machines && json_array_size(own) > 0)
        layer_evidence(stack_layer(stack, "container", "namespaces"), "namespaces of its own");
    const size_t n = json_array_size(stack);
    if (n > n_machines) {
        json_t *inner = json_array_get(stack, n - 1);
        if (is_known && json_array_size(own) == 0)
            put_string(inner, "doubt",
                       "all namespaces are the machine's first: its marks may be left of an image");
        json_object_set(inner, "namespaces", own);
    }
    json_decref(own);
}
