#include "machine.h"

#include "clock.h"
#include "extent.h"
#include "system_file.h"
#include "workspace.h"

#include <cblas.h>
#include <hwloc.h>
#include <math.h>
#include <stdlib.h>

enum { PROBE_ORDER = 96, PROBES = 3, TABLE = 4 };

/* Of free memory, all ranks together: others live here too. What is kept from visit to visit comes
 * to less than twice that. */
static const double memory_part = 0.15;

/* Where nobody tells: larger than the caches of most cores. */
static const double unknown_core_cache_B = 1 << 20;
static const double unknown_last_cache_B = 32 << 20;
static const double unknown_memory_B = 256 << 20;

/* --- caches ------------------------------------------------------------------------------- */

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

/* --- memory ------------------------------------------------------------------------------- */

static double limit_B(const struct environment_source *source, const char *path)
{
    double limit_B;
    return system_number(source, &limit_B, "%s", path) ? limit_B : INFINITY;
}

static double free_memory_B(void)
{
    const struct environment_source here = {.root = ""};
    char *text = system_text(&here, "/proc/meminfo");
    char *available = text ? line_value(text, "MemAvailable") : NULL;
    double available_KiB;
    const bool is_known = available && word_number(available, 0, &available_KiB);
    /* What control groups allow, of both versions; where they allow all, it is no number. */
    const double group_B = fmin(limit_B(&here, "/sys/fs/cgroup/memory.max"),
                                limit_B(&here, "/sys/fs/cgroup/memory/memory.limit_in_bytes"));

    free(available);
    free(text);
    return fmin(is_known ? 1024.0 * available_KiB : unknown_memory_B, group_B / 2.0);
}

/* --- speed -------------------------------------------------------------------------------- */

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

/* --- all of it ---------------------------------------------------------------------------- */

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
        .beyond_B = extent_beyond_caches_B(last_cache_B, -largest[3] / 2.0),
        .table_B = extent_beyond_caches_B(TABLE * last_cache_B, -largest[3] / 4.0),
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
