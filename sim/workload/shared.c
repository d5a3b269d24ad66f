#include "shared.h"

#include "sim/engine/program.h"
#include "sim/input/scenario.h"
#include "sim/input/unit.h"

#include <stdio.h>
#include <stdlib.h>

const char *const ranks_at_work_names[] = {"star", "single", NULL};
const char *const ranks_and_mpi_names[] = {"star", "single", "mpi", NULL};

void check_two_ranks(const void *spec, const struct scenario *scenario,
                     struct diagnostics *diagnostics)
{
    (void)spec;
    if (platform_rank_count(scenario) < 2)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.kind",
                            "give the cluster more cores, or set ranks to 2 or more",
                            "this benchmark needs at least two ranks to communicate");
}

/* The grid of `n_ranks` that is nearest to a square; P is at most Q. */
static int squarest_p(int n_ranks)
{
    int p = 1;
    for (int i = 1; (long)i * i <= n_ranks; i++)
        if (n_ranks % i == 0)
            p = i;
    return p;
}

bool check_grid(const struct scenario *scenario, struct diagnostics *diagnostics, int p, int q)
{
    const int n_ranks = platform_rank_count(scenario);
    const long size = (long)p * q;
    char hint[128];
    if (size <= n_ranks)
        return true;

    const int best = squarest_p(n_ranks), fewer = squarest_p(n_ranks - 1);
    int length = snprintf(hint, sizeof hint, "%d ranks fit %d x %d", n_ranks, best, n_ranks / best);
    if (best == 1 && n_ranks > 3)
        snprintf(hint + length, sizeof hint - (size_t)length, ", or %d x %d with one rank idle",
                 fewer, (n_ranks - 1) / fewer);
    diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.p", hint,
                        "a process grid of %d x %d needs %ld ranks, the scenario has %d", p, q,
                        size, n_ranks);
    return false;
}

void check_rank_memory(const struct scenario *scenario, struct diagnostics *diagnostics,
                       const char *key, double needed_B)
{
    const double has_B = platform_rank_memory_B(scenario);
    char needed[QUANTITY_TEXT_B];
    char has[QUANTITY_TEXT_B];

    if (needed_B <= has_B)
        return;
    unit_format(DIMENSION_BYTES, needed_B, needed);
    unit_format(DIMENSION_BYTES, has_B, has);
    diagnostics_add_key(diagnostics, SEVERITY_ERROR, key, "make the problem smaller",
                        "a rank needs %s for its data and has %s", needed, has);
}

void program_free_plan(struct program *program)
{
    free((void *)program->plan);
    *program = (struct program){0};
}
