/*
 * validity.h - is the scenario inside the range in which its parameters were measured?
 *
 * A parameter may say over which range of its own variable somebody measured it. Two variables
 * are known here: the size of a message, for parameters whose range is in bytes, and the number
 * of active cores of a node, for pairs of parameters (alone, full_node; one, all) that are points
 * of one curve, so that their ranges count together. Left out: matrix shapes of the
 * dgemm polynomial.
 */
#ifndef VHPCSIM_VALIDITY_H
#define VHPCSIM_VALIDITY_H

#include "sim/input/scenario.h"
#include "warning.h"

/* What a run did, as far as ranges speak of it. */
struct usage {
    double largest_message_B; /* 0: no message */
    int n_active;             /* cores at work on the fullest node, >= 1 */
};

/* Adds a warning for each parameter of a mechanism that the scenario has which was used outside. */
void validity_warn(const struct scenario *scenario, const struct usage *usage,
                   struct warnings *warnings);

#endif
