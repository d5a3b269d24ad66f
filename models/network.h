/*
 * network.h - what a message costs on its way from rank to rank.
 *
 * A message pays, in this order: the sender's CPU (MPI library, native and
 * guest stack, registration of its buffer), the sender's backend, the wire, the receiver's backend,
 * the receiver's interrupts and CPU. Stacks are CPU time of the rank. A backend is a serial server:
 * the engine gives it a capacity in bytes per second, and a message that carries more service
 * time than its bytes would holds it for longer. Packets are pipelined through the
 * stages, so a long message moves at the pace of the slowest stage. Where the guest has the NIC in
 * its own hands, the IOMMU that translates the NIC's addresses is such a stage.
 *
 * Profiles that were calibrated add to that by message size (struct message_piece): the MPI
 * library's pieces change the CPU times and the wire as a stage, or the way within an operating
 * system; those of a technology add CPU times to the guest's stack, and to the way as a whole what
 * all stages together do not explain. With no other mechanism than pieces, a message of s bytes
 * takes, between hosts,
 *     send_message + recv_message + (send_byte + recv_byte) s    (of both lists, summed)
 *   + link's latency + latency (of both) + slowdown (of both, multiplied) x s on the wire,
 * between guests of one host the same with that path's latency and bandwidth in place of the
 * link's and with CPU times of both, the rest of the technology's pieces alone, and under one
 * operating system with local_sizes, local_latency and local_bandwidth.
 *
 * Left out: loss and retransmission, TCP windows, acknowledgements' own packets.
 */
#ifndef VHPCSIM_NETWORK_H
#define VHPCSIM_NETWORK_H

#include "host.h"
#include "profile.h"
#include "random.h"

/* Which way a message takes. */
enum path {
    PATH_SAME_DOMAIN, /* both ranks under one operating system, or in guests that share memory:
                         shared memory or loopback */
    PATH_SAME_HOST,   /* two guests of one host: bridge or page flip, no wire */
    PATH_OTHER_HOST,  /* over the NIC */
    N_PATH
};

/* What the network model sees of the cluster: pointers are borrowed. */
struct network {
    const struct node_profile *node;
    const struct link_profile *link;
    const struct mpi_profile *mpi;
    const struct virt_profile *virt;
    int n_vcpus; /* of a guest; 0: native */
};

/* Size of the largest message that the library sends before its receiver is ready. */
double network_eager_threshold_B(const struct mpi_profile *mpi, enum path path);

/* CPU time of the rank for one message, in seconds: the native part and what the guest adds. */
struct stack_cost {
    double native_s;
    double guest_s;
    double exit_s;     /* of guest_s, what the hypervisor spends on interrupts */
    double arriving_s; /* of guest_s, what a receiver's guest does while a long message arrives */
};
struct stack_cost network_send_cost(const struct network *net, enum path path, double size_B);
struct stack_cost network_recv_cost(const struct network *net, enum path path, double size_B);

/*
 * What is left of a receiver's cost when its vCPU was idle for the last `idle_s` >= 0 seconds in
 * which the message arrived: the guest's stack takes packets as interrupts announce them, so only
 * those of the last interrupt, and what it had no time for, come after the message. Never below
 * guest_s - arriving_s; the same where the vCPU was busy. exit_s, which is an account and no
 * duration, stays whole.
 */
struct stack_cost network_cost_after_wait(const struct stack_cost *cost, double idle_s);

/*
 * CPU time that each side spends on registering its buffer before the bytes of a message flow: the
 * MPI library's own and what the technology adds. Zero below the library's threshold, for
 * eager messages, and where no adapter moves the bytes.
 */
struct stack_cost network_registration_cost(const struct network *net, enum path path,
                                            double size_B);

double stack_cost_s(const struct stack_cost *cost); /* native and guest */
struct stack_cost stack_cost_sum(const struct stack_cost *a, const struct stack_cost *b);

/* Packets that a message of `size_B` needs on this link; at least 1. */
double network_packets(const struct link_profile *link, double size_B);

/*
 * Payload bytes per second that one direction of the wire carries in full
 * packets: bandwidth x payload / (mtu + frame overhead).
 */
double network_wire_Bps(const struct link_profile *link);

/*
 * The same of a node's NIC, whose every page the IOMMU has to translate first: the slower of wire
 * and translation.
 */
double network_nic_Bps(const struct network *net);

/*
 * Payload bytes per second that an idle host's backend moves in full packets,
 * in and out together. Infinite where the technology has no backend.
 */
double network_backend_Bps(const struct network *net);

/* The same of several backends together that have `n_cores` (>= 1) to run on. */
double network_backends_Bps(const struct network *net, int n_cores);

/*
 * Factor by which the backends of a host with this load, and its bridge between guests, are slower
 * than on an idle host, >= 1; 1 without a backend. An engine that can change a server's capacity
 * follows it while a message is under way; a transfer's rate has it as it is at the start.
 */
double network_backend_slowdown(const struct network *net, const struct host_load *load);

/*
 * Host CPU seconds that the backend of one side spends on one message. Zero where the technology
 * has none, and within a domain. Between guests of one host, where packets need not be
 * cut for a wire, a backend is at work no longer than the message takes: one that serves both
 * guests half as long for each.
 */
double network_backend_cpu_s(const struct network *net, enum path path, double size_B);

/* Bytes per second between two guests of an idle host, over the network. */
double network_same_host_Bps(const struct network *net);

/* One message between its two stacks; what an idle network would take. */
struct transfer {
    double latency_s;   /* before the first byte is through */
    double rate_Bps;    /* of the slowest stage under this load, once bytes flow */
    double rate_factor; /* <= 1: what the message gets of its share of the slowest stage, for the
                           service time that comes per message and per short packet, and for
                           messages of a slow size */
    double wire_s;      /* idle duration of the wire alone, for attribution */
    double spread;      /* relative standard deviation of its duration; what is above is the mean */
};

/*
 * Returns the cost of a message of `size_B` bytes on `path` while its two hosts do
 * what `from` and `to` say. Rises or stays with size, latency and load; falls or stays when a
 * bandwidth rises. With an unloaded native profile, it is latency + size / bandwidth. Pieces by
 * size break the first promise where one ends: they are facts, not mechanisms.
 */
struct transfer network_transfer(const struct network *net, enum path path, double size_B,
                                 const struct host_load *from, const struct host_load *to);

/* Idle duration of a transfer, stacks left out: latency_s + size_B / (rate_Bps rate_factor). */
double transfer_duration_s(const struct transfer *transfer, double size_B);

/*
 * Draws what becomes of one message: its durations, of the wire too, are multiplied by a lognormal
 * number of mean 1 and of the transfer's spread, which is 0 then. Nothing is drawn, or changed,
 * where it is 0. A message that is early may so be faster than its path is on average. Left out:
 * that a message which is early has to wait for one that is late.
 */
void transfer_draw(struct transfer *transfer, struct random_stream *stream);

#endif
