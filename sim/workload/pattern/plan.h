/*
 * plan.h - a pattern for a number of ranks: its phases as a tree that can be walked by numbers.
 *
 * The walk has one step for each phase that is no compound, in each of its passes. Nothing is
 * stored for a step: its phase and pass follow from its number. Expressions that depend on the pass
 * have a table of their values.
 */
#ifndef VHPCSIM_PATTERN_PLAN_H
#define VHPCSIM_PATTERN_PLAN_H

#include "kind.h"
#include "pattern.h"

#include "sim/input/arena.h"

enum { PATTERN_MAX_NAMES = 64, PATTERN_MAX_NAME_B = 22 };

struct pattern_node {
    const struct pattern_kind *kind;
    void *spec;     /* completed; NULL for the root */
    int end;        /* number of the first node behind the phase and those in it */
    bool counts;    /* its passes are those that expressions know as i */
    long times;     /* that the phase is walked in a row: 1 but for repetitions */
    long n_steps;   /* of all that, with what is inside */
    uint64_t names; /* bit n: its time belongs to name number n, its own or that of an outer one */
};

struct pattern_plan {
    struct arena arena; /* of all that follows */
    int n_ranks;
    uint64_t seed;
    int n_nodes;
    struct pattern_node *nodes; /* in the order of the document; number 0 holds all others */
    struct phase *phases;       /* of the program: one a node */
    int n_names;
    const char *names[PATTERN_MAX_NAMES];
    size_t n_table_values; /* of expressions that depend on the pass */
};

/* One step of the walk. */
struct pattern_step {
    int node;
    long pass; /* of the innermost repetition */
};

/*
 * Makes the plan of `spec` for `n_ranks`; release it always. What is wrong, also with files
 * there, goes to `diagnostics` (both NULL: it has been checked). Returns 0, -EINVAL or -ENOMEM.
 * Cost: some 10 us for each expression.
 */
int pattern_plan_init(struct pattern_plan *plan, const struct pattern_spec *spec, int n_ranks,
                      const struct storage *storage, struct diagnostics *diagnostics);
void pattern_plan_release(struct pattern_plan *plan);

/* Which step number `index`, 0 to nodes[0].n_steps - 1, is. */
struct pattern_step pattern_plan_step(const struct pattern_plan *plan, long index);

/* Whether one of the phases of `spec` reads or writes files. */
bool pattern_uses_disk(const struct pattern_spec *spec);

/* The names that phases of `spec` have, in the order of the document, each once; returns how many
 * (PATTERN_MAX_NAMES at most). */
int pattern_names(const struct pattern_spec *spec, const char *names[PATTERN_MAX_NAMES]);

#endif
