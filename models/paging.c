#include "paging.h"

#include <math.h>

struct paged_access paging_on_node(const struct node_profile *node)
{
    const double latency_s = node->memory_latency_s.value;
    return (struct paged_access){.latency_s = latency_s,
                                 .walk_s = fmin(node->page_walk.small_s.value, latency_s)};
}

struct paged_access paging_in_guest(const struct node_profile *node,
                                    const struct virt_profile *virt, bool has_huge_pages)
{
    const struct paged_access native = paging_on_node(node);
    const double huge_s = fmin(node->page_walk.huge_s.value, native.walk_s);
    const double walk_s =
        (has_huge_pages ? huge_s : native.walk_s) * fmax(1.0, virt->nested_walk.value);
    return (struct paged_access){.latency_s = native.latency_s - native.walk_s + walk_s,
                                 .walk_s = walk_s};
}
