#include "memory.h"

#include <assert.h>
#include <math.h>

double memory_bandwidth_share_Bps(const struct node_profile *node, int n_active)
{
    assert(n_active >= 1);

    return fmin(node->memory_bandwidth_one_Bps.value,
                node->memory_bandwidth_all_Bps.value / n_active);
}
