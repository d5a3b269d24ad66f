/*
 * count.c - counts what real HPL sends: a library to preload into HPCC (PMPI).
 *
 * Only the timed solve of each HPL run counts. HPL tells the shim where that is: it makes a
 * communicator for its grid and splits it in rows and columns (HPL_grid_init); the barrier before
 * the solve is a broadcast of one int on the grid's communicator, and the first message of doubles
 * on it after the solve combines the times. What goes over row and column communicators between
 * these two is the solve.
 *
 * Environment: HPL_TRAFFIC_OUT, file to which each rank appends one line per run:
 *     run rank sends sent_B receives received_B
 * After HPL the processes end: HPCC's other benchmarks take time and do not matter here.
 */
#include <mpi.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct {
    MPI_Comm all, row, col;
    bool in_solve;
    int n_runs; /* finished */
    unsigned long long n_sends, sent_B, n_receives, received_B;
} traffic = {.all = MPI_COMM_NULL, .row = MPI_COMM_NULL, .col = MPI_COMM_NULL};

static void start_run(void)
{
    traffic.in_solve = true;
    traffic.n_sends = traffic.sent_B = traffic.n_receives = traffic.received_B = 0;
}

static void end_run(void)
{
    const char *path = getenv("HPL_TRAFFIC_OUT");
    int rank;
    FILE *out = path ? fopen(path, "a") : NULL;

    traffic.in_solve = false;
    if (!out) {
        fprintf(stderr, "count.c: cannot append to HPL_TRAFFIC_OUT\n");
        abort();
    }
    PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
    fprintf(out, "%d %d %llu %llu %llu %llu\n", traffic.n_runs++, rank, traffic.n_sends,
            traffic.sent_B, traffic.n_receives, traffic.received_B);
    fclose(out);
}

/* Sees every message, sent or received; returns true when it is one of the solve. */
static bool belongs_to_solve(int count, MPI_Datatype type, MPI_Comm comm)
{
    if (traffic.all != MPI_COMM_NULL && comm == traffic.all) {
        if (type == MPI_INT && count == 1)
            start_run();
        else if (type == MPI_DOUBLE && traffic.in_solve)
            end_run();
        return false;
    }
    return traffic.in_solve && (comm == traffic.row || comm == traffic.col);
}

static unsigned long long bytes_of(int count, MPI_Datatype type)
{
    int size;
    PMPI_Type_size(type, &size);
    return (unsigned long long)count * (unsigned long long)size;
}

static void see_send(int count, MPI_Datatype type, MPI_Comm comm)
{
    if (!belongs_to_solve(count, type, comm))
        return;
    traffic.n_sends++;
    traffic.sent_B += bytes_of(count, type);
}

static void see_receive(int count, MPI_Datatype type, MPI_Comm comm)
{
    if (!belongs_to_solve(count, type, comm))
        return;
    traffic.n_receives++;
    traffic.received_B += bytes_of(count, type);
}

int MPI_Comm_split(MPI_Comm comm, int color, int key, MPI_Comm *new_comm)
{
    const int status = PMPI_Comm_split(comm, color, key, new_comm);

    if (comm == MPI_COMM_WORLD) {
        traffic.all = *new_comm;
        traffic.row = traffic.col = MPI_COMM_NULL;
    } else if (comm == traffic.all && traffic.row == MPI_COMM_NULL) {
        traffic.row = *new_comm;
    } else if (comm == traffic.all) {
        traffic.col = *new_comm;
    }
    return status;
}

int MPI_Send(const void *buffer, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm)
{
    see_send(count, type, comm);
    return PMPI_Send(buffer, count, type, to, tag, comm);
}

int MPI_Ssend(const void *buffer, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm)
{
    see_send(count, type, comm);
    return PMPI_Ssend(buffer, count, type, to, tag, comm);
}

int MPI_Issend(const void *buffer, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
               MPI_Request *request)
{
    see_send(count, type, comm);
    return PMPI_Issend(buffer, count, type, to, tag, comm, request);
}

int MPI_Isend(const void *buffer, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
              MPI_Request *request)
{
    see_send(count, type, comm);
    return PMPI_Isend(buffer, count, type, to, tag, comm, request);
}

int MPI_Recv(void *buffer, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm,
             MPI_Status *status)
{
    see_receive(count, type, comm);
    return PMPI_Recv(buffer, count, type, from, tag, comm, status);
}

int MPI_Irecv(void *buffer, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm,
              MPI_Request *request)
{
    see_receive(count, type, comm);
    return PMPI_Irecv(buffer, count, type, from, tag, comm, request);
}

/* HPCC has one between its benchmarks. */
int MPI_Barrier(MPI_Comm comm)
{
    int done = traffic.n_runs > 0, any_done = 0;

    if (comm != MPI_COMM_WORLD)
        return PMPI_Barrier(comm);
    PMPI_Allreduce(&done, &any_done, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    if (any_done) {
        PMPI_Finalize();
        _exit(0);
    }
    return MPI_SUCCESS;
}
