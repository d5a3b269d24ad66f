/*
 * command_changes.h - how commands show what moved between two profiles, and read a margin.
 */
#ifndef VHPCSIM_COMMAND_CHANGES_H
#define VHPCSIM_COMMAND_CHANGES_H

#include "calibration/fit/profile_change.h"

#include <argp.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Differences up to this are none where no margin is given: the words "no overhead" allow as much.
 */
extern const double usual_margin;

/* Reads "3" or "3 %" of an option --margin as 0.03; ends the process with EXIT_USAGE unless above 0
 * and up to 100 %. */
double command_margin(const char *word, struct argp_state *state);

/*
 * Prints the rows that moved, appeared, vanished or are undecided, and with `shows_all` the others
 * too, below the names of both sides. Prints nothing where there is no row. Returns 0 or -ENOMEM.
 */
int changes_print(const struct profile_changes *changes, const char *first, const char *second,
                  bool shows_all, FILE *out);

/* All rows: key, first, second, ratio, its ci95, verdict. The caller's; NULL: no memory. */
json_t *changes_json(const struct profile_changes *changes);

#endif
