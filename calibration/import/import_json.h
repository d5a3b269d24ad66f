/*
 * import_json.h - outputs that are JSON: parsing with places, and numbers by path.
 */
#ifndef VHPCSIM_IMPORT_JSON_H
#define VHPCSIM_IMPORT_JSON_H

#include "import.h"

/* The text as JSON; NULL after an error with its place. Belongs to the caller. */
json_t *import_json(struct import *import);

/* The number at "a.b.c" below `value`, 0 where there is none. */
double import_json_number(const json_t *value, const char *path);

/* The text there; "" where there is none. Borrowed. */
const char *import_json_text(const json_t *value, const char *path);

/* "64k", "1M", "4096" as fio writes sizes: powers of 1024. 0 where it is none. */
double import_json_size_B(const char *text);

#endif
