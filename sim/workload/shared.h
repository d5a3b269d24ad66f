/*
 * shared.h - what several workloads have in common: MPI's datatypes, checks, plans of one block,
 * rows of field tables.
 */
#ifndef VHPCSIM_WORKLOAD_SHARED_H
#define VHPCSIM_WORKLOAD_SHARED_H

#include "sim/input/diagnostic.h"

#include <stdbool.h>

struct program;
struct scenario;

/* Bytes of an element. */
enum { MPI_INT_B = 4, MPI_DOUBLE_B = 8 };

/* Which ranks run a benchmark that does not communicate, or that can do without. */
enum ranks_at_work {
    RANKS_STAR,   /* all at once, each alone */
    RANKS_SINGLE, /* rank 0; the other cores are idle */
    RANKS_MPI     /* all on one problem */
};
extern const char *const ranks_at_work_names[]; /* of the first two, NULL at the end */
extern const char *const ranks_and_mpi_names[]; /* of all, NULL at the end */

/* A workload's whole check: reports that it needs at least two ranks, where there are fewer. */
void check_two_ranks(const void *spec, const struct scenario *scenario,
                     struct diagnostics *diagnostics);

/* Returns false, with a report at the key `p`, where a P x Q grid has more than the ranks. */
bool check_grid(const struct scenario *scenario, struct diagnostics *diagnostics, int p, int q);

/* Reports at `key` that a rank's data, `needed_B`, do not fit the memory that it has. */
void check_rank_memory(const struct scenario *scenario, struct diagnostics *diagnostics,
                       const char *key, double needed_B);

/* A workload's program_free, where the plan is one block of memory. */
void program_free_plan(struct program *program);

/* Parts of a field's row. MPI counts the bytes of a message in an int. */
#define FIELD_MESSAGE_SIZE                                                                         \
    .kind = FIELD_QUANTITY, .dimension = DIMENSION_BYTES, .min = 1, .max = 2147483647.0
#define FIELD_COUNT_UP_TO(most) .kind = FIELD_COUNT, .min = 1, .max = (most)
#define FIELD_SEED              .kind = FIELD_LONG, .min = 0, .max = 9007199254740992.0 /* 2^53 */

#endif
