/*
 * platform.h - the simulated cluster: nodes, their guests, the ranks in them and the wires between.
 *
 * One description from which every engine builds. A *domain* is one operating
 * system in which ranks run: a guest, or the bare node when nothing is
 * virtualized. Domain d lives on node d / n_domains_per_node.
 */
#ifndef VHPCSIM_PLATFORM_H
#define VHPCSIM_PLATFORM_H

#include "models/network.h"
#include "models/placement.h"
#include "models/storage.h"
#include "models/tenants.h"

#include <stdbool.h>
#include <stdint.h>

struct scenario;
struct core_load;

enum topology_kind {
    TOPOLOGY_SWITCH,    /* every node on one non-blocking switch */
    TOPOLOGY_TREE,      /* edge switches under one core switch, uplinks oversubscribed */
    TOPOLOGY_FAT_TREE,  /* SimGrid's d levels: down[], up[], parallel[] */
    TOPOLOGY_TORUS,     /* dimensions[] */
    TOPOLOGY_DRAGONFLY, /* groups, chassis, routers, nodes a router */
    N_TOPOLOGY
};
extern const char *const topology_kind_names[N_TOPOLOGY + 1];

enum { TOPOLOGY_MAX_DIMENSIONS = 6 };

struct topology {
    enum topology_kind kind;
    /* tree */
    int n_nodes_per_switch;
    double oversubscription; /* bandwidth of a switch's nodes / bandwidth of its uplink, >= 1 */
    /* fat tree: one entry a level, leaves first; torus: dimensions */
    int n_dimensions;
    int down[TOPOLOGY_MAX_DIMENSIONS]; /* children; sizes of a torus */
    int up[TOPOLOGY_MAX_DIMENSIONS];   /* parents */
    int parallel[TOPOLOGY_MAX_DIMENSIONS];
    int n_up, n_parallel; /* how many of them the document gave: n_dimensions or, all then 1, 0 */
    /* dragonfly */
    int n_groups, n_chassis, n_routers, n_nodes_per_router;
};

/* How many nodes the topology has room for; INT_MAX where it does not say. */
int topology_capacity(const struct topology *topology);

/*
 * How many groups a dragonfly can have, 1 and more: each router of a group has one cable to another
 * group, and to each group there must be one. INT_MAX for other topologies.
 */
int topology_most_groups(const struct topology *topology);

/*
 * Links that an engine has to make for a complete topology, whatever part of it the cluster uses; 0
 * where the nodes alone say how many there are. A double, as it may exceed every integer.
 */
double topology_links(const struct topology *topology);

enum mapping { MAPPING_BLOCK, MAPPING_CYCLIC };
extern const char *const mapping_names[]; /* NULL at the end */

/*
 * For the checks of scenarios; both take one whose values are each in range.
 * How many ranks run: what the scenario says, else one per core or vCPU.
 */
int platform_rank_count(const struct scenario *scenario);
/* What those are that a rank needs one of: "cores", "hardware threads" or "vCPUs". */
const char *platform_core_name(const struct scenario *scenario);
/*
 * Bytes that each rank has in the domain with the most ranks: equal shares of the guest's or the
 * bare node's memory. <= 0 where the guests' own overhead leaves nothing.
 */
double platform_rank_memory_B(const struct scenario *scenario);
/* What a rank's files are on; pointers into `scenario`. */
struct storage platform_scenario_storage(const struct scenario *scenario);

struct platform {
    struct node_profile node;
    struct link_profile link;
    struct mpi_profile mpi;
    struct virt_profile virt;
    struct topology topology;
    int n_nodes;
    int n_cores;            /* of a node */
    int n_threads;          /* hardware threads of a node: n_cores or a multiple of it */
    int n_reserved;         /* of these, where vCPUs never run and backends do; 0: there are none */
    bool is_floating;       /* vCPUs are not pinned to cores */
    struct tenants tenants; /* what they leave is in the profiles above already */
    enum placement placement;
    int n_domains_per_node; /* guests of a node; 1 when native */
    int n_vcpus;            /* of a guest; 0 when native */
    bool has_huge_pages;    /* guests' memory; false when native */
    int n_ranks;
    int *domain_of_rank;    /* n_ranks entries, owned */
    int *n_ranks_on_node;   /* n_nodes entries, owned */
    double *node_speed;     /* n_nodes entries, owned: 1.02 is a node 2 % faster than the profile */
    uint64_t seed;          /* of this replication; noise streams derive from it */
    struct storage storage; /* its pointers are not valid: see platform_storage() */
};

/*
 * Fills `platform` from a checked scenario. `replication` selects the draw of
 * the nodes' speeds and the noise streams; -1 is the run without draws (every node
 * exactly as its profile). Strings stay borrowed from the scenario. Returns 0 or -ENOMEM.
 */
int platform_init(struct platform *platform, const struct scenario *scenario, int replication);
void platform_release(struct platform *platform);

int platform_node_of_rank(const struct platform *platform, int rank);
enum path platform_path(const struct platform *platform, int from_domain, int to_domain);

/*
 * Fills `loads`, one entry for each of the first `n_ranks` ranks, with where each computes when
 * these ranks are at work: ranks take hardware threads, or their guests' vCPUs do, by the
 * scenario's placement. Returns 0 or -ENOMEM.
 */
int platform_core_loads(const struct platform *platform, int n_ranks, struct core_load *loads);

/* The network model's view; pointers into `platform`. */
struct network platform_network(const struct platform *platform);

/* What a rank's files are on; pointers into `platform`. */
struct storage platform_storage(const struct platform *platform);

/* Asserts every invariant: counts, ranges, maps. For tests and debug builds. */
void platform_check(const struct platform *platform);

#endif
