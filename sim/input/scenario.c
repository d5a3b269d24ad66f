#include "scenario.h"

#include "document.h"
#include "draw.h"
#include "scenario_check.h"
#include "setting.h"
#include "text.h"
#include "variant.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct document {
    struct arena arena;
    int n_users; /* scenarios that share it */
};

static struct document *document_new(void)
{
    struct document *document = calloc(1, sizeof *document);
    if (document)
        document->n_users = 1;
    return document;
}

static void document_drop(struct document *document)
{
    if (!document || --document->n_users > 0)
        return;
    arena_release(&document->arena);
    free(document);
}

/* Fills `scenario` from the text; what is wrong is in the diagnostics. */
static void fill(struct scenario *scenario, const char *file, const char *text, size_t length,
                 int n_settings, const char *const settings[], struct diagnostics *diagnostics)
{
    struct reading reading = {.arena = &scenario->document->arena, .diagnostics = diagnostics};
    const struct document_kind *kind = document_kind_by_name("scenario");
    struct tree *map = document_open(&reading, &kind, file, text, length);
    setting_add_texts(diagnostics, n_settings, settings);
    if (!map)
        return;
    for (int i = 0; i < n_settings; i++)
        setting_apply(&reading, scenario_fields, map, i, settings[i]);
    field_read(&reading, scenario_fields, map, "", scenario);
    if (diagnostics_count(diagnostics, SEVERITY_ERROR) == 0 && !reading.arena->failed)
        scenario_check(scenario, diagnostics);
}

int scenario_read_text(const char *file, const char *text, size_t length, int n_settings,
                       const char *const settings[], struct diagnostics *diagnostics,
                       struct scenario **scenario)
{
    struct scenario *read = calloc(1, sizeof *read);
    if (!read)
        return -ENOMEM;
    int error = -ENOMEM;
    read->document = document_new();
    if (!read->document)
        goto out;
    file = arena_copy(&read->document->arena, file, strlen(file));
    if (!file)
        goto out;
    fill(read, file, text, length, n_settings, settings, diagnostics);
    if (!read->document->arena.failed)
        error = diagnostics_count(diagnostics, SEVERITY_ERROR) > 0 ? -EINVAL : 0;

out:
    if (error)
        scenario_free(read);
    else
        *scenario = read;
    return error;
}

int scenario_read(const char *path, int n_settings, const char *const settings[],
                  struct diagnostics *diagnostics, struct scenario **scenario)
{
    struct arena arena = {NULL, false};
    char *text;
    size_t length;
    const char *file = strcmp(path, "-") == 0 ? "standard input" : path;
    int error = text_read_file(&arena, path, &text, &length);
    if (error == -EFBIG) {
        diagnostics_add(diagnostics, SEVERITY_ERROR, (struct place){.file = file},
                        "is this the right file?", "a document has at most %d bytes", TEXT_MAX_B);
        error = -EINVAL;
    } else if (!error) {
        error = scenario_read_text(file, text, length, n_settings, settings, diagnostics, scenario);
    }
    arena_release(&arena);
    return error;
}

void scenario_free(struct scenario *scenario)
{
    if (!scenario)
        return;
    variants_release(scenario_fields, scenario);
    document_drop(scenario->document);
    free(scenario);
}

/* --- draws -------------------------------------------------------------------- */

static struct scenario *copy_scenario(const struct scenario *scenario)
{
    struct scenario *copy = malloc(sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *scenario;
    copy->document->n_users++;
    if (variants_copy(scenario_fields, copy))
        return copy;
    scenario_free(copy);
    return NULL;
}

struct scenario *scenario_draw(const struct scenario *scenario, int replication)
{
    assert(replication >= 0);
    struct scenario *copy = copy_scenario(scenario);
    if (copy)
        draw_parameters(scenario_fields, scenario, copy, (uint64_t)scenario->run.seed,
                        (uint64_t)replication);
    return copy;
}
