#include "grid.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

enum { WIDTH = 80 };

struct grid_heading {
    int row; /* before which it stands */
    char *text;
};

void grid_init(struct grid *grid)
{
    *grid = (struct grid){.table = scols_new_table()};
    if (grid->table == NULL) {
        grid->has_failed = true;
        return;
    }
    /* The terminal's own width must not change a result that is compared with another. */
    scols_table_set_termforce(grid->table, SCOLS_TERMFORCE_ALWAYS);
    scols_table_set_termwidth(grid->table, WIDTH);
}

void grid_release(struct grid *grid)
{
    scols_unref_table(grid->table);
    for (int i = 0; i < grid->n_headings; i++)
        free(grid->headings[i].text);
    free(grid->headings);
    *grid = (struct grid){0};
}

void grid_set_width(struct grid *grid, size_t n_columns)
{
    if (!grid->has_failed)
        scols_table_set_termwidth(grid->table, n_columns);
}

void grid_column(struct grid *grid, const char *heading, enum grid_alignment alignment)
{
    const int flags = alignment == GRID_RIGHT ? SCOLS_FL_RIGHT : 0;
    if (grid->has_failed || scols_table_new_column(grid->table, heading, 0, flags) == NULL)
        grid->has_failed = true;
}

void grid_row(struct grid *grid)
{
    grid->n_cells = 0;
    grid->row = grid->has_failed ? NULL : scols_table_new_line(grid->table, NULL);
    if (grid->row == NULL)
        grid->has_failed = true;
    grid->n_rows++;
}

void grid_heading(struct grid *grid, const char *format, ...)
{
    va_list arguments;
    struct grid_heading heading = {.row = grid->n_rows};
    struct grid_heading *grown =
        reallocarray(grid->headings, (size_t)grid->n_headings + 1, sizeof *grown);

    if (grown != NULL)
        grid->headings = grown;
    va_start(arguments, format);
    const int length = vasprintf(&heading.text, format, arguments);
    va_end(arguments);
    if (grown != NULL && length >= 0)
        grid->headings[grid->n_headings++] = heading;
    else
        grid->has_failed = true;
}

void grid_cell(struct grid *grid, const char *format, ...)
{
    va_list arguments;
    char *text;

    if (grid->has_failed)
        return;
    va_start(arguments, format);
    const int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        grid->has_failed = true;
        return;
    }
    if (scols_line_refer_data(grid->row, grid->n_cells++, text) != 0) {
        free(text);
        grid->has_failed = true;
    }
}

/* The line of headings of columns is row -1. */
static void print_headings(const struct grid *grid, int row, FILE *out)
{
    for (int i = 0; i < grid->n_headings; i++)
        if (grid->headings[i].row == row)
            fprintf(out, "%s%s\n", row > 0 ? "\n" : "", grid->headings[i].text);
}

static void print_without_trailing_blanks(const struct grid *grid, char *text, FILE *out)
{
    char *rest = text;
    int row = -1;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        print_headings(grid, row++, out);
        size_t length = strlen(line);
        while (length > 0 && line[length - 1] == ' ')
            length--;
        if (length > 0)
            fprintf(out, "%.*s\n", (int)length, line);
    }
}

int grid_print(const struct grid *grid, FILE *out)
{
    char *text = NULL;

    if (grid->has_failed || scols_print_table_to_string(grid->table, &text) != 0)
        return -ENOMEM;
    print_without_trailing_blanks(grid, text, out);
    free(text);
    return 0;
}
