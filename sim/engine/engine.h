/*
 * engine.h - how a rank speaks to the simulated world, and how a world is run.
 *
 * The rank interface is ordinary blocking MPI with sizes instead of buffers: no data moves,
 * only time does. Rank code is a function of (program, step, rank, its own state);
 * it must keep no state in globals and must not care whether it runs as a thread, a
 * SimGrid actor or a coroutine. Matching follows MPI: messages from one rank with one tag
 * on one communicator do not overtake each other.
 *
 * Misuse (a rank number outside the communicator, a negative tag) is a bug of the
 * workload and ends in an assertion.
 */
#ifndef VHPCSIM_ENGINE_H
#define VHPCSIM_ENGINE_H

#include "layer.h"
#include "models/collective.h"
#include "models/cpu.h"
#include "models/storage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rank;    /* one simulated MPI process; the engine's */
struct comm;    /* a communicator; the engine's, valid until the run ends */
struct request; /* a pending operation; ends with the wait or test that completes it */

enum { RANK_ANY = -1 }; /* any source, any tag */

/* What has been, or can be, received. */
struct message {
    int source; /* rank in the communicator */
    int tag;
    uint64_t size_B;
};

/* --- who and when ------------------------------------------------------- */
int rank_number(const struct rank *rank); /* in the world communicator */
struct comm *rank_world(struct rank *rank);
int comm_size(const struct comm *comm);
int comm_rank(const struct comm *comm, const struct rank *rank);
double rank_time_s(const struct rank *rank); /* simulated, from the start of the run */

/* Collective over `comm`. Negative `color`: NULL. Order by (key, rank in comm). */
struct comm *rank_split(struct rank *rank, struct comm *comm, int color, int key);

/* --- point to point ----------------------------------------------------- */
void rank_send(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B);
/*
 * The CPU time of a send whose `size_B` bytes the operating system keeps until later ones fill a
 * packet, as TCP does with small writes: nothing is sent, and the guest's NIC is not touched.
 */
void rank_write(struct rank *rank, struct comm *comm, int to, uint64_t size_B);
void rank_ssend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B);
/* `size_B` is the room in the buffer; `got` may be NULL. */
void rank_recv(struct rank *rank, struct comm *comm, int from, int tag, uint64_t size_B,
               struct message *got);
void rank_sendrecv(struct rank *rank, struct comm *comm, int to, int send_tag, uint64_t send_B,
                   int from, int recv_tag, uint64_t recv_B, struct message *got);
struct request *rank_isend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B);
struct request *rank_issend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B);
struct request *rank_irecv(struct rank *rank, struct comm *comm, int from, int tag,
                           uint64_t size_B);
void rank_wait(struct rank *rank, struct request *request, struct message *got);
void rank_wait_all(struct rank *rank, int n, struct request *requests[]);
/* Returns the index of the one that completed and sets requests[index] to NULL; NULL entries are
 * skipped. */
int rank_wait_any(struct rank *rank, int n, struct request *requests[], struct message *got);
/* True when complete; the request has then ended. Else it takes the CPU time of a look. */
bool rank_test(struct rank *rank, struct request *request, struct message *got);
/* Takes back a receive for which no message has come; the request has then ended. */
void rank_cancel(struct rank *rank, struct request *request);
bool rank_iprobe(struct rank *rank, struct comm *comm, int from, int tag, struct message *got);
void rank_probe(struct rank *rank, struct comm *comm, int from, int tag, struct message *got);

/* --- collectives: sizes in bytes per rank as in MPI's count x type ------- */
void rank_barrier(struct rank *rank, struct comm *comm);
void rank_bcast(struct rank *rank, struct comm *comm, int root, uint64_t size_B);
void rank_reduce(struct rank *rank, struct comm *comm, int root, uint64_t size_B);
void rank_allreduce(struct rank *rank, struct comm *comm, uint64_t size_B);
void rank_gather(struct rank *rank, struct comm *comm, int root, uint64_t size_B);
void rank_scatter(struct rank *rank, struct comm *comm, int root, uint64_t size_B);
void rank_allgather(struct rank *rank, struct comm *comm, uint64_t size_B);
void rank_alltoall(struct rank *rank, struct comm *comm, uint64_t size_B); /* to each rank */
/* One entry per rank of `comm`; send_B[i] goes to rank i, recv_B[i] comes from it. */
void rank_alltoallv(struct rank *rank, struct comm *comm, const uint64_t send_B[],
                    const uint64_t recv_B[]);
void rank_reduce_scatter(struct rank *rank, struct comm *comm,
                         uint64_t size_B); /* per rank of the result */
void rank_scan(struct rank *rank, struct comm *comm, uint64_t size_B);

/* --- work --------------------------------------------------------------- */
void rank_compute(struct rank *rank, const struct work *work);
/*
 * The CPU time of `n` (>= 0) tests for messages from any rank that find none, between pieces of
 * work. Booked as compute: it is the program's choice to look so often. To wait, use rank_wait.
 */
void rank_look(struct rank *rank, double n);
/*
 * Threads of one program meet: returns when all of `comm` have called it, and `cost_s` later. No
 * message is sent; the cost is the caller's to know, and counts as waiting.
 */
void rank_join(struct rank *rank, struct comm *comm, double cost_s);
/*
 * Uses files on the disk of the rank's node, or of its guest there: what caches leave of that goes
 * to the node's disk, which all ranks of the node share, and to the server of snapshots, which all
 * nodes share; while n ranks use one of them, each gets a n-th of its time. Any number of records
 * is one event; each part of storage_cost_of() must be below 9e9 s.
 */
void rank_disk(struct rank *rank, const struct disk_access *access);

/*
 * What the cores of the rank's node have done so far, in core seconds: sums to rank_time_s() x
 * cores (hardware threads). Each rank's share is as far as that rank has come. Cost: linear in the
 * ranks of the run.
 */
void rank_node_cpu(struct rank *rank, double cpu_s[N_CPU_DOMAINS]);

/*
 * The next of the numbers 0 to n - 1 that the ranks of `comm` take from bag `bag`, in the order of
 * simulated time; -1 when none is left. Costs no time: what keeps a bag in the world is left out.
 * Every rank of `comm` takes until it is told -1; the number of the bag is then free again.
 */
long rank_take(struct rank *rank, const struct comm *comm, uint64_t bag, long n);

/* Adds `value` to the run's slot `slot` (0..RECORD_SLOTS-1); the outcome keeps count, sum, min and
 * max. */
enum { RECORD_SLOTS = 2048 };
void rank_record(struct rank *rank, int slot, double value);
/*
 * For the walk of a suite. Meets all ranks of the run in a barrier; from then on the first
 * `n_ranks` of them are the world, they alone share the nodes, and slot 0 is `first_slot`. Returns
 * false to a rank that is none of them: it has no world until it enters again.
 */
bool rank_enter(struct rank *rank, int n_ranks, int first_slot);

/* --- running ------------------------------------------------------------ */
struct platform;
struct program;

struct record {
    uint64_t n;
    double sum, min, max; /* 0 when n is 0 */
};

/* What the point-to-point calls and collectives of one rank sent and received. */
struct rank_traffic {
    uint64_t n_sends; /* point to point */
    uint64_t sent_B;
    uint64_t n_receives;
    uint64_t received_B;
    uint64_t n_collectives;
    uint64_t collective_B; /* the rank's own contribution */
};

/* The calls of collectives that one algorithm did. Of alltoallv, sizes are rank 0's means. */
struct collective_use {
    uint64_t n_calls; /* 0: the rest means nothing; a call of all its members is one */
    uint64_t smallest_B, largest_B; /* as the workload gave them; see above */
    int fewest_ranks, most_ranks;   /* of the communicators */
};
void collective_use_add(struct collective_use *use, uint64_t size_B, int n_ranks);

struct outcome {
    double elapsed_s;                 /* last rank's end */
    double layer_s[N_LAYERS];         /* mean over ranks; sums to elapsed_s */
    double host_cpu_s[N_CPU_DOMAINS]; /* core seconds, all nodes; sums to elapsed_s x cores */
    uint64_t n_messages;              /* point to point, as the workload sent them */
    uint64_t message_B;
    double largest_message_B; /* for validity warnings */
    struct record records[RECORD_SLOTS];
    /* By algorithm and whether it was two-level; communicators of one rank are left out. */
    struct collective_use collectives[N_COLLECTIVE_ALGORITHMS][2];
    struct rank_traffic *traffic; /* n_ranks entries, owned; NULL unless asked for */
    int n_ranks;
};
void outcome_release(struct outcome *outcome);

struct engine_options {
    bool keep_traffic; /* fill outcome.traffic */
    /* NULL: collectives are as the MPI profile decides. Else SMPI's selector of this name
     * decides, for comparison; what outcome.collectives says then did not run. */
    const char *smpi_selector;
};

/* One way to run a program on a platform. */
struct engine {
    const char *name;
    const char *help;
    /*
     * Runs the program to its end in this process and fills `outcome` only on
     * success. Returns 0 or a negative errno, with the reason in `error` (a sentence;
     * -EDEADLK names the ranks that wait). May abort or exit on its library's errors, and
     * runs once in a process: call it in a worker of a pool (pool.h).
     */
    int (*run)(const struct platform *platform, const struct program *program,
               const struct engine_options *options, struct outcome *outcome, char *error,
               size_t error_size);
};
extern const struct engine *const engines[]; /* NULL at the end; the first is the default */
const struct engine *engine_by_name(const char *name); /* NULL if unknown */

#endif
