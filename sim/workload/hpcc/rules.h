/*
 * rules.h - how HPCC sizes its benchmarks, and how one that runs on every rank alone reports.
 *
 * All sizes follow from the memory that HPL's matrix takes of a process: 8 N^2 / (P Q), with the
 * largest N and the smallest grid of HPL's input. Follows HPCC 1.5.0.
 */
#ifndef VHPCSIM_WORKLOAD_HPCC_RULES_H
#define VHPCSIM_WORKLOAD_HPCC_RULES_H

#include "sim/input/field.h"

#include <stdint.h>

struct rank;

/*
 * Elements of each of `n_vectors` (>= 1) vectors that share `hpl_memory_B` (>= 0): the largest
 * power of two that fits, at least 1 and at most 2^30.
 */
int64_t hpcc_vector_power_of_two(double hpl_memory_B, int n_vectors, int element_B);

/* Words of 8 B in a table over `n_processes` with that memory each: the largest power of two, at
 * most 2^60. */
int64_t hpcc_table_words(double hpl_memory_B, int n_processes);

/* A phase's part: all tell rank 0 of errors and failures, then of their least, mean and greatest
 * rate. */
void hpcc_report_part(const void *plan, long iteration, struct rank *rank, void *state);

/* The field of a spec that HPCC derives from HPL's. */
#define FIELD_HPL_MEMORY(type, least_B)                                                            \
    {                                                                                              \
        .key = "hpl_memory", .kind = FIELD_QUANTITY, .dimension = DIMENSION_BYTES,                 \
        .min = (least_B), .max = 1e15, .fallback = "256 MiB",                                      \
        .help = "What HPL's matrix takes of a process's memory, 8 N^2 / (P Q): HPCC sizes its "    \
                "other benchmarks by it.",                                                         \
        .offset = offsetof(type, hpl_memory_B)                                                     \
    }

#endif
