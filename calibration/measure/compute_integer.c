/*
 * compute_integer.c - integer and pointer work in a cache: keys sorted into buckets and counted, as
 * NPB's IS does it. Parameter of a node: rates.integer (raw.h).
 */
#include "kernel_sort.h"
#include "repeat.h"
#include "workspace.h"

enum { N_KEYS = 1 << 14 };

static const double guess_per_s = 1e9; /* for time tables alone */

static volatile int32_t sink; /* or compilers leave out what nobody looks at */

static void rank_keys(void *data, long n)
{
    struct sort *sort = data;
    for (long i = 0; i < n; i++) {
        sort_rank_keys(sort);
        sink = sort->counts[SORT_RANGE - 1];
    }
}

static void plan_integer(const struct measure *measure, const struct plan_request *request,
                         struct plan *plan)
{
    const double n_operations = sort_operations(N_KEYS);
    const struct raw_cell cell = {.operation = RAW_INTEGER,
                                  .size_B = 2.0 * N_KEYS * sizeof(uint32_t),
                                  .argument = {n_operations}};
    if (!measure->is_simulated)
        repeat_plan(measure, request->thoroughness, plan, cell, n_operations / guess_per_s);
}

static int integer_of_team(const struct measure *measure, const struct raw_cell *cell,
                           const struct team *team, struct visit *visit)
{
    uint32_t *keys = workspace_of(WORKSPACE_SMALL, 2 * N_KEYS * sizeof(uint32_t));
    (void)cell;
    if (!keys)
        return MPI_ERR_NO_MEM;
    sort_draw_keys(measure->seed, N_KEYS, keys);
    struct sort sort = {.n = N_KEYS, .keys = keys, .in_buckets = keys + N_KEYS};
    return repeat_work(measure, team, rank_keys, &sort, visit);
}

const struct operation operation_integer = {
    .kind = RAW_INTEGER,
    .help = "integer and pointer work: keys sorted into buckets and counted, as IS has it",
    .plan = plan_integer,
    .visit = repeat_visit,
    .of_team = integer_of_team,
};
