/*
 * case_read.c - reads a validation document, its scenarios, and checks that they go together.
 */
#include "cases.h"

#include "samples.h"
#include "sim/input/data_folder.h"
#include "sim/input/document.h"
#include "sim/input/hash.h"
#include "sim/input/scenario.h"
#include "sim/input/setting.h"
#include "sim/input/suggest.h"
#include "sim/input/text.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_B = 96, HINT_B = 320 };

/* Laid over every run, whatever its scenario says: only draws of one seed, and as many, can be
 * compared one by one. */
static const char *const common_settings[] = {"run.replications=20", "run.seed=1"};
enum { N_COMMON_SETTINGS = sizeof common_settings / sizeof common_settings[0] };

struct case_run *case_run_at(const struct case_document *document, int index)
{
    assert(index >= 0 && index < document->runs.n);
    return (struct case_run *)document->runs.items + index;
}

const struct case_result *case_result_at(const struct case_run *run, int index)
{
    assert(index >= 0 && index < run->results.n);
    return (const struct case_result *)run->results.items + index;
}

const struct case_run *case_run_named(const struct case_document *document, const char *name)
{
    for (int i = 0; i < document->runs.n; i++)
        if (strcmp(case_run_at(document, i)->name, name) == 0)
            return case_run_at(document, i);
    return NULL;
}

struct text_list case_run_alternative(const struct case_run *run, int index)
{
    assert(index >= 0 && index < run->n_alternatives);
    const struct text_list *alternatives = run->either.items;
    return run->either.n > 0 ? alternatives[index] : (struct text_list){0};
}

void case_run_hash(const struct case_run *run, char hex[17])
{
    uint64_t hash = hash_start;
    for (int i = 0; i < run->n_alternatives; i++) {
        scenario_hash(run->scenarios[i], hex);
        hash_add(&hash, hex, strlen(hex));
    }
    if (run->n_alternatives > 1)
        snprintf(hex, 17, "%016" PRIx64, hash);
}

/* --- the scenarios ------------------------------------------------------------ */

/* What the scenario of one alternative of a run is read with. */
struct scenario_reading {
    struct case_document *document;
    struct case_run *run;
    int index;       /* of the run */
    int alternative; /* of the run's */
    struct diagnostics *diagnostics;
    bool is_here; /* one of its mistakes stands in the document */
};

/* The key `format` of the run, such as "runs.3.scenario". */
static const char *run_key(const struct scenario_reading *reading, const char *key,
                           char text[KEY_B])
{
    snprintf(text, KEY_B, "runs.%d.%s", reading->index, key);
    return text;
}

/* What settings name by number is a text in the lists `set` and `either` of the document; behind
 * those of the run, the alternative and the common ones, which have no mistakes, stand those of the
 * command. */
static struct place move_setting(struct place place, void *user)
{
    struct scenario_reading *reading = user;
    const int n_own = reading->run->settings.n;
    const int n_either = case_run_alternative(reading->run, reading->alternative).n;
    char name[64], key[KEY_B];
    if (strcmp(place.file, setting_file) != 0)
        return place;
    reading->is_here = true;
    if (place.line > n_own + n_either) {
        place.line -= n_own + n_either + N_COMMON_SETTINGS;
        return place;
    }
    if (place.line <= n_own)
        snprintf(name, sizeof name, "set.%d", place.line - 1);
    else
        snprintf(name, sizeof name, "either.%d.%d", reading->alternative, place.line - 1 - n_own);
    struct place moved = diagnostics_place_of(reading->diagnostics, run_key(reading, name, key));
    moved.column += place.column > 1 ? place.column - 1 : 0;
    return moved;
}

/* Settings in the order in which they are applied. */
struct settings {
    int n;
    const char **items;
};

static void add_settings(struct settings *settings, int n, const char *const items[])
{
    for (int i = 0; i < n; i++)
        settings->items[settings->n++] = items[i];
}

/* The run's settings, the alternative's, the common ones, then the command's: the later wins. False
 * without memory. */
static bool join_settings(const struct scenario_reading *reading, int n_settings,
                          const char *const settings[], struct settings *all)
{
    const struct text_list *own = &reading->run->settings;
    const struct text_list either = case_run_alternative(reading->run, reading->alternative);
    const size_t n = (size_t)(own->n + either.n + N_COMMON_SETTINGS + n_settings);
    *all = (struct settings){0, arena_alloc(&reading->document->arena, n * sizeof *all->items)};
    if (!all->items)
        return false;
    add_settings(all, own->n, own->items);
    add_settings(all, either.n, either.items);
    add_settings(all, N_COMMON_SETTINGS, common_settings);
    add_settings(all, n_settings, settings);
    return true;
}

static void refuse_scenario(struct scenario_reading *reading, const struct diagnostics *mistakes)
{
    char key[KEY_B];
    diagnostics_add_all(reading->diagnostics, mistakes, setting_file, move_setting, reading);
    if (!reading->is_here)
        diagnostics_add_key(reading->diagnostics, SEVERITY_ERROR, run_key(reading, "scenario", key),
                            "they are told at their places",
                            "the scenario of run \"%.60s\" has mistakes", reading->run->name);
}

static void read_scenario(struct scenario_reading *reading, int n_settings,
                          const char *const settings[])
{
    struct case_run *run = reading->run;
    struct arena *arena = &reading->document->arena;
    struct diagnostics *mistakes = diagnostics_new();
    struct settings all;
    char key[KEY_B];

    if (!mistakes || !join_settings(reading, n_settings, settings, &all)) {
        arena->failed = true;
        diagnostics_free(mistakes);
        return;
    }
    const int error = scenario_read(run->scenario_path, all.n, all.items, mistakes,
                                    &run->scenarios[reading->alternative]);
    if (error == -EINVAL)
        refuse_scenario(reading, mistakes);
    else if (error == -ENOMEM)
        arena->failed = true;
    else if (error)
        diagnostics_add_key(reading->diagnostics, SEVERITY_ERROR, run_key(reading, "scenario", key),
                            "a path is relative to the document in which it stands",
                            "cannot read %.200s: %s", run->scenario_path, strerror(-error));
    diagnostics_free(mistakes);
}

/* Reads the scenarios of all alternatives, up to the first that has a mistake: the next ones would
 * repeat those that they share. */
static void read_alternatives(struct scenario_reading *reading, int n_settings,
                              const char *const settings[])
{
    struct case_run *run = reading->run;
    struct arena *arena = &reading->document->arena;
    run->n_alternatives = run->either.n > 0 ? run->either.n : 1;
    run->scenarios = arena_alloc(arena, (size_t)run->n_alternatives * sizeof(struct scenario *));
    if (!run->scenario_path)
        run->scenario_path =
            document_path_beside(arena, reading->document->file, run->scenario_file);
    if (!run->scenarios || !run->scenario_path)
        return;
    bool is_good = true;
    for (int i = 0; is_good && i < run->n_alternatives; i++) {
        reading->alternative = i;
        read_scenario(reading, n_settings, settings);
        is_good = run->scenarios[i] != NULL;
    }
}

/* --- what is asked of them ----------------------------------------------------- */

/* One result on its way through the checks. */
struct result_check {
    const struct case_document *document;
    const struct case_run *run;
    const struct case_result *result;
    int run_index, result_index;
    struct diagnostics *diagnostics;
};

static void refuse(const struct result_check *check, const char *key, const char *hint,
                   const char *message)
{
    char path[KEY_B];
    snprintf(path, sizeof path, "runs.%d.results.%d.%s", check->run_index, check->result_index,
             key);
    diagnostics_add_key(check->diagnostics, SEVERITY_ERROR, path, hint, "%s", message);
}

/* What the `n` words offer: the one that may have been meant, else as many as there is room for. */
static void offer(char hint[HINT_B], const char *word, size_t n, const char *const words[])
{
    const char *near = suggest(word, n, words);
    hint[0] = '\0';
    if (near) {
        snprintf(hint, HINT_B, "did you mean \"%s\"?", near);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const size_t length = strlen(hint);
        if (length + strlen(words[i]) + sizeof ", and more" > HINT_B) {
            snprintf(hint + length, HINT_B - length, ", ...");
            return;
        }
        snprintf(hint + length, HINT_B - length, "%s%s", i == 0 ? "there are " : ", ", words[i]);
    }
}

static void refuse_metric(const struct result_check *check, const struct case_run *run, int n,
                          const struct metric metrics[])
{
    const char *names[MAX_SAMPLED_METRICS];
    char hint[HINT_B], message[200];
    for (int i = 0; i < n; i++)
        names[i] = metrics[i].name;
    offer(hint, check->result->metric, (size_t)n, names);
    snprintf(message, sizeof message, "run \"%.60s\" has no metric \"%.60s\"", run->name,
             check->result->metric);
    refuse(check, "metric", hint, message);
}

/* The run's metric that the result asks for, in `found`; false after a diagnostic. Every
 * alternative must have it. */
static bool find_metric(const struct result_check *check, const struct case_run *run,
                        struct metric *found)
{
    struct metric metrics[MAX_SAMPLED_METRICS];
    for (int i = 0; i < run->n_alternatives; i++) {
        const int n =
            run->scenarios && run->scenarios[i] ? sampled_metrics(run->scenarios[i], metrics) : -1;
        if (n < 0) /* told already */
            return false;
        const struct metric *metric = metric_find(n, metrics, check->result->metric);
        if (!metric) {
            refuse_metric(check, run, n, metrics);
            return false;
        }
        *found = *metric;
    }
    return true;
}

bool case_is_quotient(const struct case_result *result)
{
    return strcmp(result->unit, "ratio") == 0 || samples_unit_is_percent(result->unit);
}

static void check_unit(const struct result_check *check, const char *own)
{
    const char *unit = check->result->unit;
    const bool is_compared = check->result->over[0] != '\0';
    char hint[HINT_B], message[160];
    const bool is_own = strcmp(unit, own) == 0 ||
                        (samples_unit_is_percent(unit) && samples_unit_is_percent(own)) ||
                        (own[0] == '\0' && strcmp(unit, "ratio") == 0);
    if (is_own || (is_compared && case_is_quotient(check->result)))
        return;
    const char *shown = samples_unit_is_percent(own) ? "percent" : own[0] != '\0' ? own : "ratio";
    snprintf(hint, sizeof hint, "its unit is %s%s", shown,
             is_compared ? ", that of a quotient ratio or percent" : "");
    snprintf(message, sizeof message, "%.60s is not in \"%.40s\"", check->result->metric, unit);
    refuse(check, "unit", hint, message);
}

static void refuse_over(const struct result_check *check)
{
    const int n = check->document->runs.n;
    const char **names = calloc((size_t)n, sizeof *names);
    char hint[HINT_B] = "", message[160];
    for (int i = 0; names && i < n; i++)
        names[i] = case_run_at(check->document, i)->name;
    if (names)
        offer(hint, check->result->over, (size_t)n, names);
    free(names);
    snprintf(message, sizeof message, "there is no run \"%.60s\" in this document",
             check->result->over);
    refuse(check, "over", hint, message);
}

static bool is_same_texts(const struct text_list *a, const struct text_list *b)
{
    bool is_same = a->n == b->n;
    for (int i = 0; is_same && i < a->n; i++)
        is_same = strcmp(a->items[i], b->items[i]) == 0;
    return is_same;
}

/* Draw n of two runs is of the same alternative where both have some, so these must be the same. */
static bool have_same_alternatives(const struct case_run *a, const struct case_run *b)
{
    const struct text_list *of_a = a->either.items, *of_b = b->either.items;
    bool is_same = a->either.n == b->either.n;
    for (int i = 0; is_same && i < a->either.n; i++)
        is_same = is_same_texts(&of_a[i], &of_b[i]);
    return is_same || a->either.n == 0 || b->either.n == 0;
}

static void check_over(const struct result_check *check)
{
    struct metric metric;
    const struct case_run *base = case_run_named(check->document, check->result->over);
    if (!base)
        refuse_over(check);
    else if (base == check->run)
        refuse(check, "over", "name another run of this document", "a run over itself is always 1");
    else if (!have_same_alternatives(base, check->run))
        refuse(check, "over", "give both runs the same list: they are compared draw by draw",
               "the two runs have different alternatives in either");
    else
        find_metric(check, base, &metric);
}

/* Errors are relative but in percent, where they are points: see score.h. */
static void check_published(const struct result_check *check)
{
    const struct case_result *result = check->result;
    if (result->published <= 0.0 && !samples_unit_is_percent(result->unit)) /* false for NAN */
        refuse(check, "published", "what is measured is above 0, but for percent",
               "no relative error can be told of this value");
}

static void check_result(const struct result_check *check)
{
    struct metric metric = {.unit = ""};
    if (check->result->over[0] != '\0')
        check_over(check);
    if (find_metric(check, check->run, &metric))
        check_unit(check, metric.unit);
    check_published(check);
}

static void check_run(const struct case_document *document, int index,
                      struct diagnostics *diagnostics)
{
    const struct case_run *run = case_run_at(document, index);
    char key[KEY_B];
    snprintf(key, sizeof key, "runs.%d.name", index);
    if (case_run_named(document, run->name) != run)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, key, "give each run a name of its own",
                            "there is a run \"%.60s\" above", run->name);
    for (int i = 0; i < run->results.n; i++)
        check_result(
            &(struct result_check){document, run, case_result_at(run, i), index, i, diagnostics});
}

/* --- together ------------------------------------------------------------------- */

/* A unit that nobody gave is the metric's own. */
static void complete_units(const struct case_run *run)
{
    struct metric metrics[MAX_SAMPLED_METRICS];
    const bool is_read = run->scenarios && run->scenarios[0];
    const int n = is_read ? sampled_metrics(run->scenarios[0], metrics) : 0;
    for (int i = 0; i < run->results.n; i++) {
        struct case_result *result = (struct case_result *)run->results.items + i;
        const struct metric *metric = metric_find(n, metrics, result->metric);
        if (result->unit[0] == '\0' && metric)
            result->unit = (char *)metric->unit;
    }
}

void case_read_scenarios(struct case_document *document, int n_settings,
                         const char *const settings[], struct diagnostics *diagnostics)
{
    setting_add_texts(diagnostics, n_settings, settings);
    for (int i = 0; i < document->runs.n; i++) {
        struct scenario_reading scenario = {.document = document,
                                            .run = case_run_at(document, i),
                                            .index = i,
                                            .diagnostics = diagnostics};
        read_alternatives(&scenario, n_settings, settings);
        complete_units(scenario.run);
    }
    for (int i = 0; i < document->runs.n; i++)
        check_run(document, i, diagnostics);
}

static void fill(struct case_document *document, const char *text, size_t length, int n_settings,
                 const char *const settings[], struct diagnostics *diagnostics)
{
    struct reading reading = {.arena = &document->arena, .diagnostics = diagnostics};
    const struct document_kind *kind = document_kind_by_name("validation");
    const struct tree *map = document_open(&reading, &kind, document->file, text, length);
    if (map)
        field_read(&reading, case_fields, map, "", document);
    if (map && diagnostics_count(diagnostics, SEVERITY_ERROR) == 0 && !document->arena.failed)
        case_read_scenarios(document, n_settings, settings, diagnostics);
}

int case_document_read_text(const char *file, const char *text, size_t length, int n_settings,
                            const char *const settings[], struct diagnostics *diagnostics,
                            struct case_document **document)
{
    struct case_document *read = calloc(1, sizeof *read);
    if (!read)
        return -ENOMEM;
    read->file = arena_copy(&read->arena, file, strlen(file));
    if (read->file)
        fill(read, text, length, n_settings, settings, diagnostics);

    const bool has_errors = diagnostics_count(diagnostics, SEVERITY_ERROR) > 0;
    const int error = read->arena.failed ? -ENOMEM : has_errors ? -EINVAL : 0;
    if (error)
        case_document_free(read);
    else
        *document = read;
    return error;
}

int case_document_read(const char *path, int n_settings, const char *const settings[],
                       struct diagnostics *diagnostics, struct case_document **document)
{
    struct arena arena = {NULL, false};
    char *text;
    size_t length;
    int error = text_read_file(&arena, path, &text, &length);
    if (!error)
        error = case_document_read_text(strcmp(path, "-") == 0 ? "standard input" : path, text,
                                        length, n_settings, settings, diagnostics, document);
    arena_release(&arena);
    return error;
}

void case_document_free(struct case_document *document)
{
    if (!document)
        return;
    for (int i = 0; i < document->runs.n; i++) {
        const struct case_run *run = case_run_at(document, i);
        for (int a = 0; run->scenarios && a < run->n_alternatives; a++)
            scenario_free(run->scenarios[a]);
    }
    arena_release(&document->arena);
    free(document);
}

int case_list_shipped(struct arena *arena, const char *const **paths)
{
    const char *folder = data_folder_path(arena, DATA_VALIDATION);
    const char *const *names;
    const int n = folder ? document_list_folder(arena, folder, &names) : -ENOMEM;
    if (n < 0)
        return n;
    const char **list = arena_alloc(arena, ((size_t)n + 1) * sizeof *list);
    for (int i = 0; list && i < n; i++)
        list[i] = arena_format(arena, "%s/%s.yaml", folder, names[i]);
    *paths = list;
    return arena->failed ? -ENOMEM : n;
}
