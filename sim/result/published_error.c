#include "published_error.h"

#include "json_value.h"
#include "sim/input/data_folder.h"
#include "sim/input/document.h"
#include "sim/input/document_rows.h"
#include "sim/input/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct field published_error_fields[] = {
    {.key = "n",
     COUNT(struct published_error, n),
     .min = 1.0,
     .max = 1e6,
     .help = "Published values that were predicted, but for those in percent."},
    {.key = "median_factor",
     QUANTITY(struct published_error, median_factor),
     .min = 1.0,
     .max = 1e6,
     .help = "Half of them were within this factor of the prediction, up or down."},
    {.key = "p90_factor",
     QUANTITY(struct published_error, p90_factor),
     .min = 1.0,
     .max = 1e6,
     .help = "Nine of ten were within this factor of the prediction, up or down."},
    {.key = "papers",
     .kind = FIELD_TEXTS,
     .offset = offsetof(struct published_error, papers),
     .help = "Who published them."},
    END};

int published_error_read(struct arena *arena, struct diagnostics *diagnostics,
                         struct published_error *error)
{
    const struct document_kind *kind = document_kind_by_name("model-error");
    struct reading reading = {.arena = arena, .diagnostics = diagnostics};
    struct published_error read = {0};
    const char *folder = data_folder_path(arena, DATA_PROFILES);
    const char *path = folder ? arena_format(arena, "%s/model-error.yaml", folder) : NULL;
    char *text;
    size_t length;
    const int status = path ? text_read_file(arena, path, &text, &length) : -ENOMEM;
    if (status != 0)
        return status;
    const struct tree *map = document_open(&reading, &kind, path, text, length);
    if (map)
        field_read(&reading, kind->fields, map, "", &read);
    if (arena->failed)
        return -ENOMEM;
    if (diagnostics_count(diagnostics, SEVERITY_ERROR) > 0)
        return -EINVAL;
    *error = read;
    return 0;
}

static void print_papers(const struct published_error *error, FILE *out)
{
    for (int i = 0; i < error->papers.n; i++)
        fprintf(out, "%s%s", i > 0 ? ", " : "", error->papers.items[i]);
}

/* JSON's texts are YAML's as well. */
static void print_quoted(const char *text, FILE *out)
{
    json_t *json = json_value_text(text);
    json_dumpf(json, out, JSON_ENCODE_ANY);
    json_decref(json);
}

void published_error_print(const struct published_error *error, FILE *out)
{
    fprintf(out,
            "# How far predictions were from what was published, inputs and percents left out:\n"
            "# vhpcsim validate --model-error=FILE\n"
            "schema: vhpcsim-model-error/1\n"
            "n: %d\nmedian_factor: %.3f\np90_factor: %.3f\npapers: [",
            error->n, error->median_factor, error->p90_factor);
    for (int i = 0; i < error->papers.n; i++) {
        fputs(i > 0 ? ", " : "", out);
        print_quoted(error->papers.items[i], out);
    }
    fputs("]\n", out);
}

char *published_error_text(const struct published_error *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    fprintf(out, "Published comparisons: of %d values (", error->n);
    print_papers(error, out);
    fprintf(out,
            ") half were within a factor of %.2f of the prediction, nine of ten within %.2f; "
            "P10 and P90 know nothing of that.",
            error->median_factor, error->p90_factor);
    return fclose(out) == 0 ? text : NULL;
}

json_t *published_error_json(const struct published_error *error)
{
    json_t *papers = json_array();
    for (int i = 0; i < error->papers.n; i++)
        json_value_append(&papers, json_value_text(error->papers.items[i]));
    return json_pack("{s:i, s:o, s:o, s:o}", "n", error->n, "median_factor",
                     json_value_number(error->median_factor), "p90_factor",
                     json_value_number(error->p90_factor), "papers", papers);
}
