#include "operation.h"

#include <stddef.h>

extern const struct operation operation_pingpong, operation_pairs, operation_bidirectional,
    operation_send, operation_isend, operation_ssend, operation_recv, operation_look,
    operation_stream, operation_ring, operation_bcast, operation_allreduce, operation_alltoall;
extern const struct operation operation_dgemm, operation_scalar, operation_integer, operation_fft;
extern const struct operation operation_read, operation_copy, operation_triad, operation_transpose,
    operation_access, operation_access_chain;
extern const struct operation operation_disk_read, operation_disk_write;

const struct operation *const operations[] = {
    /* network_*.c */
    &operation_pingpong,
    &operation_pairs,
    &operation_bidirectional,
    &operation_send,
    &operation_isend,
    &operation_ssend,
    &operation_recv,
    &operation_look,
    &operation_stream,
    &operation_ring,
    &operation_bcast,
    &operation_allreduce,
    &operation_alltoall,
    /* compute_*.c */
    &operation_dgemm,
    &operation_scalar,
    &operation_integer,
    &operation_fft,
    /* memory_*.c */
    &operation_read,
    &operation_copy,
    &operation_triad,
    &operation_transpose,
    &operation_access,
    &operation_access_chain,
    /* disk.c */
    &operation_disk_read,
    &operation_disk_write,
    NULL,
};

extern const struct survey survey_noise;

const struct survey *const surveys[] = {&survey_noise, NULL};

const struct operation *operation_for(const struct raw_cell *cell)
{
    for (int i = 0; operations[i]; i++)
        if (operations[i]->kind == cell->operation)
            return operations[i];
    return NULL;
}
