/*
 * simgrid_bridge.h - the little of SimGrid that has no C interface, for simgrid.c.
 *
 * Builds the simulated platform, starts one actor a rank, and moves bytes between domains. It
 * knows neither MPI nor costs: it asks the engine through callbacks. One
 * simulation per process; nothing here is reentrant.
 */
#ifndef VHPCSIM_SIMGRID_BRIDGE_H
#define VHPCSIM_SIMGRID_BRIDGE_H

#include "sim/platform/platform.h"

#include <simgrid/forward.h>
#include <stdbool.h>
#include <stddef.h>

/* What a flow of bytes costs, asked when it starts. */
struct flow_cost {
    double latency_s;
    double rate_factor; /* what it gets of its share of the route's links, > 0 */
};

struct bridge_callbacks {
    void (*rank_main)(void *context, int rank);
    struct flow_cost (*flow_cost)(void *context, int from_domain, int to_domain, double size_B,
                                  int n_switch_links);
    /* CPU seconds of sender or receiver for a message inside a collective. */
    double (*send_cost_s)(void *context, int from_domain, int to_domain, double size_B);
    double (*recv_cost_s)(void *context, int from_domain, int to_domain, double size_B);
    /* Every rank that is left waits for something that never comes. */
    void (*deadlock)(void *context);
};

/*
 * Builds the platform, runs ranks 0..n_ranks-1 to their ends and returns 0; -EDEADLK after
 * the deadlock callback; -EIO with what SimGrid said in `error`. `smpi_selector` is what SMPI takes
 * for collectives that nobody chose an algorithm for; NULL: its default.
 */
int bridge_run(const struct platform *platform, int n_ranks, const char *smpi_selector,
               const struct bridge_callbacks *callbacks, void *context, char *error,
               size_t error_size);

/* Largest message inside a collective that is eager: SMPI has one threshold for all of a run, which
 * is that of the way between the first and the last domain. */
double bridge_eager_threshold_B(const struct platform *platform);

/* --- from an actor ------------------------------------------------------- */
/*
 * Starts a helper on `rank`'s domain that runs code(argument); it ends with the last rank. It is
 * no rank: the run does not wait for it. To SMPI it is process `position` of `instance`.
 */
void bridge_spawn(int rank, const char *instance, int position, void (*code)(void *argument),
                  void *argument);

/*
 * Host whose cores this rank shares with others when the platform has more ranks than
 * cores there, at one unit of work per core and second; NULL where each rank has its own core.
 */
sg_host_t bridge_shared_cores(int rank);

/*
 * Returns when the node's disk has given the calling actor `service_s` seconds of its time, which
 * all that use it share equally. Node number n_nodes is the server of snapshots.
 */
void bridge_use_disk(int node, double service_s);

/*
 * Divides the idle capacity of the node's backends, and of its bridge between guests, by
 * `slowdown` (>= 1), for flows under way too. Other actors may run meanwhile, in no time.
 */
void bridge_slow_backends(int node, double slowdown);

/*
 * A place where the two ends of one flow of bytes meet; it lives as long as the run. With
 * a receiver (a rank), the flow starts when the sender comes; with -1, when both have come.
 */
sg_mailbox_t bridge_place_new(int receiver);

/* Ends a flow whose other side has not come; its place is free again. */
void bridge_flow_cancel(sg_comm_t flow);

/* True when the flow is over; it still has to be waited for. */
bool bridge_flow_is_over(sg_comm_t flow);

#endif
