/*
 * markup.h - texts in HTML and SVG.
 */
#ifndef VHPCSIM_MARKUP_H
#define VHPCSIM_MARKUP_H

#include <stdio.h>

/* Prints `text` so that it is nothing but text, in an element or in a quoted attribute; control
 * characters become blanks. */
void markup_text(const char *text, FILE *out);

#endif
