/*
 * collective_open_mpi_1_4.c - what Open MPI 1.4 decides.
 *
 * Its component `tuned` was measured on up to 64 nodes with Myrinet. Where it chooses
 * the segments of a pipeline, limits are lines in the plane of ranks and bytes; SMPI's
 * pipelines, and its segmented binomial tree, cut by the same lines.
 */
#include "collective_rules.h"

enum { KIB = 1024 };

static const struct rank_rule barrier_rules[] = {
    {.conditions = IF_POWER_OF_TWO, .steps = {{ANY_SIZE, BARRIER_RECURSIVE_DOUBLING}}},
    {.steps = {{ANY_SIZE, BARRIER_DISSEMINATION}}}};

static const struct rank_rule bcast_rules[] = {
    {.steps = {{2 * KIB, BCAST_BINOMIAL}, {370728, BCAST_SPLIT_BINARY}}},
    {.line = {BELOW_LINE, 1.6134e-6, 2.1102}, .steps = {{ANY_SIZE, BCAST_PIPELINE}}},
    {.to_ranks = 12, .steps = {{ANY_SIZE, BCAST_SPLIT_BINARY}}},
    {.steps = {{ANY_SIZE, BCAST_PIPELINE}}}};

/* Where the source's comment promises a binary tree it calls a pipeline, so this has no tree. */
static const struct rank_rule reduce_rules[] = {
    {.to_ranks = 7, .steps = {{512, REDUCE_LINEAR}, {20480, REDUCE_BINOMIAL_SEGMENTED}}},
    {.steps = {{2 * KIB, REDUCE_BINOMIAL_SEGMENTED}}},
    {.line = {ABOVE_LINE, 0.6016 / 1024.0, 1.3496},
     .steps = {{ANY_SIZE, REDUCE_BINOMIAL_SEGMENTED}}},
    {.steps = {{ANY_SIZE, REDUCE_PIPELINE}}}};

static const struct rank_rule allreduce_rules[] = {
    {.steps = {{10000, ALLREDUCE_RECURSIVE_DOUBLING}}},
    {.conditions = IF_ELEMENT_FOR_EACH, .steps = {{ANY_SIZE, ALLREDUCE_RING_SEGMENTED}}},
    {.steps = {{ANY_SIZE, ALLREDUCE_REDUCE_BCAST}}}};

static const struct rank_rule gather_rules[] = {
    {.to_ranks = 10,
     .steps = {{6000 + 1, GATHER_LINEAR}, {ANY_SIZE, GATHER_LINEAR_SYNC_SEGMENTED}}},
    {.to_ranks = 60,
     .steps = {{1 * KIB, GATHER_BINOMIAL},
               {6000 + 1, GATHER_LINEAR},
               {ANY_SIZE, GATHER_LINEAR_SYNC_SEGMENTED}}},
    {.steps = {{6000 + 1, GATHER_BINOMIAL}, {ANY_SIZE, GATHER_LINEAR_SYNC_SEGMENTED}}}};

static const struct rank_rule scatter_rules[] = {
    {.to_ranks = 10, .steps = {{ANY_SIZE, SCATTER_LINEAR}}},
    {.steps = {{300, SCATTER_BINOMIAL}, {ANY_SIZE, SCATTER_LINEAR}}}};

static const struct rank_rule allgather_rules[] = {
    {.to_ranks = 2, .steps = {{ANY_SIZE, ALLGATHER_TWO_RANKS}}},
    {.steps = {{50000, ALLGATHER_RECURSIVE_DOUBLING}, {ANY_SIZE, ALLGATHER_NEIGHBOR}}}};

static const struct rank_rule alltoall_rules[] = {
    {.to_ranks = 2, .steps = {{ANY_SIZE, ALLTOALL_LINEAR}}},
    {.to_ranks = 12, .steps = {{3000, ALLTOALL_LINEAR}, {ANY_SIZE, ALLTOALL_PAIRWISE}}},
    {.steps = {{200, ALLTOALL_BRUCK}, {3000, ALLTOALL_LINEAR}, {ANY_SIZE, ALLTOALL_PAIRWISE}}}};

static const struct rank_rule alltoallv_rules[] = {{.steps = {{ANY_SIZE, ALLTOALLV_LINEAR}}}};

static const struct rank_rule reduce_scatter_rules[] = {
    {.steps = {{12 * KIB + 1, REDUCE_SCATTER_RECURSIVE_HALVING}}},
    {.conditions = IF_POWER_OF_TWO, .steps = {{256 * KIB + 1, REDUCE_SCATTER_RECURSIVE_HALVING}}},
    {.line = {ABOVE_LINE, 0.0012, 8.0}, .steps = {{ANY_SIZE, REDUCE_SCATTER_RECURSIVE_HALVING}}},
    {.steps = {{ANY_SIZE, REDUCE_SCATTER_RING}}}};

static const struct rank_rule scan_rules[] = {{.steps = {{ANY_SIZE, SCAN_CHAIN}}}};

static const struct collective_rules rules[N_COLLECTIVES] = COLLECTIVE_TABLES(COUNTED_TOTAL);

static const struct collective_limit limits[] = {
    {ALLGATHER_RECURSIVE_DOUBLING, IF_POWER_OF_TWO, ALLGATHER_BRUCK},
    {ALLGATHER_NEIGHBOR, IF_EVEN, ALLGATHER_RING},
    {ALLREDUCE_RING_SEGMENTED, IF_MEBIBYTE_FOR_EACH, ALLREDUCE_RING},
    {ALLREDUCE_RING, IF_ELEMENT_FOR_EACH, ALLREDUCE_RECURSIVE_DOUBLING},
    {.algorithm = COLLECTIVE_NOTHING}};

const struct collective_library collective_open_mpi_1_4 = {
    .name = "open-mpi-1.4",
    .title = "Open MPI 1.4",
    .source = "Open MPI 1.4.2, ompi/mca/coll/tuned/coll_tuned_decision_fixed.c",
    .about = "Alltoall between two ranks is one exchange there and linear here, which is the same "
             "two messages.",
    .rules = rules,
    .limits = limits};
