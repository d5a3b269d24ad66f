#include "program.h"

#include <assert.h>
#include <string.h>

static void walk_step(const struct program *program, const struct step *step, struct rank *rank,
                      void *state)
{
    assert(step->phase >= 0 && step->phase < program->n_phases);

    const struct phase *phase = &program->phases[step->phase];
    const int number = rank_number(rank);
    if (!phase->has_part || phase->has_part(program->plan, step->iteration, number))
        phase->part(program->plan, step->iteration, rank, state);
}

static void walk_steps(const struct program *program, struct rank *rank, void *state)
{
    if (program->begin)
        program->begin(program->plan, rank, state);

    struct step step;
    for (long index = 0; program->step(program->plan, index, &step); index++)
        walk_step(program, &step, rank, state);

    if (program->end)
        program->end(program->plan, rank, state);
}

void program_walk(const struct program *program, struct rank *rank, void *state)
{
    if (program->n_parts == 0) {
        walk_steps(program, rank, state);
        return;
    }
    for (int i = 0; i < program->n_parts; i++) {
        const struct program *part = &program->parts[i];
        assert(part->n_parts == 0 && "a suite in a suite");
        if (rank_number(rank) >= part->n_ranks)
            continue;
        rank_record_from(rank, i * program->part_slots);
        if (part->state_size > 0)
            memset(state, 0, part->state_size);
        walk_steps(part, rank, state);
    }
}

struct program program_suite(int n_parts, const struct program parts[], int part_slots)
{
    assert(n_parts > 0 && n_parts * part_slots <= RECORD_SLOTS);

    struct program suite = {.parts = parts, .n_parts = n_parts, .part_slots = part_slots};
    for (int i = 0; i < n_parts; i++) {
        if (parts[i].n_ranks > suite.n_ranks)
            suite.n_ranks = parts[i].n_ranks;
        if (parts[i].state_size > suite.state_size)
            suite.state_size = parts[i].state_size;
        suite.n_steps += parts[i].n_steps;
    }
    return suite;
}
