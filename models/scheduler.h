/*
 * scheduler.h - how long a rank waits for its turn where more want cores than there are.
 *
 * A host with more runnable vCPUs than cores lets them take turns, a slice each; so does a guest
 * or a bare node with more ranks than vCPUs or hardware threads. A rank that polls for a message
 * never gives up its core, so it burns its slice and is then off while the others have theirs: a
 * message that comes meanwhile is not seen. A rank that blocks leaves its core at once; when
 * its message comes it may take one from another (what Xen calls a boost and Linux a wake-up
 * preemption), or it queues behind those that run.
 *
 * How fast ranks compute meanwhile is not told here: cores are shared in equal parts. Left out:
 * priorities and caps, credits of a past turn, that a queue of one core may be shorter than
 * another's, and locks of the guest's kernel whose holder is off while others spin for it.
 */
#ifndef VHPCSIM_SCHEDULER_H
#define VHPCSIM_SCHEDULER_H

#include "profile.h"

/* Who wants the cores that a rank or a vCPU runs on. */
struct run_queue {
    int n_cores;  /* >= 1 */
    int n_others; /* runnable beside this one, >= 0 */
};

struct turn {
    double wait_s; /* until it runs */
    double runs_s; /* then, while it waits no more for messages; 0: it blocks for the next one */
};

/*
 * The turn of a rank whose message has come. `chance` (0..1) is a uniform random number, so
 * that wait_s over all chances is its distribution. Nobody waits while a core is free.
 *
 * Polling: the message finds it at any place of its cycle of one slice on and, with n of them on c
 * cores, (n / c - 1) slices off. Blocking: it goes on at once in a part `boost` of all cases;
 * else those before it on its core, n_others / c of them, have their turns first, of which
 * the one that runs is somewhere in its slice.
 *
 * wait_s rises or stays with `slice_s`, and its mean with n_others; it falls or stays with n_cores
 * and `boost`.
 */
struct turn scheduler_turn(const struct scheduler_profile *scheduler, const struct run_queue *queue,
                           enum mpi_wait wait, double chance);

/* The mean of wait_s over all chances. */
double scheduler_mean_wait_s(const struct scheduler_profile *scheduler,
                             const struct run_queue *queue, enum mpi_wait wait);

#endif
