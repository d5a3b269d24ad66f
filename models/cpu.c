#include "cpu.h"

#include "memory.h"

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

struct work work_lasting(const struct node_profile *node, enum work_class class, double native_s)
{
    return work_of(class, native_s * node->rate_flops[class].alone.value, 0.0);
}

struct work work_dgemm(double m, double n, double k)
{
    return (struct work){.class = WORK_DGEMM, .flops = 2.0 * m * n * k, .m = m, .n = n, .k = k};
}

/* How far the node is from one active core (0) to all of them (1). */
static double fullness(const struct core_load *load)
{
    if (load->n_cores == 1 || load->n_active >= load->n_cores)
        return load->n_active >= load->n_cores ? 1.0 : 0.0;
    return (load->n_active - 1.0) / (load->n_cores - 1.0);
}

static double between(const struct parameter *alone, const struct parameter *full, double fullness)
{
    /* Exact at both ends, however far apart they are. */
    return alone->value * (1.0 - fullness) + full->value * fullness;
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
    const double now_flops = between(&rate->alone, &rate->full_node, fullness(load));
    const bool is_shaped = work->m > 0.0 && work->n > 0.0 && work->k > 0.0;
    if (is_shaped && node->dgemm.mnk_s.value > 0.0)
        return dgemm_alone_s(&node->dgemm, work) * rate->alone.value / now_flops;
    return work->flops / now_flops;
}

static double guest_s(const struct virt_profile *virt, const struct efficiency *efficiency,
                      const struct core_load *load, double native_s)
{
    if (virt->kind == VIRT_NATIVE || load->n_vcpus == 0 || native_s == 0.0)
        return native_s;
    const struct parameter *full =
        load->n_vcpus > 1 ? &efficiency->smp_guest : &efficiency->full_node;
    return native_s / between(&efficiency->alone, full, fullness(load));
}

struct compute_cost cpu_cost(const struct node_profile *node, const struct virt_profile *virt,
                             const struct core_load *load, const struct work *work)
{
    assert(load->n_cores >= 1 && load->n_active >= 1 && load->n_vcpus >= 0);
    assert(isfinite(work->flops) && work->flops >= 0.0);
    assert(isfinite(work->bytes) && work->bytes >= 0.0);

    const double flops_s = native_flops_s(node, load, work);
    const double bytes_s = work->bytes / memory_bandwidth_share_Bps(node, load->n_active);
    const double access_s = memory_access_s(node, work->n_accesses, work->n_at_once);
    const double guest_flops_s = guest_s(virt, &virt->efficiency[work->class], load, flops_s);
    const double guest_memory_s = fmax(guest_s(virt, &virt->efficiency[WORK_MEMORY], load, bytes_s),
                                       guest_s(virt, &virt->access_efficiency, load, access_s));
    const double native_s = fmax(flops_s, fmax(bytes_s, access_s));
    const double added_s = fmax(guest_flops_s, guest_memory_s) - native_s;
    const bool is_memory_bound = guest_memory_s > guest_flops_s;
    return (struct compute_cost){
        .native_s = native_s,
        .cpu_overhead_s = is_memory_bound ? 0.0 : added_s,
        .memory_overhead_s = is_memory_bound ? added_s : 0.0,
    };
}

double compute_cost_total_s(const struct compute_cost *cost)
{
    return cost->native_s + cost->cpu_overhead_s + cost->memory_overhead_s;
}
