/*
 * json_value.h - values of JSON documents, checked: what all writers of JSON share.
 */
#ifndef VHPCSIM_JSON_VALUE_H
#define VHPCSIM_JSON_VALUE_H

#include <jansson.h>

/* New values; NULL: no memory. The first takes finite numbers alone, as jansson would write null
 * for any other. */
json_t *json_value_number(double value);
json_t *json_value_number_or_null(double value);

/* A text. A file name or a command line need not be UTF-8, JSON must be: "?" stands for each byte
 * above 0x7f of what is not. */
json_t *json_value_text(const char *bytes);

/* The value that a text of the program's own means, with "'" in place of JSON's quotation marks;
 * NULL: no memory. */
json_t *json_value_quoted(const char *text);

/* Adds `value`, which it takes over, to `*object` under `key` and to the end of `*array`; or frees
 * that and sets it to NULL: a document is whole or it is none. */
void json_value_set(json_t **object, const char *key, json_t *value);
void json_value_append(json_t **array, json_t *value);

#endif
