/*
 * random_access_parts.h - the two algorithms of MPIRandomAccess, as random_access.c calls them.
 */
#ifndef VHPCSIM_WORKLOAD_RANDOM_ACCESS_PARTS_H
#define VHPCSIM_WORKLOAD_RANDOM_ACCESS_PARTS_H

#include "random_access.h"
#include "update_buckets.h"

#include "models/random.h"

enum { LOOK_AHEAD = 1024, WORD_B = 8 };
enum { MOST_POSTED = 4 };

/* Integer operations on an update, counted in the source: the generator has 4 (shift, test, choice,
 * exclusive or), an update of the table 2 beside its access. */
enum { DRAW_OPS = 4, APPLY_OPS = 2 };

struct random_access_plan {
    struct random_access_spec spec;
    struct update_table table;
    bool is_sampled;
    int64_t sample; /* updates of a rank that are simulated, where is_sampled */
};

/* A rank's own. */
struct random_access_state {
    struct update_stream stream;
    struct update_buckets buckets;
    struct request *posted[MOST_POSTED]; /* receives, used in turn */
    int n_posted, next;
    struct request *last_send;  /* NULL: none, or it is over */
    int n_unfinished;           /* other ranks that may still send */
    struct random_stream coins; /* of sandia */
    struct update_bucket storage[];
};

/* Updates that a rank applies at once: the code's loop over them has no other order. */
void random_access_apply(struct rank *rank, int64_t n_updates);

/* Draws `n` updates and brings them where they belong; returns when all others' have come too. */
void random_access_original(const struct random_access_plan *plan, struct rank *rank,
                            struct random_access_state *state, int64_t n);

/* The same for `n` / 1024 rounds, rounded down. */
void random_access_sandia(const struct random_access_plan *plan, struct rank *rank,
                          struct random_access_state *state, int64_t n);

#endif
