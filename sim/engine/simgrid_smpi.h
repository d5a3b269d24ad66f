/*
 * simgrid_smpi.h - SMPI's collective algorithms, each by its name.
 *
 * SMPI has a setting for each collective, which names one algorithm or a selector that chooses for
 * itself, for all calls of a run. Here every call names its own.
 */
#ifndef VHPCSIM_SIMGRID_SMPI_H
#define VHPCSIM_SIMGRID_SMPI_H

#include "models/collective.h"

#include <smpi/mpi.h>

/* One member's part in a collective, in elements; what a collective does not need is not looked
 * at. Nothing is owned. */
struct smpi_call {
    enum collective collective;
    MPI_Comm comm;
    int root;
    int count; /* of each rank, as in MPI's calls */
    MPI_Datatype type;
    MPI_Op op;
    const int *send_counts, *recv_counts; /* alltoallv: one a rank */
};

/*
 * Does the calling actor's part with SMPI's algorithm of this name, which SMPI must have; NULL:
 * with what SMPI's selector chooses, or with its only one. The actor must be
 * in SMPI's replay mode. Ends as the calling rank's MPI call would.
 */
void smpi_do(const char *name, const struct smpi_call *call);

#endif
