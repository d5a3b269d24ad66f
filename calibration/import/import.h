/*
 * import.h - what other benchmarks have printed, as if it had been measured here.
 *
 * Each reader turns one tool's output into cells and visits of a raw file (calibration/raw/raw.h),
 * so that `vhpcsim fit` makes profiles of both by the same way. What a tool prints are means or
 * medians of many repetitions: a visit of one time, whose spread nobody knows, so that the fit
 * widens its interval (raw->imported_from says that it must).
 *
 * Files are recognised by what is in them, never by their names.
 */
#ifndef VHPCSIM_IMPORT_H
#define VHPCSIM_IMPORT_H

#include "calibration/raw/raw.h"
#include "sim/input/diagnostic.h"

#include <stddef.h>

enum { IMPORT_MAX_B = 1 << 28 }; /* 256 MiB: lists of timings are long */

/* One file in memory; a NUL stands behind its `length` bytes. Borrowed. */
struct import_text {
    const char *path;
    const char *text;
    size_t length;
    enum raw_path network; /* where the ranks were: few tools say */
};

/* What a reader works on. */
struct import {
    struct import_text source;
    struct raw *raw; /* what it adds to */
    int launch;      /* its number there */
    struct diagnostics *diagnostics;
};

/* One tool. Adding one is a file that ends in such a structure, and a row in import.c. */
struct importer {
    const char *name;    /* "OSU Micro-Benchmarks" */
    const char *example; /* by what it is recognised, for whoever wonders why it was not */
    bool (*is_it)(const struct import_text *source);
    /* Adds all that can be used. What is wrong becomes an error with its place, what is not
     * believed (plausible.h) a warning and is left out. */
    void (*read)(struct import *import);
};
extern const struct importer *const importers[]; /* NULL at the end */

/*
 * Reads the file at source->path ("-": standard input) into `raw` as a launch of its own, named by
 * the tool. Returns the tool that wrote it; NULL after diagnostics where it is no tool's that is
 * known or damaged, or where it cannot be read, with the negative errno in *status.
 */
const struct importer *import_file(const char *path, enum raw_path network, struct raw *raw,
                                   struct diagnostics *diagnostics, int *status);

/* The same of a text in memory that the user knows as source->path. */
const struct importer *import_bytes(const struct import_text *source, struct raw *raw,
                                    struct diagnostics *diagnostics);

/* Adds one time of one operation, a number of a tool's table; `cell` may be new. */
void import_time(struct import *import, const struct raw_cell *cell, double time_s);

/* Keeps the result of an application, under our name of the metric: `vhpcsim validate` may compare
 * it, no parameter comes of it. The best of several stays. */
void import_result(struct import *import, const char *metric, double value);

/* An error, or with SEVERITY_WARNING something left out, at a place of the file. */
void import_complain(struct import *import, enum severity severity, int line, int column,
                     const char *hint, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

#endif
