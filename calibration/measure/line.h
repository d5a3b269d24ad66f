/*
 * line.h - lines of the raw file that any rank may add: detours, thresholds, remarks.
 *
 * A rank keeps its lines until all ranks meet and rank 0, which has the file, takes them over.
 */
#ifndef VHPC_LINE_H
#define VHPC_LINE_H

#include "calibration/measure/operation.h"

#include <jansson.h>

/*
 * Keeps `line`, an object whose first key says what it is (raw.h) and whose reference is taken
 * over, for the next lines_gather(). The key "launch" is added by whoever writes it to the file.
 */
void line_add(json_t *line);

/* Adds a remark that is no refusal. */
void line_add_warning(const char *code, const char *text);

/* Takes the caller's own lines as an array, perhaps empty, that belongs to the caller. */
json_t *lines_take(void);

/*
 * Brings the lines of all ranks, in the order of ranks, to rank 0 as an array that belongs to the
 * caller; the other ranks get NULL. Every rank calls it. Returns 0 or an MPI error class.
 */
int lines_gather(const struct measure *measure, json_t **lines);

#endif
