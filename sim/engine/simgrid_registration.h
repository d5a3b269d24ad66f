/*
 * simgrid_registration.h - registration of buffers in the SimGrid engine: who pays, and when.
 *
 * The sender registers before it asks for the rendezvous. The receiver registers when both have
 * come, which delays the flow; that its core may be computing at that moment is left out, as it is
 * of every rendezvous, but the CPU time is the rank's in any case.
 */
#ifndef VHPCSIM_SIMGRID_REGISTRATION_H
#define VHPCSIM_SIMGRID_REGISTRATION_H

#include "simgrid_world.h"

/* Books the sender's registration, if the message has one; then true. */
bool registration_send(struct envelope *envelope);

/* Both have come: the receiver registers from now on. */
void registration_receive(struct envelope *envelope);

/* How long the flow that starts now has to wait for it; 0 where nothing is registered. */
double registration_delay_s(const struct envelope *envelope);

/* The request's flow is over: a receiver books what it spent, before it books the passage. */
void registration_finish(const struct request *request);

#endif
