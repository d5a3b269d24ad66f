/*
 * hpcc_summary.h - the summary at the end of hpccoutf.txt.
 */
#ifndef VHPCSIM_WORKLOAD_HPCC_SUMMARY_H
#define VHPCSIM_WORKLOAD_HPCC_SUMMARY_H

#include "sim/workload/workload.h"

/*
 * Prints the summary section with all keys of HPCC 1.5.0 in its order, from the metrics of
 * workload_hpcc. What a simulation cannot know has HPCC's own value for what was not measured, -1:
 * residuals, errors of transforms, times of checks, and all of a test that did not run. Sizes
 * of types, machine constants and build options are those of a default build on x86-64. PTRANS_time
 * is the time that PTRANS_GBs comes from, the slowest repetition's; HPCC gives the last one's.
 */
void hpcc_summary_print(const void *spec, const struct scenario *scenario, int n,
                        const struct metric metrics[], FILE *out);

#endif
