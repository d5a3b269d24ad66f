/*
 * validate_csv.c - the values of a validation as CSV (RFC 4180).
 */
#include "sim/result/result_csv.h"
#include "sim/result/result_json.h"
#include "validate_json.h"

#include <math.h>

static void print_text(const char *text, FILE *out)
{
    csv_field_print(text, out);
    fputc(',', out);
}

/* Empty where it is not known. */
static void print_number(double value, FILE *out)
{
    if (!isnan(value))
        fprintf(out, "%.*g", RESULT_DIGITS, value);
    fputc(',', out);
}

static const char *word(bool is_known, bool is_true)
{
    return !is_known ? "" : is_true ? "yes" : "no";
}

static void print_row(const struct validation *validation, const struct validation_row *row,
                      FILE *out)
{
    const struct validation_run *run = validation_run_of(validation, row);
    const struct case_result *result = row->result;
    const struct summary *draws = &row->predicted;
    const bool has = row->has_measured;
    const char *const texts[] = {
        run->document->paper,    run->document->file, run->run->name, run->run->system,
        run->run->configuration, result->metric,      result->over,   result->unit};
    const double numbers[] = {result->published, result->uncertainty, draws->p05,
                              draws->p50,        draws->p95,          row->central};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        print_text(texts[i], out);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        print_number(numbers[i], out);
    print_text(relation_names[result->relation], out);
    print_text(role_names[result->role], out);
    print_number(has ? row->scored.error : NAN, out);
    print_text(word(has, row->scored.is_in_interval), out);
    print_number(row->model.lo, out);
    print_number(row->model.hi, out);
    print_text(word(has && row->scored.has_model_interval, row->scored.is_in_model_interval), out);
    print_number(result->tolerance, out);
    print_text(word(has, row->is_within_tolerance), out);
    print_text(result->where, out);
    csv_field_print(result->row, out);
    fputs("\r\n", out);
}

void validate_csv_print(const struct validation *validation, FILE *out)
{
    fputs("paper,file,run,system,configuration,metric,over,unit,published,uncertainty,p05,p50,p95,"
          "central,relation,role,error,in_interval,model_lo,model_hi,in_model_interval,"
          "tolerance,within_tolerance,where,row\r\n",
          out);
    for (int i = 0; i < validation->n_rows; i++)
        print_row(validation, &validation->rows[i], out);
}
