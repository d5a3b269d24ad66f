/*
 * platform.c - from a checked scenario to domains, ranks on them and nodes' speeds.
 *
 * No two nodes of a delivery run at exactly the same speed. Each replication draws the
 * nodes of one possible delivery; the run without draws has the profile's node everywhere.
 */
#include "platform.h"

#include "models/random.h"
#include "sim/input/scenario.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

const char *const topology_kind_names[N_TOPOLOGY + 1] = {"switch", "tree",      "fat tree",
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

static int n_domains(const struct platform *platform)
{
    return platform->n_nodes * platform->n_domains_per_node;
}

static bool is_virtual(const struct platform *platform)
{
    return platform->virt.kind != VIRT_NATIVE;
}

/* Cores that a domain's ranks see. */
static int n_cores_of_domain(const struct platform *platform)
{
    return is_virtual(platform) ? platform->n_vcpus : platform->n_cores;
}

static void init_counts(struct platform *platform, const struct scenario *scenario)
{
    platform->n_nodes = scenario->cluster.n_nodes;
    platform->n_cores = platform->node.n_sockets * platform->node.n_cores_per_socket;
    platform->n_domains_per_node = is_virtual(platform) ? scenario->virtualization.vms_per_node : 1;
    platform->n_vcpus = is_virtual(platform) ? scenario->virtualization.vcpus : 0;
    platform->n_ranks = scenario->n_ranks > 0 ? scenario->n_ranks
                                              : n_domains(platform) * n_cores_of_domain(platform);
}

/*
 * Block: a domain is full when each of its vCPUs (cores) has a rank, or, where there are more
 * ranks than that, when it has its equal share of them. Cyclic: one rank a domain per round.
 */
static void map_ranks(struct platform *platform, enum mapping mapping)
{
    const int domains = n_domains(platform);
    const int share = platform->n_ranks / domains + (platform->n_ranks % domains != 0);
    const int n_cores = n_cores_of_domain(platform);
    const int block = share > n_cores ? share : n_cores;

    for (int rank = 0; rank < platform->n_ranks; rank++) {
        platform->domain_of_rank[rank] = mapping == MAPPING_CYCLIC ? rank % domains : rank / block;
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
    const double log_variance = log1p(spread * spread);

    for (int node = 0; node < platform->n_nodes; node++) {
        platform->node_speed[node] = 1.0;
        if (!draws || spread == 0.0)
            continue;
        struct random_stream stream =
            random_stream_for(platform->seed, "node speed", (uint64_t)node);
        platform->node_speed[node] =
            exp(sqrt(log_variance) * random_normal(&stream) - 0.5 * log_variance);
    }
}

/* Replication -1 has a seed of its own too: noise streams may be asked for in any run. */
static uint64_t replication_seed(long seed, int replication)
{
    return random_stream_for((uint64_t)seed, "replication", (uint64_t)(replication + 1)).state;
}

int platform_init(struct platform *platform, const struct scenario *scenario, int replication)
{
    assert(replication >= -1);

    *platform = (struct platform){.node = scenario->cluster.node,
                                  .link = scenario->cluster.link,
                                  .mpi = scenario->mpi,
                                  .virt = scenario->virtualization.technology,
                                  .topology = scenario->cluster.topology,
                                  .seed = replication_seed(scenario->run.seed, replication)};
    init_counts(platform, scenario);

    platform->domain_of_rank = calloc((size_t)platform->n_ranks, sizeof(int));
    platform->n_ranks_on_node = calloc((size_t)platform->n_nodes, sizeof(int));
    platform->node_speed = calloc((size_t)platform->n_nodes, sizeof(double));
    if (!platform->domain_of_rank || !platform->n_ranks_on_node || !platform->node_speed) {
        platform_release(platform);
        return -ENOMEM;
    }
    map_ranks(platform, scenario->mapping);
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

enum path platform_path(const struct platform *platform, int from_rank, int to_rank)
{
    if (platform_node_of_rank(platform, from_rank) != platform_node_of_rank(platform, to_rank))
        return PATH_OTHER_HOST;
    if (platform->domain_of_rank[from_rank] != platform->domain_of_rank[to_rank])
        return PATH_SAME_HOST;
    return PATH_SAME_DOMAIN;
}

struct network platform_network(const struct platform *platform)
{
    return (struct network){.node = &platform->node,
                            .link = &platform->link,
                            .mpi = &platform->mpi,
                            .virt = &platform->virt,
                            .n_cores = platform->n_cores,
                            .n_vcpus = platform->n_vcpus,
                            .n_guests = is_virtual(platform) ? platform->n_domains_per_node : 0};
}

static void check_counts(const struct platform *platform)
{
    assert(platform->n_nodes >= 1);
    assert(platform->n_nodes <= topology_capacity(&platform->topology));
    assert(platform->n_cores == platform->node.n_sockets * platform->node.n_cores_per_socket);
    assert(platform->n_cores >= 1);
    assert(platform->n_domains_per_node >= 1);
    assert(platform->n_ranks >= 1);
    if (is_virtual(platform)) {
        assert(platform->n_vcpus >= 1);
    } else {
        assert(platform->n_vcpus == 0);
        assert(platform->n_domains_per_node == 1);
    }
}

static void check_map(const struct platform *platform)
{
    int *n_ranks_on_node = calloc((size_t)platform->n_nodes, sizeof(int));

    for (int rank = 0; rank < platform->n_ranks; rank++) {
        assert(platform->domain_of_rank[rank] >= 0);
        assert(platform->domain_of_rank[rank] < n_domains(platform));
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
