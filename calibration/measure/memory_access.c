/*
 * memory_access.c - updates at random of single words of a table beyond all caches, many of them
 * under way: HPCC's RandomAccess on one rank. Parameter of a node: accesses_at_once (raw.h).
 */
#include "kernel_memory.h"
#include "machine.h"
#include "repeat.h"
#include "workspace.h"

enum { UPDATES = 1 << 14 };

static const double guess_s = 20e-9; /* of an update, for time tables alone */

struct update_work {
    struct updates updates;
    size_t n_words;
    uint64_t *table;
};

static void update(void *data, long n)
{
    struct update_work *work = data;
    for (long i = 0; i < n; i++)
        updates_apply(&work->updates, UPDATES, work->n_words, work->table);
}

static void plan_access(const struct measure *measure, const struct plan_request *request,
                        struct plan *plan)
{
    if (measure->is_simulated)
        return;
    const struct raw_cell cell = {
        .operation = RAW_ACCESS, .size_B = machine_of(measure)->table_B, .argument = {UPDATES}};
    repeat_plan(measure, request->thoroughness, plan, cell, UPDATES * guess_s);
}

static int access_of_team(const struct measure *measure, const struct raw_cell *cell,
                          const struct team *team, struct visit *visit)
{
    static struct update_work work; /* goes on from visit to visit: to places not in caches */
    if (!work.table)
        updates_start(measure->seed + (unsigned long)measure->rank, &work.updates);
    work.n_words = (size_t)cell->size_B / sizeof(uint64_t);
    work.table = workspace_of(WORKSPACE_TABLE, (size_t)cell->size_B);
    if (!work.table)
        return MPI_ERR_NO_MEM;
    return repeat_work(measure, team, update, &work, visit);
}

const struct operation operation_access = {
    .kind = RAW_ACCESS,
    .help = "updates at random of a table beyond all caches, 128 offered at once",
    .plan = plan_access,
    .visit = repeat_visit,
    .of_team = access_of_team,
};
