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

/* The same with settings such as "virtualization.pinning=off" (NULL at the end) laid over it. */
struct scenario *workload_case_read_on(const struct workload_case *c, const char *const settings[]);

/* The run's time and its answer, in a form that is better when it is less. */
struct workload_cost {
    double time_s, answer;
};

/* Runs the scenario; fails the test where a metric is not finite or below 0. */
struct workload_cost workload_case_cost(const struct scenario *scenario);

/* Fails where the run that should be `better` costs more than the other one, by more than `slack`
 * of it and what the case itself has of that; `than` tells what makes it better: "with huge pages".
 */
void workload_case_expect_no_more(const struct workload_case *c, const char *than, double slack,
                                  struct workload_cost better, struct workload_cost worse);

/* Fails unless each workload has a case. */
void workload_cases_expect_all(void);

#endif
