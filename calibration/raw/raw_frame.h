/*
 * raw_frame.h - the zstd frames of a raw file: where each ends, and whether the last one is whole.
 */
#ifndef VHPCSIM_RAW_FRAME_H
#define VHPCSIM_RAW_FRAME_H

#include <stddef.h>

enum raw_frame {
    RAW_FRAME_WHOLE,
    RAW_FRAME_CUT,    /* the file ends within it, or the disk has nothing but zeros of it */
    RAW_FRAME_DAMAGED /* no frame at all, or none that says where it ends */
};

/* What the `size_B` >= 1 bytes begin with; of a whole frame also how long it is. */
enum raw_frame raw_frame_look(const char *bytes, size_t size_B, size_t *frame_B);

/* Reads all of a file that is open. Returns 0 or a negative errno; the bytes belong to the caller
 * (never NULL then). */
int raw_frame_load(int fd, char **bytes, size_t *size_B);

#endif
