/*
 * random.h - numbers at random that are the same on every machine: splitmix64 (Steele, Lea, Flood:
 * Fast splittable pseudorandom number generators, OOPSLA 2014, doi:10.1145/2660193.2660195).
 */
#ifndef VHPC_RANDOM_H
#define VHPC_RANDOM_H

#include <stdint.h>

struct random_stream {
    uint64_t state;
};

/* Streams of other names or indices are independent of it. */
struct random_stream random_stream(unsigned long seed, const char *name, unsigned long index);

uint64_t random_bits(struct random_stream *stream);

/* From 0 to below 1. */
double random_fraction(struct random_stream *stream);

/* 0 to n - 1; n >= 1. */
int random_below(struct random_stream *stream, int n);

#endif
