#include "interrupt.h"

#include <assert.h>
#include <math.h>

double interrupt_count(const struct interrupts *interrupts, double n_packets)
{
    assert(n_packets >= 1.0 && interrupts->packets.value >= 1.0);

    return fmax(1.0, ceil(n_packets / interrupts->packets.value));
}

double interrupt_cost_s(const struct interrupts *interrupts, double n_packets)
{
    if (interrupts->cost_s.value == 0.0)
        return 0.0;
    return interrupts->cost_s.value * interrupt_count(interrupts, n_packets);
}
