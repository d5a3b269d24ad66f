#include "raw_line.h"

#include "raw_build.h"
#include "raw_visit.h"
#include "sim/input/suggest.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char schema[] = "vhpcsim-raw/1";

/* A line that is read: its object, and its text to say where in it something is wrong. */
struct line {
    struct raw_lines *lines;
    const char *text;
    size_t length_B;
    const json_t *object;
    bool is_good;
};

/* --- mistakes ------------------------------------------------------------------------------- */

static void add_mistake(struct raw_lines *lines, int column, const char *hint, const char *format,
                        va_list arguments)
{
    char message[300];
    const struct place place = {lines->raw->path, lines->number, column};
    vsnprintf(message, sizeof message, format, arguments);
    diagnostics_add(lines->diagnostics, SEVERITY_ERROR, place, hint, "%s", message);
    lines->n_mistakes++;
}

void raw_line_mistake(struct raw_lines *lines, int column, const char *hint, const char *format,
                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_mistake(lines, column, hint, format, arguments);
    va_end(arguments);
}

/* Characters before `at`, counted from 1. */
static int column_at(const char *text, const char *at)
{
    int column = 1;
    for (; text < at; text++)
        column += (*text & 0xc0) != 0x80;
    return column;
}

/* Where the value of `key` stands, or else the line's beginning. */
static int column_of(const struct line *line, const char *key)
{
    char quoted[40];
    snprintf(quoted, sizeof quoted, "\"%s\"", key);
    const char *end = line->text + line->length_B;
    const char *at = memmem(line->text, line->length_B, quoted, strlen(quoted));
    if (!at)
        return 1;
    at += strlen(quoted);
    while (at < end && (*at == ' ' || *at == ':' || *at == '\t'))
        at++;
    return column_at(line->text, at);
}

static void refuse(struct line *line, const char *key, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void refuse(struct line *line, const char *key, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_mistake(line->lines, column_of(line, key), hint, format, arguments);
    va_end(arguments);
    line->is_good = false;
}

/* --- values --------------------------------------------------------------------------------- */

static const json_t *get(struct line *line, const char *key)
{
    const json_t *value = json_object_get(line->object, key);
    if (!value)
        refuse(line, key, NULL, "\"%s\" is missing in this line", key);
    return value;
}

/* The whole number of `key`; `least` after a mistake. */
static int get_whole(struct line *line, const char *key, int least, int most)
{
    const json_t *value = get(line, key);
    if (!value)
        return least;
    const json_int_t number = json_integer_value(value);
    if (json_is_integer(value) && number >= least && number <= most)
        return (int)number;
    if (most == INT_MAX)
        refuse(line, key, NULL, "\"%s\" must be a whole number, %d or more", key, least);
    else
        refuse(line, key, NULL, "\"%s\" must be %d, the next number", key, least);
    return least;
}

/* The number that `key` gives of one of the things least..most that lines above describe. */
static int get_reference(struct line *line, const char *key, const char *what, int least, int most)
{
    const bool was_good = line->is_good;
    const int number = get_whole(line, key, 0, INT_MAX);
    if (number >= least && number <= most)
        return number;
    if (line->is_good || !was_good)
        refuse(line, key, NULL, "no line above describes %s %d", what, number);
    return least;
}

static bool is_finite_number(const json_t *value)
{
    return json_is_number(value) && isfinite(json_number_value(value));
}

/* The number >= 0 of `key`; `is_above` excludes 0. */
static double get_number(struct line *line, const char *key, bool is_above)
{
    const json_t *value = get(line, key);
    const double number = json_number_value(value);
    if (value && !(is_finite_number(value) && (is_above ? number > 0.0 : number >= 0.0))) {
        refuse(line, key, NULL, "\"%s\" must be a number %s 0", key,
               is_above ? "above" : "not below");
        return 0.0;
    }
    return number;
}

static const char *get_text(struct line *line, const char *key)
{
    const json_t *value = get(line, key);
    if (value && !json_is_string(value))
        refuse(line, key, NULL, "\"%s\" must be a text", key);
    return json_is_string(value) ? json_string_value(value) : "";
}

/* Number of the name that `key` has in a list that NULL ends. */
static int get_name(struct line *line, const char *key, const char *const names[])
{
    const bool was_good = line->is_good;
    const char *name = get_text(line, key);
    const int number = raw_name_number(names, name);
    if (number >= 0 || (was_good && !line->is_good))
        return number >= 0 ? number : 0;
    size_t n = 0;
    while (names[n])
        n++;
    const char *meant = suggest(name, n, names);
    char hint[100] = "";
    if (meant)
        snprintf(hint, sizeof hint, "did you mean \"%s\"?", meant);
    refuse(line, key, hint, "unknown %s \"%.60s\"", key, name);
    return 0;
}

static int get_launch(struct line *line)
{
    return get_reference(line, "launch", "launch", 1, line->lines->raw->n_launches);
}

/* The numbers of a list, each above 0; belongs to the caller. */
static double *get_times(struct line *line, const char *key, int *n)
{
    const json_t *list = get(line, key);
    const size_t count = json_array_size(list);
    double *times_s = calloc(count + 1, sizeof *times_s);
    if (!times_s)
        abort();
    if (list && count == 0)
        refuse(line, key, NULL, "\"%s\" must be a list of times", key);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        times_s[i] = json_number_value(item);
        if (!is_finite_number(item) || times_s[i] <= 0.0) {
            refuse(line, key, NULL, "a time must be a number above 0: number %zu of \"%s\" is not",
                   i + 1, key);
            break;
        }
    }
    *n = (int)count;
    return times_s;
}

/* --- kinds of line -------------------------------------------------------------------------- */

static void read_head(struct line *line)
{
    struct raw *raw = line->lines->raw;
    const char *found = get_text(line, "schema");
    if (line->is_good && strcmp(found, schema) != 0)
        refuse(line, "schema", "this version of vhpcsim reads \"vhpcsim-raw/1\"",
               "unknown schema \"%.60s\"", found);
    if (line->is_good && raw->head)
        refuse(line, "schema", NULL, "the file begins a second time");
    if (line->is_good)
        raw->head = json_incref((json_t *)line->object);
}

/* A launch with a mistake counts all the same, or each line of it would be one. */
static void read_launch(struct line *line)
{
    struct raw *raw = line->lines->raw;
    get_whole(line, "launch", raw->n_launches + 1, raw->n_launches + 1);
    raw_add_launch(raw, json_incref((json_t *)line->object));
}

static void read_environment(struct line *line)
{
    get_launch(line);
    json_array_append(line->lines->raw->environments, (json_t *)line->object);
}

static void read_remark(struct line *line)
{
    static const char *const names[] = {"warning", "refused", NULL};
    const struct raw_remark remark = {
        .is_refusal = get_name(line, "remark", names) == 1,
        .launch = get_launch(line),
        .code = get_text(line, "code"),
        .text = get_text(line, "text"),
    };
    if (line->is_good)
        raw_add_remark(line->lines->raw, &remark);
}

static void read_cell(struct line *line)
{
    struct raw *raw = line->lines->raw;
    get_whole(line, "cell", raw->n_cells, raw->n_cells);
    struct raw_cell cell = {
        .operation = (enum raw_operation)get_name(line, "operation", raw_operation_names),
        .path = (enum raw_path)get_name(line, "path", raw_path_names),
        .load = (enum raw_load)get_name(line, "load", raw_load_names),
        .size_B = get_number(line, "size_B", false),
        .n_active = get_whole(line, "n_active", 0, INT_MAX),
        .rank = get_whole(line, "rank", 0, INT_MAX),
        .partner = get_whole(line, "partner", -1, INT_MAX),
    };
    const json_t *arguments = get(line, "arguments");
    for (size_t i = 0; i < RAW_ARGUMENTS && line->is_good; i++) {
        const json_t *argument = json_array_get(arguments, i);
        if (!is_finite_number(argument))
            refuse(line, "arguments", NULL, "\"arguments\" must be %d numbers", RAW_ARGUMENTS);
        cell.argument[i] = json_number_value(argument);
    }
    raw_add_cell(raw, &cell); /* with a mistake too, as launches */
}

static void read_visit(struct line *line)
{
    struct raw *raw = line->lines->raw;
    struct raw_visit visit = {
        .cell = get_reference(line, "visit", "cell", 0, raw->n_cells - 1),
        .launch = get_launch(line),
        .block = get_whole(line, "block", 0, INT_MAX),
        .rank = get_whole(line, "rank", 0, INT_MAX),
        .cold_s = get_number(line, "cold_s", true),
    };
    if (json_object_get(line->object, "at_s"))
        visit.at_s = get_number(line, "at_s", false);
    visit.times_s = get_times(line, "times_s", &visit.n);
    if (line->is_good)
        raw_add_visit(raw, &visit);
    free(visit.times_s);
}

static void read_threshold(struct line *line)
{
    const struct raw_threshold threshold = {
        .kind = get_text(line, "threshold"),
        .method = get_text(line, "method"),
        .path = (enum raw_path)get_name(line, "path", raw_path_names),
        .launch = get_launch(line),
        .from_B = get_number(line, "from_B", false),
        .to_B = get_number(line, "to_B", true),
    };
    if (line->is_good && threshold.from_B > threshold.to_B)
        refuse(line, "to_B", NULL, "\"to_B\" must not be below \"from_B\"");
    if (line->is_good)
        raw_add_threshold(line->lines->raw, &threshold);
}

/* Fills starts and lengths of `detours`, for which there is room. */
static void get_detours(struct line *line, const json_t *list, struct raw_detours *detours)
{
    for (int i = 0; i < detours->n && line->is_good; i++) {
        const json_t *pair = json_array_get(list, (size_t)i);
        const json_t *start = json_array_get(pair, 0), *length = json_array_get(pair, 1);
        detours->start_s[i] = json_number_value(start);
        detours->length_s[i] = json_number_value(length);
        if (!is_finite_number(start) || !is_finite_number(length) || detours->start_s[i] < 0.0 ||
            detours->length_s[i] <= 0.0)
            refuse(line, "detours", "a detour is [start_s, length_s]",
                   "number %d of \"detours\" is none", i + 1);
    }
}

static void read_detours(struct line *line)
{
    const json_t *list = get(line, "detours");
    const json_t *stolen = json_object_get(line->object, "stolen_s");
    const size_t n = json_array_size(list);
    double *numbers = calloc(2 * n + 1, sizeof *numbers);
    if (!numbers)
        abort();
    struct raw_detours detours = {
        .launch = get_launch(line),
        .rank = get_whole(line, "rank", 0, INT_MAX),
        .observed_s = get_number(line, "observed_s", true),
        .quantum_s = get_number(line, "quantum_s", false),
        .threshold_s = get_number(line, "threshold_s", false),
        .n_shorter = get_number(line, "n_shorter", false),
        .shorter_s = get_number(line, "shorter_s", false),
        .stolen_s = NAN,
        .n = (int)n,
        .start_s = numbers,
        .length_s = numbers + n,
    };
    if (stolen && !json_is_null(stolen))
        detours.stolen_s = get_number(line, "stolen_s", false);
    if (!json_is_array(list))
        refuse(line, "detours", NULL, "\"detours\" must be a list");
    get_detours(line, list, &detours);
    if (line->is_good)
        raw_add_detours(line->lines->raw, &detours);
    free(numbers);
}

/* A killed launch that goes on has not ended. */
static void read_resumed(struct line *line)
{
    const int number = get_launch(line);
    if (line->is_good) {
        struct raw_launch *launch = &line->lines->raw->launches[number - 1];
        free((char *)launch->end);
        launch->end = NULL;
    }
}

static void read_end(struct line *line)
{
    static const char *const names[] = {"converged", "budget", "interrupted", "failed", NULL};
    const char *end = names[get_name(line, "end", names)];
    const int launch = get_launch(line);
    if (line->is_good)
        raw_end_launch(line->lines->raw, launch, end);
}

static const char *const kind_names[] = {"schema",  "launch", "environment", "remark",
                                         "cell",    "visit",  "threshold",   "detours",
                                         "resumed", "end",    NULL};
static void (*const kinds[])(struct line *line) = {
    read_head,  read_launch,    read_environment, read_remark,  read_cell,
    read_visit, read_threshold, read_detours,     read_resumed, read_end};

/* --- a line --------------------------------------------------------------------------------- */

static void read_object(struct line *line)
{
    const char *first = json_object_iter_key(json_object_iter((json_t *)line->object));
    const int kind = first ? raw_name_number(kind_names, first) : -1;
    if (kind >= 0) {
        kinds[kind](line);
        return;
    }
    const char *meant =
        first ? suggest(first, sizeof kind_names / sizeof kind_names[0] - 1, kind_names) : NULL;
    char hint[100] = "the first key of a line says what it is";
    if (meant)
        snprintf(hint, sizeof hint, "did you mean \"%s\"?", meant);
    raw_line_mistake(line->lines, 1, hint, "unknown kind of line \"%.60s\"", first ? first : "");
}

static bool scan_visit(struct raw_lines *lines, const char *text, size_t length_B)
{
    double times_s[RAW_VISIT_TIMES];
    struct raw_visit visit;
    if (!raw_visit_scan(text, length_B, &visit, times_s) || visit.cell >= lines->raw->n_cells ||
        visit.launch < 1 || visit.launch > lines->raw->n_launches)
        return false;
    raw_add_visit(lines->raw, &visit);
    return true;
}

bool raw_line_read(struct raw_lines *lines, const char *text, size_t length_B)
{
    json_error_t error;
    if (scan_visit(lines, text, length_B))
        return true;
    json_t *object = json_loadb(text, length_B, JSON_REJECT_DUPLICATES, &error);
    struct line line = {lines, text, length_B, object, true};
    if (!object)
        raw_line_mistake(lines, error.column > 0 ? error.column : 1, NULL, "no JSON: %s",
                         error.text);
    else if (!json_is_object(object))
        raw_line_mistake(lines, 1, NULL, "a line must be a JSON object");
    else if (!lines->raw->head && !json_object_get(object, "schema"))
        raw_line_mistake(lines, 1, "a raw file begins with {\"schema\": \"vhpcsim-raw/1\", ...}",
                         "this is no file of raw measurements");
    else
        read_object(&line);
    json_decref(object);
    return lines->raw->head != NULL;
}
