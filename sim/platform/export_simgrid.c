#include "export.h"

#include <math.h>

/* SMPI sends so many bytes of its own with each message, which factors are asked with. */
enum { ENVELOPE_B = 16 };

/* --- flags ----------------------------------------------------------------- */

static void put_property(FILE *out, const char *key, const char *value)
{
    fprintf(out, "    <prop id=\"%s\" value=\"%s\"/>\n", key, value);
}

static void put_number(FILE *out, const char *key, double value)
{
    fprintf(out, "    <prop id=\"%s\" value=\"%.12g\"/>\n", key, value);
}

enum factor { LATENCY_FACTOR, BANDWIDTH_FACTOR };

/* "0:f0;64:f1;...", by the sizes of flows. */
static void put_factors(FILE *out, const char *key, const struct export_costs *costs,
                        enum factor factor)
{
    fprintf(out, "    <prop id=\"%s\" value=\"", key);
    for (int i = 0; i < costs->n; i++) {
        const struct export_piece *piece = &costs->piece[i];
        const double from_B = i == 0 ? 0.0 : piece->from_B + ENVELOPE_B;
        fprintf(out, "%s%.0f:%.9g", i == 0 ? "" : ";", from_B,
                factor == LATENCY_FACTOR ? piece->latency_factor : piece->bandwidth_factor);
    }
    fprintf(out, "\"/>\n");
}

enum call { SEND, ISEND, RECV };

static const struct export_line *line_of(const struct export_piece *piece, enum call call)
{
    return call == SEND ? &piece->send : call == ISEND ? &piece->isend : &piece->recv;
}

/* "0:s:s/B;64:...", by the sizes of messages; a line that goes on is not told again. */
static void put_calls(FILE *out, const char *key, const struct export_costs *costs, enum call call)
{
    fprintf(out, "    <prop id=\"%s\" value=\"", key);
    const struct export_line *last = NULL;
    for (int i = 0; i < costs->n; i++) {
        const struct export_line *line = line_of(&costs->piece[i], call);
        if (last != NULL && last->message_s == line->message_s && last->byte_s == line->byte_s)
            continue;
        fprintf(out, "%s%.0f:%.9g:%.9g", last == NULL ? "" : ";", costs->piece[i].from_B,
                line->message_s, line->byte_s);
        last = line;
    }
    fprintf(out, "\"/>\n");
}

static void put_config(const struct platform *platform, const struct export_costs *costs, FILE *out)
{
    fprintf(out, "  <config>\n");
    put_property(out, "network/model", "SMPI");
    put_property(out, "network/crosstraffic", "no");
    put_property(out, "network/TCP-gamma", "1e300");
    put_property(out, "network/weight-S", "0");
    put_factors(out, "smpi/lat-factor", costs, LATENCY_FACTOR);
    put_factors(out, "smpi/bw-factor", costs, BANDWIDTH_FACTOR);
    put_calls(out, "smpi/os", costs, SEND);
    put_calls(out, "smpi/ois", costs, ISEND);
    put_calls(out, "smpi/or", costs, RECV);
    /* Below it, so one more than the largest eager message. */
    put_number(out, "smpi/async-small-thresh", fmin(costs->eager_B + 1.0, 2147483647.0));
    put_number(out, "smpi/send-is-detached-thresh", fmin(costs->eager_B + 1.0, 2147483647.0));
    put_number(out, "smpi/test", platform->mpi.look_s.value);
    put_number(out, "smpi/iprobe", platform->mpi.look_s.value);
    put_number(out, "smpi/wtime", 0.0);
    fprintf(out, "  </config>\n");
}

/* --- hosts, links, routes --------------------------------------------------- */

/* Of a core: matrix multiplies with the whole node at work, less what a guest loses. */
static double core_flops(const struct platform *platform)
{
    const struct efficiency *efficiency = &platform->virt.efficiency[WORK_DGEMM];
    const double native = platform->node.rate_flops[WORK_DGEMM].full_node.value;
    if (platform->virt.kind == VIRT_NATIVE)
        return native;
    return native *
           (platform->n_vcpus > 1 ? efficiency->smp_guest.value : efficiency->full_node.value);
}

static int cores_of_domain(const struct platform *platform)
{
    return platform->n_vcpus > 0 ? platform->n_vcpus : platform->n_threads;
}

/* Capacities are in units of what one flow is given between hosts: factors bring it down again. */
static double scaled_Bps(const struct platform *platform, const struct export_costs *costs,
                         double Bps)
{
    const struct network net = platform_network(platform);
    const double node_Bps = platform->node.network_bandwidth_Bps.value;
    const double nic_Bps = network_nic_Bps(&net);
    const double bound_Bps = node_Bps > 0.0 ? fmin(nic_Bps, node_Bps) : nic_Bps;
    const double flow_Bps = fmin(bound_Bps, network_backend_Bps(&net));
    return costs->path == PATH_OTHER_HOST ? costs->bandwidth_Bps * Bps / flow_Bps : Bps;
}

static void put_link(FILE *out, const char *name, int number, double bandwidth_Bps,
                     double latency_s, const char *policy)
{
    fprintf(out,
            "    <link id=\"%s-%d\" bandwidth=\"%.12gBps\" latency=\"%.12gs\" "
            "sharing_policy=\"%s\"/>\n",
            name, number, bandwidth_Bps, latency_s, policy);
}

static double local_Bps(const struct platform *platform, const struct export_costs *costs)
{
    return costs->path == PATH_SAME_DOMAIN ? costs->bandwidth_Bps
                                           : platform->mpi.local_bandwidth_Bps.value;
}

static double local_s(const struct platform *platform, const struct export_costs *costs)
{
    return costs->path == PATH_SAME_DOMAIN ? costs->latency_s : platform->mpi.local_latency_s.value;
}

static bool has_backend(const struct platform *platform, enum backend_scope scope)
{
    const struct network net = platform_network(platform);
    return platform->virt.kind != VIRT_NATIVE && platform->virt.backend.scope == scope &&
           isfinite(network_backend_Bps(&net));
}

static void put_domains(const struct platform *platform, const struct export_costs *costs,
                        FILE *out)
{
    const struct network net = platform_network(platform);
    const int n_domains = platform->n_nodes * platform->n_domains_per_node;
    for (int domain = 0; domain < n_domains; domain++) {
        fprintf(out, "    <host id=\"domain-%d\" speed=\"%.12gf\" core=\"%d\"/>\n", domain,
                core_flops(platform), cores_of_domain(platform));
        put_link(out, "copy", domain, local_Bps(platform, costs), local_s(platform, costs),
                 "FATPIPE");
        if (has_backend(platform, BACKEND_PER_VM))
            put_link(out, "backend", domain, scaled_Bps(platform, costs, network_backend_Bps(&net)),
                     0.0, "SHARED");
    }
}

static void put_nodes(const struct platform *platform, const struct export_costs *costs, FILE *out)
{
    const struct network net = platform_network(platform);
    const bool is_main = costs->path == PATH_SAME_HOST;
    for (int node = 0; node < platform->n_nodes; node++) {
        const double nic_Bps = scaled_Bps(platform, costs, network_nic_Bps(&net));
        put_link(out, "out", node, nic_Bps, costs->latency_s / 2.0, "SHARED");
        put_link(out, "in", node, nic_Bps, costs->latency_s / 2.0, "SHARED");
        if (platform->node.network_bandwidth_Bps.value > 0.0)
            put_link(out, "bus", node,
                     scaled_Bps(platform, costs, platform->node.network_bandwidth_Bps.value), 0.0,
                     "SHARED");
        if (has_backend(platform, BACKEND_PER_NODE))
            put_link(out, "backend", node, scaled_Bps(platform, costs, network_backend_Bps(&net)),
                     0.0, "SHARED");
        if (platform->n_domains_per_node > 1)
            put_link(
                out, "bridge", node, is_main ? costs->bandwidth_Bps : network_same_host_Bps(&net),
                is_main ? costs->latency_s : platform->virt.same_host.latency_s.value, "SHARED");
    }
}

static void put_use(FILE *out, const char *name, int number)
{
    fprintf(out, "<link_ctn id=\"%s-%d\"/>", name, number);
}

/* Whose backend a domain's traffic goes through, and its node's bus. */
static void put_node_side(const struct platform *platform, int domain, FILE *out)
{
    const int node = domain / platform->n_domains_per_node;
    if (has_backend(platform, BACKEND_PER_VM))
        put_use(out, "backend", domain);
    if (has_backend(platform, BACKEND_PER_NODE))
        put_use(out, "backend", node);
    if (platform->node.network_bandwidth_Bps.value > 0.0)
        put_use(out, "bus", node);
}

/* One direction: the adapters' links differ on the way back. */
static void put_route(const struct platform *platform, int from, int to, FILE *out)
{
    const int from_node = from / platform->n_domains_per_node;
    const int to_node = to / platform->n_domains_per_node;
    fprintf(out, "    <route src=\"domain-%d\" dst=\"domain-%d\" symmetrical=\"NO\">", from, to);
    if (from == to) {
        put_use(out, "copy", from);
    } else if (from_node == to_node) {
        put_use(out, "bridge", from_node);
    } else {
        put_node_side(platform, from, out);
        put_use(out, "out", from_node);
        put_use(out, "in", to_node);
        put_node_side(platform, to, out);
    }
    fprintf(out, "</route>\n");
}

void export_simgrid(const struct platform *platform, FILE *out)
{
    struct export_costs costs;
    export_costs_of(platform, &costs);
    fprintf(out, "<?xml version='1.0'?>\n"
                 "<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n"
                 "<platform version=\"4.1\">\n");
    put_config(platform, &costs, out);
    fprintf(out, "  <!-- What SMPI has no word for:\n");
    export_losses(platform, "       ", out);
    fprintf(out, "  -->\n  <zone id=\"cluster\" routing=\"Full\">\n");
    put_domains(platform, &costs, out);
    put_nodes(platform, &costs, out);
    const int n_domains = platform->n_nodes * platform->n_domains_per_node;
    for (int from = 0; from < n_domains; from++) {
        for (int to = 0; to < n_domains; to++)
            put_route(platform, from, to, out);
    }
    fprintf(out, "  </zone>\n</platform>\n");
}

void export_hostfile(const struct platform *platform, FILE *out)
{
    for (int rank = 0; rank < platform->n_ranks; rank++)
        fprintf(out, "domain-%d\n", platform->domain_of_rank[rank]);
}
