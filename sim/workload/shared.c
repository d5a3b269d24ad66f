#include "shared.h"

#include "sim/input/scenario.h"

const char *const ranks_at_work_names[] = {"star", "single", NULL};

void check_two_ranks(const void *spec, const struct scenario *scenario,
                     struct diagnostics *diagnostics)
{
    (void)spec;
    if (platform_rank_count(scenario) < 2)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.kind",
                            "give the cluster more cores, or set ranks to 2 or more",
                            "this benchmark needs at least two ranks to communicate");
}

void check_rank_memory(const struct scenario *scenario, struct diagnostics *diagnostics,
                       const char *key, double needed_B)
{
    const double has_B = platform_rank_memory_B(scenario);

    if (needed_B > has_B)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, key, "make the problem smaller",
                            "a rank needs %.4g MB for its data and has %.4g MB", needed_B * 1e-6,
                            has_B * 1e-6);
}
