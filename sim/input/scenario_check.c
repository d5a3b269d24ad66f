#include "scenario_check.h"

#include "suggest.h"
#include "unit.h"

#include "models/noise.h"
#include "sim/engine/engine.h"
#include "sim/workload/workload.h"

#include <math.h>
#include <string.h>

enum { MAX_ENGINES = 16 };

/* A torus of 160000 nodes in six dimensions has as many: SimGrid takes a kilobyte or two for each.
 */
enum { MAX_LINKS = 1000000 };

static int n_cores(const struct scenario *scenario)
{
    return scenario->cluster.node.n_sockets * scenario->cluster.node.n_cores_per_socket;
}

/* --- nodes ------------------------------------------------------------------- */

static void check_smt(struct scenario *scenario, struct diagnostics *d)
{
    struct node_profile *node = &scenario->cluster.node;
    if (scenario->cluster.smt == SMT_OFF)
        node->n_threads_per_core = 1;
    else if (scenario->cluster.smt == SMT_ON && node_threads_per_core(node) == 1)
        diagnostics_add_key(
            d, SEVERITY_ERROR, "cluster.smt",
            "leave the key out; or give cluster.node.threads_per_core, if its cores "
            "have more",
            "a core of node %.60s has one hardware thread", node->name);
}

static void check_mitigations(struct scenario *scenario, struct diagnostics *d)
{
    struct mitigation_profile *costs = &scenario->cluster.node.mitigation;
    if (scenario->cluster.mitigations == KNOB_OFF)
        costs->kernel_entry_s = costs->exit_s = parameter_exact(0.0);
    else if (costs->kernel_entry_s.value == 0.0 && costs->exit_s.value == 0.0)
        diagnostics_add_key(d, SEVERITY_WARNING, "cluster.mitigations",
                            "give cluster.node.mitigation",
                            "mitigations have no effect: of node %.60s nobody said what they cost",
                            scenario->cluster.node.name);
}

static void check_page_walk(const struct scenario *scenario, struct diagnostics *d)
{
    const struct node_profile *node = &scenario->cluster.node;
    if (node->page_walk.small_s.value > node->memory_latency_s.value)
        diagnostics_add_key(d, SEVERITY_ERROR, "cluster.node.page_walk",
                            "memory_latency contains it",
                            "a page walk takes longer than the access that it is part of");
}

/* --- topology ---------------------------------------------------------------- */

static void require(struct diagnostics *d, bool is_given, const char *key, const char *kind)
{
    if (!is_given)
        diagnostics_add_key(d, SEVERITY_ERROR, key, "add the key to cluster.topology",
                            "a %s needs %s", kind, strrchr(key, '.') + 1);
}

/* One entry a level: those left out are 1. */
static void complete_levels(struct diagnostics *d, const char *key, int n_levels, int n_given,
                            int values[])
{
    if (n_given == 0)
        for (int i = 0; i < n_levels; i++)
            values[i] = 1;
    else if (n_given != n_levels)
        diagnostics_add_key(d, SEVERITY_ERROR, key, "give one number for each level of sizes",
                            "%d numbers for %d levels", n_given, n_levels);
}

static void check_shape(struct topology *topology, struct diagnostics *d)
{
    const char *kind = topology_kind_names[topology->kind];
    switch (topology->kind) {
    case TOPOLOGY_TREE:
        require(d, topology->n_nodes_per_switch > 0, "cluster.topology.nodes_per_switch", kind);
        break;
    case TOPOLOGY_FAT_TREE:
        require(d, topology->n_dimensions > 0, "cluster.topology.sizes", kind);
        complete_levels(d, "cluster.topology.up", topology->n_dimensions, topology->n_up,
                        topology->up);
        complete_levels(d, "cluster.topology.parallel", topology->n_dimensions,
                        topology->n_parallel, topology->parallel);
        break;
    case TOPOLOGY_TORUS:
        require(d, topology->n_dimensions > 0, "cluster.topology.sizes", kind);
        break;
    case TOPOLOGY_DRAGONFLY:
        require(d, topology->n_groups > 0, "cluster.topology.groups", kind);
        require(d, topology->n_chassis > 0, "cluster.topology.chassis", kind);
        require(d, topology->n_routers > 0, "cluster.topology.routers", kind);
        require(d, topology->n_nodes_per_router > 0, "cluster.topology.nodes_per_router", kind);
        break;
    case TOPOLOGY_SWITCH:
    case N_TOPOLOGY:
        break;
    }
}

static void check_groups(const struct topology *topology, struct diagnostics *d)
{
    const int most = topology_most_groups(topology);
    if (topology->n_groups > most)
        diagnostics_add_key(d, SEVERITY_ERROR, "cluster.topology.groups",
                            "take fewer groups, or more chassis or routers",
                            "the %d routers of a group cannot reach %d groups", most,
                            topology->n_groups);
}

/* Engines make all of a topology, also what no node uses. */
static void check_size(const struct topology *topology, struct diagnostics *d)
{
    const double n_links = topology_links(topology);
    if (n_links > MAX_LINKS)
        diagnostics_add_key(d, SEVERITY_ERROR, "cluster.topology",
                            "make it no larger than the nodes need",
                            "a %s of %.3g links is too large: at most %d can be simulated",
                            topology_kind_names[topology->kind], n_links, MAX_LINKS);
}

static void check_topology(struct scenario *scenario, struct diagnostics *d)
{
    struct topology *topology = &scenario->cluster.topology;
    const int n_before = diagnostics_count(d, SEVERITY_ERROR);
    check_shape(topology, d);
    if (diagnostics_count(d, SEVERITY_ERROR) > n_before)
        return;
    check_groups(topology, d);
    check_size(topology, d);
    const int capacity = topology_capacity(topology);
    if (scenario->cluster.n_nodes > capacity)
        diagnostics_add_key(d, SEVERITY_ERROR, "cluster.nodes",
                            "enlarge cluster.topology, or take fewer nodes",
                            "%d nodes do not fit a %s with room for %d", scenario->cluster.n_nodes,
                            topology_kind_names[topology->kind], capacity);
}

/* --- guests ------------------------------------------------------------------ */

static void refuse_with_native(struct diagnostics *d, bool is_given, const char *key)
{
    if (is_given)
        diagnostics_add_key(d, SEVERITY_ERROR, key,
                            "leave this key out, or --set 'virtualization={technology: native}'",
                            "there are no guests with technology native");
}

/* Gives each guest its memory; says when the node has too little. */
static void check_memory(struct scenario *scenario, struct diagnostics *d)
{
    struct virtualization_spec *guests = &scenario->virtualization;
    const double node_B = scenario->cluster.node.memory_B;
    const double overhead_B = guests->technology.memory_overhead_B;
    char node[QUANTITY_TEXT_B], needed[QUANTITY_TEXT_B];
    const double needed_B = guests->vms_per_node * (guests->memory_B + overhead_B);
    unit_format(DIMENSION_BYTES, node_B, node);
    unit_format(DIMENSION_BYTES, needed_B, needed);

    const char *key =
        guests->memory_B > 0.0 ? "virtualization.memory" : "virtualization.vms_per_node";
    if (needed_B > node_B || (guests->memory_B == 0.0 && needed_B == node_B))
        diagnostics_add_key(d, SEVERITY_ERROR, key, "take fewer or smaller guests",
                            "%d guests a node need %s, overhead included, and a node has %s",
                            guests->vms_per_node, needed, node);
    else if (guests->memory_B == 0.0)
        guests->memory_B = node_B / guests->vms_per_node - overhead_B;
}

/* Cores of a node on which guests' vCPUs may run. */
static int n_cores_for_guests(const struct scenario *scenario)
{
    return n_cores(scenario) - scenario->virtualization.n_reserved_cores;
}

static void check_reserved_cores(const struct scenario *scenario, struct diagnostics *d)
{
    const struct virtualization_spec *guests = &scenario->virtualization;
    if (guests->n_reserved_cores >= n_cores(scenario))
        diagnostics_add_key(d, SEVERITY_ERROR, "virtualization.reserved_cores",
                            "leave at least one core to the guests",
                            "%d reserved cores leave none of a node's %d to vCPUs",
                            guests->n_reserved_cores, n_cores(scenario));
    else if (guests->n_reserved_cores > 0 && guests->technology.backend.scope == BACKEND_NONE)
        diagnostics_add_key(d, SEVERITY_WARNING, "virtualization.reserved_cores",
                            "leave this key out",
                            "this technology has no I/O backends for which to reserve cores");
}

/* Asking for more than half is asking for half: worth a word, as it may be a mistyped unit. */
static void check_tenant_rate(struct diagnostics *d, const char *key, double demand_Bps,
                              double capacity_Bps)
{
    char capacity[QUANTITY_TEXT_B];
    unit_format(DIMENSION_BANDWIDTH, capacity_Bps, capacity);
    if (demand_Bps > 0.5 * capacity_Bps)
        diagnostics_add_key(d, SEVERITY_WARNING, key,
                            "they get half: who asks for less than an equal share gets all of it",
                            "tenants ask for more than half of the %s that a node has", capacity);
}

static void check_tenants(const struct scenario *scenario, struct diagnostics *d)
{
    const struct tenants *tenants = &scenario->virtualization.tenants;
    const struct node_profile *node = &scenario->cluster.node;
    check_tenant_rate(d, "virtualization.tenants.memory_bandwidth", tenants->memory_Bps.value,
                      node->memory_bandwidth_all_Bps.value);
    check_tenant_rate(d, "virtualization.tenants.network", tenants->network_Bps.value,
                      scenario->cluster.link.bandwidth_Bps.value);
    check_tenant_rate(d, "virtualization.tenants.disk", tenants->disk_Bps.value,
                      fmin(node->disk.read_Bps.value, node->disk.write_Bps.value));
}

static void check_paging(const struct scenario *scenario, struct diagnostics *d)
{
    const struct virtualization_spec *guests = &scenario->virtualization;
    const struct page_walk *walk = &scenario->cluster.node.page_walk;
    const struct virt_profile *technology = &guests->technology;
    if (guests->huge_pages == KNOB_ON && walk->huge_s.value >= walk->small_s.value)
        diagnostics_add_key(d, SEVERITY_WARNING, "virtualization.huge_pages",
                            "give cluster.node.page_walk",
                            "huge pages have no effect: of node %.60s nobody said what page walks "
                            "take",
                            scenario->cluster.node.name);
    if (technology->nested_walk.value > 1.0 && technology->access_efficiency.alone.value < 1.0)
        diagnostics_add_key(d, SEVERITY_WARNING, "virtualization.technology.nested_walk",
                            "an efficiency that was measured as a whole contains page walks",
                            "nested_walk and efficiency.access both slow accesses at random down");
}

static void check_vcpus(const struct scenario *scenario, struct diagnostics *d)
{
    const struct virtualization_spec *guests = &scenario->virtualization;
    const int cores = n_cores_for_guests(scenario);
    const char *kind = guests->n_reserved_cores > 0 ? " not reserved" : "";
    if (guests->vcpus > cores)
        diagnostics_add_key(d, SEVERITY_WARNING, "virtualization.vcpus",
                            "vCPUs that share a core wait for each other",
                            "a guest has %d vCPUs on a node of %d cores%s", guests->vcpus, cores,
                            kind);
    else if (guests->vms_per_node * guests->vcpus > cores)
        diagnostics_add_key(d, SEVERITY_WARNING, "virtualization.vcpus",
                            "vCPUs that share a core wait for each other",
                            "%d guests of %d vCPUs overcommit a node of %d cores%s",
                            guests->vms_per_node, guests->vcpus, cores, kind);
    else if (guests->vms_per_node * guests->vcpus + guests->tenants.n_cores > cores)
        diagnostics_add_key(d, SEVERITY_WARNING, "virtualization.tenants.cores",
                            "vCPUs take turns with tenants on the cores that they share",
                            "%d vCPUs and tenants on %d cores overcommit a node of %d cores%s",
                            guests->vms_per_node * guests->vcpus, guests->tenants.n_cores, cores,
                            kind);
}

static bool has_image(const struct image_spec *image)
{
    return image->format != IMAGE_BLOCK || image->cache != IMAGE_CACHE_NONE ||
           image->snapshot != SNAPSHOT_NONE;
}

static void check_guests(struct scenario *scenario, struct diagnostics *d)
{
    struct virtualization_spec *guests = &scenario->virtualization;
    if (guests->technology.kind == VIRT_NATIVE) {
        refuse_with_native(d, guests->vms_per_node > 0, "virtualization.vms_per_node");
        refuse_with_native(d, guests->vcpus > 0, "virtualization.vcpus");
        refuse_with_native(d, guests->memory_B > 0.0, "virtualization.memory");
        refuse_with_native(d, guests->pinning == KNOB_OFF, "virtualization.pinning");
        refuse_with_native(d, guests->n_reserved_cores > 0, "virtualization.reserved_cores");
        refuse_with_native(d, tenants_are_there(&guests->tenants), "virtualization.tenants");
        refuse_with_native(d, guests->huge_pages == KNOB_ON, "virtualization.huge_pages");
        refuse_with_native(d, has_image(&guests->disk), "virtualization.disk");
        return;
    }
    if (guests->vms_per_node == 0)
        guests->vms_per_node = 1;
    if (guests->vcpus == 0) {
        const int share = n_cores_for_guests(scenario) / guests->vms_per_node;
        guests->vcpus = share > 0 ? share : 1;
    }
    check_reserved_cores(scenario, d);
    check_tenants(scenario, d);
    if (n_cores_for_guests(scenario) > 0)
        check_vcpus(scenario, d);
    check_memory(scenario, d);
    check_paging(scenario, d);
    if (guests->technology.kind == VIRT_CONTAINER && has_image(&guests->disk))
        diagnostics_add_key(d, SEVERITY_WARNING, "virtualization.disk", "leave this key out",
                            "containers use the node's files: their disk has no image");
}

/* --- ranks, engine, link ------------------------------------------------------ */

static void check_ranks(struct scenario *scenario, struct diagnostics *d)
{
    const bool is_native = scenario->virtualization.technology.kind == VIRT_NATIVE;
    if (scenario->n_ranks == 0 && scenario->workload->default_ranks) {
        scenario->n_ranks = scenario->workload->default_ranks(scenario->workload_spec);
        scenario->n_ranks = platform_rank_count(scenario);
        return; /* the workload's own check knows what they stand for */
    }
    const long per_node =
        is_native ? node_threads(&scenario->cluster.node)
                  : (long)scenario->virtualization.vms_per_node * scenario->virtualization.vcpus;
    const long room = per_node * scenario->cluster.n_nodes;
    const int n_ranks = platform_rank_count(scenario);
    if (n_ranks > room)
        diagnostics_add_key(d, SEVERITY_WARNING, "ranks",
                            "ranks that share a core wait for each other", "%d ranks on %ld %s",
                            n_ranks, room, platform_core_name(scenario));
    scenario->n_ranks = n_ranks;
}

static void check_engine(const struct scenario *scenario, struct diagnostics *d)
{
    if (engine_by_name(scenario->run.engine))
        return;
    const char *names[MAX_ENGINES];
    size_t n = 0;
    for (; n < MAX_ENGINES && engines[n]; n++)
        names[n] = engines[n]->name;
    const char *near = suggest(scenario->run.engine, n, names);
    char hint[160];
    snprintf(hint, sizeof hint, near ? "did you mean \"%s\"?" : "there is \"%s\"",
             near ? near : names[0]);
    diagnostics_add_key(d, SEVERITY_ERROR, "run.engine", hint, "unknown engine \"%.60s\"",
                        scenario->run.engine);
}

static void check_packets(const struct scenario *scenario, struct diagnostics *d)
{
    const struct link_profile *link = &scenario->cluster.link;
    if (link->packet_header_B >= link->mtu_B)
        diagnostics_add_key(d, SEVERITY_ERROR, "cluster.link.packet_header",
                            "packet_header must be smaller than mtu",
                            "the headers leave no room in a packet");
}

static void check_backend(const struct scenario *scenario, struct diagnostics *d)
{
    const struct backend *backend = &scenario->virtualization.technology.backend;
    const bool has_cost = backend->message_s.value > 0.0 || backend->packet_s.value > 0.0 ||
                          backend->byte_s.value > 0.0 || backend->byte_smp_s.value > 0.0 ||
                          backend->latency_s.value > 0.0 || backend->wakeup_s.value > 0.0;
    if (backend->scope == BACKEND_NONE && has_cost)
        diagnostics_add_key(d, SEVERITY_WARNING, "virtualization.technology.backend",
                            "set its scope to vm or node",
                            "the costs of a backend of scope none have no effect");
}

static void check_polynomial(const struct scenario *scenario, struct diagnostics *d)
{
    const struct dgemm_polynomial *dgemm = &scenario->cluster.node.dgemm;
    const bool has_more = dgemm->mn_s.value > 0.0 || dgemm->mk_s.value > 0.0 ||
                          dgemm->nk_s.value > 0.0 || dgemm->call_s.value > 0.0;
    if (dgemm->mnk_s.value == 0.0 && has_more)
        diagnostics_add_key(d, SEVERITY_WARNING, "cluster.node.dgemm_polynomial",
                            "rates.dgemm is used instead; give mnk too",
                            "a polynomial without mnk has no effect");
}

/* More time lost than computed is possible, but more likely a mistyped unit. */
static void check_noise(struct diagnostics *d, const char *key, const struct noise_profile *noise)
{
    const double lost = noise_share(noise);
    if (lost > 1.0)
        diagnostics_add_key(d, SEVERITY_WARNING, key,
                            "rate x length is what a second of computing loses; see their units",
                            "detours take %.3g s for each second of computing", lost);
}

void scenario_check(struct scenario *scenario, struct diagnostics *diagnostics)
{
    check_topology(scenario, diagnostics);
    check_smt(scenario, diagnostics);
    check_mitigations(scenario, diagnostics);
    check_page_walk(scenario, diagnostics);
    check_packets(scenario, diagnostics);
    check_polynomial(scenario, diagnostics);
    check_noise(diagnostics, "cluster.node.noise", &scenario->cluster.node.noise);
    check_noise(diagnostics, "virtualization.technology.noise",
                &scenario->virtualization.technology.noise);
    check_backend(scenario, diagnostics);
    check_engine(scenario, diagnostics);
    check_guests(scenario, diagnostics);
    if (diagnostics_count(diagnostics, SEVERITY_ERROR) > 0)
        return;
    check_ranks(scenario, diagnostics);
    if (scenario->workload->check)
        scenario->workload->check(scenario->workload_spec, scenario, diagnostics);
}
