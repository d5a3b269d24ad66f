#include "calibration/fit/bootstrap.h"

#include "calibration/fit/launch_effect.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

const struct bootstrap_options bootstrap_defaults = {
    .n = 500, .confidence = 0.95, .seed = 1, .name = "bootstrap"};

/* Chance that points of which visits tell all seem further from their line than those explain. */
static const double MISFIT_CHANCE = 0.05;

/* Studentised numbers this many times further out than those of normal noise are of another world.
 */
static const double HEAVY_TAIL = 2.0;

/* --- what samples say ------------------------------------------------------------------------ */

/* Numbers of a sample, a column each: the sides of breakpoints, then a and b of lines, as they are
 * and studentised. */
struct outcomes {
    int n_samples, n_pieces;
    double *values; /* [column x n_samples + sample] */
};

enum side { BELOW, ABOVE, N_SIDES };
enum kind { VALUE, STUDENTISED, N_KINDS };

static double *break_column(const struct outcomes *outcomes, int piece, enum side side)
{
    const int column = N_SIDES * (piece - 1) + (int)side;
    return &outcomes->values[(size_t)column * (size_t)outcomes->n_samples];
}

static double *line_column(const struct outcomes *outcomes, int series, int piece,
                           enum line_number which, enum kind kind)
{
    const int line = series * outcomes->n_pieces + piece;
    const int column = N_SIDES * (outcomes->n_pieces - 1) +
                       (line * N_LINE_NUMBERS + (int)which) * N_KINDS + (int)kind;
    return &outcomes->values[(size_t)column * (size_t)outcomes->n_samples];
}

static bool outcomes_init(int n_samples, const struct segments *segments, struct outcomes *outcomes)
{
    const int n_columns = N_SIDES * (segments->n_pieces - 1) +
                          segments->n_series * segments->n_pieces * N_LINE_NUMBERS * N_KINDS;
    *outcomes = (struct outcomes){.n_samples = n_samples, .n_pieces = segments->n_pieces};
    outcomes->values = calloc((size_t)n_samples * (size_t)n_columns, sizeof *outcomes->values);
    return outcomes->values != NULL;
}

/* --- lines as they are ----------------------------------------------------------------------- */

struct facts {
    struct line_estimate line[SEGMENT_SERIES][SEGMENT_PIECES];
    struct launch_effects launches;
};

/* Looks at the visits as they are, before any are drawn. Returns 0 or -ENOMEM. */
static int establish(struct visit_sample *sample, struct facts *facts)
{
    for (int k = 0; k < sample->segments.n_series; k++)
        for (int piece = 0; piece < sample->segments.n_pieces; piece++)
            facts->line[k][piece] = visit_sample_line(sample, k, piece);
    return launch_effects_find(sample, &facts->launches);
}

/* --- samples --------------------------------------------------------------------------------- */

/* Where nothing varies, nothing is far from what it was. */
static double studentised(const struct line_estimate *drawn, const struct line_estimate *estimate,
                          int which)
{
    const double t = (drawn->value[which] - estimate->value[which]) / drawn->error[which];
    return isfinite(t) ? t : 0.0;
}

static void keep(const struct visit_sample *sample, const struct facts *facts, int number,
                 struct outcomes *outcomes)
{
    const struct segments *segments = &sample->segments;
    for (int piece = 1; piece < segments->n_pieces; piece++) {
        const int first = sample->first[piece];
        break_column(outcomes, piece, BELOW)[number] = sample->axis.size_B[first - 1];
        break_column(outcomes, piece, ABOVE)[number] = sample->axis.size_B[first];
    }
    for (int k = 0; k < segments->n_series; k++)
        for (int piece = 0; piece < segments->n_pieces; piece++) {
            const struct line_estimate line = visit_sample_line(sample, k, piece);
            for (int which = 0; which < N_LINE_NUMBERS; which++) {
                line_column(outcomes, k, piece, which, VALUE)[number] = line.value[which];
                line_column(outcomes, k, piece, which, STUDENTISED)[number] =
                    studentised(&line, &facts->line[k][piece], which);
            }
        }
}

static void draw(struct visit_sample *sample, const struct facts *facts,
                 const struct bootstrap_options *options, struct outcomes *outcomes)
{
    for (int number = 0; number < options->n; number++) {
        struct random_stream stream =
            random_stream_for(options->seed, options->name, (uint64_t)number);
        visit_sample_draw(sample, &stream);
        keep(sample, facts, number, outcomes);
    }
}

/* --- intervals ------------------------------------------------------------------------------- */

static double quantile(int n, double values[], double fraction)
{
    gsl_sort(values, 1, (size_t)n);
    return gsl_stats_quantile_from_sorted_data(values, 1, (size_t)n, fraction);
}

/* How many times further points are from their line than visits explain; 1 where that may be
 * chance. */
static double misfit(const struct line_estimate *line)
{
    const double freedom = line->n - 2.0;
    if (freedom < 1.0 || line->chi_square <= gsl_cdf_chisq_Qinv(MISFIT_CHANCE, freedom))
        return 1.0;
    return sqrt(line->chi_square / freedom);
}

/* How far the truth may be on both sides of an estimate. */
struct reach {
    double below, above;
};

/*
 * By what samples say. Where visits are of two kinds, a sample changes its mind by steps that
 * the spread within a kind, and so its standard error, knows nothing of; studentised numbers then
 * have tails like no noise, and percentiles are better.
 */
static struct reach reach_of_samples(const struct outcomes *outcomes,
                                     const struct line_estimate *line, int series, int piece,
                                     enum line_number which, double tail)
{
    const int n = outcomes->n_samples;
    double *studentised = line_column(outcomes, series, piece, which, STUDENTISED);
    const double least = quantile(n, studentised, tail);
    const double most = quantile(n, studentised, 1.0 - tail);
    if (fmax(-least, most) <= HEAVY_TAIL * gsl_cdf_ugaussian_Qinv(tail))
        return (struct reach){most * line->error[which], -least * line->error[which]};
    double *values = line_column(outcomes, series, piece, which, VALUE);
    return (struct reach){line->value[which] - quantile(n, values, tail),
                          quantile(n, values, 1.0 - tail) - line->value[which]};
}

static struct interval of_number(const struct outcomes *outcomes, const struct facts *facts,
                                 int series, int piece, enum line_number which, double confidence,
                                 double estimate)
{
    const double tail = 0.5 * (1.0 - confidence);
    const struct line_estimate *line = &facts->line[series][piece];
    struct reach reach = reach_of_samples(outcomes, line, series, piece, which, tail);
    const double times = misfit(line);
    if (times > 1.0) {
        const double least = times * line->error[which] * gsl_cdf_tdist_Qinv(tail, line->n - 2.0);
        reach.below = fmax(reach.below, least);
        reach.above = fmax(reach.above, least);
    }
    const struct launch_effect *launches = &facts->launches.line[series][piece];
    if (launches->n_launches > 1) {
        const double of_launches =
            launches->error[which] * gsl_cdf_tdist_Qinv(tail, launches->n_launches - 1.0);
        reach.below = hypot(reach.below, of_launches);
        reach.above = hypot(reach.above, of_launches);
    }
    /* What cannot be negative is not; and an estimate at its bound is in its own interval. */
    return (struct interval){
        .low = fmax(0.0, fmin(line->value[which] - reach.below, estimate)),
        .high = fmax(line->value[which] + reach.above, estimate),
    };
}

static void tell_line(const struct outcomes *outcomes, const struct segments *segments,
                      const struct facts *facts, double confidence, int series, int piece,
                      struct segments_intervals *intervals)
{
    const struct segment_line *line = &segments->line[series][piece];
    struct interval *a_s = &intervals->a_s[series][piece];
    struct interval *b_spB = &intervals->b_spB[series][piece];
    if (line->n == 0) {
        *a_s = *b_spB = (struct interval){NAN, NAN};
        return;
    }
    *a_s = of_number(outcomes, facts, series, piece, LINE_A, confidence, line->a_s);
    *b_spB = of_number(outcomes, facts, series, piece, LINE_B, confidence, line->b_spB);
    if (line->n <= 2) {
        a_s->low = b_spB->low = 0.0;
        b_spB->high = INFINITY;
    }
}

static struct interval of_breakpoint(const struct outcomes *outcomes,
                                     const struct segments *segments, double confidence, int piece)
{
    const double tail = 0.5 * (1.0 - confidence);
    if (segments->is_forced[piece])
        return (struct interval){segments->from_B[piece], segments->from_B[piece]};
    return (struct interval){
        .low = fmin(quantile(outcomes->n_samples, break_column(outcomes, piece, BELOW), tail),
                    segments->below_B[piece]),
        .high =
            fmax(quantile(outcomes->n_samples, break_column(outcomes, piece, ABOVE), 1.0 - tail),
                 segments->above_B[piece])};
}

static void tell(const struct outcomes *outcomes, const struct segments *segments,
                 const struct facts *facts, double confidence, struct segments_intervals *intervals)
{
    intervals->from_B[0] = (struct interval){0.0, 0.0};
    for (int piece = 1; piece < segments->n_pieces; piece++)
        intervals->from_B[piece] = of_breakpoint(outcomes, segments, confidence, piece);
    for (int k = 0; k < segments->n_series; k++)
        for (int piece = 0; piece < segments->n_pieces; piece++)
            tell_line(outcomes, segments, facts, confidence, k, piece, intervals);
}

int bootstrap_visits(int n_series, const struct visit_series series[],
                     const struct segments *segments, const struct bootstrap_options *options,
                     struct segments_intervals *intervals)
{
    assert(n_series == segments->n_series);
    assert(options->n >= 100 && options->confidence > 0.0 && options->confidence < 1.0);

    struct visit_sample *sample = calloc(1, sizeof *sample);
    struct facts *facts = calloc(1, sizeof *facts);
    struct outcomes outcomes = {0};
    int status = sample && facts && outcomes_init(options->n, segments, &outcomes) ? 0 : -ENOMEM;
    if (!status)
        status = visit_sample_init(n_series, series, segments, sample);
    if (!status)
        status = establish(sample, facts);
    if (!status) {
        draw(sample, facts, options, &outcomes);
        tell(&outcomes, segments, facts, options->confidence, intervals);
    }
    if (sample)
        visit_sample_release(sample);
    free(sample);
    free(facts);
    free(outcomes.values);
    return status;
}
