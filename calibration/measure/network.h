/*
 * network.h - what all operations of the network share: who takes part, buffers, and the frame of
 * a visit.
 *
 * The members of a cell meet before each *piece*: some operations in a row between two looks at the
 * clock of the cell's first rank, so many that the looks disturb by less than a thousandth. The
 * first piece is one single operation, cold. A second tells how many a piece shall have and is not
 * kept. Meeting takes messages of its own and is never inside a time. Who meets polls, as any MPI
 * program does that waits; ranks that are no members do not come here.
 *
 * Messages below a page take turns in the memory of eight, as so many may be under way; each longer
 * one is where the last one was. So what a cache can hold is found in a cache: as in HPCC, OSU and
 * IMB, and as in programs that pack a message just before they send it. It is aligned to pages,
 * touched, random, and kept from visit to visit: adapters register it once. What the first touch of
 * a page costs is in no time.
 *
 * Left out: messages of derived types, and of more than 1 GiB.
 */
#ifndef VHPC_NETWORK_H
#define VHPC_NETWORK_H

#include "calibration/measure/operation.h"

enum {
    TAG_MEET = 1,
    TAG_MESSAGE,
    TAG_ANSWER,
    TAG_LAST, /* message of a burst */
    TAG_READY
};

/*
 * Messages that are under way at the same time, where that is up to us: at most so many, and no
 * more than 4 KiB together or one. More fills what libraries keep for messages under way (4 KiB
 * of Open MPI's shared memory), and a call would wait for the other side.
 */
enum { BURST = 8 };

extern const double network_largest_B;       /* 1 GiB: lengths are int */
extern const double network_calls_largest_B; /* 4 MiB: above, calls take as long as messages */
extern const double network_busy_piece_s;    /* a piece under RAW_BUSY is at least as long */

/* Memory that messages are taken from, one behind the other. */
struct network_memory {
    char *start;
    size_t size_B, stride_B, next_B;
};

/* A visit, as one of its members sees it. */
struct exchange {
    const struct measure *measure;
    const struct raw_cell *cell;
    int n_members, member; /* how many, and which of them this rank is; 0 is the cell's rank */
    int *members;          /* their ranks; pairs stand beside each other: 0 with 1, 2 with 3 */
    int size_B;
    struct network_memory sent, received;
    int error; /* MPI error class of the first call that failed; nothing is sent after it */
};

/*
 * One piece: `count` (>= 1) operations in a row. Returns the seconds of one of them on ranks whose
 * clock counts, 0 on the others.
 */
typedef double network_piece(struct exchange *exchange, int count);

/*
 * Visits a cell whose pieces are told by `piece`; for `visit` of struct operation. A piece has at
 * most `most` operations. Under RAW_BUSY pieces are so long that they see many turns of the
 * scheduler.
 */
int network_visit(const struct measure *measure, const struct raw_cell *cell, network_piece *piece,
                  int most, struct visit *visit);

/* Where two different ranks are to each other. */
enum raw_path network_path(const struct measure *measure, int rank, int other);

/*
 * The ranks of a cell: the pair; with more than two at work the pairs of its path that
 * network_find_pairs() gives; all ranks. Returns how many; members[] has room for n_ranks.
 */
int network_members(const struct measure *measure, const struct raw_cell *cell, int members[]);

/*
 * Pairs of ranks on one path, no rank twice: each rank with the next free one, from rank 0 on, so
 * that ranks of one domain have partners in one other domain, where it has as many. Returns the
 * number of pairs; ranks[] has room for n_ranks, and pairs stand beside each other.
 */
int network_find_pairs(const struct measure *measure, enum raw_path path, int ranks[]);

/*
 * What network_visit() does around pieces, for those who exchange messages otherwise. Fills
 * `exchange` for messages of cell->size_B; `member` is -1 of a rank that has no part. Returns its
 * error. Release it whatever came out.
 */
int exchange_init(struct exchange *exchange, const struct measure *measure,
                  const struct raw_cell *cell);
void exchange_release(struct exchange *exchange);

/* From now on messages are of `size_B`. */
void exchange_resize(struct exchange *exchange, double size_B);

/* All members meet, and get the largest of their values. */
double exchange_meet(struct exchange *exchange, double value);

/*
 * Seconds of each of `count` operations since the clock said `since_s`, without the look at it; at
 * least 1 ps, as coarse clocks may not have moved.
 */
double exchange_elapsed_s(const struct exchange *exchange, double since_s, int count);

/* How many messages the next burst has, of `left` (>= 1) that are to come; at least 1. */
int exchange_burst(const struct exchange *exchange, int left);

/* What follows stands inside times, so it is inline. */

/* The rank that this member exchanges messages with. */
static inline int exchange_partner(const struct exchange *exchange)
{
    return exchange->members[exchange->member ^ 1];
}

/* Whether this member begins: the first one of each pair. */
static inline bool exchange_begins(const struct exchange *exchange)
{
    return exchange->member % 2 == 0;
}

/* Keeps the first error. Returns whether all went well so far. */
static inline bool exchange_check(struct exchange *exchange, int status)
{
    if (status != MPI_SUCCESS && exchange->error == MPI_SUCCESS)
        MPI_Error_class(status, &exchange->error);
    return exchange->error == MPI_SUCCESS;
}

/* The memory of the next message. */
static inline char *network_next(struct network_memory *memory)
{
    if (memory->next_B + memory->stride_B > memory->size_B)
        memory->next_B = 0;
    char *next = memory->start + memory->next_B;
    memory->next_B += memory->stride_B;
    return next;
}

/* A message of the exchange's size. */
static inline void exchange_send(struct exchange *exchange, int to, int tag)
{
    if (!exchange->error)
        exchange_check(exchange, MPI_Send(network_next(&exchange->sent), exchange->size_B, MPI_BYTE,
                                          to, tag, exchange->measure->world));
}

static inline void exchange_recv(struct exchange *exchange, int from, int tag)
{
    if (!exchange->error)
        exchange_check(exchange,
                       MPI_Recv(network_next(&exchange->received), exchange->size_B, MPI_BYTE, from,
                                tag, exchange->measure->world, MPI_STATUS_IGNORE));
}

static inline void exchange_ssend(struct exchange *exchange, int to, int tag)
{
    if (!exchange->error)
        exchange_check(exchange, MPI_Ssend(network_next(&exchange->sent), exchange->size_B,
                                           MPI_BYTE, to, tag, exchange->measure->world));
}

/* The same without waiting; after an error the request is null. */
static inline void exchange_isend(struct exchange *exchange, int to, int tag, MPI_Request *request)
{
    *request = MPI_REQUEST_NULL;
    if (!exchange->error)
        exchange_check(exchange, MPI_Isend(network_next(&exchange->sent), exchange->size_B,
                                           MPI_BYTE, to, tag, exchange->measure->world, request));
}

static inline void exchange_irecv(struct exchange *exchange, int from, int tag,
                                  MPI_Request *request)
{
    *request = MPI_REQUEST_NULL;
    if (!exchange->error)
        exchange_check(exchange, MPI_Irecv(network_next(&exchange->received), exchange->size_B,
                                           MPI_BYTE, from, tag, exchange->measure->world, request));
}

static inline void exchange_wait(struct exchange *exchange, int n, MPI_Request requests[])
{
    if (!exchange->error)
        exchange_check(exchange, MPI_Waitall(n, requests, MPI_STATUSES_IGNORE));
}

/* A message without bytes, which tells the other one to go on. */
static inline void exchange_tell(struct exchange *exchange, int to, int tag)
{
    if (!exchange->error)
        exchange_check(exchange, MPI_Send(NULL, 0, MPI_BYTE, to, tag, exchange->measure->world));
}

static inline void exchange_hear(struct exchange *exchange, int from, int tag)
{
    if (!exchange->error)
        exchange_check(exchange, MPI_Recv(NULL, 0, MPI_BYTE, from, tag, exchange->measure->world,
                                          MPI_STATUS_IGNORE));
}

/* Waits without giving up the core, so that caches and clock rate stay; under SMPI, in its time. */
void network_pause(const struct measure *measure, double seconds);

/*
 * Exchanges an empty message between all pairs of ranks, as libraries connect at the first one.
 * Every rank calls it once before it visits. Returns 0 or an MPI error class.
 */
int network_connect(const struct measure *measure);

/*
 * Brings `size_B` bytes of one rank to all, which sleep meanwhile: cores are free for those that
 * the others wait for. Returns 0 or an MPI error class.
 */
int network_tell_all(const struct measure *measure, int root, void *bytes, size_t size_B);

#endif
