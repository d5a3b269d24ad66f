/*
 * simgrid_smpi.cpp - see simgrid_smpi.h.
 *
 * Algorithms are called directly and not through MPI_Bcast() and its siblings, whose
 * checks and traces need time and add nothing.
 */
#include <smpi/mpi.h>
#include <string>
#include <vector>

extern "C" { /* after SMPI's own header, which is C++ */
#include "simgrid_smpi.h"
}

/*
 * What SimGrid 3.32 exports without a header: for each collective the function that the next call
 * of any actor takes, and what sets it to an algorithm by name.
 */
namespace simgrid::smpi::colls
{
void set_barrier(const std::string &name);
void set_bcast(const std::string &name);
void set_reduce(const std::string &name);
void set_allreduce(const std::string &name);
void set_gather(const std::string &name);
void set_scatter(const std::string &name);
void set_allgather(const std::string &name);
void set_alltoall(const std::string &name);
void set_alltoallv(const std::string &name);
void set_reduce_scatter(const std::string &name);

extern int (*barrier)(MPI_Comm);
extern int (*bcast)(void *, int, MPI_Datatype, int, MPI_Comm);
extern int (*reduce)(const void *, void *, int, MPI_Datatype, MPI_Op, int, MPI_Comm);
extern int (*allreduce)(const void *, void *, int, MPI_Datatype, MPI_Op, MPI_Comm);
extern int (*gather)(const void *, int, MPI_Datatype, void *, int, MPI_Datatype, int, MPI_Comm);
extern int (*scatter)(const void *, int, MPI_Datatype, void *, int, MPI_Datatype, int, MPI_Comm);
extern int (*allgather)(const void *, int, MPI_Datatype, void *, int, MPI_Datatype, MPI_Comm);
extern int (*alltoall)(const void *, int, MPI_Datatype, void *, int, MPI_Datatype, MPI_Comm);
extern int (*alltoallv)(const void *, const int *, const int *, MPI_Datatype, void *, const int *,
                        const int *, MPI_Datatype, MPI_Comm);
extern int (*reduce_scatter)(const void *, void *, const int *, MPI_Datatype, MPI_Op, MPI_Comm);
int scan(const void *, void *, int, MPI_Datatype, MPI_Op, MPI_Comm);
} // namespace simgrid::smpi::colls

namespace colls = simgrid::smpi::colls;

namespace
{

/* SMPI checks that buffers are there, but in replay mode it never looks into them. */
double buffer[1];
double other_buffer[1];

/*
 * SMPI's algorithm of this name; `usual`, what SMPI takes if nobody chooses, where there is none.
 * `usual` stays as it is: SMPI's own calls, which make communicators, go through it too.
 */
template <class Algorithm>
Algorithm find(Algorithm &usual, void (*set)(const std::string &), const char *name)
{
    const Algorithm kept = usual;
    if (name)
        set(name);
    const Algorithm found = usual;
    usual = kept;
    return found;
}

void do_alltoallv(const char *name, const struct smpi_call *call)
{
    int size;
    MPI_Comm_size(call->comm, &size);
    const std::vector<int> offsets(static_cast<size_t>(size), 0);
    find(colls::alltoallv, colls::set_alltoallv, name)(buffer, call->send_counts, offsets.data(),
                                                       call->type, other_buffer, call->recv_counts,
                                                       offsets.data(), call->type, call->comm);
}

void do_reduce_scatter(const char *name, const struct smpi_call *call)
{
    int size;
    MPI_Comm_size(call->comm, &size);
    const std::vector<int> counts(static_cast<size_t>(size), call->count);
    find(colls::reduce_scatter, colls::set_reduce_scatter,
         name)(buffer, other_buffer, counts.data(), call->type, call->op, call->comm);
}

} // namespace

void smpi_do(const char *name, const struct smpi_call *call)
{
    const MPI_Comm comm = call->comm;
    const MPI_Datatype type = call->type;
    const int n = call->count;
    switch (call->collective) {
    case COLLECTIVE_BARRIER:
        find(colls::barrier, colls::set_barrier, name)(comm);
        break;
    case COLLECTIVE_BCAST:
        find(colls::bcast, colls::set_bcast, name)(buffer, n, type, call->root, comm);
        break;
    case COLLECTIVE_REDUCE:
        find(colls::reduce, colls::set_reduce, name)(buffer, other_buffer, n, type, call->op,
                                                     call->root, comm);
        break;
    case COLLECTIVE_ALLREDUCE:
        find(colls::allreduce, colls::set_allreduce, name)(buffer, other_buffer, n, type, call->op,
                                                           comm);
        break;
    case COLLECTIVE_GATHER:
        find(colls::gather, colls::set_gather, name)(buffer, n, type, other_buffer, n, type,
                                                     call->root, comm);
        break;
    case COLLECTIVE_SCATTER:
        find(colls::scatter, colls::set_scatter, name)(buffer, n, type, other_buffer, n, type,
                                                       call->root, comm);
        break;
    case COLLECTIVE_ALLGATHER:
        find(colls::allgather, colls::set_allgather, name)(buffer, n, type, other_buffer, n, type,
                                                           comm);
        break;
    case COLLECTIVE_ALLTOALL:
        find(colls::alltoall, colls::set_alltoall, name)(buffer, n, type, other_buffer, n, type,
                                                         comm);
        break;
    case COLLECTIVE_ALLTOALLV:
        do_alltoallv(name, call);
        break;
    case COLLECTIVE_REDUCE_SCATTER:
        do_reduce_scatter(name, call);
        break;
    case COLLECTIVE_SCAN:
        colls::scan(buffer, other_buffer, n, type, call->op, comm);
        break;
    case N_COLLECTIVES:
        break;
    }
}
