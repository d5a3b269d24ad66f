#include "placement.h"

#include <assert.h>
#include <stddef.h>

const char *const placement_names[] = {"spread", "compact", NULL};

int node_threads_per_core(const struct node_profile *node)
{
    return node->n_threads_per_core > 1 ? node->n_threads_per_core : 1;
}

int node_threads(const struct node_profile *node)
{
    return node->n_sockets * node->n_cores_per_socket * node_threads_per_core(node);
}

static struct core_place place_at(const struct node_profile *node, int socket, int core_of_socket)
{
    return (struct core_place){.socket = socket,
                               .core = socket * node->n_cores_per_socket + core_of_socket};
}

struct core_place placement_of(const struct node_profile *node, enum placement placement, int i)
{
    assert(i >= 0);

    const int n_sockets = node->n_sockets, n_cores = node->n_cores_per_socket;
    const int core = i % (n_sockets * n_cores);
    if (placement == PLACEMENT_COMPACT)
        return place_at(node, core / n_cores, core % n_cores);
    return place_at(node, core % n_sockets, core / n_sockets);
}

struct core_place placement_of_vcpu(const struct node_profile *node, enum placement placement,
                                    int guest, int n_vcpus, int vcpu)
{
    assert(guest >= 0 && vcpu >= 0 && n_vcpus >= 1);

    const long n_threads = node_threads(node);
    const bool fits_socket = n_vcpus <= node->n_cores_per_socket;
    if (placement == PLACEMENT_SPREAD && fits_socket) {
        const long before = (long)(guest / node->n_sockets) * n_vcpus;
        return place_at(node, guest % node->n_sockets,
                        (int)((before + vcpu) % node->n_cores_per_socket));
    }
    return placement_of(node, placement, (int)(((long)guest * n_vcpus + vcpu) % n_threads));
}
