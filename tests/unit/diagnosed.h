/*
 * diagnosed.h - what the user would see, as a text that tests can look into.
 */
#ifndef VHPCSIM_DIAGNOSED_H
#define VHPCSIM_DIAGNOSED_H

#include "sim/input/diagnostic.h"
#include "sim/input/scenario.h"

/* What diagnostics_print prints without colours; the caller frees it. */
char *diagnosed(const struct diagnostics *diagnostics);

/*
 * Reads `text` as the scenario "s.yaml" with up to three settings (NULL: fewer). Sets `*said` to
 * what is printed (the caller frees it), and returns the scenario, NULL when it was refused.
 */
struct scenario *read_scenario(const char *text, const char *const settings[], char **said);

/* A small scenario of shipped profiles: 4 dual-core nodes, `virtualization` and `rest` put in. */
char *toy_scenario(const char *virtualization, const char *rest);

/* A scenario of `n_ranks` ranks that runs `phases` (entries of the list) with the variables `let`.
 */
struct scenario *read_pattern(int n_ranks, const char *let, const char *phases, char **said);

#endif
