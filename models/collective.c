#include "collective.h"

#include "collective_rules.h"

#include <assert.h>
#include <stdlib.h>

const char *const collective_names[N_COLLECTIVES + 1] = {
    "barrier",   "bcast",    "reduce",    "allreduce",      "gather", "scatter",
    "allgather", "alltoall", "alltoallv", "reduce_scatter", "scan",   NULL};

const struct collective_library *const collective_libraries[N_COLLECTIVE_LIBRARIES] = {
    [LIBRARY_MPICH2_1_0] = &collective_mpich2_1_0,
    [LIBRARY_OPEN_MPI_1_4] = &collective_open_mpi_1_4,
    [LIBRARY_OPEN_MPI_4_1] = &collective_open_mpi_4_1,
    [LIBRARY_MVAPICH2_1_9] = &collective_mvapich2_1_9,
    [LIBRARY_INTEL_MPI_4_1] = &collective_intel_mpi_4_1};

const char *const collective_library_names[N_COLLECTIVE_LIBRARIES + 1] = {
    "mpich2-1.0", "open-mpi-1.4", "open-mpi-4.1", "mvapich2-1.9", "intel-mpi-4.1", NULL};

static bool meets(const struct collective_call *call, unsigned conditions)
{
    const uint64_t n = (uint64_t)call->n_ranks;
    uint64_t power = 1;
    while (2 * power <= n)
        power *= 2;
    return !((conditions & IF_POWER_OF_TWO && power != n) || (conditions & IF_EVEN && n % 2 != 0) ||
             (conditions & IF_ELEMENT_FOR_EACH && call->n_elements < n) ||
             (conditions & IF_ELEMENT_FOR_MOST && call->n_elements < power) ||
             (conditions & IF_MEBIBYTE_FOR_EACH && call->size_B / n <= 1048576));
}

static double line_ranks(const struct rank_line *line, double size_B)
{
    return line->per_B * size_B + line->offset;
}

static bool applies(const struct rank_rule *rule, const struct collective_call *call,
                    double counted_B)
{
    if ((rule->n_per_node && rule->n_per_node != call->n_per_node) ||
        (rule->to_ranks && call->n_ranks > rule->to_ranks) || !meets(call, rule->conditions))
        return false;
    switch (rule->line.side) {
    case BELOW_LINE:
        return call->n_ranks < line_ranks(&rule->line, counted_B);
    case ABOVE_LINE:
        return call->n_ranks > line_ranks(&rule->line, counted_B);
    case NO_LINE:
        break;
    }
    return true;
}

/* NULL where none of the rule's steps is for this size. */
static const struct size_step *find_step(const struct rank_rule *rule, uint64_t counted_B)
{
    for (int i = 0; i < MAX_SIZE_STEPS && rule->steps[i].below_B > 0; i++)
        if (counted_B < rule->steps[i].below_B)
            return &rule->steps[i];
    return NULL;
}

static enum collective_algorithm within_limits(const struct collective_library *library,
                                               const struct collective_call *call,
                                               enum collective_algorithm algorithm)
{
    for (const struct collective_limit *limit = library->limits;
         limit->algorithm != COLLECTIVE_NOTHING; limit++)
        if (limit->algorithm == algorithm && !meets(call, limit->needs))
            return within_limits(library, call, limit->otherwise);
    return algorithm;
}

/* The algorithm is among the first ranks of each node, who speak for the others. */
static struct collective_call among_nodes(const struct collective_call *call)
{
    struct collective_call among = *call;
    const uint64_t n_per_node = (uint64_t)call->n_per_node;
    const bool joins = call->collective == COLLECTIVE_GATHER ||
                       call->collective == COLLECTIVE_SCATTER ||
                       call->collective == COLLECTIVE_ALLGATHER;
    among.n_ranks = call->n_ranks / call->n_per_node;
    among.n_per_node = 1;
    among.size_B *= joins ? n_per_node : 1;
    among.n_elements *= joins ? n_per_node : 1;
    return among;
}

static bool has_nothing_to_do(const struct collective_call *call)
{
    return call->n_ranks == 1 || (call->size_B == 0 && call->collective != COLLECTIVE_BARRIER &&
                                  call->collective != COLLECTIVE_ALLTOALLV);
}

/* Ranks may give alltoallv different sizes, so no library can look at them. */
static uint64_t counted_size_B(const struct collective_rules *rules,
                               const struct collective_call *call)
{
    if (call->collective == COLLECTIVE_ALLTOALLV)
        return 0;
    return call->size_B * (rules->counted == COUNTED_TOTAL ? (uint64_t)call->n_ranks : 1);
}

struct collective_choice collective_choose(const struct collective_library *library,
                                           const struct collective_call *call)
{
    assert(call->n_ranks >= 1 && call->n_per_node >= 0);

    if (has_nothing_to_do(call))
        return (struct collective_choice){.algorithm = COLLECTIVE_NOTHING};
    const struct collective_rules *rules = &library->rules[call->collective];
    const uint64_t counted_B = counted_size_B(rules, call);
    for (int i = 0; i < rules->n_rules; i++) {
        if (!applies(&rules->rules[i], call, (double)counted_B))
            continue;
        const struct size_step *step = find_step(&rules->rules[i], counted_B);
        if (!step)
            continue;
        const bool is_two_level =
            step->is_two_level && call->n_per_node > 1 && call->n_ranks > call->n_per_node;
        const struct collective_call asked = is_two_level ? among_nodes(call) : *call;
        return (struct collective_choice){.algorithm =
                                              within_limits(library, &asked, step->algorithm),
                                          .is_two_level = is_two_level};
    }
    assert(!"a decision table without a last rule");
    abort();
}

bool collective_has_levels(const struct collective_library *library)
{
    for (int i = 0; i < N_COLLECTIVES; i++)
        for (int j = 0; j < library->rules[i].n_rules; j++)
            for (int k = 0; k < MAX_SIZE_STEPS; k++)
                if (library->rules[i].rules[j].steps[k].is_two_level)
                    return true;
    return false;
}

/* --- rows --------------------------------------------------------------------------- */

enum { MAX_BOUNDS = 1024, DOUBLE_B = 8 };

/* Sizes at which the choice may change, and some more. */
struct bounds {
    int n;
    uint64_t sizes_B[MAX_BOUNDS];
};

static void add_bound(struct bounds *bounds, uint64_t size_B)
{
    assert(bounds->n < MAX_BOUNDS);
    bounds->sizes_B[bounds->n++] = size_B;
}

static void add_rule_bounds(struct bounds *bounds, const struct rank_rule *rule, uint64_t divisor,
                            int n_ranks)
{
    for (int i = 0; i < MAX_SIZE_STEPS && rule->steps[i].below_B > 0; i++)
        if (rule->steps[i].below_B != ANY_SIZE)
            add_bound(bounds, (rule->steps[i].below_B + divisor - 1) / divisor);
    if (rule->line.side == NO_LINE || n_ranks <= rule->line.offset)
        return;
    const double crossing_B = (n_ranks - rule->line.offset) / rule->line.per_B;
    add_bound(bounds, (uint64_t)(crossing_B / (double)divisor));
    add_bound(bounds, (uint64_t)(crossing_B / (double)divisor) + 1);
}

/* Where there are enough elements for a number of ranks, alone or one rank a node. */
static void add_limit_bounds(struct bounds *bounds, int n_ranks, int n_per_node)
{
    const int n_nodes = n_per_node > 1 ? n_ranks / n_per_node : n_ranks;
    const int numbers[] = {n_ranks, n_nodes};
    for (int i = 0; i < 2; i++) {
        uint64_t power = 1;
        while (2 * power <= (uint64_t)numbers[i])
            power *= 2;
        add_bound(bounds, DOUBLE_B * power);
        add_bound(bounds, DOUBLE_B * (uint64_t)numbers[i]);
        add_bound(bounds, DOUBLE_B * ((uint64_t)numbers[i] + (uint64_t)(n_per_node - 1)) /
                              (uint64_t)(n_per_node > 0 ? n_per_node : 1));
        add_bound(bounds, 1048577 * (uint64_t)numbers[i]);
    }
}

static int by_size(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool same(struct collective_choice a, struct collective_choice b)
{
    return a.algorithm == b.algorithm && a.is_two_level == b.is_two_level;
}

void collective_rows(const struct collective_library *library, enum collective collective,
                     int n_ranks, int n_per_node, collective_row *row, void *context)
{
    const struct collective_rules *rules = &library->rules[collective];
    const uint64_t divisor = rules->counted == COUNTED_TOTAL ? (uint64_t)n_ranks : 1;
    struct bounds bounds = {.n = 0};
    add_bound(&bounds, 0);
    add_bound(&bounds, 1);
    for (int i = 0; i < rules->n_rules; i++)
        add_rule_bounds(&bounds, &rules->rules[i], divisor, n_ranks);
    add_limit_bounds(&bounds, n_ranks, n_per_node);
    qsort(bounds.sizes_B, (size_t)bounds.n, sizeof bounds.sizes_B[0], by_size);

    struct collective_call call = {
        .collective = collective, .n_ranks = n_ranks, .n_per_node = n_per_node};
    struct collective_choice current = collective_choose(library, &call);
    uint64_t first_B = 0;
    for (int i = 0; i < bounds.n; i++) {
        call.size_B = bounds.sizes_B[i];
        call.n_elements = call.size_B / DOUBLE_B;
        const struct collective_choice next = collective_choose(library, &call);
        if (same(next, current))
            continue;
        row(context, first_B, call.size_B, current);
        first_B = call.size_B;
        current = next;
    }
    row(context, first_B, UINT64_MAX, current);
}
