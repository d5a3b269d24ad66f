/*
 * raw_write.h - appends to a raw file, a frame at a time.
 */
#ifndef VHPCSIM_RAW_WRITE_H
#define VHPCSIM_RAW_WRITE_H

#include "calibration/raw/raw.h"

struct raw_writer;

/*
 * Opens `path` to append; a file that is not there is made. Two writers at once are refused
 * (-EBUSY). The file stays as it is until the first frame is written; an incomplete frame at its
 * end is taken away then, so whoever doubts that it is a raw file reads it in between. Returns NULL
 * with the negative errno in *status.
 */
struct raw_writer *raw_writer_open(const char *path, int *status);

/* True when nothing has ever been written. */
bool raw_writer_is_new(const struct raw_writer *writer);

/* Adds a line, whose reference is taken over, to the frame to come. */
void raw_writer_line(struct raw_writer *writer, json_t *line);
void raw_writer_cell(struct raw_writer *writer, const struct raw_cell *cell);

/* Times with nine digits, which is more than clocks have. */
void raw_writer_visit(struct raw_writer *writer, const struct raw_visit *visit);

/*
 * Writes the frame and waits until the disk has it. Returns 0 or a negative errno, -EBADMSG for
 * a file with a damaged frame. Where it fails, no part of the frame is in the file, and its lines
 * are kept for the next flush.
 */
int raw_writer_flush(struct raw_writer *writer);

/* Flushes and closes; NULL is fine. Returns 0 or a negative errno. */
int raw_writer_close(struct raw_writer *writer);

#endif
