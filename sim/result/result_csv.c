#include "result_csv.h"

#include "result_json.h"

#include <string.h>

void csv_field_print(const char *text, FILE *out)
{
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

void result_csv_print(const struct result *result, FILE *out)
{
    fputs("metric,unit,p10,p50,p90,mean,central,n\r\n", out);
    for (int i = 0; i < result->n_metrics; i++) {
        const struct metric *metric = &result->metrics[i].metric;
        const struct summary *draws = &result->metrics[i].draws;
        const double numbers[] = {draws->p10, draws->p50, draws->p90, draws->mean, metric->value};

        csv_field_print(metric->name, out);
        fputc(',', out);
        csv_field_print(metric->unit, out);
        for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
            fprintf(out, ",%.*g", RESULT_DIGITS, numbers[k]);
        fprintf(out, ",%zu\r\n", draws->n);
    }
}
