/*
 * validate_json.h - a validation for programs: JSON, schema "vhpcsim-validation-result/1", and CSV.
 *
 * Numbers as in result_json.h. What is not known (the error of a prediction that nobody measured,
 * the median of no values) is null, in CSV empty.
 */
#ifndef VHPCSIM_VALIDATE_JSON_H
#define VHPCSIM_VALIDATE_JSON_H

#include "validate.h"

#include <stdio.h>

#define VALIDATION_RESULT_SCHEMA "vhpcsim-validation-result/1"

/* What differs between identical validations; not with --reproducible. */
struct validation_origin {
    const char *command_line, *host;
    double wall_s;
};

/* The document, which the caller owns; NULL: no memory. `origin` may be NULL. */
json_t *validate_json(const struct validation *validation, const struct validation_origin *origin);

/* The JSON Schema (draft 2020-12) that every such document meets; the caller owns it. NULL: no
 * memory. */
json_t *validate_schema_json(void);

/* The values, a line each below a line of names. */
void validate_csv_print(const struct validation *validation, FILE *out);

#endif
