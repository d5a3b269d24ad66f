#include "run_output.h"

#include "command_scenario.h"
#include "sim/result/output.h"
#include "sim/result/result_csv.h"
#include "sim/result/result_json.h"
#include "sim/result/result_table.h"
#include "sim/workload/workload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

const char *const run_output_options[N_FORMATS] = {
    [FORMAT_JSON] = "json", [FORMAT_CSV] = "csv", [FORMAT_PROGRAM] = "program-output"};

static int print_answer(const struct result *result, FILE *out)
{
    char *answer = result_answer(result);
    if (answer == NULL)
        return -ENOMEM;
    fprintf(out, "%s\n", answer);
    free(answer);
    return 0;
}

static int print_json(const struct result *result, bool is_reproducible, FILE *out)
{
    json_t *document = result_json(result, is_reproducible);
    char *text = document ? result_json_text(document) : NULL;

    json_decref(document);
    if (text == NULL)
        return -ENOMEM;
    fputs(text, out);
    free(text);
    return 0;
}

/* What the real program would print in the median of the draws. */
static void print_program(const struct scenario *scenario, const struct result *result, FILE *out)
{
    struct metric metrics[MAX_RESULT_METRICS];

    for (int i = 0; i < result->n_metrics; i++) {
        metrics[i] = result->metrics[i].metric;
        metrics[i].value = result->metrics[i].draws.p50;
    }
    scenario->workload->print(scenario->workload_spec, scenario, result->n_metrics, metrics, out);
}

static int print_format(const struct run_output *output, enum format format,
                        const struct scenario *scenario, const struct result *result, FILE *out)
{
    const bool color = output->targets[format].path == NULL && command_uses_color(stdout);

    switch (format) {
    case FORMAT_JSON:
        return print_json(result, output->is_reproducible, out);
    case FORMAT_CSV:
        result_csv_print(result, out);
        return 0;
    case FORMAT_PROGRAM:
        print_program(scenario, result, out);
        return 0;
    default:
        return output->is_quiet ? print_answer(result, out)
                                : result_table_print(result, color, out);
    }
}

/* Formats all of it in memory before the first byte is written. */
static int write_format(const struct run_output *output, enum format format,
                        const struct scenario *scenario, const struct result *result)
{
    const char *path = output->targets[format].path;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return -ENOMEM;
    int status = print_format(output, format, scenario, result, out);
    if (fclose(out) != 0 && status == 0)
        status = -ENOMEM;
    if (status == 0 && path != NULL)
        status = output_write(path, text, size);
    else if (status == 0)
        fwrite(text, 1, size, stdout); /* main() tells whether that worked */
    free(text);
    return status;
}

int run_output_check(const struct run_output *output, const char **path)
{
    for (int format = 0; format < N_FORMATS; format++) {
        const struct target *target = &output->targets[format];
        *path = target->path;
        const int status = target->is_wanted && target->path ? output_check(target->path) : 0;
        if (status != 0)
            return status;
    }
    return 0;
}

int run_output_write(const struct run_output *output, const struct scenario *scenario,
                     const struct result *result, const char **path)
{
    for (int format = 0; format < N_FORMATS; format++) {
        if (!output->targets[format].is_wanted)
            continue;
        *path = output->targets[format].path;
        const int status = write_format(output, (enum format)format, scenario, result);
        if (status != 0)
            return status;
    }
    return 0;
}
