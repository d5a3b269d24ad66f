/*
 * field_value.h - reads one leaf of a document: a scalar, a list, a parameter with its interval.
 */
#ifndef VHPCSIM_FIELD_VALUE_H
#define VHPCSIM_FIELD_VALUE_H

#include "field_read.h"

/* The source of a parameter that nobody gave. */
#define FIELD_DEFAULT_SOURCE "default"

/* Reads `tree` into the field's member of the structure at `base`, for any kind but FIELD_GROUP,
 * FIELD_PROFILE, FIELD_VARIANT, FIELD_VARIANTS, FIELD_VARIABLES, FIELD_TEXTS,
 * FIELD_TEXT_LISTS, FIELD_PIECES and FIELD_LIST. */
void field_read_value(struct reading *reading, const struct field *field, const struct tree *tree,
                      void *base);

/* Reports a value that is missing or no scalar; returns its text, or NULL when it was refused. */
const char *field_scalar(struct reading *reading, const struct field *field,
                         const struct tree *tree);

/* Reports that the value, written as `text`, is not in the field's range. */
void field_refuse_range(struct reading *reading, const struct field *field, struct place place,
                        const char *text);

#endif
