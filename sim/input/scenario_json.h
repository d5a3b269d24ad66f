/*
 * scenario_json.h - the resolved scenario, or any structure of a field table, as JSON.
 */
#ifndef VHPCSIM_SCENARIO_JSON_H
#define VHPCSIM_SCENARIO_JSON_H

#include "field.h"

#include <jansson.h>

struct scenario;

/*
 * Every value after references, overrides and defaults, in the order of the tables. A quantity is
 * {"value", "unit"} in SI units; a parameter has "ci95", "source" and "valid" too, where they are
 * known. The caller owns the result; NULL when out of memory.
 */
json_t *scenario_resolved_json(const struct scenario *scenario);

/* The same for one structure of the table `fields`. */
json_t *field_json(const struct field fields[], const void *base);

#endif
