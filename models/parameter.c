#include "parameter.h"

#include <assert.h>
#include <math.h>

/* Half-width of a 95 % interval in standard deviations. */
static const double z95 = 1.959963984540054;

struct parameter parameter_exact(double value)
{
    return (struct parameter){
        .value = value,
        .ci95_lo = value,
        .ci95_hi = value,
        .valid_lo = -INFINITY,
        .valid_hi = INFINITY,
        .source = "",
    };
}

bool parameter_is_uncertain(const struct parameter *p)
{
    return p->ci95_lo < p->value || p->ci95_hi > p->value;
}

double parameter_at(const struct parameter *p, double z)
{
    assert(isfinite(z));
    assert(p->ci95_lo <= p->value && p->value <= p->ci95_hi);

    const double bound = z < 0.0 ? p->ci95_lo : p->ci95_hi;
    const double deviations = fabs(z) / z95;
    if (bound == p->value)
        return p->value;
    if (p->value > 0.0 && bound > 0.0)
        return p->value * pow(bound / p->value, deviations);
    return p->value + (bound - p->value) * deviations;
}

bool parameter_is_valid_at(const struct parameter *p, double x)
{
    return x >= p->valid_lo && x <= p->valid_hi;
}
