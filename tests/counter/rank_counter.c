#include "rank_counter.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <ucontext.h>

enum { STACK_B = 64 * 1024 };

struct envelope {
    struct envelope *next;
    int from, tag;
    uint64_t size_B;
    bool *is_received; /* set when it is: its sender waits for that; NULL: nobody does */
    bool was_hidden;   /* from a probe */
};

struct rank {
    int number;
    struct world *world;
    struct rank_count *count;
    struct envelope *first, **last; /* arrived, oldest first */
    ucontext_t context;
    void *stack;
    void *state;
    bool is_done;
};

struct world {
    const struct program *program;
    const struct counter_options *options;
    struct counter *counter;
    struct rank *ranks;
    struct envelope *spare; /* envelopes to use again */
    ucontext_t scheduler;
    struct rank *running;
    bool has_moved; /* something happened since the last round of turns */
};

/* The only communicator is the world: a pointer to anything does. */
struct comm {
    struct world *world;
};

/* makecontext() hands over ints only; the tests walk one program at a time. */
static struct world *current;
static struct comm world_comm;

/* --- turns ----------------------------------------------------------------- */

static void give_turn(struct rank *rank)
{
    rank->world->running = rank;
    swapcontext(&rank->world->scheduler, &rank->context);
}

static void end_turn(struct rank *rank)
{
    swapcontext(&rank->context, &rank->world->scheduler);
}

static void walk(void)
{
    struct rank *rank = current->running;
    program_walk(current->program, rank, rank->state);
    rank->is_done = true;
    rank->world->has_moved = true;
    end_turn(rank);
}

/* --- messages ---------------------------------------------------------------- */

static struct envelope *new_envelope(struct world *world)
{
    struct envelope *envelope = world->spare;
    if (envelope)
        world->spare = envelope->next;
    else
        envelope = malloc(sizeof *envelope);
    assert(envelope);
    return envelope;
}

static void post(struct rank *rank, int to, int tag, uint64_t size_B, bool *is_received)
{
    struct world *world = rank->world;
    assert(to >= 0 && to < world->program->n_ranks && to != rank->number);

    struct rank *receiver = &world->ranks[to];
    struct envelope *envelope = new_envelope(world);
    *envelope = (struct envelope){
        .from = rank->number, .tag = tag, .size_B = size_B, .is_received = is_received};
    *receiver->last = envelope;
    receiver->last = &envelope->next;
    world->has_moved = true;

    rank->count->traffic.n_sends++;
    rank->count->traffic.sent_B += size_B;
    world->counter
        ->n_between[(size_t)rank->number * (size_t)world->counter->n_ranks + (size_t)to]++;
}

/* The link to the oldest message from `from` with `tag`; NULL if there is none. */
static struct envelope **find(struct rank *rank, int from, int tag)
{
    for (struct envelope **at = &rank->first; *at; at = &(*at)->next)
        if ((*at)->from == from && (*at)->tag == tag)
            return at;
    return NULL;
}

static void take(struct rank *rank, struct envelope **at, uint64_t size_B)
{
    struct world *world = rank->world;
    struct envelope *envelope = *at;

    *at = envelope->next;
    if (!*at)
        rank->last = at;
    if (envelope->is_received)
        *envelope->is_received = true;
    rank->count->traffic.n_receives++;
    rank->count->traffic.received_B += envelope->size_B;
    world->counter->n_wrong_sizes += envelope->size_B != size_B;
    world->has_moved = true;
    envelope->next = world->spare;
    world->spare = envelope;
}

static void receive(struct rank *rank, int from, int tag, uint64_t size_B)
{
    struct envelope **at;
    while (!(at = find(rank, from, tag)))
        end_turn(rank);
    take(rank, at, size_B);
}

static void send_and_wait(struct rank *rank, int to, int tag, uint64_t size_B)
{
    bool is_received = false;
    post(rank, to, tag, size_B, &is_received);
    while (!is_received)
        end_turn(rank);
}

/* --- the rank interface -------------------------------------------------------- */

int rank_number(const struct rank *rank)
{
    return rank->number;
}

struct comm *rank_world(struct rank *rank)
{
    world_comm.world = rank->world;
    return &world_comm;
}

void rank_send(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    (void)comm;
    if (rank->world->options->sends_wait)
        send_and_wait(rank, to, tag, size_B);
    else
        post(rank, to, tag, size_B, NULL);
}

void rank_ssend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    (void)comm;
    send_and_wait(rank, to, tag, size_B);
}

void rank_recv(struct rank *rank, struct comm *comm, int from, int tag, uint64_t size_B,
               struct message *got)
{
    (void)comm;
    assert(!got);
    receive(rank, from, tag, size_B);
}

void rank_sendrecv(struct rank *rank, struct comm *comm, int to, int send_tag, uint64_t send_B,
                   int from, int recv_tag, uint64_t recv_B, struct message *got)
{
    bool is_received = !rank->world->options->sends_wait;
    (void)comm;
    assert(!got);
    post(rank, to, send_tag, send_B, is_received ? NULL : &is_received);
    receive(rank, from, recv_tag, recv_B);
    while (!is_received)
        end_turn(rank);
}

bool rank_iprobe(struct rank *rank, struct comm *comm, int from, int tag, struct message *got)
{
    struct envelope **at = find(rank, from, tag);
    (void)comm;
    assert(!got);
    if (!at)
        return false;
    if (rank->world->options->probes_are_shy && !(*at)->was_hidden) {
        (*at)->was_hidden = true;
        return false;
    }
    return true;
}

void rank_compute(struct rank *rank, const struct work *work)
{
    assert(work->flops >= 0.0 && work->bytes >= 0.0);
    rank->count->flops[work->class] += work->flops;
    rank->count->bytes[work->class] += work->bytes;
    rank->count->n_works++;
}

/* No time passes here. */
void rank_look(struct rank *rank, double n)
{
    (void)rank, (void)n;
}

/* --- a run ------------------------------------------------------------------------ */

static int prepare_rank(struct world *world, int number)
{
    struct rank *rank = &world->ranks[number];
    const size_t state_size = world->program->state_size;

    *rank = (struct rank){.number = number,
                          .world = world,
                          .count = &world->counter->ranks[number],
                          .stack = malloc(STACK_B),
                          .state = calloc(1, state_size ? state_size : 1)};
    rank->last = &rank->first;
    if (!rank->stack || !rank->state || getcontext(&rank->context) != 0)
        return -ENOMEM;
    rank->context.uc_stack.ss_sp = rank->stack;
    rank->context.uc_stack.ss_size = STACK_B;
    makecontext(&rank->context, walk, 0);
    return 0;
}

static int prepare(struct world *world)
{
    const size_t n = (size_t)world->counter->n_ranks;

    world->counter->ranks = calloc(n, sizeof world->counter->ranks[0]);
    world->counter->n_between = calloc(n * n, sizeof world->counter->n_between[0]);
    world->ranks = calloc((size_t)world->program->n_ranks, sizeof world->ranks[0]);
    if (!world->counter->ranks || !world->counter->n_between || !world->ranks)
        return -ENOMEM;
    for (int i = 0; i < world->program->n_ranks; i++)
        if (prepare_rank(world, i) != 0)
            return -ENOMEM;
    return 0;
}

static int take_turns(struct world *world)
{
    int n_left = world->program->n_ranks;

    while (n_left > 0) {
        world->has_moved = false;
        for (int i = 0; i < world->program->n_ranks; i++) {
            struct rank *rank = &world->ranks[i];
            if (rank->is_done)
                continue;
            give_turn(rank);
            n_left -= rank->is_done;
        }
        if (!world->has_moved)
            return -EDEADLK;
    }
    return 0;
}

static uint64_t free_list(struct envelope *envelope)
{
    uint64_t n = 0;
    for (struct envelope *next; envelope; envelope = next, n++) {
        next = envelope->next;
        free(envelope);
    }
    return n;
}

static void finish(struct world *world)
{
    for (int i = 0; world->ranks && i < world->program->n_ranks; i++) {
        world->counter->n_left_over += free_list(world->ranks[i].first);
        free(world->ranks[i].stack);
        free(world->ranks[i].state);
    }
    free(world->ranks);
    free_list(world->spare);
}

int count_program(const struct program *program, int n_ranks, const struct counter_options *options,
                  struct counter *counter)
{
    struct world world = {.program = program, .options = options, .counter = counter};

    assert(n_ranks >= program->n_ranks);
    *counter = (struct counter){.n_ranks = n_ranks};
    current = &world;
    int status = prepare(&world);
    if (status == 0)
        status = take_turns(&world);
    finish(&world);
    current = NULL;
    return status;
}

void counter_release(struct counter *counter)
{
    free(counter->ranks);
    free(counter->n_between);
    *counter = (struct counter){0};
}

/* Nothing is timed, so nothing is recorded. */
void rank_record(struct rank *rank, int slot, double value)
{
    (void)rank, (void)slot, (void)value;
}

void rank_record_from(struct rank *rank, int first)
{
    (void)rank, (void)first;
}
