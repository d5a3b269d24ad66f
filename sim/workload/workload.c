/*
 * workload.c - the table of all workloads.
 */
#include "workload.h"

#include "hpcc/dgemm.h"
#include "hpcc/fft.h"
#include "hpcc/hpcc.h"
#include "hpcc/pingpong.h"
#include "hpcc/ptrans.h"
#include "hpcc/random_access.h"
#include "hpcc/ring.h"
#include "hpcc/stream.h"
#include "hpl/hpl.h"
#include "micro/disk.h"
#include "micro/iperf.h"
#include "micro/osu.h"
#include "npb/npb.h"
#include "npb/npb_omp.h"
#include "pattern/pattern.h"

#include "sim/input/variant.h"

#include <string.h>

/* One a line, so that two new ones do not conflict. */
/* clang-format off */
const struct workload *const workloads[] = {
    &workload_hpl,
    &workload_hpcc,
    &workload_ring,
    &workload_pingpong,
    &workload_ptrans,
    &workload_dgemm,
    &workload_stream,
    &workload_random_access,
    &workload_fft,
    &workload_npb,
    &workload_npb_omp,
    &workload_osu,
    &workload_disk,
    &workload_iperf,
    &workload_pattern,
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

static bool variant_at(size_t index, struct variant *variant)
{
    const struct workload *workload = workloads[index];
    if (!workload)
        return false;
    *variant = (struct variant){.row = workload,
                                .name = workload->name,
                                .help = workload->help,
                                .fields = workload->fields,
                                .spec_size = workload->spec_size,
                                .read_file = workload->read_file};
    return true;
}

const struct variant_set workload_variants = {
    .what = "workload", .example = "{kind: hpl, n: 20000, nb: 120, p: 4, q: 4}", .at = variant_at};

const struct metric *metric_find(int n, const struct metric metrics[], const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(metrics[i].name, name) == 0)
            return &metrics[i];
    return NULL;
}
