#include "random.h"

#include <assert.h>

static uint64_t mixed(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct random_stream random_stream(unsigned long seed, const char *name, unsigned long index)
{
    uint64_t state = mixed(seed + UINT64_C(0x9e3779b97f4a7c15));
    for (; *name; name++)
        state = mixed(state ^ (unsigned char)*name);
    return (struct random_stream){mixed(state ^ mixed(index))};
}

uint64_t random_bits(struct random_stream *stream)
{
    stream->state += UINT64_C(0x9e3779b97f4a7c15);
    return mixed(stream->state);
}

double random_fraction(struct random_stream *stream)
{
    return (double)(random_bits(stream) >> 11) * 0x1p-53;
}

int random_below(struct random_stream *stream, int n)
{
    assert(n >= 1);
    return (int)(random_fraction(stream) * n);
}
