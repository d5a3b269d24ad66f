#include "simgrid_own.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>

enum { TAG = 1, REST_TAG, RADIX = 4 };

struct extent own_extent(bool fits_doubles, uint64_t largest_B)
{
    if (fits_doubles || largest_B > INT_MAX)
        return (struct extent){MPI_DOUBLE, MPI_SUM, 8};
    return (struct extent){MPI_BYTE, MPI_BXOR, 1};
}

struct extent own_extent_of(uint64_t size_B)
{
    return own_extent(size_B % 8 == 0, size_B);
}

int own_count(const struct extent *extent, uint64_t size_B)
{
    const uint64_t bytes = (uint64_t)extent->n_bytes;
    const uint64_t count = (size_B + bytes - 1) / bytes;
    assert(count <= INT_MAX && "a collective of more than 16 GiB a rank");
    return (int)count;
}

static double sent[1], received[1]; /* never looked into: see simgrid_smpi.cpp */

/* Non-blocking: of a blocking rendezvous, SMPI does not ask what it costs its sender. */
static void send_tagged(MPI_Comm comm, int to, int tag, uint64_t size_B)
{
    const struct extent extent = own_extent_of(size_B);
    MPI_Request request;
    MPI_Isend(sent, own_count(&extent, size_B), extent.type, to, tag, comm, &request);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
}

void own_send(MPI_Comm comm, int to, uint64_t size_B)
{
    send_tagged(comm, to, TAG, size_B);
}

static MPI_Request start_receiving(MPI_Comm comm, int from, int tag, uint64_t size_B)
{
    const struct extent extent = own_extent_of(size_B);
    MPI_Request request;
    MPI_Irecv(received, own_count(&extent, size_B), extent.type, from, tag, comm, &request);
    return request;
}

void own_receive(MPI_Comm comm, int from, uint64_t size_B)
{
    MPI_Request request = start_receiving(comm, from, TAG, size_B);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
}

static void send_and_receive(MPI_Comm comm, int to, int from, uint64_t size_B)
{
    const struct extent extent = own_extent_of(size_B);
    const int count = own_count(&extent, size_B);
    MPI_Sendrecv(sent, count, extent.type, to, TAG, received, count, extent.type, from, TAG, comm,
                 MPI_STATUS_IGNORE);
}

static void add_child(struct branch *branch, int child, int size)
{
    if (child >= size)
        return;
    assert(branch->n_children < MAX_CHILDREN);
    branch->children[branch->n_children++] = child;
}

struct branch tree_chain(int rank, int size)
{
    struct branch branch = {.parent = rank - 1};
    add_child(&branch, rank + 1, size);
    return branch;
}

struct branch tree_binary(int rank, int size)
{
    struct branch branch = {.parent = rank == 0 ? -1 : (rank - 1) / 2};
    add_child(&branch, 2 * rank + 1, size);
    add_child(&branch, 2 * rank + 2, size);
    return branch;
}

/* A rank's parent has its lowest digit that is not 0, in base RADIX, as 0. */
struct branch tree_knomial(int rank, int size)
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

void own_bcast(tree_of *tree, MPI_Comm comm, int root, uint64_t size_B)
{
    int rank, size;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    const struct branch branch = tree((rank - root + size) % size, size);
    const struct extent extent = own_extent_of(size_B);
    MPI_Request requests[MAX_CHILDREN];
    if (branch.parent >= 0)
        own_receive(comm, (branch.parent + root) % size, size_B);
    for (int i = 0; i < branch.n_children; i++)
        MPI_Isend(sent, own_count(&extent, size_B), extent.type, (branch.children[i] + root) % size,
                  TAG, comm, &requests[i]);
    MPI_Waitall(branch.n_children, requests, MPI_STATUSES_IGNORE);
}

void own_reduce(tree_of *tree, MPI_Comm comm, int root, uint64_t size_B)
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
        own_send(comm, (branch.parent + root) % size, size_B);
}

void own_gather_in_turn(MPI_Comm comm, int root, uint64_t first_B, uint64_t rest_B)
{
    int rank, size, n_open = 0;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    if (rank != root) {
        own_receive(comm, root, 0);
        own_send(comm, root, first_B);
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
        own_send(comm, from, 0);
        if (rest_B > 0)
            rests[n_open++] = start_receiving(comm, from, REST_TAG, rest_B);
        MPI_Wait(&first, MPI_STATUS_IGNORE);
    }
    MPI_Waitall(n_open, rests, MPI_STATUSES_IGNORE);
    free(rests);
}

void own_scan_chain(MPI_Comm comm, uint64_t size_B)
{
    int rank, size;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    if (rank > 0)
        own_receive(comm, rank - 1, size_B);
    if (rank < size - 1)
        own_send(comm, rank + 1, size_B);
}

void own_scan_doubling(MPI_Comm comm, uint64_t size_B)
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

void own_alltoall_bruck(MPI_Comm comm, uint64_t size_B)
{
    int rank, size;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    for (int distance = 1; distance < size; distance *= 2)
        send_and_receive(comm, (rank + distance) % size, (rank - distance + size) % size,
                         size_B * (uint64_t)count_with_bit(size, distance));
}
