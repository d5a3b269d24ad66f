/*
 * import_lines.h - a text line by line, word by word, with the place of each.
 */
#ifndef VHPCSIM_IMPORT_LINES_H
#define VHPCSIM_IMPORT_LINES_H

#include "import.h"

enum { IMPORT_WORDS = 64, IMPORT_WORD_B = 64 };

struct import_word {
    char text[IMPORT_WORD_B]; /* cut where it is longer */
    int column;               /* from 1 */
};

/* The line that import_next_line() has gone to. */
struct import_line {
    const char *at; /* where the next one begins */
    const char *end;
    int number; /* from 1 */
    const char *start;
    size_t length; /* without its line break */
    int n_words;   /* separated by blanks; further ones are left out */
    struct import_word words[IMPORT_WORDS];
};

void import_lines_begin(struct import_line *line, const struct import_text *source);

/* Goes to the next line and cuts it into words; false behind the last. Bytes that are no
 * printable ASCII are blanks. */
bool import_next_line(struct import_line *line);

/* True where the line begins with `text`, blanks before it left out. */
bool import_line_begins(const struct import_line *line, const char *text);

/* What follows the last blank or '=' behind `key` in the line as a number; false without one. */
bool import_line_number(const struct import_line *line, const char *key, double *number);

/* Word `index` as a number, > 0 and finite; false where it is none. In the same way whatever the
 * locale. */
bool import_word_number(const struct import_line *line, int index, double *number);

/* The same; where it is none, an error at the word that says what was expected. */
bool import_expect_number(struct import *import, const struct import_line *line, int index,
                          const char *expected, double *number);

/* Adds `time_s`, which stands at a word of the line, unless no machine can have reached it: then
 * it is left out with a warning. */
void import_believable_time(struct import *import, const struct import_line *line, int index,
                            const struct raw_cell *cell, double time_s);

/* True if some line of the text begins with `text`; of the first `n_lines` only. */
bool import_has_line(const struct import_text *source, const char *text, int n_lines);

#endif
