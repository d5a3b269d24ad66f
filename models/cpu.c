#include "cpu.h"

#include "floating.h"
#include "memory.h"
#include "paging.h"
#include "placement.h"

#include <assert.h>
#include <math.h>

struct work work_of(enum work_class class, double flops, double bytes)
{
    return (struct work){.class = class, .flops = flops, .bytes = bytes};
}

struct work work_updates(double n_updates, double n_at_once, double flops)
{
    return (struct work){.class = WORK_INTEGER,
                         .flops = flops,
                         .bytes = n_updates * 2.0 * CACHE_LINE_B,
                         .n_accesses = n_updates,
                         .n_at_once = n_at_once};
}

double look_cost_s(const struct mpi_profile *mpi, int n_connections)
{
    return mpi->look_s.value + n_connections * mpi->look_connection_s.value;
}

struct work work_lasting(const struct node_profile *node, enum work_class class, double native_s)
{
    return work_of(class, native_s * node->rate_flops[class].alone.value, 0.0);
}

struct work work_dgemm(double m, double n, double k)
{
    return (struct work){.class = WORK_DGEMM, .flops = 2.0 * m * n * k, .m = m, .n = n, .k = k};
}

struct work work_part(const struct work *work, double part)
{
    struct work parted = *work;
    parted.flops *= part;
    parted.bytes *= part;
    parted.n_lookups *= part;
    parted.n_accesses *= part;
    parted.n_strided *= part;
    return parted;
}

/* How far the node is from one active core (0) to all of them (1). */
static double fullness(const struct core_load *load)
{
    const int n_busy = load->n_active + load->n_beside;
    if (load->n_cores == 1 || n_busy >= load->n_cores)
        return n_busy >= load->n_cores ? 1.0 : 0.0;
    return (n_busy - 1.0) / (load->n_cores - 1.0);
}

static double between(const struct parameter *alone, const struct parameter *full, double fullness)
{
    /* Exact at both ends, however far apart they are. */
    return alone->value * (1.0 - fullness) + full->value * fullness;
}

static int at_least_one(int n)
{
    return n > 1 ? n : 1;
}

static int at_most(int n, int most)
{
    return n < most ? n : most;
}

/* Part of its core's speed that a rank has, when as many as there are hardware threads share it;
 * more take turns, which is not ours to tell. */
static double core_share(const struct node_profile *node, const struct core_load *load,
                         enum work_class class)
{
    const int n_threads = node_threads_per_core(node);
    const int n = at_most(at_least_one(load->n_on_core), n_threads);
    if (n == 1)
        return 1.0;
    const double gain = node->smt_yield[class].value - 1.0;
    return (1.0 + gain * (n - 1.0) / (n_threads - 1.0)) / n;
}

static double dgemm_alone_s(const struct dgemm_polynomial *t, const struct work *work)
{
    return t->mnk_s.value * work->m * work->n * work->k + t->mn_s.value * work->m * work->n +
           t->mk_s.value * work->m * work->k + t->nk_s.value * work->n * work->k + t->call_s.value;
}

static double native_flops_s(const struct node_profile *node, const struct core_load *load,
                             const struct work *work)
{
    const struct core_rate *rate = &node->rate_flops[work->class];
    const double now_flops = between(&rate->alone, &rate->full_node, fullness(load)) *
                             core_share(node, load, work->class);
    const bool is_shaped = work->m > 0.0 && work->n > 0.0 && work->k > 0.0;
    if (is_shaped && node->dgemm.mnk_s.value > 0.0)
        return dgemm_alone_s(&node->dgemm, work) * rate->alone.value / now_flops;
    return work->flops / now_flops;
}

/* --- memory ----------------------------------------------------------------------------------- */

/* Part of what lies anywhere on `n_sockets` that is another socket's. */
static double remote_of(double scattered, int n_sockets)
{
    return scattered * (1.0 - 1.0 / at_least_one(n_sockets));
}

/* Of the caches, what the rank has for itself. */
static double rank_cache_B(const struct node_profile *node, const struct core_load *load)
{
    const int n_on_socket = load->n_on_socket > 0 ? load->n_on_socket : load->n_active;
    return memory_cache_B(node, at_least_one(load->n_on_core), n_on_socket);
}

/* Time that bytes and accesses take, each alone. */
struct memory_time {
    double bytes_s;
    double access_s;
};

/* Who draws from memory beside the rank: of more ranks than hardware threads, those that do not
 * wait for their turn. */
static struct memory_load memory_load(const struct node_profile *node, const struct core_load *load,
                                      double remote, struct paged_access access)
{
    const int n_threads = load->n_cores * node_threads_per_core(node);
    const int n_of_socket = at_least_one(n_threads / at_least_one(node->n_sockets));
    const int n_on_socket = load->n_on_socket > 0 ? load->n_on_socket : load->n_active;
    return (struct memory_load){.n_active = at_most(load->n_active, n_threads),
                                .n_on_socket = at_most(n_on_socket, n_of_socket),
                                .core_share = core_share(node, load, WORK_MEMORY),
                                .remote = remote,
                                .access = access};
}

static struct memory_time memory_time(const struct node_profile *node, const struct core_load *load,
                                      const struct work *work, const struct memory_load *memory)
{
    if (work->bytes == 0.0 && work->n_lookups == 0.0 && work->n_accesses == 0.0 &&
        work->n_strided == 0.0)
        return (struct memory_time){0.0, 0.0};
    const double cache_B = rank_cache_B(node, load);
    const double missed = work->reused_B > 0.0 ? memory_missed(cache_B, work->reused_B) : 1.0;
    const double n_missing = work->n_lookups * memory_missed(cache_B, work->table_B);
    const double memory_B = work->bytes * missed + n_missing * CACHE_LINE_B +
                            work->n_strided * node->strided_extra_B.value;
    const double cache_Bps = node->cache.bandwidth_Bps.value * memory->core_share;
    const double cached_s = cache_Bps > 0.0 ? work->bytes * (1.0 - missed) / cache_Bps : 0.0;
    return (struct memory_time){
        .bytes_s = memory_B / memory_bandwidth_share_Bps(node, memory) + cached_s,
        .access_s = memory_access_s(node, memory, work->n_accesses, work->n_at_once) +
                    memory_access_s(node, memory, n_missing, INFINITY),
    };
}

/* --- guests ----------------------------------------------------------------------------------- */

static bool is_in_guest(const struct virt_profile *virt, const struct core_load *load)
{
    return virt->kind != VIRT_NATIVE && load->n_vcpus > 0;
}

static double guest_s(const struct efficiency *efficiency, const struct core_load *load,
                      double native_s)
{
    if (native_s == 0.0)
        return 0.0;
    const struct parameter *full =
        load->n_vcpus > 1 ? &efficiency->smp_guest : &efficiency->full_node;
    return native_s / between(&efficiency->alone, full, fullness(load));
}

/* A guest that does not see sockets ties none of its memory to one, nor does one that floats. */
static double guest_remote(const struct node_profile *node, const struct virt_profile *virt,
                           const struct core_load *load, double remote)
{
    const double pinned =
        virt->numa == NUMA_EXPOSED ? remote : remote_of(1.0, load->n_sockets_of_guest);
    return load->is_floating
               ? floating_remote(&virt->floating, at_least_one(node->n_sockets), pinned)
               : pinned;
}

/* The same work in a guest, whose bare node needs `flops_s` and `native_s`. */
static struct compute_cost guest_cost(const struct node_profile *node,
                                      const struct virt_profile *virt, const struct core_load *load,
                                      const struct work *work, double flops_s, double native_s)
{
    const double native_remote = remote_of(work->scattered, load->n_sockets);
    const struct memory_load guest_load =
        memory_load(node, load, guest_remote(node, virt, load, native_remote),
                    paging_in_guest(node, virt, load->has_huge_pages));
    const struct memory_time memory = memory_time(node, load, work, &guest_load);
    const double core_s = guest_s(&virt->efficiency[work->class], load, flops_s);
    const double memory_s = fmax(guest_s(&virt->efficiency[WORK_MEMORY], load, memory.bytes_s),
                                 guest_s(&virt->access_efficiency, load, memory.access_s));
    const double added_s = fmax(core_s, memory_s) - native_s;
    const bool is_memory_bound = memory_s > core_s;
    return (struct compute_cost){
        .native_s = native_s,
        .cpu_overhead_s = is_memory_bound ? 0.0 : added_s,
        .memory_overhead_s = is_memory_bound ? added_s : 0.0,
    };
}

/* What the guest loses while its vCPUs float, beside remote memory. */
static void add_floating(const struct node_profile *node, const struct virt_profile *virt,
                         const struct core_load *load, struct compute_cost *cost)
{
    const double work_s = compute_cost_total_s(cost);
    cost->memory_overhead_s += floating_refill_s(&virt->floating, rank_cache_B(node, load),
                                                 node->memory_bandwidth_one_Bps.value, work_s);
    cost->cpu_overhead_s += floating_doubled_s(&virt->floating, fullness(load), work_s);
}

struct compute_cost cpu_cost(const struct node_profile *node, const struct virt_profile *virt,
                             const struct core_load *load, const struct work *work)
{
    assert(load->n_cores >= 1 && load->n_active >= 1 && load->n_vcpus >= 0);
    assert(isfinite(work->flops) && work->flops >= 0.0);
    assert(isfinite(work->bytes) && work->bytes >= 0.0);
    assert(work->scattered >= 0.0 && work->scattered <= 1.0);

    const double flops_s = native_flops_s(node, load, work);
    const struct memory_load native_load =
        memory_load(node, load, remote_of(work->scattered, load->n_sockets), paging_on_node(node));
    const struct memory_time memory = memory_time(node, load, work, &native_load);
    const double native_s = fmax(flops_s, fmax(memory.bytes_s, memory.access_s));
    if (!is_in_guest(virt, load))
        return (struct compute_cost){.native_s = native_s};
    struct compute_cost cost = guest_cost(node, virt, load, work, flops_s, native_s);
    if (load->is_floating)
        add_floating(node, virt, load, &cost);
    return cost;
}

double compute_cost_total_s(const struct compute_cost *cost)
{
    return cost->native_s + cost->cpu_overhead_s + cost->memory_overhead_s;
}
