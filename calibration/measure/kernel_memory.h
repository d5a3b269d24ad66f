/*
 * kernel_memory.h - loops that move bytes: streams as STREAM has them, a transposition as PTRANS
 * has it, updates and reads at random.
 */
#ifndef VHPC_KERNEL_MEMORY_H
#define VHPC_KERNEL_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* --- streams ------------------------------------------------------------------------------ */

/* Sum of n words, n a multiple of 8. */
uint64_t stream_read(size_t n, const uint64_t words[]);

/* c = a */
void stream_copy(size_t n, const double a[], double c[]);

/* a = b + factor c */
void stream_triad(size_t n, double a[], const double b[], const double c[], double factor);

/* C += A^T, both n x n; block by block, as PTRANS deals them. */
void transpose_add(int n, const double a[], double c[]);

/* --- at random ---------------------------------------------------------------------------- */

enum { UPDATES_AT_ONCE = 128 };

/* The streams of HPCC's RandomAccess, all of which take turns. */
struct updates {
    uint64_t streams[UPDATES_AT_ONCE];
};

void updates_start(unsigned long seed, struct updates *updates);

/* Updates n_updates (a multiple of UPDATES_AT_ONCE) words of a table of n_words, a power of two. */
void updates_apply(struct updates *updates, size_t n_updates, size_t n_words, uint64_t table[]);

enum { LINE_B = 64, LINE_WORDS = LINE_B / sizeof(uint64_t) };

/*
 * Reads of a table whose words are all 0, one of each line, of which each has to come before the
 * place of the next one is known. In each window of lines every one is read once, in an order that
 * no prefetcher guesses (a linear congruence modulo its number of lines), then comes the next
 * window. To find the place takes a core some cycles beside.
 */
struct chain {
    const uint64_t *table;
    size_t n_lines, window; /* powers of two; 8 <= window <= n_lines */
    size_t first;           /* line of the window */
    size_t at;              /* within it */
    size_t n_left;          /* before the next one */
};

struct chain chain_start(const uint64_t table[], size_t n_lines, size_t window);

/* Reads n lines; the last one's place is in *chain. */
void chain_follow(struct chain *chain, size_t n);

#endif
