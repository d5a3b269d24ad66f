/*
 * workload_cases.h - small scenarios of every workload, for properties that all of them have.
 */
#ifndef VHPCSIM_WORKLOAD_CASES_H
#define VHPCSIM_WORKLOAD_CASES_H

#include "sim/input/scenario.h"

struct workload_case {
    const char *kind; /* the workload's name */
    const char *keys; /* what a scenario gives beside its kind: "n: 240, nb: 40" */
    int n_nodes;      /* dual-core, natively */
    int n_ranks;      /* 0: all cores */
};
extern const struct workload_case workload_cases[]; /* until a kind is NULL */

/* Reads the case's scenario; fails the test where it is refused. Free with scenario_free(). */
struct scenario *workload_case_read(const struct workload_case *c);

/* Fails unless each workload has a case. */
void workload_cases_expect_all(void);

#endif
