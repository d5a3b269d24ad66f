#include "hpl_small.h"

struct hpl_spec hpl_small_spec(int p, int q)
{
    return (struct hpl_spec){.n = HPL_SMALL_N,
                             .nb = HPL_SMALL_NB,
                             .p = p,
                             .q = q,
                             .pfact = HPL_RIGHT,
                             .nbmin = 4,
                             .ndiv = 2,
                             .rfact = HPL_CROUT,
                             .broadcast = HPL_1RING_MODIFIED,
                             .depth = 1,
                             .swap = HPL_SWAP_MIX,
                             .swap_threshold = 64,
                             .equilibration = true};
}
