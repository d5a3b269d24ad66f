#include "hpl_exchange.h"

#include <assert.h>

void hpl_compute_memory(const struct hpl_process *process, double flops, double bytes)
{
    if (flops <= 0.0 && bytes <= 0.0)
        return;
    const struct work work = work_of(WORK_MEMORY, flops, bytes);
    rank_compute(process->rank, &work);
}

void hpl_compute_dgemm(const struct hpl_process *process, double m, double n, double k)
{
    if (m <= 0.0 || n <= 0.0 || k <= 0.0)
        return;
    const struct work work = work_dgemm(m, n, k);
    rank_compute(process->rank, &work);
}

/* Half of a multiply with the full square: libraries do it as one, block by block. */
void hpl_compute_dtrsm(const struct hpl_process *process, double order, double n)
{
    hpl_compute_dgemm(process, order, n, 0.5 * order);
}

int hpl_power_of_two(int x)
{
    assert(x >= 1);
    return 1 << (31 - __builtin_clz((unsigned)x));
}

/* Appends to a member's list of steps. */
struct step_list {
    struct hpl_step *steps;
    int n;
};

static void append(struct step_list *list, enum hpl_stage stage, int span, int peer,
                   enum hpl_cargo send, enum hpl_cargo receive)
{
    assert(list->n < HPL_MAX_STEPS);
    list->steps[list->n++] = (struct hpl_step){
        .stage = stage, .span = span, .peer = peer, .send = send, .receive = receive};
}

static void append_halves(struct step_list *list, int member, int ip2)
{
    for (int span = 1; span < ip2; span *= 2) {
        const int peer = member ^ span;
        append(list, HPL_HALVES, span, peer, member < span ? HPL_OFFER : HPL_ANSWER,
               peer < span ? HPL_OFFER : HPL_ANSWER);
    }
}

/* `member` and `size` count from ip2. */
static void append_spread(struct step_list *list, int member, int size, int ip2)
{
    if (size <= 1)
        return;
    for (int span = hpl_power_of_two(size - 1); span > 0; span /= 2) {
        const int peer = member ^ span;
        if (member % span != 0 || peer >= size)
            continue;
        const bool receives = (member & span) != 0;
        append(list, HPL_SPREAD, span, ip2 + peer, receives ? HPL_NOTHING : HPL_OFFER,
               receives ? HPL_OFFER : HPL_NOTHING);
    }
}

int hpl_exchange_steps(int member, int size, struct hpl_step steps[HPL_MAX_STEPS])
{
    const int ip2 = hpl_power_of_two(size);
    struct step_list list = {.steps = steps};
    assert(member >= 0 && member < size);

    if (member < ip2) {
        const bool has_fold = member + ip2 < size;
        if (has_fold)
            append(&list, HPL_FOLD, 0, member + ip2, member == 0 ? HPL_OFFER : HPL_NOTHING,
                   HPL_ANSWER);
        append_halves(&list, member, ip2);
        if (has_fold)
            append(&list, HPL_UNFOLD, 0, member + ip2, HPL_OFFER, HPL_NOTHING);
    } else {
        append(&list, HPL_FOLD, 0, member - ip2, HPL_ANSWER,
               member == ip2 ? HPL_OFFER : HPL_NOTHING);
        append_spread(&list, member - ip2, size - ip2, ip2);
        append(&list, HPL_UNFOLD, 0, member - ip2, HPL_NOTHING, HPL_OFFER);
    }
    return list.n;
}

void hpl_exchange_with(const struct hpl_process *process, int peer_rank, uint64_t send_B,
                       uint64_t receive_B)
{
    struct rank *rank = process->rank;
    if (send_B > 0 && receive_B > 0)
        rank_sendrecv(rank, process->world, peer_rank, HPL_TAG_COLUMN, send_B, peer_rank,
                      HPL_TAG_COLUMN, receive_B, NULL);
    else if (send_B > 0)
        rank_send(rank, process->world, peer_rank, HPL_TAG_COLUMN, send_B);
    else if (receive_B > 0)
        rank_recv(rank, process->world, peer_rank, HPL_TAG_COLUMN, receive_B, NULL);
}

struct hpl_roll hpl_roll_step(int member, int size, int step)
{
    const int turns = step / 2;
    const int back = (member - turns + size) % size, ahead = (member + turns) % size;

    if ((member + step) % 2 != 0)
        return (struct hpl_roll){.peer = (member + size - 1) % size,
                                 .send = ahead,
                                 .receive = (member - turns - 1 + size) % size};
    return (struct hpl_roll){
        .peer = (member + 1) % size, .send = back, .receive = (member + turns + 1) % size};
}
