/*
 * raw_read.h - reads a raw file, or tells what is wrong with it.
 */
#ifndef VHPCSIM_RAW_READ_H
#define VHPCSIM_RAW_READ_H

#include "calibration/raw/raw.h"
#include "sim/input/diagnostic.h"

/*
 * Reads the file at `path`. Returns NULL after mistakes in it were added to `diagnostics` (line
 * and column are those of the uncompressed text), with -EINVAL in *status; or where it cannot be
 * read, with another negative errno and no diagnostic. A file that ends within a frame is one that
 * somebody interrupted: what came before is returned. Belongs to the caller: raw_free(). A million
 * visits take about a second.
 */
struct raw *raw_read(const char *path, struct diagnostics *diagnostics, int *status);

/* The same of what such a file holds, `path` being what it is called in diagnostics. */
struct raw *raw_read_bytes(const char *path, const char *bytes, size_t size_B,
                           struct diagnostics *diagnostics, int *status);

/* The same of its text, uncompressed. */
struct raw *raw_read_text(const char *path, const char *text, size_t length_B,
                          struct diagnostics *diagnostics, int *status);

#endif
