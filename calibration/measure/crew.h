/*
 * crew.h - how rank 0 leads the others from visit to visit.
 *
 * Ranks that wait for the next order, or for the others' answers, sleep in between: MPI libraries
 * wait by polling, and a rank that polls would take a core, or what a core shares, from those that
 * measure.
 */
#ifndef VHPC_CREW_H
#define VHPC_CREW_H

#include "calibration/measure/operation.h"

#include <stdatomic.h>
#include <stdbool.h>

enum order_kind { ORDER_VISIT, ORDER_STOP };

struct order {
    enum order_kind kind;
    struct raw_cell cell; /* ORDER_VISIT */
};

/* What a rank has to say after a visit. */
struct answer {
    int error; /* MPI error class, or 0 */
    int is_interrupted;
    struct visit visit;
};

struct crew {
    MPI_Comm comm; /* its own: no message of an operation meets one of the crew */
    bool sleeps;
    int rank, n_ranks;
    struct answer *answers;    /* rank 0: of all, after crew_hear() */
    MPI_Request *requests;     /* rank 0 */
    atomic_bool *has_answered; /* rank 0: also looked at by the one that watches */
};

/* Collective. Returns 0 or an MPI error class. */
int crew_init(struct crew *crew, const struct measure *measure);
void crew_release(struct crew *crew);

/* Rank 0 gives `order`, the others get it. All leave about at the same time. */
int crew_order(struct crew *crew, struct order *order);

/* Brings the answers of all to rank 0. */
int crew_hear(struct crew *crew, const struct answer *mine);

#endif
