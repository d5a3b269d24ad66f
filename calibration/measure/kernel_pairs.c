#include "kernel_pairs.h"

#include <math.h>
#include <stdint.h>

static const uint64_t factor = 1220703125; /* 5^13 */
static const uint64_t mask = (1ull << 46) - 1;
static const uint64_t start = 271828183;

static inline double next(uint64_t *state)
{
    *state = *state * factor & mask;
    return (double)(int64_t)*state * 0x1p-46;
}

void pairs_draw(int n, struct pairs *pairs)
{
    uint64_t state = start;

    *pairs = (struct pairs){0};
    for (int i = 0; i < n; i++) {
        const double x = 2.0 * next(&state) - 1.0;
        const double y = 2.0 * next(&state) - 1.0;
        const double square = x * x + y * y;
        if (square > 1.0)
            continue;
        const double scale = sqrt(-2.0 * log(square) / square);
        const double deviate_x = x * scale, deviate_y = y * scale;
        const int annulus = (int)fmax(fabs(deviate_x), fabs(deviate_y));
        pairs->counts[annulus < N_ANNULI ? annulus : N_ANNULI - 1]++;
        pairs->sum_x += deviate_x;
        pairs->sum_y += deviate_y;
        pairs->n_accepted++;
    }
}

double pairs_operations(int n, int n_accepted)
{
    return (2.0 * 5.0 + 8.0) * n + 31.0 * n_accepted;
}
