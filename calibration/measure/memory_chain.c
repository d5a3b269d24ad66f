/*
 * memory_chain.c - reads at random of a table beyond all caches, each of which tells where the next
 * one is.
 *
 * A chain in small pages, one in huge pages, and one that stays within a window of small ones for
 * as long as the window has lines, tell what finding a page's place takes: within the window the
 * core has all of these places at hand. Parameters of a node: memory_latency, page_walk (raw.h).
 * Left out: walks under way at once; that what the processor does to find the next place, some
 * cycles, is in memory_latency too.
 */
#include "kernel_memory.h"
#include "machine.h"
#include "random.h"
#include "repeat.h"
#include "workspace.h"

enum { READS = 1 << 13, SMALL_PAGE_B = 4096, HUGE_PAGE_B = 2 << 20 };

/* Places of so many small pages are at hand on processors of the last ten years. */
enum { WINDOW_B = 1 << 20 };

static const double guess_s = 150e-9; /* of a read, for time tables alone */

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

static void plan_chain(const struct measure *measure, const struct plan_request *request,
                       struct plan *plan)
{
    static const double pages_and_windows[][2] = {
        {0, 0}, {SMALL_PAGE_B, 0}, {SMALL_PAGE_B, WINDOW_B}, {HUGE_PAGE_B, 0}};
    if (measure->is_simulated)
        return;
    const double size_B = machine_of(measure)->table_B;
    for (int i = 0; i < (request->thoroughness == QUICK ? 1 : 4); i++) {
        const struct raw_cell cell = {
            .operation = RAW_ACCESS_CHAIN,
            .size_B = size_B,
            .argument = {READS, pages_and_windows[i][0], pages_and_windows[i][1]}};
        repeat_plan(measure, QUICK, plan, cell, READS * guess_s);
    }
}

/* A visit reads a small part of the table: none begins where another did, as that may be in a
 * cache. */
static int chain_of_team(const struct measure *measure, const struct raw_cell *cell,
                         const struct team *team, struct visit *visit)
{
    static struct random_stream places;
    const size_t size_B = (size_t)cell->size_B, n_lines = size_B / LINE_B;
    const size_t window = cell->argument[2] > 0.0 ? (size_t)cell->argument[2] / LINE_B : n_lines;
    const uint64_t *table = table_of(size_B, (size_t)cell->argument[1]);
    if (!table)
        return MPI_ERR_NO_MEM;
    struct chain chain = chain_start(table, n_lines, window);
    chain.first = random_bits(&places) % (n_lines / window) * window;
    chain.at = random_bits(&places) % window;
    return repeat_work(measure, team, follow, &chain, visit);
}

const struct operation operation_access_chain = {
    .kind = RAW_ACCESS_CHAIN,
    .help = "reads at random, each of which tells where the next one is",
    .plan = plan_chain,
    .visit = repeat_visit,
    .of_team = chain_of_team,
};
