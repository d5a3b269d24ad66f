/*
 * simgrid_noise.h - detours of the ranks' cores (models/noise.h) in the SimGrid engine.
 *
 * A detour keeps the core busy, so backends find no core then: it counts as computing. Left out:
 * detours while a rank waits for its disk.
 */
#ifndef VHPCSIM_SIMGRID_NOISE_H
#define VHPCSIM_SIMGRID_NOISE_H

#include "simgrid_world.h"

/* Detours during `work_s` seconds of the rank's core; nothing is booked. */
double rank_detours_s(struct rank *rank, double work_s);

/* Books a message's CPU time on the rank's core, and detours meanwhile. */
void rank_book_stack(struct rank *rank, const struct stack_cost *cost);

/* Books what the rank has to wait longer because its core is away when a wait of `waited_s` (below
 * 0: none) is over. */
void rank_come_back(struct rank *rank, double waited_s);

#endif
