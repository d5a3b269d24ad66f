/*
 * recorder.h - rank 0's hand on the raw file: one launch of it, from its line to its end.
 *
 * A visit that is noted is on the disk within a second or so of the next chance to write, and
 * never writes while something is measured. Two threads may use it: the one that measures, and
 * the one that watches and ends the file for it.
 */
#ifndef VHPC_RECORDER_H
#define VHPC_RECORDER_H

#include "calibration/raw/raw.h"

struct recorder;

/*
 * What a file has of a launch that goes on, or of the launches before a new one.
 */
struct history {
    int launch;       /* its number */
    bool is_resumed;  /* an earlier process began it */
    bool is_surveyed; /* and came to its visits, so all that goes before them is in the file */
    double spent_s;   /* of its budget */
    int block;        /* in which it was */
};

/*
 * Opens `path` for the launch that `request` (of options_json(); the caller's reference) and
 * `ranks` (of places_json(); hosts alone count) describe: the last one of the file where it is the
 * same and has not come to its end, else a new one. `*seed` is set to the file's unless
 * `has_seed`. Returns NULL after it has said why on stderr, with the exit status in *status.
 */
struct recorder *recorder_open(const char *path, const json_t *request, const json_t *ranks,
                               bool has_seed, unsigned long *seed, int *status);

const struct history *recorder_history(const struct recorder *recorder);

/* What the file had when it was opened, or NULL. Borrowed. */
const struct raw *recorder_raw(const struct recorder *recorder);

/* Adds the first line of a new launch, to whose object `more` (taken over) belongs; or that one
 * goes on. Nothing is written yet: where a launch begins, its first lines come with it. */
void recorder_begin(struct recorder *recorder, json_t *more);

/* Adds a line, taken over, as one of this launch. */
void recorder_line(struct recorder *recorder, json_t *line);

/* Adds copies of the lines of an array (NULL: none). */
void recorder_lines(struct recorder *recorder, const json_t *lines);

/* The number of a cell in the file, which is told about it where it is new. */
int recorder_cell(struct recorder *recorder, const struct raw_cell *cell);

/* Adds a visit; its launch is set here. */
void recorder_visit(struct recorder *recorder, struct raw_visit *visit);

/* Writes what there is if that is due before something that takes `next_s`. Returns 0 or, after it
 * said so, a negative errno: nothing is lost as long as a later call succeeds. */
int recorder_write_if_due(struct recorder *recorder, double next_s);

/* Writes that the launch ends thus, and nothing after it: further ends, and lines, are left out. */
void recorder_end(struct recorder *recorder, const char *how, double at_s, const char *reason);

/* Closes the file; NULL is fine. Returns 0, or a negative errno when not all was written. */
int recorder_close(struct recorder *recorder);

#endif
