/*
 * scenario_check.h - does a scenario whose values are each in range make sense as a whole?
 */
#ifndef VHPCSIM_SCENARIO_CHECK_H
#define VHPCSIM_SCENARIO_CHECK_H

#include "scenario.h"

/*
 * Gives the values that the document left open (ranks, guests, vCPUs, memory, levels of a fat tree)
 * what they stand for, reports what is wrong or unwise, and then asks the workload.
 */
void scenario_check(struct scenario *scenario, struct diagnostics *diagnostics);

#endif
