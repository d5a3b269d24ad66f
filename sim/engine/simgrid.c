/*
 * simgrid.c - the SimGrid engine: its run, its ranks' clocks and the costs that it asks of models/.
 *
 * Ranks are SimGrid actors on the host of their domain. Point-to-point messages are matched by us
 * and move as SimGrid flows (simgrid_message.c), in 0.6 to 0.8 of the CPU time that SMPI's calls
 * take; collectives, whose algorithms are the hard part, are SMPI's (simgrid_collective.c).
 * A flow's latency is decided when it starts, from what the cores of its two hosts do at that
 * moment. Its backends' speed follows those cores until it ends, and ranks that compute meanwhile
 * lose what their backends need. Left out: cores lost in favour of the
 * network interrupts of others, and changes of load while a rank computes: what it loses is shared
 * out by the load at its end.
 */
#include "program.h"
#include "simgrid_bridge.h"
#include "simgrid_cores.h"
#include "simgrid_noise.h"
#include "simgrid_registration.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/engine.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* SimGrid takes shorter sleeps for rounding errors. */
static const double shortest_sleep_s = 1e-9;

void *must_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

/* --- clocks and cores ------------------------------------------------------ */

/* Compute and stack time are slept through in one go; the larger part says what the vCPU does. */
static void catch_up(struct rank *rank)
{
    const double behind_s = rank->ledger.now_s - simgrid_get_clock();
    if (behind_s < shortest_sleep_s)
        return;
    rank_set_computing(rank, rank_polls(rank) ||
                                 rank->to_compute_s > fmax(0.5 * behind_s, scheduler_tick_s));
    sg_actor_sleep_until(rank->ledger.now_s);
    rank_set_computing(rank, rank_polls(rank));
    rank->to_compute_s = 0.0;
}

void rank_settle(struct rank *rank)
{
    const double compute_s = rank->to_compute_s;
    const double before_s = node_backends_done_s(rank->world, rank->node);
    catch_up(rank);
    rank->to_compute_s = rank_stolen_s(rank, compute_s, before_s) + rank_take_exits_s(rank);
    ledger_book(&rank->ledger, LAYER_STEAL, rank->to_compute_s);
    catch_up(rank);
}

void rank_block(struct rank *rank, enum waiting_for reason, int source, int tag)
{
    rank_spin(rank);
    rank->waiting_for = reason;
    rank->waiting_source = source;
    rank->waiting_tag = tag;
}

void rank_unblock(struct rank *rank)
{
    rank_spin_no_more(rank);
    rank->waiting_for = WAITING_FOR_NOTHING;
    rank_take_exits_s(rank); /* for which the vCPU had time while the rank waited */
}

int rank_number(const struct rank *rank)
{
    return rank->number;
}

double rank_time_s(const struct rank *rank)
{
    return rank->ledger.now_s;
}

/* How much longer than usual this call takes: lognormal with mean 1. */
static double call_noise(struct rank *rank)
{
    const double spread = rank->world->platform->node.call_spread.value;
    return spread == 0.0 ? 1.0 : random_lognormal(&rank->call_noise, spread);
}

/* The same rules as rank_settle()'s, where it takes a simulation to tell how long compute takes. */
static void compute_shared(struct rank *rank, double work_s)
{
    rank_settle(rank);
    rank_set_computing(rank, rank_polls(rank) || work_s > scheduler_tick_s);
    const double before_s = node_backends_done_s(rank->world, rank->node);
    rank_work_on_shared_cores(rank, work_s);
    rank_work_on_shared_cores(rank,
                              rank_stolen_s(rank, work_s, before_s) + rank_take_exits_s(rank));
    rank_set_computing(rank, rank_polls(rank));
}

void rank_compute(struct rank *rank, const struct work *work)
{
    const struct platform *platform = rank->world->platform;
    const struct core_load *load = &rank->world->core_loads[rank->number];
    const struct compute_cost cost = cpu_cost(&platform->node, &platform->virt, load, work);
    const double scale = rank->scale * call_noise(rank);
    const double work_s = compute_cost_total_s(&cost) * scale;
    const double detours_s = rank_detours_s(rank, work_s);
    if (rank->shared_cores)
        compute_shared(rank, work_s + detours_s);
    ledger_book_compute(&rank->ledger, &cost, scale);
    ledger_book(&rank->ledger, LAYER_NOISE, detours_s);
    if (rank->shared_cores)
        ledger_book(&rank->ledger, LAYER_STEAL,
                    fmax(0.0, simgrid_get_clock() - rank->ledger.now_s));
    else
        rank->to_compute_s += work_s + detours_s;
}

double rank_look_s(struct rank *rank)
{
    return look_cost_s(&rank->world->platform->mpi, comm_size(rank_world(rank)) - 1);
}

void rank_look(struct rank *rank, double n)
{
    const struct work work =
        work_lasting(&rank->world->platform->node, WORK_INTEGER, n * rank_look_s(rank));
    rank_compute(rank, &work);
}

void rank_disk(struct rank *rank, const struct disk_access *access)
{
    struct world *world = rank->world;
    const struct storage storage = platform_storage(world->platform);
    const struct storage_cost cost = storage_cost_of(&storage, access);
    rank_settle(rank);
    const double start_s = rank->ledger.now_s;
    rank_set_computing(rank, false);
    bridge_use_disk((int)(rank->node - world->nodes), cost.disk_s);
    bridge_use_disk(world->platform->n_nodes, cost.server_s);
    world->backend_cpu_s += cost.backend_s;
    const double end_s = fmax(simgrid_get_clock() + cost.serial_s, start_s + cost.least_s);
    if (end_s > simgrid_get_clock())
        sg_actor_sleep_until(end_s);
    ledger_book(&rank->ledger, LAYER_DISK, fmax(0.0, simgrid_get_clock() - rank->ledger.now_s));
    rank_set_computing(rank, rank_polls(rank));
}

static struct host_use hosts_with(const struct world *world, int n_nodes, double backend_cpu_s)
{
    const struct platform *platform = world->platform;
    return (struct host_use){.n_cores = (double)n_nodes * platform->n_threads,
                             .backend_cpu_s = backend_cpu_s,
                             .hypervisor_share = platform->virt.backend.hypervisor_share.value};
}

void rank_node_cpu(struct rank *rank, double cpu_s[N_CPU_DOMAINS])
{
    struct world *world = rank->world;
    double layer_s[N_LAYERS] = {0.0};
    rank_settle(rank);
    struct host_use node = hosts_with(world, 1, node_backends_done_s(world, rank->node));
    for (int i = 0; i < world->n_ranks; i++) {
        const struct ledger *ledger = &world->ranks[i].ledger;
        if (world->ranks[i].node != rank->node)
            continue;
        node.exit_s += ledger->exit_s;
        node.overlapped_s += ledger->overlapped_s;
        for (int layer = 0; layer < N_LAYERS; layer++)
            layer_s[layer] += ledger->layer_s[layer];
    }
    account_host_cpu(layer_s, &node, rank->ledger.now_s, cpu_s);
}

void rank_record(struct rank *rank, int slot, double value)
{
    assert(slot >= 0 && rank->first_slot + slot < RECORD_SLOTS);

    record_add(&rank->world->records[rank->first_slot + slot], value);
}

/* --- places ------------------------------------------------------------------ */

sg_mailbox_t place_take(struct place_pool *pool, int receiver)
{
    return pool->n > 0 ? pool->places[--pool->n] : bridge_place_new(receiver);
}

void place_give_back(struct place_pool *pool, sg_mailbox_t place)
{
    if (pool->n == pool->capacity) {
        pool->capacity = 2 * pool->capacity + 4;
        pool->places = realloc(pool->places, pool->capacity * sizeof *pool->places);
        if (!pool->places)
            abort();
    }
    pool->places[pool->n++] = place;
}

/* --- costs ------------------------------------------------------------------- */

static struct node *node_of_domain(const struct world *world, int domain)
{
    return &world->nodes[domain / world->platform->n_domains_per_node];
}

struct transfer world_transfer(const struct world *world, int from_domain, int to_domain,
                               double size_B)
{
    const struct host_load from = node_load(world, node_of_domain(world, from_domain));
    const struct host_load to = node_load(world, node_of_domain(world, to_domain));
    return network_transfer(&world->network, platform_path(world->platform, from_domain, to_domain),
                            size_B, &from, &to);
}

/* A message goes through the backend of this domain. */
static void use_backend(struct world *world, int domain, enum path path, double size_B)
{
    if (world->n_backends == 0)
        return;
    const struct node *node = node_of_domain(world, domain);
    const double cpu_s = network_backend_cpu_s(&world->network, path, size_B);
    world->backend_cpu_s += cpu_s;
    backlog_add(domain_backlog(world, domain), node_backend_rate(world, node), simgrid_get_clock(),
                cpu_s);
}

/* The message that SimGrid starts now, if it is one of ours and not one inside a collective. */
static struct envelope *take_starting(struct world *world, int from_domain, int to_domain,
                                      double size_B)
{
    struct envelope *envelope = world->starting;
    if (!envelope || envelope->from->domain != from_domain || envelope->to->domain != to_domain ||
        fmax(1.0, (double)envelope->size_B) != size_B)
        return NULL;
    world->starting = envelope->next;
    if (!world->starting)
        world->starting_end = &world->starting;
    return envelope;
}

/*
 * For what a simulated cluster does not do: as short as SimGrid's links allow. SimGrid does not say
 * whose flow it is, so a message of another collective that starts in the very moment is free too.
 */
static const struct flow_cost free_flow = {.latency_s = 0.0, .rate_factor = 1e12};

/* What SMPI adds to each message inside a collective; the costs of messages have their own in them.
 */
static const double smpi_envelope_B = 16.0;

/*
 * CPU time for a message inside a collective that SMPI does not ask for: above the eager threshold,
 * the receiver's, and the sender's unless it has paid for a call that does not block. Both sides
 * wait for such a message, so their time may as well be on the way. Which of the senders of a
 * domain have paid is not told apart. Left out: detours of their cores meanwhile.
 */
static double unasked_stack_s(struct world *world, int from_domain, enum path path, double size_B,
                              const struct transfer *transfer)
{
    if (size_B <= world->collective_eager_B)
        return 0.0;
    const struct stack_cost recv = network_recv_cost(&world->network, path, size_B);
    const struct stack_cost left =
        network_cost_after_wait(&recv, transfer_duration_s(transfer, size_B));
    const struct stack_cost registration = network_registration_cost(&world->network, path, size_B);
    const double recv_s = stack_cost_s(&left) + stack_cost_s(&registration);
    if (world->n_paid_sends[from_domain] > 0) {
        world->n_paid_sends[from_domain]--;
        return recv_s;
    }
    const struct stack_cost send = network_send_cost(&world->network, path, size_B);
    return recv_s + stack_cost_s(&send) + stack_cost_s(&registration);
}

static struct flow_cost flow_cost(void *context, int from_domain, int to_domain, double size_B,
                                  int n_switch_links)
{
    struct world *world = context;
    struct envelope *envelope = take_starting(world, from_domain, to_domain, size_B);
    if (!envelope && world->n_joining > 0)
        return free_flow;
    const double message_B =
        envelope ? (double)envelope->size_B : fmax(0.0, size_B - smpi_envelope_B);
    struct transfer transfer = world_transfer(world, from_domain, to_domain, message_B);
    /* The link profile knows two links and a switch; each further link is half of that. */
    const double hops_s = n_switch_links * 0.5 * world->platform->link.latency_s.value;
    transfer.latency_s += hops_s;
    transfer.wire_s += hops_s;
    transfer_draw(&transfer, &world->jitter[from_domain]);

    const enum path path = platform_path(world->platform, from_domain, to_domain);
    if (path != PATH_SAME_DOMAIN) {
        use_backend(world, from_domain, path, size_B);
        use_backend(world, to_domain, path, size_B);
    }
    double delay_s = 0.0;
    if (!envelope) {
        delay_s = unasked_stack_s(world, from_domain, path, message_B, &transfer);
    } else {
        delay_s = registration_delay_s(envelope);
        envelope->passage = passage_of(&transfer, message_B, simgrid_get_clock() + delay_s);
        envelope->visible_s = simgrid_get_clock() + transfer.latency_s;
    }
    const double carried = fmax(1.0, size_B) / fmax(1.0, message_B);
    return (struct flow_cost){.latency_s = delay_s + transfer.latency_s,
                              .rate_factor = transfer.rate_factor * carried};
}

/*
 * Time that one member takes for a message inside a collective, whose stack costs `cost`. There the
 * receiver registers its buffer when it takes the message, not before it flows.
 */
static double collective_stack_s(const struct world *world, enum path path, double size_B,
                                 const struct stack_cost *cost)
{
    const struct stack_cost registration = network_registration_cost(&world->network, path, size_B);
    const double stack_s = stack_cost_s(cost) + stack_cost_s(&registration);
    struct rank *rank = collective_rank();
    return rank ? stack_s + rank_detours_s(rank, stack_s) : stack_s;
}

static double send_cost_s(void *context, int from_domain, int to_domain, double size_B)
{
    if (collective_is_joining())
        return 0.0;
    struct world *world = context;
    if (size_B > world->collective_eager_B)
        world->n_paid_sends[from_domain]++;
    const enum path path = platform_path(world->platform, from_domain, to_domain);
    const struct stack_cost cost = network_send_cost(&world->network, path, size_B);
    return collective_stack_s(world, path, size_B, &cost);
}

static double recv_cost_s(void *context, int from_domain, int to_domain, double size_B)
{
    if (collective_is_joining())
        return 0.0;
    const struct world *world = context;
    const enum path path = platform_path(world->platform, from_domain, to_domain);
    const struct stack_cost cost = network_recv_cost(&world->network, path, size_B);
    const double stack_s = collective_stack_s(world, path, size_B, &cost);
    return collective_turn_s(stack_s) + stack_s;
}

/* --- run ------------------------------------------------------------------------ */

static void rank_main(void *context, int number)
{
    struct world *world = context;
    struct rank *rank = &world->ranks[number];
    rank->shared_cores = bridge_shared_cores(number);
    void *state = must_alloc(world->program->state_size);
    rank_set_computing(rank, rank_polls(rank));
    program_walk(world->program, rank, state);
    rank_settle(rank);
    rank_set_computing(rank, false);
    rank_end_sent(rank, true); /* SimGrid would cancel what an actor leaves behind */
    free(state);
}

static void place_rank(struct world *world, int number)
{
    const struct platform *platform = world->platform;
    struct rank *rank = &world->ranks[number];
    const int node = platform_node_of_rank(platform, number);
    *rank = (struct rank){
        .world = world,
        .number = number,
        .domain = platform->domain_of_rank[number],
        .node = &world->nodes[node],
        .scale = 1.0 / platform->node_speed[node],
        .call_noise = random_stream_for(platform->seed, "compute noise", (uint64_t)number),
        .node_noise = random_stream_for(platform->seed, "node noise", (uint64_t)number),
        .guest_noise = random_stream_for(platform->seed, "guest noise", (uint64_t)number),
        .turns = random_stream_for(platform->seed, "scheduler", (uint64_t)number),
    };
    mailbox_init(&rank->mailbox);
}

/* Backends of a node that take CPU time. */
static int count_backends(const struct world *world)
{
    const struct platform *platform = world->platform;
    if (network_backend_cpu_s(&world->network, PATH_OTHER_HOST, 1.0) == 0.0)
        return 0;
    return platform->virt.backend.scope == BACKEND_PER_VM ? platform->n_domains_per_node : 1;
}

static void world_init(struct world *world, const struct platform *platform,
                       const struct program *program)
{
    const size_t n_ranks = (size_t)program->n_ranks;
    const size_t n_domains = (size_t)platform->n_nodes * (size_t)platform->n_domains_per_node;
    *world = (struct world){
        .platform = platform,
        .program = program,
        .network = platform_network(platform),
        .n_ranks = program->n_ranks,
        .ranks = must_alloc(n_ranks * sizeof(struct rank)),
        .core_loads = must_alloc(n_ranks * sizeof(struct core_load)),
        .nodes = must_alloc((size_t)platform->n_nodes * sizeof(struct node)),
        .backlogs = must_alloc(n_domains * sizeof(struct backlog)),
        .n_computing_in_domain = must_alloc(n_domains * sizeof(int)),
        .jitter = must_alloc(n_domains * sizeof(struct random_stream)),
        .collective_eager_B = bridge_eager_threshold_B(platform),
        .n_paid_sends = must_alloc(n_domains * sizeof(int)),
    };
    world->n_backends = count_backends(world);
    world->starting_end = &world->starting;
    for (int i = 0; i < world->n_ranks; i++)
        place_rank(world, i);
    for (int node = 0; node < platform->n_nodes; node++)
        world->nodes[node].backend_slowdown = 1.0;
    for (size_t i = 0; i < n_domains; i++)
        world->jitter[i] = random_stream_for(platform->seed, "message jitter", i);
    world->all = comm_of_first(world, world->n_ranks);
    world_set_part(world, world->n_ranks);
}

static void close_account(const struct world *world, const struct engine_options *options,
                          struct outcome *outcome)
{
    const size_t n_ranks = (size_t)world->n_ranks;
    const struct ledger **ledgers = must_alloc(n_ranks * sizeof *ledgers);
    for (size_t i = 0; i < n_ranks; i++)
        ledgers[i] = &world->ranks[i].ledger;
    const struct host_use hosts = hosts_with(world, world->platform->n_nodes, world->backend_cpu_s);
    account_close(ledgers, world->n_ranks, &hosts, outcome);
    memcpy(outcome->records, world->records, sizeof world->records);
    memcpy(outcome->collectives, world->uses, sizeof world->uses);
    if (options->keep_traffic) {
        outcome->traffic = must_alloc(n_ranks * sizeof *outcome->traffic);
        for (size_t i = 0; i < n_ranks; i++)
            outcome->traffic[i] = ledgers[i]->traffic;
    }
    free(ledgers);
}

/* The world is not freed: SimGrid cannot run twice in a process, so its process ends now. */
static int simgrid_run_program(const struct platform *platform, const struct program *program,
                               const struct engine_options *options, struct outcome *outcome,
                               char *error, size_t error_size)
{
    assert(program->n_ranks >= 1 && program->n_ranks <= platform->n_ranks);

    static const struct bridge_callbacks callbacks = {.rank_main = rank_main,
                                                      .flow_cost = flow_cost,
                                                      .send_cost_s = send_cost_s,
                                                      .recv_cost_s = recv_cost_s,
                                                      .deadlock = world_report_deadlock};
    struct world *world = must_alloc(sizeof *world);
    world_init(world, platform, program);
    world->smpi_selector = options->smpi_selector;
    world->error = error;
    world->error_size = error_size;
    const int status = bridge_run(platform, program->n_ranks, options->smpi_selector, &callbacks,
                                  world, error, error_size);
    if (status == 0)
        close_account(world, options, outcome);
    return status;
}

extern const struct engine engine_simgrid;
const struct engine engine_simgrid = {
    .name = "simgrid",
    .help = "SimGrid: flows that share links max-min fairly, SMPI's collectives; the reference",
    .run = simgrid_run_program,
};
