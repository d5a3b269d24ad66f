/*
 * raw_write.h - appends to a raw file, a frame at a time.
 */
#ifndef VHPCSIM_RAW_WRITE_H
#define VHPCSIM_RAW_WRITE_H

#include "calibration/raw/raw.h"

struct raw_writer;

/*
 * Opens `path` to append, and takes away an incomplete frame at its end; a file that is not there
 * is made. Two writers at once are refused (-EBUSY). Returns NULL with the negative errno in
 * *status.
 */
struct raw_writer *raw_writer_open(const char *path, int *status);

/* Adds a line, whose reference is taken over, to the frame to come. */
void raw_writer_line(struct raw_writer *writer, json_t *line);
void raw_writer_cell(struct raw_writer *writer, const struct raw_cell *cell);
void raw_writer_visit(struct raw_writer *writer, const struct raw_visit *visit);

/* Writes the frame and waits until the disk has it. Returns 0 or a negative errno. */
int raw_writer_flush(struct raw_writer *writer);

/* Flushes and closes. Returns 0 or a negative errno. */
int raw_writer_close(struct raw_writer *writer);

#endif
