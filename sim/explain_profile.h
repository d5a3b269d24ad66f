/*
 * explain_profile.h - a shipped profile for `vhpcsim explain`: its values and their sources.
 */
#ifndef VHPCSIM_EXPLAIN_PROFILE_H
#define VHPCSIM_EXPLAIN_PROFILE_H

/* Prints the shipped profile `name`. Returns an exit code, -ENOENT when there is none, or another
 * negative errno. */
int explain_profile(const char *name);

#endif
