/*
 * result_json.h - a result as JSON, schema "vhpcsim-result/1".
 *
 * Numbers are finite, in the unit that stands beside or in their name, with
 * RESULT_DIGITS significant digits: more than any model deserves, few enough that the last
 * bit of a compiler does not show.
 */
#ifndef VHPCSIM_RESULT_JSON_H
#define VHPCSIM_RESULT_JSON_H

#include "result.h"

#include <stdio.h>

enum { RESULT_DIGITS = 10 };

/*
 * The result as a document that the caller owns, NULL when out of memory. Reproducible documents
 * leave out what differs between identical runs: command line, host, wall time.
 */
json_t *result_json(const struct result *result, bool reproducible);

/* The text of a document, with a line feed at its end; the caller frees it. NULL when out of
 * memory. */
char *result_json_text(const json_t *document);

/* Prints the text of a document and frees the document. Returns 0 or -ENOMEM (`document` may be
 * NULL). */
int result_json_print(json_t *document, FILE *out);

/* The JSON Schema (draft 2020-12) that every result document meets; the caller owns it. NULL when
 * out of memory. */
json_t *result_schema_json(void);

/* What it and the schemas of documents with results in them define: metric, gain, diagnosis. */
json_t *result_schema_definitions(void);

#endif
