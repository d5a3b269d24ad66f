/*
 * team.h - the ranks that are at work in a cell of a node.
 *
 * Cores of one host share its memory, caches, power and perhaps hypervisor; hosts share nothing. So
 * a cell of a node is measured on all hosts at the same time: of each, n_active ranks work, those
 * that follow its rank number i, where rank number i of the first host is the cell's. A host with
 * fewer ranks has all of them at work. The others are silent.
 */
#ifndef VHPC_TEAM_H
#define VHPC_TEAM_H

#include "calibration/measure/operation.h"

struct team {
    int n;      /* ranks of this rank's host that are at work */
    int place;  /* of this rank among them; -1: it is silent */
    int *ranks; /* n of the program's, by place */
};

/* Who works in `cell` on this rank's host; to be released. */
struct team team_of(const struct measure *measure, const struct raw_cell *cell);
void team_release(struct team *team);

/*
 * Waits for all ranks of the team and sets *value to the largest of their values, the same
 * everywhere: they start what comes next together. Returns 0 or an MPI error class.
 */
int team_meet(const struct measure *measure, const struct team *team, double *value);

/* Ranks of the host that has most of them. */
int team_largest(const struct measure *measure);

#endif
