/*
 * workload.c - the table of all workloads.
 */
#include "workload.h"

#include "dgemm.h"
#include "hpl.h"
#include "pingpong.h"
#include "ptrans.h"
#include "ring.h"
#include "stream.h"

#include <string.h>

const struct workload *const workloads[] = {&workload_hpl,
                                            &workload_ring,
                                            &workload_pingpong,
                                            &workload_ptrans,
                                            &workload_dgemm,
                                            &workload_stream,
                                            NULL};

const struct workload *workload_by_name(const char *name)
{
    for (int i = 0; workloads[i]; i++)
        if (strcmp(workloads[i]->name, name) == 0)
            return workloads[i];
    return NULL;
}
