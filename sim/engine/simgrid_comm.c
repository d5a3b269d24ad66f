/*
 * simgrid_comm.c - communicators of the SimGrid engine.
 *
 * A communicator is one structure that all its members share. Who is in it is
 * known at once; what it takes to find that out is paid with the messages that MPI libraries send.
 */
#include "simgrid_cores.h"
#include "simgrid_noise.h"
#include "simgrid_world.h"

#include <assert.h>
#include <math.h>
#include <simgrid/barrier.h>
#include <simgrid/engine.h>
#include <stdlib.h>
#include <string.h>

static int by_world_rank(const void *a, const void *b, void *members)
{
    const int *world_ranks = members;
    return world_ranks[*(const int *)a] - world_ranks[*(const int *)b];
}

struct comm *comm_new(struct world *world, int size, const int members[])
{
    const size_t bytes = (size_t)size * sizeof(int);
    int *copy = must_alloc(bytes);
    int *positions = must_alloc(bytes);
    memcpy(copy, members, bytes);
    for (int i = 0; i < size; i++)
        positions[i] = i;
    qsort_r(positions, (size_t)size, sizeof(int), by_world_rank, copy);

    struct comm *comm = must_alloc(sizeof *comm);
    *comm = (struct comm){.world = world,
                          .number = world->n_comms++,
                          .size = size,
                          .members = copy,
                          .by_world = positions};
    return comm;
}

struct comm *rank_world(struct rank *rank)
{
    return rank->world->part;
}

int comm_size(const struct comm *comm)
{
    return comm->size;
}

int comm_rank(const struct comm *comm, const struct rank *rank)
{
    if (comm == rank->world->all)
        return rank->number;
    int first = 0, last = comm->size - 1;
    while (first < last) {
        const int middle = (first + last) / 2;
        if (comm->members[comm->by_world[middle]] < rank->number)
            first = middle + 1;
        else
            last = middle;
    }
    assert(comm->members[comm->by_world[first]] == rank->number);
    return comm->by_world[first];
}

/* --- split ----------------------------------------------------------------------- */

struct wish {
    int color, key;
    int position; /* in the parent */
};

struct split {
    struct wish *wishes;   /* one a member */
    struct comm **results; /* one a member; NULL until the first member has made them */
    int n_left;            /* members that have yet to fetch theirs */
};

static int by_color_and_key(const void *a, const void *b)
{
    const struct wish *x = a, *y = b;
    if (x->color != y->color)
        return x->color < y->color ? -1 : 1;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->position - y->position;
}

static struct split *split_new(int size)
{
    struct split *split = must_alloc(sizeof *split);
    split->wishes = must_alloc((size_t)size * sizeof *split->wishes);
    split->n_left = size;
    return split;
}

/* Makes the new communicators out of everybody's wishes. */
static void make_comms(struct comm *parent, struct split *split)
{
    const int size = parent->size;
    split->results = must_alloc((size_t)size * sizeof *split->results);
    qsort(split->wishes, (size_t)size, sizeof *split->wishes, by_color_and_key);
    int *members = must_alloc((size_t)size * sizeof *members);
    for (int first = 0, next; first < size; first = next) {
        for (next = first; next < size && split->wishes[next].color == split->wishes[first].color;
             next++)
            members[next - first] = parent->members[split->wishes[next].position];
        if (split->wishes[first].color < 0)
            continue;
        struct comm *comm = comm_new(parent->world, next - first, members);
        for (int i = first; i < next; i++)
            split->results[split->wishes[i].position] = comm;
    }
    free(members);
}

/*
 * What a split costs is what MPI libraries make of it: everybody's color and key go to
 * one rank and back. Its broadcast ends for nobody before all have come.
 */
struct comm *rank_split(struct rank *rank, struct comm *comm, int color, int key)
{
    const int position = comm_rank(comm, rank);
    if (!comm->n_splits)
        comm->n_splits = must_alloc((size_t)comm->size * sizeof *comm->n_splits);
    struct split **current = &comm->splits[comm->n_splits[position]++ % 2];
    if (!*current)
        *current = split_new(comm->size);
    struct split *split = *current;
    split->wishes[position] = (struct wish){.color = color, .key = key, .position = position};

    const uint64_t wish_B = 8;
    rank_gather(rank, comm, 0, wish_B);
    rank_bcast(rank, comm, 0, wish_B);

    if (!split->results)
        make_comms(comm, split);
    struct comm *result = split->results[position];
    if (--split->n_left == 0) {
        *current = NULL;
        free(split->wishes);
        free(split->results);
        free(split);
    }
    return result;
}

/* --- threads ------------------------------------------------------------------------ */

void rank_join(struct rank *rank, struct comm *comm, double cost_s)
{
    rank_settle(rank);
    if (comm->size > 1) {
        if (!comm->joining)
            comm->joining = sg_barrier_init((unsigned)comm->size);
        rank_block(rank, WAITING_FOR_OTHERS, RANK_ANY, RANK_ANY);
        sg_barrier_wait(comm->joining);
        rank_unblock(rank);
    }
    const double waited_s = fmax(0.0, simgrid_get_clock() - rank->ledger.now_s);
    ledger_book(&rank->ledger, LAYER_WAIT, waited_s + cost_s);
    rank_book_turn(rank, waited_s);
    rank_come_back(rank, waited_s);
}

/* --- parts of a suite -------------------------------------------------------------- */

struct comm *comm_of_first(struct world *world, int n_ranks)
{
    int *members = must_alloc((size_t)n_ranks * sizeof *members);
    for (int i = 0; i < n_ranks; i++)
        members[i] = i;
    struct comm *comm = comm_new(world, n_ranks, members);
    free(members);
    return comm;
}

void world_set_part(struct world *world, int n_ranks)
{
    world->part = n_ranks == world->n_ranks ? world->all : comm_of_first(world, n_ranks);
    if (platform_core_loads(world->platform, n_ranks, world->core_loads) < 0)
        abort(); /* as must_alloc() does */
}

bool rank_enter(struct rank *rank, int n_ranks, int first_slot)
{
    struct world *world = rank->world;

    rank_barrier(rank, world->all);
    if (rank->number >= n_ranks)
        return false;
    /* Nobody is in the last part any more: who comes first makes the next. */
    if (world->part->size != n_ranks)
        world_set_part(world, n_ranks);
    rank->first_slot = first_slot;
    return true;
}

long rank_take(struct rank *rank, const struct comm *comm, uint64_t bag, long n)
{
    rank_settle(rank); /* or a rank whose clock runs ahead would take before its time */
    const long taken = bags_take(&rank->world->bags, bag, n, comm->size);
    if (taken < -1)
        abort();
    return taken;
}
