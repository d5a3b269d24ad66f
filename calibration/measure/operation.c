#include "operation.h"

#include <stddef.h>

extern const struct operation operation_pingpong, operation_pairs, operation_bidirectional,
    operation_send, operation_isend, operation_ssend, operation_recv, operation_look,
    operation_stream, operation_ring, operation_bcast, operation_allreduce, operation_alltoall;

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
    NULL,
};

const struct survey *const surveys[] = {NULL};
