/*
 * command_profile.h - reading a profile that a command was given, with every message that goes with
 * it.
 */
#ifndef VHPCSIM_COMMAND_PROFILE_H
#define VHPCSIM_COMMAND_PROFILE_H

#include "sim/input/profile_document.h"

/*
 * Reads the profile at `name`: a path, or the name of a shipped one ("kvm-77-e1000"), of any kind.
 * On EXIT_DONE `*profile` is set (the caller frees it). Otherwise it has said on stderr what is
 * wrong, and returns EXIT_INVALID_INPUT or EXIT_CANNOT_READ.
 */
int command_read_profile(const char *program, const char *name, struct profile **profile);

/* The key of a scenario at which a profile of that kind stands: "cluster.node". */
const char *command_profile_key(const struct document_kind *kind);

#endif
