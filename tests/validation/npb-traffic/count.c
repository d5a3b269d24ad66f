/*
 * count.c - counts what real NPB programs send: a library to preload (PMPI).
 *
 * Open MPI's Fortran bindings do not go through the C symbols, so both are taken over. Counts are
 * those of the whole program, from MPI_Init to MPI_Finalize.
 *
 * The clock advances each time that a rank looks at it, so that the timed part takes 1 s, and NPB
 * prints as Mop/s its total: a rank looks twice, at the start and the end, and in BT at the start
 * and the end of its output in between.
 *
 * Environment: NPB_TRAFFIC_LOOKS, how often a rank looks, and NPB_TRAFFIC_OUT, file to which each
 * rank appends one line:
 *     rank sends sent_B destinations receives KIND_calls KIND_B ...
 * where `destinations` is the sum of the receivers' numbers over the messages, and kinds are, in
 * this order, barrier bcast reduce allreduce alltoall alltoallv split. Bytes are the rank's own
 * contribution: a broadcast's only at its root, an alltoall's to all ranks.
 */
#include <mpi.h>

#include <stdio.h>
#include <stdlib.h>

enum kind { BARRIER, BCAST, REDUCE, ALLREDUCE, ALLTOALL, ALLTOALLV, SPLIT, N_KINDS };

typedef unsigned long long count; /* of messages, of bytes */

static struct {
    count n_sends, sent_B, destinations, n_receives;
    count n_calls[N_KINDS], kind_B[N_KINDS];
} traffic;

static count bytes_of(long n, MPI_Datatype type)
{
    int size;
    PMPI_Type_size(type, &size);
    return (count)n * (count)size;
}

static int size_of(MPI_Comm comm)
{
    int size;
    PMPI_Comm_size(comm, &size);
    return size;
}

static count at_root(MPI_Comm comm, int root, count size_B)
{
    int rank;
    PMPI_Comm_rank(comm, &rank);
    return rank == root ? size_B : 0;
}

static void see_send(int n, MPI_Datatype type, int to, MPI_Comm comm)
{
    MPI_Group group, world;
    int to_in_world;

    PMPI_Comm_group(comm, &group);
    PMPI_Comm_group(MPI_COMM_WORLD, &world);
    PMPI_Group_translate_ranks(group, 1, &to, world, &to_in_world);
    PMPI_Group_free(&group);
    PMPI_Group_free(&world);
    traffic.n_sends++;
    traffic.sent_B += bytes_of(n, type);
    traffic.destinations += (count)to_in_world;
}

static void see_receive(void)
{
    traffic.n_receives++;
}

static void see(enum kind kind, count size_B)
{
    traffic.n_calls[kind]++;
    traffic.kind_B[kind] += size_B;
}

static count sum_of(const int counts[], MPI_Comm comm)
{
    count sum = 0;
    for (int i = 0; i < size_of(comm); i++)
        sum += (count)counts[i];
    return sum;
}

static void report(void)
{
    const char *path = getenv("NPB_TRAFFIC_OUT");
    FILE *out = path ? fopen(path, "a") : NULL;
    char line[1024];
    int rank, length;

    if (!out) {
        fprintf(stderr, "count.c: cannot append to NPB_TRAFFIC_OUT\n");
        abort();
    }
    PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
    length = snprintf(line, sizeof line, "%d %llu %llu %llu %llu", rank, traffic.n_sends,
                      traffic.sent_B, traffic.destinations, traffic.n_receives);
    for (int kind = 0; kind < N_KINDS; kind++)
        length += snprintf(line + length, sizeof line - (size_t)length, " %llu %llu",
                           traffic.n_calls[kind], traffic.kind_B[kind]);
    fprintf(out, "%s\n", line);
    fclose(out);
}

static double tick(void)
{
    static double n_looks;
    const char *n = getenv("NPB_TRAFFIC_LOOKS");
    return ++n_looks / (n ? atoi(n) - 1 : 1);
}

/* --- C --------------------------------------------------------------------------------------- */

double MPI_Wtime(void)
{
    return tick();
}

int MPI_Finalize(void)
{
    report();
    return PMPI_Finalize();
}

int MPI_Send(const void *buffer, int n, MPI_Datatype type, int to, int tag, MPI_Comm comm)
{
    see_send(n, type, to, comm);
    return PMPI_Send(buffer, n, type, to, tag, comm);
}

int MPI_Irecv(void *buffer, int n, MPI_Datatype type, int from, int tag, MPI_Comm comm,
              MPI_Request *request)
{
    see_receive();
    return PMPI_Irecv(buffer, n, type, from, tag, comm, request);
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

int MPI_Alltoall(const void *in, int n, MPI_Datatype type, void *out, int n_out,
                 MPI_Datatype type_out, MPI_Comm comm)
{
    see(ALLTOALL, bytes_of((long)n * size_of(comm), type));
    return PMPI_Alltoall(in, n, type, out, n_out, type_out, comm);
}

int MPI_Alltoallv(const void *in, const int n[], const int at[], MPI_Datatype type, void *out,
                  const int n_out[], const int at_out[], MPI_Datatype type_out, MPI_Comm comm)
{
    see(ALLTOALLV, sum_of(n, comm) * bytes_of(1, type));
    return PMPI_Alltoallv(in, n, at, type, out, n_out, at_out, type_out, comm);
}

/* --- Fortran: everything by reference ----------------------------------------------------------
 */

typedef MPI_Fint fint;

void pmpi_finalize_(fint *error);
void pmpi_send_(void *, fint *, fint *, fint *, fint *, fint *, fint *error);
void pmpi_isend_(void *, fint *, fint *, fint *, fint *, fint *, fint *, fint *error);
void pmpi_recv_(void *, fint *, fint *, fint *, fint *, fint *, fint *, fint *error);
void pmpi_irecv_(void *, fint *, fint *, fint *, fint *, fint *, fint *, fint *error);
void pmpi_barrier_(fint *, fint *error);
void pmpi_bcast_(void *, fint *, fint *, fint *, fint *, fint *error);
void pmpi_reduce_(void *, void *, fint *, fint *, fint *, fint *, fint *, fint *error);
void pmpi_allreduce_(void *, void *, fint *, fint *, fint *, fint *, fint *error);
void pmpi_alltoall_(void *, fint *, fint *, void *, fint *, fint *, fint *, fint *error);
void pmpi_comm_split_(fint *, fint *, fint *, fint *, fint *error);

double mpi_wtime_(void);
double mpi_wtime_(void)
{
    return tick();
}

void mpi_finalize_(fint *error);
void mpi_finalize_(fint *error)
{
    report();
    pmpi_finalize_(error);
}

void mpi_send_(void *buffer, fint *n, fint *type, fint *to, fint *tag, fint *comm, fint *error);
void mpi_send_(void *buffer, fint *n, fint *type, fint *to, fint *tag, fint *comm, fint *error)
{
    see_send(*n, PMPI_Type_f2c(*type), *to, PMPI_Comm_f2c(*comm));
    pmpi_send_(buffer, n, type, to, tag, comm, error);
}

void mpi_isend_(void *buffer, fint *n, fint *type, fint *to, fint *tag, fint *comm, fint *request,
                fint *error);
void mpi_isend_(void *buffer, fint *n, fint *type, fint *to, fint *tag, fint *comm, fint *request,
                fint *error)
{
    see_send(*n, PMPI_Type_f2c(*type), *to, PMPI_Comm_f2c(*comm));
    pmpi_isend_(buffer, n, type, to, tag, comm, request, error);
}

void mpi_recv_(void *buffer, fint *n, fint *type, fint *from, fint *tag, fint *comm, fint *status,
               fint *error);
void mpi_recv_(void *buffer, fint *n, fint *type, fint *from, fint *tag, fint *comm, fint *status,
               fint *error)
{
    see_receive();
    pmpi_recv_(buffer, n, type, from, tag, comm, status, error);
}

void mpi_irecv_(void *buffer, fint *n, fint *type, fint *from, fint *tag, fint *comm, fint *request,
                fint *error);
void mpi_irecv_(void *buffer, fint *n, fint *type, fint *from, fint *tag, fint *comm, fint *request,
                fint *error)
{
    see_receive();
    pmpi_irecv_(buffer, n, type, from, tag, comm, request, error);
}

void mpi_barrier_(fint *comm, fint *error);
void mpi_barrier_(fint *comm, fint *error)
{
    see(BARRIER, 0);
    pmpi_barrier_(comm, error);
}

void mpi_bcast_(void *buffer, fint *n, fint *type, fint *root, fint *comm, fint *error);
void mpi_bcast_(void *buffer, fint *n, fint *type, fint *root, fint *comm, fint *error)
{
    see(BCAST, at_root(PMPI_Comm_f2c(*comm), *root, bytes_of(*n, PMPI_Type_f2c(*type))));
    pmpi_bcast_(buffer, n, type, root, comm, error);
}

void mpi_reduce_(void *in, void *out, fint *n, fint *type, fint *op, fint *root, fint *comm,
                 fint *error);
void mpi_reduce_(void *in, void *out, fint *n, fint *type, fint *op, fint *root, fint *comm,
                 fint *error)
{
    see(REDUCE, bytes_of(*n, PMPI_Type_f2c(*type)));
    pmpi_reduce_(in, out, n, type, op, root, comm, error);
}

void mpi_allreduce_(void *in, void *out, fint *n, fint *type, fint *op, fint *comm, fint *error);
void mpi_allreduce_(void *in, void *out, fint *n, fint *type, fint *op, fint *comm, fint *error)
{
    see(ALLREDUCE, bytes_of(*n, PMPI_Type_f2c(*type)));
    pmpi_allreduce_(in, out, n, type, op, comm, error);
}

void mpi_alltoall_(void *in, fint *n, fint *type, void *out, fint *n_out, fint *type_out,
                   fint *comm, fint *error);
void mpi_alltoall_(void *in, fint *n, fint *type, void *out, fint *n_out, fint *type_out,
                   fint *comm, fint *error)
{
    const int size = size_of(PMPI_Comm_f2c(*comm));
    see(ALLTOALL, bytes_of((long)*n * size, PMPI_Type_f2c(*type)));
    pmpi_alltoall_(in, n, type, out, n_out, type_out, comm, error);
}

void mpi_comm_split_(fint *comm, fint *color, fint *key, fint *new_comm, fint *error);
void mpi_comm_split_(fint *comm, fint *color, fint *key, fint *new_comm, fint *error)
{
    see(SPLIT, 0);
    pmpi_comm_split_(comm, color, key, new_comm, error);
}
