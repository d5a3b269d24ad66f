/*
 * collective.h - which algorithm an MPI library takes for a collective.
 *
 * MPI libraries carry decision tables: by the number of ranks, the bytes and sometimes the ranks
 * on each node they pick one of several algorithms, whose times differ by an order of magnitude.
 * A table here is a library's own, of one version: facts read from its source or recorded from
 * its runs, never fitted. An algorithm has the name that the field gives it and
 * the name under which SMPI has it; where SMPI has none, the engine sends its messages itself.
 *
 * Left out: operations that do not commute (no workload has them), derived data types, and
 * tables that users set for themselves.
 */
#ifndef VHPCSIM_COLLECTIVE_H
#define VHPCSIM_COLLECTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum collective {
    COLLECTIVE_BARRIER,
    COLLECTIVE_BCAST,
    COLLECTIVE_REDUCE,
    COLLECTIVE_ALLREDUCE,
    COLLECTIVE_GATHER,
    COLLECTIVE_SCATTER,
    COLLECTIVE_ALLGATHER,
    COLLECTIVE_ALLTOALL,
    COLLECTIVE_ALLTOALLV,
    COLLECTIVE_REDUCE_SCATTER,
    COLLECTIVE_SCAN,
    N_COLLECTIVES
};
extern const char *const collective_names[N_COLLECTIVES + 1]; /* NULL at the end */

enum collective_algorithm {
    COLLECTIVE_NOTHING, /* no bytes, or nobody to exchange them with: every rank returns at once */
    BARRIER_LINEAR,
    BARRIER_RECURSIVE_DOUBLING,
    BARRIER_DISSEMINATION,
    BARRIER_TREE,
    BCAST_LINEAR,
    BCAST_CHAIN,
    BCAST_PIPELINE,
    BCAST_BINARY,
    BCAST_SPLIT_BINARY,
    BCAST_BINOMIAL,
    BCAST_KNOMIAL,
    BCAST_SCATTER_DOUBLING,
    BCAST_SCATTER_RING,
    REDUCE_LINEAR,
    REDUCE_CHAIN,
    REDUCE_PIPELINE,
    REDUCE_BINARY,
    REDUCE_BINOMIAL,
    REDUCE_BINOMIAL_SEGMENTED,
    REDUCE_KNOMIAL,
    REDUCE_IN_ORDER_BINARY,
    REDUCE_RABENSEIFNER,
    ALLREDUCE_LINEAR,
    ALLREDUCE_REDUCE_BCAST,
    ALLREDUCE_RECURSIVE_DOUBLING,
    ALLREDUCE_RING,
    ALLREDUCE_RING_SEGMENTED,
    ALLREDUCE_RABENSEIFNER,
    GATHER_LINEAR,
    GATHER_LINEAR_SYNC,
    GATHER_LINEAR_SYNC_SEGMENTED,
    GATHER_BINOMIAL,
    SCATTER_LINEAR,
    SCATTER_LINEAR_NONBLOCKING,
    SCATTER_BINOMIAL,
    ALLGATHER_GATHER_BCAST,
    ALLGATHER_RECURSIVE_DOUBLING,
    ALLGATHER_BRUCK,
    ALLGATHER_RING,
    ALLGATHER_NEIGHBOR,
    ALLGATHER_TWO_RANKS,
    ALLTOALL_LINEAR,
    ALLTOALL_SCATTERED,
    ALLTOALL_BRUCK,
    ALLTOALL_RECURSIVE_DOUBLING,
    ALLTOALL_PAIRWISE,
    ALLTOALL_PAIRWISE_XOR,
    ALLTOALLV_LINEAR,
    ALLTOALLV_PAIRWISE,
    REDUCE_SCATTER_REDUCE_SCATTER,
    REDUCE_SCATTER_RECURSIVE_HALVING,
    REDUCE_SCATTER_RECURSIVE_DOUBLING,
    REDUCE_SCATTER_PAIRWISE,
    REDUCE_SCATTER_RING,
    REDUCE_SCATTER_BUTTERFLY,
    SCAN_CHAIN,
    SCAN_RECURSIVE_DOUBLING,
    N_COLLECTIVE_ALGORITHMS
};

struct collective_algorithm_info {
    enum collective collective;
    const char *name; /* in the field's words; unique within the collective */
    const char *smpi; /* SMPI's name of it; NULL: the engine sends its messages itself */
    const char *help; /* one line: who sends what to whom */
};
/* Static. COLLECTIVE_NOTHING belongs to every collective; its `collective` means nothing. */
const struct collective_algorithm_info *collective_algorithm(enum collective_algorithm algorithm);

/* What a decision depends on. */
struct collective_call {
    enum collective collective;
    int n_ranks;     /* of the communicator, >= 1 */
    int n_per_node;  /* of them under each operating system, if all have as many and ranks are
                        placed node by node; else 0 */
    uint64_t size_B; /* per rank as in MPI's count x type; alltoallv and barrier: not looked at */
    uint64_t n_elements; /* of size_B: what a reduction can be cut into */
};

struct collective_choice {
    enum collective_algorithm algorithm;
    bool is_two_level; /* first or last between each node's ranks and its first one, and this
                          algorithm among those first ones alone */
};

/* One library's decisions. Opaque but for what describes it; static. */
struct collective_library {
    const char *name;
    const char *title;
    const char *source; /* where the decisions are from */
    const char *about;  /* what stands in for what nobody knows or SMPI lacks; may be "" */
    const struct collective_rules *rules;  /* one for each collective */
    const struct collective_limit *limits; /* what it takes where an algorithm cannot be done */
};
enum collective_library_number {
    LIBRARY_MPICH2_1_0,
    LIBRARY_OPEN_MPI_1_4,
    LIBRARY_OPEN_MPI_4_1,
    LIBRARY_MVAPICH2_1_9,
    LIBRARY_INTEL_MPI_4_1,
    N_COLLECTIVE_LIBRARIES
};
extern const struct collective_library *const collective_libraries[N_COLLECTIVE_LIBRARIES];
extern const char *const collective_library_names[N_COLLECTIVE_LIBRARIES + 1]; /* NULL at the end */

/*
 * Which algorithm the library takes. Always one of the call's collective, or COLLECTIVE_NOTHING,
 * and never one that cannot do this number of ranks or elements: then the library's own way out is
 * taken, which is told by the algorithm that is returned. Two-level only where n_per_node > 1 and
 * the ranks are on several nodes.
 */
struct collective_choice collective_choose(const struct collective_library *library,
                                           const struct collective_call *call);

/* True if it takes a two-level algorithm for some call. */
bool collective_has_levels(const struct collective_library *library);

/*
 * The decision table as rows, for people: for one number of ranks, the choices by rising size.
 * Calls `row(context, first_B, below_B, choice)`; the last row's below_B is UINT64_MAX. Elements
 * are doubles, and equal neighbours are one row.
 */
typedef void collective_row(void *context, uint64_t first_B, uint64_t below_B,
                            struct collective_choice choice);
void collective_rows(const struct collective_library *library, enum collective collective,
                     int n_ranks, int n_per_node, collective_row *row, void *context);

#endif
