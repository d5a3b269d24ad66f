/*
 * rank_counter.h - an engine for tests that keeps no time: it walks a program's ranks as
 * coroutines, matches their messages and collectives, and counts them.
 *
 * It has the whole rank interface. All clocks stand at 0 and nothing is recorded. Every collective
 * synchronises its communicator. Ranks take turns in the order of their numbers, each until it must
 * wait, so that every run is the same. Some 2 million messages a second.
 */
#ifndef VHPCSIM_RANK_COUNTER_H
#define VHPCSIM_RANK_COUNTER_H

#include "sim/engine/program.h"

/* Kinds are those of enum collective, and one more. */
enum {
    COLLECTIVE_SPLIT =
        N_COLLECTIVES, /* of a communicator; not among rank_traffic's n_collectives */
    N_COLLECTIVE_KINDS
};
extern const char *const collective_kind_names[N_COLLECTIVE_KINDS + 1]; /* as in MPI_Bcast: "bcast";
                                                                           NULL at the end */

/* `sent_B` is the rank's own contribution: n_ranks blocks in an alltoall, 0 in a bcast from another
 * rank. */
struct collective_count {
    uint64_t n_calls;
    uint64_t sent_B;
};

struct rank_count {
    struct rank_traffic traffic;
    struct collective_count collectives[N_COLLECTIVE_KINDS];
    double flops[N_WORK_CLASS];
    double bytes[N_WORK_CLASS];
    uint64_t n_works; /* calls of rank_compute */
    double disk_B;
};

struct counter_options {
    bool sends_wait; /* every send of a byte and more waits for its receive, as a rendezvous does */
    bool probes_are_shy; /* rank_iprobe says no the first time that it could say yes */
};

struct counter {
    int n_ranks;
    struct rank_count *ranks; /* n_ranks entries, owned */
    uint64_t *n_between;      /* [from * n_ranks + to]: messages, owned */
    uint64_t n_wrong_sizes;   /* messages that were not of the size their receiver expected, and
                                 members of collectives that expected another size than others */
    uint64_t n_shorter;   /* of the wrong sizes: messages that were shorter than expected, as MPI
                             allows; programs that do not know beforehand what comes receive such */
    uint64_t n_left_over; /* messages that nobody received */
};

/*
 * Walks `program` with `n_ranks` >= program->n_ranks, the last ones idle. Returns 0, -EDEADLK when
 * ranks wait for ever, or -ENOMEM; counter_release() either way.
 */
int count_program(const struct program *program, int n_ranks, const struct counter_options *options,
                  struct counter *counter);
void counter_release(struct counter *counter);

#endif
