#include "work.h"

#include "models/random.h"

#include <gsl/gsl_cdf.h>

#include <assert.h>
#include <math.h>

const char *const spread_names[] = {
    [SPREAD_LOGNORMAL] = "lognormal",
    [SPREAD_UNIFORM] = "uniform",
    [SPREAD_EXPONENTIAL] = "exponential",
    NULL,
};

double spread_factor(enum spread spread, double variation, double u)
{
    assert(variation >= 0.0 && u > 0.0 && u < 1.0);
    switch (spread) {
    case SPREAD_LOGNORMAL: {
        const double log_variance = log1p(variation * variation);
        return exp(sqrt(log_variance) * gsl_cdf_ugaussian_Pinv(u) - 0.5 * log_variance);
    }
    case SPREAD_UNIFORM:
        return 1.0 + sqrt(3.0) * variation * (2.0 * u - 1.0);
    case SPREAD_EXPONENTIAL:
        return 1.0 - variation - variation * log1p(-u);
    }
    return 1.0;
}

/* The largest variation with which no work is negative. */
static double largest_variation(enum spread spread)
{
    return spread == SPREAD_UNIFORM       ? 1.0 / sqrt(3.0)
           : spread == SPREAD_EXPONENTIAL ? 1.0
                                          : INFINITY;
}

void work_check(const struct phase_work *work, struct pattern_check *check)
{
    const double largest = largest_variation((enum spread)work->spread);
    if (work->variation > largest)
        pattern_refuse(check, "variation", "take less, or distribution: lognormal",
                       "work with %s distribution varies by at most %.3g, this is %.3g",
                       spread_names[work->spread], largest, work->variation);
}

static void compute(const struct phase_work *work, const struct turn *turn,
                    struct random_stream pieces, uint64_t piece)
{
    double factor = 1.0;
    if (work->variation > 0.0) {
        struct random_stream stream = random_stream_for(pieces.state, "piece", piece);
        factor = spread_factor((enum spread)work->spread, work->variation, random_uniform(&stream));
    }
    const struct work todo =
        work_of((enum work_class)work->class, expression_at(&work->flops, turn->step) * factor,
                expression_at(&work->bytes, turn->step) * factor);
    const double start_s = rank_time_s(turn->rank);
    rank_compute(turn->rank, &todo);
    *turn->compute_s += rank_time_s(turn->rank) - start_s;
}

void work_do(const struct phase_work *work, const struct turn *turn, uint64_t piece)
{
    compute(work, turn, random_stream_for(turn->seed, "pattern step", (uint64_t)turn->index),
            piece);
}

void work_do_always(const struct phase_work *work, const struct turn *turn, uint64_t piece)
{
    compute(work, turn, random_stream_for(turn->seed, "pattern phase", (uint64_t)turn->phase),
            piece);
}
