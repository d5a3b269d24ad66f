/*
 * simgrid_message.c - point-to-point messages of the SimGrid engine.
 *
 * Matching is MPI's (match.h), done here when a side is posted; SimGrid only moves the
 * bytes. An eager message flows as soon as it is sent and its sender goes on. Above the
 * threshold, and for synchronous sends, it flows when both sides have come (rendezvous) and the
 * sender waits for its end. Left out: the handshake's own packets, whose time calibrated profiles
 * have in the latency of their pieces by size.
 */
#include "simgrid_bridge.h"
#include "simgrid_cores.h"
#include "simgrid_noise.h"
#include "simgrid_registration.h"

#include <assert.h>
#include <math.h>
#include <simgrid/comm.h>
#include <simgrid/engine.h>
#include <simgrid/mailbox.h>
#include <simgrid/semaphore.h>
#include <stdlib.h>
#include <string.h>

/* A look for messages that finds none takes at least this long, so that polling ends. */
static const double shortest_poll_s = 1e-7;

/* --- pools ------------------------------------------------------------------- */

static struct request *request_new(struct rank *rank, enum request_kind kind, struct comm *comm)
{
    struct world *world = rank->world;
    struct request *request = world->free_requests;
    if (request)
        world->free_requests = request->next_free;
    else
        request = must_alloc(sizeof *request);
    *request = (struct request){.kind = kind, .rank = rank, .comm = comm};
    return request;
}

static void request_free(struct request *request)
{
    struct world *world = request->rank->world;
    request->next_free = world->free_requests;
    world->free_requests = request;
}

static struct envelope *envelope_new(struct rank *from, struct rank *to, uint64_t size_B)
{
    struct world *world = from->world;
    struct envelope *envelope = world->free_envelopes;
    if (envelope)
        world->free_envelopes = envelope->next;
    else
        envelope = must_alloc(sizeof *envelope);
    *envelope = (struct envelope){.from = from, .to = to, .size_B = size_B};
    return envelope;
}

/* The last side that is done with it frees it, and its place can be used again. */
static void envelope_release(struct envelope *envelope)
{
    struct world *world = envelope->from->world;
    if (--envelope->n_sides > 0)
        return;
    place_give_back(envelope->pool, envelope->place);
    envelope->next = world->free_envelopes;
    world->free_envelopes = envelope;
}

/* --- flows ------------------------------------------------------------------- */

/* SimGrid will ask for this message's cost when it handles the call that follows. */
static void about_to_start(struct envelope *envelope)
{
    struct world *world = envelope->from->world;
    registration_receive(envelope);
    envelope->has_started = true;
    envelope->next = NULL;
    *world->starting_end = envelope;
    world->starting_end = &envelope->next;
}

/* An empty message still is a packet; see network_transfer(). */
static long flow_size_B(const struct envelope *envelope)
{
    return envelope->size_B > 0 ? (long)envelope->size_B : 1;
}

static sg_comm_t send_into(sg_mailbox_t place, struct envelope *envelope)
{
    return sg_mailbox_put_async(place, envelope, flow_size_B(envelope));
}

/*
 * The sender goes on. It does not leave its flow to SimGrid (sg_comm_detach), which searches all
 * flows so left, of all ranks, whenever one ends: it ends the flow itself, later.
 */
static void send_and_go_on(sg_mailbox_t place, struct envelope *envelope)
{
    struct rank *from = envelope->from;

    envelope->sent_before = NULL;
    envelope->sent_after = from->sent;
    if (from->sent)
        from->sent->sent_before = envelope;
    from->sent = envelope;
    envelope->flow = send_into(place, envelope);
}

static void unlink_sent(struct envelope *envelope)
{
    if (envelope->sent_after)
        envelope->sent_after->sent_before = envelope->sent_before;
    if (envelope->sent_before)
        envelope->sent_before->sent_after = envelope->sent_after;
    else
        envelope->from->sent = envelope->sent_after;
}

static void note_received(struct envelope *envelope)
{
    if (!envelope->flow)
        return;
    unlink_sent(envelope);
    envelope->next = envelope->from->sent_and_received;
    envelope->from->sent_and_received = envelope;
}

static void end_sent(struct envelope *envelope)
{
    sg_comm_t flow = envelope->flow;

    envelope->flow = NULL; /* whoever receives it from now on need not tell */
    sg_comm_wait(flow);
    envelope_release(envelope);
}

void rank_end_sent(struct rank *rank, bool all)
{
    for (;;) {
        struct envelope *envelope = rank->sent_and_received;
        if (envelope)
            rank->sent_and_received = envelope->next;
        else if (all && rank->sent)
            unlink_sent(envelope = rank->sent);
        else
            return;
        end_sent(envelope);
    }
}

/* --- sending ------------------------------------------------------------------- */

static void note_sent(struct rank *rank, uint64_t size_B)
{
    rank->ledger.traffic.n_sends++;
    rank->ledger.traffic.sent_B += size_B;
    rank->ledger.largest_message_B = fmax(rank->ledger.largest_message_B, (double)size_B);
}

/* The receive was there first: the flow starts now, in the receive's place. */
static void start_matched(struct envelope *envelope, struct request *receive, struct request *send)
{
    receive->envelope = envelope;
    place_give_back(envelope->pool, envelope->place);
    envelope->place = receive->place;
    envelope->pool = &envelope->from->world->places;
    about_to_start(envelope);
    if (envelope->is_eager)
        send_and_go_on(envelope->place, envelope);
    else
        send->flow = send_into(envelope->place, envelope);
}

/* Nobody receives yet: an eager message flows all the same, a rendezvous waits in its place. */
static void start_unexpected(struct envelope *envelope, struct request *send)
{
    struct rank *to = envelope->to;
    const struct transfer notice =
        world_transfer(to->world, envelope->from->domain, to->domain, 0.0);
    envelope->visible_s = simgrid_get_clock() + notice.latency_s;
    if (to->is_probing)
        sg_sem_release(to->arrival);
    if (envelope->is_eager) {
        about_to_start(envelope);
        send_and_go_on(envelope->place, envelope);
    } else {
        send->flow = send_into(envelope->place, envelope);
    }
}

/*
 * The envelope of a message with the place that it needs if nobody receives yet. Making
 * a place lets other ranks run, so it comes before the matching, which nothing may interrupt.
 */
static struct envelope *address(struct rank *rank, struct comm *comm, int to, int tag,
                                uint64_t size_B, bool is_eager)
{
    struct world *world = rank->world;
    struct rank *receiver = &world->ranks[comm->members[to]];
    struct envelope *envelope = envelope_new(rank, receiver, size_B);
    envelope->entry.key =
        (struct match_key){.comm = comm->number, .source = comm_rank(comm, rank), .tag = tag};
    envelope->is_eager = is_eager;
    envelope->n_sides = 2;
    envelope->pool = is_eager ? &receiver->eager_places : &world->places;
    envelope->place = place_take(envelope->pool, is_eager ? receiver->number : -1);
    return envelope;
}

static enum path path_to(const struct rank *rank, const struct comm *comm, int to)
{
    const struct world *world = rank->world;
    const int domain = world->ranks[comm->members[to]].domain;
    return platform_path(world->platform, rank->domain, domain);
}

static struct request *post_send(struct rank *rank, struct comm *comm, int to, int tag,
                                 uint64_t size_B, bool is_synchronous)
{
    assert(to >= 0 && to < comm->size && tag >= 0);

    const struct world *world = rank->world;
    const enum path path = path_to(rank, comm, to);
    const struct stack_cost cost = network_send_cost(&world->network, path, (double)size_B);
    rank_book_stack(rank, &cost);
    rank_settle(rank);
    rank_end_sent(rank, false);
    note_sent(rank, size_B);

    const bool is_eager =
        !is_synchronous && (double)size_B <= network_eager_threshold_B(&world->platform->mpi, path);
    struct envelope *envelope = address(rank, comm, to, tag, size_B, is_eager);
    if (registration_send(envelope))
        rank_settle(rank);
    struct request *send = request_new(rank, REQUEST_SEND, comm);
    send->envelope = is_eager ? NULL : envelope;
    struct match_entry *receive = mailbox_add_message(&envelope->to->mailbox, &envelope->entry);
    if (receive)
        start_matched(envelope, (struct request *)receive, send);
    else
        start_unexpected(envelope, send);
    return send;
}

/* --- receiving ------------------------------------------------------------------- */

static struct request *post_receive(struct rank *rank, struct comm *comm, int from, int tag,
                                    uint64_t room_B)
{
    assert((from == RANK_ANY || (from >= 0 && from < comm->size)) && (tag == RANK_ANY || tag >= 0));

    rank_settle(rank);
    struct request *receive = request_new(rank, REQUEST_RECEIVE, comm);
    receive->room_B = room_B;
    receive->entry.key = (struct match_key){.comm = comm->number, .source = from, .tag = tag};
    receive->place = place_take(&rank->world->places, -1);
    struct envelope *envelope =
        (struct envelope *)mailbox_add_receive(&rank->mailbox, &receive->entry);
    if (envelope) {
        place_give_back(&rank->world->places, receive->place);
        receive->place = envelope->place;
        receive->envelope = envelope;
        if (!envelope->has_started)
            about_to_start(envelope);
    }
    receive->flow = sg_mailbox_get_async(receive->place, &receive->payload);
    return receive;
}

/* --- completing ------------------------------------------------------------------ */

static bool is_done_at_once(const struct request *request)
{
    return request->kind == REQUEST_SEND && !request->envelope;
}

static void block_on(const struct request *request)
{
    struct rank *rank = request->rank;
    if (request->kind == REQUEST_SEND) {
        const struct envelope *envelope = request->envelope;
        rank_block(rank, WAITING_FOR_RECEIVER, envelope->to->number, envelope->entry.key.tag);
        return;
    }
    const struct match_key *key = &request->entry.key;
    rank_block(rank, WAITING_FOR_MESSAGE,
               key->source == RANK_ANY ? RANK_ANY : request->comm->members[key->source], key->tag);
}

void envelope_tell(const struct envelope *envelope, struct message *got)
{
    if (got)
        *got = (struct message){.source = envelope->entry.key.source,
                                .tag = envelope->entry.key.tag,
                                .size_B = envelope->size_B};
}

/* How long the rank's vCPU has idled while this message's bytes came; on shared cores others may
 * have had it. */
static double idled_s(const struct rank *rank, const struct envelope *envelope)
{
    const double first_byte_s = fmax(envelope->visible_s, envelope->passage.start_s);
    return rank->shared_cores
               ? 0.0
               : fmax(0.0, simgrid_get_clock() - fmax(first_byte_s, rank->ledger.now_s));
}

static void finish_receive(struct request *request, double idle_s, struct message *got)
{
    struct rank *rank = request->rank;
    const struct envelope *envelope = request->envelope;
    assert(envelope->size_B <= request->room_B && "a message is larger than the receive's room");

    const struct stack_cost cost = network_recv_cost(
        &rank->world->network,
        platform_path(rank->world->platform, envelope->from->domain, rank->domain),
        (double)envelope->size_B);
    const struct stack_cost left = network_cost_after_wait(&cost, idle_s);
    rank_book_stack(rank, &left);
    rank->ledger.overlapped_s += cost.guest_s - left.guest_s;
    rank->ledger.traffic.n_receives++;
    rank->ledger.traffic.received_B += envelope->size_B;
    envelope_tell(envelope, got);
}

/* The flow is over: books the time until now and ends the request. */
static void finish(struct request *request, struct message *got)
{
    struct rank *rank = request->rank;
    if (request->envelope) {
        const double waited_s = simgrid_get_clock() - rank->ledger.now_s;
        const double idle_s = idled_s(rank, request->envelope);
        registration_finish(request);
        ledger_book_passage(&rank->ledger, &request->envelope->passage, simgrid_get_clock());
        rank_book_turn(rank, waited_s);
        rank_come_back(rank, waited_s);
        if (request->kind == REQUEST_RECEIVE) {
            finish_receive(request, idle_s, got);
            note_received(request->envelope);
        }
        envelope_release(request->envelope);
    }
    request_free(request);
}

void rank_wait(struct rank *rank, struct request *request, struct message *got)
{
    assert(request->rank == rank);

    if (!is_done_at_once(request)) {
        rank_settle(rank);
        block_on(request);
        sg_comm_wait_any(&request->flow, 1); /* cheaper in SimGrid than to wait for one */
        rank_unblock(rank);
    }
    finish(request, got);
}

void rank_wait_all(struct rank *rank, int n, struct request *requests[])
{
    for (int i = 0; i < n; i++)
        if (requests[i])
            rank_wait(rank, requests[i], NULL);
}

static int first_done_at_once(int n, struct request *const requests[])
{
    for (int i = 0; i < n; i++)
        if (requests[i] && is_done_at_once(requests[i]))
            return i;
    return -1;
}

static int wait_for_flow(struct rank *rank, int n, struct request *const requests[])
{
    sg_comm_t *flows = must_alloc((size_t)n * sizeof *flows);
    int *indices = must_alloc((size_t)n * sizeof *indices);
    size_t n_flows = 0;
    for (int i = 0; i < n; i++)
        if (requests[i]) {
            flows[n_flows] = requests[i]->flow;
            indices[n_flows++] = i;
        }
    assert(n_flows > 0);

    rank_settle(rank);
    block_on(requests[indices[0]]);
    const ssize_t position = sg_comm_wait_any(flows, n_flows);
    rank_unblock(rank);
    const int index = indices[position];
    free(indices);
    free(flows);
    return index;
}

int rank_wait_any(struct rank *rank, int n, struct request *requests[], struct message *got)
{
    int index = first_done_at_once(n, requests);
    if (index < 0)
        index = wait_for_flow(rank, n, requests);
    finish(requests[index], got);
    requests[index] = NULL;
    return index;
}

void rank_poll_in_vain(struct rank *rank, double look_s)
{
    rank_book_stack(rank, &(struct stack_cost){.native_s = fmax(look_s, shortest_poll_s)});
}

bool rank_test(struct rank *rank, struct request *request, struct message *got)
{
    rank_settle(rank);
    if (!is_done_at_once(request) && !bridge_flow_is_over(request->flow)) {
        rank_poll_in_vain(rank, rank_look_s(rank));
        return false;
    }
    rank_wait(rank, request, got);
    return true;
}

void rank_cancel(struct rank *rank, struct request *request)
{
    assert(request->rank == rank && request->kind == REQUEST_RECEIVE);

    rank_settle(rank);
    mailbox_remove_receive(&rank->mailbox, &request->entry);
    bridge_flow_cancel(request->flow);
    place_give_back(&rank->world->places, request->place);
    request_free(request);
}

/* --- the calls --------------------------------------------------------------------- */

void rank_send(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    rank_wait(rank, post_send(rank, comm, to, tag, size_B, false), NULL);
}

void rank_write(struct rank *rank, struct comm *comm, int to, uint64_t size_B)
{
    const struct stack_cost whole =
        network_send_cost(&rank->world->network, path_to(rank, comm, to), (double)size_B);
    const struct stack_cost kept = {.native_s = whole.native_s};
    rank_book_stack(rank, &kept);
}

void rank_ssend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    rank_wait(rank, post_send(rank, comm, to, tag, size_B, true), NULL);
}

void rank_recv(struct rank *rank, struct comm *comm, int from, int tag, uint64_t size_B,
               struct message *got)
{
    rank_wait(rank, post_receive(rank, comm, from, tag, size_B), got);
}

void rank_sendrecv(struct rank *rank, struct comm *comm, int to, int send_tag, uint64_t send_B,
                   int from, int recv_tag, uint64_t recv_B, struct message *got)
{
    struct request *receive = post_receive(rank, comm, from, recv_tag, recv_B);
    struct request *send = post_send(rank, comm, to, send_tag, send_B, false);
    rank_wait(rank, send, NULL);
    rank_wait(rank, receive, got);
}

struct request *rank_isend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    return post_send(rank, comm, to, tag, size_B, false);
}

struct request *rank_issend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    return post_send(rank, comm, to, tag, size_B, true);
}

struct request *rank_irecv(struct rank *rank, struct comm *comm, int from, int tag, uint64_t size_B)
{
    return post_receive(rank, comm, from, tag, size_B);
}
