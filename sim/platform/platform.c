/*
 * platform.c - from a checked scenario to domains, ranks on them and nodes' speeds.
 *
 * No two nodes of a delivery run at exactly the same speed. Each replication draws the
 * nodes of one possible delivery; the run without draws has the profile's node everywhere.
 */
#include "platform.h"

#include "models/cpu.h"
#include "models/random.h"
#include "sim/input/scenario.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

const char *const topology_kind_names[N_TOPOLOGY + 1] = {"switch", "tree",      "fat-tree",
                                                         "torus",  "dragonfly", NULL};
const char *const mapping_names[] = {"block", "cyclic", NULL};

/* a * b for counts >= 0, INT_MAX where that is more. */
static int count_product(int a, int b)
{
    int product;
    return __builtin_mul_overflow(a, b, &product) ? INT_MAX : product;
}

int topology_capacity(const struct topology *topology)
{
    int capacity = 1;

    switch (topology->kind) {
    case TOPOLOGY_FAT_TREE:
    case TOPOLOGY_TORUS:
        for (int i = 0; i < topology->n_dimensions; i++)
            capacity = count_product(capacity, topology->down[i]);
        return capacity;
    case TOPOLOGY_DRAGONFLY:
        capacity = count_product(topology->n_groups, topology->n_chassis);
        capacity = count_product(capacity, topology->n_routers);
        return count_product(capacity, topology->n_nodes_per_router);
    case TOPOLOGY_SWITCH:
    case TOPOLOGY_TREE:
    case N_TOPOLOGY:
        break;
    }
    return INT_MAX; /* a switch has the ports, a tree the edge switches that it needs */
}

int topology_most_groups(const struct topology *topology)
{
    return topology->kind == TOPOLOGY_DRAGONFLY
               ? count_product(topology->n_chassis, topology->n_routers)
               : INT_MAX;
}

static double fat_tree_links(const struct topology *topology)
{
    double n_below = 1.0; /* nodes or switches of the level below */
    for (int i = 0; i < topology->n_dimensions; i++)
        n_below *= topology->down[i];

    double n_links = 0.0;
    for (int i = 0; i < topology->n_dimensions; i++) {
        n_links += n_below * topology->up[i] * topology->parallel[i];
        n_below *= (double)topology->up[i] / topology->down[i];
    }
    return n_links;
}

static double torus_links(const struct topology *topology)
{
    double n_nodes = 1.0;
    for (int i = 0; i < topology->n_dimensions; i++)
        n_nodes *= topology->down[i];
    return n_nodes * topology->n_dimensions;
}

static double n_pairs(int n)
{
    return 0.5 * n * (n - 1.0);
}

/* Routers of a chassis, equal routers of a group's chassis, and groups are linked each to each. */
static double dragonfly_links(const struct topology *topology)
{
    const double n_groups = topology->n_groups;
    return n_groups * topology->n_chassis * n_pairs(topology->n_routers) +
           n_groups * topology->n_routers * n_pairs(topology->n_chassis) +
           n_pairs(topology->n_groups) +
           n_groups * topology->n_chassis * topology->n_routers * topology->n_nodes_per_router;
}

double topology_links(const struct topology *topology)
{
    switch (topology->kind) {
    case TOPOLOGY_FAT_TREE:
        return fat_tree_links(topology);
    case TOPOLOGY_TORUS:
        return torus_links(topology);
    case TOPOLOGY_DRAGONFLY:
        return dragonfly_links(topology);
    case TOPOLOGY_SWITCH:
    case TOPOLOGY_TREE:
    case N_TOPOLOGY:
        break;
    }
    return 0.0;
}

/* How many domains there are and what each has; the part of a platform that needs no memory. */
struct layout {
    int n_nodes;
    int n_domains_per_node;
    int n_domains;
    int n_cores; /* that the ranks of a domain see: a guest's vCPUs or all of the node's cores */
    int n_ranks;
    double memory_B; /* of a domain */
};

static bool is_virtual(const struct scenario *scenario)
{
    return scenario->virtualization.technology.kind != VIRT_NATIVE;
}

static double guest_memory_B(const struct scenario *scenario)
{
    const struct virtualization_spec *guests = &scenario->virtualization;

    if (guests->memory_B > 0.0)
        return guests->memory_B;
    return scenario->cluster.node.memory_B / guests->vms_per_node -
           guests->technology.memory_overhead_B;
}

static struct layout layout_of(const struct scenario *scenario)
{
    const struct node_profile *node = &scenario->cluster.node;
    struct layout layout = {.n_nodes = scenario->cluster.n_nodes,
                            .n_domains_per_node = 1,
                            .n_cores = node->n_sockets * node->n_cores_per_socket,
                            .memory_B = node->memory_B};

    if (is_virtual(scenario)) {
        layout.n_domains_per_node = scenario->virtualization.vms_per_node;
        layout.n_cores = scenario->virtualization.vcpus;
        layout.memory_B = guest_memory_B(scenario);
    }
    layout.n_domains = count_product(layout.n_nodes, layout.n_domains_per_node);
    layout.n_ranks =
        scenario->n_ranks > 0 ? scenario->n_ranks : count_product(layout.n_domains, layout.n_cores);
    return layout;
}

/* Ranks of a domain when they are dealt as evenly as they can be, rounded up. */
static int even_share(const struct layout *layout)
{
    return layout->n_ranks / layout->n_domains + (layout->n_ranks % layout->n_domains != 0);
}

/* Block mapping: a domain is full when each of its cores has a rank, or, where there are more ranks
 * than cores, when it has its even share of them. */
static int block_size(const struct layout *layout)
{
    const int share = even_share(layout);
    return share > layout->n_cores ? share : layout->n_cores;
}

static int n_ranks_of_fullest(const struct scenario *scenario, const struct layout *layout)
{
    const int fullest =
        scenario->mapping == MAPPING_CYCLIC ? even_share(layout) : block_size(layout);
    return fullest < layout->n_ranks ? fullest : layout->n_ranks;
}

int platform_rank_count(const struct scenario *scenario)
{
    return layout_of(scenario).n_ranks;
}

/* A container's files are the node's, in its page cache. */
struct storage platform_scenario_storage(const struct scenario *scenario)
{
    const struct layout layout = layout_of(scenario);
    const struct virtualization_spec *guests = &scenario->virtualization;
    const int fullest = n_ranks_of_fullest(scenario, &layout);
    struct storage storage = {.node = &scenario->cluster.node,
                              .link = &scenario->cluster.link,
                              .virt = &guests->technology,
                              .format = guests->disk.format,
                              .cache = guests->disk.cache,
                              .snapshot = guests->disk.snapshot,
                              .system_memory_B = scenario->cluster.node.memory_B,
                              .n_ranks_of_node = count_product(layout.n_domains_per_node, fullest)};
    storage.n_ranks_of_system = storage.n_ranks_of_node;
    if (guests->technology.kind == VIRT_HYPERVISOR) {
        const double taken_B =
            guests->vms_per_node * (layout.memory_B + guests->technology.memory_overhead_B);
        storage.system_memory_B = fmax(0.0, layout.memory_B);
        storage.host_memory_B = fmax(0.0, scenario->cluster.node.memory_B - taken_B);
        storage.n_ranks_of_system = fullest;
    }
    return storage;
}

const char *platform_core_name(const struct scenario *scenario)
{
    if (is_virtual(scenario))
        return "vCPUs";
    return node_threads_per_core(&scenario->cluster.node) > 1 ? "hardware threads" : "cores";
}

double platform_rank_memory_B(const struct scenario *scenario)
{
    const struct layout layout = layout_of(scenario);

    return layout.memory_B / n_ranks_of_fullest(scenario, &layout);
}

static void map_ranks(struct platform *platform, const struct layout *layout, enum mapping mapping)
{
    const int block = block_size(layout);

    for (int rank = 0; rank < platform->n_ranks; rank++) {
        platform->domain_of_rank[rank] =
            mapping == MAPPING_CYCLIC ? rank % layout->n_domains : rank / block;
        platform->n_ranks_on_node[platform_node_of_rank(platform, rank)]++;
    }
}

/*
 * Speeds are lognormal with mean 1, so that the profile's rates stay the mean of the
 * nodes', and relative standard deviation node_spread.
 */
static void draw_node_speeds(struct platform *platform, bool draws)
{
    const double spread = platform->node.node_spread.value;

    for (int node = 0; node < platform->n_nodes; node++) {
        platform->node_speed[node] = 1.0;
        if (!draws || spread == 0.0)
            continue;
        struct random_stream stream =
            random_stream_for(platform->seed, "node speed", (uint64_t)node);
        platform->node_speed[node] = random_lognormal(&stream, spread);
    }
}

/* Replication -1 has a seed of its own too: noise streams may be asked for in any run. */
static uint64_t replication_seed(long seed, int replication)
{
    return random_stream_for((uint64_t)seed, "replication", (uint64_t)(replication + 1)).state;
}

/* Backends on cores of their own, and other customers' guests. */
static void share_with_others(struct platform *platform, const struct virtualization_spec *guests)
{
    platform->n_reserved = guests->n_reserved_cores * node_threads_per_core(&platform->node);
    platform->is_floating = guests->pinning == KNOB_OFF;
    platform->tenants = guests->tenants;
    tenants_take(&guests->tenants, &platform->node, &platform->link, &platform->virt);
}

int platform_init(struct platform *platform, const struct scenario *scenario, int replication)
{
    assert(replication >= -1);

    const struct layout layout = layout_of(scenario);
    *platform = (struct platform){
        .node = scenario->cluster.node,
        .link = scenario->cluster.link,
        .mpi = scenario->mpi,
        .virt = scenario->virtualization.technology,
        .topology = scenario->cluster.topology,
        .n_nodes = layout.n_nodes,
        .n_cores = scenario->cluster.node.n_sockets * scenario->cluster.node.n_cores_per_socket,
        .n_threads = node_threads(&scenario->cluster.node),
        .placement = scenario->placement,
        .n_domains_per_node = layout.n_domains_per_node,
        .n_vcpus = is_virtual(scenario) ? layout.n_cores : 0,
        .has_huge_pages = is_virtual(scenario) && scenario->virtualization.huge_pages == KNOB_ON,
        .n_ranks = layout.n_ranks,
        .seed = replication_seed(scenario->run.seed, replication),
        .storage = platform_scenario_storage(scenario)};

    if (is_virtual(scenario))
        share_with_others(platform, &scenario->virtualization);
    platform->domain_of_rank = calloc((size_t)platform->n_ranks, sizeof(int));
    platform->n_ranks_on_node = calloc((size_t)platform->n_nodes, sizeof(int));
    platform->node_speed = calloc((size_t)platform->n_nodes, sizeof(double));
    if (!platform->domain_of_rank || !platform->n_ranks_on_node || !platform->node_speed) {
        platform_release(platform);
        return -ENOMEM;
    }
    map_ranks(platform, &layout, scenario->mapping);
    draw_node_speeds(platform, replication >= 0);
#ifndef NDEBUG
    platform_check(platform);
#endif
    return 0;
}

void platform_release(struct platform *platform)
{
    free(platform->domain_of_rank);
    free(platform->n_ranks_on_node);
    free(platform->node_speed);
    *platform = (struct platform){0};
}

int platform_node_of_rank(const struct platform *platform, int rank)
{
    assert(rank >= 0 && rank < platform->n_ranks);
    return platform->domain_of_rank[rank] / platform->n_domains_per_node;
}

enum path platform_path(const struct platform *platform, int from_domain, int to_domain)
{
    const int n_per_node = platform->n_domains_per_node;

    if (from_domain == to_domain)
        return PATH_SAME_DOMAIN;
    if (from_domain / n_per_node != to_domain / n_per_node)
        return PATH_OTHER_HOST;
    return platform->virt.same_host.via == SAME_HOST_SHARED_MEMORY ? PATH_SAME_DOMAIN
                                                                   : PATH_SAME_HOST;
}

/* --- where ranks compute -----------------------------------------------------------------------
 */

/* Counts of ranks and sockets, as they are found. */
struct census {
    struct core_place *place_of_rank;
    int *n_on_node;              /* of each node */
    int *n_on_core;              /* of each node's cores */
    int *n_on_socket;            /* of each node's sockets */
    int *n_in_domain;            /* of each domain */
    uint64_t *sockets_of_domain; /* bit s: a rank of the domain runs on socket s */
    uint64_t *sockets_of_guest;  /* of each guest of a node: bit s: it has a vCPU on socket s */
};
static_assert(NODE_MAX_SOCKETS <= 64, "a bit for each socket");

static size_t n_cores_of(const struct platform *platform)
{
    return (size_t)platform->node.n_sockets * (size_t)platform->node.n_cores_per_socket;
}

static void census_release(struct census *census)
{
    free(census->place_of_rank);
    free(census->n_on_node);
    free(census->n_on_core);
    free(census->n_on_socket);
    free(census->n_in_domain);
    free(census->sockets_of_domain);
    free(census->sockets_of_guest);
}

static int census_init(struct census *census, const struct platform *platform, int n_ranks)
{
    const size_t n_nodes = (size_t)platform->n_nodes;
    const size_t n_domains = n_nodes * (size_t)platform->n_domains_per_node;
    *census = (struct census){
        .place_of_rank = calloc((size_t)n_ranks, sizeof(struct core_place)),
        .n_on_node = calloc(n_nodes, sizeof(int)),
        .n_on_core = calloc(n_nodes * n_cores_of(platform), sizeof(int)),
        .n_on_socket = calloc(n_nodes * (size_t)platform->node.n_sockets, sizeof(int)),
        .n_in_domain = calloc(n_domains, sizeof(int)),
        .sockets_of_domain = calloc(n_domains, sizeof(uint64_t)),
        .sockets_of_guest = calloc((size_t)platform->n_domains_per_node, sizeof(uint64_t)),
    };
    if (census->place_of_rank && census->n_on_node && census->n_on_core && census->n_on_socket &&
        census->n_in_domain && census->sockets_of_domain && census->sockets_of_guest)
        return 0;
    census_release(census);
    return -ENOMEM;
}

static struct core_place place_of(const struct platform *platform, int domain, int number_in_domain)
{
    if (platform->n_vcpus == 0)
        return placement_of(&platform->node, platform->placement, number_in_domain);
    return placement_of_vcpu(&platform->node, platform->placement,
                             domain % platform->n_domains_per_node, platform->n_vcpus,
                             number_in_domain % platform->n_vcpus);
}

static void census_count(struct census *census, const struct platform *platform, int n_ranks)
{
    for (int rank = 0; rank < n_ranks; rank++) {
        const int domain = platform->domain_of_rank[rank];
        const int node = domain / platform->n_domains_per_node;
        const struct core_place place = place_of(platform, domain, census->n_in_domain[domain]++);
        census->place_of_rank[rank] = place;
        census->n_on_node[node]++;
        census->n_on_core[(size_t)node * n_cores_of(platform) + (size_t)place.core]++;
        census->n_on_socket[node * platform->node.n_sockets + place.socket]++;
        census->sockets_of_domain[domain] |= UINT64_C(1) << place.socket;
    }
    for (int guest = 0; guest < platform->n_domains_per_node; guest++)
        for (int vcpu = 0; vcpu < platform->n_vcpus; vcpu++)
            census->sockets_of_guest[guest] |= UINT64_C(1)
                                               << place_of(platform, guest, vcpu).socket;
}

int platform_core_loads(const struct platform *platform, int n_ranks, struct core_load *loads)
{
    assert(n_ranks <= platform->n_ranks);

    struct census census;
    if (census_init(&census, platform, n_ranks) < 0)
        return -ENOMEM;
    census_count(&census, platform, n_ranks);
    for (int rank = 0; rank < n_ranks; rank++) {
        const int domain = platform->domain_of_rank[rank];
        const int node = domain / platform->n_domains_per_node;
        const struct core_place place = census.place_of_rank[rank];
        loads[rank] = (struct core_load){
            .n_cores = platform->n_cores,
            .n_active = census.n_on_node[node],
            .n_vcpus = platform->n_vcpus,
            .n_on_core = census.n_on_core[(size_t)node * n_cores_of(platform) + (size_t)place.core],
            .n_on_socket = census.n_on_socket[node * platform->node.n_sockets + place.socket],
            .n_sockets = __builtin_popcountll(census.sockets_of_domain[domain]),
            .n_sockets_of_guest = __builtin_popcountll(
                census.sockets_of_guest[domain % platform->n_domains_per_node]),
            .has_huge_pages = platform->has_huge_pages,
            .n_beside = platform->tenants.n_cores,
            .is_floating = platform->is_floating,
        };
    }
    census_release(&census);
    return 0;
}

struct network platform_network(const struct platform *platform)
{
    return (struct network){.node = &platform->node,
                            .link = &platform->link,
                            .mpi = &platform->mpi,
                            .virt = &platform->virt,
                            .n_vcpus = platform->n_vcpus};
}

struct storage platform_storage(const struct platform *platform)
{
    struct storage storage = platform->storage;
    storage.node = &platform->node;
    storage.link = &platform->link;
    storage.virt = &platform->virt;
    return storage;
}

static void check_counts(const struct platform *platform)
{
    assert(platform->n_nodes >= 1);
    assert(platform->n_nodes <= topology_capacity(&platform->topology));
    assert(platform->n_cores == platform->node.n_sockets * platform->node.n_cores_per_socket);
    assert(platform->n_cores >= 1);
    assert(platform->n_threads == node_threads(&platform->node));
    assert(platform->n_reserved >= 0 && platform->n_reserved < platform->n_threads);
    assert(platform->tenants.n_cores >= 0);
    assert(platform->n_domains_per_node >= 1);
    assert(platform->n_ranks >= 1);
    if (platform->virt.kind == VIRT_NATIVE) {
        assert(platform->n_vcpus == 0);
        assert(platform->n_domains_per_node == 1);
    } else {
        assert(platform->n_vcpus >= 1);
    }
}

static void check_map(const struct platform *platform)
{
    int *n_ranks_on_node = calloc((size_t)platform->n_nodes, sizeof(int));

    for (int rank = 0; rank < platform->n_ranks; rank++) {
        assert(platform->domain_of_rank[rank] >= 0);
        assert(platform->domain_of_rank[rank] < platform->n_nodes * platform->n_domains_per_node);
        if (n_ranks_on_node)
            n_ranks_on_node[platform_node_of_rank(platform, rank)]++;
    }
    /* Without memory for a count of its own, the check is what it can be. */
    for (int node = 0; n_ranks_on_node && node < platform->n_nodes; node++)
        assert(platform->n_ranks_on_node[node] == n_ranks_on_node[node]);
    free(n_ranks_on_node);
}

void platform_check(const struct platform *platform)
{
    check_counts(platform);
    check_map(platform);
    for (int node = 0; node < platform->n_nodes; node++)
        assert(isfinite(platform->node_speed[node]) && platform->node_speed[node] > 0.0);
}
