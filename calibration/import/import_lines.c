#include "import_lines.h"
#include "plausible.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void import_lines_begin(struct import_line *line, const struct import_text *source)
{
    memset(line, 0, sizeof *line);
    line->at = source->text;
    line->end = source->text + source->length;
}

static bool is_blank(char c)
{
    return c <= ' ' || c == 0x7f; /* char is signed: bytes above 127 are blanks, too */
}

static void cut_into_words(struct import_line *line)
{
    size_t i = 0;

    line->n_words = 0;
    while (line->n_words < IMPORT_WORDS) {
        while (i < line->length && is_blank(line->start[i]))
            i++;
        if (i == line->length)
            return;
        struct import_word *word = &line->words[line->n_words++];
        size_t n = 0;
        word->column = (int)i + 1;
        for (; i < line->length && !is_blank(line->start[i]); i++) {
            if (n + 1 < sizeof word->text)
                word->text[n++] = line->start[i];
        }
        word->text[n] = '\0';
    }
}

bool import_next_line(struct import_line *line)
{
    if (line->at >= line->end)
        return false;
    const char *stop = memchr(line->at, '\n', (size_t)(line->end - line->at));
    line->start = line->at;
    line->length = (size_t)((stop ? stop : line->end) - line->start);
    line->at = stop ? stop + 1 : line->end;
    line->number++;
    if (line->length > 0 && line->start[line->length - 1] == '\r')
        line->length--;
    cut_into_words(line);
    return true;
}

bool import_line_begins(const struct import_line *line, const char *text)
{
    const size_t length = strlen(text);
    size_t i = 0;
    while (i < line->length && is_blank(line->start[i]))
        i++;
    return line->length - i >= length && memcmp(line->start + i, text, length) == 0;
}

/* A number as C writes it in any country; the program runs with the C locale for numbers. */
static bool parse_number(const char *text, double *number)
{
    char *end;
    if (!isdigit((unsigned char)text[0]) && text[0] != '.')
        return false;
    const double parsed = strtod(text, &end);
    if (*end != '\0' || end == text || !isfinite(parsed) || strpbrk(text, "xXpP"))
        return false;
    *number = parsed;
    return true;
}

bool import_word_number(const struct import_line *line, int index, double *number)
{
    double parsed;
    if (index >= line->n_words || !parse_number(line->words[index].text, &parsed) || parsed <= 0.0)
        return false;
    *number = parsed;
    return true;
}

bool import_line_number(const struct import_line *line, const char *key, double *number)
{
    char text[IMPORT_WORD_B];
    const size_t length = strlen(key);
    const char *found = memmem(line->start, line->length, key, length);
    if (!found)
        return false;

    const char *at = found + length, *end = line->start + line->length;
    while (at < end && (is_blank(*at) || *at == '='))
        at++;
    size_t n = 0;
    while (at + n < end && n + 1 < sizeof text && !is_blank(at[n])) {
        text[n] = at[n];
        n++;
    }
    text[n] = '\0';
    return parse_number(text, number);
}

bool import_expect_number(struct import *import, const struct import_line *line, int index,
                          const char *expected, double *number)
{
    if (import_word_number(line, index, number))
        return true;
    const bool is_there = index < line->n_words;
    import_complain(import, SEVERITY_ERROR, line->number,
                    is_there ? line->words[index].column : (int)line->length + 1,
                    "the file may be cut short or damaged", "%s%s%s is no %s",
                    is_there ? "\"" : "the end of the line",
                    is_there ? line->words[index].text : "", is_there ? "\"" : "", expected);
    return false;
}

void import_believable_time(struct import *import, const struct import_line *line, int index,
                            const struct raw_cell *cell, double time_s)
{
    const char *reason = implausible(cell, time_s);
    if (reason)
        import_complain(import, SEVERITY_WARNING, line->number, line->words[index].column, reason,
                        "%.3g s for one %s is not believed", time_s,
                        raw_operation_names[cell->operation]);
    else
        import_time(import, cell, time_s);
}

bool import_has_line(const struct import_text *source, const char *text, int n_lines)
{
    struct import_line line;
    import_lines_begin(&line, source);
    while (line.number < n_lines && import_next_line(&line)) {
        if (import_line_begins(&line, text))
            return true;
    }
    return false;
}
