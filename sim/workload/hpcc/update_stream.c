#include "update_stream.h"

#include <assert.h>
#include <stddef.h>

const char *const update_generator_names[] = {"polynomial", "lcg", NULL};

static const uint64_t lcg_factor = 6364136223846793005u; /* Knuth's MMIX */
static const uint64_t lcg_summand = 1;
static const uint64_t polynomial = 7; /* x^2 + x + 1, what x^64 is */

static uint64_t times_x(uint64_t value)
{
    return value << 1 ^ (value >> 63 ? polynomial : 0);
}

static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product = 0;

    for (; b != 0; b >>= 1, a = times_x(a))
        if (b & 1)
            product ^= a;
    return product;
}

/* x^n by squaring. */
static uint64_t polynomial_at(uint64_t n)
{
    uint64_t power = 1;

    for (uint64_t base = 2; n != 0; n >>= 1, base = times(base, base))
        if (n & 1)
            power = times(power, base);
    return power;
}

/* n steps v -> f v + s are one such step; so are twice as many with f^2 and (f + 1) s. */
static uint64_t lcg_at(uint64_t n)
{
    uint64_t value = 1;
    uint64_t factor = lcg_factor, summand = lcg_summand;

    for (; n != 0; n >>= 1) {
        if (n & 1)
            value = factor * value + summand;
        summand *= factor + 1;
        factor *= factor;
    }
    return value;
}

struct update_stream update_stream_at(enum update_generator generator, int64_t n)
{
    assert(n >= 0);

    return (struct update_stream){.generator = generator,
                                  .value = generator == UPDATES_LCG ? lcg_at((uint64_t)n)
                                                                    : polynomial_at((uint64_t)n)};
}

uint64_t update_stream_next(struct update_stream *stream)
{
    stream->value = stream->generator == UPDATES_LCG ? lcg_factor * stream->value + lcg_summand
                                                     : times_x(stream->value);
    return stream->value;
}

static int64_t fewest_words(const struct update_table *table)
{
    return table->n_words / table->n_ranks;
}

static int64_t n_ranks_with_one_more(const struct update_table *table)
{
    return table->n_words % table->n_ranks;
}

int64_t update_table_first(const struct update_table *table, int rank)
{
    const int64_t rest = n_ranks_with_one_more(table);
    return fewest_words(table) * rank + (rank < rest ? rank : rest);
}

int64_t update_table_words(const struct update_table *table, int rank)
{
    return fewest_words(table) + (rank < n_ranks_with_one_more(table));
}

static int64_t word_of(const struct update_table *table, enum update_generator generator,
                       uint64_t value)
{
    const uint64_t n_words = (uint64_t)table->n_words;

    /* The high bits, as a fraction of all values. */
    if (generator == UPDATES_LCG)
        return (int64_t)(n_words == 1 ? 0 : value / (UINT64_MAX / n_words + 1));
    return (int64_t)(value & (n_words - 1));
}

int update_table_owner(const struct update_table *table, enum update_generator generator,
                       uint64_t value)
{
    const int64_t word = word_of(table, generator, value);
    const int64_t few = fewest_words(table), rest = n_ranks_with_one_more(table);

    if (word < (few + 1) * rest)
        return (int)(word / (few + 1));
    return (int)((word - rest) / few);
}
