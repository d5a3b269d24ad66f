#include "extent.h"

#include <assert.h>
#include <math.h>

enum { MOST_IN_BATCH = 1000000, FEWEST_REPETITIONS = 3, BEYOND_CACHES = 4 };

/* A thousand looks at the slowest clocks (1 us), and more than a hundred wake-ups from a barrier.
 */
static const double alone_s = 1e-3;
static const double together_s = 4e-3;

/* From here on, more visits tell more than more repetitions. */
static const double long_s = 0.1;

int extent_rank_counts(int n_ranks, enum thoroughness thoroughness, int counts[MOST_COUNTS])
{
    int n = 0;

    counts[n++] = 1;
    for (int power = 2; thoroughness != QUICK && power < n_ranks; power *= 2) {
        counts[n++] = power;
        if (power / 2 * 3 > power && power / 2 * 3 < n_ranks)
            counts[n++] = power / 2 * 3;
    }
    if (n_ranks > 1)
        counts[n++] = n_ranks;
    return n;
}

double extent_target_s(int n_ranks)
{
    return n_ranks > 1 ? together_s : alone_s;
}

long extent_batch(double one_s, double target_s)
{
    const double n = one_s > 0.0 ? ceil(target_s / one_s) : MOST_IN_BATCH;
    return n < 1.0 ? 1 : n > MOST_IN_BATCH ? MOST_IN_BATCH : (long)n;
}

int extent_repetitions(double one_s, int most)
{
    return one_s > long_s && most > FEWEST_REPETITIONS ? FEWEST_REPETITIONS : most;
}

double extent_power_below(double base, double value)
{
    static const double rounding = 1e-9; /* of a logarithm: a power itself shall stay */
    assert(base > 1.0 && value > 0.0);
    return pow(base, floor(log(value) / log(base) + rounding));
}

double extent_beyond_caches_B(double last_cache_B, double most_B)
{
    const double least_B = 0x1p20, largest_B = 0x1p30;
    double size_B = least_B;
    while (size_B < BEYOND_CACHES * last_cache_B && size_B < largest_B && 2.0 * size_B <= most_B)
        size_B *= 2.0;
    return size_B;
}

double extent_file_B(double wanted_B, double free_B, double total_B)
{
    const double unit_B = 0x1p20, least_B = 16.0 * unit_B;
    const double room_B = free_B - fmax(0.1 * total_B, 0x1p30);
    const double size_B = floor(fmin(wanted_B, room_B) / unit_B) * unit_B;
    return size_B >= least_B ? size_B : 0.0;
}
