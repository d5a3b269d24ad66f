/*
 * collective_rules.h - how a library's decision table is written down; for collective*.c alone.
 *
 * A table is a list of rules. The first rule that applies to the ranks and has a step
 * that the size is below decides. A rule whose steps end before the size leaves it to the next.
 */
#ifndef VHPCSIM_COLLECTIVE_RULES_H
#define VHPCSIM_COLLECTIVE_RULES_H

#include "collective.h"

/* Which bytes a table compares with its thresholds. */
enum counted_size {
    COUNTED_RANK, /* size_B as in collective_call */
    COUNTED_TOTAL /* of all ranks: size_B x n_ranks */
};

/* Conditions on a call; to be combined. */
enum collective_condition {
    IF_POWER_OF_TWO = 1 << 0, /* the number of ranks is one */
    IF_EVEN = 1 << 1,
    IF_ELEMENT_FOR_EACH = 1 << 2, /* at least as many elements as ranks */
    IF_ELEMENT_FOR_MOST = 1 << 3, /* as many as the largest power of two that n_ranks holds */
    IF_MEBIBYTE_FOR_EACH = 1 << 4 /* more than 1 MiB x n_ranks */
};

/* Where `algorithm` cannot be done, the library does `otherwise`. */
struct collective_limit {
    enum collective_algorithm algorithm; /* COLLECTIVE_NOTHING ends a list */
    enum collective_condition needs;
    enum collective_algorithm otherwise;
};

extern const struct collective_limit
    collective_mpich_limits[]; /* also of the libraries that were made from MPICH */

struct size_step {
    uint64_t below_B; /* 0: no more steps */
    enum collective_algorithm algorithm;
    bool is_two_level;
};
#define ANY_SIZE UINT64_MAX
enum { MAX_SIZE_STEPS = 13 };

/* A line in the plane of ranks and bytes: n_ranks = per_B x size + offset. */
enum side { NO_LINE, BELOW_LINE, ABOVE_LINE };
struct rank_line {
    enum side side; /* on which the rule applies; a call on the line is on neither */
    double per_B;   /* > 0 */
    double offset;
};

struct rank_rule {
    int n_per_node; /* exactly; 0: any */
    int to_ranks;   /* at most; 0: any */
    unsigned conditions;
    struct rank_line line;
    struct size_step steps[MAX_SIZE_STEPS];
};

struct collective_rules {
    enum counted_size counted;
    int n_rules;
    const struct rank_rule *rules;
};

/* A table of `rules_`, an array, that compares with `counted_` bytes. */
#define COLLECTIVE_RULES(counted_, rules_)                                                         \
    {                                                                                              \
        .counted = (counted_), .n_rules = sizeof(rules_) / sizeof *(rules_), .rules = (rules_)     \
    }

/* A library's tables, each an array named after its collective. Reduce_scatter compares with bytes
 * of all ranks everywhere, allgather with `allgather_counted`. */
#define COLLECTIVE_TABLES(allgather_counted)                                                       \
    {                                                                                              \
        [COLLECTIVE_BARRIER] = COLLECTIVE_RULES(COUNTED_RANK, barrier_rules),                      \
        [COLLECTIVE_BCAST] = COLLECTIVE_RULES(COUNTED_RANK, bcast_rules),                          \
        [COLLECTIVE_REDUCE] = COLLECTIVE_RULES(COUNTED_RANK, reduce_rules),                        \
        [COLLECTIVE_ALLREDUCE] = COLLECTIVE_RULES(COUNTED_RANK, allreduce_rules),                  \
        [COLLECTIVE_GATHER] = COLLECTIVE_RULES(COUNTED_RANK, gather_rules),                        \
        [COLLECTIVE_SCATTER] = COLLECTIVE_RULES(COUNTED_RANK, scatter_rules),                      \
        [COLLECTIVE_ALLGATHER] = COLLECTIVE_RULES(allgather_counted, allgather_rules),             \
        [COLLECTIVE_ALLTOALL] = COLLECTIVE_RULES(COUNTED_RANK, alltoall_rules),                    \
        [COLLECTIVE_ALLTOALLV] = COLLECTIVE_RULES(COUNTED_RANK, alltoallv_rules),                  \
        [COLLECTIVE_REDUCE_SCATTER] = COLLECTIVE_RULES(COUNTED_TOTAL, reduce_scatter_rules),       \
        [COLLECTIVE_SCAN] = COLLECTIVE_RULES(COUNTED_RANK, scan_rules),                            \
    }

extern const struct collective_library collective_mpich2_1_0, collective_open_mpi_1_4,
    collective_open_mpi_4_1, collective_mvapich2_1_9, collective_intel_mpi_4_1;

#endif
