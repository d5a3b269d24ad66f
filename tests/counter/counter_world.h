/*
 * counter_world.h - what the files of the counting engine share.
 */
#ifndef VHPCSIM_COUNTER_WORLD_H
#define VHPCSIM_COUNTER_WORLD_H

#include "rank_counter.h"
#include "sim/engine/bag.h"
#include "sim/engine/match.h"

#include <ucontext.h>

struct rank {
    int number;
    struct world *world;
    struct rank_count *count;
    struct mailbox mailbox;
    ucontext_t context;
    void *stack;
    void *state;
    bool is_asleep; /* until something wakes it */
    bool is_done;
};

struct world {
    struct bags bags; /* see rank_take() */
    const struct program *program;
    const struct counter_options *options;
    struct counter *counter;
    struct rank *ranks;
    struct comm *comms; /* all, the newest first */
    struct comm *everybody;
    int n_comms;
    struct letter *spare; /* messages to use again */
    ucontext_t scheduler;
    struct rank *running;
    bool has_moved; /* something happened since the last round of turns */
};

/* Ends the rank's turn until rank_wake(); it must look again at what it waits for, as anything that
 * concerns it wakes it. */
void rank_sleep(struct rank *rank);
void rank_wake(struct rank *rank);

/* --- communicators ---------------------------------------------------------- */

struct call; /* what a member says in a collective */

struct comm {
    struct comm *next; /* of the world's list */
    struct world *world;
    int number; /* 0, 1, ... in the order in which they were made */
    int size;
    int *members;       /* `size` entries: number in the world */
    int *position_of;   /* an entry per rank of the world: position, -1: no member */
    struct call *calls; /* `size` entries: what each says in the collective under way */
    int n_arrived;      /* of the members, at it */
    long n_done;        /* collectives so far */
};

/* A new communicator of `size` ranks, which the world's last comms_free() frees; NULL without
 * memory. */
struct comm *comm_new(struct world *world, int size, const int members[]);
void comms_free(struct world *world);

#endif
