/*
 * validate_html.h - a validation as a page: summary, pictures, all values.
 *
 * One file that needs no other and runs no script. The same validation gives the same bytes.
 */
#ifndef VHPCSIM_VALIDATE_HTML_H
#define VHPCSIM_VALIDATE_HTML_H

#include "validate.h"

#include <stdio.h>

/* Returns 0 or -ENOMEM. */
int validate_html_print(const struct validation *validation, FILE *out);

#endif
