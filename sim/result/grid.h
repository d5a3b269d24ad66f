/*
 * grid.h - a small table of texts on 80 columns, or more on request, by libsmartcols.
 *
 * Columns first, then rows, cell by cell from the left. What fails is remembered and told by
 * grid_print(), so that nobody checks each cell.
 */
#ifndef VHPCSIM_GRID_H
#define VHPCSIM_GRID_H

#include <stdbool.h>
#include <stdio.h>

struct libscols_table;
struct libscols_line;
struct grid_heading;

enum grid_alignment { GRID_LEFT, GRID_RIGHT };

struct grid {
    struct libscols_table *table;
    struct libscols_line *row;
    size_t n_cells; /* of the current row */
    bool has_failed;
    int n_rows;
    struct grid_heading *headings; /* n_headings entries, owned */
    int n_headings;
};

void grid_init(struct grid *grid);
void grid_release(struct grid *grid);

/* Lets the table be that wide instead of 80 columns. */
void grid_set_width(struct grid *grid, size_t n_columns);

/* Adds a column; `heading` is copied. */
void grid_column(struct grid *grid, const char *heading, enum grid_alignment alignment);

/* Starts the next row. */
void grid_row(struct grid *grid);

/* A line of its own before the next row, an empty one before that unless it is the first; as wide
 * as its text. */
void grid_heading(struct grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fills the row's next cell; there must be a column for it. */
void grid_cell(struct grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints the grid, without blanks at the ends of lines. Returns 0 or -ENOMEM. */
int grid_print(const struct grid *grid, FILE *out);

#endif
