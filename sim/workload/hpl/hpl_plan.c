/*
 * hpl_plan.c - the block-cyclic layout and the pivots.
 *
 * What HPL's row swap sends depends on the matrix: a process row sends as many rows as pivots
 * fell on it. With a random matrix each row that is left is the pivot with the same probability;
 * drawing them once gives messages of the right sizes, rows that are chosen twice included.
 */
#include "hpl_plan.h"

#include "models/random.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

long hpl_local_count(long end, int nb, int part, int n_parts)
{
    const long blocks = end / nb;
    const long extra = blocks % n_parts;
    const long whole = blocks / n_parts * nb;
    if (part < extra)
        return whole + nb;
    return part == extra ? whole + end % nb : whole;
}

long hpl_local_between(long first, long end, int nb, int part, int n_parts)
{
    if (end <= first)
        return 0;
    return hpl_local_count(end, nb, part, n_parts) - hpl_local_count(first, nb, part, n_parts);
}

int hpl_rank_at(const struct hpl_plan *plan, int row, int col)
{
    const struct hpl_spec *spec = &plan->spec;
    return spec->order == HPL_ROW_MAJOR ? row * spec->q + col : col * spec->p + row;
}

void hpl_place(const struct hpl_plan *plan, int rank, int *row, int *col)
{
    const struct hpl_spec *spec = &plan->spec;
    *row = spec->order == HPL_ROW_MAJOR ? rank / spec->q : rank % spec->p;
    *col = spec->order == HPL_ROW_MAJOR ? rank % spec->q : rank / spec->p;
}

struct hpl_process hpl_process_of(const struct hpl_plan *plan, struct rank *rank, void *state)
{
    struct hpl_process process = {.rank = rank, .world = rank_world(rank), .state = state};
    hpl_place(plan, rank_number(rank), &process.row, &process.col);
    return process;
}

struct hpl_panel hpl_panel_of(const struct hpl_plan *plan, const struct hpl_process *process,
                              long index)
{
    const struct hpl_spec *spec = &plan->spec;
    assert(index >= 0 && index < plan->n_panels);

    const long first = index * spec->nb;
    const long left = spec->n - first;
    struct hpl_panel panel = {.index = index,
                              .first = first,
                              .width = left < spec->nb ? (int)left : spec->nb,
                              .row = (int)(index % spec->p),
                              .col = (int)(index % spec->q)};
    panel.distance = (process->row - panel.row + spec->p) % spec->p;
    panel.n_below =
        hpl_local_between(first + panel.width, spec->n, spec->nb, process->row, spec->p);
    panel.is_owned = process->col == panel.col;
    return panel;
}

int hpl_at_distance(const struct hpl_plan *plan, const struct hpl_process *process,
                    const struct hpl_panel *panel, int distance)
{
    return hpl_rank_at(plan, (panel->row + distance) % plan->spec.p, process->col);
}

/* --- pivots ------------------------------------------------------------- */

/* struct hpl_pivots, while it is being made. */
struct pivot_record {
    uint16_t *before, *order, *place, *start;
};

static size_t record_size(const struct hpl_plan *plan)
{
    return 4 * (size_t)plan->spec.p + 2; /* before: P + 1, order: P, place: P, start: P + 1 */
}

static struct pivot_record record_of(const struct hpl_plan *plan, long panel)
{
    const size_t p = (size_t)plan->spec.p;
    uint16_t *first = plan->pivots + record_size(plan) * (size_t)panel;
    return (struct pivot_record){.before = first,
                                 .order = first + p + 1,
                                 .place = first + 2 * p + 1,
                                 .start = first + 3 * p + 1};
}

struct hpl_pivots hpl_pivots_of(const struct hpl_plan *plan, long panel)
{
    const struct pivot_record record = record_of(plan, panel);
    return (struct hpl_pivots){.before = record.before,
                               .order = record.order,
                               .place = record.place,
                               .start = record.start};
}

static int compare_rows(const void *a, const void *b)
{
    const long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

static void draw_rows(const struct hpl_spec *spec, long panel, int width, long rows[])
{
    struct random_stream stream = random_stream_for(0, "HPL pivots", (uint64_t)panel);
    for (int i = 0; i < width; i++) {
        const long first = panel * spec->nb + i;
        rows[i] = first + (long)(random_uniform(&stream) * (double)(spec->n - first));
    }
}

/* Counts the different pivot rows under the diagonal block by distance, into before[d + 1]. */
static void count_rows(const struct hpl_spec *spec, long panel, int width, long rows[],
                       uint16_t before[])
{
    const long below = panel * spec->nb + width;
    qsort(rows, (size_t)width, sizeof rows[0], compare_rows);
    for (int i = 0; i < width; i++) {
        const bool is_repeated = i > 0 && rows[i] == rows[i - 1];
        if (rows[i] < below || is_repeated)
            continue;
        const long block = rows[i] / spec->nb;
        before[(block - panel) % spec->p + 1]++;
    }
    for (int d = 0; d < spec->p; d++)
        before[d + 1] = (uint16_t)(before[d + 1] + before[d]);
}

static int bits_in(int x)
{
    return __builtin_popcount((unsigned)x);
}

static void swap_counts(uint16_t *a, uint16_t *b)
{
    const uint16_t kept = *a;
    *a = *b;
    *b = kept;
}

/*
 * Spread-roll sends the rows down a binary tree over places. HPL gives the process rows with the
 * most rows the places that the tree reaches first: those with fewest bits set. The comparisons are
 * HPL's (HPL_logsort), so that the order of equals is too. `n` has the rows of each place.
 */
static void order_places(int p, uint16_t n[], uint16_t order[])
{
    for (int bits = 1; 1 << (bits - 1) < p; bits++)
        for (int a = 1; a < p; a++)
            for (int b = 2; bits_in(a) == bits && b < p; b++)
                if (bits_in(b) > bits && n[a] < n[b]) {
                    swap_counts(&n[a], &n[b]);
                    swap_counts(&order[a], &order[b]);
                }
}

/* The rows of U that each place serves: as many as it has pivots, the current row the others. */
static void fill_places(int p, int width, const struct pivot_record *record)
{
    uint16_t *n = record->start + 1;

    n[0] = (uint16_t)(width - (record->before[p] - record->before[1]));
    record->order[0] = 0;
    for (int d = 1; d < p; d++) {
        n[d] = (uint16_t)(record->before[d + 1] - record->before[d]);
        record->order[d] = (uint16_t)d;
    }
    order_places(p, n, record->order);
    record->start[0] = 0;
    for (int i = 0; i < p; i++) {
        record->place[record->order[i]] = (uint16_t)i;
        record->start[i + 1] = (uint16_t)(record->start[i] + n[i]);
    }
    assert(record->start[p] == width);
}

static void plan_panel(struct hpl_plan *plan, long panel, const long *pivots, long rows[])
{
    const struct hpl_spec *spec = &plan->spec;
    const long left = spec->n - panel * spec->nb;
    const int width = left < spec->nb ? (int)left : spec->nb;
    const struct pivot_record record = record_of(plan, panel);

    if (pivots)
        memcpy(rows, pivots + panel * spec->nb, (size_t)width * sizeof rows[0]);
    else
        draw_rows(spec, panel, width, rows);
    count_rows(spec, panel, width, rows, record.before);
    fill_places(spec->p, width, &record);
}

int hpl_plan_init(struct hpl_plan *plan, const struct hpl_spec *spec, const long *pivots)
{
    *plan = (struct hpl_plan){.spec = *spec, .n_panels = (spec->n + spec->nb - 1) / spec->nb};
    if (spec->q == 1)
        plan->spec.depth = 0;
    assert(plan->spec.depth <= plan->n_panels);
    if (spec->p == 1)
        return 0;

    long *rows = calloc((size_t)spec->nb, sizeof rows[0]);
    plan->pivots = calloc(record_size(plan) * (size_t)plan->n_panels, sizeof plan->pivots[0]);
    if (rows && plan->pivots)
        for (long panel = 0; panel < plan->n_panels; panel++)
            plan_panel(plan, panel, pivots, rows);
    free(rows);
    if (!rows || !plan->pivots) {
        hpl_plan_release(plan);
        return -ENOMEM;
    }
    return 0;
}

void hpl_plan_release(struct hpl_plan *plan)
{
    free(plan->pivots);
    plan->pivots = NULL;
}
