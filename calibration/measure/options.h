/*
 * options.h - the command line of vhpc-measure.
 */
#ifndef VHPC_OPTIONS_H
#define VHPC_OPTIONS_H

#include "calibration/measure/operation.h"

#include <stdbool.h>

struct options {
    enum thoroughness thoroughness;
    double budget_s;
    double largest_message_B;
    double patience_s;
    const char *disk_folder; /* NULL: none */
    const char *label;       /* NULL: none */
    const char *output;      /* NULL with is_list alone */
    char **only;             /* names; NULL: everything */
    int n_only;
    bool has_seed;
    unsigned long seed;
    bool is_list;
    bool is_forced; /* measures on a machine that is refused */
    bool is_quiet;
};

/* Reads argv, before MPI is there; --help, --version and mistakes print on rank 0 alone, and end
 * the process. */
void options_read(struct options *options, int argc, char *argv[]);
void options_release(struct options *options);

/* True when `name` (of an operation, a survey, "thresholds") is asked for. */
bool options_want(const struct options *options, const char *name);

/* What makes two launches the same, for the line of a launch; a new reference. */
json_t *options_json(const struct options *options);

/* "quick", "usual", "full". */
const char *thoroughness_name(enum thoroughness thoroughness);

#endif
