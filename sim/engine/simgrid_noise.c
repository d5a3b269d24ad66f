#include "simgrid_noise.h"

#include "models/noise.h"

#include <math.h>

static bool has_guests(const struct rank *rank)
{
    return rank->world->platform->virt.kind != VIRT_NATIVE;
}

double rank_detours_s(struct rank *rank, double work_s)
{
    const struct platform *platform = rank->world->platform;
    double taken_s = noise_taken_s(&platform->node.noise, work_s, &rank->node_noise);
    if (has_guests(rank))
        taken_s += noise_taken_s(&platform->virt.noise, work_s, &rank->guest_noise);
    return taken_s;
}

static void book_detours(struct rank *rank, double s)
{
    ledger_book(&rank->ledger, LAYER_NOISE, s);
    rank->to_compute_s += s;
}

void rank_book_stack(struct rank *rank, const struct stack_cost *cost)
{
    ledger_book_stack(&rank->ledger, cost);
    book_detours(rank, rank_detours_s(rank, cost->native_s + cost->guest_s));
}

void rank_come_back(struct rank *rank, double waited_s)
{
    const struct platform *platform = rank->world->platform;
    const double away_s = fmax(0.0, waited_s);
    double left_s = noise_left_s(&platform->node.noise, away_s, &rank->node_noise);
    if (has_guests(rank))
        left_s = fmax(left_s, noise_left_s(&platform->virt.noise, away_s, &rank->guest_noise));
    book_detours(rank, left_s);
}
