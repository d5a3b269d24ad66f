/*
 * workload.h - a benchmark or application that a scenario can name.
 *
 * One workload is one file that ends in its row, `const struct workload workload_x`.
 * The row stands in the table in workload.c; nothing else knows the workload by name.
 */
#ifndef VHPCSIM_WORKLOAD_H
#define VHPCSIM_WORKLOAD_H

#include "sim/engine/program.h"
#include "sim/input/field.h"

#include <stdio.h>

struct scenario;
struct reading;
struct tree;

/* One result, as in `metrics.<name>` of a run's JSON. */
struct metric {
    char name[40];    /* "hpl_gflops"; lower case but for the unit, as a key of JSON */
    const char *unit; /* "GFLOPS": static */
    double value;
    bool more_is_better;
    int digits; /* significant digits that the model deserves in a table */
};
enum { WORKLOAD_MAX_METRICS = 256 };

struct workload {
    const char *name;  /* `workload.kind` in a scenario */
    const char *help;  /* one line for `vhpcsim list` */
    const char *about; /* a paragraph or two for `vhpcsim explain`: what it does, what dominates
                          its time, which costs of virtualization hit it; line breaks part
                          paragraphs, which are wrapped when printed */
    const struct field *fields; /* of its part of the scenario; ends with a row whose key is NULL */
    size_t spec_size;           /* bytes of the structure that the fields fill */

    /* Whether a program of this spec reads or writes files. NULL: none does. */
    bool (*uses_disk)(const void *spec);

    /*
     * Reads the input file of the real program, which a scenario names with the key `file`, to a
     * mapping of the workload's own keys; those in the scenario go over it. NULL after diagnostics.
     * The member is NULL where the program has no input file.
     */
    struct tree *(*read_file)(struct reading *reading, const char *file, const char *text,
                              size_t length);

    /* How many ranks a scenario has that does not say; 0, or no such member: one on each core or
     * vCPU. */
    int (*default_ranks)(const void *spec);

    /*
     * Reports what is wrong with the spec in this scenario (a grid larger than the ranks, a
     * matrix larger than the memory) to `diagnostics`. NULL: nothing to check.
     */
    void (*check)(const void *spec, const struct scenario *scenario,
                  struct diagnostics *diagnostics);

    /*
     * Makes the program for `n_ranks` ranks from a checked spec. Returns 0 or -ENOMEM.
     * `program_free` releases it.
     */
    int (*program_new)(const void *spec, int n_ranks, struct program *program);
    void (*program_free)(struct program *program);

    /* Fills `metrics` (room for WORKLOAD_MAX_METRICS) from a finished run; returns how many. time_s
     * is added by the caller. */
    int (*metrics)(const void *spec, const struct outcome *outcome, struct metric metrics[]);

    /*
     * Prints what the real program would, for scripts that read it, from the `n` metrics of a
     * prediction (their values are P50). NULL: the program has no output of its own.
     */
    void (*print)(const void *spec, const struct scenario *scenario, int n,
                  const struct metric metrics[], FILE *out);
};

/* The metric called `name` among `n`, or NULL. */
const struct metric *metric_find(int n, const struct metric metrics[], const char *name);

extern const struct variant_set workload_variants;         /* all workloads, for field tables */
extern const struct workload *const workloads[];           /* NULL at the end */
const struct workload *workload_by_name(const char *name); /* NULL if unknown */

#endif
