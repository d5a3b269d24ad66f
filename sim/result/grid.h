/*
 * grid.h - a small table of texts on 80 columns, by libsmartcols.
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

enum grid_alignment { GRID_LEFT, GRID_RIGHT };

struct grid {
    struct libscols_table *table;
    struct libscols_line *row;
    size_t n_cells; /* of the current row */
    bool has_failed;
};

void grid_init(struct grid *grid);
void grid_release(struct grid *grid);

/* Adds a column; `heading` is copied. */
void grid_column(struct grid *grid, const char *heading, enum grid_alignment alignment);

/* Starts the next row. */
void grid_row(struct grid *grid);

/* Fills the row's next cell; there must be a column for it. */
void grid_cell(struct grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints the grid, without blanks at the ends of lines. Returns 0 or -ENOMEM. */
int grid_print(const struct grid *grid, FILE *out);

#endif
