#include "machine.h"

#include "clock.h"
#include "extent.h"
#include "workspace.h"

#include <cblas.h>
#include <hwloc.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { PROBE_ORDER = 96, PROBES = 3 };

/* Of free memory, all ranks together: others live here too. What is kept from visit to visit comes
 * to less than twice that. */
static const double memory_part = 0.15;

/* Where nobody tells: larger than the caches of most cores. */
static const double unknown_core_cache_B = 1 << 20;
static const double unknown_last_cache_B = 32 << 20;

/* --- caches -------------------------------------------------------------------------------------
 */

static void find_caches(struct machine *machine)
{
    hwloc_topology_t topology;
    if (hwloc_topology_init(&topology) != 0)
        return;
    if (hwloc_topology_load(topology) == 0) {
        const int depth = hwloc_get_type_or_below_depth(topology, HWLOC_OBJ_CORE);
        hwloc_obj_t object = hwloc_get_obj_by_depth(topology, depth, 0);
        const int n_alone = object ? hwloc_bitmap_weight(object->cpuset) : 1;
        for (; object; object = object->parent) {
            if (!hwloc_obj_type_is_dcache(object->type))
                continue;
            const double size_B = (double)object->attr->cache.size;
            if (hwloc_bitmap_weight(object->cpuset) == n_alone)
                machine->core_cache_B = fmax(machine->core_cache_B, size_B);
            machine->last_cache_B = fmax(machine->last_cache_B, size_B);
        }
    }
    hwloc_topology_destroy(topology);
}

/* --- memory -------------------------------------------------------------------------------------
 */

/* Bytes that the file's line says, or INFINITY. */
static double number_in(const char *path, const char *format, double unit_B)
{
    double value, found_B = INFINITY;
    char line[256];
    FILE *file = fopen(path, "r");
    if (!file)
        return INFINITY;
    while (isinf(found_B) && fgets(line, sizeof line, file))
        if (sscanf(line, format, &value) == 1)
            found_B = value * unit_B;
    fclose(file);
    return found_B;
}

static double free_memory_B(void)
{
    const double system_B = number_in("/proc/meminfo", "MemAvailable: %lf", 1024.0);
    /* What control groups allow, of both versions: "max" is no number. */
    const double group_B =
        fmin(number_in("/sys/fs/cgroup/memory.max", "%lf", 1.0),
             number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes", "%lf", 1.0));
    const double free_B = fmin(system_B, group_B / 2.0);
    return isfinite(free_B) ? free_B : 256.0 * 1024.0 * 1024.0;
}

/* --- speed --------------------------------------------------------------------------------------
 */

static double probe_s(void)
{
    enum { N = PROBE_ORDER };
    double *a = workspace_random(3 * N * N);
    double best_s = INFINITY;
    for (int i = 0; a && i < PROBES; i++) {
        const double start_s = clock_now_s();
        cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1.0, a, N, a + N * N, N,
                    1.0, a + 2 * N * N, N);
        best_s = fmin(best_s, clock_now_s() - start_s);
    }
    return fmin(best_s, 1.0);
}

/* --- all of it ----------------------------------------------------------------------------------
 */

static int ranks_of_domain(const struct measure *measure, int *first)
{
    int n = 0;
    *first = measure->rank;
    for (int i = measure->n_ranks - 1; i >= 0; i--)
        if (measure->domain[i] == measure->domain[measure->rank]) {
            *first = i;
            n++;
        }
    return n;
}

static struct machine look_up(const struct measure *measure)
{
    int first;
    const int n = ranks_of_domain(measure, &first);
    struct machine own = {0};
    openblas_set_num_threads(1); /* ranks have a core each, and share no more */
    if (measure->rank == first)
        find_caches(&own);
    double largest[] = {own.core_cache_B, own.last_cache_B, probe_s(),
                        -memory_part * free_memory_B() / n};
    MPI_Allreduce(MPI_IN_PLACE, largest, 4, MPI_DOUBLE, MPI_MAX, measure->world);
    const double last_cache_B = largest[1] > 0.0 ? largest[1] : unknown_last_cache_B;
    return (struct machine){
        .core_cache_B = largest[0] > 0.0 ? largest[0] : unknown_core_cache_B,
        .last_cache_B = last_cache_B,
        .beyond_B = extent_beyond_caches_B(last_cache_B, -largest[3] / 4.0),
        .rank_memory_B = -largest[3],
        .rate_flops = extent_power_below(4.0, 2.0 * pow(PROBE_ORDER, 3) / largest[2]),
    };
}

const struct machine *machine_of(const struct measure *measure)
{
    static struct machine machine;
    if (machine.last_cache_B == 0.0)
        machine = look_up(measure);
    return &machine;
}
