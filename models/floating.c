#include "floating.h"

#include <assert.h>
#include <math.h>

double floating_remote(const struct floating *floating, int n_sockets, double pinned)
{
    assert(n_sockets >= 1 && pinned >= 0.0 && pinned <= 1.0);

    return fmax(pinned, floating->away.value * (1.0 - 1.0 / n_sockets));
}

double floating_refill_s(const struct floating *floating, double cache_B, double bandwidth_Bps,
                         double work_s)
{
    assert(cache_B >= 0.0 && bandwidth_Bps > 0.0 && work_s >= 0.0);

    return floating->migrations_Hz.value * work_s * cache_B / bandwidth_Bps;
}

double floating_doubled_s(const struct floating *floating, double fullness, double work_s)
{
    assert(fullness >= 0.0 && fullness <= 1.0 && work_s >= 0.0);

    const double lost_share = 0.5 * floating->doubled.value * fullness;
    return work_s * lost_share / (1.0 - lost_share);
}
