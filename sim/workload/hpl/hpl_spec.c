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

const char *const hpl_order_names[] = {"row", "column", NULL};
const char *const hpl_looking_names[] = {"left", "crout", "right", NULL};
const char *const hpl_broadcast_names[] = {"1ring", "1ringM", "2ring", "2ringM",
                                           "long",  "longM",  NULL};
const char *const hpl_swap_names[] = {"binary-exchange", "spread-roll", "mix", NULL};

const struct field hpl_fields[] = {
#include "hpl_rows.inc"
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
