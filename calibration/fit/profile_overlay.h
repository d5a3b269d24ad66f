/*
 * profile_overlay.h - a profile of what was measured, laid over one that somebody has.
 */
#ifndef VHPCSIM_PROFILE_OVERLAY_H
#define VHPCSIM_PROFILE_OVERLAY_H

#include "sim/input/profile_document.h"

/*
 * Gives every parameter of `values`, a structure of the base's kind, that nobody set
 * (profile_text.h says what that is) the base's value; a list of pieces as a whole; and all else,
 * which is no measurement: name, counts, choices. Texts become the base's, which must outlive
 * `values`; its parameters without a source get `source`, likewise borrowed.
 */
void profile_overlay(const struct profile *base, const char *source, void *values);

/*
 * Widens the interval of every parameter that is set to at least a factor of 1 + `spread` both
 * ways, as far as the key's range allows: of a mean that somebody else has printed, nobody knows
 * how it spreads.
 */
void profile_widen(const struct document_kind *kind, double spread, void *values);

#endif
