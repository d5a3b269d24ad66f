/*
 * field_describe.h - a row of a field table in words: for hints, `explain` and the schema.
 */
#ifndef VHPCSIM_FIELD_DESCRIBE_H
#define VHPCSIM_FIELD_DESCRIBE_H

#include "field.h"

enum { FIELD_TEXT_B = 320 };

/* "text", "choice", "whole number", "bandwidth", ..., "node profile". */
void field_describe_kind(const struct field *field, char text[FIELD_TEXT_B]);

/* "from 1 to 64", "above 0 s", "0 B or more", "blocks or polls", "with the keys one, all" of a
 * group; "" when anything goes. */
void field_describe_range(const struct field *field, char text[FIELD_TEXT_B]);

/* A value that one could write, "" where it would tell nothing. */
void field_describe_example(const struct field *field, char text[FIELD_TEXT_B]);

/* What a hint says: "expected a bandwidth above 0 B/s, such as 1 Gbit/s or 125 MB/s". */
void field_describe_expected(const struct field *field, char text[FIELD_TEXT_B]);

/* True when `value`, in SI units, is in the field's range. */
bool field_allows(const struct field *field, double value);

/* The row of `key`; NULL when the table has none. */
const struct field *field_find(const struct field fields[], const char *key);

/* The key of the table that is most like `key`, NULL when none is. */
const char *field_suggest(const struct field fields[], const char *key);

/* Bytes that the value of a leaf takes in its structure. */
size_t field_size_B(const struct field *field);

/* True when the field, or a field of its group, must be given by the user. */
bool field_is_required(const struct field *field);

#endif
