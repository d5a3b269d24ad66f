/*
 * run_output.h - where a result of `vhpcsim run` goes, in which formats.
 */
#ifndef VHPCSIM_RUN_OUTPUT_H
#define VHPCSIM_RUN_OUTPUT_H

#include "sim/result/result.h"

struct scenario;

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV, FORMAT_PROGRAM, N_FORMATS };

/* The options that ask for formats, without their dashes; NULL for the table, which has none. */
extern const char *const run_output_options[N_FORMATS];

/* Where one format of the result goes. */
struct target {
    bool is_wanted;
    const char *path; /* NULL: standard output */
};

struct run_output {
    struct target targets[N_FORMATS];
    bool is_quiet;        /* the table is its answer alone */
    bool is_reproducible; /* JSON without what differs between identical runs */
};

/* Returns 0 where every file could be written, else a negative errno with the file in `*path`. */
int run_output_check(const struct run_output *output, const char **path);

/*
 * Writes all formats, each as a whole or not at all. Returns 0 or a negative errno with the file in
 * `*path` (NULL: standard output). FORMAT_PROGRAM needs a workload that prints.
 */
int run_output_write(const struct run_output *output, const struct scenario *scenario,
                     const struct result *result, const char **path);

#endif
