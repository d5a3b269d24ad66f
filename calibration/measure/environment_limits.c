/*
 * environment_limits.c - what of the machine the caller may use: cores, control groups' quotas, and
 * memory.
 */
#include "environment_part.h"
#include "system_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the groups of a controller are seen, and the caller's own below it. */
struct group {
    const char *mount; /* below /sys/fs/cgroup; "" or "/cpu", ... */
    char path[1024];   /* "" or "/a/b" */
};

/* The caller's group of a controller of version 1, or with `controller` "" that of version 2. */
static bool find_group(const struct environment_source *source, const char *controller,
                       struct group *group)
{
    bool is_found = false;
    char *text = system_text(source, "/proc/self/cgroup");
    char *rest = text;
    for (char *line; !is_found && (line = strsep(&rest, "\n")) != NULL;) {
        char *list = strchr(line, ':');
        char *path = list ? strchr(list + 1, ':') : NULL;
        if (!path)
            continue;
        *path++ = '\0';
        list++;
        for (char *name; !is_found && (name = strsep(&list, ",")) != NULL;)
            is_found = strcmp(name, controller) == 0;
        snprintf(group->path, sizeof group->path, "%s", strcmp(path, "/") == 0 ? "" : path);
    }
    free(text);
    return is_found;
}

/* Cuts the last part of a group's path away. False: it was the outermost. */
static bool to_parent(struct group *group)
{
    char *slash = strrchr(group->path, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

/* Cores of processor time per time that one group allows; INFINITY: no bound. */
static double group_cpu(const struct environment_source *source, const struct group *group)
{
    double quota, period;
    char *text = system_text(source, "/sys/fs/cgroup%s%s/cpu.max", group->mount, group->path);
    const bool is_bound = text && word_number(text, 0, &quota) && word_number(text, 1, &period);
    free(text);
    if (!is_bound && !(system_number(source, &quota, "/sys/fs/cgroup%s%s/cpu.cfs_quota_us",
                                     group->mount, group->path) &&
                       system_number(source, &period, "/sys/fs/cgroup%s%s/cpu.cfs_period_us",
                                     group->mount, group->path)))
        return INFINITY;
    return quota > 0.0 && period > 0.0 ? quota / period : INFINITY;
}

static double group_memory(const struct environment_source *source, const struct group *group)
{
    /* Version 1 says 2^63 rounded to pages for "no bound". */
    const double unbounded_B = 9.2e18;
    double limit_B;
    if (!system_number(source, &limit_B, "/sys/fs/cgroup%s%s/memory.max", group->mount,
                       group->path) &&
        !system_number(source, &limit_B, "/sys/fs/cgroup%s%s/memory.limit_in_bytes", group->mount,
                       group->path))
        return INFINITY;
    return limit_B < unbounded_B ? limit_B : INFINITY;
}

/* The tightest bound of a group and all above it, wherever its controller is mounted. */
static double tightest(const struct environment_source *source, const char *controller,
                       const char *const mounts[],
                       double (*bound)(const struct environment_source *, const struct group *))
{
    double found = INFINITY;
    for (int i = 0; mounts[i]; i++) {
        struct group group = {.mount = mounts[i]};
        if (!find_group(source, controller, &group))
            continue;
        do
            found = least(found, bound(source, &group));
        while (to_parent(&group));
    }
    return found;
}

json_t *environment_limits(const struct environment_source *source)
{
    static const char *const unified[] = {"", "/unified", NULL};
    static const char *const cpu[] = {"/cpu,cpuacct", "/cpuacct,cpu", "/cpu", NULL};
    static const char *const memory[] = {"/memory", NULL};
    json_t *all = json_object();
    const double cores =
        least(tightest(source, "", unified, group_cpu), tightest(source, "cpu", cpu, group_cpu));
    const double memory_B = least(tightest(source, "", unified, group_memory),
                                  tightest(source, "memory", memory, group_memory));
    if (isfinite(cores))
        json_object_set_new(all, "cpu_cores", json_real(cores));
    if (isfinite(memory_B))
        json_object_set_new(all, "memory_B", json_real(memory_B));
    put_file(all, "groups", source, "/proc/self/cgroup");
    return all;
}

/* The cores of the caller's cpuset, from the innermost group that says any. */
static char *cpuset(const struct environment_source *source)
{
    struct group group = {.mount = ""};
    char *cores = NULL;
    if (find_group(source, "", &group)) {
        do
            cores = system_text(source, "/sys/fs/cgroup%s/cpuset.cpus.effective", group.path);
        while (!cores && to_parent(&group));
    }
    if (!cores && find_group(source, "cpuset", &group)) {
        do
            cores = system_text(source, "/sys/fs/cgroup/cpuset%s/cpuset.cpus", group.path);
        while (!cores && to_parent(&group));
    }
    return cores;
}

json_t *environment_cores(const struct environment_source *source)
{
    json_t *all = json_object();
    char *status = system_text(source, "/proc/self/status");
    char *affinity = status ? line_value(status, "Cpus_allowed_list") : NULL;
    char *online = system_text(source, "/sys/devices/system/cpu/online");
    char *set = cpuset(source);
    const char *usable = set ? set : online;
    if (usable)
        json_object_set_new(all, "n_usable", json_integer(number_list_count(usable)));
    put_string(all, "usable", usable);
    put_text(all, "affinity", affinity);
    put_text(all, "cpuset", set);
    free(online);
    free(status);
    return all;
}

json_t *environment_memory(const struct environment_source *source)
{
    static const char *const keys[][2] = {
        {"total_B", "MemTotal"},        {"available_B", "MemAvailable"},
        {"free_B", "MemFree"},          {"swap_total_B", "SwapTotal"},
        {"swap_free_B", "SwapFree"},    {"anonymous_huge_B", "AnonHugePages"},
        {"huge_page_B", "Hugepagesize"}};
    json_t *all = json_object();
    char *text = system_text(source, "/proc/meminfo");
    for (size_t i = 0; text && i < sizeof keys / sizeof *keys; i++) {
        char *value = line_value(text, keys[i][1]);
        if (value)
            json_object_set_new(all, keys[i][0], json_integer(1024 * strtoll(value, NULL, 10)));
        free(value);
    }
    char *reserved = text ? line_value(text, "HugePages_Total") : NULL;
    if (reserved)
        json_object_set_new(all, "n_huge_pages_reserved",
                            json_integer(strtoll(reserved, NULL, 10)));
    free(reserved);
    free(text);

    char *enabled = system_text(source, "/sys/kernel/mm/transparent_hugepage/enabled");
    char *defrag = system_text(source, "/sys/kernel/mm/transparent_hugepage/defrag");
    put_text(all, "transparent_huge_pages", bracketed(enabled));
    put_text(all, "transparent_huge_pages_defrag", bracketed(defrag));
    free(enabled);
    free(defrag);
    put_scaled(all, "swappiness", 1.0, source, "/proc/sys/vm/swappiness");
    put_scaled(all, "zone_reclaim", 1.0, source, "/proc/sys/vm/zone_reclaim_mode");
    put_scaled(all, "same_page_merging", 1.0, source, "/sys/kernel/mm/ksm/run");
    return all;
}
