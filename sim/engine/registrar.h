/*
 * registrar.h - the buffers of one rank, and one direction, that are registered with its adapter.
 *
 * Registrations are CPU work of the rank, one after the other. Messages that use a buffer at the
 * same time share its registration, whether or not the library caches those that nobody uses. The
 * rank interface knows no buffers: messages that are under way at once between the same ranks with
 * the same tag and size are taken to use the same one, as those of a bandwidth test's window do.
 * Left out: to remember more than the last buffer, and libraries that register one part of a long
 * message while the part before flows.
 */
#ifndef VHPCSIM_REGISTRAR_H
#define VHPCSIM_REGISTRAR_H

#include "models/network.h"

#include <stdint.h>

/* Which buffer a message uses: `partner` is a rank of the world. */
struct buffer_key {
    int partner;
    int tag;
    uint64_t size_B;
};

struct registrar {
    struct buffer_key last; /* the buffer that was registered last */
    int n_users;            /* messages under way that use it */
    double done_s;          /* when the rank is through with all registrations */
    struct stack_cost spent, booked;
};

/* What a message needs to know of its buffer's registration. */
struct registered {
    double ready_s;          /* bytes may flow from then on */
    struct stack_cost spent; /* by the registrar until then */
};

/*
 * A message wants to use a buffer at `now_s`, which never goes back; to register it takes `cost`.
 * Each use ends with registrar_end().
 */
struct registered registrar_use(struct registrar *registrar, struct buffer_key key,
                                const struct stack_cost *cost, double now_s);
void registrar_end(struct registrar *registrar, struct buffer_key key);

/*
 * CPU time that has been spent until the message was ready and that no earlier call has returned:
 * asked for each message, it returns every registration's cost once.
 */
struct stack_cost registrar_take_cost(struct registrar *registrar,
                                      const struct registered *registered);

#endif
