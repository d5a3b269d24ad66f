/*
 * segment_choice.h - how many pieces (of segment.c alone).
 */
#ifndef VHPCSIM_SEGMENT_CHOICE_H
#define VHPCSIM_SEGMENT_CHOICE_H

#include "calibration/fit/segment_search.h"

/* Puts the number of pieces, one of those that are possible, into *n_pieces. Returns 0 or
 * -ENOMEM. */
int segment_choose(const struct segment_axis *axis, const struct segment_paths *paths,
                   int *n_pieces);

#endif
