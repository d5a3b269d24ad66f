/*
 * mitigation.h - what defences against processors' leaks cost a message.
 *
 * Since 2018 kernels and hypervisors of many processors change page tables, flush predictors,
 * buffers and caches whenever they are entered or left (Meltdown, Spectre, L1TF, MDS). Computing
 * hardly enters them. A message over the kernel's network stack does, by system calls and
 * interrupts, and in a guest it leaves the guest as well: to notify the device, for each access to
 * an emulated one, and to be interrupted. Libraries that reach the adapter past the kernel do
 * neither.
 *
 * Left out: what is slower inside kernels (retpolines), in I/O backends and disks, and the switched
 * off hardware threads that some of these defences ask for, which is another knob.
 */
#ifndef VHPCSIM_MITIGATION_H
#define VHPCSIM_MITIGATION_H

#include "profile.h"

/* CPU time that mitigations add to one message on one side. */
struct mitigation_cost {
    double kernel_s; /* entries into kernels, the bare node's or the guest's */
    double exit_s;   /* the guest's exits; 0 without a guest */
};

/*
 * Of the sender, whose message has `n_packets` >= 1, and of the receiver, whom `n_interrupts` >= 0
 * announce it. Additive in entries, message, packets and interrupts; zero where the node's costs
 * are, which is how a scenario without mitigations has them.
 */
struct mitigation_cost mitigation_of_send(const struct node_profile *node,
                                          const struct mpi_profile *mpi,
                                          const struct virt_profile *virt, double n_packets);
struct mitigation_cost mitigation_of_receive(const struct node_profile *node,
                                             const struct mpi_profile *mpi,
                                             const struct virt_profile *virt, double n_packets,
                                             double n_interrupts);

#endif
