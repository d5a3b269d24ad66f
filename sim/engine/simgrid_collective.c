/*
 * simgrid_collective.c - collectives of the SimGrid engine.
 *
 * The MPI profile's decision table (models/collective.h) says which algorithm runs, and SMPI has
 * most of them. It moves no data in its replay mode, but in that mode it cannot make
 * communicators. So each communicator that uses collectives is an SMPI application of its own:
 * every member has a helper there, on the member's domain, that does the member's collectives
 * while the member waits. Attribution sees a collective as one thing: waiting for the last to come,
 * then messages such as those between two far members.
 * Detours that hit its messages are booked as they are. Left out: eager messages inside a
 * collective that flow before their receiver has come.
 */
#include "simgrid_algorithm.h"
#include "simgrid_bridge.h"
#include "simgrid_cores.h"
#include "simgrid_noise.h"
#include "simgrid_world.h"

#include <assert.h>
#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/barrier.h>
#include <simgrid/engine.h>
#include <simgrid/semaphore.h>
#include <smpi/mpi.h>
#include <stdio.h>
#include <stdlib.h>

/* Does one member's collectives. */
struct helper {
    struct crew *crew;
    int position; /* in the communicator */
    struct collective_request request;
    struct collective_choice choice;
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

/* A communicator's helpers. */
struct crew {
    struct comm *comm;
    const struct collective_library *library;
    int n_per_node;    /* see struct collective_call */
    char instance[32]; /* SMPI's name for it */
    sg_bar_t barrier;  /* of the helpers: all are in replay mode, or none is */
    int far_a, far_b;  /* two members as far apart as any */
    struct arrival arrivals[N_RECENT_CALLS];
    struct helper helpers[];
};

/* --- helpers ------------------------------------------------------------------------ */

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

/* The communicators of this node's members and of the nodes' first members, for two levels. */
static void make_levels(struct members *members, int position)
{
    const int n_per_node = members->n_per_node;
    const bool leads = position % n_per_node == 0;
    MPI_Comm_split(members->all, position / n_per_node, position, &members->node);
    MPI_Comm_split(members->all, leads ? 0 : MPI_UNDEFINED, position, &members->leaders);
}

/* SMPI's own selectors find out who shares a domain in their first calls, which must move data. */
static void let_selectors_look(MPI_Comm comm)
{
    char value = 0, result = 0;
    MPI_Allreduce(&value, &result, 1, MPI_BYTE, MPI_BXOR, comm);
    MPI_Bcast(&value, 1, MPI_BYTE, 0, comm);
}

/*
 * Makes SMPI's side of the communicator, whose messages have to carry data. It takes no simulated
 * time: rank_split() has paid. Some messages a member, whatever the library.
 */
static struct members join(struct helper *helper)
{
    const struct crew *crew = helper->crew;
    struct world *world = crew->comm->world;
    struct members members = {.library = crew->library,
                              .n_per_node = crew->n_per_node,
                              .node = MPI_COMM_NULL,
                              .leaders = MPI_COMM_NULL};
    world->n_joining++;
    members.all = own_comm();
    if (world->smpi_selector)
        let_selectors_look(members.all);
    else if (collective_has_levels(members.library) && members.n_per_node > 1)
        make_levels(&members, helper->position);
    wait_for_joining(world);
    helper->has_joined = true;
    return members;
}

bool collective_is_joining(void)
{
    const struct helper *helper = sg_actor_get_data(sg_actor_self());
    return helper && !helper->has_joined;
}

struct rank *collective_rank(void)
{
    const struct helper *helper = sg_actor_get_data(sg_actor_self());
    if (!helper)
        return NULL;
    const struct comm *comm = helper->crew->comm;
    return &comm->world->ranks[comm->members[helper->position]];
}

double collective_turn_s(double stack_s)
{
    struct rank *rank = collective_rank();
    if (!rank)
        return 0.0;
    const double now_s = simgrid_get_clock();
    const double turn_s = now_s > rank->helped_until_s ? rank_turn_s(rank) : 0.0;
    rank->helped_until_s = now_s + turn_s + stack_s;
    rank->lost_in_collective_s += turn_s;
    return turn_s;
}

static void helper_main(void *argument)
{
    struct helper *helper = argument;
    const struct crew *crew = helper->crew;
    sg_actor_set_data(sg_actor_self(), helper);
    MPI_Init(NULL, NULL); /* returns when all members have come */
    const struct members members = join(helper);
    /* From here on no data moves; no member may meet one that thinks otherwise. */
    sg_barrier_wait(crew->barrier);
    smpi_replay_init(crew->instance, helper->position, 0.0);
    sg_barrier_wait(crew->barrier);
    for (;;) {
        sg_sem_acquire(helper->called);
        if (crew->comm->world->smpi_selector)
            algorithm_do_selected(&helper->request, &members);
        else
            algorithm_do(helper->choice, &helper->request, &members);
        sg_sem_release(helper->done);
    }
}

/* --- a member's side ---------------------------------------------------------------- */

static void find_far_members(struct crew *crew)
{
    const struct world *world = crew->comm->world;
    const int *members = crew->comm->members;
    const int first_domain = world->ranks[members[0]].domain;
    enum path farthest = PATH_SAME_DOMAIN;
    crew->far_a = crew->far_b = members[0];
    for (int i = 1; i < crew->comm->size; i++) {
        const enum path path =
            platform_path(world->platform, first_domain, world->ranks[members[i]].domain);
        if (path > farthest) {
            farthest = path;
            crew->far_b = members[i];
        }
    }
}

/* How many ranks each domain has, where all have as many and are placed one domain after the other;
 * else 0. */
static int count_per_node(const struct comm *comm)
{
    const struct rank *ranks = comm->world->ranks;
    int n_per_node = 1;
    while (n_per_node < comm->size &&
           ranks[comm->members[n_per_node]].domain == ranks[comm->members[0]].domain)
        n_per_node++;
    const struct platform *platform = comm->world->platform;
    const size_t n_domains = (size_t)platform->n_nodes * (size_t)platform->n_domains_per_node;
    int *n_on_domain = must_alloc(n_domains * sizeof *n_on_domain);
    bool is_regular = comm->size % n_per_node == 0;
    for (int i = 0; i < comm->size; i++) {
        const int domain = ranks[comm->members[i]].domain;
        const int first = ranks[comm->members[i - i % n_per_node]].domain;
        is_regular = is_regular && domain == first && ++n_on_domain[domain] <= n_per_node;
    }
    free(n_on_domain);
    return is_regular ? n_per_node : 0;
}

/* Starts every member's helper. No time passes until SMPI knows them all. */
static void start_helpers(struct comm *comm)
{
    const size_t size = (size_t)comm->size;
    struct crew *crew = must_alloc(sizeof *crew + size * sizeof crew->helpers[0]);
    comm->crew = crew;
    crew->comm = comm;
    crew->library = collective_libraries[comm->world->platform->mpi.collectives];
    crew->n_per_node = count_per_node(comm);
    find_far_members(crew);
    snprintf(crew->instance, sizeof crew->instance, "comm%d", comm->number);
    crew->barrier = sg_barrier_init((unsigned)comm->size);
    if (!comm->world->joined)
        comm->world->joined = sg_sem_init(0);
    SMPI_app_instance_register(crew->instance, NULL, comm->size);
    for (int i = 0; i < comm->size; i++)
        crew->helpers[i] = (struct helper){
            .crew = crew, .position = i, .called = sg_sem_init(0), .done = sg_sem_init(0)};
    for (int i = 0; i < comm->size; i++)
        bridge_spawn(comm->members[i], crew->instance, i, helper_main, &crew->helpers[i]);
}

/* Notes that a member came to its call number `call`. */
static void note_arrival(struct crew *crew, long call, double now_s)
{
    struct arrival *arrival = &crew->arrivals[call % N_RECENT_CALLS];
    if (call > arrival->call)
        *arrival = (struct arrival){.call = call, .last_s = now_s};
    else if (call == arrival->call)
        arrival->last_s = fmax(arrival->last_s, now_s);
}

/* When the last member that has come to call number `call` came; 0 where nobody remembers. */
static double last_arrival_s(const struct crew *crew, long call)
{
    const struct arrival *arrival = &crew->arrivals[call % N_RECENT_CALLS];
    return arrival->call == call ? arrival->last_s : 0.0;
}

static void book(struct rank *rank, const struct crew *crew, long call, double message_B)
{
    const struct world *world = rank->world;
    const int from = world->ranks[crew->far_a].domain;
    const int to = world->ranks[crew->far_b].domain;
    const enum path path = platform_path(world->platform, from, to);
    const struct stack_cost send = network_send_cost(&world->network, path, message_B);
    const struct stack_cost recv = network_recv_cost(&world->network, path, message_B);
    const struct stack_cost both = stack_cost_sum(&send, &recv);
    const struct stack_cost one = network_registration_cost(&world->network, path, message_B);
    const struct stack_cost registrations = stack_cost_sum(&one, &one);
    const struct stack_cost stack = stack_cost_sum(&both, &registrations);
    const struct transfer transfer = world_transfer(world, from, to, message_B);
    const struct passage typical = passage_of(&transfer, message_B, 0.0);
    const double complete_s = last_arrival_s(crew, call), end_s = simgrid_get_clock();
    const double waited_s = end_s - rank->ledger.now_s;
    const double most_s = fmax(0.0, end_s - fmax(complete_s, rank->ledger.now_s));
    const double lost_s = fmin(rank->lost_in_collective_s, most_s);
    rank->lost_in_collective_s = 0.0;
    ledger_book_collective(&rank->ledger, complete_s, &stack, &typical, end_s - lost_s);
    ledger_book(&rank->ledger, LAYER_STEAL, lost_s);
    rank_come_back(rank, waited_s);
}

/* Once for all members: what ran, for the outcome. */
static void note_use(const struct crew *crew, const struct helper *helper)
{
    const struct collective_choice choice = helper->choice;
    if (helper->position > 0 || choice.algorithm == COLLECTIVE_NOTHING)
        return;
    collective_use_add(&crew->comm->world->uses[choice.algorithm][choice.is_two_level],
                       helper->request.size_B, crew->comm->size);
}

static void collect(struct rank *rank, struct comm *comm, const struct collective_request *request,
                    double contribution_B)
{
    assert(request->root >= 0 && request->root < comm->size);

    rank->ledger.traffic.n_collectives++;
    rank->ledger.traffic.collective_B += (uint64_t)contribution_B;
    rank->ledger.largest_message_B = fmax(rank->ledger.largest_message_B, (double)request->size_B);
    rank_settle(rank);
    if (comm->size == 1)
        return;
    if (!comm->crew)
        start_helpers(comm);
    struct crew *crew = comm->crew;
    struct helper *helper = &crew->helpers[comm_rank(comm, rank)];
    const long number = ++helper->n_calls;
    note_arrival(crew, number, rank->ledger.now_s);

    rank_block(rank, WAITING_FOR_OTHERS, RANK_ANY, RANK_ANY);
    helper->request = *request;
    helper->choice = algorithm_choose(crew->library, request, comm->size, crew->n_per_node);
    note_use(crew, helper);
    sg_sem_release(helper->called);
    sg_sem_acquire(helper->done);
    rank_unblock(rank);
    book(rank, crew, number, (double)request->size_B);
}

static void collect_equal(struct rank *rank, struct comm *comm, enum collective operation, int root,
                          uint64_t size_B, double contribution_B)
{
    const struct collective_request request = {
        .collective = operation, .root = root, .size_B = size_B};
    collect(rank, comm, &request, contribution_B);
}

static bool is_root(const struct rank *rank, const struct comm *comm, int root)
{
    return comm_rank(comm, rank) == root;
}

void rank_barrier(struct rank *rank, struct comm *comm)
{
    collect_equal(rank, comm, COLLECTIVE_BARRIER, 0, 0, 0.0);
}

void rank_bcast(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    collect_equal(rank, comm, COLLECTIVE_BCAST, root, size_B,
                  is_root(rank, comm, root) ? (double)size_B : 0.0);
}

void rank_reduce(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    collect_equal(rank, comm, COLLECTIVE_REDUCE, root, size_B, (double)size_B);
}

void rank_allreduce(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    collect_equal(rank, comm, COLLECTIVE_ALLREDUCE, 0, size_B, (double)size_B);
}

void rank_gather(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    collect_equal(rank, comm, COLLECTIVE_GATHER, root, size_B, (double)size_B);
}

void rank_scatter(struct rank *rank, struct comm *comm, int root, uint64_t size_B)
{
    collect_equal(rank, comm, COLLECTIVE_SCATTER, root, size_B,
                  is_root(rank, comm, root) ? (double)size_B * comm->size : 0.0);
}

void rank_allgather(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    collect_equal(rank, comm, COLLECTIVE_ALLGATHER, 0, size_B, (double)size_B);
}

void rank_alltoall(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    collect_equal(rank, comm, COLLECTIVE_ALLTOALL, 0, size_B, (double)size_B * comm->size);
}

void rank_alltoallv(struct rank *rank, struct comm *comm, const uint64_t send_B[],
                    const uint64_t recv_B[])
{
    uint64_t sum_B = 0;
    for (int i = 0; i < comm->size; i++)
        sum_B += send_B[i];
    const struct collective_request request = {.collective = COLLECTIVE_ALLTOALLV,
                                               .size_B = sum_B / (uint64_t)comm->size,
                                               .send_B = send_B,
                                               .recv_B = recv_B};
    collect(rank, comm, &request, (double)sum_B);
}

void rank_reduce_scatter(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    collect_equal(rank, comm, COLLECTIVE_REDUCE_SCATTER, 0, size_B, (double)size_B * comm->size);
}

void rank_scan(struct rank *rank, struct comm *comm, uint64_t size_B)
{
    collect_equal(rank, comm, COLLECTIVE_SCAN, 0, size_B, (double)size_B);
}
