/*
 * command_profile.h - reading a profile that a command was given, with every message that goes with
 * it.
 */
#ifndef VHPCSIM_COMMAND_PROFILE_H
#define VHPCSIM_COMMAND_PROFILE_H

#include "calibration/fit/fitted.h"
#include "sim/input/profile_document.h"

/*
 * Reads the profile at `name`: a path, or the name of a shipped one ("kvm-77-e1000"), of any kind.
 * On EXIT_DONE `*profile` is set (the caller frees it). Otherwise it has said on stderr what is
 * wrong, and returns EXIT_INVALID_INPUT or EXIT_CANNOT_READ.
 */
int command_read_profile(const char *program, const char *name, struct profile **profile);

/*
 * Reads `n` profiles, each to its kind's place in `profiles`, which are zeroed before; the caller
 * frees them, whatever is returned. A folder, as a fit writes it, stands for the profiles in it.
 * `option` names in messages where they were given. Returns as above, or EXIT_USAGE where two are
 * of one kind.
 */
int command_read_profiles(const char *program, const char *option, int n, const char *const names[],
                          struct profile *profiles[N_FIT_PARTS]);

/* The key of a scenario at which a profile of that kind stands: "cluster.node". */
const char *command_profile_key(const struct document_kind *kind);

#endif
