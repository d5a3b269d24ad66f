#include "counter_world.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { STACK_B = 64 * 1024 };

/* A message under way, or waiting for its receive. */
struct letter {
    struct match_entry entry; /* first: a letter is its entry */
    struct letter *next_spare;
    uint64_t size_B;
    struct request *send; /* of a sender that waits for the receive; NULL: nobody does */
    bool was_hidden;      /* from a probe */
};

struct request {
    struct match_entry entry; /* first: a receive is its entry */
    struct rank *rank;
    uint64_t size_B; /* that a receive expects */
    struct message got;
    bool is_complete;
};

/* makecontext() hands over ints only; the tests walk one program at a time. */
static struct world *current;

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

void rank_sleep(struct rank *rank)
{
    rank->is_asleep = true;
    end_turn(rank);
}

void rank_wake(struct rank *rank)
{
    rank->is_asleep = false;
    rank->world->has_moved = true;
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

static struct letter *new_letter(struct world *world)
{
    struct letter *letter = world->spare;
    if (letter)
        world->spare = letter->next_spare;
    else
        letter = malloc(sizeof *letter);
    assert(letter);
    return letter;
}

static void complete(struct request *request)
{
    request->is_complete = true;
    rank_wake(request->rank);
}

static void deliver(struct letter *letter, struct request *receive)
{
    struct world *world = receive->rank->world;

    receive->got = (struct message){
        .source = letter->entry.key.source, .tag = letter->entry.key.tag, .size_B = letter->size_B};
    receive->rank->count->traffic.n_receives++;
    receive->rank->count->traffic.received_B += letter->size_B;
    world->counter->n_wrong_sizes += letter->size_B != receive->size_B;
    world->counter->n_shorter += letter->size_B < receive->size_B;
    complete(receive);
    if (letter->send)
        complete(letter->send);
    letter->next_spare = world->spare;
    world->spare = letter;
}

/* `send` is complete at once unless somebody waits for the receive. */
static void start_send(struct request *send, struct rank *rank, struct comm *comm, int to, int tag,
                       uint64_t size_B, bool waits)
{
    assert(to >= 0 && to < comm->size && tag >= 0);
    struct world *world = rank->world;
    struct rank *receiver = &world->ranks[comm->members[to]];
    struct letter *letter = new_letter(world);

    *send = (struct request){.rank = rank, .is_complete = !waits};
    *letter = (struct letter){.entry.key = {comm->number, comm_rank(comm, rank), tag},
                              .size_B = size_B,
                              .send = waits ? send : NULL};
    rank->count->traffic.n_sends++;
    rank->count->traffic.sent_B += size_B;
    world->counter->n_between[(size_t)rank->number * (size_t)world->counter->n_ranks +
                              (size_t)receiver->number]++;
    struct match_entry *receive = mailbox_add_message(&receiver->mailbox, &letter->entry);
    if (receive)
        deliver(letter, (struct request *)receive);
    else
        rank_wake(receiver); /* it may wait for a probe to succeed */
}

static void start_receive(struct request *receive, struct rank *rank, struct comm *comm, int from,
                          int tag, uint64_t size_B)
{
    assert(from == RANK_ANY || (from >= 0 && from < comm->size));
    *receive =
        (struct request){.entry.key = {comm->number, from, tag}, .rank = rank, .size_B = size_B};
    struct match_entry *letter = mailbox_add_receive(&rank->mailbox, &receive->entry);
    if (letter)
        deliver((struct letter *)letter, receive);
}

static void finish_request(struct request *request, struct message *got)
{
    while (!request->is_complete)
        rank_sleep(request->rank);
    if (got)
        *got = request->got;
}

/* --- the rank interface: point to point ------------------------------------------ */

int rank_number(const struct rank *rank)
{
    return rank->number;
}

struct comm *rank_world(struct rank *rank)
{
    return rank->world->everybody;
}

/* A message without a byte is eager whatever the threshold is. */
static bool must_wait(const struct rank *rank, uint64_t size_B)
{
    return rank->world->options->sends_wait && size_B > 0;
}

void rank_send(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    struct request send;
    start_send(&send, rank, comm, to, tag, size_B, must_wait(rank, size_B));
    finish_request(&send, NULL);
}

void rank_write(struct rank *rank, struct comm *comm, int to, uint64_t size_B)
{
    (void)rank, (void)comm, (void)to, (void)size_B;
}

void rank_ssend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    struct request send;
    start_send(&send, rank, comm, to, tag, size_B, true);
    finish_request(&send, NULL);
}

void rank_recv(struct rank *rank, struct comm *comm, int from, int tag, uint64_t size_B,
               struct message *got)
{
    struct request receive;
    start_receive(&receive, rank, comm, from, tag, size_B);
    finish_request(&receive, got);
}

void rank_sendrecv(struct rank *rank, struct comm *comm, int to, int send_tag, uint64_t send_B,
                   int from, int recv_tag, uint64_t recv_B, struct message *got)
{
    struct request send, receive;
    start_receive(&receive, rank, comm, from, recv_tag, recv_B);
    start_send(&send, rank, comm, to, send_tag, send_B, must_wait(rank, send_B));
    finish_request(&receive, got);
    finish_request(&send, NULL);
}

static struct request *new_request(void)
{
    struct request *request = malloc(sizeof *request);
    assert(request);
    return request;
}

struct request *rank_isend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    struct request *send = new_request();
    start_send(send, rank, comm, to, tag, size_B, must_wait(rank, size_B));
    return send;
}

struct request *rank_issend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    struct request *send = new_request();
    start_send(send, rank, comm, to, tag, size_B, true);
    return send;
}

struct request *rank_irecv(struct rank *rank, struct comm *comm, int from, int tag, uint64_t size_B)
{
    struct request *receive = new_request();
    start_receive(receive, rank, comm, from, tag, size_B);
    return receive;
}

void rank_wait(struct rank *rank, struct request *request, struct message *got)
{
    assert(request->rank == rank);
    finish_request(request, got);
    free(request);
}

void rank_wait_all(struct rank *rank, int n, struct request *requests[])
{
    for (int i = 0; i < n; i++)
        if (requests[i]) {
            rank_wait(rank, requests[i], NULL);
            requests[i] = NULL;
        }
}

int rank_wait_any(struct rank *rank, int n, struct request *requests[], struct message *got)
{
    for (;; rank_sleep(rank))
        for (int i = 0; i < n; i++)
            if (requests[i] && requests[i]->is_complete) {
                rank_wait(rank, requests[i], got);
                requests[i] = NULL;
                return i;
            }
}

bool rank_test(struct rank *rank, struct request *request, struct message *got)
{
    if (!request->is_complete) {
        end_turn(rank); /* who polls must see the others go on */
        return false;
    }
    rank_wait(rank, request, got);
    return true;
}

void rank_cancel(struct rank *rank, struct request *request)
{
    mailbox_remove_receive(&rank->mailbox, &request->entry);
    free(request);
}

/* The message that a probe sees; NULL: none. */
static struct letter *peek(struct rank *rank, struct comm *comm, int from, int tag,
                           struct message *got)
{
    const struct match_key key = {comm->number, from, tag};
    struct letter *letter = (struct letter *)mailbox_peek(&rank->mailbox, &key);

    if (letter && got)
        *got = (struct message){.source = letter->entry.key.source,
                                .tag = letter->entry.key.tag,
                                .size_B = letter->size_B};
    return letter;
}

bool rank_iprobe(struct rank *rank, struct comm *comm, int from, int tag, struct message *got)
{
    struct letter *letter = peek(rank, comm, from, tag, got);

    if (letter && (letter->was_hidden || !rank->world->options->probes_are_shy))
        return true;
    if (letter) {
        letter->was_hidden = true;
        rank->world->has_moved = true;
    }
    end_turn(rank);
    return false;
}

void rank_probe(struct rank *rank, struct comm *comm, int from, int tag, struct message *got)
{
    while (!peek(rank, comm, from, tag, got))
        rank_sleep(rank);
}

/* --- the rank interface: work and time --------------------------------------------- */

double rank_time_s(const struct rank *rank)
{
    (void)rank;
    return 0.0;
}

void rank_node_cpu(struct rank *rank, double cpu_s[N_CPU_DOMAINS])
{
    (void)rank;
    for (int domain = 0; domain < N_CPU_DOMAINS; domain++)
        cpu_s[domain] = 0.0;
}

void rank_compute(struct rank *rank, const struct work *work)
{
    assert(work->flops >= 0.0 && work->bytes >= 0.0);
    rank->count->flops[work->class] += work->flops;
    rank->count->bytes[work->class] += work->bytes;
    rank->count->n_works++;
    rank->world->has_moved = true; /* who polls between computations comes to their end */
}

void rank_disk(struct rank *rank, const struct disk_access *access)
{
    rank->count->disk_B += access->n_records * access->record_B;
}

/* Nothing is timed, so nothing is recorded. */
void rank_record(struct rank *rank, int slot, double value)
{
    (void)rank, (void)slot, (void)value;
}

bool rank_enter(struct rank *rank, int n_ranks, int first_slot)
{
    (void)rank, (void)n_ranks, (void)first_slot;
    assert(!"suites are counted part by part");
    return false;
}

/* No time passes here. */
void rank_look(struct rank *rank, double n)
{
    (void)rank, (void)n;
}

long rank_take(struct rank *rank, const struct comm *comm, uint64_t bag, long n)
{
    const long taken = bags_take(&rank->world->bags, bag, n, comm_size(comm));
    assert(taken >= -1);
    return taken;
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
    mailbox_init(&rank->mailbox);
    if (!rank->stack || !rank->state || getcontext(&rank->context) != 0)
        return -ENOMEM;
    rank->context.uc_stack.ss_sp = rank->stack;
    rank->context.uc_stack.ss_size = STACK_B;
    makecontext(&rank->context, walk, 0);
    return 0;
}

static int prepare_everybody(struct world *world)
{
    const int n = world->program->n_ranks;
    int *members = calloc((size_t)n, sizeof *members);

    for (int i = 0; members && i < n; i++)
        members[i] = i;
    if (members)
        world->everybody = comm_new(world, n, members);
    free(members);
    return world->everybody ? 0 : -ENOMEM;
}

static int prepare(struct world *world)
{
    const size_t n = (size_t)world->counter->n_ranks;

    world->counter->ranks = calloc(n, sizeof world->counter->ranks[0]);
    world->counter->n_between = calloc(n * n, sizeof world->counter->n_between[0]);
    world->ranks = calloc((size_t)world->program->n_ranks, sizeof world->ranks[0]);
    if (!world->counter->ranks || !world->counter->n_between || !world->ranks ||
        prepare_everybody(world) != 0)
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
            if (rank->is_done || rank->is_asleep)
                continue;
            give_turn(rank);
            n_left -= rank->is_done;
        }
        if (!world->has_moved)
            return -EDEADLK;
    }
    return 0;
}

/* What lies in a mailbox for ever. */
static uint64_t discard_letters(struct mailbox *mailbox)
{
    uint64_t n = 0;

    for (struct match_entry *entry = mailbox->messages.first, *next; entry; entry = next, n++) {
        next = entry->next;
        free(entry);
    }
    return n;
}

static void finish(struct world *world)
{
    for (int i = 0; world->ranks && i < world->program->n_ranks; i++) {
        world->counter->n_left_over += discard_letters(&world->ranks[i].mailbox);
        free(world->ranks[i].stack);
        free(world->ranks[i].state);
    }
    free(world->ranks);
    comms_free(world);
    bags_release(&world->bags);
    for (struct letter *letter = world->spare, *next; letter; letter = next) {
        next = letter->next_spare;
        free(letter);
    }
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
