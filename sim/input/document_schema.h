/*
 * document_schema.h - the JSON Schema (draft 2020-12) of a kind of document, from its field table.
 */
#ifndef VHPCSIM_DOCUMENT_SCHEMA_H
#define VHPCSIM_DOCUMENT_SCHEMA_H

#include "document.h"

#include <jansson.h>

/*
 * What an editor needs to complete and check a document: keys, kinds, ranges of whole numbers,
 * units, choices, defaults. It cannot say ranges of quantities, whose numbers stand in texts with
 * their units. The caller owns the result; NULL when out of memory.
 */
json_t *document_schema_json(const struct document_kind *kind);

#endif
