/*
 * gather.h - brings to rank 0 what each operating system of the run is, and where each rank may
 * run in it.
 */
#ifndef VHPC_GATHER_H
#define VHPC_GATHER_H

#include "calibration/measure/operation.h"

/* What rank 0 knows afterwards; NULL on the others. */
struct gathered {
    json_t *domains; /* array: the environment (environment.h) of each domain, by its number */
    json_t *ranks;   /* array: of each rank {"domain": number, "cores": "0-1", "core": 0}: hardware
                        threads that it may use, and the one that it is on */
    json_t *mpi;     /* mpi_library.h */
};

/* Collective, before any rank has kept a line (line.h), and takes a second. Domains are numbered
 * from 0 without gaps. Returns 0 or an MPI error class, and then nothing is gathered. */
int gather_environments(const struct measure *measure, struct gathered *gathered);

void gathered_release(struct gathered *gathered);

#endif
