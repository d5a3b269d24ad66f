#include "tenants.h"

#include <assert.h>
#include <math.h>

bool tenants_are_there(const struct tenants *tenants)
{
    return tenants->n_cores > 0 || tenants->memory_Bps.value > 0.0 ||
           tenants->network_Bps.value > 0.0 || tenants->disk_Bps.value > 0.0;
}

double tenants_left(double capacity, double demand)
{
    assert(demand >= 0.0);

    if (demand == 0.0)
        return 1.0;
    assert(capacity > 0.0);
    return fmax(0.5, 1.0 - demand / capacity);
}

static void scale(struct parameter *p, double factor)
{
    p->value *= factor;
}

static void take_memory(struct node_profile *node, double demand_Bps)
{
    const double left = tenants_left(node->memory_bandwidth_all_Bps.value, demand_Bps);
    if (left == 1.0)
        return;
    scale(&node->memory_bandwidth_all_Bps, left);
    scale(&node->memory_bandwidth_socket_Bps, left);
    /* One core alone may be able to use more than that. */
    node->memory_bandwidth_one_Bps.value =
        fmin(node->memory_bandwidth_one_Bps.value, node->memory_bandwidth_all_Bps.value);
}

static void take_disk(struct disk_profile *disk, double demand_Bps)
{
    const double left = tenants_left(fmin(disk->read_Bps.value, disk->write_Bps.value), demand_Bps);
    scale(&disk->read_Bps, left);
    scale(&disk->write_Bps, left);
    scale(&disk->latency_s, 1.0 / left);
    scale(&disk->seek_s, 1.0 / left);
    scale(&disk->turn_s, 1.0 / left);
}

/* Seconds in which a backend of all guests is at work for each byte of long messages. */
static double backend_byte_s(const struct backend *backend, const struct link_profile *link)
{
    return backend->byte_s.value + backend->packet_s.value / (link->mtu_B - link->packet_header_B);
}

/* In and out pass the same server. */
static void take_backend(struct backend *backend, const struct link_profile *link,
                         double demand_Bps)
{
    const double byte_s = backend_byte_s(backend, link);
    if (backend->scope != BACKEND_PER_NODE || byte_s == 0.0)
        return;
    const double left = tenants_left(1.0 / byte_s, 2.0 * demand_Bps);
    scale(&backend->message_s, 1.0 / left);
    scale(&backend->packet_s, 1.0 / left);
    scale(&backend->byte_s, 1.0 / left);
    scale(&backend->byte_smp_s, 1.0 / left);
    scale(&backend->cpu_share, left);
}

static void take_network(struct node_profile *node, struct link_profile *link,
                         struct virt_profile *virt, double demand_Bps)
{
    take_backend(&virt->backend, link, demand_Bps);
    if (node->network_bandwidth_Bps.value > 0.0)
        scale(&node->network_bandwidth_Bps,
              tenants_left(node->network_bandwidth_Bps.value, 2.0 * demand_Bps));
    scale(&link->bandwidth_Bps, tenants_left(link->bandwidth_Bps.value, demand_Bps));
}

void tenants_take(const struct tenants *tenants, struct node_profile *node,
                  struct link_profile *link, struct virt_profile *virt)
{
    assert(tenants->n_cores >= 0);

    take_memory(node, tenants->memory_Bps.value);
    take_disk(&node->disk, tenants->disk_Bps.value);
    take_network(node, link, virt, tenants->network_Bps.value);
}
