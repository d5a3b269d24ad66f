#include "paging.h"

#include <math.h>

double paging_latency_s(const struct node_profile *node, const struct virt_profile *virt,
                        bool has_huge_pages)
{
    const double latency_s = node->memory_latency_s.value;
    const double small_s = fmin(node->page_walk.small_s.value, latency_s);
    const double huge_s = fmin(node->page_walk.huge_s.value, small_s);
    const double walk_s = (has_huge_pages ? huge_s : small_s) * fmax(1.0, virt->nested_walk.value);
    return latency_s - small_s + walk_s;
}
