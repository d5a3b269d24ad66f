/*
 * diagnostic_print.h - how one diagnostic looks: message, source line, caret, hint.
 */
#ifndef VHPCSIM_DIAGNOSTIC_PRINT_H
#define VHPCSIM_DIAGNOSTIC_PRINT_H

#include "diagnostic.h"

/*
 * Prints `diagnostic` with its line of `text` (the whole document, `length` bytes). The line is cut
 * around the caret to fit a terminal; characters that a terminal would obey, or that are not UTF-8,
 * are shown as \x1b or \u202e. Every other character is taken to be one column wide.
 */
void diagnostic_print(const struct diagnostic *diagnostic, const char *text, size_t length,
                      FILE *out, int color);

#endif
