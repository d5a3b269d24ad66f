/*
 * simgrid_cores.c - see simgrid_cores.h.
 *
 * Computing shares cores as a fluid. Turns show where a message comes: there the rank may
 * be off. Left out: that a computation begins or ends within a slice.
 */
#include "simgrid_cores.h"

#include "models/scheduler.h"
#include "sim/platform/sharing.h"
#include "simgrid_bridge.h"

#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/engine.h>
#include <simgrid/exec.h>

/* A host's scheduler moves nothing for compute that is over before its next tick. */
const double scheduler_tick_s = 1e-3;

/* Longer than any run: who spins is stopped. */
static const double endless_s = 1e15;

struct host_load node_load(const struct world *world, const struct node *node)
{
    const struct platform *platform = world->platform;
    return (struct host_load){.n_cores = platform->n_threads,
                              .n_reserved = platform->n_reserved,
                              .n_computing = node->n_computing + platform->tenants.n_cores};
}

/* --- backends -------------------------------------------------------------------- */

double node_backend_rate(const struct world *world, const struct node *node)
{
    return world->platform->virt.backend.cpu_share.value / node->backend_slowdown;
}

struct backlog *domain_backlog(const struct world *world, int domain)
{
    const int n_domains_per_backend = world->platform->n_domains_per_node / world->n_backends;
    return &world->backlogs[domain / n_domains_per_backend];
}

double node_backends_done_s(struct world *world, struct node *node)
{
    struct backlog *first = &world->backlogs[(node - world->nodes) * world->n_backends];
    double done_s = 0.0;
    for (int i = 0; i < world->n_backends; i++)
        done_s += backlog_done_s(first + i, node_backend_rate(world, node), simgrid_get_clock());
    return done_s;
}

/* The node's backends slow down or recover, also for messages on their way. */
static void follow_load(struct world *world, struct node *node)
{
    const struct host_load load = node_load(world, node);
    const double slowdown = network_backend_slowdown(&world->network, &load);
    if (slowdown == node->backend_slowdown)
        return;
    node_backends_done_s(world, node);
    node->backend_slowdown = slowdown;
    bridge_slow_backends((int)(node - world->nodes), slowdown);
}

bool rank_polls(const struct rank *rank)
{
    return rank->world->platform->mpi.wait == MPI_WAIT_POLLS;
}

void rank_set_computing(struct rank *rank, bool is_computing)
{
    if (rank->is_computing == is_computing)
        return;
    const int change = is_computing ? 1 : -1;
    rank->is_computing = is_computing;
    rank->node->n_computing += change;
    rank->world->n_computing_in_domain[rank->domain] += change;
    follow_load(rank->world, rank->node);
}

/* Part of a backend's CPU time that the vCPUs of its guest spend. */
static double vcpu_share(const struct world *world)
{
    const struct backend *backend = &world->platform->virt.backend;
    return world->n_backends > 0 && backend->scope == BACKEND_PER_VM ? backend->vcpu_share.value
                                                                     : 0.0;
}

double rank_take_exits_s(struct rank *rank)
{
    const struct world *world = rank->world;
    if (vcpu_share(world) == 0.0)
        return 0.0;
    const double done_s = backlog_done_s(domain_backlog(world, rank->domain),
                                         node_backend_rate(world, rank->node), simgrid_get_clock());
    const double new_s = fmax(0.0, done_s - rank->exits_seen_s); /* or less, by rounding */
    rank->exits_seen_s = done_s;
    return host_exits_s(new_s, vcpu_share(world), world->platform->n_vcpus);
}

double rank_stolen_s(struct rank *rank, double compute_s, double before_s)
{
    if (compute_s <= scheduler_tick_s)
        return 0.0;
    struct host_load load = node_load(rank->world, rank->node);
    load.n_computing += rank->is_computing ? 0 : 1;
    const double done_s = node_backends_done_s(rank->world, rank->node) - before_s;
    const double taken_s = host_stolen_s(&load, (1.0 - vcpu_share(rank->world)) * done_s);
    return fmin(taken_s / load.n_computing, host_most_stolen_s(compute_s));
}

/* --- cores that ranks share ---------------------------------------------------------- */

static sg_exec_t start_on_shared_cores(const struct rank *rank, double work_s)
{
    const sg_exec_t work = sg_actor_exec_init(work_s);
    sg_exec_set_host(work, rank->shared_cores);
    sg_exec_start(work);
    return work;
}

void rank_work_on_shared_cores(const struct rank *rank, double work_s)
{
    sg_exec_wait(start_on_shared_cores(rank, work_s));
}

void rank_spin(struct rank *rank)
{
    if (rank->shared_cores && rank_polls(rank))
        rank->spinning = start_on_shared_cores(rank, endless_s);
}

void rank_spin_no_more(struct rank *rank)
{
    if (rank->spinning)
        sg_exec_cancel(rank->spinning);
    rank->spinning = NULL;
}

/* --- turns ----------------------------------------------------------------------- */

/* vCPUs of the node that have something to run, and its tenants'. */
static int n_runnable_vcpus(const struct rank *rank)
{
    const struct platform *platform = rank->world->platform;
    const int first = rank->domain - rank->domain % platform->n_domains_per_node;
    int n = platform->tenants.n_cores;
    for (int i = first; i < first + platform->n_domains_per_node; i++) {
        const int n_computing = rank->world->n_computing_in_domain[i];
        n += n_computing < platform->n_vcpus ? n_computing : platform->n_vcpus;
    }
    return n;
}

static struct turn draw_turn(struct rank *rank, const struct scheduler_profile *scheduler,
                             int n_cores, int n_runnable)
{
    const struct run_queue queue = {.n_cores = n_cores,
                                    .n_others = n_runnable - (rank->is_computing ? 1 : 0)};
    return scheduler_turn(scheduler, &queue, rank->world->platform->mpi.wait,
                          random_uniform(&rank->turns));
}

/* Among the ranks under one operating system. */
static struct turn turn_in_domain(struct rank *rank)
{
    const struct platform *platform = rank->world->platform;
    const int n_cores = platform->n_vcpus > 0 ? platform->n_vcpus : platform->n_threads;
    return draw_turn(rank, &platform->node.scheduler, n_cores,
                     rank->world->n_computing_in_domain[rank->domain]);
}

/* Among the vCPUs of one node. */
static struct turn turn_on_node(struct rank *rank)
{
    const struct platform *platform = rank->world->platform;
    if (platform->n_vcpus == 0)
        return (struct turn){0.0, 0.0};
    return draw_turn(rank, &platform->virt.scheduler, platform_usable_threads(platform),
                     n_runnable_vcpus(rank));
}

/* The turn that ends first; one of no length is none. */
static double shorter(double a_s, double b_s)
{
    return a_s > 0.0 && b_s > 0.0 ? fmin(a_s, b_s) : fmax(a_s, b_s);
}

double rank_turn_s(struct rank *rank)
{
    const double now_s = simgrid_get_clock();
    if (!rank->shared_cores || now_s < rank->runs_until_s)
        return 0.0;
    const struct turn rank_turn = turn_in_domain(rank), vcpu_turn = turn_on_node(rank);
    const double wait_s = rank_turn.wait_s + vcpu_turn.wait_s;
    rank->runs_until_s = now_s + wait_s + shorter(rank_turn.runs_s, vcpu_turn.runs_s);
    return wait_s;
}

void rank_book_turn(struct rank *rank, double waited_s)
{
    if (waited_s > 0.0 && rank->shared_cores)
        ledger_book(&rank->ledger, LAYER_STEAL, rank_turn_s(rank));
}
