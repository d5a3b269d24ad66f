/*
 * case_table.c - a table of measurements, as spreadsheets write it, read as a validation document.
 */
#include "cases.h"

#include "sim/input/diagnostic.h"
#include "sim/input/text.h"
#include "sim/input/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = 3, MAX_ROWS = 10000, KEY_B = 64 };
static const char *const keys[MAX_FIELDS] = {"metric", "published", "unit"};

/* One line of the table: its texts, and the places where they stand. */
struct row {
    int n;
    char *texts[MAX_FIELDS];
    struct place places[MAX_FIELDS];
};

struct table_reading {
    struct case_document *document;
    struct diagnostics *diagnostics;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '"';
}

/* The field without blanks and quotes around it; moves `*start` to where it begins. */
static char *trimmed(struct arena *arena, const char **start, const char *end)
{
    while (*start < end && is_blank(**start))
        (*start)++;
    while (end > *start && is_blank(end[-1]))
        end--;
    return arena_copy(arena, *start, (size_t)(end - *start));
}

/* Splits a line; false without memory or after a diagnostic. */
static bool split(struct table_reading *reading, int number, const char *line, size_t length,
                  struct row *row)
{
    const char separator = memchr(line, '\t', length) ? '\t' : ',';
    const char *at = line, *const end = line + length;
    for (row->n = 0; at <= end; row->n++) {
        const char *stop = memchr(at, separator, (size_t)(end - at));
        const char *start = at;
        stop = stop ? stop : end;
        if (row->n == MAX_FIELDS)
            break;
        row->texts[row->n] = trimmed(&reading->document->arena, &start, stop);
        row->places[row->n] =
            (struct place){reading->document->file, number, 1 + (int)(start - line)};
        if (!row->texts[row->n])
            return false;
        at = stop + 1;
    }
    if (row->n >= 2 && at > end)
        return true;
    diagnostics_add(reading->diagnostics, SEVERITY_ERROR, row->places[0],
                    "a line is metric,value or metric,value,unit",
                    row->n < 2 ? "this line has one field"
                               : "this line has more than three fields");
    return false;
}

static void read_row(struct table_reading *reading, const struct row *row, struct case_run *run)
{
    struct case_result *result = (struct case_result *)run->results.items + run->results.n;
    struct unit_problem problem;
    *result = (struct case_result){.metric = row->texts[0],
                                   .over = "",
                                   .unit = row->n > 2 ? row->texts[2] : "",
                                   .tolerance = NAN,
                                   .where = "",
                                   .row = "",
                                   .note = ""};
    if (!unit_parse(DIMENSION_NONE, row->texts[1], &result->published, &problem)) {
        struct place place = row->places[1];
        place.column += (int)problem.at_B;
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place, problem.hint, "%s",
                        problem.message);
    }
    for (int i = 0; i < row->n && i < MAX_FIELDS; i++) {
        char key[KEY_B];
        snprintf(key, sizeof key, "runs.0.results.%d.%s", run->results.n, keys[i]);
        diagnostics_note_key(reading->diagnostics, key, row->places[i]);
    }
    run->results.n++;
}

/* Bytes of the line that begins at `at`, of `length` bytes that are left. */
static size_t line_length(const char *at, size_t length)
{
    size_t n = 0;
    while (n < length && text_line_break(at + n, length - n) == 0)
        n++;
    return n;
}

static void read_line(struct table_reading *reading, int number, const char *line, size_t length,
                      struct case_run *run)
{
    struct row row = {0};
    if (length == 0 || strspn(line, " \t") >= length || line[0] == '#')
        return;
    if (!split(reading, number, line, length, &row))
        return;
    if (run->results.n > 0 || strcmp(row.texts[0], "metric") != 0)
        read_row(reading, &row, run);
}

/* A table does not begin with what every document begins with. */
static bool is_document(const char *text, size_t length)
{
    static const char beginning[] = "schema:";
    for (size_t at = 0; at < length;
         at += at < length ? text_line_break(text + at, length - at) : 0) {
        if (length - at >= sizeof beginning - 1 &&
            memcmp(text + at, beginning, sizeof beginning - 1) == 0)
            return true;
        const size_t line_B = line_length(text + at, length - at);
        if (line_B > 0 && text[at] != '#')
            return false;
        at += line_B;
    }
    return false;
}

static void read_lines(struct table_reading *reading, const char *text, size_t length,
                       struct case_run *run)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF"; /* spreadsheets begin UTF-8 with it */
    const size_t mark_B = sizeof byte_order_mark - 1;
    size_t at = length >= mark_B && memcmp(text, byte_order_mark, mark_B) == 0 ? mark_B : 0;
    for (int number = 1; at < length && run->results.n < MAX_ROWS; number++) {
        const size_t line_B = line_length(text + at, length - at);
        read_line(reading, number, text + at, line_B, run);
        at += line_B;
        at += at < length ? text_line_break(text + at, length - at) : 0;
    }
    if (at < length)
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR,
                        (struct place){reading->document->file, 0, 0}, "is this the right file?",
                        "a table has at most %d measurements", MAX_ROWS);
}

/* The file's name without its folder; "?" for each byte that is no UTF-8, as results must be. */
static char *name_of(struct arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *from = slash ? slash + 1 : file;
    char *name = arena_copy(arena, from, strlen(from));
    uint32_t c;
    for (size_t at = 0, n; name && name[at] != '\0'; at += n) {
        n = text_decode(name + at, strlen(name + at), &c);
        if (n == 0)
            name[at] = '?';
        n += n == 0;
    }
    return name;
}

static void fill(struct table_reading *reading, const char *text, size_t length,
                 const char *scenario_path)
{
    struct case_document *document = reading->document;
    struct arena *arena = &document->arena;
    struct case_run *run = arena_alloc(arena, sizeof *run);
    struct case_result *results = arena_alloc(arena, (MAX_ROWS + 1) * sizeof *results);
    document->paper = name_of(arena, document->file);
    document->title = "";
    if (!run || !results || !document->paper)
        return;
    *run = (struct case_run){
        .name = "measured",
        .system = "as measured",
        .configuration = "",
        .scenario_file = (char *)scenario_path,
        .scenario_path = scenario_path, /* not relative to the table */
        .results = {0, results},
    };
    document->runs = (struct item_list){1, run};
    diagnostics_add_text(reading->diagnostics, document->file, text, length);
    if (is_document(text, length)) {
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, (struct place){document->file, 0, 0},
                        "leave out --scenario: a validation document names its scenarios itself",
                        "this is a document, not a table of measurements");
        return;
    }
    read_lines(reading, text, length, run);
    if (run->results.n == 0 && diagnostics_count(reading->diagnostics, SEVERITY_ERROR) == 0)
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, (struct place){document->file, 0, 0},
                        "a line is metric,value or metric,value,unit", "there is no measurement");
}

int case_table_read_text(const char *file, const char *text, size_t length,
                         const char *scenario_path, int n_settings, const char *const settings[],
                         struct diagnostics *diagnostics, struct case_document **document)
{
    struct case_document *read = calloc(1, sizeof *read);
    struct table_reading reading = {read, diagnostics};
    if (!read)
        return -ENOMEM;
    read->file = arena_copy(&read->arena, file, strlen(file));
    const char *scenario = arena_copy(&read->arena, scenario_path, strlen(scenario_path));
    if (read->file && scenario)
        fill(&reading, text, length, scenario);
    if (!read->arena.failed && diagnostics_count(diagnostics, SEVERITY_ERROR) == 0)
        case_read_scenarios(read, n_settings, settings, diagnostics);

    const bool has_errors = diagnostics_count(diagnostics, SEVERITY_ERROR) > 0;
    const int error = read->arena.failed ? -ENOMEM : has_errors ? -EINVAL : 0;
    if (error)
        case_document_free(read);
    else
        *document = read;
    return error;
}

int case_table_read(const char *path, const char *scenario_path, int n_settings,
                    const char *const settings[], struct diagnostics *diagnostics,
                    struct case_document **document)
{
    struct arena arena = {NULL, false};
    char *text;
    size_t length;
    int error = text_read_file(&arena, path, &text, &length);
    if (!error)
        error = case_table_read_text(path, text, length, scenario_path, n_settings, settings,
                                     diagnostics, document);
    arena_release(&arena);
    return error;
}
