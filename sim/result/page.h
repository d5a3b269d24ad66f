/*
 * page.h - pages of HTML: one file that needs no other and runs no script, and its tables.
 *
 * Texts are taken as texts: nothing in them is markup. Colours follow the reader's light or dark
 * scheme. The same content gives the same bytes.
 */
#ifndef VHPCSIM_PAGE_H
#define VHPCSIM_PAGE_H

#include <stdbool.h>
#include <stdio.h>

/* Everything before the content, whose first heading is `heading`, and everything behind it. */
void page_begin(const char *heading, FILE *out);
void page_end(FILE *out);

/* A heading of `level` 2..6, and a paragraph. */
void page_heading(int level, const char *text, FILE *out);
void page_paragraph(const char *text, FILE *out);

/*
 * A table with `n` columns; `alignment` has a letter for each, 'n' of numbers, 't' of texts. It
 * scrolls where it is wider than the page. Rows stand between page_row() or page_row_of_class(),
 * which is "off" for what must stand out, and page_row_end().
 */
void page_table(const char *caption, int n, const char *const columns[], const char *alignment,
                FILE *out);
void page_table_end(FILE *out);
void page_row(FILE *out);
void page_row_of_class(const char *class, FILE *out);
void page_row_end(FILE *out);

/* A row's cells: its name, a text, a number as it is to be read, a part of one as "12.3 %" ("-"
 * where it is not finite). */
void page_cell_name(const char *text, FILE *out);
void page_cell_text(const char *text, FILE *out);
void page_cell_number(const char *text, FILE *out);
void page_cell_percent(double part, FILE *out);

#endif
