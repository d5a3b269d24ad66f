#include "memory.h"

#include <assert.h>
#include <math.h>

double memory_bandwidth_share_Bps(const struct node_profile *node, int n_active)
{
    assert(n_active >= 1);

    return fmin(node->memory_bandwidth_one_Bps.value,
                node->memory_bandwidth_all_Bps.value / n_active);
}

double memory_access_s(const struct node_profile *node, double n_accesses, double n_at_once)
{
    assert(isfinite(n_accesses) && n_accesses >= 0.0);

    const double n_overlapped = fmax(1.0, fmin(n_at_once, node->accesses_at_once.value));
    return n_accesses * node->memory_latency_s.value / n_overlapped;
}
