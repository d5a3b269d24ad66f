/*
 * wrap.h - prose on lines of a given width.
 */
#ifndef VHPCSIM_WRAP_H
#define VHPCSIM_WRAP_H

#include <stdio.h>

enum { WRAP_WIDTH = 80 }; /* of what is compared with another run's output */

/*
 * Breaks `text` at blanks into lines of at most `width` columns and prints them; a longer word
 * stands alone. The caller has printed `indent` columns of the first line; the others begin with as
 * many blanks. The last line ends with a line break. Each byte counts as a column.
 */
void wrap_print(const char *text, int indent, int width, FILE *out);

/* The columns of the terminal that `out` is, but no more than prose is readable on; WRAP_WIDTH
 * where it is none. */
int wrap_width_of(FILE *out);

#endif
