/*
 * plausible.h - numbers that no machine can have reached: units mixed up, or a cache measured
 * where memory was meant. Bounds are generous: what they refuse is wrong by more than any machine
 * of the next ten years differs from today's.
 */
#ifndef VHPCSIM_PLAUSIBLE_H
#define VHPCSIM_PLAUSIBLE_H

#include "calibration/raw/raw.h"

/*
 * NULL where a time of `time_s` for one operation of the cell can be; otherwise why not, in words
 * that follow "1.2e-9 s: ". Static.
 */
const char *implausible(const struct raw_cell *cell, double time_s);

#endif
