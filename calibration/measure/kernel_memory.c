#include "kernel_memory.h"

#include "random.h"

#include <assert.h>

enum { BLOCK = 80 }; /* of a matrix, as HPL and PTRANS are usually given */

/* --- streams ------------------------------------------------------------------------------ */

/* One sum would wait for itself. */
uint64_t stream_read(size_t n, const uint64_t words[])
{
    uint64_t a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
    for (size_t i = 0; i < n; i += 8) {
        a += words[i];
        b += words[i + 1];
        c += words[i + 2];
        d += words[i + 3];
        e += words[i + 4];
        f += words[i + 5];
        g += words[i + 6];
        h += words[i + 7];
    }
    return a + b + c + d + e + f + g + h;
}

void stream_copy(size_t n, const double a[], double c[])
{
    for (size_t i = 0; i < n; i++)
        c[i] = a[i];
}

void stream_triad(size_t n, double a[], const double b[], const double c[], double factor)
{
    for (size_t i = 0; i < n; i++)
        a[i] = b[i] + factor * c[i];
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

void transpose_add(int n, const double a[], double c[])
{
    for (int row = 0; row < n; row += BLOCK)
        for (int column = 0; column < n; column += BLOCK)
            for (int i = row; i < least(row + BLOCK, n); i++)
                for (int j = column; j < least(column + BLOCK, n); j++)
                    c[(size_t)i * (size_t)n + (size_t)j] += a[(size_t)j * (size_t)n + (size_t)i];
}

/* --- at random ---------------------------------------------------------------------------- */

void updates_start(unsigned long seed, struct updates *updates)
{
    struct random_stream stream = random_stream(seed, "updates", 0);
    for (int i = 0; i < UPDATES_AT_ONCE; i++)
        updates->streams[i] = random_bits(&stream) | 1;
}

void updates_apply(struct updates *updates, size_t n_updates, size_t n_words, uint64_t table[])
{
    assert(n_updates % UPDATES_AT_ONCE == 0 && (n_words & (n_words - 1)) == 0);

    for (size_t i = 0; i < n_updates; i += UPDATES_AT_ONCE)
        for (size_t j = 0; j < UPDATES_AT_ONCE; j++) {
            const uint64_t value = updates->streams[j];
            const uint64_t next = value << 1 ^ (value >> 63 ? 7 : 0);
            updates->streams[j] = next;
            table[next & (n_words - 1)] ^= next;
        }
}

struct chain chain_start(const uint64_t table[], size_t n_lines, size_t window)
{
    assert((n_lines & (n_lines - 1)) == 0 && (window & (window - 1)) == 0);
    assert(window >= 8 && window <= n_lines);

    return (struct chain){.table = table, .n_lines = n_lines, .window = window, .n_left = window};
}

/* A congruence has the full period of a power of two where the factor is 1 modulo 4 and the summand
 * odd (T. E. Hull, A. R. Dobell, SIAM Review 4, 1962, doi:10.1137/1004061). */
static size_t follow_in_window(const struct chain *chain, size_t n)
{
    static const size_t factor = 0x5851f42d4c957f2d, summand = 0x14057b7ef767814f;
    const uint64_t *window = chain->table + chain->first * LINE_WORDS;
    const size_t mask = chain->window - 1;
    size_t at = chain->at;

    for (size_t i = 0; i < n; i++)
        at = (at * factor + summand + window[at * LINE_WORDS]) & mask;
    return at;
}

void chain_follow(struct chain *chain, size_t n)
{
    while (n > 0) {
        const size_t n_now = n < chain->n_left ? n : chain->n_left;
        chain->at = follow_in_window(chain, n_now);
        chain->n_left -= n_now;
        n -= n_now;
        if (chain->n_left > 0)
            continue;
        chain->n_left = chain->window;
        chain->first = (chain->first + chain->window) % chain->n_lines;
    }
}
