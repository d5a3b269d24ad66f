/*
 * plain_smpi.c - an ordinary SMPI program that makes the calls of a recorded run.
 *
 *     smpirun ... plain_smpi RECORDING
 *
 * Its buffers are shared, so it copies no data. Prints the wall clock and CPU
 * seconds from the first call to the last, the simulated seconds, and the KiB of its
 * peak memory without the recording.
 */
#include "calls.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* All ranks of a simulation share these: run with smpi/privatization:no. */
static struct call_record **calls_of_rank;
static long *n_calls_of_rank;
static long n_calls;
static char *send_buffer, *recv_buffer;
static size_t largest_B;
static double wall_start_s, cpu_start_s;
static int n_ranks_done;

/* The clock of this machine: SMPI replaces the usual functions by simulated ones. */
static double wall_s(void)
{
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void note(const struct call_record *call)
{
    calls_of_rank[call->rank][n_calls_of_rank[call->rank]++] = *call;
    largest_B = call->send_B > largest_B ? call->send_B : largest_B;
    largest_B = call->recv_B > largest_B ? call->recv_B : largest_B;
}

static void load(const char *path, int n_ranks)
{
    FILE *file = fopen(path, "rb");
    struct call_record call;
    calls_of_rank = calloc((size_t)n_ranks, sizeof *calls_of_rank);
    n_calls_of_rank = calloc((size_t)n_ranks, sizeof *n_calls_of_rank);
    if (!file || !calls_of_rank || !n_calls_of_rank)
        abort();
    while (fread(&call, sizeof call, 1, file) == 1) {
        n_calls++;
        n_calls_of_rank[call.rank]++;
    }
    for (int i = 0; i < n_ranks; i++) {
        calls_of_rank[i] = malloc((size_t)n_calls_of_rank[i] * sizeof call + 1);
        n_calls_of_rank[i] = 0;
    }
    rewind(file);
    while (fread(&call, sizeof call, 1, file) == 1)
        note(&call);
    fclose(file);
    send_buffer = SMPI_SHARED_MALLOC(largest_B + 1);
    recv_buffer = SMPI_SHARED_MALLOC(largest_B + 1);
}

static void repeat(const struct call_record *call)
{
    const int send_n = (int)call->send_B, recv_n = (int)call->recv_B;
    switch (call->kind) {
    case CALL_COMPUTE:
        smpi_execute_flops(call->compute_s * 1e9);
        break;
    case CALL_SEND:
        MPI_Send(send_buffer, send_n, MPI_BYTE, call->to, call->send_tag, MPI_COMM_WORLD);
        break;
    case CALL_SSEND:
        MPI_Ssend(send_buffer, send_n, MPI_BYTE, call->to, call->send_tag, MPI_COMM_WORLD);
        break;
    case CALL_RECV:
        MPI_Recv(recv_buffer, recv_n, MPI_BYTE, call->from, call->recv_tag, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
        break;
    case CALL_SENDRECV:
        MPI_Sendrecv(send_buffer, send_n, MPI_BYTE, call->to, call->send_tag, recv_buffer, recv_n,
                     MPI_BYTE, call->from, call->recv_tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        break;
    }
}

static long peak_KiB(void)
{
    char line[256];
    long peak = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "VmHWM:", 6) == 0)
            peak = atol(line + 6);
    if (file)
        fclose(file);
    return peak;
}

int main(int argc, char *argv[])
{
    int rank, n_ranks;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &n_ranks);
    if (!calls_of_rank) {
        load(argv[1], n_ranks);
        wall_start_s = wall_s();
        cpu_start_s = cpu_s();
    }
    for (long i = 0; i < n_calls_of_rank[rank]; i++)
        repeat(&calls_of_rank[rank][i]);
    if (++n_ranks_done == n_ranks)
        printf("plain %.4f %.4f %.9g %ld\n", wall_s() - wall_start_s, cpu_s() - cpu_start_s,
               MPI_Wtime(), peak_KiB() - n_calls * (long)sizeof(struct call_record) / 1024);
    MPI_Finalize();
    return 0;
}
