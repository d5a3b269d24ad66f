#include "validate_html.h"

#include "sim/result/markup.h"
#include "sim/result/page.h"
#include "validate_chart.h"
#include "validate_table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* --- tables ------------------------------------------------------------------------------- */

static void print_share(int n, int n_of, FILE *out)
{
    char text[48] = "-";
    if (n_of > 0)
        snprintf(text, sizeof text, "%d of %d, %.0f %%", n, n_of, 100.0 * n / n_of);
    page_cell_number(text, out);
}

static void print_summary_row(const char *name, const struct score_summary *score, FILE *out)
{
    char n[16];
    snprintf(n, sizeof n, "%d", score->n);
    page_row(out);
    page_cell_name(name, out);
    page_cell_number(n, out);
    page_cell_percent(score->median_abs_error, out);
    page_cell_percent(score->mean_abs_error, out);
    page_cell_percent(score->p90_abs_error, out);
    page_cell_percent(score->worst_abs_error, out);
    print_share(score->n_in_interval, score->n, out);
    print_share(score->n_in_model_interval, score->n_with_model_interval, out);
    print_share(score->n_pairs_right, score->n_pairs, out);
    page_row_end(out);
}

static void print_summary(const struct validation *validation, FILE *out)
{
    static const char *const columns[] = {
        "Source", "Values",      "Median",           "Mean",          "P90",
        "Worst",  "In interval", "With model error", "Pairs in order"};
    page_table("Absolute errors, inputs left out", 9, columns, "tnnnnnnnn", out);
    for (int i = 0; i < validation->n_papers; i++)
        print_summary_row(validation->papers[i].paper, &validation->papers[i].score, out);
    print_summary_row("all", &validation->all, out);
    page_table_end(out);
}

static void print_number(const struct validation_row *row, double value, FILE *out)
{
    char text[40];
    format_digits(text, sizeof text, value, row->digits);
    page_cell_number(text, out);
}

static void print_value(const struct validation *validation, const struct validation_row *row,
                        FILE *out)
{
    const struct validation_run *run = validation_run_of(validation, row);
    const struct case_result *result = row->result;
    char metric[METRIC_TEXT_B], measured[MEASURED_TEXT_B], error[ERROR_TEXT_B];
    char configuration[CONFIGURATION_TEXT_B], model[MODEL_INTERVAL_TEXT_B];

    validate_configuration_text(run->run, configuration);
    validate_metric_text(result, metric);
    validate_measured_text(result, measured);
    validate_error_text(row, error);
    validate_model_interval_text(row, model);
    if (row->is_within_tolerance)
        page_row(out);
    else
        page_row_of_class("off", out);
    page_cell_text(run->document->paper, out);
    page_cell_text(run->run->system, out);
    page_cell_text(configuration, out);
    page_cell_text(metric, out);
    page_cell_number(measured, out);
    print_number(row, row->predicted.p50, out);
    print_number(row, row->predicted.p05, out);
    print_number(row, row->predicted.p95, out);
    page_cell_text(result->unit, out);
    page_cell_number(error, out);
    page_cell_text(!row->has_measured ? "" : row->scored.is_in_interval ? "yes" : "no", out);
    page_cell_number(model, out);
    page_cell_text(!row->has_measured || !row->scored.has_model_interval ? ""
                   : row->scored.is_in_model_interval                    ? "yes"
                                                                         : "no",
                   out);
    page_cell_text(validate_role_text(row), out);
    page_cell_text(result->where, out);
    page_cell_text(result->note, out);
    page_row_end(out);
}

static void print_values(const struct validation *validation, FILE *out)
{
    static const char *const columns[] = {
        "Source",  "System", "Configuration", "Metric", "Measured",    "Predicted",
        "P5",      "P95",    "Unit",          "Error",  "In interval", "With model error",
        "In that", "Role",   "Where",         "Note"};
    page_table("All values", 16, columns, "ttttnnnntntntttt", out);
    for (int i = 0; i < validation->n_rows; i++)
        print_value(validation, &validation->rows[i], out);
    page_table_end(out);
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
          "which a parameter was derived; lines are the intervals of the draws. The intervals with "
          "model error are widened by how far the model was from what all other papers published, "
          "nine times out of ten.</p>\n",
          out);
}

int validate_html_print(const struct validation *validation, FILE *out)
{
    page_begin("Predicted and measured", out);
    print_introduction(validation, out);
    print_summary(validation, out);
    page_heading(2, "Measured against predicted", out);
    validate_chart_scatter(validation, out);
    page_heading(2, "Errors", out);
    for (int i = 0; i < validation->n_papers; i++) {
        page_heading(3, validation->papers[i].paper, out);
        validate_chart_errors(validation, validation->papers[i].paper, out);
    }
    page_heading(2, "Values", out);
    print_values(validation, out);
    const int status = print_diagnoses(validation, out);
    page_end(out);
    return status;
}
