/*
 * simgrid_collective.c - collectives of the SimGrid engine.
 *
 * SMPI runs them, with the algorithms that the MPI profile's decision table selects. It moves
 * no data in its replay mode, but in that mode it cannot make communicators. So each
 * communicator that uses collectives is an SMPI application of its own: every member has a
 * helper there, on the member's domain, that does the member's collectives while the member waits.
 * Attribution sees a collective as one thing: waiting for the last to come,
 * then messages such as those between two far members.
 * Left out: eager messages inside a collective that flow before their receiver has come.
 */
#include "simgrid_bridge.h"
#include "simgrid_world.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/barrier.h>
#include <simgrid/engine.h>
#include <simgrid/semaphore.h>
#include <smpi/mpi.h>
#include <stdio.h>
#include <stdlib.h>

enum operation {
    BARRIER,
    BCAST,
    REDUCE,
    ALLREDUCE,
    GATHER,
    SCATTER,
    ALLGATHER,
    ALLTOALL,
    ALLTOALLV,
    REDUCE_SCATTER,
    SCAN
};

struct call {
    enum operation operation;
    int root;
    uint64_t size_B;
    const uint64_t *send_B, *recv_B; /* alltoallv */
};

/* Does one member's collectives. */
struct helper {
    struct collective *collective;
    int position; /* in the communicator */
    struct call call;
    sg_sem_t called, done;
    long n_calls;
    bool has_joined;
};

/* When the last one came to one of the recent calls. */
enum { N_RECENT_CALLS = 64 };
struct arrival {
    long call; /* 1, 2, ... */
    double last_s;
};

struct collective {
    struct comm *comm;
    char instance[32]; /* SMPI's name for it */
    sg_bar_t barrier;  /* of the helpers: all are in replay mode, or none is */
    int far_a, far_b;  /* two members as far apart as any */
    struct arrival arrivals[N_RECENT_CALLS];
    struct helper helpers[];
};

/* --- what SMPI is asked for ------------------------------------------------------ */

/* SMPI checks that buffers are there, but in replay mode it never looks into them. */
static double buffer[1];
static double other_buffer[1];

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

static int count_of(const struct extent *extent, uint64_t size_B)
{
    const uint64_t bytes = (uint64_t)extent->n_bytes;
    const uint64_t count = (size_B + bytes - 1) / bytes;
    assert(count <= INT_MAX && "a collective of more than 16 GiB a rank");
    return (int)count;
}

static void do_alltoallv(const struct call *call, MPI_Comm all)
{
    int size;
    MPI_Comm_size(all, &size);
    bool fits_doubles = true;
    uint64_t largest_B = 0;
    for (int i = 0; i < size; i++) {
        fits_doubles = fits_doubles && call->send_B[i] % 8 == 0 && call->recv_B[i] % 8 == 0;
        largest_B = call->send_B[i] > largest_B ? call->send_B[i] : largest_B;
        largest_B = call->recv_B[i] > largest_B ? call->recv_B[i] : largest_B;
    }
    const struct extent extent = extent_of(fits_doubles, largest_B);
    int *counts = must_alloc(3 * (size_t)size * sizeof *counts);
    int *recv_counts = counts + size, *offsets = recv_counts + size;
    for (int i = 0; i < size; i++) {
        counts[i] = count_of(&extent, call->send_B[i]);
        recv_counts[i] = count_of(&extent, call->recv_B[i]);
    }
    MPI_Alltoallv(buffer, counts, offsets, extent.type, other_buffer, recv_counts, offsets,
                  extent.type, all);
    free(counts);
}

static void do_reduce_scatter(const struct extent *extent, int count, MPI_Comm all)
{
    int size;
    MPI_Comm_size(all, &size);
    int *counts = must_alloc((size_t)size * sizeof *counts);
    for (int i = 0; i < size; i++)
        counts[i] = count;
    MPI_Reduce_scatter(buffer, other_buffer, counts, extent->type, extent->op, all);
    free(counts);
}

static void do_call(const struct call *call, MPI_Comm all)
{
    const struct extent extent = extent_of(call->size_B % 8 == 0, call->size_B);
    const int n = count_of(&extent, call->size_B);
    const MPI_Datatype type = extent.type;
    switch (call->operation) {
    case BARRIER:
        MPI_Barrier(all);
        break;
    case BCAST:
        MPI_Bcast(buffer, n, type, call->root, all);
        break;
    case REDUCE:
        MPI_Reduce(buffer, other_buffer, n, type, extent.op, call->root, all);
        break;
    case ALLREDUCE:
        MPI_Allreduce(buffer, other_buffer, n, type, extent.op, all);
        break;
    case GATHER:
        MPI_Gather(buffer, n, type, other_buffer, n, type, call->root, all);
        break;
    case SCATTER:
        MPI_Scatter(buffer, n, type, other_buffer, n, type, call->root, all);
        break;
    case ALLGATHER:
        MPI_Allgather(buffer, n, type, other_buffer, n, type, all);
        break;
    case ALLTOALL:
        MPI_Alltoall(buffer, n, type, other_buffer, n, type, all);
        break;
    case ALLTOALLV:
        do_alltoallv(call, all);
        break;
    case REDUCE_SCATTER:
        do_reduce_scatter(&extent, n, all);
        break;
    case SCAN:
        MPI_Scan(buffer, other_buffer, n, type, extent.op, all);
        break;
    }
}

/*
 * The communicator of all processes of the calling helper's application. MPI_COMM_WORLD would
 * do, but where it has to stand for several applications SMPI mixes up who shares a domain
 * with whom; so it gets another value as soon as this one's is known.
 */
static MPI_Comm own_comm(void)
{
    static MPI_Comm any_world;
    if (!any_world) {
        any_world = MPI_COMM_WORLD;
        MPI_COMM_WORLD = MPI_COMM_SELF;
    }
    MPI_Group group;
    MPI_Comm comm;
    MPI_Comm_group(any_world, &group);
    MPI_Comm_create(any_world, group, &comm);
    return comm;
}

/* Nobody goes on before all have joined that do at this moment: see flow_cost(). */
static void wait_for_joining(struct world *world)
{
    if (--world->n_joining > 0) {
        world->n_held++;
        sg_sem_acquire(world->joined);
        return;
    }
    const int n_held = world->n_held;
    world->n_held = 0;
    for (int i = 0; i < n_held; i++)
        sg_sem_release(world->joined);
}

/*
 * Makes SMPI's side of the communicator, whose messages have to carry data. Some decision tables
 * find out then which members share a domain. It takes no simulated time: rank_split() has paid.
 * Cost: with the tables mpich and mvapich2, SMPI passes n x n messages round a ring of n members,
 * 0.5 s of CPU time for 256 members and 17 s for 1024; with the others, some messages a member.
 */
static MPI_Comm join(struct helper *helper)
{
    struct world *world = helper->collective->comm->world;
    char value = 0, result = 0;
    world->n_joining++;
    MPI_Comm comm = own_comm();
    MPI_Allreduce(&value, &result, 1, MPI_BYTE, MPI_BXOR, comm);
    MPI_Bcast(&value, 1, MPI_BYTE, 0, comm);
    wait_for_joining(world);
    helper->has_joined = true;
    return comm;
}

bool collective_is_joining(void)
{
    const struct helper *helper = sg_actor_get_data(sg_actor_self());
    return helper && !helper->has_joined;
}

static void helper_main(void *argument)
{
    struct helper *helper = argument;
    const struct collective *collective = helper->collective;
    sg_actor_set_data(sg_actor_self(), helper);
    MPI_Init(NULL, NULL); /* returns when all members have come */
    const MPI_Comm comm = join(helper);
    /* From here on no data moves; no member may meet one that thinks otherwise. */
    sg_barrier_wait(collective->barrier);
    smpi_replay_init(collective->instance, helper->position, 0.0);
    sg_barrier_wait(collective->barrier);
    for (;;) {
        sg_sem_acquire(helper->called);
        do_call(&helper->call, comm);
        sg_sem_release(helper->done);
    }
}

/* --- a member's side ---------------------------------------------------------------- */

static void find_far_members(struct collective *collective)
{
    const struct world *world = collective->comm->world;
    const int *members = collective->comm->members;
    const int first_domain = world->ranks[members[0]].domain;
    enum path farthest = PATH_SAME_DOMAIN;
    collective->far_a = collective->far_b = members[0];
    for (int i = 1; i < collective->comm->size; i++) {
        const enum path path =
            platform_path(world->platform, first_domain, world->ranks[members[i]].domain);
        if (path > farthest) {
            farthest = path;
            collective->far_b = members[i];
        }
    }
}

/* Starts every member's helper. No time passes until SMPI knows them all. */
static void start_helpers(struct comm *comm)
{
    const size_t size = (size_t)comm->size;
    struct collective *collective =
        must_alloc(sizeof *collective + size * sizeof collective->helpers[0]);
    comm->collective = collective;
    collective->comm = comm;
    find_far_members(collective);
    snprintf(collective->instance, sizeof collective->instance, "comm%d", comm->number);
    collective->barrier = sg_barrier_init((unsigned)comm->size);
    if (!comm->world->joined)
        comm->world->joined = sg_sem_init(0);
    SMPI_app_instance_register(collective->instance, NULL, comm->size);
    for (int i = 0; i < comm->size; i++)
        collective->helpers[i] = (struct helper){.collective = collective,
                                                 .position = i,
                                                 .called = sg_sem_init(0),
                                                 .done = sg_sem_init(0)};
    for (int i = 0; i < comm->size; i++)
        bridge_spawn(comm->members[i], collective->instance, i, helper_main,
                     &collective->helpers[i]);
}

/* Notes that a member came to its call number `call`. */
static void note_arrival(struct collective *collective, long call, double now_s)
{
    struct arrival *arrival = &collective->arrivals[call % N_RECENT_CALLS];
    if (call > arrival->call)
        *arrival = (struct arrival){.call = call, .last_s = now_s};
    else if (call == arrival->call)
        arrival->last_s = fmax(arrival->last_s, now_s);
}

/* When the last member that has come to call number `call` came; 0 where nobody remembers. */
static double last_arrival_s(const struct collective *collective, long call)
{
    const struct arrival *arrival = &collective->arrivals[call % N_RECENT_CALLS];
    return arrival->call == call ? arrival->last_s : 0.0;
}

static void book(struct rank *rank, const struct collective *collective, long call,
                 double message_B)
{
    const struct world *world = rank->world;
    const int from = world->ranks[collective->far_a].domain;
    const int to = world->ranks[collective->far_b].domain;
    const enum path path = platform_path(world->platform, from, to);
    const struct stack_cost send = network_send_cost(&world->network, path, message_B);
    const struct stack_cost recv = network_recv_cost(&world->network, path, message_B);
    const struct stack_cost stack = {.native_s = send.native_s + recv.native_s,
                                     .guest_s = send.guest_s + recv.guest_s};
    const struct transfer transfer = world_transfer(world, from, to, message_B);
    const struct passage typical = passage_of(&transfer, message_B, 0.0);
    ledger_book_collective(&rank->ledger, last_arrival_s(collective, call), &stack, &typical,
                           simgrid_get_clock());
}

static void collect(struct rank *rank, struct comm *comm, const struct call *call,
                    double contribution_B)
{
    assert(call->root >= 0 && call->root < comm->size);

    rank->ledger.traffic.n_collectives++;
    rank->ledger.traffic.collective_B += (uint64_t)contribution_B;
    rank->ledger.largest_message_B = fmax(rank->ledger.largest_message_B, (double)call->size_B);
    rank_settle(rank);
    if (comm->size == 1)
        return;
    if (!comm->collective)
        start_helpers(comm);
    struct collective *collective = comm->collective;
    struct helper *helper = &collective->helpers[comm_rank(comm, rank)];
    const long number = ++helper->n_calls;
    note_arrival(collective, number, rank->ledger.now_s);

    rank_block(rank, WAITING_FOR_OTHERS, RANK_ANY, RANK_ANY);
    helper->call = *call;
    sg_sem_release(helper->called);
    sg_sem_acquire(helper->done);
    rank_unblock(rank);
    book(rank, collective, number, (double)call->size_B);
}

static void collect_equal(struct rank *rank, struct comm *comm, enum operation operation, int root,
                          uint64_t size_B, double contribution_B)
{
    const struct call call = {.operation = operation, .root = root, .size_B = size_B};
    collect(rank, comm, &call, contribution_B);
}

static bool is_root(const struct rank *rank, const struct comm *comm, int root)
{
    return comm_rank(comm, rank) == root;
}

void rank_barrier(struct rank *rank, struct comm *comm)
{
    collect_equal(rank, comm, BARRIER, 0, 0, 0.0);
}

void rank_bcast(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    collect_equal(rank, comm, BCAST, root, size_B,
                  is_root(rank, comm, root) ? (double)size_B : 0.0);
}

void rank_reduce(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    collect_equal(rank, comm, REDUCE, root, size_B, (double)size_B);
}

void rank_allreduce(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    collect_equal(rank, comm, ALLREDUCE, 0, size_B, (double)size_B);
}

void rank_gather(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    collect_equal(rank, comm, GATHER, root, size_B, (double)size_B);
}

void rank_scatter(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    collect_equal(rank, comm, SCATTER, root, size_B,
                  is_root(rank, comm, root) ? (double)size_B * comm->size : 0.0);
}

void rank_allgather(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    collect_equal(rank, comm, ALLGATHER, 0, size_B, (double)size_B);
}

void rank_alltoall(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    collect_equal(rank, comm, ALLTOALL, 0, size_B, (double)size_B * comm->size);
}

void rank_alltoallv(struct rank *rank, struct comm *comm, const uint64_t send_B[],
                    const uint64_t recv_B[])
{
    uint64_t sum_B = 0;
    for (int i = 0; i < comm->size; i++)
        sum_B += send_B[i];
    const struct call call = {.operation = ALLTOALLV,
                              .size_B = sum_B / (uint64_t)comm->size,
                              .send_B = send_B,
                              .recv_B = recv_B};
    collect(rank, comm, &call, (double)sum_B);
}

void rank_reduce_scatter(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    collect_equal(rank, comm, REDUCE_SCATTER, 0, size_B, (double)size_B * comm->size);
}

void rank_scan(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    collect_equal(rank, comm, SCAN, 0, size_B, (double)size_B);
}
