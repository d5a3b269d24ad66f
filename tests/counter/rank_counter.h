/*
 * rank_counter.h - an engine for tests that keeps no time: it walks a program's ranks as
 * coroutines, matches their messages and counts them.
 *
 * It has the part of the rank interface that HPL uses. Ranks take turns in the order of their
 * numbers, each until it must wait, so that every run is the same.
 */
#ifndef VHPCSIM_RANK_COUNTER_H
#define VHPCSIM_RANK_COUNTER_H

#include "sim/engine/program.h"

struct rank_count {
    struct rank_traffic traffic;
    double flops[N_WORK_CLASS];
    double bytes[N_WORK_CLASS];
    uint64_t n_works; /* calls of rank_compute */
};

struct counter_options {
    bool sends_wait;     /* every send waits for its receive, as a rendezvous does */
    bool probes_are_shy; /* rank_iprobe says no the first time that it could say yes */
};

struct counter {
    int n_ranks;
    struct rank_count *ranks; /* n_ranks entries, owned */
    uint64_t *n_between;      /* [from * n_ranks + to]: messages, owned */
    uint64_t n_wrong_sizes;   /* messages that were not of the size their receiver expected */
    uint64_t n_left_over;     /* messages that nobody received */
};

/*
 * Walks `program` with `n_ranks` >= program->n_ranks, the last ones idle. Returns 0, -EDEADLK when
 * ranks wait for ever, or -ENOMEM; counter_release() either way.
 */
int count_program(const struct program *program, int n_ranks, const struct counter_options *options,
                  struct counter *counter);
void counter_release(struct counter *counter);

#endif
