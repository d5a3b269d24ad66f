/*
 * count.c - counts what HPCC's tests send: a library to preload into HPCC 1.5.0 (PMPI).
 *
 * HPCC's main() has a barrier before each of its tests but HPL, and no other barrier's call stands
 * as near to the first one's as main() is long: they tell the tests apart. HPL begins with the
 * first message after the last barrier whose tag is neither ping-pong's (100 to 102) nor the
 * rings' (200, 201); it has no collectives.
 *
 * HPCC prolongs loops of messages of 8 B until they last 10 us. Each such message is held back for
 * longer than that, so that counts are the same on any machine.
 *
 * Environment: HPCC_TRAFFIC_OUT, file to which each rank appends lines when it ends:
 *     rank test call tag size_B count
 * where tests are numbered from 1 in HPCC's order, and tag is -1 for collectives, whose size is the
 * rank's own contribution: as many blocks as ranks in an alltoall, nothing to another's broadcast.
 */
#include <mpi.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_KINDS = 4096,
    MAX_LINE_B = 128,
    LENGTH_OF_MAIN = 8192,
    LAST_TEST_BEFORE_HPL = 15,
    COLLECTIVE = -1
};

/* Calls that differ only in where they go. */
struct kind {
    int test;
    const char *call;
    int tag;
    long size_B;
    long count;
};

static struct kind kinds[MAX_KINDS];
static int n_kinds;
static int test;
static bool is_counting = true;

static void see(const char *call, long size_B, int tag)
{
    const struct kind seen = {test, call, tag, size_B, 1};

    if (!is_counting)
        return;
    for (int i = 0; i < n_kinds; i++) {
        struct kind *kind = &kinds[i];
        if (kind->test == test && kind->call == call && kind->tag == tag &&
            kind->size_B == size_B) {
            kind->count++;
            return;
        }
    }
    if (n_kinds == MAX_KINDS) {
        fprintf(stderr, "count.c: more than %d kinds of messages\n", MAX_KINDS);
        abort();
    }
    kinds[n_kinds++] = seen;
}

static long bytes(int count, MPI_Datatype type)
{
    int type_B;
    PMPI_Type_size(type, &type_B);
    return (long)count * type_B;
}

static void hold_back(void)
{
    const double start_s = PMPI_Wtime();
    while (PMPI_Wtime() < start_s + 20e-6)
        continue;
}

static void see_message(const char *call, int count, MPI_Datatype type, int tag)
{
    const bool is_latency_or_bandwidth = (tag >= 100 && tag <= 102) || tag == 200 || tag == 201;

    if (test == LAST_TEST_BEFORE_HPL && !is_latency_or_bandwidth)
        is_counting = false;
    if (is_latency_or_bandwidth && is_counting && bytes(count, type) == 8)
        hold_back();
    see(call, bytes(count, type), tag);
}

/* --- point to point ---------------------------------------------------------- */

int MPI_Send(const void *buffer, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm)
{
    see_message("send", count, type, tag);
    return PMPI_Send(buffer, count, type, to, tag, comm);
}

int MPI_Isend(const void *buffer, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
              MPI_Request *request)
{
    see_message("isend", count, type, tag);
    return PMPI_Isend(buffer, count, type, to, tag, comm, request);
}

int MPI_Sendrecv(const void *send, int send_count, MPI_Datatype send_type, int to, int send_tag,
                 void *recv, int recv_count, MPI_Datatype recv_type, int from, int recv_tag,
                 MPI_Comm comm, MPI_Status *status)
{
    see_message("sendrecv", send_count, send_type, send_tag);
    return PMPI_Sendrecv(send, send_count, send_type, to, send_tag, recv, recv_count, recv_type,
                         from, recv_tag, comm, status);
}

/* --- collectives ------------------------------------------------------------- */

int MPI_Barrier(MPI_Comm comm)
{
    static intptr_t first;
    const intptr_t here = (intptr_t)__builtin_return_address(0);

    if (first == 0)
        first = here;
    if (here - first < LENGTH_OF_MAIN && first - here < LENGTH_OF_MAIN)
        test++;
    else
        see("barrier", 0, COLLECTIVE);
    return PMPI_Barrier(comm);
}

int MPI_Bcast(void *buffer, int count, MPI_Datatype type, int root, MPI_Comm comm)
{
    int rank;
    PMPI_Comm_rank(comm, &rank);
    see("bcast", rank == root ? bytes(count, type) : 0, COLLECTIVE);
    return PMPI_Bcast(buffer, count, type, root, comm);
}

int MPI_Reduce(const void *send, void *recv, int count, MPI_Datatype type, MPI_Op op, int root,
               MPI_Comm comm)
{
    see("reduce", bytes(count, type), COLLECTIVE);
    return PMPI_Reduce(send, recv, count, type, op, root, comm);
}

int MPI_Allreduce(const void *send, void *recv, int count, MPI_Datatype type, MPI_Op op,
                  MPI_Comm comm)
{
    see("allreduce", bytes(count, type), COLLECTIVE);
    return PMPI_Allreduce(send, recv, count, type, op, comm);
}

int MPI_Gather(const void *send, int send_count, MPI_Datatype send_type, void *recv, int recv_count,
               MPI_Datatype recv_type, int root, MPI_Comm comm)
{
    see("gather", bytes(send_count, send_type), COLLECTIVE);
    return PMPI_Gather(send, send_count, send_type, recv, recv_count, recv_type, root, comm);
}

int MPI_Allgather(const void *send, int send_count, MPI_Datatype send_type, void *recv,
                  int recv_count, MPI_Datatype recv_type, MPI_Comm comm)
{
    see("allgather", bytes(send_count, send_type), COLLECTIVE);
    return PMPI_Allgather(send, send_count, send_type, recv, recv_count, recv_type, comm);
}

int MPI_Alltoall(const void *send, int send_count, MPI_Datatype send_type, void *recv,
                 int recv_count, MPI_Datatype recv_type, MPI_Comm comm)
{
    int size;
    PMPI_Comm_size(comm, &size);
    see("alltoall", size * bytes(send_count, send_type), COLLECTIVE);
    return PMPI_Alltoall(send, send_count, send_type, recv, recv_count, recv_type, comm);
}

int MPI_Comm_split(MPI_Comm comm, int color, int key, MPI_Comm *part)
{
    see("split", 0, COLLECTIVE);
    return PMPI_Comm_split(comm, color, key, part);
}

int MPI_Finalize(void)
{
    const char *path = getenv("HPCC_TRAFFIC_OUT");
    FILE *out = path ? fopen(path, "a") : NULL;
    int rank;

    if (!out) {
        fprintf(stderr, "count.c: cannot append to HPCC_TRAFFIC_OUT\n");
        abort();
    }
    PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
    /* One write a rank, or the lines of ranks that end together would mix. */
    static char lines[MAX_KINDS * MAX_LINE_B];
    setvbuf(out, lines, _IOFBF, sizeof lines);
    for (int i = 0; i < n_kinds; i++)
        fprintf(out, "%d %d %s %d %ld %ld\n", rank, kinds[i].test, kinds[i].call, kinds[i].tag,
                kinds[i].size_B, kinds[i].count);
    fclose(out);
    return PMPI_Finalize();
}
