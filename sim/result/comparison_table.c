#include "comparison_print.h"

#include "result_table.h"
#include "table_parts.h"
#include "wrap.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* `which` has SIDE_INDENT signs; a long title goes on below its beginning. */
static int print_side(const char *which, const struct result *result, bool color, FILE *out)
{
    enum { SIDE_INDENT = 8 };
    char *text;

    if (asprintf(&text, "%s (%s)", result->title, result->provenance.technology) < 0)
        return -ENOMEM;
    print_strong(which, color, out);
    wrap_print(text, SIDE_INDENT, WRAP_WIDTH, out);
    free(text);
    return 0;
}

/* --- metrics --------------------------------------------------------------- */

static void ratio_cell(struct grid *grid, double ratio)
{
    if (isfinite(ratio))
        grid_cell_number(grid, ratio);
    else
        grid_cell(grid, "-");
}

static void metric_row(struct grid *grid, const struct comparison *comparison,
                       const struct metric_pair *pair)
{
    const struct metric_summary *first = comparison_first(comparison, pair);
    const struct metric_summary *second = comparison_second(comparison, pair);
    const bool has_ratios = pair->ratios.n > 0;

    grid_row(grid);
    grid_cell(grid, "%s", first->metric.name);
    grid_cell_value(grid, &first->metric, first->draws.p50);
    grid_cell_value(grid, &second->metric, second->draws.p50);
    ratio_cell(grid, has_ratios ? pair->ratios.p50 : pair->ratio);
    if (comparison->first->n_draws > 0) {
        ratio_cell(grid, has_ratios ? pair->ratios.p10 : NAN);
        ratio_cell(grid, has_ratios ? pair->ratios.p90 : NAN);
    }
    grid_cell(grid, "%s", first->metric.unit);
}

static int print_metrics(const struct comparison *comparison, FILE *out)
{
    struct grid grid;

    grid_init(&grid);
    grid_column(&grid, "METRIC", GRID_LEFT);
    grid_column(&grid, "FIRST", GRID_RIGHT);
    grid_column(&grid, "SECOND", GRID_RIGHT);
    grid_column(&grid, "RATIO", GRID_RIGHT);
    if (comparison->first->n_draws > 0) {
        grid_column(&grid, "P10", GRID_RIGHT);
        grid_column(&grid, "P90", GRID_RIGHT);
    }
    grid_column(&grid, "UNIT", GRID_LEFT);
    for (int i = 0; i < comparison->n_pairs; i++)
        metric_row(&grid, comparison, &comparison->pairs[i]);
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

/* --- where time goes ------------------------------------------------------- */

static int print_layers(const struct comparison *comparison, FILE *out)
{
    const double *first_s = comparison->first->central.layer_s;
    const double *second_s = comparison->second->central.layer_s;
    struct grid grid;

    grid_init(&grid);
    grid_column(&grid, "LAYER", GRID_LEFT);
    grid_column(&grid, "FIRST", GRID_RIGHT);
    grid_column(&grid, "SECOND", GRID_RIGHT);
    grid_column(&grid, "ADDED", GRID_RIGHT);
    grid_column(&grid, "OF THE LOSS", GRID_RIGHT);
    grid_column(&grid, "", GRID_LEFT);
    for (int i = 0; i < N_LAYERS; i++) {
        const double share = comparison_layer_share(comparison, (enum layer)i);
        if (first_s[i] == 0.0 && second_s[i] == 0.0)
            continue;
        grid_row(&grid);
        grid_cell(&grid, "%s", layer_names[i]);
        grid_cell_number(&grid, first_s[i]);
        grid_cell_number(&grid, second_s[i]);
        grid_cell_number(&grid, second_s[i] - first_s[i]);
        grid_cell_percent(&grid, share);
        grid_cell_bar(&grid, isfinite(share) ? share : 0.0);
    }
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

static double sum_of(int n, const double values[])
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += values[i];
    return sum;
}

static int print_host_cpu(const struct comparison *comparison, FILE *out)
{
    const double *first_s = comparison->first->central.host_cpu_s;
    const double *second_s = comparison->second->central.host_cpu_s;
    const double first_all_s = sum_of(N_CPU_DOMAINS, first_s);
    const double second_all_s = sum_of(N_CPU_DOMAINS, second_s);
    struct grid grid;

    grid_init(&grid);
    grid_column(&grid, "HOST CPU", GRID_LEFT);
    grid_column(&grid, "FIRST", GRID_RIGHT);
    grid_column(&grid, "SHARE", GRID_RIGHT);
    grid_column(&grid, "SECOND", GRID_RIGHT);
    grid_column(&grid, "SHARE", GRID_RIGHT);
    for (int i = 0; i < N_CPU_DOMAINS; i++) {
        grid_row(&grid);
        grid_cell(&grid, "%s", cpu_domain_names[i]);
        grid_cell_number(&grid, first_s[i]);
        grid_cell_percent(&grid, first_s[i] / first_all_s);
        grid_cell_number(&grid, second_s[i]);
        grid_cell_percent(&grid, second_s[i] / second_all_s);
    }
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

/* --- what would be won ----------------------------------------------------- */

static int print_gains(const struct comparison *comparison, FILE *out)
{
    const struct metric_pair *pair = comparison_main(comparison);
    const struct metric *metric = &comparison_second(comparison, pair)->metric;
    struct grid grid;

    grid_init(&grid);
    grid_column(&grid, "MADE NATIVE", GRID_LEFT);
    grid_column(&grid, metric->unit, GRID_RIGHT);
    grid_column(&grid, "OF GAP", GRID_RIGHT);
    grid_column(&grid, "THAT IS", GRID_LEFT);
    for (int i = 0; i < comparison->second->n_gains; i++) {
        const struct gain *gain = &comparison->second->gains[i];
        const double share = comparison_gap_share(comparison, gain);
        grid_row(&grid);
        grid_cell(&grid, "%s", gain->counterfactual->name);
        grid_cell_value(&grid, metric, gain->values[pair->second]);
        if (isfinite(share))
            grid_cell(&grid, "%.0f %%", 100.0 * share);
        else
            grid_cell(&grid, "-");
        grid_cell(&grid, "%s", gain->counterfactual->help);
    }
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

/* --- together -------------------------------------------------------------- */

static bool has_warning(const struct result *result, const struct warning *warning)
{
    for (int i = 0; i < result->warnings.n; i++) {
        const struct warning *other = &result->warnings.items[i];
        if (strcmp(other->place, warning->place) == 0 &&
            strcmp(other->message, warning->message) == 0)
            return true;
    }
    return false;
}

static void print_warning(const char *whose, const struct warning *warning, bool color, FILE *out)
{
    char kind[48];
    snprintf(kind, sizeof kind, "%s, %s", warning_kind_names[warning->kind], whose);
    result_warning_print(warning, kind, color, out);
}

/* What is to be said of both is said once. */
static void print_warnings(const struct result *first, const struct result *second, bool color,
                           FILE *out)
{
    if (first->warnings.n + second->warnings.n > 0)
        fputc('\n', out);
    for (int i = 0; i < first->warnings.n; i++) {
        const struct warning *warning = &first->warnings.items[i];
        print_warning(has_warning(second, warning) ? "both" : "first", warning, color, out);
    }
    for (int i = 0; i < second->warnings.n; i++)
        if (!has_warning(first, &second->warnings.items[i]))
            print_warning("second", &second->warnings.items[i], color, out);
}

int comparison_table_print(const struct comparison *comparison, bool color, FILE *out)
{
    const struct result *first = comparison->first, *second = comparison->second;
    char *answer = comparison_answer(comparison);

    if (answer == NULL)
        return -ENOMEM;
    int status = print_side("first:  ", first, color, out);
    status |= print_side("second: ", second, color, out);
    fputc('\n', out);
    wrap_print(answer, 0, WRAP_WIDTH, out);
    free(answer);

    fputc('\n', out);
    status |= print_metrics(comparison, out);
    print_heading("Where the time of a rank goes, in seconds (mean of all ranks, central runs)",
                  color, out);
    status |= print_layers(comparison, out);
    print_heading("What the hosts' cores do meanwhile, in core seconds", color, out);
    status |= print_host_cpu(comparison, out);
    if (second->n_gains > 0) {
        print_heading("The second with one thing made native or ideal", color, out);
        status |= print_gains(comparison, out);
    }
    print_warnings(first, second, color, out);
    return status == 0 ? 0 : -ENOMEM;
}
