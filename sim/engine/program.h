/*
 * program.h - a workload's program: the phases that every rank walks.
 *
 * A program is a walk: step 0, 1, 2, ... each of which is one phase at one
 * iteration, the same sequence for every rank. A phase knows which ranks take part, what one of
 * them does, and, where it is regular, how it moves all ranks' clocks at once (its sweep). No
 * barrier is implied between steps: a rank goes on when its own part is done.
 *
 * A suite is a program of programs: its ranks walk one after the other. All ranks meet in a barrier
 * before each part, which then runs as if it were alone: the ranks that it needs are the world, and
 * those that it does not need wait for the next part.
 */
#ifndef VHPCSIM_PROGRAM_H
#define VHPCSIM_PROGRAM_H

#include "engine.h"

struct clocks; /* the express engine's arrays of rank clocks */

struct phase {
    const char *name; /* "panel factorization" */
    /* True when `rank` (0..n_ranks-1) has a part in this phase at this iteration; NULL: all do. */
    bool (*has_part)(const void *plan, long iteration, int rank);
    /* What one rank does. `state` is the rank's own memory, program->state_size bytes, zero at
     * first. */
    void (*part)(const void *plan, long iteration, struct rank *rank, void *state);
    /* The same for all ranks at once; NULL where the phase is not regular. */
    void (*sweep)(const void *plan, long iteration, struct clocks *clocks);
};

struct step {
    int phase; /* index into program->phases */
    long iteration;
};

struct program {
    /* A suite has parts and nothing of its own but n_ranks and the largest state_size. */
    const struct program *parts;
    int n_parts;    /* 0: no suite */
    int part_slots; /* that each part records into, at most: 0..part_slots-1 */

    const struct phase *phases;
    int n_phases;
    const void *plan;  /* immutable during the run; shared by all ranks */
    size_t state_size; /* memory per rank */
    int n_ranks;       /* that the program needs: at most the platform's; the others idle */
    /* Called once per rank before step 0 and after the last one; each may be NULL. */
    void (*begin)(const void *plan, struct rank *rank, void *state);
    void (*end)(const void *plan, struct rank *rank, void *state);
    /* Sets *step to step number `index` of the walk; false at the end. */
    bool (*step)(const void *plan, long index, struct step *step);
};

/*
 * What the parts need: the most ranks and the largest state. `parts` is borrowed until the run
 * ends. n_parts (part_slots + 2) must not exceed RECORD_SLOTS.
 */
struct program program_suite(int n_parts, const struct program parts[], int part_slots);

/*
 * Sets `outcome` to what part number `part` would have found alone, as far as a workload's metrics
 * ask: its records from slot 0 on, its ranks, and the time from its first rank's begin to its last
 * rank's end. Layers, host CPU and messages stay those of the whole suite. Holds no traffic.
 */
void program_part_outcome(const struct outcome *suite, int part_slots, int part,
                          struct outcome *outcome);

/*
 * One rank's whole walk; what an engine runs in each rank's thread or coroutine. `state` is
 * program->state_size zeroed bytes of this rank alone, the engine's.
 */
void program_walk(const struct program *program, struct rank *rank, void *state);

#endif
