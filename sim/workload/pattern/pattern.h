/*
 * pattern.h - communication patterns that are composed in a scenario, without writing C.
 *
 *     workload:
 *       kind: pattern
 *       let: {n: 4096}
 *       phases:
 *         - {kind: repeat, times: 100, phases: [{kind: halo2d, nx: n, ny: n, flops: 5*n^2/p flop}]}
 *         - {kind: allreduce, size: 8 B}
 *
 * Every rank walks the phases in their order; no phase waits for all ranks unless it is a barrier
 * or a collective operation that must.
 */
#ifndef VHPCSIM_WORKLOAD_PATTERN_H
#define VHPCSIM_WORKLOAD_PATTERN_H

#include "sim/input/expression.h"
#include "sim/input/variant.h"
#include "sim/workload/workload.h"

struct pattern_spec {
    struct variables let;
    struct variant_list phases; /* rows are const struct pattern_kind * */
    long seed;                  /* of uneven work */
};

/*
 * Metrics: pattern_s (the slowest rank), pattern_messages and pattern_MB (point to point, all
 * ranks), pattern_communication and pattern_imbalance in percent. And for each name that phases
 * have: phase_NAME_s, the time in all phases of that name, mean over ranks, and
 * phase_NAME_imbalance, of the computing in them.
 */
extern const struct workload workload_pattern;

#endif
