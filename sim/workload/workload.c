/*
 * workload.c - the table of all workloads.
 */
#include "workload.h"

#include "hpcc/dgemm.h"
#include "hpcc/fft.h"
#include "hpcc/hpcc.h"
#include "hpcc/pingpong.h"
#include "hpcc/ptrans.h"
#include "hpcc/ring.h"
#include "hpcc/stream.h"
#include "hpl/hpl.h"
#include "micro/osu.h"
#include "npb/npb.h"

#include <string.h>

/* clang-format off: one a line, so that two new ones do not conflict */
const struct workload *const workloads[] = {
    &workload_hpl,
    &workload_hpcc,
    &workload_ring,
    &workload_pingpong,
    &workload_ptrans,
    &workload_dgemm,
    &workload_stream,
    &workload_fft,
    &workload_npb,
    &workload_osu,
    NULL,
};
/* clang-format on */

const struct workload *workload_by_name(const char *name)
{
    for (int i = 0; workloads[i]; i++)
        if (strcmp(workloads[i]->name, name) == 0)
            return workloads[i];
    return NULL;
}

const struct metric *metric_find(int n, const struct metric metrics[], const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(metrics[i].name, name) == 0)
            return &metrics[i];
    return NULL;
}
