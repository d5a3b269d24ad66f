/*
 * count.c - counts what a real OSU micro-benchmark sends: a library to preload (PMPI).
 *
 * Counts are those of the whole program, from MPI_Init to MPI_Finalize.
 *
 * Environment: OSU_TRAFFIC_OUT, file to which each rank appends one line:
 *     rank sends sent_B receives KIND_calls KIND_B ...
 * where kinds are, in this order, barrier bcast reduce allreduce gather scatter allgather alltoall,
 * and bytes are the rank's own contribution: to all ranks in a scatter and an alltoall, and only at
 * the root in a scatter and a broadcast.
 */
#include <mpi.h>

#include <stdio.h>
#include <stdlib.h>

enum kind { BARRIER, BCAST, REDUCE, ALLREDUCE, GATHER, SCATTER, ALLGATHER, ALLTOALL, N_KINDS };

typedef unsigned long long count; /* of messages, of bytes */

static count n_sends, sent_B, n_receives, n_calls[N_KINDS], kind_B[N_KINDS];

static count bytes_of(int n, MPI_Datatype type)
{
    int size;
    PMPI_Type_size(type, &size);
    return (count)n * (count)size;
}

static count ranks_of(MPI_Comm comm)
{
    int size;
    PMPI_Comm_size(comm, &size);
    return (count)size;
}

static count at_root(MPI_Comm comm, int root, count size_B)
{
    int rank;
    PMPI_Comm_rank(comm, &rank);
    return rank == root ? size_B : 0;
}

static void see_send(int n, MPI_Datatype type)
{
    n_sends++;
    sent_B += bytes_of(n, type);
}

static void see(enum kind kind, count size_B)
{
    n_calls[kind]++;
    kind_B[kind] += size_B;
}

int MPI_Finalize(void)
{
    const char *path = getenv("OSU_TRAFFIC_OUT");
    FILE *out = path ? fopen(path, "a") : NULL;
    char line[1024];
    int rank;

    if (!out) {
        fprintf(stderr, "count.c: cannot append to OSU_TRAFFIC_OUT\n");
        abort();
    }
    PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
    int length =
        snprintf(line, sizeof line, "%d %llu %llu %llu", rank, n_sends, sent_B, n_receives);
    for (int kind = 0; kind < N_KINDS; kind++)
        length += snprintf(line + length, sizeof line - (size_t)length, " %llu %llu", n_calls[kind],
                           kind_B[kind]);
    fprintf(out, "%s\n", line);
    fclose(out);
    return PMPI_Finalize();
}

int MPI_Send(const void *buffer, int n, MPI_Datatype type, int to, int tag, MPI_Comm comm)
{
    see_send(n, type);
    return PMPI_Send(buffer, n, type, to, tag, comm);
}

int MPI_Isend(const void *buffer, int n, MPI_Datatype type, int to, int tag, MPI_Comm comm,
              MPI_Request *request)
{
    see_send(n, type);
    return PMPI_Isend(buffer, n, type, to, tag, comm, request);
}

int MPI_Recv(void *buffer, int n, MPI_Datatype type, int from, int tag, MPI_Comm comm,
             MPI_Status *status)
{
    n_receives++;
    return PMPI_Recv(buffer, n, type, from, tag, comm, status);
}

int MPI_Irecv(void *buffer, int n, MPI_Datatype type, int from, int tag, MPI_Comm comm,
              MPI_Request *request)
{
    n_receives++;
    return PMPI_Irecv(buffer, n, type, from, tag, comm, request);
}

int MPI_Barrier(MPI_Comm comm)
{
    see(BARRIER, 0);
    return PMPI_Barrier(comm);
}

int MPI_Bcast(void *buffer, int n, MPI_Datatype type, int root, MPI_Comm comm)
{
    see(BCAST, at_root(comm, root, bytes_of(n, type)));
    return PMPI_Bcast(buffer, n, type, root, comm);
}

int MPI_Reduce(const void *in, void *out, int n, MPI_Datatype type, MPI_Op op, int root,
               MPI_Comm comm)
{
    see(REDUCE, bytes_of(n, type));
    return PMPI_Reduce(in, out, n, type, op, root, comm);
}

int MPI_Allreduce(const void *in, void *out, int n, MPI_Datatype type, MPI_Op op, MPI_Comm comm)
{
    see(ALLREDUCE, bytes_of(n, type));
    return PMPI_Allreduce(in, out, n, type, op, comm);
}

int MPI_Gather(const void *in, int n, MPI_Datatype type, void *out, int n_out,
               MPI_Datatype type_out, int root, MPI_Comm comm)
{
    see(GATHER, bytes_of(n, type));
    return PMPI_Gather(in, n, type, out, n_out, type_out, root, comm);
}

int MPI_Scatter(const void *in, int n, MPI_Datatype type, void *out, int n_out,
                MPI_Datatype type_out, int root, MPI_Comm comm)
{
    see(SCATTER, at_root(comm, root, ranks_of(comm) * bytes_of(n, type)));
    return PMPI_Scatter(in, n, type, out, n_out, type_out, root, comm);
}

int MPI_Allgather(const void *in, int n, MPI_Datatype type, void *out, int n_out,
                  MPI_Datatype type_out, MPI_Comm comm)
{
    see(ALLGATHER, bytes_of(n, type));
    return PMPI_Allgather(in, n, type, out, n_out, type_out, comm);
}

int MPI_Alltoall(const void *in, int n, MPI_Datatype type, void *out, int n_out,
                 MPI_Datatype type_out, MPI_Comm comm)
{
    see(ALLTOALL, ranks_of(comm) * bytes_of(n, type));
    return PMPI_Alltoall(in, n, type, out, n_out, type_out, comm);
}
