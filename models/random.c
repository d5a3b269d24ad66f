#include "random.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

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

double random_lognormal(struct random_stream *stream, double spread)
{
    assert(spread >= 0.0);

    const double log_variance = log1p(spread * spread);
    return exp(sqrt(log_variance) * random_normal(stream) - 0.5 * log_variance);
}

/* --- distributions of GSL, which asks a generator of its own kind -------------------------------
 */

static void keep_seed(void *stream, unsigned long seed)
{
    (void)stream;
    (void)seed;
}

static unsigned long next_bits(void *stream)
{
    return (unsigned long)(random_uniform(stream) * 0x1p32);
}

static double next_uniform(void *stream)
{
    return random_uniform(stream);
}

static const gsl_rng_type stream_type = {.name = "stream",
                                         .max = UINT32_MAX,
                                         .size = sizeof(struct random_stream),
                                         .set = keep_seed,
                                         .get = next_bits,
                                         .get_double = next_uniform};

unsigned random_poisson(struct random_stream *stream, double mean)
{
    assert(mean >= 0.0 && mean <= 1e6);

    const gsl_rng generator = {.type = &stream_type, .state = stream};
    return gsl_ran_poisson(&generator, mean);
}

double random_gamma(struct random_stream *stream, double shape)
{
    assert(isfinite(shape) && shape > 0.0);

    const gsl_rng generator = {.type = &stream_type, .state = stream};
    return gsl_ran_gamma(&generator, shape, 1.0);
}
