/*
 * text.h - the raw text of a document: reading it, its characters and its lines.
 */
#ifndef VHPCSIM_TEXT_H
#define VHPCSIM_TEXT_H

#include "arena.h"

#include <stdint.h>

enum { TEXT_MAX_B = 1 << 20 }; /* no hand-written document comes near */

/*
 * Reads all of `path` ("-": standard input) into the arena. Returns 0, -EFBIG above
 * TEXT_MAX_B, or the negative errno of the failed open or read. `*text` has a NUL behind its
 * `*length` bytes.
 */
int text_read_file(struct arena *arena, const char *path, char **text, size_t *length);

/*
 * Decodes the character at `text`, of which `length` bytes (>= 1) are there. Returns how many
 * bytes it has; 0 when they are not UTF-8 (overlong forms and surrogates included).
 */
size_t text_decode(const char *text, size_t length, uint32_t *character);

/* Bytes of the line break at `text`, of which `length` (>= 1) are there; 0: none is. Line breaks
 * are LF, CR, CR LF, NEL, LS and PS, as YAML 1.1 has them. */
size_t text_line_break(const char *text, size_t length);

/* Copies the first `n_characters` of `from`, or as many whole ones as fit into `size` >= 1 bytes
 * with their end, to `to`, which may be `from`. */
void text_copy(char *to, size_t size, const char *from, size_t n_characters);

/* Line `line` (from 1) of `text` without its line break; false when there is none. */
bool text_line(const char *text, size_t length, int line, const char **start, size_t *line_length);

#endif
