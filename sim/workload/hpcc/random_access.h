/*
 * random_access.h - HPCC's RandomAccess: 64-bit words of a large table are updated at random.
 *
 * MPI (MPIRandomAccess): the table is dealt to all ranks, and each rank draws updates from a
 * stretch of one stream. An update for another rank's word must travel there. `original`, which
 * HPCC is built with by default: a rank looks for messages before each update that it draws,
 * applies what has come, and puts the update aside; when it holds 1024, it sends those for the rank
 * that has most of them, one message at a time. At last it tells every rank that it has finished.
 * `sandia` (RA_SANDIA_OPT2): 1024 updates at a time travel through a hypercube, where in each
 * dimension a rank sends on what belongs to the other half; numbers of ranks that are no power of
 * two are halved as evenly as can be, with MPI_Sendrecv. Star: every rank updates a table of its
 * own at once; single: one rank does.
 *
 * Rules: the table is the largest power of two of words that HPL's matrix would fill on all ranks;
 * four times as many updates are done, but `original` times 1 % of them first and does no more than
 * fit the time bound.
 *
 * Follows HPCC 1.5.0, of which `original` draws the very streams and so sends the very messages;
 * where `sandia` sends how many, a coin with the right odds decides. Left out: the check of the
 * result, which is not timed; single's broadcast of its result; receives of `sandia` posted eight
 * rounds ahead.
 *
 * Four times a table are 10^9 updates and more. Where that is more than `sample` for each rank, so
 * many and half as many are simulated, and the two times tell that of all: updates behind the first
 * ones cost all the same. With the default, rates are within 10 % of those of long samples.
 */
#ifndef VHPCSIM_WORKLOAD_RANDOM_ACCESS_H
#define VHPCSIM_WORKLOAD_RANDOM_ACCESS_H

#include "sim/workload/shared.h"
#include "sim/workload/workload.h"
#include "update_stream.h"

enum random_access_algorithm { RANDOM_ACCESS_ORIGINAL, RANDOM_ACCESS_SANDIA };
extern const char *const random_access_algorithm_names[]; /* NULL at the end */

struct random_access_spec {
    enum ranks_at_work ranks;
    enum random_access_algorithm algorithm;
    enum update_generator generator;
    double hpl_memory_B; /* of a process, see rules.h; 1 KiB and more */
    double time_bound_s; /* > 0 */
    long sample;         /* updates of a rank that are simulated at most, 2048 and more; 0: some
                            128 messages */
};

/*
 * Metrics: gups, 10^9 updates a second of all ranks together for mpi, else the mean over ranks;
 * gups_time_s and gups_updates, for mpi the time and the number of updates of the whole benchmark;
 * for star and single min_gups and max_gups.
 */
extern const struct workload workload_random_access;

/* Parts of the row of `algorithm`. */
#define RANDOM_ACCESS_ALGORITHM                                                                    \
    .kind = FIELD_CHOICE, .choices = random_access_algorithm_names, .fallback = "original",        \
    .help = "Of RandomAccess: original has buckets of updates for each rank, as HPCC is built by " \
            "default; with sandia updates travel through a hypercube (RA_SANDIA_OPT2)."

#endif
