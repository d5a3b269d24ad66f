/*
 * simgrid_cores.h - who is on the cores of a node: ranks, backends, tenants; for the SimGrid
 * engine.
 *
 * What it costs is asked of models/host.h and models/scheduler.h. A rank with cores of its own pays
 * for none of the turns below.
 */
#ifndef VHPCSIM_SIMGRID_CORES_H
#define VHPCSIM_SIMGRID_CORES_H

#include "simgrid_world.h"

/* A host's scheduler moves nothing for compute that is over before its next tick. */
extern const double scheduler_tick_s;

/* What the node's cores do at this moment. */
struct host_load node_load(const struct world *world, const struct node *node);

/* CPU seconds that a busy backend of the node uses in a second. */
double node_backend_rate(const struct world *world, const struct node *node);

/* What moves the messages of this domain; the world has backends. */
struct backlog *domain_backlog(const struct world *world, int domain);

/* CPU seconds that the node's backends have spent so far. */
double node_backends_done_s(struct world *world, struct node *node);

/* A rank that polls while it waits keeps its core from start to end, but where its disk works. */
bool rank_polls(const struct rank *rank);

/* The rank computes from now on, or no more: the node's backends follow, for messages under way
 * too. Does nothing where that is known. */
void rank_set_computing(struct rank *rank, bool is_computing);

/* CPU time that the rank's vCPU lost to exits for messages since it was last asked or waited. */
double rank_take_exits_s(struct rank *rank);

/* What other threads of the host took from the rank's core in `compute_s` of compute that began
 * when they had done `before_s`. */
double rank_stolen_s(struct rank *rank, double compute_s, double before_s);

/* Returns when `work_s` seconds of work are done on the cores that the rank shares with others. */
void rank_work_on_shared_cores(const struct rank *rank, double work_s);

/* Between these two a rank that polls takes its part of the cores that it shares. */
void rank_spin(struct rank *rank);
void rank_spin_no_more(struct rank *rank);

/*
 * Seconds until a rank that has waited until now sees what it waited for: the turns of others, of
 * its guest's ranks on their vCPUs and of the node's vCPUs on its cores. 0 where it shares no
 * cores. Draws from a stream of the rank's own.
 */
double rank_turn_s(struct rank *rank);

/* Books that, where the rank's wait took `waited_s` > 0: who never waited is on its core. */
void rank_book_turn(struct rank *rank, double waited_s);

#endif
