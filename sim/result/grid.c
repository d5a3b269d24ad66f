#include "grid.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

enum { WIDTH = 80 };

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
    *grid = (struct grid){0};
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

static void print_without_trailing_blanks(char *text, FILE *out)
{
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
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
    print_without_trailing_blanks(text, out);
    free(text);
    return 0;
}
