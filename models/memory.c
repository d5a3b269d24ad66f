#include "memory.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

/* Zero in a profile is "no limit", and "no slowdown". */
static double limit(const struct parameter *rate)
{
    return rate->value > 0.0 ? rate->value : INFINITY;
}

/* How many times as long as near memory alone the rank's mix of near and remote takes its core. */
static double distance(const struct node_profile *node, const struct memory_load *load)
{
    return 1.0 + load->remote * (fmax(1.0, node->remote_slowdown.value) - 1.0);
}

/* True where all that the node has is the sum of what its sockets have: one with few ranks then
 * takes nothing from another with many. */
static bool sockets_share_nothing(const struct node_profile *node)
{
    static const double rounding = 1e-9;
    return node->memory_bandwidth_socket_Bps.value > 0.0 &&
           node->memory_bandwidth_socket_Bps.value * node->n_sockets <=
               node->memory_bandwidth_all_Bps.value * (1.0 + rounding);
}

double memory_bandwidth_share_Bps(const struct node_profile *node, const struct memory_load *load)
{
    assert(load->n_on_socket >= 1 && load->n_active >= load->n_on_socket);
    assert(load->core_share > 0.0);
    assert(load->remote >= 0.0 && load->remote <= 1.0);

    const double core_Bps =
        node->memory_bandwidth_one_Bps.value * load->core_share / distance(node, load);
    /* What one core can use was measured alone, and may be more than cores in each other's way
     * get together. */
    const bool has_node_alone = load->n_active == 1 || sockets_share_nothing(node);
    const double node_Bps =
        has_node_alone ? INFINITY : node->memory_bandwidth_all_Bps.value / load->n_active;
    /* What the others draw from this socket's memory is as much as its ranks draw from theirs. */
    const double socket_Bps = limit(&node->memory_bandwidth_socket_Bps) / load->n_on_socket;
    const double link_Bps =
        load->remote > 0.0 ? limit(&node->interconnect_Bps) / (load->remote * load->n_on_socket)
                           : INFINITY;
    return fmin(fmin(core_Bps, node_Bps), fmin(socket_Bps, link_Bps));
}

/* Infinite where nobody said: what limits accesses limits walks then. */
static double walks_at_once(const struct node_profile *node, const struct memory_load *load)
{
    return limit(&node->page_walk.at_once) * load->core_share;
}

double memory_access_s(const struct node_profile *node, const struct memory_load *load,
                       double n_accesses, double n_at_once)
{
    assert(isfinite(n_accesses) && n_accesses >= 0.0);

    if (n_accesses == 0.0)
        return 0.0;
    const double n_overlapped =
        fmax(1.0, fmin(n_at_once, node->accesses_at_once.value * load->core_share));
    const struct paged_access access =
        load->access.latency_s > 0.0 ? load->access : paging_on_node(node);
    const double one_s =
        fmax(access.latency_s / n_overlapped, access.walk_s / walks_at_once(node, load));
    return n_accesses * one_s * distance(node, load);
}

double memory_cache_B(const struct node_profile *node, int n_on_core, int n_on_socket)
{
    assert(n_on_core >= 1 && n_on_socket >= 1);

    return node->cache.core_B / n_on_core + node->cache.socket_B / n_on_socket;
}

double memory_missed(double cache_B, double reused_B)
{
    assert(cache_B >= 0.0 && reused_B >= 0.0);

    return reused_B > cache_B ? 1.0 - cache_B / reused_B : 0.0;
}
