/*
 * output.h - writing a file as a whole or not at all.
 *
 * The text goes to a temporary name beside the target, which rename() then replaces in one
 * step, so that whoever interrupts the program or pulls the plug finds the
 * old file or the new one. What is no regular file (a terminal, a pipe, /dev/null) cannot be
 * replaced and is written directly.
 */
#ifndef VHPCSIM_OUTPUT_H
#define VHPCSIM_OUTPUT_H

#include <stddef.h>

/*
 * Returns 0 if a file could be written at `path` as things stand, otherwise the negative errno
 * that opening it would give. Creates nothing: it is asked before a long run.
 */
int output_check(const char *path);

/* Writes `size` bytes. Returns 0 or a negative errno; then `path` is as it was before. */
int output_write(const char *path, const char *text, size_t size);

#endif
