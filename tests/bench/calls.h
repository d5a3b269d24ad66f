/*
 * calls.h - what one rank did in one call, as record.c writes it and plain_smpi.c repeats it.
 */
#ifndef VHPCSIM_BENCH_CALLS_H
#define VHPCSIM_BENCH_CALLS_H

#include <stdint.h>

enum call_kind { CALL_COMPUTE, CALL_SEND, CALL_SSEND, CALL_RECV, CALL_SENDRECV };

struct call_record {
    int32_t rank;
    int32_t kind;
    int32_t to, send_tag;
    int32_t from, recv_tag;
    uint64_t send_B, recv_B; /* recv_B: room */
    double compute_s;
};

#endif
