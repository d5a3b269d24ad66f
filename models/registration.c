#include "registration.h"

#include <assert.h>
#include <math.h>

double adapter_pages(double size_B)
{
    assert(size_B >= 0.0);

    return fmax(1.0, ceil(size_B / ADAPTER_PAGE_B));
}

bool registers(const struct mpi_profile *mpi, double size_B)
{
    const double threshold_B = mpi->registration.threshold_B;
    return threshold_B > 0.0 && size_B >= threshold_B && size_B > mpi->eager_threshold_B;
}

double registration_cost_s(const struct registration *registration,
                           const struct registration_cost *cost, double size_B)
{
    return (1.0 - registration->cache_hits.value) *
           (cost->call_s.value + cost->page_s.value * adapter_pages(size_B));
}
