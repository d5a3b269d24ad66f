/*
 * scenario_fields.c - the keys of a scenario document.
 */
#include "document_rows.h"
#include "scenario.h"
#include "variant.h"

#include "sim/workload/workload.h"

#define PROFILE(type, member) .kind = FIELD_PROFILE, .offset = offsetof(type, member)

enum { MAX_NODES = 1000000, MAX_RANKS = 10000000 };

#define SIZES(name, member, count, text)                                                           \
    {                                                                                              \
        .key = name, .kind = FIELD_COUNTS, .offset = offsetof(struct topology, member),            \
        .count_offset = offsetof(struct topology, count), .max_items = TOPOLOGY_MAX_DIMENSIONS,    \
        .min = 1, .max = MAX_NODES, .fallback = "[]", .help = text                                 \
    }
#define PART(name, member, text)                                                                   \
    {                                                                                              \
        .key = name, COUNT(struct topology, member), .min = 0, .max = MAX_NODES, .fallback = "0",  \
        .help = text                                                                               \
    }

static const struct field topology_fields[] = {
    {.key = "kind",
     CHOICE(struct topology, kind),
     .choices = topology_kind_names,
     .fallback = "switch",
     .help = "How the nodes are wired."},
    PART("nodes_per_switch", n_nodes_per_switch, "Tree: nodes under each edge switch."),
    {.key = "oversubscription",
     QUANTITY(struct topology, oversubscription),
     .min = 1.0,
     .max = 1000.0,
     .fallback = "1",
     .help = "Tree: bandwidth of a switch's nodes over the bandwidth of its uplink."},
    SIZES("sizes", down, n_dimensions,
          "Fat tree: children of a switch at each level, leaves first. Torus: nodes along each "
          "dimension."),
    SIZES("up", up, n_up, "Fat tree: parents at each level, leaves first; left out: 1 each."),
    SIZES("parallel", parallel, n_parallel,
          "Fat tree: parallel links to each parent at each level; left out: 1 each."),
    PART("groups", n_groups, "Dragonfly: groups."),
    PART("chassis", n_chassis, "Dragonfly: chassis in a group."),
    PART("routers", n_routers, "Dragonfly: routers in a chassis."),
    PART("nodes_per_router", n_nodes_per_router, "Dragonfly: nodes at a router."),
    END};

const char *const knob_names[] = {[KNOB_OFF] = "off", [KNOB_ON] = "on", NULL};
static const char *const smt_names[] = {
    [SMT_AS_NODE] = "node", [SMT_OFF] = "off", [SMT_ON] = "on", NULL};

static const struct field cluster_fields[] = {
    {.key = "nodes",
     COUNT(struct cluster_spec, n_nodes),
     .min = 1,
     .max = MAX_NODES,
     .help = "How many nodes the cluster has."},
    {.key = "node",
     PROFILE(struct cluster_spec, node),
     .document = "node",
     .help = "What each node is."},
    {.key = "link",
     PROFILE(struct cluster_spec, link),
     .document = "link",
     .help = "What connects the nodes to their switches, and the switches."},
    {.key = "topology",
     GROUP(struct cluster_spec, topology, topology_fields),
     .help = "How the nodes are wired."},
    {.key = "mitigations",
     CHOICE(struct cluster_spec, mitigations),
     .choices = knob_names,
     .fallback = "off",
     .help = "Mitigations of processors' leaks (Meltdown, Spectre, L1TF, MDS) in the kernels of "
             "nodes and guests and in the hypervisor: entries into kernels and exits of guests "
             "take longer, as the node says. What was measured with them on has them in it."},
    {.key = "smt",
     CHOICE(struct cluster_spec, smt),
     .choices = smt_names,
     .fallback = "node",
     .help = "Hardware threads: node has those of its profile, off one a core, and on insists on "
             "several. Ranks, vCPUs and I/O backends that find no idle core take them."},
    END};

#define TENANT_RATE(name, member, text)                                                            \
    {                                                                                              \
        .key = name, PARAMETER(struct tenants, member), .dimension = DIMENSION_BANDWIDTH,          \
        FIELD_FROM_0, .fallback = "0 B/s", .help = text                                            \
    }

static const struct field tenants_fields[] = {
    {.key = "cores",
     COUNT(struct tenants, n_cores),
     .min = 0,
     .max = 4096,
     .fallback = "0",
     .help = "Cores of each node that other guests keep computing all the time."},
    TENANT_RATE("memory_bandwidth", memory_Bps,
                "What they draw from each node's memory; they get up to half of what it has."),
    TENANT_RATE("network", network_Bps,
                "What they send over each node's NIC, and as much that they receive; up to half of "
                "what it carries."),
    TENANT_RATE("disk", disk_Bps,
                "What they read and write on each node's disk; up to half of its time."),
    END};

static const struct field image_fields[] = {
    {.key = "format",
     CHOICE(struct image_spec, format),
     .choices = image_format_names,
     .fallback = "block",
     .help = "What holds the guest's disk: a block device of the host (a partition or volume), "
             "or a "
             "raw, qcow2 or vmdk file; with a snapshot, what its backing file is."},
    {.key = "cache",
     CHOICE(struct image_spec, cache),
     .choices = image_cache_names,
     .fallback = "none",
     .help = "What the host's page cache does with it: none bypasses it, writethrough serves reads "
             "from it and waits for writes, writeback lets writes wait there too."},
    {.key = "snapshot",
     CHOICE(struct image_spec, snapshot),
     .choices = image_snapshot_names,
     .fallback = "none",
     .help = "Whether the disk is a qcow2 snapshot on the node of a backing file that lies there "
             "too (local) or on a server over the cluster's network (nfs)."},
    END};

static const struct field virtualization_fields[] = {
    {.key = "technology",
     PROFILE(struct virtualization_spec, technology),
     .document = "technology",
     .fallback = "native",
     .help = "What runs the guests; native: there are none."},
    {.key = "vms_per_node",
     COUNT(struct virtualization_spec, vms_per_node),
     .min = 0,
     .max = 1024,
     .fallback = "0",
     .help = "Guests on each node; left out: 1, or none with native."},
    {.key = "vcpus",
     COUNT(struct virtualization_spec, vcpus),
     .min = 0,
     .max = 4096,
     .fallback = "0",
     .help = "vCPUs of each guest; left out: an equal share of the node's cores."},
    {.key = "memory",
     QUANTITY(struct virtualization_spec, memory_B),
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 B",
     .help = "Memory of each guest; 0 B or left out: an equal share of what the node has left."},
    {.key = "pinning",
     CHOICE(struct virtualization_spec, pinning),
     .choices = knob_names,
     .fallback = "on",
     .help = "on: each vCPU keeps its core, as far as there is one for each. off: the host's "
             "scheduler moves them, away from their memory and caches."},
    {.key = "reserved_cores",
     COUNT(struct virtualization_spec, n_reserved_cores),
     .min = 0,
     .max = 4096,
     .fallback = "0",
     .help = "Cores of each node that vCPUs never use: I/O backends (QEMU, vhost, dom0) run there "
             "and then neither wait for vCPUs nor take time from them."},
    {.key = "tenants",
     GROUP(struct virtualization_spec, tenants, tenants_fields),
     .help = "Other customers' guests on each node, which are always at work."},
    {.key = "huge_pages",
     CHOICE(struct virtualization_spec, huge_pages),
     .choices = knob_names,
     .fallback = "off",
     .help = "Guests' memory in pages of 2 MiB, in their own page tables and the host's; accesses "
             "at random take a shorter page walk then. The bare nodes keep theirs."},
    {.key = "disk",
     GROUP(struct virtualization_spec, disk, image_fields),
     .help = "What each guest's disk is on its host; containers use the node's files."},
    END};

static const struct field run_fields[] = {
    {.key = "replications",
     COUNT(struct run_spec, replications),
     .min = 1,
     .max = 100000,
     .fallback = "10",
     .help = "Draws of the uncertain parameters; the result is their P10, P50 and P90."},
    {.key = "seed",
     .kind = FIELD_LONG,
     .offset = offsetof(struct run_spec, seed),
     .min = 0,
     .max = 9007199254740991.0, /* 2^53 - 1: exact in JSON too */
     .fallback = "1",
     .help = "Where all random streams start: the same seed, the same result."},
    {.key = "engine",
     TEXT(struct run_spec, engine),
     .fallback = "simgrid",
     .help = "Which engine runs it; see `vhpcsim list engines`."},
    END};

const struct field scenario_fields[] = {
    {.key = "title",
     TEXT(struct scenario, title),
     .fallback = "",
     .help = "What is simulated, in one line."},
    {.key = "description",
     TEXT(struct scenario, description),
     .fallback = "",
     .help = "What it is for, in as many words as it needs."},
    {.key = "cluster",
     GROUP(struct scenario, cluster, cluster_fields),
     .help = "The machines and their wires."},
    {.key = "virtualization",
     GROUP(struct scenario, virtualization, virtualization_fields),
     .help = "The guests; left out: native."},
    {.key = "mpi",
     PROFILE(struct scenario, mpi),
     .document = "mpi",
     .help = "The MPI library that the ranks use."},
    {.key = "ranks",
     COUNT(struct scenario, n_ranks),
     .min = 0,
     .max = MAX_RANKS,
     .fallback = "0",
     .help = "MPI processes; 0 or left out: one on each core or vCPU."},
    {.key = "mapping",
     CHOICE(struct scenario, mapping),
     .choices = mapping_names,
     .fallback = "block",
     .help = "block fills one guest or node with ranks after the other, cyclic deals them round."},
    {.key = "placement",
     CHOICE(struct scenario, placement),
     .choices = placement_names,
     .fallback = "spread",
     .help = "How a node's ranks, or its guests, take its sockets: spread in turn, compact one "
             "after the other."},
    {.key = "workload",
     .kind = FIELD_VARIANT,
     .variants = &workload_variants,
     .offset = offsetof(struct scenario, workload),
     .count_offset = offsetof(struct scenario, workload_spec),
     .help = "What the ranks run; its kind says which other keys it has."},
    {.key = "run",
     GROUP(struct scenario, run, run_fields),
     .help = "How often, from which seed and on which engine it is simulated."},
    END};
