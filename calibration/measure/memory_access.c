/*
 * memory_access.c - single words of a table beyond all caches: updates at random, many under way
 * (HPCC's RandomAccess on one rank), and reads of which each tells where the next one is.
 *
 * A chain of reads in small pages, in huge pages, and one that stays within a window of small ones
 * for as long as the window has lines, tell what finding a page's place takes: within the window
 * the core has all of these places at hand. Parameters of a node: memory_latency, accesses_at_once,
 * page_walk (raw.h). Left out: walks under way at once.
 */
#include "extent.h"
#include "kernel_memory.h"
#include "machine.h"
#include "repeat.h"
#include "workspace.h"

enum { UPDATES = 1 << 14, READS = 1 << 13, SMALL_PAGE_B = 4096, HUGE_PAGE_B = 2 << 20 };

/* Places of so many small pages are at hand on processors of the last ten years. */
enum { WINDOW_B = 1 << 20 };

static const double guess_s = 50e-9; /* of an access, for time tables alone */

/* The table of a program that needs a large one: larger than arrays of streams, as tables of pages
 * then do not fit the caches either. */
static double table_B(const struct machine *machine)
{
    const double factor = 4.0;
    return extent_beyond_caches_B(factor * machine->last_cache_B, machine->rank_memory_B / 4.0);
}

/* --- updates ------------------------------------------------------------------------------------
 */

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
        .operation = RAW_ACCESS, .size_B = table_B(machine_of(measure)), .argument = {UPDATES}};
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

static int visit_access(const struct measure *measure, const struct raw_cell *cell,
                        struct visit *visit)
{
    return repeat_visit(measure, cell, visit, access_of_team);
}

const struct operation operation_access = {
    .kind = RAW_ACCESS,
    .help = "updates at random of a table beyond all caches, 128 offered at once",
    .plan = plan_access,
    .visit = visit_access,
};

/* --- chains of reads ----------------------------------------------------------------------------
 */

enum { N_PAGE_KINDS = 3 };
static const size_t page_kinds_B[N_PAGE_KINDS] = {0, SMALL_PAGE_B, HUGE_PAGE_B};

/* A table of zeros in pages of `page_B`, kept from visit to visit; NULL: there is no memory. */
static const uint64_t *table_of(size_t size_B, size_t page_B)
{
    static const uint64_t *tables[N_PAGE_KINDS];
    static size_t sizes_B[N_PAGE_KINDS];
    int kind = 0;

    while (kind < N_PAGE_KINDS - 1 && page_kinds_B[kind] != page_B)
        kind++;
    if (sizes_B[kind] != size_B) {
        tables[kind] = workspace_map(size_B, page_B);
        sizes_B[kind] = tables[kind] ? size_B : 0;
    }
    return tables[kind];
}

static void follow(void *data, long n)
{
    for (long i = 0; i < n; i++)
        chain_follow(data, READS);
}

/* A visit reads a small part of the table: none begins where another did. */
static size_t next_start;

static void plan_chain(const struct measure *measure, const struct plan_request *request,
                       struct plan *plan)
{
    static const double pages_and_windows[][2] = {
        {0, 0}, {SMALL_PAGE_B, 0}, {SMALL_PAGE_B, WINDOW_B}, {HUGE_PAGE_B, 0}};
    if (measure->is_simulated)
        return;
    const double size_B = table_B(machine_of(measure));
    for (int i = 0; i < (request->thoroughness == QUICK ? 1 : 4); i++) {
        const struct raw_cell cell = {
            .operation = RAW_ACCESS_CHAIN,
            .size_B = size_B,
            .argument = {READS, pages_and_windows[i][0], pages_and_windows[i][1]}};
        repeat_plan(measure, QUICK, plan, cell, READS * guess_s);
    }
}

static int chain_of_team(const struct measure *measure, const struct raw_cell *cell,
                         const struct team *team, struct visit *visit)
{
    const size_t size_B = (size_t)cell->size_B, n_lines = size_B / LINE_B;
    const size_t window = (size_t)cell->argument[2] / LINE_B;
    const uint64_t *table = table_of(size_B, (size_t)cell->argument[1]);
    if (!table)
        return MPI_ERR_NO_MEM;
    struct chain chain = chain_start(table, n_lines, window > 0 ? window : n_lines);
    chain.at = next_start = (next_start + n_lines / 3) % chain.window;
    return repeat_work(measure, team, follow, &chain, visit);
}

static int visit_chain(const struct measure *measure, const struct raw_cell *cell,
                       struct visit *visit)
{
    return repeat_visit(measure, cell, visit, chain_of_team);
}

const struct operation operation_access_chain = {
    .kind = RAW_ACCESS_CHAIN,
    .help = "reads at random, each of which tells where the next one is",
    .plan = plan_chain,
    .visit = visit_chain,
};
