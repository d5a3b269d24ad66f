#include "simgrid_algorithm.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>

enum { TAG = 1, REST_TAG, RADIX = 4 };

/* --- sizes and elements ------------------------------------------------------------- */

/* Bytes as MPI counts them: in doubles where that fits, so that reductions see elements. */
struct extent {
    MPI_Datatype type;
    MPI_Op op;
    int n_bytes; /* of the type */
};

static struct extent extent_of(bool fits_doubles, uint64_t largest_B)
{
    if (fits_doubles || largest_B > INT_MAX)
        return (struct extent){MPI_DOUBLE, MPI_SUM, 8};
    return (struct extent){MPI_BYTE, MPI_BXOR, 1};
}

static struct extent extent_of_size(uint64_t size_B)
{
    return extent_of(size_B % 8 == 0, size_B);
}

static int count_of(const struct extent *extent, uint64_t size_B)
{
    const uint64_t bytes = (uint64_t)extent->n_bytes;
    const uint64_t count = (size_B + bytes - 1) / bytes;
    assert(count <= INT_MAX && "a collective of more than 16 GiB a rank");
    return (int)count;
}

struct collective_choice algorithm_choose(const struct collective_library *library,
                                          const struct collective_request *request, int n_ranks,
                                          int n_per_node)
{
    const struct extent extent = extent_of_size(request->size_B);
    const struct collective_call call = {.collective = request->collective,
                                         .n_ranks = n_ranks,
                                         .n_per_node = n_per_node,
                                         .size_B = request->size_B,
                                         .n_elements =
                                             (uint64_t)count_of(&extent, request->size_B)};
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
    const struct extent extent = extent_of(fits_doubles, largest_B);
    int *counts = malloc(2 * (size_t)size * sizeof *counts);
    if (!counts)
        abort();
    int *recv_counts = counts + size;
    for (int i = 0; i < size; i++) {
        counts[i] = count_of(&extent, request->send_B[i]);
        recv_counts[i] = count_of(&extent, request->recv_B[i]);
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
    const struct extent extent = extent_of_size(request->size_B);
    int size, count = count_of(&extent, request->size_B);
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

/* --- messages of our own -------------------------------------------------------------- */

static double sent[1], received[1]; /* never looked into: see simgrid_smpi.cpp */

/* Non-blocking: of a blocking rendezvous, SMPI does not ask what it costs its sender. */
static void send_tagged(MPI_Comm comm, int to, int tag, uint64_t size_B)
{
    const struct extent extent = extent_of_size(size_B);
    MPI_Request request;
    MPI_Isend(sent, count_of(&extent, size_B), extent.type, to, tag, comm, &request);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
}

static void send(MPI_Comm comm, int to, uint64_t size_B)
{
    send_tagged(comm, to, TAG, size_B);
}

static MPI_Request start_receiving(MPI_Comm comm, int from, int tag, uint64_t size_B)
{
    const struct extent extent = extent_of_size(size_B);
    MPI_Request request;
    MPI_Irecv(received, count_of(&extent, size_B), extent.type, from, tag, comm, &request);
    return request;
}

static void receive(MPI_Comm comm, int from, uint64_t size_B)
{
    MPI_Request request = start_receiving(comm, from, TAG, size_B);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
}

static void send_and_receive(MPI_Comm comm, int to, int from, uint64_t size_B)
{
    const struct extent extent = extent_of_size(size_B);
    const int count = count_of(&extent, size_B);
    MPI_Sendrecv(sent, count, extent.type, to, TAG, received, count, extent.type, from, TAG, comm,
                 MPI_STATUS_IGNORE);
}

/* A member's place in a tree whose root is relative rank 0; all ranks are relative to the root. */
enum { MAX_CHILDREN = 64 };
struct branch {
    int parent; /* -1: the root */
    int n_children;
    int children[MAX_CHILDREN]; /* in the order in which a broadcast serves them */
};

static void add_child(struct branch *branch, int child, int size)
{
    if (child >= size)
        return;
    assert(branch->n_children < MAX_CHILDREN);
    branch->children[branch->n_children++] = child;
}

static struct branch chain(int rank, int size)
{
    struct branch branch = {.parent = rank - 1};
    add_child(&branch, rank + 1, size);
    return branch;
}

static struct branch binary_tree(int rank, int size)
{
    struct branch branch = {.parent = rank == 0 ? -1 : (rank - 1) / 2};
    add_child(&branch, 2 * rank + 1, size);
    add_child(&branch, 2 * rank + 2, size);
    return branch;
}

/* A rank's parent has its lowest digit that is not 0, in base RADIX, as 0. */
static struct branch knomial_tree(int rank, int size)
{
    struct branch branch = {.parent = -1};
    long place = 1;
    while (place < size && rank / place % RADIX == 0)
        place *= RADIX;
    if (rank > 0)
        branch.parent = (int)(rank - rank / place % RADIX * place);
    for (long below = place / RADIX; below >= 1; below /= RADIX)
        for (long digit = 1; digit < RADIX; digit++)
            add_child(&branch, (int)(rank + digit * below < size ? rank + digit * below : size),
                      size);
    return branch;
}

typedef struct branch tree_of(int rank, int size);

/* Whole messages down a tree, to the children of a rank at once. */
static void tree_bcast(tree_of *tree, MPI_Comm comm, int root, uint64_t size_B)
{
    int rank, size;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    const struct branch branch = tree((rank - root + size) % size, size);
    const struct extent extent = extent_of_size(size_B);
    MPI_Request requests[MAX_CHILDREN];
    if (branch.parent >= 0)
        receive(comm, (branch.parent + root) % size, size_B);
    for (int i = 0; i < branch.n_children; i++)
        MPI_Isend(sent, count_of(&extent, size_B), extent.type, (branch.children[i] + root) % size,
                  TAG, comm, &requests[i]);
    MPI_Waitall(branch.n_children, requests, MPI_STATUSES_IGNORE);
}

/* The same way up, from all children at once. */
static void tree_reduce(tree_of *tree, MPI_Comm comm, int root, uint64_t size_B)
{
    int rank, size;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    const struct branch branch = tree((rank - root + size) % size, size);
    MPI_Request requests[MAX_CHILDREN];
    for (int i = 0; i < branch.n_children; i++)
        requests[i] = start_receiving(comm, (branch.children[i] + root) % size, TAG, size_B);
    MPI_Waitall(branch.n_children, requests, MPI_STATUSES_IGNORE);
    if (branch.parent >= 0)
        send(comm, (branch.parent + root) % size, size_B);
}

/*
 * The root asks a rank, and goes on to the next one when that one's first part has come. The rest
 * has a tag of its own, so that nothing can take the short first part for it.
 */
static void gather_in_turn(MPI_Comm comm, int root, uint64_t first_B, uint64_t rest_B)
{
    int rank, size, n_open = 0;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    if (rank != root) {
        receive(comm, root, 0);
        send(comm, root, first_B);
        if (rest_B > 0)
            send_tagged(comm, root, REST_TAG, rest_B);
        return;
    }
    MPI_Request *rests = malloc((size_t)size * sizeof(MPI_Request));
    if (!rests)
        abort();
    for (int from = 0; from < size; from++) {
        if (from == root)
            continue;
        MPI_Request first = start_receiving(comm, from, TAG, first_B);
        send(comm, from, 0);
        if (rest_B > 0)
            rests[n_open++] = start_receiving(comm, from, REST_TAG, rest_B);
        MPI_Wait(&first, MPI_STATUS_IGNORE);
    }
    MPI_Waitall(n_open, rests, MPI_STATUSES_IGNORE);
    free(rests);
}

/* Open MPI 1.4's. */
static uint64_t first_segment_B(uint64_t size_B)
{
    const uint64_t segment_B = size_B > 92160 ? 32768 : 1024;
    return segment_B < size_B ? segment_B : size_B;
}

static void scan_chain(MPI_Comm comm, uint64_t size_B)
{
    int rank, size;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    if (rank > 0)
        receive(comm, rank - 1, size_B);
    if (rank < size - 1)
        send(comm, rank + 1, size_B);
}

static void scan_doubling(MPI_Comm comm, uint64_t size_B)
{
    int rank, size;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    for (int distance = 1; distance < size; distance *= 2)
        if ((rank ^ distance) < size)
            send_and_receive(comm, rank ^ distance, rank ^ distance, size_B);
}

/* Numbers below `n` that have this bit. */
static int count_with_bit(int n, int bit)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count += (i & bit) != 0;
    return count;
}

/* SMPI's packs its parts for real, and sends each part to its own rank too. */
static void alltoall_bruck(MPI_Comm comm, uint64_t size_B)
{
    int rank, size;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    for (int distance = 1; distance < size; distance *= 2)
        send_and_receive(comm, (rank + distance) % size, (rank - distance + size) % size,
                         size_B * (uint64_t)count_with_bit(size, distance));
}

/* --- algorithms made of others -------------------------------------------------------- */

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
        tree_bcast(chain, comm, request->root, request->size_B);
        break;
    case BCAST_BINARY:
        tree_bcast(binary_tree, comm, request->root, request->size_B);
        break;
    case BCAST_KNOMIAL:
        tree_bcast(knomial_tree, comm, request->root, request->size_B);
        break;
    case REDUCE_CHAIN:
        tree_reduce(chain, comm, request->root, request->size_B);
        break;
    case REDUCE_BINARY:
        tree_reduce(binary_tree, comm, request->root, request->size_B);
        break;
    case REDUCE_KNOMIAL:
        tree_reduce(knomial_tree, comm, request->root, request->size_B);
        break;
    case GATHER_LINEAR_SYNC:
        gather_in_turn(comm, request->root, request->size_B, 0);
        break;
    case GATHER_LINEAR_SYNC_SEGMENTED:
        gather_in_turn(comm, request->root, first_segment_B(request->size_B),
                       request->size_B - first_segment_B(request->size_B));
        break;
    case ALLTOALL_BRUCK:
        alltoall_bruck(comm, request->size_B);
        break;
    case SCAN_CHAIN:
        scan_chain(comm, request->size_B);
        break;
    case SCAN_RECURSIVE_DOUBLING:
        scan_doubling(comm, request->size_B);
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
        send(members->all, way->leader, size_B);
    if (way->rank == way->leader)
        receive(members->all, way->root, size_B);
}

static void to_root(const struct way *way, const struct members *members, uint64_t size_B)
{
    if (way->root == way->leader)
        return;
    if (way->rank == way->leader)
        send(members->all, way->root, size_B);
    if (way->rank == way->root)
        receive(members->all, way->leader, size_B);
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
