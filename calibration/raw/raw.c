#include "raw.h"

#include <string.h>

const char *const raw_operation_names[N_RAW_OPERATIONS + 1] = {
    [RAW_PINGPONG] = "pingpong",
    [RAW_PAIRS] = "pairs",
    [RAW_BIDIRECTIONAL] = "bidirectional",
    [RAW_SEND] = "send",
    [RAW_ISEND] = "isend",
    [RAW_RECV] = "recv",
    [RAW_SSEND] = "ssend",
    [RAW_STREAM] = "stream",
    [RAW_RING] = "ring",
    [RAW_BCAST] = "bcast",
    [RAW_ALLREDUCE] = "allreduce",
    [RAW_ALLTOALL] = "alltoall",
    [RAW_LOOK] = "look",
    [RAW_DGEMM] = "dgemm",
    [RAW_SCALAR] = "scalar",
    [RAW_FFT] = "fft",
    [RAW_INTEGER] = "integer",
    [RAW_ACCESS] = "access",
    [RAW_ACCESS_CHAIN] = "access_chain",
    [RAW_READ] = "read",
    [RAW_COPY] = "copy",
    [RAW_TRIAD] = "triad",
    [RAW_TRANSPOSE] = "transpose",
    [RAW_DISK_READ] = "disk_read",
    [RAW_DISK_WRITE] = "disk_write",
};

const char *const raw_path_names[N_RAW_PATHS + 1] = {
    [RAW_NOWHERE] = "nowhere",     [RAW_SAME_DOMAIN] = "same_domain",
    [RAW_SAME_HOST] = "same_host", [RAW_OTHER_HOST] = "other_host",
    [RAW_ALL_RANKS] = "all_ranks",
};

const char *const raw_load_names[N_RAW_LOADS + 1] = {[RAW_IDLE] = "idle", [RAW_BUSY] = "busy"};

int raw_name_number(const char *const names[], const char *name)
{
    for (int i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}

bool raw_cell_is_same(const struct raw_cell *a, const struct raw_cell *b)
{
    for (int i = 0; i < RAW_ARGUMENTS; i++) {
        if (a->argument[i] != b->argument[i])
            return false;
    }
    return a->operation == b->operation && a->path == b->path && a->load == b->load &&
           a->size_B == b->size_B && a->n_active == b->n_active && a->rank == b->rank &&
           a->partner == b->partner;
}
