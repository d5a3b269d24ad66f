#include "export.h"

#include <math.h>

/* Nanoseconds, as LogGOPSim wants them. */
static double ns(double time_s)
{
    return 1e9 * time_s;
}

/* Seconds for each further byte of a long message. */
static double long_byte_s(const struct network *net, enum path path, const struct host_load *load)
{
    const double size_B = 0x1p24;
    const struct transfer once = network_transfer(net, path, size_B, load, load);
    const struct transfer twice = network_transfer(net, path, 2.0 * size_B, load, load);
    return (transfer_duration_s(&twice, 2.0 * size_B) - transfer_duration_s(&once, size_B)) /
           size_B;
}

/*
 * L is the way of a byte; o and O the mean of both sides, as LogGOPS has one overhead; g what a
 * message of one byte takes of the slowest stage; G what a byte of a long message takes.
 */
void export_loggops(const struct platform *platform, FILE *out)
{
    struct export_costs costs;
    export_costs_of(platform, &costs);
    const struct network net = platform_network(platform);
    const struct host_load idle = {.n_cores = platform->n_threads};
    const struct transfer byte = network_transfer(&net, costs.path, 1.0, &idle, &idle);
    const struct export_piece *first = &costs.piece[0];
    fprintf(out, "-L %.0f -o %.0f -g %.0f -G %.6g -O %.6g -S %.0f\n", ns(costs.latency_s),
            ns((first->send.message_s + first->recv.message_s) / 2.0),
            ns(1.0 / (byte.rate_Bps * byte.rate_factor)), ns(long_byte_s(&net, costs.path, &idle)),
            ns((first->send.byte_s + first->recv.byte_s) / 2.0), costs.eager_B);
}

static void put(const char *prefix, FILE *out, const char *text)
{
    fprintf(out, "%s%s\n", prefix, text);
}

static void put_virtual_losses(const struct platform *platform, const char *prefix, FILE *out)
{
    if (platform->virt.kind == VIRT_NATIVE)
        return;
    put(prefix, out, "competition of I/O backends with computing vCPUs, in both directions");
    put(prefix, out, "what a guest costs each class of work: one core speed, of matrix multiplies");
    if (platform->is_floating)
        put(prefix, out, "vCPUs that no core is reserved for");
    if (platform->virt.scheduler.slice_s.value > 0.0)
        put(prefix, out, "turns of vCPUs where they are more than cores");
}

static bool has_noise(const struct platform *platform)
{
    return platform->node.noise.rate_Hz.value > 0.0 || platform->virt.noise.rate_Hz.value > 0.0;
}

void export_losses(const struct platform *platform, const char *prefix, FILE *out)
{
    if (platform->topology.kind != TOPOLOGY_SWITCH)
        put(prefix, out, "the topology: all nodes are on one switch");
    if (platform->n_nodes > 1)
        put(prefix, out, "messages within a node have factors and calls of those between nodes");
    put_virtual_losses(platform, prefix, out);
    if (has_noise(platform))
        put(prefix, out, "detours of cores");
    if (platform->node.node_spread.value > 0.0 || platform->node.call_spread.value > 0.0)
        put(prefix, out, "speeds that differ between nodes and between calls");
    put(prefix, out, "memory bandwidth that cores share, caches, disks");
    put(prefix, out,
        "which algorithms the MPI library's collectives take: choose smpi/coll-selector");
    put(prefix, out,
        "overheads of calls for empty messages, and of sends in a rendezvous that goes on "
        "beside computing");
}
