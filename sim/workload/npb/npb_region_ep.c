/*
 * npb_region_ep.c - EP counted: one loop over batches of pairs that stay in the first cache.
 */
#include "npb_region_parts.h"

#include "npb_size.h"

#include <math.h>

enum { LOG_BATCH = 16 };

/*
 * A random number is a multiplication of integers, a mask, two conversions and a scaling. A pair
 * then takes 4 operations to reach (-1, 1), 3 for its squared length and a comparison. The pi/4 of
 * pairs inside the unit circle take a logarithm, a square root, 2 to scale its argument, 2 for the
 * deviates, 3 to find their annulus and 3 for the sums.
 */
static double flops_of_pair(void)
{
    const double random_number = 5;
    const double accepted = N_FLOPS_LOG + 1 + 2 + 2 + 3 + 3;
    return 2 * random_number + 4 + 3 + 1 + M_PI_4 * accepted;
}

int npb_ep_regions(enum npb_class class, struct npb_region regions[])
{
    const int log_pairs = npb_ep_log_pairs(class);

    regions[0] = (struct npb_region){.name = "gaussian_pairs",
                                     .class = WORK_SCALAR,
                                     .flops = ldexp(flops_of_pair(), log_pairs),
                                     .n_slices = ldexp(1.0, log_pairs - LOG_BATCH),
                                     .n_passes = 1};
    return 1;
}
