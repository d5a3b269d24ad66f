/*
 * counterfactual_ideal.h - the counterfactuals that make a part of the machine ideal, native or
 * not, and what all counterfactuals ask of a scenario; for counterfactual.c.
 */
#ifndef VHPCSIM_COUNTERFACTUAL_IDEAL_H
#define VHPCSIM_COUNTERFACTUAL_IDEAL_H

#include "counterfactual.h"

bool ideal_always_concerns(const struct scenario *scenario);
void ideal_compute(struct scenario *scenario);

bool ideal_has_mpi_stack(const struct scenario *scenario);
void ideal_mpi_stack(struct scenario *scenario);

/* Whether messages of some size cost CPU time, and what takes that away, or what is on the way. */
bool ideal_has_cpu_times(const struct message_pieces *pieces);
void ideal_cpu_times(struct message_pieces *pieces);
void ideal_way(struct message_pieces *pieces);

/* Whether two ranks may run under one operating system. */
bool ideal_has_local_messages(const struct scenario *scenario);
void ideal_local_messages(struct scenario *scenario);

void ideal_wire(struct scenario *scenario);

static inline bool is_virtual(const struct scenario *scenario)
{
    return scenario->virtualization.technology.kind != VIRT_NATIVE;
}

/* Some parameters have a value of their own for guests of two and more vCPUs. */
static inline bool has_smp_guests(const struct scenario *scenario)
{
    return scenario->virtualization.vcpus > 1;
}

static inline bool is_above(const struct parameter *p, double value)
{
    return p->value > value;
}

#endif
