#include "places.h"

#include <hwloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- one rank ------------------------------------------------------------------------------- */

#ifndef SMPI_H

/* "boot" where it cannot be read: one machine, then. */
static void read_boot(char boot[PLACE_NAME_B])
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    snprintf(boot, PLACE_NAME_B, "boot");
    if (!file)
        return;
    if (fgets(boot, PLACE_NAME_B, file))
        boot[strcspn(boot, "\n")] = '\0';
    fclose(file);
}

static unsigned long namespace_of(const char *kind)
{
    char path[40];
    struct stat file;
    snprintf(path, sizeof path, "/proc/self/ns/%s", kind);
    return stat(path, &file) == 0 ? (unsigned long)file.st_ino : 0;
}

static void look_at_system(struct place *place)
{
    char boot[PLACE_NAME_B];
    const char *told = getenv("VHPC_HOST");
    read_boot(boot);
    gethostname(place->host, sizeof place->host - 1);
    snprintf(place->physical, sizeof place->physical, "%.*s", PLACE_NAME_B - 1,
             told && *told ? told : boot);
    snprintf(place->domain, sizeof place->domain, "%.40s/%lu/%lu/%lu", boot, namespace_of("uts"),
             namespace_of("net"), namespace_of("pid"));
}

/* Cores, not their hardware threads: of all that the domain may use, or that the rank is bound
 * to. */
static void look_at_cores(struct place *place)
{
    hwloc_topology_t topology;
    place->n_cores = 1;
    place->core = -1;
    if (hwloc_topology_init(&topology) != 0)
        return;
    hwloc_bitmap_t bound = hwloc_bitmap_alloc();
    if (hwloc_topology_load(topology) == 0 &&
        hwloc_get_cpubind(topology, bound, HWLOC_CPUBIND_PROCESS) == 0) {
        hwloc_const_bitmap_t allowed = hwloc_topology_get_allowed_cpuset(topology);
        const int n = hwloc_get_nbobjs_inside_cpuset_by_type(topology, allowed, HWLOC_OBJ_CORE);
        place->n_cores = n > 0 ? n : hwloc_bitmap_weight(allowed);
        hwloc_obj_t core = hwloc_get_obj_covering_cpuset(topology, bound);
        while (core && core->type != HWLOC_OBJ_CORE)
            core = core->parent;
        if (core || hwloc_bitmap_weight(bound) == 1)
            place->core = hwloc_bitmap_first(bound);
    }
    hwloc_bitmap_free(bound);
    hwloc_topology_destroy(topology);
}

#else

static void look_at_system(struct place *place)
{
    char name[MPI_MAX_PROCESSOR_NAME + 1] = "";
    int length;
    MPI_Get_processor_name(name, &length);
    snprintf(place->host, sizeof place->host, "%.*s", PLACE_NAME_B - 1, name);
    memcpy(place->physical, place->host, sizeof place->physical);
    memcpy(place->domain, place->host, sizeof place->domain);
}

static void look_at_cores(struct place *place)
{
    place->n_cores = 1;
    place->core = -1;
}

#endif

/* --- all ranks ------------------------------------------------------------------------------ */

/* The number of each rank's name, counted in the order of ranks. */
static int *number(const struct places *places, size_t offset)
{
    int *numbers = calloc((size_t)places->n, sizeof *numbers);
    int n = 0;
    for (int i = 0; numbers && i < places->n; i++) {
        int k = 0;
        while (k < i && strcmp((const char *)&places->of[k] + offset,
                               (const char *)&places->of[i] + offset) != 0)
            k++;
        numbers[i] = k < i ? numbers[k] : n++;
    }
    return numbers;
}

/* What VHPC_HOST says of ranks that see one boot: they are domains of their own. */
static void part_told_domains(struct place *place)
{
    char domain[PLACE_NAME_B];
    snprintf(domain, sizeof domain, "%.80s/%.40s", place->domain, place->physical);
    memcpy(place->domain, domain, sizeof domain);
}

int places_gather(struct places *places, struct measure *measure)
{
    struct place mine = {.pid = getpid()};
    look_at_system(&mine);
    look_at_cores(&mine);
    part_told_domains(&mine);

    places->n = measure->n_ranks;
    places->of = calloc((size_t)places->n, sizeof *places->of);
    if (!places->of)
        return MPI_ERR_NO_MEM;
    const int error = MPI_Allgather(&mine, sizeof mine, MPI_BYTE, places->of, sizeof mine, MPI_BYTE,
                                    measure->world);
    if (error)
        return error;
    places->domain = number(places, offsetof(struct place, domain));
    places->host = number(places, offsetof(struct place, physical));
    places->core = calloc((size_t)places->n, sizeof *places->core);
    if (!places->domain || !places->host || !places->core)
        return MPI_ERR_NO_MEM;
    for (int i = 0; i < places->n; i++)
        places->core[i] = places->of[i].core;
    measure->domain = places->domain;
    measure->host = places->host;
    measure->core = places->core;
    measure->n_cores = mine.n_cores;
    return MPI_SUCCESS;
}

void places_release(struct places *places)
{
    free(places->of);
    free(places->domain);
    free(places->host);
    free(places->core);
    *places = (struct places){0};
}

/* FNV-1a (Fowler, Noll, Vo; RFC 9923): what tells domains apart is long. */
static unsigned hash(const char *text)
{
    unsigned value = 2166136261U;
    for (; *text; text++)
        value = (value ^ (unsigned char)*text) * 16777619U;
    return value;
}

json_t *places_domain_name(const struct places *places, int domain)
{
    int rank = 0;
    while (places->domain[rank] != domain)
        rank++;
    return json_sprintf("%s/%08x", places->of[rank].host, hash(places->of[rank].domain));
}

json_t *places_json(const struct places *places)
{
    json_t *ranks = json_array();
    for (int i = 0; i < places->n; i++)
        json_array_append_new(ranks,
                              json_pack("{s:s, s:o, s:s, s:i, s:i}", "host", places->of[i].host,
                                        "domain", places_domain_name(places, places->domain[i]),
                                        "physical_host", places->of[i].physical, "core",
                                        places->of[i].core, "pid", (int)places->of[i].pid));
    return ranks;
}
