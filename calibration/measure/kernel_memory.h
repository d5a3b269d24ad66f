/*
 * kernel_memory.h - loops that move bytes: streams as STREAM has them, a transposition as PTRANS
 * has it, updates and reads at random.
 */
#ifndef VHPC_KERNEL_MEMORY_H
#define VHPC_KERNEL_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* --- streams ------------------------------------------------------------------------------------
 */

/* Sum of n words, n a multiple of 8. */
uint64_t stream_read(size_t n, const uint64_t words[]);

/* c = a */
void stream_copy(size_t n, const double a[], double c[]);

/* a = b + factor c */
void stream_triad(size_t n, double a[], const double b[], const double c[], double factor);

/* C += A^T, both n x n; block by block, as PTRANS deals them. */
void transpose_add(int n, const double a[], double c[]);

/* --- at random ----------------------------------------------------------------------------------
 */

enum { UPDATES_AT_ONCE = 128 };

/* The streams of HPCC's RandomAccess, all of which take turns. */
struct updates {
    uint64_t streams[UPDATES_AT_ONCE];
};

void updates_start(unsigned long seed, struct updates *updates);

/* Updates n_updates (a multiple of UPDATES_AT_ONCE) words of a table of n_words, a power of two. */
void updates_apply(struct updates *updates, size_t n_updates, size_t n_words, uint64_t table[]);

enum { LINE_B = 64 };

/* A line of a table, whose first word leads to the next one. */
struct line {
    struct line *next;
    char rest[LINE_B - sizeof(struct line *)];
};

/*
 * Ties all n_lines lines, a power of two, into one ring in an order that no prefetcher guesses:
 * within windows of `window` lines (a power of two, 4 to n_lines), one window after the other.
 */
void chain_tie(size_t n_lines, size_t window, struct line table[]);

/* Follows the chain for n lines; returns where it ended. */
struct line *chain_follow(size_t n, struct line *line);

#endif
