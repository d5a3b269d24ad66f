/*
 * collective_mpich2_1_0.c - what MPICH2 1.0.x decides.
 *
 * Short messages go along trees, log2 n rounds of whole messages; long ones are cut into parts
 * that are scattered, exchanged and put together, which moves each byte twice and not log2 n
 * times. MPICH 1.2.6 and 1.2.7 took the same algorithms over.
 */
#include "collective_rules.h"

enum { KIB = 1024 };

static const struct rank_rule barrier_rules[] = {{.steps = {{ANY_SIZE, BARRIER_DISSEMINATION}}}};

static const struct rank_rule bcast_rules[] = {
    {.to_ranks = 7, .steps = {{ANY_SIZE, BCAST_BINOMIAL}}},
    {.steps = {{12 * KIB, BCAST_BINOMIAL}}},
    {.conditions = IF_POWER_OF_TWO, .steps = {{512 * KIB, BCAST_SCATTER_DOUBLING}}},
    {.steps = {{ANY_SIZE, BCAST_SCATTER_RING}}}};

static const struct rank_rule reduce_rules[] = {
    {.steps = {{2 * KIB + 1, REDUCE_BINOMIAL}, {ANY_SIZE, REDUCE_RABENSEIFNER}}}};

static const struct rank_rule allreduce_rules[] = {
    {.steps = {{2 * KIB + 1, ALLREDUCE_RECURSIVE_DOUBLING}, {ANY_SIZE, ALLREDUCE_RABENSEIFNER}}}};

static const struct rank_rule gather_rules[] = {{.steps = {{ANY_SIZE, GATHER_BINOMIAL}}}};

static const struct rank_rule scatter_rules[] = {{.steps = {{ANY_SIZE, SCATTER_BINOMIAL}}}};

static const struct rank_rule allgather_rules[] = {
    {.conditions = IF_POWER_OF_TWO, .steps = {{512 * KIB, ALLGATHER_RECURSIVE_DOUBLING}}},
    {.steps = {{80 * KIB, ALLGATHER_BRUCK}, {ANY_SIZE, ALLGATHER_RING}}}};

static const struct rank_rule alltoall_rules[] = {
    {.to_ranks = 7, .steps = {{32 * KIB + 1, ALLTOALL_LINEAR}, {ANY_SIZE, ALLTOALL_PAIRWISE_XOR}}},
    {.steps = {{256 + 1, ALLTOALL_BRUCK},
               {32 * KIB + 1, ALLTOALL_LINEAR},
               {ANY_SIZE, ALLTOALL_PAIRWISE_XOR}}}};

static const struct rank_rule alltoallv_rules[] = {{.steps = {{ANY_SIZE, ALLTOALLV_LINEAR}}}};

static const struct rank_rule reduce_scatter_rules[] = {
    {.steps = {{512 * KIB, REDUCE_SCATTER_RECURSIVE_HALVING},
               {ANY_SIZE, REDUCE_SCATTER_PAIRWISE}}}};

static const struct rank_rule scan_rules[] = {{.steps = {{ANY_SIZE, SCAN_RECURSIVE_DOUBLING}}}};

static const struct collective_rules rules[N_COLLECTIVES] = COLLECTIVE_TABLES(COUNTED_TOTAL);

const struct collective_limit collective_mpich_limits[] = {
    {ALLGATHER_RECURSIVE_DOUBLING, IF_POWER_OF_TWO, ALLGATHER_BRUCK},
    {ALLTOALL_RECURSIVE_DOUBLING, IF_POWER_OF_TWO, ALLTOALL_BRUCK},
    {ALLTOALL_PAIRWISE_XOR, IF_POWER_OF_TWO, ALLTOALL_PAIRWISE},
    {ALLREDUCE_RING_SEGMENTED, IF_MEBIBYTE_FOR_EACH, ALLREDUCE_RING},
    {ALLREDUCE_RING, IF_ELEMENT_FOR_EACH, ALLREDUCE_RECURSIVE_DOUBLING},
    {ALLREDUCE_RABENSEIFNER, IF_ELEMENT_FOR_MOST, ALLREDUCE_RECURSIVE_DOUBLING},
    {REDUCE_RABENSEIFNER, IF_ELEMENT_FOR_MOST, REDUCE_BINOMIAL},
    {BCAST_SCATTER_DOUBLING, IF_ELEMENT_FOR_EACH, BCAST_BINOMIAL},
    {BCAST_SCATTER_RING, IF_ELEMENT_FOR_EACH, BCAST_BINOMIAL},
    {.algorithm = COLLECTIVE_NOTHING}};

const struct collective_library collective_mpich2_1_0 = {
    .name = "mpich2-1.0",
    .title = "MPICH2 1.0.x, MPICH 1.2.6 and later 1.2.x",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations "
              "in MPICH, IJHPCA 19(1), 2005, doi:10.1177/1094342005051521, and the thresholds of "
              "MPICH2 1.0.5's src/include/mpiimpl.h",
    .about = "",
    .rules = rules,
    .limits = collective_mpich_limits};
