/*
 * compute_scalar.c - scalar floating point in chains: random pairs with roots and logarithms, as
 * NPB's EP has them. Parameter of a node: rates.scalar (raw.h).
 */
#include "kernel_pairs.h"
#include "repeat.h"

enum { N_PAIRS = 1 << 12 };

static const double guess_flops = 1e9; /* for time tables alone */

static volatile double sink; /* what is computed must be looked at, or compilers leave it out */

static void draw_pairs(void *data, long n)
{
    struct pairs pairs;
    (void)data;
    for (long i = 0; i < n; i++) {
        pairs_draw(N_PAIRS, &pairs);
        sink = pairs.sum_x;
    }
}

static void plan_scalar(const struct measure *measure, const struct plan_request *request,
                        struct plan *plan)
{
    struct pairs pairs;
    if (measure->is_simulated)
        return;
    pairs_draw(N_PAIRS, &pairs);
    const double n_operations = pairs_operations(N_PAIRS, pairs.n_accepted);
    const struct raw_cell cell = {.operation = RAW_SCALAR, .argument = {n_operations}};
    repeat_plan(measure, request->thoroughness, plan, cell, n_operations / guess_flops);
}

static int scalar_of_team(const struct measure *measure, const struct raw_cell *cell,
                          const struct team *team, struct visit *visit)
{
    (void)cell;
    return repeat_work(measure, team, draw_pairs, NULL, visit);
}

const struct operation operation_scalar = {
    .kind = RAW_SCALAR,
    .help = "scalar floating point: random pairs with roots and logarithms, as EP has them",
    .plan = plan_scalar,
    .visit = repeat_visit,
    .of_team = scalar_of_team,
};
