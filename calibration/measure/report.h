/*
 * report.h - tells people how far a launch is: a line that is rewritten on a terminal, a line every
 * half a minute in a log.
 */
#ifndef VHPC_REPORT_H
#define VHPC_REPORT_H

#include "calibration/measure/plan.h"

struct report;

/* From block `block` on; at least n_blocks shall be visited in all. Belongs to the caller. */
struct report *report_new(bool is_wanted, int block, int n_blocks);
void report_free(struct report *report);

/* `n_done` of the n cells of block `block` were visited; at most `left_s` are left. */
void report_visit(struct report *report, int block, int n_done, int n, double left_s);

/* The launch ended. */
void report_end(struct report *report, const char *how, const char *reason);

enum { CELL_TEXT_B = 160 };

/* "cell 7, pingpong same_host busy 1024 B, ranks 0 and 1" */
void report_cell(const struct raw_cell *cell, char text[CELL_TEXT_B]);

/* Prints what is planned, an operation a line. */
void report_plan(const struct measure *measure, const struct plan *plan);

/* "40 s", "3 min"; of a time left, in steps that do not flicker. */
void report_time(double seconds, char text[], size_t size);

#endif
