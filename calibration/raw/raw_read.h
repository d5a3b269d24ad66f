/*
 * raw_read.h - reads a raw file, or tells what is wrong with it.
 */
#ifndef VHPCSIM_RAW_READ_H
#define VHPCSIM_RAW_READ_H

#include "calibration/raw/raw.h"
#include "sim/input/diagnostic.h"

/*
 * Reads the file at `path`. Returns NULL after mistakes in it were added to `diagnostics` (line
 * and column are those of the uncompressed text), or where it cannot be read, with the negative
 * errno in *status and no diagnostic. A file that ends within a frame is one that somebody
 * interrupted: what came before is returned. Belongs to the caller: raw_free().
 */
struct raw *raw_read(const char *path, struct diagnostics *diagnostics, int *status);

#endif
