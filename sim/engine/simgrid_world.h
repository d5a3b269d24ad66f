/*
 * simgrid_world.h - what the files of the SimGrid engine share: one run's ranks and messages.
 *
 * A rank's own clock is its ledger's. It may run ahead of the simulation's: computing
 * and stack time are booked at once and slept through only when the rank does something
 * that others can notice (rank_settle). Many short sleeps so become one.
 */
#ifndef VHPCSIM_SIMGRID_WORLD_H
#define VHPCSIM_SIMGRID_WORLD_H

#include "account.h"
#include "backlog.h"
#include "bag.h"
#include "engine.h"
#include "match.h"
#include "models/random.h"
#include "registrar.h"
#include "sim/platform/platform.h"

#include <simgrid/forward.h>

struct program;
struct world;

/* Places for flows that are free again; see bridge_place_new(). */
struct place_pool {
    sg_mailbox_t *places;
    size_t n, capacity;
};

/* What a rank waits for, for the report of a deadlock. */
enum waiting_for {
    WAITING_FOR_NOTHING,
    WAITING_FOR_MESSAGE,
    WAITING_FOR_RECEIVER,
    WAITING_FOR_OTHERS /* in a collective */
};

struct rank {
    struct world *world;
    int number;
    int domain;
    struct node *node;
    double scale; /* compute time of this node / of the profile's */
    sg_host_t shared_cores;
    sg_exec_t spinning;          /* of a rank that polls for a message on shared cores, else NULL */
    double runs_until_s;         /* of its turn on shared cores, as far as that is known */
    double lost_in_collective_s; /* waiting for turns, in the collective that goes on */
    double helped_until_s;       /* when its helper was last seen to be at work */
    struct random_stream turns;
    bool is_computing;
    double exits_seen_s; /* what its guest's backend had done when the rank last paid for exits, or
                            waited */
    double to_compute_s; /* of what is booked and not yet slept through, the part that is compute */
    struct random_stream call_noise;
    struct random_stream node_noise, guest_noise; /* detours: bare node's, technology's */
    struct ledger ledger;
    int first_slot; /* see rank_enter() */
    struct mailbox mailbox;
    struct registrar sending, receiving;
    struct place_pool eager_places;
    struct envelope *sent;              /* eager messages that nobody has received yet */
    struct envelope *sent_and_received; /* those that others have, and it has not ended yet */
    sg_sem_t arrival; /* of any message, for a blocking probe; NULL until the first */
    bool is_probing;
    enum waiting_for waiting_for;
    int waiting_source, waiting_tag; /* in the world, or RANK_ANY */
};

struct node {
    int n_computing;         /* of its ranks, for a scheduler tick and more; all where MPI polls */
    double backend_slowdown; /* as SimGrid's links have it */
};

struct comm {
    struct world *world;
    int number; /* for matching */
    int size;
    const int *members;      /* world ranks, in the communicator's order */
    const int *by_world;     /* positions in `members`, sorted by world rank */
    struct crew *crew;       /* what runs its collectives; NULL until the first */
    sg_bar_t joining;        /* of rank_join(); NULL until the first */
    struct split *splits[2]; /* going on: some may start one while others end the last */
    long *n_splits;          /* of each member, NULL until the first split */
};

/* A message on its way, from its send until both sides are done with it. */
struct envelope {
    struct match_entry entry;
    struct rank *from;
    struct rank *to;
    uint64_t size_B;
    bool is_eager;
    bool has_started;
    bool is_registered;             /* an adapter reads and writes its buffers, which costs */
    struct stack_cost registration; /* of one side's, unless it shares it with another message */
    struct registered received;     /* the receiver's; from its start on */
    int n_sides;                    /* that still have to complete */
    double visible_s;               /* from when a probe sees it */
    struct passage passage;
    sg_mailbox_t place;
    struct place_pool *pool; /* where `place` goes back to */
    struct envelope *next;   /* of those about to start, sent and received, or free */
    sg_comm_t flow;          /* of an eager message, until its sender ends it; else NULL */
    struct envelope *sent_before, *sent_after; /* of those sent, until received */
};

enum request_kind { REQUEST_SEND, REQUEST_RECEIVE };

struct request {
    struct match_entry entry; /* of a receive */
    enum request_kind kind;
    struct rank *rank;
    struct comm *comm;
    uint64_t room_B;           /* of a receive */
    struct envelope *envelope; /* NULL: a receive without one yet, or an eager send */
    sg_mailbox_t place;
    sg_comm_t flow;
    void *payload; /* SimGrid's; not used */
    struct request *next_free;
};

/* One run. */
struct world {
    const struct platform *platform;
    const struct program *program;
    struct network network;
    int n_ranks;
    struct rank *ranks;
    struct core_load *core_loads; /* of each rank of the part that runs; see rank_enter() */
    struct node *nodes;
    int *n_computing_in_domain;   /* of its ranks, as in struct node */
    int n_backends;               /* of a node, that take CPU time */
    struct backlog *backlogs;     /* of the backends, node by node */
    struct random_stream *jitter; /* of the messages that ranks of a domain send */
    struct comm *all;
    struct comm *part; /* the ranks of the part that runs; all where there are no parts */
    int n_comms;
    struct place_pool places;
    struct request *free_requests;
    struct envelope *free_envelopes;
    struct envelope *starting; /* about to start, in the order in which SimGrid will see them */
    struct envelope **starting_end;
    double collective_eager_B; /* largest message inside a collective that is eager */
    int *n_paid_sends;         /* of larger ones under way from a domain, whose sender has paid */
    int n_joining;             /* helpers whose messages are free; see simgrid_collective.c */
    int n_held;                /* helpers that wait until nobody joins */
    sg_sem_t joined;           /* for them; NULL until the first collective */
    const char *smpi_selector; /* see struct engine_options */
    struct collective_use uses[N_COLLECTIVE_ALGORITHMS][2]; /* see struct outcome */
    double backend_cpu_s;
    struct bags bags;
    struct record records[RECORD_SLOTS];
    char *error;
    size_t error_size;
};

/* Lets the simulation catch up with the rank's own clock, and works off what backends took. */
void rank_settle(struct rank *rank);

/* CPU time of one look for messages that finds none. */
double rank_look_s(struct rank *rank);

/* Books a look for messages, of `look_s` and at least a little, so that polling ends. */
void rank_poll_in_vain(struct rank *rank, double look_s);

/* What the message's receiver is told; nothing where `got` is NULL. */
void envelope_tell(const struct envelope *envelope, struct message *got);

/* Between these two the rank is blocked in a communication call for that reason. */
void rank_block(struct rank *rank, enum waiting_for reason, int source, int tag);
void rank_unblock(struct rank *rank);

/* Ends the eager messages that the rank has sent and that have been received; or all, of which it
 * waits for those that still flow. */
void rank_end_sent(struct rank *rank, bool all);

/* Allocates or ends the worker: memory is not a thing that rank code can handle. */
void *must_alloc(size_t size);

sg_mailbox_t place_take(struct place_pool *pool, int receiver);
void place_give_back(struct place_pool *pool, sg_mailbox_t place);

/* What would be asked of a message of `size_B` that started now. */
struct transfer world_transfer(const struct world *world, int from_domain, int to_domain,
                               double size_B);

/* True when a collective's helper calls that is not yet in its collective. */
bool collective_is_joining(void);

/* The rank whose collective the calling helper does; NULL: no helper calls. */
struct rank *collective_rank(void);

/*
 * What the rank of the calling helper waits for its turn when a message of a collective has come,
 * which then takes its stack `stack_s`: see rank_turn_s(). 0 to all others, and to a helper that
 * has not waited.
 */
double collective_turn_s(double stack_s);

/* A communicator of these world ranks, which are copied. Lives as long as the run. */
struct comm *comm_new(struct world *world, int size, const int members[]);

/* The same of the first `n_ranks` ranks. */
struct comm *comm_of_first(struct world *world, int n_ranks);

/* Says in the error of `world`, a struct world, which ranks wait for what: a bridge callback. */
void world_report_deadlock(void *world);

/* The first `n_ranks` ranks are those that take part from now on. */
void world_set_part(struct world *world, int n_ranks);

#endif
