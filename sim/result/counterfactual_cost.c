/*
 * counterfactual_cost.c - what a layer may cost, by the intervals of the parameters that a
 * counterfactual changes.
 */
#include "counterfactual.h"

#include "sim/input/field_walk.h"

#include <math.h>

/*
 * What a parameter costs beyond `ideal`, at `value`. Where the ideal is larger the parameter is a
 * speed, and time goes with its inverse; else it is a time, or a factor of one. A speed of 0 means
 * that there is no limit.
 */
static double cost_at(double value, double ideal, bool is_speed)
{
    if (!is_speed)
        return value - ideal;
    return value > 0.0 ? 1.0 / value - 1.0 / ideal : 0.0;
}

static void widen(struct cost_range *range, const struct parameter *p, double ideal)
{
    const bool is_speed = p->value > 0.0 && ideal > p->value;
    const double cost = cost_at(p->value, ideal, is_speed);
    const double one = cost_at(p->ci95_lo, ideal, is_speed) / cost;
    const double other = cost_at(p->ci95_hi, ideal, is_speed) / cost;

    range->lo = fmax(0.0, fmin(range->lo, fmin(one, other)));
    range->hi = fmax(range->hi, fmax(one, other));
}

static void widen_by_field(const struct field_visit *visit, void *user)
{
    if (visit->field->kind != FIELD_PARAMETER)
        return;
    const struct parameter *p = field_at(visit->field, visit->base);
    const struct parameter *without = field_at(visit->field, visit->twin);
    if (without->value != p->value)
        widen(user, p, without->value);
}

struct cost_range counterfactual_cost_range(const struct scenario *scenario,
                                            const struct counterfactual *counterfactual)
{
    struct cost_range range = {1.0, 1.0};
    struct scenario without = counterfactual_of(scenario, counterfactual);
    field_walk(scenario_fields, scenario, &without, "", widen_by_field, &range);
    return range;
}
