#include "host.h"

#include <assert.h>
#include <math.h>

/* Of traffic at full speed: the vCPU that communicates, and its backend. */
enum { N_CORES_NEEDED = 2 };

/* One third of a core for backends beside two thirds for the vCPU. */
static const double most_stolen_share = 0.5;

double host_pressure(const struct host_load *load)
{
    assert(load->n_cores >= 1 && load->n_computing >= 0);
    assert(load->n_reserved >= 0 && load->n_reserved < load->n_cores);

    if (load->n_reserved > 0)
        return 0.0;
    const int n_idle = load->n_computing < load->n_cores ? load->n_cores - load->n_computing : 0;
    return n_idle >= N_CORES_NEEDED ? 0.0 : 1.0 - (double)n_idle / N_CORES_NEEDED;
}

double host_service_slowdown(const struct host_load *load, double busy_factor)
{
    assert(busy_factor >= 1.0);

    return 1.0 + (busy_factor - 1.0) * host_pressure(load);
}

double host_stolen_s(const struct host_load *load, double cpu_s)
{
    assert(cpu_s >= 0.0);

    return load->n_computing > 0 ? host_pressure(load) * cpu_s : 0.0;
}

double host_most_stolen_s(double compute_s)
{
    assert(compute_s >= 0.0);

    return compute_s * most_stolen_share;
}

double host_exits_s(double cpu_s, double vcpu_share, int n_vcpus)
{
    assert(cpu_s >= 0.0 && vcpu_share >= 0.0 && vcpu_share <= 1.0 && n_vcpus >= 1);

    return vcpu_share * cpu_s / n_vcpus;
}
