#include "hpldat.h"

#include "field_describe.h"
#include "text.h"

#include "sim/workload/hpl/hpl.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_LINE = 5, MAX_PER_LINE = 20 /* HPL_MAX_PARAM */ };

enum row_kind {
    ROW_COUNT,  /* how many values the next rows have each */
    ROW_VALUES, /* so many whole numbers */
    ROW_ONE,    /* one whole number */
    ROW_IGNORED
};

/* The lines of the file, from FIRST_LINE on. */
static const struct row {
    enum row_kind kind;
    const char *name; /* as HPL's own file has it */
    const char *key;  /* of hpl_fields; a choice or truth value is given by its number */
} rows[] = {
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
    refuse(line, "HPL.dat has a fixed order of lines: numbers first, then a remark",
           "expected a whole number for", name);
    return NULL;
}

static int read_count(struct line *line, const char *name)
{
    const char *word = next_number(line, name);
    const long count = word ? strtol(word, NULL, 10) : 0;
    if (word && (count < 1 || count > MAX_PER_LINE))
        refuse(line, "HPL takes 1 to 20", "too many or too few", name);
    else if (count > 1)
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

static void read_values(struct line *line, const struct row *row, int count, struct tree *map)
{
    const struct field *field = field_find(hpl_fields, row->key);
    const char *number = next_number(line, row->name);
    const struct place place = line->place;
    assert(field);
    if (!number)
        return;
    const bool is_code = field->kind == FIELD_CHOICE || field->kind == FIELD_BOOL;
    const char *value = is_code ? choice_of(field, number) : number;
    if (value)
        tree_append(line->reading->arena, map, row->key, place,
                    tree_new_scalar(line->reading->arena, value, place));
    else
        refuse(line, field->help, "unknown code of", row->name);
    for (int i = 1; i < count; i++)
        if (!next_number(line, row->name))
            return;
}

static void read_row(struct line *line, const struct row *row, int *count, struct tree *map)
{
    switch (row->kind) {
    case ROW_COUNT:
        *count = read_count(line, row->name);
        break;
    case ROW_VALUES:
        if (*count > 0)
            read_values(line, row, *count, map);
        break;
    case ROW_ONE:
        read_values(line, row, 1, map);
        break;
    case ROW_IGNORED:
        break;
    }
}

struct tree *hpldat_read(struct reading *reading, const char *file, const char *text, size_t length)
{
    const int n_before = diagnostics_count(reading->diagnostics, SEVERITY_ERROR);
    struct tree *map = tree_new(reading->arena, TREE_MAP, (struct place){file, 1, 1});
    int count = 0;
    for (int i = 0; map && i < (int)(sizeof rows / sizeof *rows); i++) {
        struct line line = {.reading = reading, .place = {file, FIRST_LINE + i, 0}};
        if (!text_line(text, length, line.place.line, &line.text, &line.length) ||
            memchr(line.text, '\0', line.length)) {
            line.place.line = 0;
            refuse(&line, "lines 5 to 30 of HPL.dat are read", "the file ends before the line of",
                   rows[i].name);
            break;
        }
        read_row(&line, &rows[i], &count, map);
    }
    const bool is_good = diagnostics_count(reading->diagnostics, SEVERITY_ERROR) == n_before;
    return is_good ? map : NULL;
}
