/*
 * random.h - random streams that belong to a name, not to an order of calls.
 *
 * A stream is derived from (seed, name, index): adding a noise source or a
 * worker changes no other stream. Use streams for parameter draws, node speed
 * and noise; each has its own name.
 */
#ifndef VHPCSIM_RANDOM_H
#define VHPCSIM_RANDOM_H

#include <stdint.h>

struct random_stream {
    uint64_t state;
};

struct random_stream random_stream_for(uint64_t seed, const char *name, uint64_t index);

/* Uniform in (0, 1): never 0, never 1. */
double random_uniform(struct random_stream *stream);

/* Standard normal, by the inverse of its distribution function (monotone in the uniform). */
double random_normal(struct random_stream *stream);

/* Lognormal with mean 1 and standard deviation `spread` >= 0. */
double random_lognormal(struct random_stream *stream, double spread);

/* How many of independent events happen, of which `mean` in 0..1e6 are expected. */
unsigned random_poisson(struct random_stream *stream, double mean);

/* Gamma with mean and variance `shape` > 0. */
double random_gamma(struct random_stream *stream, double shape);

#endif
