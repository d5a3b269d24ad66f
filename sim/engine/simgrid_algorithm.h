/*
 * simgrid_algorithm.h - one member's part in a collective, message by message.
 *
 * Algorithms that SMPI has are SMPI's; those that it lacks are ours (simgrid_own.h).
 */
#ifndef VHPCSIM_SIMGRID_ALGORITHM_H
#define VHPCSIM_SIMGRID_ALGORITHM_H

#include "simgrid_smpi.h"

/* Who takes part. Borrowed. */
struct members {
    const struct collective_library *library;
    MPI_Comm all;
    int n_per_node;   /* see collective_call */
    MPI_Comm node;    /* the ranks of this one's node; MPI_COMM_NULL where there is one level */
    MPI_Comm leaders; /* the first ranks of all nodes; MPI_COMM_NULL for all others */
};

/* One collective as a workload asks for it; sizes as in engine.h. Borrowed. */
struct collective_request {
    enum collective collective;
    int root;
    uint64_t size_B;
    const uint64_t *send_B, *recv_B; /* alltoallv: one a rank */
};

/* What the member's library decides. The same for all members. */
struct collective_choice algorithm_choose(const struct collective_library *library,
                                          const struct collective_request *request, int n_ranks,
                                          int n_per_node);

/* Does the calling actor's part; see smpi_do(). */
void algorithm_do(struct collective_choice choice, const struct collective_request *request,
                  const struct members *members);

/* The same as SMPI's selector chooses, whatever the library. */
void algorithm_do_selected(const struct collective_request *request, const struct members *members);

#endif
