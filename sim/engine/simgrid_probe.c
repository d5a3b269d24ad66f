/*
 * simgrid_probe.c - ranks that look for messages without receiving them, for the SimGrid engine.
 *
 * A message can be seen when its notice has come: its latency after it was sent.
 */
#include "simgrid_cores.h"
#include "simgrid_noise.h"

#include <simgrid/engine.h>
#include <simgrid/semaphore.h>

static const struct envelope *find(const struct rank *rank, const struct comm *comm, int from,
                                   int tag)
{
    const struct match_key key = {.comm = comm->number, .source = from, .tag = tag};
    return (const struct envelope *)mailbox_peek(&rank->mailbox, &key);
}

/* A probe that finds nothing costs like the receipt of an empty message: programs probe in loops
 * that compute nothing, and shorter steps would only take longer to simulate. */
bool rank_iprobe(struct rank *rank, struct comm *comm, int from, int tag, struct message *got)
{
    rank_settle(rank);
    const struct envelope *envelope = find(rank, comm, from, tag);
    if (!envelope || envelope->visible_s > rank->ledger.now_s) {
        const struct network *network = &rank->world->network;
        rank_poll_in_vain(rank, network_recv_cost(network, PATH_SAME_DOMAIN, 0.0).native_s);
        return false;
    }
    envelope_tell(envelope, got);
    return true;
}

void rank_probe(struct rank *rank, struct comm *comm, int from, int tag, struct message *got)
{
    rank_settle(rank);
    if (!rank->arrival)
        rank->arrival = sg_sem_init(0);
    const struct envelope *envelope;
    rank->is_probing = true;
    rank_block(rank, WAITING_FOR_MESSAGE, from == RANK_ANY ? from : comm->members[from], tag);
    while (!(envelope = find(rank, comm, from, tag)))
        sg_sem_acquire(rank->arrival);
    rank->is_probing = false;
    rank_unblock(rank);
    const double begun_s = rank->ledger.now_s;
    const double now_s = simgrid_get_clock();
    if (now_s > rank->ledger.now_s)
        ledger_book(&rank->ledger, LAYER_WAIT, now_s - rank->ledger.now_s);
    if (envelope->visible_s > rank->ledger.now_s)
        ledger_book(&rank->ledger, LAYER_WIRE, envelope->visible_s - rank->ledger.now_s);
    const double waited_s = rank->ledger.now_s - begun_s;
    rank_book_turn(rank, waited_s);
    rank_come_back(rank, waited_s);
    envelope_tell(envelope, got);
}
