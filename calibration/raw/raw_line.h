/*
 * raw_line.h - one line of a raw file, in the order in which they come.
 */
#ifndef VHPCSIM_RAW_LINE_H
#define VHPCSIM_RAW_LINE_H

#include "raw.h"
#include "sim/input/diagnostic.h"

/* The file so far. */
struct raw_lines {
    struct raw *raw;
    struct diagnostics *diagnostics;
    int number; /* of the line, from 1; 0: the file as a whole */
    int n_mistakes;
};

/*
 * Reads line lines->number. False when there is no use in reading on: what it begins with is no
 * raw file.
 */
bool raw_line_read(struct raw_lines *lines, const char *text, size_t length_B);

/* Adds a mistake at that line; `column` 0 is the line as a whole, or the file. */
void raw_line_mistake(struct raw_lines *lines, int column, const char *hint, const char *format,
                      ...) __attribute__((format(printf, 4, 5)));

#endif
