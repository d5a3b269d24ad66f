#include "hpldat.h"

#include "field_describe.h"
#include "text.h"

#include "sim/workload/hpl/hpl.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_LINE = 5, FIRST_PTRANS_LINE = 33, MAX_PER_LINE = 20 /* HPL_MAX_PARAM */ };

enum row_kind {
    ROW_COUNT,      /* how many values the next rows have each */
    ROW_MORE_COUNT, /* the same, where there may be none */
    ROW_VALUES,     /* so many whole numbers */
    ROW_ONE,        /* one whole number */
    ROW_IGNORED
};

struct row {
    enum row_kind kind;
    const char *name; /* as HPL's own file has it */
    const char *key;  /* of hpl_fields; a choice or truth value is given by its number */
};

/* The lines of HPL.dat, and of hpccinf.txt, from FIRST_LINE on. */
static const struct row hpl_rows[] = {
    {ROW_COUNT, "problem sizes (N)", NULL},
    {ROW_VALUES, "Ns", "n"},
    {ROW_COUNT, "NBs", NULL},
    {ROW_VALUES, "NBs", "nb"},
    {ROW_ONE, "PMAP", "order"},
    {ROW_COUNT, "process grids (P x Q)", NULL},
    {ROW_VALUES, "Ps", "p"},
    {ROW_VALUES, "Qs", "q"},
    {ROW_IGNORED, "threshold", NULL},
    {ROW_COUNT, "panel facts", NULL},
    {ROW_VALUES, "PFACTs", "pfact"},
    {ROW_COUNT, "recursive stopping criteria", NULL},
    {ROW_VALUES, "NBMINs", "nbmin"},
    {ROW_COUNT, "panels in recursion", NULL},
    {ROW_VALUES, "NDIVs", "ndiv"},
    {ROW_COUNT, "recursive panel facts", NULL},
    {ROW_VALUES, "RFACTs", "rfact"},
    {ROW_COUNT, "broadcasts", NULL},
    {ROW_VALUES, "BCASTs", "broadcast"},
    {ROW_COUNT, "lookahead depths", NULL},
    {ROW_VALUES, "DEPTHs", "depth"},
    {ROW_ONE, "SWAP", "swap"},
    {ROW_ONE, "swapping threshold", "swap_threshold"},
    {ROW_IGNORED, "L1", NULL},
    {ROW_IGNORED, "U", NULL},
    {ROW_ONE, "Equilibration", "equilibration"},
};

/* The lines of hpccinf.txt from FIRST_PTRANS_LINE on. */
static const struct row ptrans_rows[] = {
    {ROW_MORE_COUNT, "additional problem sizes for PTRANS", NULL},
    {ROW_VALUES, "Ns of PTRANS", NULL},
    {ROW_MORE_COUNT, "additional blocking sizes for PTRANS", NULL},
    {ROW_VALUES, "NBs of PTRANS", NULL},
};

/* A line that is being read word by word. */
struct line {
    struct reading *reading;
    const char *text;
    size_t length;
    size_t at;
    struct place place; /* of the word read last */
};

static void refuse(struct line *line, const char *hint, const char *what, const char *name)
{
    diagnostics_add(line->reading->diagnostics, SEVERITY_ERROR, line->place, hint, "%s %s", what,
                    name);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The next word, in the arena; NULL at the end of the line. */
static char *next_word(struct line *line)
{
    while (line->at < line->length && is_blank(line->text[line->at]))
        line->at++;
    const size_t start = line->at;
    while (line->at < line->length && !is_blank(line->text[line->at]))
        line->at++;
    line->place.column = (int)start + 1;
    return line->at > start ? arena_copy(line->reading->arena, line->text + start, line->at - start)
                            : NULL;
}

/* The next word when it is a whole number; else says that `name` has none. */
static char *next_number(struct line *line, const char *name)
{
    char *word = next_word(line);
    const size_t sign = word && word[0] == '-';
    const size_t n_digits = word ? strspn(word + sign, "0123456789") : 0;
    if (n_digits > 0 && word[sign + n_digits] == '\0')
        return word;
    refuse(line, "the file has a fixed order of lines: numbers first, then a remark",
           "expected a whole number for", name);
    return NULL;
}

/* How many values the next rows have. Of HPL's the first is taken, of HPCC's `more` none. */
static int read_count(struct line *line, const char *name, bool is_more)
{
    const char *word = next_number(line, name);
    const long count = word ? strtol(word, NULL, 10) : 0;
    const long n_taken = is_more ? 0 : 1;
    if (word && (count < n_taken || count > MAX_PER_LINE))
        refuse(line, is_more ? "HPCC takes up to 20" : "HPL takes 1 to 20", "too many or too few",
               name);
    else if (is_more && count > n_taken)
        diagnostics_add(line->reading->diagnostics, SEVERITY_WARNING, line->place,
                        "HPCC would run each in turn and report the best",
                        "none of %ld %s is simulated", count, name);
    else if (count > n_taken)
        diagnostics_add(line->reading->diagnostics, SEVERITY_WARNING, line->place,
                        "HPL would run each in turn; set the key of the workload to take another",
                        "of %ld %s only the first is simulated", count, name);
    return count > MAX_PER_LINE ? 0 : (int)count;
}

/* The word of the scenario that stands for `number`, as choices and truth values have numbers here;
 * NULL when none does. */
static const char *choice_of(const struct field *field, const char *number)
{
    static const char *const truth[] = {"false", "true", NULL};
    const char *const *choices = field->kind == FIELD_BOOL ? truth : field->choices;
    const long code = strtol(number, NULL, 10);
    long n = 0;
    while (choices[n])
        n++;
    return code >= 0 && code < n ? choices[code] : NULL;
}

/* The value of `number` under the row's key. */
static void keep_value(struct line *line, const struct row *row, const char *number,
                       struct tree *map)
{
    const struct field *field = field_find(hpl_fields, row->key);
    assert(field);
    const bool is_code = field->kind == FIELD_CHOICE || field->kind == FIELD_BOOL;
    const char *value = is_code ? choice_of(field, number) : number;
    if (value)
        tree_append(line->reading->arena, map, row->key, line->place,
                    tree_new_scalar(line->reading->arena, value, line->place));
    else
        refuse(line, field->help, "unknown code of", row->name);
}

static void read_values(struct line *line, const struct row *row, int count, struct tree *map)
{
    for (int i = 0; i < count; i++) {
        const char *number = next_number(line, row->name);
        if (!number)
            return;
        if (i == 0 && row->key)
            keep_value(line, row, number, map);
    }
}

static void read_row(struct line *line, const struct row *row, int *count, struct tree *map)
{
    switch (row->kind) {
    case ROW_COUNT:
        *count = read_count(line, row->name, false);
        break;
    case ROW_MORE_COUNT:
        *count = read_count(line, row->name, true);
        break;
    case ROW_VALUES:
        read_values(line, row, *count, map);
        break;
    case ROW_ONE:
        read_values(line, row, 1, map);
        break;
    case ROW_IGNORED:
        break;
    }
}

/* A file that is being read. */
struct file {
    struct reading *reading;
    const char *name;
    const char *text;
    size_t length;
    const char *read_lines; /* for a hint */
};

/* Sets `line` to the beginning of line `number`; false at the end of the text, also behind its last
 * line break. */
static bool start_line(const struct file *file, int number, struct line *line)
{
    *line = (struct line){.reading = file->reading, .place = {file->name, number, 0}};
    return text_line(file->text, file->length, number, &line->text, &line->length) &&
           line->text < file->text + file->length && !memchr(line->text, '\0', line->length);
}

static void read_rows(const struct file *file, int n_rows, const struct row rows[], int first_line,
                      struct tree *map)
{
    int count = 0;
    for (int i = 0; i < n_rows; i++) {
        struct line line;
        if (!start_line(file, first_line + i, &line)) {
            line.place.line = 0;
            refuse(&line, file->read_lines, "the file ends before the line of", rows[i].name);
            return;
        }
        read_row(&line, &rows[i], &count, map);
    }
}
#define READ_ROWS(file, rows, first_line, map)                                                     \
    read_rows(file, (int)(sizeof(rows) / sizeof *(rows)), rows, first_line, map)

/* The mapping, unless something in the file was wrong. */
static struct tree *finish(const struct file *file, int n_errors_before, struct tree *map)
{
    const int n_errors = diagnostics_count(file->reading->diagnostics, SEVERITY_ERROR);
    return n_errors == n_errors_before ? map : NULL;
}

struct tree *hpldat_read(struct reading *reading, const char *name, const char *text, size_t length)
{
    const struct file file = {reading, name, text, length, "lines 5 to 30 of HPL.dat are read"};
    const int n_errors = diagnostics_count(reading->diagnostics, SEVERITY_ERROR);
    struct tree *map = tree_new(reading->arena, TREE_MAP, (struct place){name, 1, 1});
    if (map)
        READ_ROWS(&file, hpl_rows, FIRST_LINE, map);
    return finish(&file, n_errors, map);
}

struct tree *hpccinf_read(struct reading *reading, const char *name, const char *text,
                          size_t length)
{
    const struct file file = {reading, name, text, length,
                              "lines 5 to 30 and 33 to 36 of hpccinf.txt are read"};
    const int n_errors = diagnostics_count(reading->diagnostics, SEVERITY_ERROR);
    struct tree *map = tree_new(reading->arena, TREE_MAP, (struct place){name, 1, 1});
    struct line line;
    if (map)
        READ_ROWS(&file, hpl_rows, FIRST_LINE, map);
    if (map && start_line(&file, FIRST_PTRANS_LINE, &line))
        READ_ROWS(&file, ptrans_rows, FIRST_PTRANS_LINE, map);
    return finish(&file, n_errors, map);
}
