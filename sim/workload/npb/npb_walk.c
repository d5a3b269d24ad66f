#include "npb_walk.h"

static bool walk_step(const void *plan, long index, struct step *step)
{
    const struct npb_case *problem = plan;

    if (index == 0)
        *step = (struct step){NPB_START, 0};
    else if (index <= problem->n_iterations)
        *step = (struct step){NPB_ITERATION, index};
    else
        *step = (struct step){NPB_END, 0};
    return index <= problem->n_iterations + 1L;
}

struct program npb_walk(const struct phase phases[N_NPB_PHASES], const void *plan, int n_ranks,
                        size_t state_size)
{
    return (struct program){.phases = phases,
                            .n_phases = N_NPB_PHASES,
                            .plan = plan,
                            .state_size = state_size,
                            .n_ranks = n_ranks,
                            .step = walk_step};
}
