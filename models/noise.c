#include "noise.h"

#include <assert.h>
#include <math.h>

/* A sum as wide as a gamma distribution of this shape, or less, need not be drawn one by one. */
static const double least_shape = 16.0;

double noise_share(const struct noise_profile *noise)
{
    return noise->rate_Hz.value * noise->length_s.value;
}

/* Mean square over squared mean of a lognormal length. */
static double square_ratio(const struct noise_profile *noise)
{
    return 1.0 + noise->spread.value * noise->spread.value;
}

static double sum_of_lengths_s(const struct noise_profile *noise, unsigned n,
                               struct random_stream *stream)
{
    double sum_s = 0.0;
    for (unsigned i = 0; i < n; i++)
        sum_s += noise->length_s.value * random_lognormal(stream, noise->spread.value);
    return sum_s;
}

double noise_taken_s(const struct noise_profile *noise, double work_s, struct random_stream *stream)
{
    assert(isfinite(work_s) && work_s >= 0.0);

    if (noise_share(noise) * work_s == 0.0)
        return 0.0;
    const double n_expected = noise->rate_Hz.value * work_s;
    const double shape = n_expected / square_ratio(noise);
    if (shape > least_shape)
        return noise->length_s.value * square_ratio(noise) * random_gamma(stream, shape);
    return sum_of_lengths_s(noise, random_poisson(stream, n_expected), stream);
}

double noise_left_s(const struct noise_profile *noise, double waited_s,
                    struct random_stream *stream)
{
    assert(isfinite(waited_s) && waited_s >= 0.0);

    const double share = noise_share(noise);
    if (share * waited_s == 0.0)
        return 0.0;
    if (random_uniform(stream) > share / (1.0 + share))
        return 0.0;
    /* Whoever looks at a random moment meets long detours more often: lengths weighted by
     * themselves are lognormal too, with a mean that is so much larger. */
    const double length_s =
        noise->length_s.value * square_ratio(noise) * random_lognormal(stream, noise->spread.value);
    const double age_s = length_s * random_uniform(stream);
    return age_s < waited_s ? length_s - age_s : 0.0;
}
