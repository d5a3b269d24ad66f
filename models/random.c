#include "random.h"

#include <gsl/gsl_cdf.h>

/* splitmix64: every state of the counter gives an independent-looking 64-bit value. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

struct random_stream random_stream_for(uint64_t seed, const char *name, uint64_t index)
{
    uint64_t state = mix(seed);
    for (const char *c = name; *c; c++)
        state = mix(state ^ (unsigned char)*c);
    return (struct random_stream){.state = mix(state ^ mix(index))};
}

double random_uniform(struct random_stream *stream)
{
    const uint64_t bits = mix(stream->state) >> 11;
    stream->state += UINT64_C(0x9e3779b97f4a7c15);
    /* 53 random bits at the middles of their cells: never 0, never 1. */
    return ((double)bits + 0.5) * 0x1p-53;
}

double random_normal(struct random_stream *stream)
{
    return gsl_cdf_ugaussian_Pinv(random_uniform(stream));
}
