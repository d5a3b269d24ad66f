/*
 * fit_print.h - a fit for people at a terminal, and for programs.
 */
#ifndef VHPCSIM_CALIBRATION_FIT_PRINT_H
#define VHPCSIM_CALIBRATION_FIT_PRINT_H

#include "fit_document.h"

#include <stdbool.h>
#include <stdio.h>

#define FIT_SCHEMA "vhpcsim-fit/1"

/* Every parameter with its interval and where it comes from, pieces by size, what is missing, and
 * what held-out data say. Returns 0 or -ENOMEM. */
int fit_table_print(const struct fit_document *document, bool color, FILE *out);

/* The same as JSON: the profiles with all their values, held-out rows, notes. Returns 0 or
 * -ENOMEM. */
int fit_json_print(const struct fit_document *document, FILE *out);

/* One measured parameter of a profile: its key, and texts of its value, interval and origin. Empty
 * where there is no interval. */
struct fit_line {
    const char *key;
    char value[64], interval[128], from[128];
};
typedef void fit_line_visit(const struct fit_line *line, void *user);

/* Calls `visit` with each measured parameter of a part, those of pieces by size left out. */
void fit_lines(const struct fitted *fitted, enum fit_part part, fit_line_visit *visit, void *user);

/* "between operating systems (other_host)"; "within one operating system". */
const char *path_words(enum raw_path path);

#endif
