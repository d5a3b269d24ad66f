/*
 * ring.c - every rank passes a message on to the next, and receives one from the one before.
 */
#include "kind.h"

enum { TAG_TO_RIGHT, TAG_TO_LEFT };

struct ring {
    struct phase_common common;
    struct expression size_B;
    bool is_both_ways;
};

static void ring_part(const void *spec, const struct turn *turn)
{
    const struct ring *ring = spec;
    const uint64_t size_B = (uint64_t)expression_at(&ring->size_B, turn->step);
    const int right = (turn->number + 1) % turn->n_ranks;
    const int left = (turn->number + turn->n_ranks - 1) % turn->n_ranks;

    if (turn->n_ranks == 1)
        return;
    rank_sendrecv(turn->rank, turn->world, right, TAG_TO_RIGHT, size_B, left, TAG_TO_RIGHT, size_B,
                  NULL);
    if (ring->is_both_ways)
        rank_sendrecv(turn->rank, turn->world, left, TAG_TO_LEFT, size_B, right, TAG_TO_LEFT,
                      size_B, NULL);
}

static double ring_operations(const void *spec, int n_ranks, long step)
{
    (void)spec, (void)step;
    return 2.0 * n_ranks;
}

static const struct field ring_fields[] = {
    PHASE_NAME,
    {.key = "size", PHASE_SIZE(struct ring, size_B), .help = "Size of each message."},
    {.key = "both_ways",
     .kind = FIELD_BOOL,
     .fallback = "false",
     .help = "Whether each rank then sends to the one before it, too.",
     .offset = offsetof(struct ring, is_both_ways)},
    {0}};

extern const struct pattern_kind pattern_ring;
const struct pattern_kind pattern_ring = {
    .name = "ring",
    .help = "Every rank sends to the next and receives from the one before, all at once.",
    .fields = ring_fields,
    .spec_size = sizeof(struct ring),
    .operations = ring_operations,
    .part = ring_part};
