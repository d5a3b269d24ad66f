/*
 * counter_collective.c - the counting engine's communicators and collectives.
 */
#include "counter_world.h"

#include <assert.h>
#include <stdlib.h>

const char *const collective_kind_names[N_COLLECTIVE_KINDS + 1] = {
    "barrier",   "bcast",    "reduce",    "allreduce",      "gather", "scatter",
    "allgather", "alltoall", "alltoallv", "reduce_scatter", "scan",   "split"};

struct call {
    int kind;
    int root;
    uint64_t size_B;
    const uint64_t *send_B, *recv_B; /* alltoallv */
    int color, key;                  /* split */
    struct comm *result;             /* split */
};

/* --- communicators ---------------------------------------------------------------------------- */

struct comm *comm_new(struct world *world, int size, const int members[])
{
    const int n_ranks = world->program->n_ranks;
    struct comm *comm = calloc(1, sizeof *comm);

    if (!comm)
        return NULL;
    *comm = (struct comm){.next = world->comms,
                          .world = world,
                          .number = world->n_comms++,
                          .size = size,
                          .members = calloc((size_t)size, sizeof comm->members[0]),
                          .position_of = calloc((size_t)n_ranks, sizeof comm->position_of[0]),
                          .calls = calloc((size_t)size, sizeof comm->calls[0])};
    world->comms = comm;
    if (!comm->members || !comm->position_of || !comm->calls)
        return NULL;
    for (int i = 0; i < n_ranks; i++)
        comm->position_of[i] = -1;
    for (int i = 0; i < size; i++) {
        comm->members[i] = members[i];
        comm->position_of[members[i]] = i;
    }
    return comm;
}

void comms_free(struct world *world)
{
    for (struct comm *comm = world->comms, *next; comm; comm = next) {
        next = comm->next;
        free(comm->members);
        free(comm->position_of);
        free(comm->calls);
        free(comm);
    }
    world->comms = NULL;
}

int comm_size(const struct comm *comm)
{
    return comm->size;
}

int comm_rank(const struct comm *comm, const struct rank *rank)
{
    assert(comm->position_of[rank->number] >= 0);
    return comm->position_of[rank->number];
}

/* --- splitting ----------------------------------------------------------------------------------
 */

struct applicant {
    int color, key, position;
};

static int compare_applicants(const void *a_, const void *b_)
{
    const struct applicant *a = a_, *b = b_;

    if (a->color != b->color)
        return a->color < b->color ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->position < b->position ? -1 : 1;
}

/* Makes the communicator of `n` applicants of one color. */
static void unite(struct comm *comm, int n, const struct applicant applicants[], int members[])
{
    for (int i = 0; i < n; i++)
        members[i] = comm->members[applicants[i].position];
    struct comm *part = comm_new(comm->world, n, members);
    assert(part);
    for (int i = 0; i < n; i++)
        comm->calls[applicants[i].position].result = part;
}

static void split(struct comm *comm)
{
    struct applicant *applicants = calloc((size_t)comm->size, sizeof *applicants);
    int *members = calloc((size_t)comm->size, sizeof *members);

    assert(applicants && members);
    for (int i = 0; i < comm->size; i++)
        applicants[i] = (struct applicant){comm->calls[i].color, comm->calls[i].key, i};
    qsort(applicants, (size_t)comm->size, sizeof *applicants, compare_applicants);
    for (int first = 0, end; first < comm->size; first = end) {
        for (end = first; end < comm->size && applicants[end].color == applicants[first].color;)
            end++;
        if (applicants[first].color >= 0)
            unite(comm, end - first, applicants + first, members);
    }
    free(applicants);
    free(members);
}

/* --- collectives
 * ---------------------------------------------------------------------------------- */

/* Members whose idea of the collective's sizes is not that of the others. */
static uint64_t wrong_sizes(const struct comm *comm)
{
    const struct call *first = &comm->calls[0];
    uint64_t n = 0;

    for (int i = 0; i < comm->size; i++) {
        assert(comm->calls[i].kind == first->kind && comm->calls[i].root == first->root);
        n += comm->calls[i].size_B != first->size_B;
    }
    if (first->kind != COLLECTIVE_ALLTOALLV)
        return n;
    for (int i = 0; i < comm->size; i++)
        for (int j = 0; j < comm->size; j++)
            n += comm->calls[i].send_B[j] != comm->calls[j].recv_B[i];
    return n;
}

/* Does the member's call, `sent_B` of it its own, and returns it as the last member left it. */
static struct call collect(struct rank *rank, struct comm *comm, struct call call, uint64_t sent_B)
{
    const int position = comm_rank(comm, rank);
    const long number = comm->n_done;
    struct collective_count *count = &rank->count->collectives[call.kind];

    assert(call.root >= 0 && call.root < comm->size);
    count->n_calls++;
    count->sent_B += sent_B;
    rank->count->traffic.n_collectives += call.kind != COLLECTIVE_SPLIT;
    rank->count->traffic.collective_B += sent_B;

    comm->calls[position] = call;
    if (++comm->n_arrived < comm->size) {
        while (comm->n_done == number)
            rank_sleep(rank);
        return comm->calls[position];
    }
    comm->world->counter->n_wrong_sizes += wrong_sizes(comm);
    if (call.kind == COLLECTIVE_SPLIT)
        split(comm);
    comm->n_arrived = 0;
    comm->n_done++;
    for (int i = 0; i < comm->size; i++)
        rank_wake(&comm->world->ranks[comm->members[i]]);
    return comm->calls[position];
}

struct comm *rank_split(struct rank *rank, struct comm *comm, int color, int key)
{
    /* All negative colors are one: no communicator. */
    const struct call call = {
        .kind = COLLECTIVE_SPLIT, .color = color < 0 ? -1 : color, .key = key};
    return collect(rank, comm, call, 0).result;
}

void rank_barrier(struct rank *rank, struct comm *comm)
{
    collect(rank, comm, (struct call){.kind = COLLECTIVE_BARRIER}, 0);
}

/* Counts as a barrier: no MPI program calls it. */
void rank_join(struct rank *rank, struct comm *comm, double cost_s)
{
    (void)cost_s;
    rank_barrier(rank, comm);
}

/* A collective in which the root alone (or each alike) contributes `blocks` blocks of size_B. */
static void from_root(struct rank *rank, struct comm *comm, int kind, int root, uint64_t size_B,
                      int n_blocks)
{
    const bool is_root = comm_rank(comm, rank) == root;

    collect(rank, comm, (struct call){.kind = kind, .root = root, .size_B = size_B},
            is_root ? (uint64_t)n_blocks * size_B : 0);
}

static void from_each(struct rank *rank, struct comm *comm, int kind, int root, uint64_t size_B,
                      int n_blocks)
{
    collect(rank, comm, (struct call){.kind = kind, .root = root, .size_B = size_B},
            (uint64_t)n_blocks * size_B);
}

void rank_bcast(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    from_root(rank, comm, COLLECTIVE_BCAST, root, size_B, 1);
}

void rank_scatter(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    from_root(rank, comm, COLLECTIVE_SCATTER, root, size_B, comm->size);
}

void rank_reduce(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    from_each(rank, comm, COLLECTIVE_REDUCE, root, size_B, 1);
}

void rank_allreduce(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    from_each(rank, comm, COLLECTIVE_ALLREDUCE, 0, size_B, 1);
}

void rank_gather(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    from_each(rank, comm, COLLECTIVE_GATHER, root, size_B, 1);
}

void rank_allgather(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    from_each(rank, comm, COLLECTIVE_ALLGATHER, 0, size_B, 1);
}

void rank_alltoall(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    from_each(rank, comm, COLLECTIVE_ALLTOALL, 0, size_B, comm->size);
}

void rank_alltoallv(struct rank *rank, struct comm *comm, const uint64_t send_B[],
                    const uint64_t recv_B[])
{
    uint64_t sum_B = 0;

    for (int i = 0; i < comm->size; i++)
        sum_B += send_B[i];
    collect(rank, comm,
            (struct call){.kind = COLLECTIVE_ALLTOALLV, .send_B = send_B, .recv_B = recv_B}, sum_B);
}

void rank_reduce_scatter(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    from_each(rank, comm, COLLECTIVE_REDUCE_SCATTER, 0, size_B, comm->size);
}

void rank_scan(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    from_each(rank, comm, COLLECTIVE_SCAN, 0, size_B, 1);
}
