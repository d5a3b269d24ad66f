/*
 * update_stream.h - which words of its table RandomAccess updates: HPCC's two generators.
 *
 * A stream is a sequence of 64-bit values, of which each rank walks a stretch of its own. A value
 * tells the word in the table that it updates: its low bits in the polynomial stream (x^k modulo
 * x^64 + x^2 + x + 1), its high bits in the linear congruential one. The table is dealt to ranks in
 * blocks, the first ranks having one word more where the division leaves a rest.
 */
#ifndef VHPCSIM_WORKLOAD_UPDATE_STREAM_H
#define VHPCSIM_WORKLOAD_UPDATE_STREAM_H

#include <stdint.h>

enum update_generator { UPDATES_POLYNOMIAL, UPDATES_LCG };
extern const char *const update_generator_names[]; /* NULL at the end */

struct update_stream {
    enum update_generator generator;
    uint64_t value;
};

/* The stream after `n` (>= 0) values; update_stream_next() gives value number n + 1. */
struct update_stream update_stream_at(enum update_generator generator, int64_t n);
uint64_t update_stream_next(struct update_stream *stream);

struct update_table {
    int64_t n_words; /* a power of two, n_ranks and more */
    int n_ranks;
};
int64_t update_table_first(const struct update_table *table, int rank); /* word of the rank */
int64_t update_table_words(const struct update_table *table, int rank); /* that the rank has */

/* The rank that has the word which `value` of a stream of this generator updates. */
int update_table_owner(const struct update_table *table, enum update_generator generator,
                       uint64_t value);

#endif
