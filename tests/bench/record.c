/*
 * record.c - stands before the rank interface (ld --wrap) and writes every call of a run to the
 * file that VHPCSIM_RECORD names.
 */
#include "calls.h"

#include "sim/engine/engine.h"

#include <stdio.h>
#include <stdlib.h>

void __real_rank_compute(struct rank *rank, const struct work *work);
void __real_rank_send(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B);
void __real_rank_ssend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B);
void __real_rank_recv(struct rank *rank, struct comm *comm, int from, int tag, uint64_t size_B,
                      struct message *got);
void __real_rank_sendrecv(struct rank *rank, struct comm *comm, int to, int send_tag,
                          uint64_t send_B, int from, int recv_tag, uint64_t recv_B,
                          struct message *got);
void __wrap_rank_compute(struct rank *rank, const struct work *work);
void __wrap_rank_send(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B);
void __wrap_rank_ssend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B);
void __wrap_rank_recv(struct rank *rank, struct comm *comm, int from, int tag, uint64_t size_B,
                      struct message *got);
void __wrap_rank_sendrecv(struct rank *rank, struct comm *comm, int to, int send_tag,
                          uint64_t send_B, int from, int recv_tag, uint64_t recv_B,
                          struct message *got);

/* Unbuffered: the worker that writes ends without a word. */
static void write_call(const struct rank *rank, struct call_record call)
{
    static FILE *file;
    if (!file) {
        file = fopen(getenv("VHPCSIM_RECORD"), "wb");
        if (!file)
            abort();
        setvbuf(file, NULL, _IONBF, 0);
    }
    call.rank = rank_number(rank);
    if (fwrite(&call, sizeof call, 1, file) != 1)
        abort();
}

void __wrap_rank_compute(struct rank *rank, const struct work *work)
{
    const double before_s = rank_time_s(rank);
    __real_rank_compute(rank, work);
    write_call(rank, (struct call_record){.kind = CALL_COMPUTE,
                                          .compute_s = rank_time_s(rank) - before_s});
}

void __wrap_rank_send(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    write_call(
        rank, (struct call_record){.kind = CALL_SEND, .to = to, .send_tag = tag, .send_B = size_B});
    __real_rank_send(rank, comm, to, tag, size_B);
}

void __wrap_rank_ssend(struct rank *rank, struct comm *comm, int to, int tag, uint64_t size_B)
{
    write_call(rank, (struct call_record){
                         .kind = CALL_SSEND, .to = to, .send_tag = tag, .send_B = size_B});
    __real_rank_ssend(rank, comm, to, tag, size_B);
}

void __wrap_rank_recv(struct rank *rank, struct comm *comm, int from, int tag, uint64_t size_B,
                      struct message *got)
{
    write_call(rank, (struct call_record){
                         .kind = CALL_RECV, .from = from, .recv_tag = tag, .recv_B = size_B});
    __real_rank_recv(rank, comm, from, tag, size_B, got);
}

void __wrap_rank_sendrecv(struct rank *rank, struct comm *comm, int to, int send_tag,
                          uint64_t send_B, int from, int recv_tag, uint64_t recv_B,
                          struct message *got)
{
    write_call(rank, (struct call_record){.kind = CALL_SENDRECV,
                                          .to = to,
                                          .send_tag = send_tag,
                                          .send_B = send_B,
                                          .from = from,
                                          .recv_tag = recv_tag,
                                          .recv_B = recv_B});
    __real_rank_sendrecv(rank, comm, to, send_tag, send_B, from, recv_tag, recv_B, got);
}
