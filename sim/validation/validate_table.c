#include "validate_table.h"

#include "diagnosis_print.h"
#include "sim/input/text.h"
#include "sim/result/table_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_WIDTH = 120, NUMBER_B = 40, MEASURED_DIGITS = 10 };

void validate_error_text(const struct validation_row *row, char text[ERROR_TEXT_B])
{
    static const double few_digits = 9.95, most_told_in_full = 1e5;
    const double error = 100.0 * row->scored.error;
    const bool is_in_points = row->scored.measured.is_percent;

    if (!row->has_measured)
        text[0] = '\0';
    else
        snprintf(text, ERROR_TEXT_B,
                 fabs(error) >= most_told_in_full           ? "%+.3g %s"
                 : fabs(error) < few_digits || is_in_points ? "%+.1f %s"
                                                            : "%+.0f %s",
                 error, is_in_points ? "points" : "%");
}

void validate_metric_text(const struct case_result *result, char text[METRIC_TEXT_B])
{
    enum { LONGEST_NAME = 50 };
    char over[METRIC_TEXT_B / 2];

    text_copy(over, sizeof over, result->over, LONGEST_NAME);
    snprintf(text, METRIC_TEXT_B, "%.*s%s%s", LONGEST_NAME, result->metric,
             result->over[0] == '\0'    ? ""
             : case_is_quotient(result) ? " / "
                                        : " - ",
             over);
}

void validate_measured_text(const struct case_result *result, char text[MEASURED_TEXT_B])
{
    static const char *const signs[] = {
        [RELATION_EQUALS] = "", [RELATION_AT_LEAST] = ">= ", [RELATION_AT_MOST] = "<= "};
    text[0] = '\0';
    if (isnan(result->published))
        return;
    /* As it was printed: more digits than any publication has change nothing. */
    const int length = snprintf(text, MEASURED_TEXT_B, "%s%.*g", signs[result->relation],
                                MEASURED_DIGITS, result->published);
    if (result->uncertainty > 0.0)
        snprintf(text + length, MEASURED_TEXT_B - (size_t)length, " +- %.*g", MEASURED_DIGITS,
                 result->uncertainty);
}

void validate_configuration_text(const struct case_run *run, char text[CONFIGURATION_TEXT_B])
{
    const int length = snprintf(text, CONFIGURATION_TEXT_B, "%.250s", run->configuration);
    if (run->n_alternatives > 1)
        snprintf(text + length, CONFIGURATION_TEXT_B - (size_t)length, "%s%d alternatives",
                 length > 0 ? ", " : "", run->n_alternatives);
}

void validate_model_interval_text(const struct validation_row *row,
                                  char text[MODEL_INTERVAL_TEXT_B])
{
    char lo[NUMBER_B], hi[NUMBER_B] = "any";
    text[0] = '\0';
    if (!row->scored.has_model_interval)
        return;
    if (isfinite(row->model.lo))
        format_digits(lo, sizeof lo, row->model.lo, row->digits);
    else
        snprintf(lo, sizeof lo, "any");
    if (isfinite(row->model.hi))
        format_digits(hi, sizeof hi, row->model.hi, row->digits);
    snprintf(text, MODEL_INTERVAL_TEXT_B, "%s to %s", lo, hi);
}

const char *validate_role_text(const struct validation_row *row)
{
    if (!row->has_measured)
        return "prediction";
    return row->scored.counts ? "" : role_names[ROLE_INPUT];
}

static void number_cell(struct grid *grid, const struct validation_row *row, double value)
{
    char text[NUMBER_B];
    format_digits(text, sizeof text, value, row->digits);
    grid_cell(grid, "%s", text);
}

static const char *word(bool is_known, bool is_true)
{
    return !is_known ? "" : is_true ? "yes" : "no";
}

/* "1.2 to 3.4", and whether what was measured lies there. */
static void model_cells(struct grid *grid, const struct validation_row *row)
{
    char text[MODEL_INTERVAL_TEXT_B];
    validate_model_interval_text(row, text);
    grid_cell(grid, "%s", text);
    grid_cell(grid, "%s",
              word(row->has_measured && row->scored.has_model_interval,
                   row->scored.is_in_model_interval));
}

static void add_row(struct grid *grid, const struct validation_row *row, bool has_models)
{
    const struct case_result *result = row->result;
    char metric[METRIC_TEXT_B], measured[MEASURED_TEXT_B], error[ERROR_TEXT_B];

    validate_metric_text(result, metric);
    validate_measured_text(result, measured);
    validate_error_text(row, error);
    grid_row(grid);
    grid_cell(grid, "  %s", metric);
    grid_cell(grid, "%s", measured);
    number_cell(grid, row, row->predicted.p50);
    number_cell(grid, row, row->predicted.p05);
    number_cell(grid, row, row->predicted.p95);
    grid_cell(grid, "%s", result->unit);
    grid_cell(grid, "%s", error);
    grid_cell(grid, "%s", word(row->has_measured, row->scored.is_in_interval));
    if (has_models)
        model_cells(grid, row);
    grid_cell(grid, "%s%s", validate_role_text(row), row->is_within_tolerance ? "" : " OFF");
}

static int print_rows(const struct validation *validation, FILE *out)
{
    static const char *const columns[] = {"  METRIC", "MEASURED", "PREDICTED", "P5",
                                          "P95",      "UNIT",     "ERROR",     "IN"};
    const bool has_models = validation_has_models(validation);
    struct grid grid;
    int last_run = -1;

    grid_init(&grid);
    grid_set_width(&grid, TABLE_WIDTH);
    for (int i = 0; i < 8; i++)
        grid_column(&grid, columns[i], (i >= 1 && i <= 4) || i == 6 ? GRID_RIGHT : GRID_LEFT);
    if (has_models) {
        grid_column(&grid, "WITH MODEL ERROR", GRID_RIGHT);
        grid_column(&grid, "IN", GRID_LEFT);
    }
    grid_column(&grid, "ROLE", GRID_LEFT);
    for (int i = 0; i < validation->n_rows; i++) {
        const struct validation_row *row = &validation->rows[i];
        const struct validation_run *run = validation_run_of(validation, row);
        char configuration[CONFIGURATION_TEXT_B];
        validate_configuration_text(run->run, configuration);
        if (row->run != last_run)
            grid_heading(&grid, "%s: %s%s%s (%s)", run->document->paper, run->run->system,
                         configuration[0] ? ", " : "", configuration, run->run->name);
        last_run = row->run;
        add_row(&grid, row, has_models);
    }
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

/* --- the summary ------------------------------------------------------------------------ */

static void share_cell(struct grid *grid, int n, int n_of)
{
    if (n_of == 0)
        grid_cell(grid, "-");
    else
        grid_cell(grid, "%d of %d, %.0f %%", n, n_of, 100.0 * n / n_of);
}

static void add_summary(struct grid *grid, const char *name, const struct score_summary *score,
                        bool has_models)
{
    enum { LONGEST_PAPER = 40 };
    char shown[4 * LONGEST_PAPER + 1];

    text_copy(shown, sizeof shown, name, LONGEST_PAPER);
    grid_row(grid);
    grid_cell(grid, "%s", shown);
    grid_cell(grid, "%d", score->n);
    grid_cell_percent(grid, score->median_abs_error);
    grid_cell_percent(grid, score->mean_abs_error);
    grid_cell_percent(grid, score->p90_abs_error);
    grid_cell_percent(grid, score->worst_abs_error);
    share_cell(grid, score->n_in_interval, score->n);
    if (has_models)
        share_cell(grid, score->n_in_model_interval, score->n_with_model_interval);
    share_cell(grid, score->n_pairs_right, score->n_pairs);
}

static int print_summary(const struct validation *validation, FILE *out)
{
    static const char *const columns[] = {"PAPER", "VALUES", "MEDIAN",     "MEAN",
                                          "P90",   "WORST",  "IN INTERVAL"};
    const bool has_models = validation_has_models(validation);
    struct grid grid;

    grid_init(&grid);
    grid_set_width(&grid, TABLE_WIDTH);
    for (int i = 0; i < 7; i++)
        grid_column(&grid, columns[i], i == 0 ? GRID_LEFT : GRID_RIGHT);
    if (has_models)
        grid_column(&grid, "WITH MODEL ERROR", GRID_RIGHT);
    grid_column(&grid, "PAIRS IN ORDER", GRID_RIGHT);
    for (int i = 0; i < validation->n_papers; i++)
        add_summary(&grid, validation->papers[i].paper, &validation->papers[i].score, has_models);
    add_summary(&grid, "all", &validation->all, has_models);
    fputs("How far predictions are from what was measured, inputs left out\n", out);
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

static void print_counts(const struct validation *validation, FILE *out)
{
    int n_inputs = 0, n_alone = 0;
    const int n_off = validation_count_failures(validation);
    for (int i = 0; i < validation->n_rows; i++) {
        n_inputs += validation->rows[i].has_measured && !validation->rows[i].scored.counts;
        n_alone += !validation->rows[i].has_measured;
    }
    if (n_inputs > 0)
        fprintf(out, "%d value%s an input, from which a parameter was derived.\n", n_inputs,
                n_inputs == 1 ? " is" : "s are each");
    if (validation->all.n_with_model_interval < validation->all.n)
        fprintf(out,
                "%d have no interval with the model's own error, which takes %d predictions of "
                "other papers.\n",
                validation->all.n - validation->all.n_with_model_interval,
                MODEL_INTERVAL_LEAST_ERRORS);
    if (n_alone > 0)
        fprintf(out, "%d prediction%s no measured value.\n", n_alone,
                n_alone == 1 ? " has" : "s have");
    if (n_off > 0)
        fprintf(out, "OFF: %d value%s the stated tolerance.\n", n_off,
                n_off == 1 ? " leaves" : "s leave");
}

/* --- what would explain the gaps ---------------------------------------------------------- */

static int print_diagnosis(const struct validation_run *run, const struct validation_row *row,
                           FILE *out)
{
    char metric[METRIC_TEXT_B], *name;
    validate_metric_text(row->result, metric);
    if (asprintf(&name, "%s:%s, %s", run->document->paper, run->run->name, metric) < 0)
        return -ENOMEM;
    const int status = diagnosis_print(name, &row->diagnosis, VALIDATE_MAX_EXPLANATIONS, out);
    free(name);
    return status;
}

static int print_diagnoses(const struct validation *validation, FILE *out)
{
    bool has_any = false;
    int status = 0;
    for (int i = 0; i < validation->n_rows && status == 0; i++) {
        const struct validation_row *row = &validation->rows[i];
        if (!row->has_diagnosis)
            continue;
        if (!has_any)
            fputs("\nWhat would explain each gap of 5 % and more, one layer at a time\n", out);
        has_any = true;
        status = print_diagnosis(validation_run_of(validation, row), row, out);
    }
    return status;
}

int validate_table_print(const struct validation *validation, bool has_rows, FILE *out)
{
    int status = has_rows ? print_rows(validation, out) : 0;
    if (status == 0 && validation->n_papers > 0) {
        fputs(has_rows ? "\n" : "", out);
        status = print_summary(validation, out);
    }
    if (status == 0)
        print_counts(validation, out);
    return status == 0 && has_rows ? print_diagnoses(validation, out) : status;
}
