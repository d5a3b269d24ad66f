/*
 * remarks.h - what is wrong with a machine, or with where the ranks are on it, before anything is
 * measured.
 *
 * A *refusal* makes numbers that describe something else than the machine: two ranks on one core
 * measure the scheduler. A *warning* makes them worse or less general. Each says what was seen, why
 * it matters and what to do.
 */
#ifndef VHPC_REMARKS_H
#define VHPC_REMARKS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * Looks through environments and ranks (of gather.h). Returns an array of {"remark": "refused" or
 * "warning", "code", "text", "why", "advice"}, refusals first, each code once a domain; empty where
 * all is well. Belongs to the caller.
 */
json_t *remarks_find(const json_t *domains, const json_t *ranks);

bool remarks_refuse(const json_t *remarks);

/* Prints them for people; `is_forced`: the user measures all the same. */
void remarks_print(FILE *file, const json_t *remarks, bool is_forced);

#endif
