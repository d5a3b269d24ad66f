/*
 * interrupt.h - what the NIC's interrupts cost a guest that receives a message.
 *
 * A packet that arrives raises an interrupt of the host, which the hypervisor passes on: the guest
 * exits, is told, handles it and says so, which may be one more exit. NICs and drivers
 * *coalesce*: one interrupt announces several packets that follow each other closely, so a long
 * message needs few interrupts a byte and a short one cannot do with less than one.
 * Left out: packets of different messages that share an interrupt.
 */
#ifndef VHPCSIM_INTERRUPT_H
#define VHPCSIM_INTERRUPT_H

#include "profile.h"

/*
 * Interrupts of a message of `n_packets` (>= 1): max(1, n_packets / coalesced, rounded up). Never
 * rises with coalescing; with one packet an interrupt it is the number of packets.
 */
double interrupt_count(const struct interrupts *interrupts, double n_packets);

/* vCPU time of them; 0 where an interrupt costs nothing. */
double interrupt_cost_s(const struct interrupts *interrupts, double n_packets);

#endif
