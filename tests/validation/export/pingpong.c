/*
 * pingpong.c - half a round trip by message size, "BYTES MICROSECONDS" a line, as osu_latency times
 * it. For smpicc.
 */
#include <mpi.h>

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 20, LARGEST_B = 1 << 22 };

static double half_round_trip_s(int rank, char *buffer, int size_B)
{
    const double start_s = MPI_Wtime();
    for (int i = 0; i < ROUNDS; i++) {
        for (int side = 0; side < 2; side++) {
            if (rank == side)
                MPI_Send(buffer, size_B, MPI_CHAR, 1 - rank, 0, MPI_COMM_WORLD);
            else
                MPI_Recv(buffer, size_B, MPI_CHAR, 1 - rank, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        }
    }
    return (MPI_Wtime() - start_s) / (2 * ROUNDS);
}

int main(int argc, char *argv[])
{
    int rank;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    char *buffer = calloc(LARGEST_B, 1);
    for (int size_B = 1; size_B <= LARGEST_B && rank < 2; size_B *= 2) {
        const double time_s = half_round_trip_s(rank, buffer, size_B);
        if (rank == 0)
            printf("%d %.9g\n", size_B, 1e6 * time_s);
    }
    free(buffer);
    MPI_Finalize();
    return 0;
}
