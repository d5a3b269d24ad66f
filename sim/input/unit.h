/*
 * unit.h - quantities as people write them, and as they read them: "74 us", "1 Gbit/s", "4 GiB".
 *
 * Units are mandatory. kB, MB, GB are powers of 1000 and KiB, MiB, GiB of 1024; bits and bytes are
 * never taken for each other; the case of every letter counts. A plain number may be a
 * percentage.
 */
#ifndef VHPCSIM_UNIT_H
#define VHPCSIM_UNIT_H

#include "field.h"

/* Why a text is no quantity of the expected dimension. */
struct unit_problem {
    size_t at_B; /* offset in the text of what is wrong */
    char message[160];
    char hint[200];
};

enum { QUANTITY_TEXT_B = 48 };

/*
 * Parses `text` into SI units, in the same way whatever the locale. False, with `*problem` filled,
 * when it is no quantity that there is: hexadecimal, "nan", "inf", something behind the unit, a
 * size in SI units other than 0 that is below 1e-30 or above 1e30.
 */
bool unit_parse(enum dimension dimension, const char *text, double *value,
                struct unit_problem *problem);

/* Writes an SI value with the unit that gives it a handy number: 1.25e8 B/s is "125 MB/s". */
void unit_format(enum dimension dimension, double value, char text[QUANTITY_TEXT_B]);

/* "bandwidth"; "number" for DIMENSION_NONE. */
const char *dimension_name(enum dimension dimension);

/* The unit of values in memory and in results: "B/s"; "" for DIMENSION_NONE. */
const char *dimension_si_unit(enum dimension dimension);

/* Two ways to write one: "1 Gbit/s or 125 MB/s". */
const char *dimension_examples(enum dimension dimension);

/* Symbol number `index` of the dimension's units; NULL behind the last. */
const char *dimension_unit(enum dimension dimension, int index);

#endif
