#include "simgrid_algorithm.h"

#include "simgrid_own.h"

#include <assert.h>
#include <stdlib.h>

/* --- what a library takes ------------------------------------------------------------ */

struct collective_choice algorithm_choose(const struct collective_library *library,
                                          const struct collective_request *request, int n_ranks,
                                          int n_per_node)
{
    const struct extent extent = own_extent_of(request->size_B);
    const struct collective_call call = {.collective = request->collective,
                                         .n_ranks = n_ranks,
                                         .n_per_node = n_per_node,
                                         .size_B = request->size_B,
                                         .n_elements =
                                             (uint64_t)own_count(&extent, request->size_B)};
    return collective_choose(library, &call);
}

/* --- SMPI's algorithms ---------------------------------------------------------------- */

/*
 * SMPI's ring reduces what is left of a division by the number of ranks in a second allreduce,
 * where libraries make some parts one element larger; so all are made larger here.
 */
static int ring_count(int count, int n_ranks)
{
    return (int)(((long)count + n_ranks - 1) / n_ranks * n_ranks);
}

static void do_smpi_alltoallv(const char *name, const struct collective_request *request,
                              MPI_Comm comm)
{
    assert(request->send_B && request->recv_B);
    int size;
    MPI_Comm_size(comm, &size);
    bool fits_doubles = true;
    uint64_t largest_B = 0;
    for (int i = 0; i < size; i++) {
        fits_doubles = fits_doubles && request->send_B[i] % 8 == 0 && request->recv_B[i] % 8 == 0;
        largest_B = request->send_B[i] > largest_B ? request->send_B[i] : largest_B;
        largest_B = request->recv_B[i] > largest_B ? request->recv_B[i] : largest_B;
    }
    const struct extent extent = own_extent(fits_doubles, largest_B);
    int *counts = malloc(2 * (size_t)size * sizeof *counts);
    if (!counts)
        abort();
    int *recv_counts = counts + size;
    for (int i = 0; i < size; i++) {
        counts[i] = own_count(&extent, request->send_B[i]);
        recv_counts[i] = own_count(&extent, request->recv_B[i]);
    }
    smpi_do(name, &(struct smpi_call){.collective = COLLECTIVE_ALLTOALLV,
                                      .comm = comm,
                                      .type = extent.type,
                                      .send_counts = counts,
                                      .recv_counts = recv_counts});
    free(counts);
}

static void do_smpi(const char *name, const struct collective_request *request, MPI_Comm comm,
                    bool is_ring)
{
    if (request->collective == COLLECTIVE_ALLTOALLV) {
        do_smpi_alltoallv(name, request, comm);
        return;
    }
    const struct extent extent = own_extent_of(request->size_B);
    int size, count = own_count(&extent, request->size_B);
    MPI_Comm_size(comm, &size);
    smpi_do(name, &(struct smpi_call){.collective = request->collective,
                                      .comm = comm,
                                      .root = request->root,
                                      .count = is_ring ? ring_count(count, size) : count,
                                      .type = extent.type,
                                      .op = extent.op});
}

void algorithm_do_selected(const struct collective_request *request, const struct members *members)
{
    do_smpi(NULL, request, members->all, false);
}

/* --- algorithms made of others -------------------------------------------------------- */

/* Open MPI 1.4's. */
static uint64_t first_segment_B(uint64_t size_B)
{
    const uint64_t segment_B = size_B > 92160 ? 32768 : 1024;
    return segment_B < size_B ? segment_B : size_B;
}

static void do_flat(enum collective_algorithm algorithm, const struct collective_request *request,
                    const struct collective_library *library, MPI_Comm comm);

/* A collective as the library decides for it, one level. */
static void decide_and_do(enum collective collective, int root, uint64_t size_B,
                          const struct collective_library *library, MPI_Comm comm)
{
    int size;
    MPI_Comm_size(comm, &size);
    const struct collective_request request = {
        .collective = collective, .root = root, .size_B = size_B};
    do_flat(algorithm_choose(library, &request, size, 1).algorithm, &request, library, comm);
}

static void do_this(enum collective_algorithm algorithm, int root, uint64_t size_B,
                    const struct collective_library *library, MPI_Comm comm)
{
    const struct collective_request request = {
        .collective = collective_algorithm(algorithm)->collective, .root = root, .size_B = size_B};
    do_flat(algorithm, &request, library, comm);
}

static void do_composed(enum collective_algorithm algorithm,
                        const struct collective_request *request,
                        const struct collective_library *library, MPI_Comm comm)
{
    const uint64_t size_B = request->size_B;
    int size;
    MPI_Comm_size(comm, &size);
    const uint64_t total_B = size_B * (uint64_t)size;
    switch (algorithm) {
    case ALLREDUCE_LINEAR:
        do_this(REDUCE_LINEAR, 0, size_B, library, comm);
        do_this(BCAST_LINEAR, 0, size_B, library, comm);
        break;
    case ALLREDUCE_REDUCE_BCAST:
        decide_and_do(COLLECTIVE_REDUCE, 0, size_B, library, comm);
        decide_and_do(COLLECTIVE_BCAST, 0, size_B, library, comm);
        break;
    case ALLGATHER_GATHER_BCAST:
        decide_and_do(COLLECTIVE_GATHER, 0, size_B, library, comm);
        decide_and_do(COLLECTIVE_BCAST, 0, total_B, library, comm);
        break;
    case REDUCE_SCATTER_REDUCE_SCATTER:
        decide_and_do(COLLECTIVE_REDUCE, 0, total_B, library, comm);
        do_this(SCATTER_LINEAR, 0, size_B, library, comm);
        break;
    default:
        assert(!"an algorithm that nobody has");
    }
}

static void do_flat(enum collective_algorithm algorithm, const struct collective_request *request,
                    const struct collective_library *library, MPI_Comm comm)
{
    const char *name = collective_algorithm(algorithm)->smpi;
    if (name) {
        do_smpi(name, request, comm,
                algorithm == ALLREDUCE_RING || algorithm == ALLREDUCE_RING_SEGMENTED);
        return;
    }
    switch (algorithm) {
    case COLLECTIVE_NOTHING:
        break;
    case BCAST_CHAIN:
        own_bcast(tree_chain, comm, request->root, request->size_B);
        break;
    case BCAST_BINARY:
        own_bcast(tree_binary, comm, request->root, request->size_B);
        break;
    case BCAST_KNOMIAL:
        own_bcast(tree_knomial, comm, request->root, request->size_B);
        break;
    case REDUCE_CHAIN:
        own_reduce(tree_chain, comm, request->root, request->size_B);
        break;
    case REDUCE_BINARY:
        own_reduce(tree_binary, comm, request->root, request->size_B);
        break;
    case REDUCE_KNOMIAL:
        own_reduce(tree_knomial, comm, request->root, request->size_B);
        break;
    case GATHER_LINEAR_SYNC:
        own_gather_in_turn(comm, request->root, request->size_B, 0);
        break;
    case GATHER_LINEAR_SYNC_SEGMENTED:
        own_gather_in_turn(comm, request->root, first_segment_B(request->size_B),
                           request->size_B - first_segment_B(request->size_B));
        break;
    case ALLTOALL_BRUCK:
        own_alltoall_bruck(comm, request->size_B);
        break;
    case SCAN_CHAIN:
        own_scan_chain(comm, request->size_B);
        break;
    case SCAN_RECURSIVE_DOUBLING:
        own_scan_doubling(comm, request->size_B);
        break;
    default:
        do_composed(algorithm, request, library, comm);
    }
}

/* --- two levels --------------------------------------------------------------------------- */

/* Where the root's data are, or are wanted: with the root's node's first rank. */
struct way {
    int rank, root, leader; /* in `all` */
    int leader_number;      /* among leaders */
};

static struct way way_of(const struct members *members, int root)
{
    struct way way = {.root = root,
                      .leader_number = root / members->n_per_node,
                      .leader = root / members->n_per_node * members->n_per_node};
    MPI_Comm_rank(members->all, &way.rank);
    return way;
}

static void from_root(const struct way *way, const struct members *members, uint64_t size_B)
{
    if (way->root == way->leader)
        return;
    if (way->rank == way->root)
        own_send(members->all, way->leader, size_B);
    if (way->rank == way->leader)
        own_receive(members->all, way->root, size_B);
}

static void to_root(const struct way *way, const struct members *members, uint64_t size_B)
{
    if (way->root == way->leader)
        return;
    if (way->rank == way->leader)
        own_send(members->all, way->root, size_B);
    if (way->rank == way->root)
        own_receive(members->all, way->leader, size_B);
}

static void among_leaders(enum collective_algorithm algorithm, int root, uint64_t size_B,
                          const struct members *members)
{
    if (members->leaders != MPI_COMM_NULL)
        do_this(algorithm, root, size_B, members->library, members->leaders);
}

static void on_node(enum collective_algorithm algorithm, uint64_t size_B,
                    const struct members *members)
{
    do_this(algorithm, 0, size_B, members->library, members->node);
}

static void do_two_levels(enum collective_algorithm algorithm,
                          const struct collective_request *request, const struct members *members)
{
    const uint64_t size_B = request->size_B;
    int size;
    MPI_Comm_size(members->all, &size);
    const uint64_t node_B = size_B * (uint64_t)members->n_per_node;
    const uint64_t total_B = size_B * (uint64_t)size;
    const struct way way = way_of(members, request->root);
    switch (request->collective) {
    case COLLECTIVE_BARRIER:
        on_node(GATHER_LINEAR, 0, members);
        among_leaders(algorithm, 0, 0, members);
        on_node(BCAST_LINEAR, 0, members);
        break;
    case COLLECTIVE_BCAST:
        from_root(&way, members, size_B);
        among_leaders(algorithm, way.leader_number, size_B, members);
        on_node(BCAST_LINEAR, size_B, members);
        break;
    case COLLECTIVE_REDUCE:
        on_node(REDUCE_LINEAR, size_B, members);
        among_leaders(algorithm, way.leader_number, size_B, members);
        to_root(&way, members, size_B);
        break;
    case COLLECTIVE_ALLREDUCE:
        on_node(REDUCE_LINEAR, size_B, members);
        among_leaders(algorithm, 0, size_B, members);
        on_node(BCAST_LINEAR, size_B, members);
        break;
    case COLLECTIVE_GATHER:
        on_node(GATHER_LINEAR, size_B, members);
        among_leaders(algorithm, way.leader_number, node_B, members);
        to_root(&way, members, total_B);
        break;
    case COLLECTIVE_SCATTER:
        from_root(&way, members, total_B);
        among_leaders(algorithm, way.leader_number, node_B, members);
        on_node(SCATTER_LINEAR, size_B, members);
        break;
    case COLLECTIVE_ALLGATHER:
        on_node(GATHER_LINEAR, size_B, members);
        among_leaders(algorithm, 0, node_B, members);
        on_node(BCAST_LINEAR, total_B, members);
        break;
    default:
        assert(!"a collective of one level");
    }
}

void algorithm_do(struct collective_choice choice, const struct collective_request *request,
                  const struct members *members)
{
    if (choice.is_two_level)
        do_two_levels(choice.algorithm, request, members);
    else
        do_flat(choice.algorithm, request, members->library, members->all);
}
