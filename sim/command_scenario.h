/*
 * command_scenario.h - reading the scenario that a command was given, with every message that goes
 * with it.
 */
#ifndef VHPCSIM_COMMAND_SCENARIO_H
#define VHPCSIM_COMMAND_SCENARIO_H

#include "sim/input/scenario.h"

#include <stdbool.h>

/* True when text on `stream` may have colours: a terminal, and NO_COLOR is not set. */
bool command_uses_color(FILE *stream);

/*
 * Reads the scenario at `path` with settings on top. On EXIT_DONE `*scenario` is set (the
 * caller frees it) and `diagnostics` holds warnings at most, none of them with
 * `is_strict`, which takes them for errors. Otherwise it has said on stderr what is wrong, and
 * returns EXIT_INVALID_INPUT or EXIT_CANNOT_READ.
 */
int command_read_scenario(const char *program, const char *path, int n_settings,
                          const char *const settings[], bool is_strict,
                          struct diagnostics *diagnostics, struct scenario **scenario);

#endif
