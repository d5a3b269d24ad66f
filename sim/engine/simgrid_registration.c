#include "simgrid_registration.h"
#include "models/registration.h"
#include "simgrid_noise.h"

#include <math.h>
#include <simgrid/engine.h>

static struct buffer_key buffer_with(const struct rank *partner, const struct envelope *envelope)
{
    return (struct buffer_key){
        .partner = partner->number, .tag = envelope->entry.key.tag, .size_B = envelope->size_B};
}

bool registration_send(struct envelope *envelope)
{
    struct rank *from = envelope->from;
    const struct world *world = from->world;
    if (!registers(&world->platform->mpi, (double)envelope->size_B))
        return false;
    const enum path path = platform_path(world->platform, from->domain, envelope->to->domain);
    envelope->registration =
        network_registration_cost(&world->network, path, (double)envelope->size_B);
    envelope->is_registered = stack_cost_s(&envelope->registration) > 0.0;
    if (!envelope->is_registered)
        return false;
    const struct registered sent =
        registrar_use(&from->sending, buffer_with(envelope->to, envelope), &envelope->registration,
                      from->ledger.now_s);
    const struct stack_cost cost = registrar_take_cost(&from->sending, &sent);
    rank_book_stack(from, &cost);
    return true;
}

void registration_receive(struct envelope *envelope)
{
    if (envelope->is_registered)
        envelope->received =
            registrar_use(&envelope->to->receiving, buffer_with(envelope->from, envelope),
                          &envelope->registration, simgrid_get_clock());
}

double registration_delay_s(const struct envelope *envelope)
{
    return envelope->is_registered ? fmax(0.0, envelope->received.ready_s - simgrid_get_clock())
                                   : 0.0;
}

void registration_finish(const struct request *request)
{
    struct rank *rank = request->rank;
    const struct envelope *envelope = request->envelope;
    if (!envelope->is_registered)
        return;
    if (request->kind == REQUEST_SEND) {
        registrar_end(&rank->sending, buffer_with(envelope->to, envelope));
        return;
    }
    registrar_end(&rank->receiving, buffer_with(envelope->from, envelope));
    const struct stack_cost cost = registrar_take_cost(&rank->receiving, &envelope->received);
    ledger_book_until(&rank->ledger, LAYER_WAIT, envelope->received.ready_s - stack_cost_s(&cost));
    rank_book_stack(rank, &cost);
}
