/*
 * npb_traffic.h - what the ranks of a simulated NPB program send, in the lines of
 * tests/validation/npb-traffic: facts counted in the real programs look the same.
 */
#ifndef VHPCSIM_NPB_TRAFFIC_H
#define VHPCSIM_NPB_TRAFFIC_H

#include "sim/workload/npb/npb.h"

struct npb_traffic_run {
    const struct npb_kernel *kernel;
    enum npb_class class;
    int n_ranks;
};

/* Reads "cg A 16" from the start of `line`; false where it names no kernel, class and number of
 * ranks. */
bool npb_traffic_run_of(const char *line, struct npb_traffic_run *run);

/*
 * Prints a line for each rank:
 *     kernel class ranks rank sends sent_B destinations receives KIND_calls KIND_B ...
 * `destinations` is the sum of the receivers' numbers over the messages; kinds are barrier bcast
 * reduce allreduce alltoall alltoallv split. Returns 0, -ENOMEM, -EDEADLK where ranks wait for
 * ever, or -EPROTO where senders and receivers do not agree.
 */
int npb_traffic_print(const struct npb_traffic_run *run, FILE *out);

#endif
