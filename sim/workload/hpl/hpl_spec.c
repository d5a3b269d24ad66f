/*
 * hpl_spec.c - HPL's part of a scenario. Defaults are those of HPCC's own input file.
 */
#include "hpl.h"
#include "hpl_plan.h"
#include "sim/workload/shared.h"

#include "sim/input/scenario.h"
#include "sim/platform/platform.h"

#include <math.h>
#include <stdio.h>

static const char *const order_names[] = {"row", "column", NULL};
static const char *const looking_names[] = {"left", "crout", "right", NULL};
static const char *const broadcast_names[] = {"1ring", "1ringM", "2ring", "2ringM",
                                              "long",  "longM",  NULL};
static const char *const swap_names[] = {"binary-exchange", "spread-roll", "mix", NULL};

#define LONG(member)  .kind = FIELD_LONG, .offset = offsetof(struct hpl_spec, member)
#define COUNT(member) .kind = FIELD_COUNT, .offset = offsetof(struct hpl_spec, member)
#define BOOL(member)  .kind = FIELD_BOOL, .offset = offsetof(struct hpl_spec, member)
#define CHOICE(member, names)                                                                      \
    .kind = FIELD_CHOICE, .offset = offsetof(struct hpl_spec, member), .choices = names

const struct field hpl_fields[] = {
    {.key = "n",
     LONG(n),
     .min = 1.0,
     .max = 1e9,
     .help = "Order of the system: unknowns. The matrix takes 8 N (N + 1) bytes in all."},
    {.key = "nb",
     COUNT(nb),
     .min = 1.0,
     .max = HPL_MAX_NB,
     .fallback = "80",
     .help = "Columns of a panel, and rows and columns of the blocks that processes are dealt."},
    {.key = "p",
     COUNT(p),
     .min = 1.0,
     .max = HPL_MAX_GRID,
     .help = "Rows of the process grid; a panel is factored by the P processes of a column."},
    {.key = "q",
     COUNT(q),
     .min = 1.0,
     .max = HPL_MAX_GRID,
     .help = "Columns of the process grid; a panel is broadcast to the Q processes of a row."},
    {.key = "order",
     CHOICE(order, order_names),
     .fallback = "row",
     .help = "Which way ranks fill the grid: row by row or column by column (PMAP)."},
    {.key = "pfact",
     CHOICE(pfact, looking_names),
     .fallback = "right",
     .help = "How the innermost blocks of a panel are factored, column by column (PFACT)."},
    {.key = "nbmin",
     COUNT(nbmin),
     .min = 1.0,
     .max = HPL_MAX_NB,
     .fallback = "4",
     .help = "The recursion within a panel stops at blocks of so many columns (NBMIN)."},
    {.key = "ndiv",
     COUNT(ndiv),
     .min = 2.0,
     .max = HPL_MAX_NB,
     .fallback = "2",
     .help = "Parts that the recursion cuts a block into (NDIV)."},
    {.key = "rfact",
     CHOICE(rfact, looking_names),
     .fallback = "crout",
     .help = "How the recursion updates the parts of a block (RFACT)."},
    {.key = "broadcast",
     CHOICE(broadcast, broadcast_names),
     .fallback = "1ringM",
     .help = "How a panel travels along a process row (BCAST); M spares the next owner."},
    {.key = "depth",
     COUNT(depth),
     .min = 0.0,
     .max = 64.0,
     .fallback = "1",
     .help = "Panels of look-ahead (DEPTH): 0 waits for each broadcast, 1 hides it."},
    {.key = "swap",
     CHOICE(swap, swap_names),
     .fallback = "mix",
     .help = "How pivot rows are swapped within a process column (SWAP); mix chooses by size."},
    {.key = "swap_threshold",
     COUNT(swap_threshold),
     .min = 0.0,
     .max = 1e9,
     .fallback = "64",
     .help = "With mix: spread-roll where a process has more columns than this."},
    {.key = "equilibration",
     BOOL(equilibration),
     .fallback = "true",
     .help = "With spread-roll: even out the rows that processes have before they roll."},
    {.key = NULL}};

/* A matrix of up to this share of the memory leaves room for the system, MPI and HPL's panels. */
static const double prudent_share = 0.9;

/* Process (0, 0) has the largest part of the matrix, or nearly so. */
static void check_memory(const struct hpl_spec *spec, const struct scenario *scenario,
                         struct diagnostics *diagnostics)
{
    const double rows = (double)hpl_local_count(spec->n, spec->nb, 0, spec->p);
    const double columns = (double)hpl_local_count(spec->n, spec->nb, 0, spec->q) + 1.0;
    const double matrix_B = rows * columns * MPI_DOUBLE_B;
    const double share = matrix_B / platform_rank_memory_B(scenario);
    char hint[64];

    check_rank_memory(scenario, diagnostics, "workload.n", matrix_B);
    if (share <= prudent_share || share > 1.0)
        return;
    snprintf(hint, sizeof hint, "N up to %.0f would leave some",
             (double)spec->n * sqrt(prudent_share / share));
    diagnostics_add_key(diagnostics, SEVERITY_WARNING, "workload.n", hint,
                        "the matrix takes %.0f %% of the memory and leaves little for the system",
                        100.0 * share);
}

static void check_sizes(const struct hpl_spec *spec, struct diagnostics *diagnostics)
{
    const long n_panels = (spec->n + spec->nb - 1) / spec->nb;

    if (spec->nb > spec->n)
        diagnostics_add_key(diagnostics, SEVERITY_WARNING, "workload.nb", NULL,
                            "NB = %d is more than N = %ld: one panel, one process does the work",
                            spec->nb, spec->n);
    else if (n_panels < spec->p || n_panels < spec->q)
        diagnostics_add_key(diagnostics, SEVERITY_WARNING, "workload.n", NULL,
                            "N = %ld has only %ld panel%s: some of the %d x %d processes get none",
                            spec->n, n_panels, n_panels == 1 ? "" : "s", spec->p, spec->q);
    if (spec->q > 1 && spec->depth > n_panels)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.depth", "0 and 1 are usual",
                            "a look-ahead of %d panels, of %ld that there are", spec->depth,
                            n_panels);
}

void hpl_check(const void *spec, const struct scenario *scenario, struct diagnostics *diagnostics)
{
    const struct hpl_spec *hpl = spec;

    check_grid(scenario, diagnostics, hpl->p, hpl->q);
    check_memory(hpl, scenario, diagnostics);
    check_sizes(hpl, diagnostics);
}
