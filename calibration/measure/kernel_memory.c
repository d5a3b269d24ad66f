#include "kernel_memory.h"

#include "random.h"

#include <assert.h>

enum { BLOCK = 80 }; /* of a matrix, as HPL and PTRANS are usually given */

/* --- streams ------------------------------------------------------------------------------------
 */

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

/* --- at random ----------------------------------------------------------------------------------
 */

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

/* A line's place in the order is its number, stirred by steps that can all be undone: a product
 * with an odd number, and upper bits added to lower ones. So each line has one place. */
static size_t stirred(size_t number, size_t n)
{
    const size_t mask = n - 1;
    const unsigned half = (unsigned)__builtin_ctzl(n) / 2;
    for (int i = 0; i < 3; i++) {
        number = number * 0x9e3779b97f4a7c15u & mask;
        number ^= number >> half;
        number = (number + 0x632be59bd9b4e019u) & mask;
    }
    return number;
}

void chain_tie(size_t n_lines, size_t window, struct line table[])
{
    assert((n_lines & (n_lines - 1)) == 0 && (window & (window - 1)) == 0);
    assert(window >= 4 && window <= n_lines);

    struct line *line = &table[stirred(0, window)];
    for (size_t i = 1; i <= n_lines; i++) {
        const size_t number = i % n_lines;
        const size_t first = number / window * window;
        line->next = &table[first + stirred(number % window, window)];
        line = line->next;
    }
}

struct line *chain_follow(size_t n, struct line *line)
{
    for (size_t i = 0; i < n; i++)
        line = line->next;
    return line;
}
