/*
 * environment_software.c - the kernel and distribution, and libraries that results depend on.
 */
#include "environment_part.h"
#include "system_file.h"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

/* The line NAME="value" of /etc/os-release, without the quotes. */
static char *release_name(const struct environment_source *source)
{
    static const char key[] = "PRETTY_NAME=";
    char *text = system_text(source, "/etc/os-release");
    char *found = text ? strstr(text, key) : NULL;
    char *name = NULL;
    if (found) {
        found += strlen(key);
        found += *found == '"';
        name = strndup(found, strcspn(found, "\"\n"));
    }
    free(text);
    return name;
}

json_t *environment_host(const struct environment_source *source)
{
    json_t *all = json_object();
    struct utsname kernel;
    put_file(all, "name", source, "/proc/sys/kernel/hostname");
    put_file(all, "boot_id", source, "/proc/sys/kernel/random/boot_id");
    put_file(all, "kernel", source, "/proc/sys/kernel/osrelease");
    put_file(all, "kernel_build", source, "/proc/sys/kernel/version");
    put_file(all, "command_line", source, "/proc/cmdline");
    put_text(all, "distribution", release_name(source));
    if (uname(&kernel) == 0)
        put_string(all, "architecture", kernel.machine);
    return all;
}

/* OpenBLAS says what it chose for this processor; another BLAS has none of these functions. */
static json_t *blas(void)
{
    json_t *all = json_object();
    char *(*core)(void);
    char *(*configuration)(void);
    int (*threads)(void);
    *(void **)&core = dlsym(RTLD_DEFAULT, "openblas_get_corename");
    *(void **)&configuration = dlsym(RTLD_DEFAULT, "openblas_get_config");
    *(void **)&threads = dlsym(RTLD_DEFAULT, "openblas_get_num_threads");
    if (core)
        put_string(all, "core", core());
    if (configuration)
        put_string(all, "configuration", configuration());
    if (threads)
        json_object_set_new(all, "n_threads", json_integer(threads()));
    return all;
}

/* hwloc's picture of cores, caches and memory; environment_devices.c has the devices. */
static void put_topology(json_t *software)
{
    hwloc_topology_t topology;
    char *xml = NULL;
    int length = 0;
    if (hwloc_topology_init(&topology) != 0)
        return;
    if (hwloc_topology_load(topology) == 0 &&
        hwloc_topology_export_xmlbuffer(topology, &xml, &length, 0) == 0) {
        put_string(software, "topology", xml);
        hwloc_free_xmlbuffer(topology, xml);
    }
    hwloc_topology_destroy(topology);
}

json_t *environment_software(const struct environment_source *source)
{
    json_t *all = json_object();
    put_string(all, "compiler", __VERSION__);
    put_string(all, "c_library", gnu_get_libc_version());
    json_object_set_new(all, "blas", blas());
    if (source->root[0] == '\0')
        put_topology(all);
    return all;
}
