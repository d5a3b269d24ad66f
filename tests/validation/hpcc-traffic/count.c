/*
 * count.c - counts what HPCC's ring, ping-pong and PTRANS send: a library to preload into HPCC
 * (PMPI).
 *
 * Tags tell them apart from HPCC's other benchmarks: 100 to 102 are ping-pong's, 200 and 201 the
 * rings', and an MPI_Sendrecv with tag 0 is PTRANS's.
 *
 * Environment: HPCC_TRAFFIC_OUT, file to which each rank appends lines when it ends:
 *     rank call tag size_B count
 */
#include <mpi.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KINDS = 64 };

/* Messages that differ only in where they go. */
struct kind {
    const char *call;
    int tag;
    long size_B;
    long count;
};

static struct kind kinds[MAX_KINDS];
static int n_kinds;

static bool is_of_interest(const char *call, int tag)
{
    if (tag == 0)
        return strcmp(call, "sendrecv") == 0;
    return (tag >= 100 && tag <= 102) || tag == 200 || tag == 201;
}

static void see(const char *call, int count, MPI_Datatype type, int tag)
{
    int type_B;

    if (!is_of_interest(call, tag))
        return;
    PMPI_Type_size(type, &type_B);
    const struct kind seen = {call, tag, (long)count * type_B, 1};
    for (int i = 0; i < n_kinds; i++)
        if (kinds[i].call == call && kinds[i].tag == tag && kinds[i].size_B == seen.size_B) {
            kinds[i].count++;
            return;
        }
    if (n_kinds == MAX_KINDS) {
        fprintf(stderr, "count.c: more than %d kinds of messages\n", MAX_KINDS);
        abort();
    }
    kinds[n_kinds++] = seen;
}

int MPI_Send(const void *buffer, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm)
{
    see("send", count, type, tag);
    return PMPI_Send(buffer, count, type, to, tag, comm);
}

int MPI_Isend(const void *buffer, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
              MPI_Request *request)
{
    see("isend", count, type, tag);
    return PMPI_Isend(buffer, count, type, to, tag, comm, request);
}

int MPI_Sendrecv(const void *send, int send_count, MPI_Datatype send_type, int to, int send_tag,
                 void *recv, int recv_count, MPI_Datatype recv_type, int from, int recv_tag,
                 MPI_Comm comm, MPI_Status *status)
{
    see("sendrecv", send_count, send_type, send_tag);
    return PMPI_Sendrecv(send, send_count, send_type, to, send_tag, recv, recv_count, recv_type,
                         from, recv_tag, comm, status);
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
    for (int i = 0; i < n_kinds; i++)
        fprintf(out, "%d %s %d %ld %ld\n", rank, kinds[i].call, kinds[i].tag, kinds[i].size_B,
                kinds[i].count);
    fclose(out);
    return PMPI_Finalize();
}
