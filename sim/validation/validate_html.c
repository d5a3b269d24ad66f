#include "validate_html.h"

#include "markup.h"
#include "sim/config.h"
#include "validate_chart.h"
#include "validate_table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const char head[] =
    "<!DOCTYPE html>\n"
    "<html lang='en'>\n"
    "<head>\n"
    "<meta charset='utf-8'>\n"
    "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
    "<title>vhpcsim: predicted and measured</title>\n"
    "<style>\n"
    ":root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --faint: #d0d0d0; "
    "--counts: #0b5cad; --input: #8a5a00; --off: #b00020; }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #161616; --faint: #444; "
    "--counts: #6cb2ff; --input: #e0a848; --off: #ff8a96; } }\n"
    "body { font: 16px/1.45 sans-serif; color: var(--ink); background: var(--paper); margin: 2em "
    "auto; max-width: 76em; padding: 0 1em; }\n"
    "table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums; }\n"
    "caption { text-align: left; font-weight: bold; padding: .4em 0; }\n"
    "th, td { padding: .15em .7em; border-bottom: 1px solid var(--faint); text-align: left; "
    "vertical-align: top; }\n"
    "td.number, th.number { text-align: right; white-space: nowrap; }\n"
    "tr.off td { color: var(--off); font-weight: bold; }\n"
    ".scroll { overflow-x: auto; }\n"
    "svg { max-width: 100%; height: auto; font: 12px sans-serif; }\n"
    "svg text { fill: var(--ink); }\n"
    "line.grid { stroke: var(--faint); } line.exact { stroke: var(--ink); }\n"
    "line.counts { stroke: var(--counts); stroke-width: 2; opacity: .6; }\n"
    "line.input { stroke: var(--input); stroke-width: 2; opacity: .6; }\n"
    "circle.counts { fill: var(--counts); }\n"
    "rect.input { fill: var(--paper); stroke: var(--input); stroke-width: 2; }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "<main>\n"
    "<h1>Predicted and measured</h1>\n";

/* --- tables ------------------------------------------------------------------------------- */

static void begin_table(const char *caption, int n, const char *const columns[],
                        const char *numbers, FILE *out)
{
    fprintf(out, "<div class='scroll' tabindex='0'>\n<table>\n<caption>%s</caption>\n<thead><tr>",
            caption);
    for (int i = 0; i < n; i++)
        fprintf(out, "<th scope='col'%s>%s</th>", numbers[i] == 'n' ? " class='number'" : "",
                columns[i]);
    fputs("</tr></thead>\n<tbody>\n", out);
}

static void end_table(FILE *out)
{
    fputs("</tbody>\n</table>\n</div>\n", out);
}

static void print_cell(const char *text, bool is_number, FILE *out)
{
    fprintf(out, "<td%s>", is_number ? " class='number'" : "");
    markup_text(text, out);
    fputs("</td>", out);
}

static void print_percent(double part, FILE *out)
{
    char text[24] = "-";
    if (!isnan(part))
        snprintf(text, sizeof text, "%.1f %%", 100.0 * part);
    print_cell(text, true, out);
}

static void print_share(int n, int n_of, FILE *out)
{
    char text[48] = "-";
    if (n_of > 0)
        snprintf(text, sizeof text, "%d of %d, %.0f %%", n, n_of, 100.0 * n / n_of);
    print_cell(text, true, out);
}

static void print_summary_row(const char *name, const struct score_summary *score, FILE *out)
{
    fputs("<tr><th scope='row'>", out);
    markup_text(name, out);
    fprintf(out, "</th><td class='number'>%d</td>", score->n);
    print_percent(score->median_abs_error, out);
    print_percent(score->mean_abs_error, out);
    print_percent(score->p90_abs_error, out);
    print_percent(score->worst_abs_error, out);
    print_share(score->n_in_interval, score->n, out);
    print_share(score->n_pairs_right, score->n_pairs, out);
    fputs("</tr>\n", out);
}

static void print_summary(const struct validation *validation, FILE *out)
{
    static const char *const columns[] = {"Source", "Values", "Median",      "Mean",
                                          "P90",    "Worst",  "In interval", "Pairs in order"};
    begin_table("Absolute errors, inputs left out", 8, columns, "tnnnnnnn", out);
    for (int i = 0; i < validation->n_papers; i++)
        print_summary_row(validation->papers[i].paper, &validation->papers[i].score, out);
    print_summary_row("all", &validation->all, out);
    end_table(out);
}

static void print_number(const struct validation_row *row, double value, FILE *out)
{
    char text[40];
    format_digits(text, sizeof text, value, row->digits);
    print_cell(text, true, out);
}

static void print_value(const struct validation *validation, const struct validation_row *row,
                        FILE *out)
{
    const struct validation_run *run = validation_run_of(validation, row);
    const struct case_result *result = row->result;
    char metric[METRIC_TEXT_B], measured[MEASURED_TEXT_B], error[ERROR_TEXT_B];

    validate_metric_text(result, metric);
    validate_measured_text(result, measured);
    validate_error_text(row, error);
    fputs(row->is_within_tolerance ? "<tr>" : "<tr class='off'>", out);
    print_cell(run->document->paper, false, out);
    print_cell(run->run->system, false, out);
    print_cell(run->run->configuration, false, out);
    print_cell(metric, false, out);
    print_cell(measured, true, out);
    print_number(row, row->predicted.p50, out);
    print_number(row, row->predicted.p05, out);
    print_number(row, row->predicted.p95, out);
    print_cell(result->unit, false, out);
    print_cell(error, true, out);
    print_cell(!row->has_measured ? "" : row->scored.is_in_interval ? "yes" : "no", false, out);
    print_cell(validate_role_text(row), false, out);
    print_cell(result->where, false, out);
    print_cell(result->note, false, out);
    fputs("</tr>\n", out);
}

static void print_values(const struct validation *validation, FILE *out)
{
    static const char *const columns[] = {
        "Source", "System", "Configuration", "Metric",      "Measured", "Predicted", "P5",
        "P95",    "Unit",   "Error",         "In interval", "Role",     "Where",     "Note"};
    begin_table("All values", 14, columns, "ttttnnnntntttt", out);
    for (int i = 0; i < validation->n_rows; i++)
        print_value(validation, &validation->rows[i], out);
    end_table(out);
}

/* --- what would explain the gaps ------------------------------------------------------------ */

static int print_explanation(char *text, FILE *out)
{
    if (text == NULL)
        return -ENOMEM;
    fputs("<li>", out);
    markup_text(text, out);
    fputs("</li>\n", out);
    free(text);
    return 0;
}

static int print_diagnosis(const struct validation_run *run, const struct validation_row *row,
                           FILE *out)
{
    char metric[METRIC_TEXT_B];
    validate_metric_text(row->result, metric);
    fputs("<dt>", out);
    markup_text(run->document->paper, out);
    fputs(", ", out);
    markup_text(run->run->name, out);
    fputs(", ", out);
    markup_text(metric, out);
    fputs("</dt>\n<dd><ul>\n", out);
    int status = print_explanation(diagnosis_text(&row->diagnosis), out);
    for (int i = 1; status == 0 && i < row->diagnosis.n && i < VALIDATE_MAX_EXPLANATIONS; i++)
        status = print_explanation(explanation_text(&row->diagnosis.explanations[i]), out);
    fputs("</ul></dd>\n", out);
    return status;
}

static int print_diagnoses(const struct validation *validation, FILE *out)
{
    int status = 0, n = 0;
    for (int i = 0; i < validation->n_rows && status == 0; i++) {
        const struct validation_row *row = &validation->rows[i];
        if (!row->has_diagnosis)
            continue;
        if (n++ == 0)
            fputs("<h2>What would explain the gaps, one layer at a time</h2>\n<dl>\n", out);
        status = print_diagnosis(validation_run_of(validation, row), row, out);
    }
    fputs(n > 0 ? "</dl>\n" : "", out);
    return status;
}

/* --- the page ------------------------------------------------------------------------------- */

static void print_introduction(const struct validation *validation, FILE *out)
{
    fprintf(out,
            "<p>%d values, %d of them predictions that count: no parameter of the models was "
            "derived from them. A prediction is the median of %d draw%s of the uncertain "
            "parameters, its interval P5 to P95; the seed is %ld. The error is relative, beyond "
            "the range that the source prints; of values in percent it is the difference in "
            "points.</p>\n",
            validation->n_rows, validation->all.n, validation->n_replications,
            validation->n_replications == 1 ? "" : "s", validation->seed);
    fputs("<p>In the pictures a filled circle is a prediction and a hollow square an input, from "
          "which a parameter was derived; lines are the intervals.</p>\n",
          out);
}

int validate_html_print(const struct validation *validation, FILE *out)
{
    fputs(head, out);
    print_introduction(validation, out);
    print_summary(validation, out);
    fputs("<h2>Measured against predicted</h2>\n", out);
    validate_chart_scatter(validation, out);
    fputs("<h2>Errors</h2>\n", out);
    for (int i = 0; i < validation->n_papers; i++) {
        fputs("<h3>", out);
        markup_text(validation->papers[i].paper, out);
        fputs("</h3>\n", out);
        validate_chart_errors(validation, validation->papers[i].paper, out);
    }
    fputs("<h2>Values</h2>\n", out);
    print_values(validation, out);
    const int status = print_diagnoses(validation, out);
    fputs("<p>Written by vhpcsim " VHPCSIM_VERSION ".</p>\n</main>\n</body>\n</html>\n", out);
    return status;
}
