#include "result_table.h"

#include "grid.h"
#include "sim/config.h"
#include "table_parts.h"
#include "wrap.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_version.h>

/* --- the answer ------------------------------------------------------------ */

/* A smaller share would print as 0 %. */
static const double least_told_percent = 0.5;

void result_name_print(const char *name, FILE *out)
{
    for (; *name != '\0'; name++)
        fputc(toupper((unsigned char)*name), out);
}

static double percent_of_run(const struct result *result, enum layer layer)
{
    return 100.0 * result->central.layer_s[layer] / result->central.elapsed_s;
}

static void print_answer(const struct result *result, FILE *out)
{
    const struct metric_summary *main = result_main_metric(result);
    const struct metric *metric = &main->metric;

    result_name_print(result->workload, out);
    fprintf(out, metric->more_is_better ? " reaches " : " takes ");
    print_metric_value(metric, main->draws.p50, out);
    fprintf(out, " %s", metric->unit);
    if (result->n_draws > 0) {
        fprintf(out, " (P10 ");
        print_metric_value(metric, main->draws.p10, out);
        fprintf(out, ", P90 ");
        print_metric_value(metric, main->draws.p90, out);
        fputc(')', out);
    }
    if (result->has_native)
        fprintf(out, ", %.0f %% of native speed",
                100.0 * metric_gain(metric, result->native.values[0], metric->value));
    const enum layer cost = result_largest_cost(result);
    if (cost != LAYER_COMPUTE && percent_of_run(result, cost) >= least_told_percent)
        fprintf(out, "; beyond computing and waiting, most time goes to %s (%.0f %%)",
                layer_names[cost], percent_of_run(result, cost));
    fputc('.', out);
}

char *result_answer(const struct result *result)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    print_answer(result, out);
    return fclose(out) == 0 ? text : NULL;
}

/* --- tables ---------------------------------------------------------------- */

static int print_metrics(const struct result *result, FILE *out)
{
    struct grid grid;

    grid_init(&grid);
    grid_column(&grid, "METRIC", GRID_LEFT);
    if (result->n_draws > 0) {
        grid_column(&grid, "P10", GRID_RIGHT);
        grid_column(&grid, "P50", GRID_RIGHT);
        grid_column(&grid, "P90", GRID_RIGHT);
    }
    grid_column(&grid, "CENTRAL", GRID_RIGHT);
    grid_column(&grid, "UNIT", GRID_LEFT);
    for (int i = 0; i < result->n_metrics; i++) {
        const struct metric_summary *summary = &result->metrics[i];
        grid_row(&grid);
        grid_cell(&grid, "%s", summary->metric.name);
        if (result->n_draws > 0) {
            grid_cell_value(&grid, &summary->metric, summary->draws.p10);
            grid_cell_value(&grid, &summary->metric, summary->draws.p50);
            grid_cell_value(&grid, &summary->metric, summary->draws.p90);
        }
        grid_cell_value(&grid, &summary->metric, summary->metric.value);
        grid_cell(&grid, "%s", summary->metric.unit);
    }
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

/* Part of the whole that differences of clocks leave by rounding, where a layer has nothing. */
static const double rest_of_clocks = 1e-12;

/* Shares of a whole: a row for each name that has one. */
static int print_shares(const char *what, const char *unit, int n, const char *const names[],
                        const double values[], FILE *out)
{
    double whole = 0.0;
    struct grid grid;

    for (int i = 0; i < n; i++)
        whole += values[i];
    grid_init(&grid);
    grid_column(&grid, what, GRID_LEFT);
    grid_column(&grid, unit, GRID_RIGHT);
    grid_column(&grid, "SHARE", GRID_RIGHT);
    grid_column(&grid, "", GRID_LEFT);
    for (int i = 0; i < n; i++) {
        if (fabs(values[i]) <= rest_of_clocks * whole)
            continue;
        grid_row(&grid);
        grid_cell(&grid, "%s", names[i]);
        grid_cell_number(&grid, values[i]);
        grid_cell_percent(&grid, values[i] / whole);
        grid_cell_bar(&grid, values[i] / whole);
    }
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

static int print_gains(const struct result *result, FILE *out)
{
    const struct metric *metric = &result_main_metric(result)->metric;
    struct grid grid;

    grid_init(&grid);
    grid_column(&grid, "MADE NATIVE", GRID_LEFT);
    grid_column(&grid, metric->unit, GRID_RIGHT);
    grid_column(&grid, "GAIN", GRID_RIGHT);
    grid_column(&grid, "THAT IS", GRID_LEFT);
    for (int i = 0; i < result->n_gains; i++) {
        const struct gain *gain = &result->gains[i];
        grid_row(&grid);
        grid_cell(&grid, "%s", gain->counterfactual->name);
        grid_cell_value(&grid, metric, gain->values[0]);
        grid_cell(&grid, "x %.2f", metric_gain(metric, metric->value, gain->values[0]));
        grid_cell(&grid, "%s", gain->counterfactual->help);
    }
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

/* --- texts ----------------------------------------------------------------- */

void result_warning_print(const struct warning *warning, const char *kind, bool color, FILE *out)
{
    const int indent = (int)strlen(kind) + 2;
    char *text;

    print_warning_word(kind, color, out);
    fputs(": ", out);
    if (asprintf(&text, "%s%s%s", warning->place, warning->place[0] == '\0' ? "" : ": ",
                 warning->message) >= 0) {
        wrap_print(text, indent, WRAP_WIDTH, out);
        free(text);
    }
    if (warning->hint[0] != '\0') {
        fprintf(out, "%*s", indent, "");
        wrap_print(warning->hint, indent, WRAP_WIDTH, out);
    }
}

static int print_provenance(const struct result *result, FILE *out)
{
    const struct provenance *p = &result->provenance;
    char *text;

    if (asprintf(&text,
                 "profiles: node %s, link %s, mpi %s, technology %s; scenario %s, seed %ld, %d "
                 "draws, engine %s; vhpcsim %s, SimGrid %s, GSL %s",
                 p->node, p->link, p->mpi, p->technology, p->scenario_hash, p->seed,
                 result->n_draws, p->engine, VHPCSIM_VERSION, VHPCSIM_SIMGRID_VERSION,
                 gsl_version) < 0)
        return -ENOMEM;
    fputc('\n', out);
    wrap_print(text, 0, WRAP_WIDTH, out);
    free(text);
    return 0;
}

static bool has_collectives(const struct outcome *outcome)
{
    for (int i = 0; i < N_COLLECTIVE_ALGORITHMS; i++)
        if (outcome->collectives[i][0].n_calls > 0 || outcome->collectives[i][1].n_calls > 0)
            return true;
    return false;
}

static void range_cell(struct grid *grid, unsigned long least, unsigned long most)
{
    if (least == most)
        grid_cell(grid, "%lu", least);
    else
        grid_cell(grid, "%lu to %lu", least, most);
}

static void collective_row_of(struct grid *grid, const struct collective_use *use,
                              enum collective_algorithm algorithm, bool is_two_level)
{
    const struct collective_algorithm_info *info = collective_algorithm(algorithm);
    grid_row(grid);
    grid_cell(grid, "%s", collective_names[info->collective]);
    grid_cell(grid, "%s%s", info->name, is_two_level ? ", two-level" : "");
    grid_cell(grid, "%lu", (unsigned long)use->n_calls);
    range_cell(grid, (unsigned long)use->fewest_ranks, (unsigned long)use->most_ranks);
    range_cell(grid, (unsigned long)use->smallest_B, (unsigned long)use->largest_B);
}

static int print_collectives(const struct outcome *outcome, FILE *out)
{
    struct grid grid;

    grid_init(&grid);
    grid_column(&grid, "COLLECTIVE", GRID_LEFT);
    grid_column(&grid, "ALGORITHM", GRID_LEFT);
    grid_column(&grid, "CALLS", GRID_RIGHT);
    grid_column(&grid, "RANKS", GRID_RIGHT);
    grid_column(&grid, "BYTES", GRID_RIGHT);
    for (int i = 0; i < N_COLLECTIVE_ALGORITHMS; i++)
        for (int level = 0; level < 2; level++)
            if (outcome->collectives[i][level].n_calls > 0)
                collective_row_of(&grid, &outcome->collectives[i][level], i, level == 1);
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

int result_table_print(const struct result *result, bool color, FILE *out)
{
    char *answer = result_answer(result);
    if (answer == NULL)
        return -ENOMEM;
    print_strong(result->title, color, out);
    fputs("\n\n", out);
    wrap_print(answer, 0, WRAP_WIDTH, out);
    free(answer);

    fputc('\n', out);
    int status = print_metrics(result, out);
    print_heading("Where the time of a rank goes (mean of all ranks, central run)", color, out);
    status |= print_shares("LAYER", "SECONDS", N_LAYERS, layer_names, result->central.layer_s, out);
    print_heading("What the hosts' cores do meanwhile", color, out);
    status |= print_shares("HOST CPU", "CORE SECONDS", N_CPU_DOMAINS, cpu_domain_names,
                           result->central.host_cpu_s, out);
    if (result->n_gains > 0) {
        print_heading("The same run with one thing made native or ideal", color, out);
        status |= print_gains(result, out);
    }
    if (result->explains && has_collectives(&result->central)) {
        print_heading("What the MPI library took for collectives", color, out);
        status |= print_collectives(&result->central, out);
    }
    if (result->warnings.n > 0)
        fputc('\n', out);
    for (int i = 0; i < result->warnings.n; i++) {
        const struct warning *warning = &result->warnings.items[i];
        result_warning_print(warning, warning_kind_names[warning->kind], color, out);
    }
    status |= print_provenance(result, out);
    return status == 0 ? 0 : -ENOMEM;
}
