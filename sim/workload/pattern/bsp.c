/*
 * bsp.c - bulk-synchronous steps: compute, exchange, synchronise.
 *
 * The slowest rank makes every step as long as it is: with uneven work a step takes the maximum of
 * as many random times as there are ranks, not their mean.
 */
#include "work.h"

enum { TAG_EXCHANGE };

struct bsp {
    struct phase_common common;
    struct expression n_steps;
    struct expression size_B;
    int n_partners;
    bool has_barrier;
    bool persists;
    struct phase_work work;
};

static void bsp_complete(void *spec, struct pattern_check *check)
{
    const struct bsp *bsp = spec;
    if (bsp->n_partners >= check->n_ranks)
        pattern_refuse(check, "partners", "give fewer; 0 exchanges nothing",
                       "a rank cannot have %d partners: ranks are %d in all", bsp->n_partners,
                       check->n_ranks);
    work_check(&bsp->work, check);
}

/* To the next ranks, from those before: each sends and receives as much. */
static void exchange(const struct bsp *bsp, const struct turn *turn, struct request *requests[])
{
    const uint64_t size_B = (uint64_t)expression_at(&bsp->size_B, turn->step);
    int n = 0;
    for (int i = 1; i <= bsp->n_partners; i++)
        requests[n++] =
            rank_irecv(turn->rank, turn->world, (turn->number + turn->n_ranks - i) % turn->n_ranks,
                       TAG_EXCHANGE, size_B);
    for (int i = 1; i <= bsp->n_partners; i++)
        requests[n++] = rank_isend(turn->rank, turn->world, (turn->number + i) % turn->n_ranks,
                                   TAG_EXCHANGE, size_B);
    rank_wait_all(turn->rank, n, requests);
}

enum { MAX_PARTNERS = 1000 };

static void bsp_part(const void *spec, const struct turn *turn)
{
    const struct bsp *bsp = spec;
    const uint64_t n_steps = (uint64_t)expression_at(&bsp->n_steps, turn->step);
    struct request *requests[2 * MAX_PARTNERS];

    for (uint64_t step = 0; step < n_steps; step++) {
        if (bsp->persists)
            work_do_always(&bsp->work, turn, (uint64_t)turn->number);
        else
            work_do(&bsp->work, turn, step * (uint64_t)turn->n_ranks + (uint64_t)turn->number);
        if (bsp->n_partners > 0)
            exchange(bsp, turn, requests);
        if (bsp->has_barrier)
            rank_barrier(turn->rank, turn->world);
    }
}

static double bsp_operations(const void *spec, int n_ranks, long step)
{
    const struct bsp *bsp = spec;
    return expression_at(&bsp->n_steps, step) * (2.0 * bsp->n_partners + 2.0) * n_ranks;
}

static const struct field bsp_fields[] = {
    PHASE_NAME,
    {.key = "steps",
     PHASE_COUNT(struct bsp, n_steps, 1.0, 1e9),
     .fallback = "1",
     .help = "Supersteps."},
    {.key = "size",
     PHASE_SIZE(struct bsp, size_B),
     .fallback = "0 B",
     .help = "Size of the message to each partner."},
    {.key = "partners",
     .kind = FIELD_COUNT,
     .min = 0,
     .max = MAX_PARTNERS,
     .fallback = "0",
     .help = "To how many of the next ranks each rank sends in a step, and from how many of those "
             "before it receives.",
     .offset = offsetof(struct bsp, n_partners)},
    {.key = "barrier",
     .kind = FIELD_BOOL,
     .fallback = "true",
     .help = "Whether a barrier ends each step; without it ranks wait for their partners only.",
     .offset = offsetof(struct bsp, has_barrier)},
    {.key = "persistent",
     .kind = FIELD_BOOL,
     .fallback = "false",
     .help = "Whether a rank's work differs from others' in the same way in every step, as with a "
             "domain cut unevenly; else it is drawn anew.",
     .offset = offsetof(struct bsp, persists)},
    WORK_FIELDS(struct bsp, work, "each rank in a step"),
    {0}};

extern const struct pattern_kind pattern_bsp;
const struct pattern_kind pattern_bsp = {
    .name = "bsp",
    .help = "Bulk-synchronous steps: each rank computes, exchanges with partners and waits for all "
            "others. The slowest rank sets the pace.",
    .fields = bsp_fields,
    .spec_size = sizeof(struct bsp),
    .complete = bsp_complete,
    .operations = bsp_operations,
    .part = bsp_part};
