/*
 * diagnosis_print.h - a diagnosis for people and for programs.
 */
#ifndef VHPCSIM_DIAGNOSIS_PRINT_H
#define VHPCSIM_DIAGNOSIS_PRINT_H

#include "diagnosis.h"

#include <jansson.h>
#include <stdio.h>

/*
 * Prints "NAME: " and diagnosis_text(), wrapped, and below it the explanations that are left, a
 * line each, up to `n_most` of all. Returns 0 or -ENOMEM.
 */
int diagnosis_print(const char *name, const struct diagnosis *diagnosis, int n_most, FILE *out);

/*
 * {slowdown, within_intervals, text, explanations: [{layer, scale, allowed_lo, allowed_hi,
 * is_allowed}]}; the caller owns it. NULL when out of memory.
 */
json_t *diagnosis_json(const struct diagnosis *diagnosis);

#endif
