#include "engine.h"

#include <stdlib.h>
#include <string.h>

extern const struct engine engine_simgrid;

const struct engine *const engines[] = {&engine_simgrid, NULL};

const struct engine *engine_by_name(const char *name)
{
    for (int i = 0; engines[i]; i++)
        if (strcmp(engines[i]->name, name) == 0)
            return engines[i];
    return NULL;
}

void collective_use_add(struct collective_use *use, uint64_t size_B, int n_ranks)
{
    const bool is_first = use->n_calls++ == 0;
    if (is_first || size_B < use->smallest_B)
        use->smallest_B = size_B;
    if (is_first || size_B > use->largest_B)
        use->largest_B = size_B;
    if (is_first || n_ranks < use->fewest_ranks)
        use->fewest_ranks = n_ranks;
    if (is_first || n_ranks > use->most_ranks)
        use->most_ranks = n_ranks;
}

void outcome_release(struct outcome *outcome)
{
    free(outcome->traffic);
    outcome->traffic = NULL;
}
