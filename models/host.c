#include "host.h"

#include <assert.h>
#include <math.h>

double host_pressure(const struct host_load *load)
{
    assert(load->n_cores >= 1 && load->n_computing >= 0);

    return fmin(1.0, (double)load->n_computing / load->n_cores);
}

double host_service_slowdown(const struct host_load *load, double busy_factor)
{
    assert(busy_factor >= 1.0);

    return 1.0 + (busy_factor - 1.0) * host_pressure(load);
}

double host_stolen_s(const struct host_load *load, double cpu_s)
{
    assert(cpu_s >= 0.0);

    return load->n_computing >= load->n_cores ? cpu_s : 0.0;
}
