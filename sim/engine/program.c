#include "program.h"

#include <assert.h>

static void walk_step(const struct program *program, const struct step *step, struct rank *rank,
                      void *state)
{
    assert(step->phase >= 0 && step->phase < program->n_phases);

    const struct phase *phase = &program->phases[step->phase];
    const int number = rank_number(rank);
    if (!phase->has_part || phase->has_part(program->plan, step->iteration, number))
        phase->part(program->plan, step->iteration, rank, state);
}

void program_walk(const struct program *program, struct rank *rank, void *state)
{
    if (program->begin)
        program->begin(program->plan, rank, state);

    struct step step;
    for (long index = 0; program->step(program->plan, index, &step); index++)
        walk_step(program, &step, rank, state);

    if (program->end)
        program->end(program->plan, rank, state);
}
