/*
 * comparison_print.h - a comparison for people, as JSON (schema "vhpcsim-comparison/1"), CSV and
 * HTML.
 */
#ifndef VHPCSIM_COMPARISON_PRINT_H
#define VHPCSIM_COMPARISON_PRINT_H

#include "comparison.h"

#include <stdio.h>

/*
 * Prints everything in 80 columns: the answer, metrics, layers, host CPU, and what the second wins
 * with one thing made native at a time; with `color`, headings stand out. Returns 0 or -ENOMEM.
 */
int comparison_table_print(const struct comparison *comparison, bool color, FILE *out);

/* The same as a page (page.h), with two bars cut into layers. Returns 0 or -ENOMEM. */
int comparison_html_print(const struct comparison *comparison, FILE *out);

/* The comparison as a document that the caller owns, with both results as run's JSON has them; NULL
 * when out of memory. `reproducible` as for result_json(). */
json_t *comparison_json(const struct comparison *comparison, bool reproducible);

/* The JSON Schema (draft 2020-12) that every such document meets; the caller owns it. NULL when out
 * of memory. */
json_t *comparison_schema_json(void);

/* A header, then one row per metric that both have: metric, unit, first_p50, second_p50, ratio_p10,
 * ratio_p50, ratio_p90, ratio_central, n. Empty where a ratio is no number. Lines end in CR LF. */
void comparison_csv_print(const struct comparison *comparison, FILE *out);

#endif
