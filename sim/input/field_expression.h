/*
 * field_expression.h - reads what depends on variables: a quantity, and the variables themselves.
 */
#ifndef VHPCSIM_FIELD_EXPRESSION_H
#define VHPCSIM_FIELD_EXPRESSION_H

#include "expression.h"
#include "field_read.h"

/* Reads a FIELD_EXPRESSION with the names of reading->scope. A plain one must be in range. */
void field_read_expression(struct reading *reading, const struct field *field,
                           const struct tree *tree, struct expression *expression);

/* Reads a FIELD_VARIABLES, whose names are then reading->scope, with those that all scopes have.
 * `path` is the key path of the mapping. */
void field_read_variables(struct reading *reading, const struct field *field,
                          const struct tree *tree, const char *path, struct variables *variables);

#endif
