#include "registrar.h"

#include <math.h>
#include <stdbool.h>

static bool is_same(struct buffer_key a, struct buffer_key b)
{
    return a.partner == b.partner && a.tag == b.tag && a.size_B == b.size_B;
}

struct registered registrar_use(struct registrar *registrar, struct buffer_key key,
                                const struct stack_cost *cost, double now_s)
{
    if (registrar->n_users > 0 && is_same(registrar->last, key)) {
        registrar->n_users++;
    } else {
        registrar->last = key;
        registrar->n_users = 1;
        registrar->done_s = fmax(now_s, registrar->done_s) + stack_cost_s(cost);
        registrar->spent = stack_cost_sum(&registrar->spent, cost);
    }
    return (struct registered){.ready_s = fmax(now_s, registrar->done_s),
                               .spent = registrar->spent};
}

/* The users of a buffer that is not the last any more may end as they like. */
void registrar_end(struct registrar *registrar, struct buffer_key key)
{
    if (registrar->n_users > 0 && is_same(registrar->last, key))
        registrar->n_users--;
}

struct stack_cost registrar_take_cost(struct registrar *registrar,
                                      const struct registered *registered)
{
    const struct stack_cost cost = {
        .native_s = fmax(0.0, registered->spent.native_s - registrar->booked.native_s),
        .guest_s = fmax(0.0, registered->spent.guest_s - registrar->booked.guest_s)};
    registrar->booked = stack_cost_sum(&registrar->booked, &cost);
    return cost;
}
