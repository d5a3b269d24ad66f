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

/* --- suites --------------------------------------------------------------------------------- */

/* Behind the slots that a part may record into. */
enum { SLOT_BEGIN_S, SLOT_END_S, N_OWN_SLOTS };

static void walk_part(const struct program *suite, int number, struct rank *rank, void *state)
{
    const struct program *part = &suite->parts[number];

    assert(part->n_parts == 0 && "a suite in a suite");
    if (!rank_enter(rank, part->n_ranks, number * (suite->part_slots + N_OWN_SLOTS)))
        return;
    if (part->state_size > 0)
        memset(state, 0, part->state_size);
    rank_record(rank, suite->part_slots + SLOT_BEGIN_S, rank_time_s(rank));
    walk_steps(part, rank, state);
    rank_record(rank, suite->part_slots + SLOT_END_S, rank_time_s(rank));
}

void program_walk(const struct program *program, struct rank *rank, void *state)
{
    if (program->n_parts == 0)
        walk_steps(program, rank, state);
    for (int i = 0; i < program->n_parts; i++)
        walk_part(program, i, rank, state);
}

struct program program_suite(int n_parts, const struct program parts[], int part_slots)
{
    assert(n_parts > 0 && n_parts * (part_slots + N_OWN_SLOTS) <= RECORD_SLOTS);

    struct program suite = {.parts = parts, .n_parts = n_parts, .part_slots = part_slots};
    for (int i = 0; i < n_parts; i++) {
        if (parts[i].n_ranks > suite.n_ranks)
            suite.n_ranks = parts[i].n_ranks;
        if (parts[i].state_size > suite.state_size)
            suite.state_size = parts[i].state_size;
    }
    return suite;
}

void program_part_outcome(const struct outcome *suite, int part_slots, int part,
                          struct outcome *outcome)
{
    const struct record *records = &suite->records[part * (part_slots + N_OWN_SLOTS)];
    const struct record *begin_s = &records[part_slots + SLOT_BEGIN_S];
    const struct record *end_s = &records[part_slots + SLOT_END_S];

    assert(begin_s->n > 0 && end_s->n == begin_s->n);
    *outcome = *suite;
    outcome->traffic = NULL;
    outcome->n_ranks = (int)begin_s->n;
    outcome->elapsed_s = end_s->max - begin_s->min;
    memset(outcome->records, 0, sizeof outcome->records);
    memcpy(outcome->records, records, (size_t)part_slots * sizeof *records);
}
