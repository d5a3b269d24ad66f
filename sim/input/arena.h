/*
 * arena.h - memory that is freed all at once: the trees and strings behind a document.
 *
 * A failed allocation is remembered in `failed`, so that a reader may go on as far as it can and
 * report -ENOMEM once, at its end.
 */
#ifndef VHPCSIM_ARENA_H
#define VHPCSIM_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
    bool failed;
};

/* `size` bytes, zeroed and aligned for any type; valid until arena_release. NULL: no memory. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of the `length` bytes at `text` with a NUL behind them. NULL: no memory. */
char *arena_copy(struct arena *arena, const char *text, size_t length);

/* sprintf into the arena. NULL: no memory. */
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Frees everything; the arena is then empty and usable again. */
void arena_release(struct arena *arena);

#endif
