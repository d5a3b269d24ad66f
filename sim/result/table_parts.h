/*
 * table_parts.h - headings, numbers and bars as all tables of results have them.
 */
#ifndef VHPCSIM_TABLE_PARTS_H
#define VHPCSIM_TABLE_PARTS_H

#include "grid.h"
#include "sim/workload/workload.h"

#include <stdbool.h>
#include <stdio.h>

/* Bold, or yellow for what is doubtful, with `color`. */
void print_strong(const char *text, bool color, FILE *out);
void print_warning_word(const char *text, bool color, FILE *out);

/* An empty line and a heading. */
void print_heading(const char *text, bool color, FILE *out);

/* `value` of the metric with the digits that it deserves. */
void print_metric_value(const struct metric *metric, double value, FILE *out);

void grid_cell_value(struct grid *grid, const struct metric *metric, double value);

/* `value` with three digits: enough for seconds and shares. */
void grid_cell_number(struct grid *grid, double value);

/* A bar of at most 30 signs for a share of 0..1; small shares show, and nothing is none. */
void grid_cell_bar(struct grid *grid, double share);

/* "12.3 %"; "-" where there is no number. */
void grid_cell_percent(struct grid *grid, double share);

#endif
