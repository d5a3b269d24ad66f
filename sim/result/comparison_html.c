/*
 * comparison_html.c - a comparison as a page: the answer, two bars cut into layers, the numbers.
 */
#include "comparison_print.h"

#include "page.h"
#include "picture.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { NUMBER_B = 40, SECONDS_DIGITS = 3, TEXT_B = 320 };

static void number_cell(double value, int digits, FILE *out)
{
    char text[NUMBER_B] = "-";
    if (isfinite(value))
        format_digits(text, sizeof text, value, digits);
    page_cell_number(text, out);
}

/* --- the two sides --------------------------------------------------------- */

static void side_row(const char *which, const struct result *result, FILE *out)
{
    page_row(out);
    page_cell_name(which, out);
    page_cell_text(result->title, out);
    page_cell_text(result->provenance.technology, out);
    page_cell_text(result->provenance.node, out);
    page_cell_text(result->provenance.link, out);
    page_cell_text(result->provenance.mpi, out);
    page_row_end(out);
}

static void print_sides(const struct comparison *comparison, FILE *out)
{
    static const char *const columns[] = {"", "Scenario", "Technology", "Node", "Link", "MPI"};
    page_table("What is compared", 6, columns, "tttttt", out);
    side_row("first", comparison->first, out);
    side_row("second", comparison->second, out);
    page_table_end(out);
}

/* --- metrics --------------------------------------------------------------- */

static void metric_row(const struct comparison *comparison, const struct metric_pair *pair,
                       FILE *out)
{
    enum { RATIO_DIGITS = 3 };
    const struct metric_summary *first = comparison_first(comparison, pair);
    const struct metric_summary *second = comparison_second(comparison, pair);
    const struct summary *ratios = &pair->ratios;

    page_row(out);
    page_cell_name(first->metric.name, out);
    number_cell(first->draws.p50, first->metric.digits, out);
    number_cell(second->draws.p50, second->metric.digits, out);
    page_cell_text(first->metric.unit, out);
    number_cell(ratios->n > 0 ? ratios->p50 : pair->ratio, RATIO_DIGITS, out);
    number_cell(ratios->n > 0 ? ratios->p10 : NAN, RATIO_DIGITS, out);
    number_cell(ratios->n > 0 ? ratios->p90 : NAN, RATIO_DIGITS, out);
    page_row_end(out);
}

static void print_metrics(const struct comparison *comparison, FILE *out)
{
    static const char *const columns[] = {"Metric", "First",     "Second",   "Unit",
                                          "Ratio",  "Ratio P10", "Ratio P90"};
    char caption[TEXT_B];

    snprintf(caption, sizeof caption, "Medians of %d draw%s, and their ratios draw by draw",
             comparison->first->n_draws > 0 ? comparison->first->n_draws : 1,
             comparison->first->n_draws > 1 ? "s" : "");
    page_table(caption, 7, columns, "tnntnnn", out);
    for (int i = 0; i < comparison->n_pairs; i++)
        metric_row(comparison, &comparison->pairs[i], out);
    page_table_end(out);
}

/* --- where time goes ------------------------------------------------------- */

static void print_bars(const char *title, int n_parts, const char *const names[],
                       const double first[], const double second[], FILE *out)
{
    picture_stacked_bars(&(struct stacked_bars){.title = title,
                                                .unit = "s",
                                                .n_parts = n_parts,
                                                .part_names = names,
                                                .n_bars = 2,
                                                .bar_names = {"first", "second"},
                                                .values = {first, second}},
                         out);
}

static void layer_row(const struct comparison *comparison, enum layer layer, FILE *out)
{
    const double first_s = comparison->first->central.layer_s[layer];
    const double second_s = comparison->second->central.layer_s[layer];

    if (first_s == 0.0 && second_s == 0.0)
        return;
    page_row(out);
    page_cell_name(layer_names[layer], out);
    number_cell(first_s, SECONDS_DIGITS, out);
    number_cell(second_s, SECONDS_DIGITS, out);
    number_cell(second_s - first_s, SECONDS_DIGITS, out);
    page_cell_percent(comparison_layer_share(comparison, layer), out);
    page_cell_text(layer_help[layer], out);
    page_row_end(out);
}

static void print_layers(const struct comparison *comparison, FILE *out)
{
    static const char *const columns[] = {"Layer",    "First, s",    "Second, s",
                                          "Added, s", "Of the loss", "What it is"};

    page_heading(2, "Where the time of a rank goes", out);
    print_bars("Time of a rank by layer", N_LAYERS, layer_names, comparison->first->central.layer_s,
               comparison->second->central.layer_s, out);
    page_table("Mean of all ranks, central runs", 6, columns, "tnnnnt", out);
    for (int i = 0; i < N_LAYERS; i++)
        layer_row(comparison, (enum layer)i, out);
    page_table_end(out);
}

static void print_host_cpu(const struct comparison *comparison, FILE *out)
{
    static const char *const columns[] = {"Host CPU", "First, core s", "Second, core s"};
    const double *first_s = comparison->first->central.host_cpu_s;
    const double *second_s = comparison->second->central.host_cpu_s;

    page_heading(2, "What the hosts' cores do meanwhile", out);
    print_bars("Core time of all nodes", N_CPU_DOMAINS, cpu_domain_names, first_s, second_s, out);
    page_table("All nodes, central runs", 3, columns, "tnn", out);
    for (int i = 0; i < N_CPU_DOMAINS; i++) {
        page_row(out);
        page_cell_name(cpu_domain_names[i], out);
        number_cell(first_s[i], SECONDS_DIGITS, out);
        number_cell(second_s[i], SECONDS_DIGITS, out);
        page_row_end(out);
    }
    page_table_end(out);
}

/* --- what would be won ----------------------------------------------------- */

static void gain_row(const struct comparison *comparison, const struct gain *gain, FILE *out)
{
    const struct metric_pair *pair = comparison_main(comparison);
    const struct metric *metric = &comparison_second(comparison, pair)->metric;

    page_row(out);
    page_cell_name(gain->counterfactual->name, out);
    number_cell(gain->values[pair->second], metric->digits, out);
    page_cell_percent(comparison_gap_share(comparison, gain), out);
    page_cell_text(gain->counterfactual->help, out);
    page_row_end(out);
}

static void print_gains(const struct comparison *comparison, FILE *out)
{
    const struct metric_pair *pair = comparison_main(comparison);
    const struct metric *metric = &comparison_second(comparison, pair)->metric;
    char heading[NUMBER_B * 2], now[NUMBER_B], caption[TEXT_B];
    const char *const columns[] = {"Made native", heading, "Of the gap", "That is"};

    snprintf(heading, sizeof heading, "%s, %s", metric->name, metric->unit);
    format_digits(now, sizeof now, metric->value, metric->digits);
    snprintf(caption, sizeof caption, "Central runs; as it is: %s %s", now, metric->unit);
    page_heading(2, "The second with one thing made native or ideal", out);
    page_table(caption, 4, columns, "tnnt", out);
    for (int i = 0; i < comparison->second->n_gains; i++)
        gain_row(comparison, &comparison->second->gains[i], out);
    page_table_end(out);
}

/* --- together -------------------------------------------------------------- */

static void warning_rows(const char *whose, const struct warnings *warnings, FILE *out)
{
    for (int i = 0; i < warnings->n; i++) {
        const struct warning *warning = &warnings->items[i];
        page_row(out);
        page_cell_name(whose, out);
        page_cell_text(warning_kind_names[warning->kind], out);
        page_cell_text(warning->place, out);
        page_cell_text(warning->message, out);
        page_cell_text(warning->hint, out);
        page_row_end(out);
    }
}

static void print_warnings(const struct comparison *comparison, FILE *out)
{
    static const char *const columns[] = {"Of", "Kind", "Place", "Message", "What helps"};
    const struct warnings *first = &comparison->first->warnings;
    const struct warnings *second = &comparison->second->warnings;

    if (first->n + second->n == 0)
        return;
    page_heading(2, "What must be said beside the numbers", out);
    page_table("Notes and warnings", 5, columns, "ttttt", out);
    warning_rows("first", first, out);
    warning_rows("second", second, out);
    page_table_end(out);
}

int comparison_html_print(const struct comparison *comparison, FILE *out)
{
    char *answer = comparison_answer(comparison);

    if (answer == NULL)
        return -ENOMEM;
    page_begin("Two scenarios compared", out);
    page_paragraph(answer, out);
    free(answer);
    print_sides(comparison, out);
    print_metrics(comparison, out);
    print_layers(comparison, out);
    print_host_cpu(comparison, out);
    if (comparison->second->n_gains > 0)
        print_gains(comparison, out);
    print_warnings(comparison, out);
    page_end(out);
    return 0;
}
