/*
 * draw.h - one draw of every uncertain parameter of a structure.
 */
#ifndef VHPCSIM_DRAW_H
#define VHPCSIM_DRAW_H

#include "field.h"

#include <stdint.h>

/*
 * Gives each parameter of the table in `drawn`, a copy of the structure `original`, the value of
 * draw `index` from `seed`: see scenario_draw. Parameters without an interval stay as they are.
 */
void draw_parameters(const struct field fields[], const void *original, void *drawn, uint64_t seed,
                     uint64_t index);

#endif
